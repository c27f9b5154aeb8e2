"""The routes of CONTRACTS 2: each reads its request, calls one function, renders the answer."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import Definition, TenantState
from crosslook.platform.auth import OpsCaller, authorize
from crosslook.platform.bodies import read_body, read_json
from crosslook.platform.errors import AppError
from crosslook.platform.http import (
    PageSize,
    PageToken,
    decode_page_token,
    encode_page_token,
    page,
)
from crosslook.platform.openapi import takes_body
from crosslook.platform.plans import Plans
from crosslook.platform.preconditions import IdempotencyKey, IfMatch
from crosslook.platform.responses import json_response, language_of
from services.schema_service.api.bodies import (
    BatchBody,
    PreviewBody,
    SchemaBody,
    SchemaPage,
    TenantBody,
    TenantPage,
    batch_body,
    preview_body,
    schema_answer,
    schema_body,
    tenant_body,
)
from services.schema_service.intake import Intake
from services.schema_service.objects import Objects
from services.schema_service.registry import Registry
from services.schema_service.tenants import Tenants

BATCH_TYPES = ("application/json", "application/cloudevents-batch+json")

_TAKES_EVENTS = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "array", "items": {"type": "object"}, "maxItems": 1000}} for kind in BATCH_TYPES
        },
    }
}
ValidateOnly = Annotated[bool, Query(description="Show what would change, and write nothing.")]
_READ = [Depends(authorize("schemas:read"))]
_WRITE = [Depends(authorize("schemas:write"))]


def schemas_router(objects: Objects) -> APIRouter:
    """The routes under /v1 that read objects."""
    api = APIRouter(prefix="/v1", tags=["schemas"])

    @api.get(
        "/tenants/{tenant}/schemas",
        summary="List objects",
        dependencies=_READ,
        responses={200: {"model": SchemaPage}},
    )
    async def list_schemas(
        tenant: str, request: Request, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """Every object by slug, the built-in contact and those that are leaving the reports included."""
        after = decode_page_token(page_token, str)
        views = objects.page(tenant, after[0] if after else None, page_size + 1)
        found = page(views, page_size, lambda view: encode_page_token(view.record.state.object))
        items = [schema_body(view, language_of(request)) for view in found["items"]]
        return json_response(SchemaPage(items=items, next_page_token=found["next_page_token"]))

    @api.get(
        "/tenants/{tenant}/schemas/{object}",
        summary="Read one object",
        dependencies=_READ,
        responses={200: {"model": SchemaBody}},
    )
    async def get_schema(tenant: str, object: str, request: Request) -> Response:
        """A deleted object is shown until it has left the reports."""
        return schema_answer(objects.get(tenant, object), language_of(request))

    return api


def schema_changes_router(registry: Registry) -> APIRouter:
    """The routes under /v1 that change objects."""
    api = APIRouter(prefix="/v1", tags=["schemas"])

    @api.post(
        "/tenants/{tenant}/schemas",
        summary="Create an object",
        status_code=201,
        dependencies=_WRITE,
        responses={201: {"model": SchemaBody}},
        openapi_extra=takes_body(Definition),
    )
    async def create_schema(tenant: str, request: Request, idempotency_key: IdempotencyKey = None) -> Response:
        """You can send its records at once; reports show it after the next refresh."""
        view = await registry.create(tenant, await read_json(request), idempotency_key)
        location = f"/v1/tenants/{tenant}/schemas/{view.record.state.object}"
        return schema_answer(view, language_of(request), 201, Location=location)

    @api.put(
        "/tenants/{tenant}/schemas/{object}",
        summary="Replace an object's definition",
        dependencies=_WRITE,
        responses={200: {"model": SchemaBody | PreviewBody}},
        openapi_extra=takes_body(Definition),
    )
    async def change_schema(
        tenant: str,
        object: str,
        request: Request,
        if_match: IfMatch = None,
        validate_only: ValidateOnly = False,
    ) -> Response:
        """Send the whole definition. With `validate_only`, nothing is written and `If-Match` is optional."""
        body = await read_json(request)
        if validate_only:
            preview = await registry.preview(tenant, object, body, if_match)
            return json_response(preview_body(preview, language_of(request)))
        return schema_answer(await registry.change(tenant, object, body, if_match), language_of(request))

    @api.delete(
        "/tenants/{tenant}/schemas/{object}",
        summary="Delete an object",
        status_code=202,
        dependencies=_WRITE,
        responses={202: {"model": SchemaBody}},
    )
    async def delete_schema(tenant: str, object: str, request: Request, if_match: IfMatch = None) -> Response:
        """It stays in the reports until the next refresh; `in_reports.from` shows when that is."""
        return schema_answer(await registry.delete(tenant, object, if_match), language_of(request), 202)

    return api


def tenants_router(tenants: Tenants, plans: Plans) -> APIRouter:
    """The routes of tenants under /v1."""
    api = APIRouter(prefix="/v1", tags=["tenants"])

    @api.get(
        "/tenants",
        summary="List tenants",
        responses={200: {"model": TenantPage}},
    )
    async def list_tenants(caller: OpsCaller, page_size: PageSize = 50, page_token: PageToken = None) -> Response:
        """Every tenant that was created, or used while tenants are open."""
        after = decode_page_token(page_token, str)
        states = tenants.page(after[0] if after else None, page_size + 1)
        found = page(states, page_size, lambda state: encode_page_token(state.tenant))
        items = [tenant_body(state, plans) for state in found["items"]]
        return json_response(TenantPage(items=items, next_page_token=found["next_page_token"]))

    @api.get(
        "/tenants/{tenant}",
        summary="Read one tenant",
        responses={200: {"model": TenantBody}},
    )
    async def get_tenant(tenant: str, caller: OpsCaller) -> Response:
        """Its plan, status and own quotas, and what applies to it now."""
        return json_response(tenant_body(tenants.get(tenant), plans))

    @api.put(
        "/tenants/{tenant}",
        summary="Create or change a tenant",
        responses={200: {"model": TenantBody}},
        openapi_extra=takes_body(TenantState),
    )
    async def put_tenant(tenant: str, caller: OpsCaller, request: Request) -> Response:
        """A suspended tenant is unknown to every other call. No tenant can lift its own suspension or change its
        plan. Plan and quotas count at once; quotas that are left out follow the plan, then the deployment. On a smaller
        plan a tenant keeps its data."""
        return json_response(tenant_body(await tenants.put(tenant, await read_json(request)), plans))

    return api


def events_router(intake: Intake) -> APIRouter:
    """The route under /v1 that takes events."""
    api = APIRouter(prefix="/v1", tags=["events"])

    @api.post(
        "/tenants/{tenant}/events",
        summary="Send record events",
        status_code=202,
        dependencies=[Depends(authorize("records:write"))],
        responses={202: {"model": BatchBody}},
        openapi_extra=_TAKES_EVENTS,
    )
    async def take_events(tenant: str, request: Request) -> Response:
        """CloudEvents of type `crosslook.record.*.v1`; answered once the broker has acknowledged the accepted ones."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in BATCH_TYPES:
            problem = Problem("unsupported_media_type", values={"expected": ", ".join(BATCH_TYPES)})
            raise AppError(problem, status=415)
        batch = await intake.take(tenant, await read_body(request))
        return json_response(batch_body(batch, language_of(request)), 202)

    return api
