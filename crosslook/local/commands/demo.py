"""`demo`: the whole pipeline on the running stack, or on a stack of its own."""

import asyncio
import signal
import threading
from datetime import UTC, datetime

from rich.status import Status

from crosslook.local.commands.ask import api_of
from crosslook.local.demo.dataset import DEFAULT_RECORDS
from crosslook.local.demo.memory import Story, story_for
from crosslook.local.demo.run import DemoOutcome, Services, run_demo, show_reports
from crosslook.local.detached import start_detached, stop_stack
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports
from crosslook.local.stack import PAGE_SERVICE, broker_of, page_at, service_urls
from crosslook.local.terminal import Terminal
from crosslook.local.terminal_settings import kafka_settings
from crosslook.platform.auth import ANY_TENANT, SCOPES

_SHOWN = 20


def demo(terminal: Terminal, folder: DataFolder, records: int | None, port_base: int | None, *, leave: bool) -> int:
    """Load, refresh, ask and check. A stack that was started for it stops at the end with `leave`, else at Ctrl-C.
    Raises CommandRefused, also when a number is wrong."""
    folder.prepare()
    story = story_for(folder.root / "demo.json", records, datetime.now(UTC), DEFAULT_RECORDS)
    ours = folder.running() is None
    if ours:
        with Status(terminal.say("waiting"), console=terminal.err):
            start_detached(folder, port_base, terminal.report, bound=True)
    try:
        outcome = asyncio.run(_run(terminal, folder, story))
        show_reports(outcome, terminal, _urls(folder))
        _show_page(terminal, folder)
        if ours and not leave and not outcome.wrong:
            terminal.line("demo_stays")
            _wait_for_ctrl_c()
    finally:
        if ours:
            stop_stack(folder, terminal.report)
    if outcome.wrong:
        raise CommandRefused("numbers_wrong", count=len(outcome.wrong), lines="\n".join(outcome.wrong[:_SHOWN]))
    return 0


async def _run(terminal: Terminal, folder: DataFolder, story: Story) -> DemoOutcome:
    broker = broker_of(folder, Ports.from_base(folder.require_running().port_base))
    scope = " ".join(SCOPES)
    async with (
        api_of(folder, "schema_service", ANY_TENANT, scope, terminal) as schemas,
        api_of(folder, "snapshot_service", ANY_TENANT, scope, terminal) as snapshots,
        api_of(folder, "query_service", ANY_TENANT, scope, terminal) as queries,
    ):
        webhooks = _urls(folder)["schema_service"]
        services = Services(schemas, snapshots, queries, webhooks, kafka_settings(broker.bootstrap))
        return await run_demo(services, terminal, story.told_at, story.records)


def _show_page(terminal: Terminal, folder: DataFolder) -> None:
    page = asyncio.run(page_at(_urls(folder)[PAGE_SERVICE]))
    if page is not None and not terminal.json:
        terminal.line("demo_page", page=page, folder=str(folder.root))


def _urls(folder: DataFolder) -> dict[str, str]:
    return service_urls(Ports.from_base(folder.require_running().port_base))


def _wait_for_ctrl_c() -> None:
    """Returns at Ctrl-C or SIGTERM."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    asked.wait()
