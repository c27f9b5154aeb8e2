"""The routes of Looks (CONTRACTS 5)."""

from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from crosslook.platform.auth import authorize
from crosslook.platform.bodies import read_json
from crosslook.platform.http import PageSize, PageToken
from crosslook.platform.preconditions import IdempotencyKey, IfMatch
from services.query_service.api.query import Bom, IfNoneMatch, Parts
from services.query_service.api.responses import answer, counted
from services.query_service.api.result_bodies import ResultBody
from services.query_service.api.saved_bodies import (
    LookBody,
    LookPage,
    look_body,
    look_summary,
    saved_answer,
    saved_page,
    takes_look,
)
from services.query_service.exports.negotiation import Format, acceptable, file_formats
from services.query_service.parts import QueryParts
from services.query_service.saved.looks import Looks

router = APIRouter(prefix="/v1")


def looks_of(request: Request) -> Looks:
    """The service's Looks."""
    found: Looks = request.app.state.looks
    return found


LooksNow = Annotated[Looks, Depends(looks_of)]
READ = [Depends(authorize("reports:read"))]
WRITE = [Depends(authorize("reports:write"))]


@router.get(
    "/tenants/{tenant}/looks",
    tags=["looks"],
    summary="List Looks",
    dependencies=READ,
    responses={200: {"model": LookPage}},
)
async def list_looks(tenant: str, looks: LooksNow, page_size: PageSize = 50, page_token: PageToken = None) -> Response:
    """Every Look by name."""
    return saved_page(looks.all(tenant), page_size, page_token, look_summary)


@router.post(
    "/tenants/{tenant}/looks",
    tags=["looks"],
    summary="Save a Look",
    status_code=201,
    dependencies=WRITE,
    responses={201: {"model": LookBody}},
    openapi_extra=takes_look(),
)
async def create_look(
    tenant: str, request: Request, looks: LooksNow, idempotency_key: IdempotencyKey = None
) -> Response:
    """A report request under a name. It is checked as a query is, with every problem under `/request`."""
    look = await looks.create(tenant, await read_json(request), idempotency_key)
    return saved_answer(look, look_body(look), 201, Location=f"/v1/tenants/{tenant}/looks/{look.id}")


@router.get(
    "/tenants/{tenant}/looks/{look}",
    tags=["looks"],
    summary="Read one Look",
    dependencies=READ,
    responses={200: {"model": LookBody}},
)
async def get_look(tenant: str, look: str, looks: LooksNow) -> Response:
    """As it was saved."""
    found = looks.get(tenant, look)
    return saved_answer(found, look_body(found))


@router.put(
    "/tenants/{tenant}/looks/{look}",
    tags=["looks"],
    summary="Replace a Look",
    dependencies=WRITE,
    responses={200: {"model": LookBody}},
    openapi_extra=takes_look(),
)
async def change_look(tenant: str, look: str, request: Request, looks: LooksNow, if_match: IfMatch = None) -> Response:
    """The whole Look; the same again writes nothing."""
    found = await looks.change(tenant, look, await read_json(request), if_match)
    return saved_answer(found, look_body(found))


@router.delete(
    "/tenants/{tenant}/looks/{look}", tags=["looks"], summary="Delete a Look", status_code=204, dependencies=WRITE
)
async def delete_look(tenant: str, look: str, looks: LooksNow, if_match: IfMatch = None) -> Response:
    """Dashboards that show it say on that tile that it is gone."""
    await looks.delete(tenant, look, if_match)
    return Response(status_code=204)


@router.get(
    "/tenants/{tenant}/looks/{look}/result",
    tags=["looks"],
    summary="Run a Look",
    dependencies=READ,
    responses={200: {"model": ResultBody, "content": file_formats()}, 304: {"description": "The asker has it"}},
)
async def look_result(
    tenant: str,
    look: str,
    request: Request,
    parts: Parts,
    looks: LooksNow,
    bom: Bom = False,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """As a query of its request, in the same formats. What the snapshot no longer has is left out, and `warnings` say
    so; a Look of which nothing is left is refused."""
    return await counted(parts, _result(tenant, look, request, parts, looks, bom, if_none_match))


async def _result(
    tenant: str, identity: str, request: Request, parts: QueryParts, looks: Looks, bom: bool, if_none_match: str | None
) -> Response:
    started = perf_counter()
    look = looks.get(tenant, identity)
    form = acceptable(request.headers.get("accept", ""))
    max_rows = parts.limits.max_rows if form is Format.JSON else parts.limits.max_export_rows
    prepared = await looks.prepare(look, max_rows)
    tag = prepared.tag(look.id, look.version)
    return await answer(request, parts, prepared, form, if_none_match, tag, started, bom=bom)
