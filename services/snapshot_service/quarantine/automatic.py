"""Replays events that wait for a schema once a schema admits them, and brings to their end replays that died
half-way."""

import asyncio
from collections.abc import Collection
from contextlib import suppress

from crosslook.contracts.ids import ObjectKey
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.limits import Sender
from services.snapshot_service.domain.selection import QuarantineFilter, Selection
from services.snapshot_service.quarantine.replay import Replayer
from services.snapshot_service.settings import QuarantineSettings

_LOG = get_logger(__name__)
WAITS_FOR_A_SCHEMA = ("unknown_object", "unknown_field", "unknown_option", "unknown_tenant")
_BY = "automatic"
_Seen = tuple[bool, int, int, frozenset[Sender]]
"""Whether the tenant may be used, where on its topic the object's schema stands, the mark of the waiting rows, and
which of the tenant's senders are diverted."""


class AutomaticReplay:
    """Looks at what waits whenever a schema changed, and periodically: an event may reach the quarantine just
    after the schema that admits it, and the request of a process that died is lost.

    What it looked at in vain is left alone until its schema, the set of waiting events or the diverted senders change.
    """

    def __init__(self, replayer: Replayer, schemas: SchemaFeed, settings: QuarantineSettings) -> None:
        self._replayer = replayer
        self._schemas = schemas
        self._settings = settings
        self._asked = asyncio.Event()
        self._seen: dict[ObjectKey, _Seen] = {}

    def request(self) -> None:
        """A schema changed: check soon."""
        self._asked.set()

    async def run(self) -> None:
        """Look at the start, on request and periodically, until cancelled."""
        while True:
            self._asked.clear()
            try:
                await self.look()
            except (ClickHouseError, KafkaUnavailable, LogUnavailable) as error:
                # What could not be moved is still there, and is looked at again.
                _LOG.warning("automatic_replay_waits", error=type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.check_seconds):
                    await self._asked.wait()

    async def look(self) -> int:
        """End what began, then replay what today's schemas take of what waits; answers how many events.

        Raises ClickHouseError, KafkaUnavailable, LogUnavailable.
        """
        await self._schemas.view.catch_up()
        waiting = await self._replayer.store.waiting(WAITS_FOR_A_SCHEMA)
        diverted = await self._replayer.diverted()
        now = {key: self._mark(key, rows, diverted) for key, rows in waiting}
        changed = [key for key, mark in now.items() if mark != self._seen.get(key)]
        moved = await self._replayer.finish(_BY)
        for key in changed:
            if self._schemas.schema(key.tenant, key.object) is not None:
                wanted = Selection(QuarantineFilter(key.tenant, key.object, WAITS_FOR_A_SCHEMA))
                reason = f"schema of {key.object}"
                moved += await self._replayer.replay_admissible(wanted, _BY, reason, self._settings)
            self._seen[key] = now[key]
        self._seen = {key: mark for key, mark in self._seen.items() if key in now}
        if moved:
            _LOG.info("quarantine_replayed", moved=moved, by=_BY)
        return moved

    def _mark(self, key: ObjectKey, rows: int, diverted: Collection[Sender]) -> _Seen:
        record = self._schemas.record(key.tenant, key.object)
        offset = record.entry.offset if record is not None and record.entry is not None else -1
        theirs = frozenset(sender for sender in diverted if sender.tenant == key.tenant)
        return self._schemas.tenant_known(key.tenant), offset, rows, theirs
