"""The routes of dashboards, and of the impact of a removal (CONTRACTS 5)."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crosslook.contracts.formats import Format
from crosslook.contracts.problems import Problem
from crosslook.platform.auth import ReportsCaller
from crosslook.platform.bodies import read_json
from crosslook.platform.errors import Invalid
from crosslook.platform.http import (
    PageSize,
    PageToken,
    decode_page_token,
    encode_page_token,
    page,
)
from crosslook.platform.impacts import impact_body
from crosslook.platform.openapi import refused_with
from crosslook.platform.preconditions import IdempotencyKey, IfMatch
from crosslook.platform.responses import json_response, language_of
from services.query_service.api.catalog import known_tenant
from services.query_service.api.filters_parameter import FiltersParameter, read_filters
from services.query_service.api.looks import READ, WRITE
from services.query_service.api.request_schemas import takes_dashboard
from services.query_service.api.responses import (
    REPORT_REFUSALS,
    ClientGone,
    IfNoneMatch,
    ReportResponses,
    matches,
    tagged,
    unless_gone,
)
from services.query_service.api.saved_bodies import (
    DashboardBody,
    DashboardPage,
    ImpactPage,
    dashboard_summary,
    saved_answer,
    saved_page,
)
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.domain.impact import of_dashboard, of_look
from services.query_service.domain.query import CURRENT
from services.query_service.saved.dashboard_result import DashboardResultBody, DashboardRunner
from services.query_service.saved.dashboards import DashboardAsked, Dashboards
from services.query_service.saved.looks import Looks

_Tiles = Annotated[
    str | None, Query(description="Positions of tiles, counted from 0: `0,3` answers these two. By default all.")
]
_Snapshot = Annotated[
    str, Query(min_length=1, description="`current`, `previous` or the id of a snapshot that is still kept.")
]
_POSITIONS = re.compile(r"[0-9]{1,4}(,[0-9]{1,4})*")


def dashboards_router(dashboards: Dashboards) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["dashboards"], responses=refused_with(*REPORT_REFUSALS))

    @api.get(
        "/tenants/{tenant}/dashboards",
        summary="List dashboards",
        dependencies=READ,
        responses={200: {"model": DashboardPage}},
    )
    async def list_dashboards(tenant: str, page_size: PageSize = 50, page_token: PageToken = None) -> Response:
        """Every dashboard by name."""
        items, following = saved_page(dashboards.all(tenant), page_size, page_token, dashboard_summary)
        return json_response(DashboardPage(items=items, next_page_token=following))

    @api.post(
        "/tenants/{tenant}/dashboards",
        summary="Save a dashboard",
        status_code=201,
        dependencies=WRITE,
        responses={201: {"model": DashboardBody}},
        openapi_extra=takes_dashboard(),
    )
    async def create_dashboard(tenant: str, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """Its requests and filters are checked like queries; their problems have pointers under their tile."""
        found = await dashboards.create(tenant, await read_json(request), idempotency_key)
        location = f"/v1/tenants/{tenant}/dashboards/{found.id}"
        return saved_answer(found, 201, Location=location)

    @api.get(
        "/tenants/{tenant}/dashboards/{dashboard}",
        summary="Read one dashboard",
        dependencies=READ,
        responses={200: {"model": DashboardBody}},
    )
    async def get_dashboard(tenant: str, dashboard: str) -> Response:
        """As it was saved."""
        return saved_answer(dashboards.get(tenant, dashboard))

    @api.put(
        "/tenants/{tenant}/dashboards/{dashboard}",
        summary="Replace a dashboard",
        dependencies=WRITE,
        responses={200: {"model": DashboardBody}},
        openapi_extra=takes_dashboard(),
    )
    async def change_dashboard(tenant: str, dashboard: str, request: Request, if_match: IfMatch = None) -> Response:
        """Send the whole dashboard. An unchanged dashboard writes nothing."""
        return saved_answer(await dashboards.change(tenant, dashboard, await read_json(request), if_match))

    @api.delete(
        "/tenants/{tenant}/dashboards/{dashboard}", summary="Delete a dashboard", status_code=204, dependencies=WRITE
    )
    async def delete_dashboard(tenant: str, dashboard: str, if_match: IfMatch = None) -> Response:
        """The Looks on it stay."""
        await dashboards.delete(tenant, dashboard, if_match)
        return Response(status_code=204)

    return api


def dashboard_result_router(dashboards: Dashboards, runner: DashboardRunner, responses: ReportResponses) -> APIRouter:
    """The route under /v1 that runs a dashboard."""
    api = APIRouter(prefix="/v1", tags=["dashboards"], responses=refused_with(*REPORT_REFUSALS))

    @api.get(
        "/tenants/{tenant}/dashboards/{dashboard}/result",
        summary="Run a dashboard",
        responses={200: {"model": DashboardResultBody}, 304: {"description": "Not modified"}},
    )
    async def dashboard_result(
        tenant: str,
        dashboard: str,
        caller: ReportsCaller,
        request: Request,
        filters: FiltersParameter = None,
        tiles: _Tiles = None,
        snapshot: _Snapshot = CURRENT,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """Every tile from one snapshot, whatever snapshot its report names. A failed tile shows its problem and
        leaves the others alone. The filters apply where their field exists, or the field that the tile maps them to;
        `filters_not_applied` and `warnings` of a tile name the others.

        `filters` takes the place of the saved filters for this answer; `{}` removes them. To load tiles as they come
        into view, ask for some with `tiles`, and for the rest with the `snapshot` of the first answer."""
        saved = dashboards.get(tenant, dashboard)
        asked = DashboardAsked(read_filters(filters), _positions(tiles), snapshot)
        prepared = await dashboards.prepare(saved, asked, personal=caller.reads_records)
        headers = tagged(prepared.key, Format.JSON, request)
        if matches(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        running = runner.run(prepared, language_of(request), request.state.request_id)
        try:
            body, lasting = await unless_gone(request, running)
        except ClientGone:
            return responses.client_gone()
        return json_response(body, headers=headers if lasting else {"Cache-Control": "no-store"})

    return api


def _positions(sent: str | None) -> frozenset[int] | None:
    if sent is None:
        return None
    if _POSITIONS.fullmatch(sent) is None:
        raise Invalid([Problem("bad_parameter", "/tiles", "bad_parameter.tiles")])
    return frozenset(map(int, sent.split(",")))


def impact_router(looks: Looks, dashboards: Dashboards, catalogs: CatalogFeed) -> APIRouter:
    """The route under /v1 that lists saved reports that a removal would affect."""
    api = APIRouter(prefix="/v1", tags=["dashboards"], responses=refused_with(*REPORT_REFUSALS))

    @api.get(
        "/tenants/{tenant}/impact",
        summary="List saved reports that a removal would affect",
        dependencies=[*READ, known_tenant(catalogs)],
        responses={200: {"model": ImpactPage}},
    )
    async def read_impact(
        tenant: str,
        object: Annotated[str, Query(description="The object to remove, or the object of the field to remove.")],
        field: Annotated[str | None, Query(description="The field or relationship to remove.")] = None,
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> Response:
        """Dashboards and Looks that use the object, or this field of it, and the names that they would lose."""
        kept = {look.id: look for look in looks.all(tenant)}
        found = [of_dashboard(dashboard, object, field, kept.get) for dashboard in dashboards.all(tenant)]
        found += [of_look(look, object, field) for look in kept.values()]
        after = decode_page_token(page_token, str, str, str) or ()
        left = sorted(
            (impact for impact in found if impact.loses and impact.place > after), key=lambda impact: impact.place
        )
        shown = page(left, page_size, lambda impact: encode_page_token(*impact.place))
        items = [impact_body(impact) for impact in shown["items"]]
        return json_response(ImpactPage(items=items, next_page_token=shown["next_page_token"]))

    return api
