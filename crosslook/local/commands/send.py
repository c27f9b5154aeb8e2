"""`send`: CloudEvents from a file through the event intake, in batches."""

import asyncio
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import orjson

from crosslook.contracts import exact_json
from crosslook.local.client import Api, patiently
from crosslook.local.commands.ask import api_of
from crosslook.local.commands.import_file import SOME_REFUSED, byte_progress, show_errors, size_of
from crosslook.local.folder import DataFolder
from crosslook.local.terminal import Terminal
from crosslook.platform.auth import ANY_TENANT

_BATCH_EVENTS = 1_000
_BATCH_BYTES = 4 * 1024 * 1024
_ERRORS_KEPT = 1_000
_PATIENCE_SECONDS = 300
_STDIN = "-"


@dataclass(frozen=True, slots=True)
class _Parsed:
    """One event of the file: its line, or its place in the array, from 1; `size` of its JSON, `read` bytes so far."""

    line: int
    event: Any
    size: int
    read: int


@dataclass(slots=True)
class SendResult:
    """What became of the events. `errors`: the first refused ones."""

    events: int = 0
    accepted: int = 0
    refused: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, line: int, error: dict[str, Any]) -> None:
        """Count an event that is not taken."""
        self.refused += 1
        if len(self.errors) < _ERRORS_KEPT:
            self.errors.append({"line": line, **error})


def send(terminal: Terminal, folder: DataFolder, file: str) -> int:
    """Send the events of a file, or of standard input. Raises CommandRefused."""
    if file == _STDIN:
        result = asyncio.run(_send(terminal, folder, sys.stdin.buffer, _STDIN, None))
    else:
        path = Path(file)
        size = size_of(path)
        with path.open("rb") as opened:
            result = asyncio.run(_send(terminal, folder, opened, path.name, size))
    return show_sent(terminal, result)


def show_sent(terminal: Terminal, result: SendResult) -> int:
    """Show what became of the events; answers the exit status."""
    if terminal.json:
        terminal.answer({name: getattr(result, name) for name in ("events", "accepted", "refused", "errors")})
    else:
        terminal.line("send_done", events=result.events, accepted=result.accepted, refused=result.refused)
        rows = [
            (error["line"], error["id"], error["pointer"], error["code"], error["message"]) for error in result.errors
        ]
        headings = ("file_line", "file_event", "file_place", "file_code", "file_message")
        show_errors(terminal, headings, rows, result.refused)
    return SOME_REFUSED if result.refused else 0


async def _send(terminal: Terminal, folder: DataFolder, file: BinaryIO, name: str, size: int | None) -> SendResult:
    async with api_of(folder, "schema_service", ANY_TENANT, "records:write", terminal) as api:
        return await run_send(api, terminal, file, name, size)


async def run_send(api: Api, terminal: Terminal, file: BinaryIO, name: str, size: int | None) -> SendResult:
    """Send the events of an open file. `size`: of the file in bytes, as far as it is known. Raises CommandRefused."""
    result = SendResult()
    with byte_progress(terminal, name, size) as advance:
        for tenant, batch in _batches(terminal, events_of(file), result):
            await _post(api, tenant, batch, result)
            advance(batch[-1].read)
    return result


def events_of(file: BinaryIO) -> Iterator[_Parsed]:
    """The events of a file: an array as a whole, or else one a line. What is not JSON is an event that is None."""
    number = read = 0
    for line in file:
        number, read = number + 1, read + len(line)
        text = line.strip()
        if number == 1 and text.startswith(b"["):
            yield from _of_array(line + file.read())
            return
        if text:
            yield _Parsed(number, _parse(text), len(text), read)


def _of_array(raw: bytes) -> Iterator[_Parsed]:
    events = _parse(raw)
    for number, event in enumerate(events if isinstance(events, list) else [None], start=1):
        yield _Parsed(number, event, len(exact_json.dumps(event)), len(raw))


def _parse(raw: bytes) -> Any:
    try:
        return exact_json.loads(raw)
    except orjson.JSONDecodeError:
        return None


def _batches(terminal: Terminal, events: Iterable[_Parsed], result: SendResult) -> Iterator[tuple[str, list[_Parsed]]]:
    """Events that follow each other and belong to one tenant, as many as a call takes."""
    batch: list[_Parsed] = []
    of, size = "", 0
    for parsed in events:
        result.events += 1
        tenant = _tenant(parsed.event)
        if tenant is None:
            key, code = (
                ("send_not_json", "not_json") if parsed.event is None else ("send_no_tenant", "required_missing")
            )
            pointer = "" if parsed.event is None else "/data/tenant"
            named = {"id": None, "pointer": pointer, "code": code, "message": terminal.say(key)}
            result.refuse(parsed.line, named)
            continue
        if batch and (tenant != of or len(batch) == _BATCH_EVENTS or size + parsed.size > _BATCH_BYTES):
            yield of, batch
            batch, size = [], 0
        batch.append(parsed)
        of, size = tenant, size + parsed.size + 1
    if batch:
        yield of, batch


def _tenant(event: Any) -> str | None:
    data = event.get("data") if isinstance(event, dict) else None
    tenant = data.get("tenant") if isinstance(data, dict) else None
    return tenant if isinstance(tenant, str) and tenant else None


async def _post(api: Api, tenant: str, batch: list[_Parsed], result: SendResult) -> None:
    """Send one batch, again while the intake is away or the rate is used up: repeats change nothing."""
    path = f"/v1/tenants/{quote(tenant, safe='')}/events"
    call = partial(api.send, "POST", path, [parsed.event for parsed in batch])
    answer = await patiently(call, time.monotonic() + _PATIENCE_SECONDS)
    result.accepted += answer["accepted"]
    for refused in answer["refused"]:
        result.refuse(batch[refused.pop("index")].line, refused)
