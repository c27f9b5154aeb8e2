"""The routes of Looks (CONTRACTS 5)."""

from fastapi import APIRouter, Depends, Request, Response

from crosslook.platform.auth import ReportsCaller, authorize
from crosslook.platform.bodies import read_json
from crosslook.platform.http import PageSize, PageToken
from crosslook.platform.openapi import refused_with
from crosslook.platform.preconditions import IdempotencyKey, IfMatch
from crosslook.platform.responses import json_response
from services.query_service.answering.allowance import ReportAllowance
from services.query_service.answering.rendering import ResultBody
from services.query_service.api.request_schemas import takes_look
from services.query_service.api.responses import (
    REPORT_REFUSALS,
    Bom,
    IfNoneMatch,
    ReportResponses,
    WantedFormat,
    file_formats,
)
from services.query_service.api.saved_bodies import (
    LookBody,
    LookPage,
    look_summary,
    saved_answer,
    saved_page,
)
from services.query_service.saved.looks import Looks

READ = [Depends(authorize("reports:read"))]
WRITE = [Depends(authorize("reports:write"))]


def looks_router(looks: Looks, responses: ReportResponses, allowance: ReportAllowance) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["looks"], responses=refused_with(*REPORT_REFUSALS))

    @api.get("/tenants/{tenant}/looks", summary="List Looks", dependencies=READ, responses={200: {"model": LookPage}})
    async def list_looks(tenant: str, page_size: PageSize = 50, page_token: PageToken = None) -> Response:
        """Every Look by name."""
        items, following = saved_page(looks.all(tenant), page_size, page_token, look_summary)
        return json_response(LookPage(items=items, next_page_token=following))

    @api.post(
        "/tenants/{tenant}/looks",
        summary="Save a Look",
        status_code=201,
        dependencies=WRITE,
        responses={201: {"model": LookBody}},
        openapi_extra=takes_look(),
    )
    async def create_look(tenant: str, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """A report request with a name. It is checked like a query; its problems have pointers under `/request`."""
        look = await looks.create(tenant, await read_json(request), idempotency_key)
        return saved_answer(look, 201, Location=f"/v1/tenants/{tenant}/looks/{look.id}")

    @api.get(
        "/tenants/{tenant}/looks/{look}",
        summary="Read one Look",
        dependencies=READ,
        responses={200: {"model": LookBody}},
    )
    async def get_look(tenant: str, look: str) -> Response:
        """As it was saved."""
        return saved_answer(looks.get(tenant, look))

    @api.put(
        "/tenants/{tenant}/looks/{look}",
        summary="Replace a Look",
        dependencies=WRITE,
        responses={200: {"model": LookBody}},
        openapi_extra=takes_look(),
    )
    async def change_look(tenant: str, look: str, request: Request, if_match: IfMatch = None) -> Response:
        """Send the whole Look. An unchanged Look writes nothing."""
        return saved_answer(await looks.change(tenant, look, await read_json(request), if_match))

    @api.delete("/tenants/{tenant}/looks/{look}", summary="Delete a Look", status_code=204, dependencies=WRITE)
    async def delete_look(tenant: str, look: str, if_match: IfMatch = None) -> Response:
        """On dashboards that show it, the tile shows that it was deleted."""
        await looks.delete(tenant, look, if_match)
        return Response(status_code=204)

    @api.get(
        "/tenants/{tenant}/looks/{look}/result",
        summary="Run a Look",
        responses={200: {"model": ResultBody, "content": file_formats()}, 304: {"description": "Not modified"}},
    )
    async def look_result(
        tenant: str,
        look: str,
        caller: ReportsCaller,
        request: Request,
        bom: Bom = False,
        if_none_match: IfNoneMatch = None,
    ) -> Response:
        """As a query of its request, in the same formats. What the snapshot no longer has is left out, and `warnings`
        say so; a Look of which nothing is left is refused."""

        async def answering() -> Response:
            found = looks.get(tenant, look)
            wanted = WantedFormat.of(request, if_none_match, bom)
            allowance.require_file(tenant, wanted.form)
            rows = responses.max_rows(wanted.form)
            prepared = await looks.prepare(found, rows, personal=caller.reads_records)
            return await responses.answer(request, prepared, wanted, prepared.tag(found.id, found.version))

        return await responses.counted(answering())

    return api
