"""The route that restores lost objects."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from crosslook.contracts.schemas import Definition
from crosslook.platform.auth import OpsCaller
from crosslook.platform.bodies import read_json
from crosslook.platform.openapi import takes_body
from services.schema_service.restoration import Restoration, read_lost


class LostSchemaBody(BaseModel):
    """An object as a snapshot records it."""

    tenant: str
    definition: Definition


class LostSchemasBody(BaseModel):
    """A page of `GET /v1/recovery/schemas` of snapshot_service."""

    items: list[LostSchemaBody]


class RestoredBody(BaseModel):
    """How many objects were restored, and how many were on the topic already."""

    restored: int
    kept: int = Field(description="Objects on the topic, left unchanged.")


def recovery_router(restoration: Restoration) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["recovery"])

    @api.post(
        "/recovery/schemas",
        summary="Restore objects that were lost with the schemas topic",
        openapi_extra=takes_body(LostSchemasBody),
    )
    async def restore_schemas(caller: OpsCaller, request: Request) -> RestoredBody:
        """They start again at version 1. Objects on the topic are left unchanged, so the call can be repeated."""
        done = await restoration.restore(read_lost(await read_json(request)))
        return RestoredBody(restored=done.restored, kept=done.kept)

    return api
