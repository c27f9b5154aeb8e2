"""The route that puts lost objects back."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from crosslook.contracts.schemas import Definition
from crosslook.platform.auth import OpsCaller
from crosslook.platform.bodies import read_json
from crosslook.platform.openapi import takes_body
from services.schema_service.restoration import Restoration, read_lost


class LostSchemaBody(BaseModel):
    """An object as a snapshot knows it."""

    tenant: str
    definition: Definition


class LostSchemasBody(BaseModel):
    """A page of `GET /v1/recovery/schemas` of snapshot_service."""

    items: list[LostSchemaBody]


class RestoredBody(BaseModel):
    """How many objects were put back, and how many stood on the topic already."""

    restored: int
    kept: int = Field(description="They were left as they are.")


def recovery_router(restoration: Restoration) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["recovery"])

    @api.post(
        "/recovery/schemas",
        summary="Put objects back that were lost with the schemas topic",
        openapi_extra=takes_body(LostSchemasBody),
    )
    async def restore_schemas(caller: OpsCaller, request: Request) -> RestoredBody:
        """They begin at version 1 again. What stands on the topic is left as it is, so the call can be repeated."""
        done = await restoration.restore(read_lost(await read_json(request)))
        return RestoredBody(restored=done.restored, kept=done.kept)

    return api
