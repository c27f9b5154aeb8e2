"""`backfill`: a vendor's history, from its export into an integration of a tenant."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from crosslook.contracts.values import BadValue, day, instant
from crosslook.local.backfill.cursor_file import BackfillState, CursorFile
from crosslook.local.backfill.exports import CalendlyExport, ExportPage, VendorExport, ZendeskExport
from crosslook.local.backfill.reading import BackfillWatch, TakenItems, next_state, read_export
from crosslook.local.backfill.vendor_api import VendorApi, VendorWait
from crosslook.local.client import Api, patiently
from crosslook.local.commands.ask import api_of
from crosslook.local.commands.import_file import SOME_REFUSED
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.terminal import Terminal

_SCOPE = "schemas:read schemas:write"
_PATIENCE_SECONDS = 900
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_CALENDLY_DAYS = 365
_SHOWN_WAIT_SECONDS = 5


class BackfilledVendor(StrEnum):
    """The vendors whose exports this command reads."""

    ZENDESK = "zendesk"
    CALENDLY = "calendly"


@dataclass(frozen=True, slots=True)
class BackfillRequest:
    """What was typed. `name`: the tenant's name for the integration. `restart`: forget how far the last run came."""

    vendor: BackfilledVendor
    tenant: str
    name: str
    url: str
    token: str
    start: datetime | None
    restart: bool = False


def backfill(terminal: Terminal, folder: DataFolder, request: BackfillRequest) -> int:
    """Read the vendor's export to its end, or continue where the last run stopped; answers the exit status. Raises
    CommandRefused."""
    if not request.token:
        raise CommandRefused("vendor_token_missing")
    state = asyncio.run(_backfill(terminal, folder, request))
    if terminal.json:
        terminal.answer({"integration": request.name, **shown_state(state)})
    else:
        counts = {"accepted": state.accepted, "refused": state.refused, "pages": state.pages}
        terminal.line("backfill_done", name=request.name, **counts)
    return SOME_REFUSED if state.refused else 0


def shown_state(state: BackfillState) -> dict[str, Any]:
    """The counts of a run, for programs."""
    return {
        "kind": state.kind,
        "start": state.start,
        "pages": state.pages,
        "accepted": state.accepted,
        "refused": state.refused,
        "finished": state.finished,
    }


def start_named(text: str | None) -> datetime | None:
    """The instant of `--start`: a date in UTC, or RFC 3339. Raises CommandRefused."""
    if text is None:
        return None
    try:
        return instant(text if len(text) > len("YYYY-MM-DD") else f"{day(text)}T00:00:00Z")
    except BadValue:
        raise CommandRefused("start_unreadable", text=text) from None


async def _backfill(terminal: Terminal, folder: DataFolder, request: BackfillRequest) -> BackfillState:
    file = CursorFile.of(folder, request.tenant, request.name)
    with file.held():
        kept = None if request.restart else file.read()
        state = next_state(kept, request.vendor, request.url, request.start, _earliest(request.vendor))
        if state.cursor is not None:
            terminal.report("backfill_continues", name=request.name, start=state.start)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=terminal.err, transient=True) as bars:
            bar = _Bar(terminal, bars, request.name)
            watch = BackfillWatch(bar.page, lambda: terminal.report("backfill_cursor_expired"))
            async with (
                api_of(folder, "schema_service", request.tenant, _SCOPE, terminal) as api,
                VendorApi(request.url, request.token, bar.waits) as vendor,
            ):
                await check_connection(api, request)
                return await read_export(state, _export(request.vendor, vendor), _poster(api, request), file, watch)


async def check_connection(api: Api, request: BackfillRequest) -> None:
    """Refuse a name that the tenant has not connected, or connected to another vendor, before the vendor is asked for
    anything. Raises CommandRefused."""
    kind = (await patiently(lambda: api.get(_path(request)), time.monotonic() + _PATIENCE_SECONDS))["integration"]
    if kind != request.vendor:
        raise CommandRefused("backfill_other_vendor", name=request.name, kind=kind, vendor=request.vendor.value)


def _path(request: BackfillRequest) -> str:
    return f"/v1/tenants/{quote(request.tenant, safe='')}/integrations/{quote(request.name, safe='')}"


def _earliest(vendor: BackfilledVendor) -> datetime:
    """All of Zendesk's tickets; Calendly's events since a year ago, because all of them are read again each time."""
    return _FIRST if vendor is BackfilledVendor.ZENDESK else datetime.now(UTC) - timedelta(days=_CALENDLY_DAYS)


def _export(vendor: BackfilledVendor, api: VendorApi) -> VendorExport:
    return ZendeskExport(api) if vendor is BackfilledVendor.ZENDESK else CalendlyExport(api)


def _poster(api: Api, request: BackfillRequest) -> Callable[[bytes], Any]:
    path = f"{_path(request)}/backfill"

    async def post(body: bytes) -> TakenItems:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        answer = await patiently(lambda: api.send_bytes("POST", path, body), deadline)
        return TakenItems(answer["accepted"], answer["refused"])

    return post


class _Bar:
    """The progress on standard error. How much there is in all only Zendesk's times show, roughly."""

    def __init__(self, terminal: Terminal, bars: Progress, name: str) -> None:
        self._terminal = terminal
        self._bars = bars
        self._task: TaskID = bars.add_task(terminal.say("backfill_reading", name=name, done=0), total=None)
        self._name = name
        self._first: float | None = None

    def page(self, state: BackfillState, page: ExportPage) -> None:
        """Show how far it is."""
        text = self._terminal.say("backfill_reading", name=self._name, done=state.accepted)
        self._bars.update(self._task, description=text)
        if page.reached is not None:
            self._first = page.reached if self._first is None else self._first
            now = datetime.now(UTC).timestamp()
            if now > self._first:
                self._bars.update(self._task, total=now - self._first, completed=page.reached - self._first)

    def waits(self, wait: VendorWait) -> None:
        """Show why nothing happens."""
        if wait.seconds >= _SHOWN_WAIT_SECONDS:
            key = "backfill_limited" if wait.limited else "backfill_waits"
            self._terminal.report(key, seconds=round(wait.seconds))
