"""Finds the records that exist only because of an import, page by page, in the order of their ids."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import recorded_layout
from crosslook.contracts.manifests import Manifest, UnreadableEntry
from crosslook.contracts.positions import Positions, covers
from crosslook.contracts.problems import Problem
from crosslook.contracts.values import milliseconds
from crosslook.platform.clickhouse import ClickHouse, QueryResult, Settings
from crosslook.platform.clock import Clock
from crosslook.platform.errors import Conflict, EntryUnreadable, StateUnreadable, Unavailable
from crosslook.platform.feeds import SnapshotFeed
from services.snapshot_service.consistency.check import KafkaFacts
from services.snapshot_service.domain.imported import (
    BuiltRow,
    ImportedPage,
    StagedFacts,
    TooOld,
    page_of,
    snapshot_before,
)
from services.snapshot_service.records.statements import IMPORTED, IMPORTED_EVENTS, built_statement
from services.snapshot_service.refresh.entries import Entries

_SETTINGS: Settings = {"max_threads": 2, "max_execution_time": 30, "max_memory_usage": 1 << 30}
_STAGED_SECONDS = 10.0
_POLL_SECONDS = 0.1
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class ImportTimes:
    """By what staging knows an import: the times of its events, and that of the events that undo it, if any."""

    attempts: Sequence[datetime]
    undone_at: datetime | None = None

    def parameters(self) -> dict[str, Any]:
        """As the statements name them."""
        times = [milliseconds(time) for time in self.attempts]
        undone = milliseconds(self.undone_at) if self.undone_at is not None else -1
        return {"times": times, "start": min(times), "undone": undone}


class ImportedRecords:
    """Reads staging and the snapshot from before an import. `late_days`: staging reaches back at least so far."""

    def __init__(
        self,
        clickhouse: ClickHouse,
        entries: Entries,
        snapshots: SnapshotFeed,
        kafka: KafkaFacts,
        clock: Clock,
        late_days: int,
    ) -> None:
        self._clickhouse = clickhouse
        self._entries = entries
        self._snapshots = snapshots
        self._kafka = kafka
        self._clock = clock
        self._late_ms = late_days * _DAY_MS

    async def page(
        self, key: ObjectKey, times: ImportTimes, after: str | None, most: int
    ) -> tuple[ImportedPage, str | None]:
        """The fates of the next `most` records, and the last of them; None when there are no more.

        Before the first page everything that is on Kafka must be staged. Raises Conflict `import_too_old`, Unavailable
        while events wait to be staged, EntryUnreadable, StateUnreadable, KafkaUnavailable, ClickHouseError.
        """
        before = self._before(times)
        if after is None:
            await self._staged()
        named = {"tenant": key.tenant, "object": key.object, **times.parameters(), "after": after or ""}
        records = [record for (record,) in (await self._query(IMPORTED, {**named, "limit": most})).rows]
        if not records:
            return ImportedPage((), 0, 0), None
        within = {**named, "last": records[-1]}
        staged = [StagedFacts(*row) for row in (await self._query(IMPORTED_EVENTS, within)).rows]
        page = page_of(staged, await self._built(before, key, within))
        return page, records[-1] if len(records) == most else None

    def _before(self, times: ImportTimes) -> Manifest | None:
        if self._snapshots.lost() is not None:
            raise StateUnreadable
        start = min(milliseconds(time) for time in times.attempts)
        oldest = milliseconds(self._clock.now()) - self._late_ms
        try:
            return snapshot_before(self._snapshots.manifests(), start, oldest)
        except TooOld:
            raise Conflict(Problem("import_too_old")) from None

    async def _staged(self) -> None:
        """Wait until everything is staged that is on Kafka now."""
        ends = {partition: end for partition, end in (await self._kafka.end_offsets()).items() if end}
        try:
            async with asyncio.timeout(_STAGED_SECONDS):
                while not await self._covers(ends):
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise Unavailable("staging_behind", 5) from None

    async def _covers(self, ends: Positions) -> bool:
        commits = await self._kafka.commits()
        return covers({partition: commit.offset for partition, commit in commits.items()}, ends)

    async def _built(self, manifest: Manifest | None, key: ObjectKey, within: Mapping[str, Any]) -> dict[str, BuiltRow]:
        if manifest is None:
            return {}
        entry = await self._entries.entry(manifest.snapshot, key)
        if isinstance(entry, UnreadableEntry):
            raise EntryUnreadable(key.object)
        if entry is None:
            return {}
        statement = built_statement(recorded_layout(entry.layout, entry.definition))
        rows = (await self._query(statement, {**within, "build": entry.build})).rows
        return {record: BuiltRow(time_ms, bool(deleted)) for record, time_ms, deleted in rows}

    async def _query(self, sql: str, parameters: Mapping[str, Any]) -> QueryResult:
        return await self._clickhouse.query(sql, parameters, _SETTINGS)
