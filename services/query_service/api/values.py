"""The route of the values of a field."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crosslook.contracts.formats import Format
from crosslook.platform.auth import ReportsCaller
from crosslook.platform.errors import Invalid
from crosslook.platform.openapi import refused_with
from crosslook.platform.responses import json_response, language_of
from services.query_service.answering.preparation import Prepared, ReportPreparer
from services.query_service.answering.runner import ReportRunner
from services.query_service.api.catalog import READ_CATALOG, known_tenant
from services.query_service.api.catalog_body import ValuesBody, values_body
from services.query_service.api.filters_parameter import FiltersParameter, read_filters
from services.query_service.api.responses import (
    REPORT_REFUSALS,
    IfNoneMatch,
    ReportResponses,
    matches,
    tagged,
    unless_gone,
)
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.catalog.freshness import FreshnessGauge
from services.query_service.domain.field_values import ValuesAsked, ValuesReport, values_report

_Field = Annotated[str, Query(min_length=1, description="A dimension of the catalog, such as `ticket.status`.")]
_Contains = Annotated[str | None, Query(description="Only values that contain this text.")]
_Limit = Annotated[int, Query(ge=1, le=500, description="Maximum number of values.")]
_Relationship = Annotated[
    str | None,
    Query(min_length=1, description="The relationship that joins the contact; required if the object has several."),
]
_Base = Annotated[
    str | None,
    Query(
        min_length=1,
        description="The base object of the filters. By default the object of the field; for a field of contact, the "
        "first other object that the filters name.",
    ),
]


def values_router(
    catalogs: CatalogFeed,
    preparer: ReportPreparer,
    runner: ReportRunner,
    freshness: FreshnessGauge,
    responses: ReportResponses,
) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["reports"], responses=refused_with(*REPORT_REFUSALS))

    @api.get(
        "/tenants/{tenant}/catalog/values",
        summary="List the values of a field",
        dependencies=[*READ_CATALOG, known_tenant(catalogs)],
        responses={200: {"model": ValuesBody}, 304: {"description": "Not modified"}},
    )
    async def read_values(
        tenant: str,
        caller: ReportsCaller,
        request: Request,
        field: _Field,
        contains: _Contains = None,
        limit: _Limit = 20,
        filters: FiltersParameter = None,
        relationship: _Relationship = None,
        object: _Base = None,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """The most frequent values of a field in the current snapshot, without the empty value, to choose from in
        a filter; within `filters`, those of the rows that pass them. `records` counts the records of the field's own
        object: contacts for a field of contact."""

        async def answering() -> Response:
            asked = ValuesAsked(field, limit, contains, read_filters(filters) or None, relationship, object)
            report = values_report(asked)
            prepared = await _prepared(preparer, tenant, report, personal=caller.reads_records)
            headers = tagged(prepared.tag("values", *([filters] if filters else [])), Format.JSON, request)
            if matches(if_none_match, headers["ETag"]):
                return Response(status_code=304, headers=headers)
            found = (await unless_gone(request, runner.run(prepared))).kept.whole()
            snapshot = await freshness.read(tenant, prepared.manifest)
            warnings = [report.placed(warning) for warning in prepared.warnings]
            return json_response(values_body(found, snapshot, warnings, language_of(request)), headers=headers)

        return await responses.counted(answering())

    return api


async def _prepared(preparer: ReportPreparer, tenant: str, report: ValuesReport, *, personal: bool) -> Prepared:
    try:
        return await preparer.prepare(tenant, report.body, report.asked.limit, personal=personal)
    except Invalid as invalid:
        raise Invalid(report.refused(invalid.found)) from None
