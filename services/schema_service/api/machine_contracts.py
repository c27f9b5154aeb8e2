"""The routes that describe events to programs: the JSON Schema of an object's events, the AsyncAPI document."""

import hashlib
from enum import StrEnum
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Response

from crosslook.contracts.asyncapi import asyncapi_document
from crosslook.contracts.problems import Problem
from crosslook.contracts.record_schemas import data_schema
from crosslook.contracts.records import EventKind
from crosslook.platform.auth import authorize
from crosslook.platform.errors import NotFound
from crosslook.platform.parameters import known_parameters
from crosslook.platform.preconditions import etag
from crosslook.platform.settings import KafkaSettings
from services.schema_service.objects import Objects

_ANY_SCHEMA: dict[str, Any] = {"type": "object", "description": "A JSON Schema, dialect 2020-12."}
_ANY_ASYNCAPI: dict[str, Any] = {"type": "object", "description": "An AsyncAPI document, version 3.0."}


class DescribedEvents(StrEnum):
    """Which events a schema describes."""

    UPSERTED = "upserted"
    PATCHED = "patched"
    DELETED = "deleted"


_KINDS = {
    DescribedEvents.UPSERTED: EventKind.UPSERT,
    DescribedEvents.PATCHED: EventKind.PATCH,
    DescribedEvents.DELETED: EventKind.DELETE,
}
EventsParameter = Annotated[
    DescribedEvents, Query(alias="type", description="The events to describe: `crosslook.record.<type>.v1`.")
]


class JsonSchemaResponse(Response):
    """An answer that is a JSON Schema."""

    media_type = "application/schema+json"


class AsyncApiResponse(Response):
    """An answer that is an AsyncAPI document."""

    media_type = "application/vnd.aai.asyncapi+json"


def json_schema_router(objects: Objects) -> APIRouter:
    """The route of an object's JSON Schema under /v1."""
    api = APIRouter(prefix="/v1", tags=["schemas"])

    @api.get(
        "/tenants/{tenant}/schemas/{object}/json-schema",
        summary="Read the JSON Schema of an object's events",
        dependencies=[Depends(authorize("schemas:read"))],
        response_class=JsonSchemaResponse,
        responses={200: {"content": {JsonSchemaResponse.media_type: {"schema": _ANY_SCHEMA}}}},
    )
    async def get_json_schema(tenant: str, object: str, events: EventsParameter = DescribedEvents.UPSERTED) -> Response:
        """What the `data` of the object's events may contain: their `dataschema`. Events are checked against the
        current definition, whose version is the ETag. The service refuses a few events that the schema takes, such as
        a number as text beyond 2^53; the reference of events lists them."""
        return json_schema_answer(objects, tenant, object, events)

    return api


def json_schema_answer(objects: Objects, tenant: str, slug: str, events: DescribedEvents) -> Response:
    """The schema of an object that exists. Raises NotFound `unknown_object`, also for a deleted object: its events are
    refused."""
    state = objects.find(tenant, slug)[0].state
    if state.definition is None:
        raise NotFound(Problem("unknown_object", values={"object": slug}))
    query = f"?type={events}" if events is not DescribedEvents.UPSERTED else ""
    address = f"/v1/tenants/{tenant}/schemas/{slug}/json-schema{query}"
    schema = data_schema(tenant, state.definition, _KINDS[events])
    body = {"$schema": schema.pop("$schema"), "$id": address, **schema}
    return JsonSchemaResponse(orjson.dumps(body), headers={"ETag": etag(state.version)})


def asyncapi_router(kafka: KafkaSettings) -> APIRouter:
    """The route of the AsyncAPI document under /v1. Like `/openapi.json` it needs no token: it names topics and the
    form of messages, and nothing of any tenant."""
    api = APIRouter(prefix="/v1", tags=["events"])
    content = orjson.dumps(asyncapi_document(kafka.name_of, kafka.partitions_of))
    headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"'}

    @api.get(
        "/asyncapi",
        summary="Read the AsyncAPI document of all topics",
        dependencies=[Depends(known_parameters)],
        response_class=AsyncApiResponse,
        responses={200: {"content": {AsyncApiResponse.media_type: {"schema": _ANY_ASYNCAPI}}}},
    )
    async def get_asyncapi() -> Response:
        """The topics of this installation: keys, messages with headers and payload, who writes and who reads them.
        Open to everyone."""
        return AsyncApiResponse(content, headers=headers)

    return api
