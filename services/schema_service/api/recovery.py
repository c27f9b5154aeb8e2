"""The routes of operators: lost objects are restored, secrets are sealed again."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from crosslook.contracts.schemas import Definition
from crosslook.platform.auth import OpsCaller
from crosslook.platform.bodies import read_json
from crosslook.platform.openapi import takes_body
from services.schema_service.integrations.resealing import Resealing
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


class UnreadableSecretBody(BaseModel):
    """A connected integration that has a secret which no key opens."""

    tenant: str
    name: str


class ResealedBody(BaseModel):
    """What became of the stored secrets, counted by connected integrations."""

    resealed: int
    current: int = Field(description="Those that the first key had sealed already.")
    unreadable: list[UnreadableSecretBody] = Field(description="Left as they are; their tenants must set them again.")


def recovery_router(restoration: Restoration, resealing: Resealing) -> APIRouter:
    """The routes under /v1."""
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

    @api.post("/recovery/secrets", summary="Encrypt all stored secrets with the first key")
    async def reseal_secrets(caller: OpsCaller) -> ResealedBody:
        """After this, keys other than the first are not needed any more, unless `unreadable` lists something. The call
        can be repeated."""
        done = await resealing.run()
        unreadable = [UnreadableSecretBody(tenant=tenant, name=name) for tenant, name in done.unreadable]
        return ResealedBody(resealed=done.resealed, current=done.current, unreadable=unreadable)

    return api
