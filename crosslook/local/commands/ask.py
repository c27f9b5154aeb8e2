"""`topics`, `refresh`, `ingest`: commands that call a running stack."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from crosslook.local import client
from crosslook.local.client import Api
from crosslook.local.folder import DataFolder
from crosslook.local.keys import issue
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports
from crosslook.local.stack import broker_of, service_urls
from crosslook.local.terminal import Terminal
from crosslook.local.terminal_settings import auth_settings, kafka_settings
from crosslook.platform.auth import ANY_TENANT
from crosslook.platform.kafka import KafkaUnavailable, TopicReport, ensure_topics

_TTL = timedelta(hours=1)
_FAILED_SHOWN = 10
_FAULTS = {
    (True, False): "topic_fault",
    (True, True): "topic_fault_least",
    (False, False): "topic_differs",
    (False, True): "topic_differs_least",
}
"""The sentence about a property of a topic: whether it endangers data, whether it is a minimum."""


def api_of(folder: DataFolder, service: str, tenant: str, scope: str, terminal: Terminal) -> Api:
    """A client of one service of the stack that runs here. Raises CommandRefused."""
    state = folder.require_running()
    url = service_urls(Ports.from_base(state.port_base))[service]
    return Api(url, issue(folder, tenant, scope, _TTL, auth=auth_settings()), terminal.say.language)


def topics(terminal: Terminal, folder: DataFolder | None) -> int:
    """Create what is missing and check what is there; without a folder on the Kafka that the environment names.
    Raises CommandRefused."""
    bootstrap = None
    if folder is not None:
        bootstrap = broker_of(folder, Ports.from_base(folder.require_running().port_base)).bootstrap
    try:
        reports = asyncio.run(ensure_topics(kafka_settings(bootstrap)))
    except KafkaUnavailable as error:
        raise CommandRefused("kafka_silent", reason=str(error)) from error
    if terminal.json:
        shown = [{**asdict(report), "problem": report.problem} for report in reports]
        terminal.answer({"topics": shown})
    else:
        _show_topics(terminal, reports)
    if wrong := [report.name for report in reports if report.problem]:
        raise CommandRefused("topics_wrong", names=", ".join(wrong))
    return 0


def _show_topics(terminal: Terminal, reports: Sequence[TopicReport]) -> None:
    """The topics as a table, then each property that differs with the command that changes it."""
    rows = [(report.name, report.partitions, terminal.say(_topic_state(report))) for report in reports]
    terminal.table([terminal.say(key) for key in ("topic", "partitions", "topic_state")], rows)
    for report in reports:
        for fault in report.faults:
            values = {"topic": report.name, "property": fault.property, "found": fault.found}
            terminal.line(_FAULTS[fault.endangers, fault.minimum], **values, expected=fault.expected)
            if fault.remedy:
                terminal.text(terminal.say("topic_remedy", remedy=fault.remedy))  # unwrapped, to be copied


def _topic_state(report: TopicReport) -> str:
    if report.problem:
        return "topic_wrong" if report.partitions else "topic_missing"
    return "topic_created" if report.created else "topic_there"


def refresh(terminal: Terminal, folder: DataFolder, *, wait: bool) -> int:
    """Ask for a refresh now, and follow it. Raises CommandRefused, also when the run fails."""
    run = asyncio.run(_refresh(terminal, folder, wait))
    if terminal.json:
        terminal.answer(run)
    elif run["state"] == "published":
        terminal.line("published", snapshot=run["snapshot"], run=run["run"])
        show_failed(terminal, run["failed_objects"])
    else:
        terminal.line("run", run=run["run"], state=run["state"])
        if not run.get("covers_request", True):
            terminal.line("run_is_older", frozen_at=run["frozen_at"])
    return 0


def show_failed(terminal: Terminal, failed: Sequence[dict[str, str]]) -> None:
    """The first objects that could not be refreshed, and how many more there are."""
    for refused in failed[:_FAILED_SHOWN]:
        terminal.line("object_failed", **refused)
    if len(failed) > _FAILED_SHOWN:
        terminal.line("objects_failed", more=len(failed) - _FAILED_SHOWN)


async def _refresh(terminal: Terminal, folder: DataFolder, wait: bool) -> dict[str, Any]:
    async with api_of(folder, "snapshot_service", ANY_TENANT, "ops", terminal) as api:
        if not wait:
            run: dict[str, Any] = await api.send("POST", "/v1/snapshots")
            return run
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=terminal.err, transient=True) as bars:
            bar = bars.add_task(terminal.say("refresh"), total=100)
            return await client.refresh_and_wait(
                api, lambda run: bars.update(bar, completed=round(run["progress"] * 100))
            )


def ingest(terminal: Terminal, folder: DataFolder, resume: Mapping[str, str] | None = None) -> int:
    """Show the state of ingest, after resuming the senders in `resume`, or all of them if it is empty.
    Raises CommandRefused."""
    found = asyncio.run(_ingest(terminal, folder, resume))
    if terminal.json:
        terminal.answer(found)
    else:
        reason = f" ({found['reason']})" if found["reason"] else ""
        lag = sum(partition["lag"] for partition in found["partitions"])
        terminal.line("ingest", state=found["state"], reason=reason, lag=lag)
    return 0


async def _ingest(terminal: Terminal, folder: DataFolder, resume: Mapping[str, str] | None) -> dict[str, Any]:
    async with api_of(folder, "snapshot_service", ANY_TENANT, "ops", terminal) as api:
        if resume is None:
            answer = api.get("/v1/ingest")
        else:
            answer = api.send("POST", f"/v1/ingest/resume?{urlencode(resume)}" if resume else "/v1/ingest/resume")
        found: dict[str, Any] = await answer
        return found
