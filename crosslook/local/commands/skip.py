"""`skip`: gives up a damaged batch of a log."""

import asyncio
import logging
from collections.abc import Mapping

import structlog

from crosslook.contracts.documents import HOLE_PREFIX
from crosslook.contracts.release import FORMAT, RELEASE
from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports
from crosslook.local.stack import broker_of
from crosslook.local.terminal import Terminal
from crosslook.local.terminal_settings import kafka_settings
from crosslook.platform.kafka import KafkaUnavailable, Publisher
from crosslook.platform.log_store.kafka_view import KafkaLogView
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.settings import KafkaSettings

LOGS = (SCHEMAS.name, SNAPSHOTS.name, REPORTS.name)
_HEADERS = [("format", str(FORMAT).encode()), ("written_by", RELEASE.encode())]


def skip(terminal: Terminal, folder: DataFolder | None, topic: str, offsets: str | None) -> int:
    """List the damaged batches of a log, or skip the one at `offsets`; without a folder on the Kafka that the
    environment names. Raises CommandRefused."""
    if topic not in LOGS:
        raise CommandRefused("skip_topic", topic=topic, topics=", ".join(LOGS))
    bootstrap = None
    if folder is not None:
        bootstrap = broker_of(folder, Ports.from_base(folder.require_running().port_base)).bootstrap
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        found = asyncio.run(_skip(kafka_settings(bootstrap), topic, offsets))
    except (KafkaUnavailable, LogUnavailable) as error:
        raise CommandRefused("kafka_silent", reason=str(error)) from error
    _show(terminal, topic, found, offsets)
    return 0


async def _skip(settings: KafkaSettings, topic: str, offsets: str | None) -> Mapping[str, str]:
    """The damaged batches by their offsets, each with what is wrong. Skips the one at `offsets`."""
    view = KafkaLogView(topic, settings, client_id="crosslook-skip")
    await view.start()
    try:
        found = {
            key.removeprefix(HOLE_PREFIX): str(unreadable)
            for key, unreadable in view.unreadable.items()
            if key.startswith(HOLE_PREFIX)
        }
        if offsets is not None:
            if offsets not in found:
                raise CommandRefused("skip_unknown", topic=topic, offsets=offsets, found=", ".join(found) or "-")
            await _write(settings, topic, f"{HOLE_PREFIX}{offsets}")
    finally:
        await view.stop()
    return found


async def _write(settings: KafkaSettings, topic: str, key: str) -> None:
    publisher = Publisher(settings, client_id="crosslook-skip")
    await publisher.start()
    try:
        # Not without a value: compaction would forget that in a day, and the batch is still there.
        await publisher.publish(topic, [(key.encode(), b"{}", _HEADERS)])
    finally:
        await publisher.stop()


def _show(terminal: Terminal, topic: str, found: Mapping[str, str], skipped: str | None) -> None:
    if terminal.json:
        batches = [{"offsets": offsets, "skipped": offsets == skipped} for offsets in found]
        terminal.answer({"topic": topic, "damaged": batches})
    elif skipped is not None:
        terminal.line("skipped", topic=topic, offsets=skipped)
    elif not found:
        terminal.line("skip_none", topic=topic)
    else:
        for offsets in found:
            terminal.line("skip_damaged", topic=topic, offsets=offsets)
