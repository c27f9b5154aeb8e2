"""The operator's route that reads messages of a connected integration again (runbook)."""

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from crosslook.contracts.ids import SLUG_MAX, TENANT_MAX
from crosslook.platform.auth import OpsCaller
from crosslook.platform.errors import Unavailable
from crosslook.platform.kafka import KafkaUnavailable
from services.snapshot_service.integrations.raw_replay import RawReplay


class RawReplayBody(BaseModel):
    """Which messages: those of a tenant's connection that arrived in [since, until). `dry_run` only counts them."""

    model_config = ConfigDict(extra="forbid")

    tenant: str = Field(min_length=1, max_length=TENANT_MAX)
    integration: str = Field(min_length=1, max_length=SLUG_MAX)
    since: AwareDatetime
    until: AwareDatetime
    dry_run: bool = True


class RawReplayAnswer(BaseModel):
    """How many messages arrived then, and how many were sent through the worker again."""

    dry_run: bool
    matched: int
    replayed: int


def integrations_router(replay: RawReplay) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["integrations"])

    @api.post(
        "/integrations/replay",
        summary="Send messages of an integration through the worker again, by the time of their arrival",
    )
    async def post_raw_replay(caller: OpsCaller, body: RawReplayBody) -> RawReplayAnswer:
        try:
            found = await replay.replay(body.tenant, body.integration, body.since, body.until, dry_run=body.dry_run)
        except KafkaUnavailable as error:
            raise Unavailable("kafka") from error
        return RawReplayAnswer(dry_run=body.dry_run, matched=found.matched, replayed=found.replayed)

    return api
