"""`replay`: send quarantined events through admission again, or show what would happen."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from rich.status import Status

from crosslook.local.client import Api, ApiError
from crosslook.local.commands.ask import api_of
from crosslook.local.folder import DataFolder
from crosslook.local.terminal import Terminal
from crosslook.platform.auth import ANY_TENANT

_PATH = "/v1/quarantine/replay"
_LOOK_SECONDS = 0.5


def replay(
    terminal: Terminal, folder: DataFolder, ids: Sequence[str], wanted: Mapping[str, str | None], *, dry_run: bool
) -> int:
    """Replay events by their ids, else those that pass the filter. Raises CommandRefused."""
    body = replay_request(ids, wanted, dry_run=dry_run)
    told = asyncio.run(_replay(terminal, folder, body))
    if terminal.json:
        terminal.answer(told)
    else:
        show_replay(terminal, told)
    return 0


def replay_request(ids: Sequence[str], wanted: Mapping[str, str | None], *, dry_run: bool) -> dict[str, Any]:
    """What the service is asked. Ids and a filter together are handed on, for it to refuse with its own words."""
    chosen = {name: value for name, value in wanted.items() if value}
    named = [part for text in ids for part in text.replace(",", " ").split()]
    by_ids = {"ids": named} if ids else {}
    by_filter = {"filter": chosen} if chosen or not ids else {}
    return {**by_ids, **by_filter, "dry_run": dry_run}


def show_replay(terminal: Terminal, told: Mapping[str, Any]) -> None:
    """Print how a replay went, or would go."""
    if told["dry_run"]:
        terminal.line("replay_would", matched=told["matched"], admitted=told["would_admit"])
    else:
        terminal.line("replay_done", matched=told["matched"], replayed=told["replayed"])
    if told["still_refused"]:
        rows = [(reason["code"], reason["count"]) for reason in told["still_refused"]]
        headings = [terminal.say("reason"), terminal.say("count")]
        terminal.table(headings, rows, title=terminal.say("still_refused"), right=1)


async def _replay(terminal: Terminal, folder: DataFolder, body: dict[str, Any]) -> dict[str, Any]:
    async with api_of(folder, "snapshot_service", ANY_TENANT, "ops", terminal) as api:
        asked = asyncio.create_task(api.send("POST", _PATH, body, patient=True))
        with Status(terminal.say("replaying", done=0), console=terminal.err) as line:
            while not asked.done():
                await asyncio.wait([asked], timeout=_LOOK_SECONDS)
                line.update(terminal.say("replaying", done=await _done(api)))
        told: dict[str, Any] = await asked
        return told


async def _done(api: Api) -> int:
    """How many events the replay under way has seen; 0 when the service does not say."""
    try:
        return int((await api.get(_PATH))["done"])
    except ApiError:
        return 0
