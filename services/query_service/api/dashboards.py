"""The routes of dashboards, and of what would lose something (CONTRACTS 5)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from crosslook.platform.bodies import read_json
from crosslook.platform.http import (
    PageSize,
    PageToken,
    decode_page_token,
    encode_page_token,
    language_of,
    page,
)
from crosslook.platform.metrics import QUERIES
from crosslook.platform.preconditions import IdempotencyKey, IfMatch
from services.query_service.api.dashboard_bodies import (
    BoardBody,
    DashboardBody,
    DashboardPage,
    ImpactPage,
    dashboard_body,
    dashboard_summary,
    impact_body,
    takes_dashboard,
)
from services.query_service.api.disconnect import ClientGone, unless_gone
from services.query_service.api.looks import READ, WRITE, LooksNow
from services.query_service.api.query import IfNoneMatch, Parts, known_tenant
from services.query_service.api.responses import CLIENT_CLOSED_REQUEST, json_response, tagged
from services.query_service.api.saved_bodies import saved_answer, saved_page
from services.query_service.domain.impact import Impact, of_dashboard, of_look
from services.query_service.exports.negotiation import Format, matches
from services.query_service.saved.dashboard_result import DashboardResult
from services.query_service.saved.dashboards import Dashboards

router = APIRouter(prefix="/v1")


def dashboards_of(request: Request) -> Dashboards:
    """The service's dashboards."""
    found: Dashboards = request.app.state.dashboards
    return found


DashboardsNow = Annotated[Dashboards, Depends(dashboards_of)]


@router.get(
    "/tenants/{tenant}/dashboards",
    tags=["dashboards"],
    summary="List dashboards",
    dependencies=READ,
    responses={200: {"model": DashboardPage}},
)
async def list_dashboards(
    tenant: str, dashboards: DashboardsNow, page_size: PageSize = 50, page_token: PageToken = None
) -> Response:
    """Every dashboard by name."""
    return saved_page(dashboards.all(tenant), page_size, page_token, dashboard_summary)


@router.post(
    "/tenants/{tenant}/dashboards",
    tags=["dashboards"],
    summary="Save a dashboard",
    status_code=201,
    dependencies=WRITE,
    responses={201: {"model": DashboardBody}},
    openapi_extra=takes_dashboard(),
)
async def create_dashboard(
    tenant: str, request: Request, dashboards: DashboardsNow, idempotency_key: IdempotencyKey = None
) -> Response:
    """Its requests and filters are checked as a query is, with every problem under its tile."""
    found = await dashboards.create(tenant, await read_json(request), idempotency_key)
    location = f"/v1/tenants/{tenant}/dashboards/{found.id}"
    return saved_answer(found, dashboard_body(found), 201, Location=location)


@router.get(
    "/tenants/{tenant}/dashboards/{dashboard}",
    tags=["dashboards"],
    summary="Read one dashboard",
    dependencies=READ,
    responses={200: {"model": DashboardBody}},
)
async def get_dashboard(tenant: str, dashboard: str, dashboards: DashboardsNow) -> Response:
    """As it was saved."""
    found = dashboards.get(tenant, dashboard)
    return saved_answer(found, dashboard_body(found))


@router.put(
    "/tenants/{tenant}/dashboards/{dashboard}",
    tags=["dashboards"],
    summary="Replace a dashboard",
    dependencies=WRITE,
    responses={200: {"model": DashboardBody}},
    openapi_extra=takes_dashboard(),
)
async def change_dashboard(
    tenant: str, dashboard: str, request: Request, dashboards: DashboardsNow, if_match: IfMatch = None
) -> Response:
    """The whole dashboard; the same again writes nothing."""
    found = await dashboards.change(tenant, dashboard, await read_json(request), if_match)
    return saved_answer(found, dashboard_body(found))


@router.delete(
    "/tenants/{tenant}/dashboards/{dashboard}",
    tags=["dashboards"],
    summary="Delete a dashboard",
    status_code=204,
    dependencies=WRITE,
)
async def delete_dashboard(
    tenant: str, dashboard: str, dashboards: DashboardsNow, if_match: IfMatch = None
) -> Response:
    """The Looks on it stay."""
    await dashboards.delete(tenant, dashboard, if_match)
    return Response(status_code=204)


@router.get(
    "/tenants/{tenant}/dashboards/{dashboard}/result",
    tags=["dashboards"],
    summary="Run a dashboard",
    dependencies=READ,
    responses={200: {"model": BoardBody}, 304: {"description": "The asker has it"}},
)
async def dashboard_result(
    tenant: str,
    dashboard: str,
    request: Request,
    parts: Parts,
    dashboards: DashboardsNow,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Every tile from one snapshot, whatever snapshot its report names. A tile that fails has its problem and leaves
    the others alone. The filters apply where their field exists; elsewhere `warnings` say so."""
    found, manifest = dashboards.get(tenant, dashboard), dashboards.snapshot()
    board = DashboardResult(parts, found, manifest, await dashboards.prepare(found, manifest))
    headers = tagged(board.key, Format.JSON, request)
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    answering = board.body(language_of(request), request.state.request_id)
    try:
        body, lasting = await unless_gone(request, answering)
    except ClientGone:
        parts.meters.add(QUERIES, outcome="client_gone")
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    return json_response(body, headers=headers if lasting else {"Cache-Control": "no-store"})


@router.get(
    "/tenants/{tenant}/impact",
    tags=["dashboards"],
    summary="What would lose something",
    dependencies=[*READ, Depends(known_tenant)],
    responses={200: {"model": ImpactPage}},
)
async def read_impact(
    tenant: str,
    looks: LooksNow,
    dashboards: DashboardsNow,
    object: Annotated[str, Query(description="The object that may go, or one of whose fields may.")],
    field: Annotated[str | None, Query(description="The field or relationship that may go.")] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Response:
    """Dashboards and Looks that name the object, or this field of it, and which of their names they would lose."""
    kept = {one.id: one for one in looks.all(tenant)}
    found = [of_dashboard(one, object, field, kept.get) for one in dashboards.all(tenant)]
    found += [of_look(one, object, field) for one in kept.values()]
    after = decode_page_token(page_token, str, str, str) or ()
    left = sorted((one for one in found if one.loses and _place(one) > after), key=_place)
    shown = page(left, page_size, lambda one: encode_page_token(*_place(one)))
    return json_response({**shown, "items": [impact_body(one) for one in shown["items"]]})


def _place(impact: Impact) -> tuple[str, ...]:
    return impact.kind, impact.name.casefold(), impact.id
