"""The quarantine's routes (CONTRACTS 4): list, count, replay, discard, and the health of each integration."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from crosslook.platform.auth import OpsCaller
from crosslook.platform.bodies import read_json
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock
from crosslook.platform.errors import Invalid
from crosslook.platform.http import (
    PageSize,
    PageToken,
    decode_page_token,
    encode_page_token,
    page,
)
from crosslook.platform.responses import language_of
from services.snapshot_service.api.quarantine_bodies import (
    DiscardAnswer,
    HealthPage,
    ProgressAnswer,
    QuarantinePage,
    ReasonCountPage,
    ReplayAnswer,
    discard_body,
    replay_body,
    takes_move,
)
from services.snapshot_service.domain.selection import Move, QuarantineFilter, read_move
from services.snapshot_service.quarantine.reading import count_quarantine, list_quarantine, position_of
from services.snapshot_service.quarantine.replay import Replayer
from services.snapshot_service.quarantine.senders import integrations_health

OneTenant = Annotated[str, Query(max_length=63, description="Only this tenant's events.")]
MoveDryRun = Annotated[
    bool | None, Query(description="The same as `dry_run` in the body: true, the default, only counts.")
]


def quarantine_router(clickhouse: ClickHouse, replayer: Replayer, clock: Clock) -> APIRouter:
    """All routes about refused events, under /v1."""
    api = APIRouter(prefix="/v1")
    _add_reading(api, clickhouse, clock)
    _add_moving(api, replayer)
    return api


def _add_reading(api: APIRouter, clickhouse: ClickHouse, clock: Clock) -> None:
    @api.get(
        "/quarantine",
        tags=["quarantine"],
        summary="List events that could not be admitted, newest first",
    )
    async def get_quarantine(
        request: Request,
        wanted: Annotated[QuarantineFilter, Depends(quarantine_filter)],
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> QuarantinePage:
        position = decode_page_token(page_token, int, str)
        before = (position[0], position[1]) if position is not None else None
        items, more = await list_quarantine(clickhouse, wanted, before, page_size, language_of(request))
        token = encode_page_token(*position_of(items[-1])) if more else None
        return QuarantinePage.model_validate({"items": items, "next_page_token": token}, extra="forbid")

    @api.get(
        "/quarantine/counts",
        tags=["quarantine"],
        summary="Count quarantined events by reason and source, largest count first",
    )
    async def get_counts(
        wanted: Annotated[QuarantineFilter, Depends(quarantine_filter)],
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> ReasonCountPage:
        at = decode_page_token(page_token, int, str, str)
        items = await count_quarantine(clickhouse, wanted, at and (at[0], at[1], at[2]), page_size + 1)
        found = page(items, page_size, lambda item: encode_page_token(item["count"], item["code"], item["source"]))
        return ReasonCountPage.model_validate(found, extra="forbid")

    @api.get(
        "/integrations/health",
        tags=["quarantine"],
        summary="Show the health of each source: its last event, and the events staged and refused in the last hour",
    )
    async def get_health(
        caller: OpsCaller, tenant: OneTenant = "", page_size: PageSize = 50, page_token: PageToken = None
    ) -> HealthPage:
        at = decode_page_token(page_token, str, str)
        items = await integrations_health(clickhouse, tenant, clock.now(), at and (at[0], at[1]), page_size + 1)
        found = page(items, page_size, lambda item: encode_page_token(item["tenant"], item["source"]))
        return HealthPage.model_validate(found, extra="forbid")


def _add_moving(api: APIRouter, replayer: Replayer) -> None:
    @api.get(
        "/quarantine/replay",
        tags=["quarantine"],
        summary="Show the progress of this worker's replay",
    )
    async def get_progress(caller: OpsCaller) -> ProgressAnswer:
        return ProgressAnswer.model_validate(replayer.progress, from_attributes=True)

    @api.post(
        "/quarantine/replay",
        tags=["quarantine"],
        summary="Send events through admission again, or show what would happen",
        response_model_exclude_unset=True,
        openapi_extra=takes_move(with_reason=False),
    )
    async def post_replay(request: Request, caller: OpsCaller, dry_run: MoveDryRun = None) -> ReplayAnswer:
        move = await _read(request, with_reason=False)
        only_count = _only_counts(move.dry_run, dry_run)
        if only_count:
            return replay_body(await replayer.would_replay(move.selection), dry_run=True)
        return replay_body(await replayer.replay(move.selection, caller.subject), dry_run=False)

    @api.post(
        "/quarantine/discard",
        tags=["quarantine"],
        summary="Discard events for good, with a reason, or count them",
        response_model_exclude_unset=True,
        openapi_extra=takes_move(with_reason=True),
    )
    async def post_discard(request: Request, caller: OpsCaller, dry_run: MoveDryRun = None) -> DiscardAnswer:
        move = await _read(request, with_reason=True)
        only_count = _only_counts(move.dry_run, dry_run)
        if only_count:
            return discard_body(await replayer.would_discard(move.selection), dry_run=True)
        return discard_body(await replayer.discard(move.selection, caller.subject, move.reason), dry_run=False)


def quarantine_filter(
    caller: OpsCaller,
    tenant: OneTenant = "",
    object_slug: Annotated[str, Query(alias="object", max_length=63, description="Only this object's.")] = "",
    code: Annotated[str, Query(max_length=63, description="Only events refused with this code.")] = "",
    source: Annotated[str, Query(max_length=256, description="Only events of this source.")] = "",
) -> QuarantineFilter:
    """The events that the query parameters select."""
    return QuarantineFilter(tenant, object_slug, (code,) if code else (), source)


async def _read(request: Request, *, with_reason: bool) -> Move:
    """What the body asks for. Raises what `read_json` raises, and Invalid."""
    move, problems = read_move(await read_json(request), with_reason=with_reason)
    if move is None:
        raise Invalid(problems)
    return move


def _only_counts(*said: bool | None) -> bool:
    """Nothing is moved unless body or parameter is `false` and neither is `true`."""
    spoken = [value for value in said if value is not None]
    return not spoken or any(spoken)
