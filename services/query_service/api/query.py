"""The routes of CONTRACTS 5: each reads its request, asks one function, renders the answer."""

from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from crosslook.platform.auth import authorize
from crosslook.platform.bodies import read_json
from crosslook.platform.http import language_of
from services.query_service.answering.estimates import completed, estimated_rows
from services.query_service.answering.rendering import dry_run_json
from services.query_service.api.responses import answer, counted, json_response
from services.query_service.api.result_bodies import ResultBody, takes_report
from services.query_service.exports.negotiation import Format, acceptable, file_formats
from services.query_service.parts import QueryParts

router = APIRouter(prefix="/v1")


def parts_of(request: Request) -> QueryParts:
    """What the routes work with."""
    found: QueryParts = request.app.state.parts
    return found


Parts = Annotated[QueryParts, Depends(parts_of)]
Bom = Annotated[bool, Query(description="Begin a CSV file with a byte order mark, so that Excel reads it as UTF-8.")]
DryRun = Annotated[
    bool,
    Query(
        description="Validate, answer the completed request, the SQL with its parameters and estimates, run nothing."
    ),
]
IfNoneMatch = Annotated[str | None, Header(description="ETag of an answer that the asker has.")]
_READ = [Depends(authorize("reports:read"))]


async def known_tenant(tenant: str, parts: Parts) -> None:
    """Before anything is said of parameters. Raises NotFound `unknown_tenant`."""
    parts.catalogs.require_tenant(tenant)


@router.post(
    "/tenants/{tenant}/query",
    tags=["reports"],
    summary="Run a report request",
    dependencies=_READ,
    responses={200: {"model": ResultBody, "content": file_formats()}, 304: {"description": "The asker has it"}},
    openapi_extra=takes_report(),
)
async def run_query(
    tenant: str,
    request: Request,
    parts: Parts,
    dry_run: DryRun = False,
    bom: Bom = False,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The rows of a report on one snapshot, with its freshness; as JSON or, by `Accept`, as a
    file: CSV, XLSX, Parquet, Arrow."""
    return await counted(parts, _answer(tenant, request, parts, dry_run, bom, if_none_match))


async def _answer(
    tenant: str, request: Request, parts: QueryParts, dry_run: bool, bom: bool, if_none_match: str | None
) -> Response:
    started = perf_counter()
    form = acceptable(request.headers.get("accept", ""))
    max_rows = parts.limits.max_rows if form is Format.JSON else parts.limits.max_export_rows
    body = await read_json(request)
    prepared = await parts.runner.prepare(tenant, body, max_rows)
    if dry_run:
        told = dry_run_json(prepared, await parts.freshness_of(prepared), language_of(request))
        return json_response({**told, "request": completed(prepared, body), "estimated_rows": estimated_rows(prepared)})
    return await answer(request, parts, prepared, form, if_none_match, prepared.tag(), started, bom=bom)
