"""The route from a cell of a report to the records behind it (CONTRACTS 5)."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from crosslook.platform.auth import ReportsCaller
from crosslook.platform.bodies import read_json
from crosslook.platform.openapi import refused_with
from crosslook.platform.responses import json_response
from services.query_service.answering.drilling import Drilling
from services.query_service.api.request_schemas import takes_cell
from services.query_service.api.responses import ReportResponses, unless_gone

_REFUSALS = (409, 410, 504)
"""As of reports: no snapshot yet, the snapshot has gone, too slow."""


class DrilledBody(BaseModel):
    """The request of the list behind a cell, to be sent to `query`."""

    request: dict[str, Any] = Field(description="A list request, with the snapshot, the time zone and all else.")


def drill_router(drilling: Drilling, responses: ReportResponses) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["reports"], responses=refused_with(*_REFUSALS))

    @api.post(
        "/tenants/{tenant}/query/drill",
        summary="Ask for the records behind a cell",
        responses={200: {"model": DrilledBody}},
        openapi_extra=takes_cell(),
    )
    async def drill(tenant: str, caller: ReportsCaller, request: Request) -> Response:
        """The request of a list of exactly the records, or pairs of record and contact, that the figure in the cell is
        computed from. `row` has one value for each dimension, fewer for a subtotal, and is null for the totals;
        `column` is the name of the measure's column as the result shows it."""

        async def answering() -> Response:
            body = await read_json(request)
            found = await unless_gone(request, drilling.list_request(tenant, body, personal=caller.reads_records))
            return json_response(DrilledBody(request=found))

        return await responses.counted(answering())

    return api
