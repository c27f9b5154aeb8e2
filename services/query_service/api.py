"""The routes of CONTRACTS 5: each reads its request, asks one function, renders the answer."""

import hashlib
import uuid
from collections.abc import Mapping
from time import perf_counter
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from crosslook.platform.auth import authorize
from crosslook.platform.errors import AppError
from crosslook.platform.http import language_of, read_json
from crosslook.platform.metrics import QUERIES
from services.query_service.bodies import CatalogBody, ResultBody, takes_report
from services.query_service.departure import ClientGone, unless_gone
from services.query_service.domain.pending import not_reportable, pending
from services.query_service.freshness import rfc3339
from services.query_service.negotiation import Format, acceptable, matches
from services.query_service.parts import QueryParts
from services.query_service.rendering import catalog_json, csv_name, dry_run_json, result_csv, result_json
from services.query_service.runner import Prepared

_CLIENT_CLOSED_REQUEST = 499
router = APIRouter(prefix="/v1")


def _parts(request: Request) -> QueryParts:
    found: QueryParts = request.app.state.parts
    return found


Parts = Annotated[QueryParts, Depends(_parts)]
DryRun = Annotated[bool, Query(description="Validate, answer the SQL with its parameters, and run nothing.")]
IfNoneMatch = Annotated[str | None, Header(description="ETag of an answer that the asker has.")]
_READ = [Depends(authorize("reports:read"))]


@router.get(
    "/tenants/{tenant}/catalog",
    tags=["reports"],
    summary="What can be asked of the current snapshot",
    dependencies=_READ,
    responses={200: {"model": CatalogBody}},
)
async def read_catalog(tenant: str, request: Request, parts: Parts) -> Response:
    """Explores with their dimensions and measures, what is pending, and what cannot be reported on.

    Before the first refresh `snapshot` is null and everything is pending."""
    catalogs, freshness = parts.catalogs, parts.freshness
    catalogs.require_tenant(tenant)
    manifest, live = catalogs.current(), catalogs.live(tenant)
    catalog = await catalogs.catalog(tenant, manifest) if manifest is not None else None
    body = catalog_json(
        catalog,
        pending(catalog, live),
        not_reportable(catalog, live),
        await freshness.read(tenant, manifest, manifest) if manifest is not None else None,
        rfc3339(freshness.next_refresh()),
        language_of(request),
    )
    return _json(body)


@router.post(
    "/tenants/{tenant}/query",
    tags=["reports"],
    summary="Run a report request",
    dependencies=_READ,
    responses={200: {"model": ResultBody, "content": {"text/csv": {}}}, 304: {"description": "The asker has it"}},
    openapi_extra=takes_report(),
)
async def run_query(
    tenant: str, request: Request, parts: Parts, dry_run: DryRun = False, if_none_match: IfNoneMatch = None
) -> Response:
    """The rows of a report on one snapshot, with its freshness; as JSON or, by `Accept`, as CSV."""
    try:
        response = await _answer(tenant, request, parts, dry_run, if_none_match)
    except AppError as error:
        parts.meters.add(QUERIES, outcome=error.problem.code)
        raise
    except ClientGone:
        parts.meters.add(QUERIES, outcome="client_gone")
        return Response(status_code=_CLIENT_CLOSED_REQUEST)
    parts.meters.add(QUERIES, outcome="ok")
    return response


async def _answer(
    tenant: str, request: Request, parts: QueryParts, dry_run: bool, if_none_match: str | None
) -> Response:
    started = perf_counter()
    form = acceptable(request.headers.get("accept", ""))
    max_rows = parts.limits.max_rows if form is Format.JSON or dry_run else parts.limits.max_export_rows
    prepared = await parts.runner.prepare(tenant, await read_json(request), max_rows)
    if dry_run:
        freshness = await parts.freshness_of(prepared)
        return _json(dry_run_json(prepared, freshness, language_of(request)))
    headers = _headers(prepared, form, request)
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    answer = await unless_gone(request, parts.runner.run(prepared))
    if form is Format.CSV:
        headers["Content-Disposition"] = f'attachment; filename="{csv_name(prepared)}"'
        return StreamingResponse(result_csv(answer.result), headers=headers, media_type="text/csv; charset=utf-8")
    freshness = await parts.freshness_of(prepared)
    elapsed = round((perf_counter() - started) * 1000)
    return _json(result_json(prepared, answer, freshness, uuid.uuid4().hex, elapsed, language_of(request)), headers)


def _headers(prepared: Prepared, form: Format, request: Request) -> dict[str, str]:
    # A strong ETag names one representation: the format and the language of the labels are part of it.
    identity = f"{prepared.key}:{form}:{language_of(request)}"
    tag = hashlib.sha256(identity.encode()).hexdigest()
    return {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Language"}


def _json(body: Any, headers: Mapping[str, str] | None = None) -> Response:
    return Response(orjson.dumps(body, default=str), headers=dict(headers or {}), media_type="application/json")
