"""The route that runs a report request (CONTRACTS 5)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from crosslook.platform.auth import ReportsCaller
from crosslook.platform.bodies import read_json
from crosslook.platform.openapi import refused_with
from crosslook.platform.responses import json_response, language_of
from services.query_service.answering.allowance import ReportAllowance
from services.query_service.answering.dry_run import DryRunBody, dry_run_body
from services.query_service.answering.preparation import ReportPreparer
from services.query_service.answering.rendering import ResultBody
from services.query_service.api.request_schemas import takes_report
from services.query_service.api.responses import (
    REPORT_REFUSALS,
    Bom,
    IfNoneMatch,
    ReportResponses,
    WantedFormat,
    file_formats,
)
from services.query_service.catalog.freshness import FreshnessGauge

DryRun = Annotated[
    bool,
    Query(
        description="Validate, answer the completed request, the SQL with its parameters and estimates, run nothing."
    ),
]


def query_router(
    preparer: ReportPreparer, freshness: FreshnessGauge, responses: ReportResponses, allowance: ReportAllowance
) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["reports"], responses=refused_with(*REPORT_REFUSALS))

    @api.post(
        "/tenants/{tenant}/query",
        summary="Run a report request",
        responses={
            200: {"model": ResultBody | DryRunBody, "content": file_formats()},
            304: {"description": "Not modified"},
        },
        openapi_extra=takes_report(),
    )
    async def run_query(
        tenant: str,
        caller: ReportsCaller,
        request: Request,
        dry_run: DryRun = False,
        bom: Bom = False,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """The rows of a report on one snapshot, with its freshness; as JSON or, by `Accept`, as a
        file: CSV, XLSX, Parquet, Arrow."""

        async def answering() -> Response:
            wanted = WantedFormat.of(request, if_none_match, bom)
            await allowance.require_custom(tenant, wanted.form)
            body = await read_json(request)
            rows = responses.max_rows(wanted.form)
            prepared = await preparer.prepare(tenant, body, rows, personal=caller.reads_records)
            if not dry_run:
                return await responses.answer(request, prepared, wanted, prepared.tag())
            snapshot = await freshness.read(prepared.tenant, prepared.manifest)
            return json_response(dry_run_body(prepared, body, snapshot, language_of(request)))

        return await responses.counted(answering())

    return api
