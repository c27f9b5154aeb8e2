"""The routes of the catalog and of the values of a field."""

import hashlib
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from crosslook.contracts.formats import Format
from crosslook.contracts.problems import Language, Problem
from crosslook.platform.auth import ReportsCaller, authorize
from crosslook.platform.errors import Invalid
from crosslook.platform.openapi import refused_with
from crosslook.platform.plans import Plans
from crosslook.platform.responses import encoded, json_response, language_of
from services.query_service.answering.preparation import Prepared, ReportPreparer
from services.query_service.answering.runner import ReportRunner
from services.query_service.api.catalog_body import CatalogBody, ValuesBody, catalog_body, values_body
from services.query_service.api.responses import (
    REPORT_REFUSALS,
    IfNoneMatch,
    ReportResponses,
    matches,
    tagged,
    unless_gone,
)
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.catalog.freshness import FreshnessGauge, rfc3339
from services.query_service.domain.built_in import RECORD_ID
from services.query_service.domain.pending import not_reportable, pending
from services.query_service.domain.personal import NOT_PERSONAL, personal_fields
from services.query_service.domain.warnings import failures

_READ = [Depends(authorize("reports:read"))]
_KEPT = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
Field = Annotated[str, Query(min_length=1, description="A dimension of the catalog, such as `ticket.status`.")]
Contains = Annotated[str | None, Query(description="Only values that contain this text.")]
Limit = Annotated[int, Query(ge=1, le=500, description="Maximum number of values.")]


def known_tenant(catalogs: CatalogFeed) -> Any:
    """A dependency that raises NotFound `unknown_tenant`, before anything is said of parameters."""

    async def require(tenant: str) -> None:
        catalogs.require_tenant(tenant)

    return Depends(require)


def catalog_router(
    catalogs: CatalogFeed,
    preparer: ReportPreparer,
    runner: ReportRunner,
    freshness: FreshnessGauge,
    responses: ReportResponses,
    plans: Plans,
) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["reports"], responses=refused_with(*REPORT_REFUSALS))

    @api.get(
        "/tenants/{tenant}/catalog",
        summary="List what reports on the current snapshot can use",
        dependencies=_READ,
        responses={200: {"model": CatalogBody}, 304: {"description": "Not modified"}},
    )
    async def read_catalog(tenant: str, request: Request, if_none_match: IfNoneMatch = None) -> Response:
        """Explores with their dimensions and measures, what is pending, and what cannot be reported on.

        Before the first refresh `snapshot` is null and everything is pending. `warnings` say for which objects the last
        refresh failed."""
        content = encoded(await _catalog(tenant, language_of(request), catalogs, freshness, plans))
        headers = {**_KEPT, "ETag": f'"{hashlib.sha256(content).hexdigest()}"'}
        if matches(if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type="application/json")

    @api.get(
        "/tenants/{tenant}/catalog/values",
        summary="List the values of a field",
        dependencies=[*_READ, known_tenant(catalogs)],
        responses={200: {"model": ValuesBody}, 304: {"description": "Not modified"}},
    )
    async def read_values(
        tenant: str,
        caller: ReportsCaller,
        request: Request,
        field: Field,
        contains: Contains = None,
        limit: Limit = 20,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """The most frequent values of a field in the current snapshot, without the empty value, to choose from in
        a filter."""

        async def answering() -> Response:
            report = _values_of(field, contains, limit)
            prepared = await _prepared(preparer, tenant, report, personal=caller.reads_records)
            headers = tagged(prepared.tag("values"), Format.JSON, request)
            if matches(if_none_match, headers["ETag"]):
                return Response(status_code=304, headers=headers)
            found = (await unless_gone(request, runner.run(prepared))).kept.whole()
            snapshot = await freshness.read(tenant, prepared.manifest)
            warnings = [_at_parameter(warning) if warning.pointer else warning for warning in prepared.warnings]
            return json_response(values_body(found, snapshot, warnings, language_of(request)), headers=headers)

        return await responses.counted(answering())

    return api


async def _catalog(
    tenant: str, language: Language, catalogs: CatalogFeed, freshness: FreshnessGauge, plans: Plans
) -> CatalogBody:
    catalogs.require_tenant(tenant)
    manifest, live = catalogs.current(), catalogs.live(tenant)
    catalog = await catalogs.catalog(tenant, manifest) if manifest is not None else None
    personal = personal_fields(catalog, live) if catalog is not None else NOT_PERSONAL
    failed = manifest.failures_of(tenant) if manifest is not None else {}
    unknown = catalogs.lost(tenant) | (catalog.unreadable if catalog is not None else frozenset())
    return catalog_body(
        catalog,
        live,
        personal,
        [change for change in pending(catalog, live) if change.object not in unknown],
        not_reportable(catalog, live),
        await freshness.read(tenant, manifest) if manifest is not None else None,
        rfc3339(freshness.next_refresh()),
        list(failures(catalog, {name: failure.reason for name, failure in failed.items()})),
        plans.plan(tenant),
        language,
    )


def _values_of(field: str, contains: str | None, limit: int) -> dict[str, Any]:
    """The report whose rows are the values."""
    base = field.partition(".")[0]
    conditions: list[dict[str, Any]] = [{"field": field, "op": "is_not_empty"}]
    if contains:
        conditions.append({"field": field, "op": "contains", "values": [contains]})
    if field == f"{base}.{RECORD_ID.slug}":
        # Each record has its own: grouping them all would count to one, millions of times.
        return {"object": base, "list": [field], "filters": {"and": conditions}, "limit": limit}
    return {
        "object": base,
        "dimensions": [field],
        "measures": [f"{base}.count"],
        "filters": {"and": conditions},
        "sort": [{"field": f"{base}.count", "direction": "desc"}],
        "limit": limit,
    }


async def _prepared(preparer: ReportPreparer, tenant: str, report: dict[str, Any], *, personal: bool) -> Prepared:
    try:
        return await preparer.prepare(tenant, report, report["limit"], personal=personal)
    except Invalid as invalid:
        raise Invalid([_placed(invalid.errors)]) from None


def _placed(problems: tuple[Problem, ...]) -> Problem:
    """The first problem of the report as one of the parameter that it came from."""
    by_place = sorted(problems, key=lambda problem: not problem.pointer.startswith(("/dimensions", "/list", "/object")))
    first = by_place[0]
    return _at_parameter(first)


def _at_parameter(problem: Problem) -> Problem:
    return replace(problem, pointer="/contains" if problem.pointer.startswith("/filters/and/1") else "/field")
