"""The routes of integrations: what can be connected, and what a tenant has connected."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from crosslook.platform.auth import authorize
from crosslook.platform.bodies import read_body, read_json
from crosslook.platform.http import PageSize, PageToken, decode_page_token, encode_page_token, page
from crosslook.platform.openapi import takes_body
from crosslook.platform.preconditions import IfMatch, etag
from crosslook.platform.responses import json_response, language_of
from services.schema_service.api.integration_bodies import (
    AvailableIntegrationPage,
    ConnectionBody,
    ConnectionPage,
    ConnectionRequestBody,
    HistoryPageBody,
    available_body,
    connection_body,
    history_body,
)
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.integrations.connections import ConnectionRegistry
from services.schema_service.integrations.history import HistoryIntake
from services.schema_service.integrations.views import ConnectionView

_READ = [Depends(authorize("schemas:read"))]
_WRITE = [Depends(authorize("schemas:write"))]
_ANY_JSON = {"requestBody": {"required": True, "content": {"application/json": {"schema": {}}}}}
WhatOfTheObject = Annotated[
    Literal["keep", "delete"], Query(description="Whether the object with its records stays, or is deleted too.")
]


def available_router(available: AvailableIntegrations) -> APIRouter:
    """The route under /v1 that lists what can be connected; it is the same for all tenants."""
    api = APIRouter(prefix="/v1", tags=["integrations"])

    @api.get(
        "/integrations",
        summary="List the integrations that can be connected",
        dependencies=_READ,
        responses={200: {"model": AvailableIntegrationPage}},
    )
    async def list_available(request: Request, page_size: PageSize = 50, page_token: PageToken = None) -> Response:
        """Each with the object that it brings, its options and how its webhooks are signed."""
        after = decode_page_token(page_token, str)
        kinds = [kind for kind in available.kinds if after is None or kind > after[0]]
        found = page(kinds, page_size, encode_page_token)
        manifests = [available.manifest(kind) for kind in found["items"]]
        items = [available_body(manifest, language_of(request)) for manifest in manifests]
        return json_response(AvailableIntegrationPage(items=items, next_page_token=found["next_page_token"]))

    return api


def connections_router(connections: ConnectionRegistry) -> APIRouter:
    """The routes under /v1 of a tenant's integrations."""
    api = APIRouter(prefix="/v1", tags=["integrations"])

    @api.get(
        "/tenants/{tenant}/integrations",
        summary="List connected integrations",
        dependencies=_READ,
        responses={200: {"model": ConnectionPage}},
    )
    async def list_connections(
        tenant: str, request: Request, page_size: PageSize = 50, page_token: PageToken = None
    ) -> Response:
        """By name, each with the path of its webhook."""
        after = decode_page_token(page_token, str)
        views = connections.page(tenant, after[0] if after else None, page_size + 1)
        found = page(views, page_size, lambda view: encode_page_token(view.state.name))
        items = [connection_body(view, language_of(request)) for view in found["items"]]
        return json_response(ConnectionPage(items=items, next_page_token=found["next_page_token"]))

    @api.get(
        "/tenants/{tenant}/integrations/{name}",
        summary="Read one connected integration",
        dependencies=_READ,
        responses={200: {"model": ConnectionBody}},
    )
    async def get_connection(tenant: str, name: str, request: Request) -> Response:
        """Its secret is never shown."""
        return _answer(connections.get(tenant, name), request)

    @api.put(
        "/tenants/{tenant}/integrations/{name}",
        summary="Connect an integration or change it",
        dependencies=_WRITE,
        responses={200: {"model": ConnectionBody}},
        openapi_extra=takes_body(ConnectionRequestBody),
    )
    async def put_connection(tenant: str, name: str, request: Request, if_match: IfMatch = None) -> Response:
        """Any slug is a name, so that two accounts of one vendor can be connected. Connecting creates the object that
        the integration brings, or takes up the one that it left; options that add fields change it. `If-Match` is
        optional."""
        return _answer(await connections.put(tenant, name, await read_json(request), if_match), request)

    @api.delete(
        "/tenants/{tenant}/integrations/{name}",
        summary="Disconnect an integration",
        status_code=204,
        dependencies=_WRITE,
    )
    async def delete_connection(
        tenant: str, name: str, if_match: IfMatch = None, object: WhatOfTheObject = "keep"
    ) -> Response:
        """Its secrets are forgotten, and its webhook answers 401 from then on. Records stay unless `object=delete`."""
        await connections.delete(tenant, name, if_match, with_object=object == "delete")
        return Response(status_code=204)

    return api


def history_router(history: HistoryIntake) -> APIRouter:
    """The route under /v1 that takes a vendor's history."""
    api = APIRouter(prefix="/v1", tags=["integrations"])

    @api.post(
        "/tenants/{tenant}/integrations/{name}/backfill",
        summary="Send one page of the vendor's export",
        status_code=202,
        dependencies=_WRITE,
        responses={202: {"model": HistoryPageBody}},
        openapi_extra=_ANY_JSON,
    )
    async def backfill(tenant: str, name: str, request: Request) -> Response:
        """One page of the vendor's own export as received, at most 6 MiB. Its items and what the vendor posts form one
        history: a page that is sent again changes nothing. Answered once the broker has acknowledged the items."""
        done = await history.take(tenant, name, await read_body(request))
        return json_response(history_body(done, language_of(request)), 202)

    return api


def _answer(view: ConnectionView, request: Request) -> Response:
    return json_response(connection_body(view, language_of(request)), headers={"ETag": etag(view.version)})
