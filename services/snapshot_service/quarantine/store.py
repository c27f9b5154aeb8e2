"""Quarantined events for replay and discard: read in batches, and recorded as resolved."""

import base64
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import pyarrow as pa

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.records import Quarantined
from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.replaying import Held, recoded_id
from services.snapshot_service.domain.selection import IDS_MAX, QuarantineFilter, Selection
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.quarantine.statements import (
    BY_ID,
    COUNT_GONE,
    READ_BATCH,
    SUMMARY,
    SWEEP,
    UNFINISHED,
    WAITING,
)

BATCH_EVENTS = 1000
_BATCH_BYTES = 16 * 1024 * 1024
_IDS_A_QUERY = 50
"""Parameters travel in a request's line, which engines and proxies keep short."""


_RESOLUTIONS_OUTLIVE = timedelta(days=30)
"""By so much what is said of a row outlives the row: ingest may read its chunk again and insert it once more."""


class Action(StrEnum):
    """What became of an event in quarantine: its replay began, it left, or it waits under another id for another
    reason."""

    REPLAYING = "replaying"
    REPLAYED = "replayed"
    DISCARDED = "discarded"
    RECODED = "recoded"


class QuarantineStore:
    """Reads rows that are not gone, notes which are, and sweeps those out. An insert that returned is durable.

    `keep_days`: how long a row that nobody resolved is kept.
    """

    def __init__(self, clickhouse: ClickHouse, keep_days: int) -> None:
        self._clickhouse = clickhouse
        self._staging = Staging(clickhouse)
        self._keep = timedelta(days=keep_days)

    async def summary(self, wanted: QuarantineFilter) -> tuple[int, int]:
        """How many rows pass, and when the newest of them arrived, in milliseconds. Raises ClickHouseError."""
        ((events, newest_ms),) = (await self._clickhouse.query(SUMMARY, parameters_of(wanted))).rows
        return int(events), int(newest_ms)

    async def batches(self, selection: Selection, batch_events: int = BATCH_EVENTS) -> AsyncIterator[list[Held]]:
        """The selected rows in batches of bounded size, by a filter the oldest first. Rows that arrive meanwhile, as
        what was refused again does, are not among them. Raises ClickHouseError."""
        if selection.ids is None:
            async for batch in self._by_filter(selection.filter, batch_events):
                yield batch
            return
        for start in range(0, len(selection.ids), _IDS_A_QUERY):
            chosen = {"ids": list(selection.ids[start : start + _IDS_A_QUERY])}
            rows = await self._clickhouse.query(BY_ID, parameters_of(selection.filter) | chosen)
            if rows.rows:
                yield [_held(row) for row in rows.dicts()]

    async def _by_filter(self, wanted: QuarantineFilter, batch_events: int) -> AsyncIterator[list[Held]]:
        _, until_ms = await self.summary(wanted)
        bounds = {"until_ms": until_ms, "limit": batch_events, "bytes": _BATCH_BYTES}
        after: dict[str, Any] = {"after_ms": -1, "after_partition": -1, "after_offset": -1}
        while True:
            rows = await self._clickhouse.query(READ_BATCH, parameters_of(wanted) | bounds | after)
            batch = [_held(row) for row in rows.dicts()]
            if not batch:
                return
            last = batch[-1]
            after = {"after_ms": last.received_ms, "after_partition": last.partition, "after_offset": last.offset}
            yield batch

    async def resolve(self, held: Sequence[Held], action: Action, reason: str, by: str, at: datetime) -> None:
        """Record what happened to rows, why, and by whom. Repeating it changes nothing. Raises ClickHouseError."""
        if not held:
            return
        same = len(held)
        columns = {
            "id": pa.array([event.id for event in held]),
            "tenant": pa.array([event.tenant for event in held]),
            "action": pa.array([action.value] * same),
            "reason": pa.array([reason] * same),
            "by": pa.array([by] * same),
            "at": pa.array([at] * same, pa.timestamp("ms", tz="UTC")),
        }
        await self._clickhouse.insert_arrow("quarantine_resolutions", pa.table(columns), {"async_insert": 0})

    async def recode(self, rows: Sequence[tuple[Held, Quarantined]], by: str, at: datetime) -> None:
        """Keep rows for another reason: 1. insert them under another id, 2. note the former rows as gone. A crash
        between the two shows them with both reasons until the next replay. Raises ClickHouseError."""
        if not rows:
            return
        await self._staging.recode([(recoded_id(held.id), row) for held, row in rows])  # 1
        await self.resolve([held for held, _ in rows], Action.RECODED, "", by, at)  # 2

    async def sweep(self, now: datetime) -> int:
        """Take out what is gone or old, and answer how many rows; when it returns they are not in the table any more.
        Raises ClickHouseError."""
        kept_from = now - self._keep
        bounds = {"kept_from": kept_from, "resolutions_from": kept_from - _RESOLUTIONS_OUTLIVE}
        rows = int((await self._clickhouse.query(COUNT_GONE, bounds)).scalar())
        if rows:
            for statement in SWEEP:
                await self._clickhouse.command(statement, bounds, {"mutations_sync": 2})
        return rows

    async def waiting(self, codes: Sequence[str]) -> list[tuple[ObjectKey, int]]:
        """Objects with rows refused for one of these codes, each with a number that changes with the set of its rows.
        Raises ClickHouseError."""
        rows = (await self._clickhouse.query(WAITING, parameters_of(QuarantineFilter(codes=tuple(codes))))).rows
        return [(ObjectKey(TenantId(tenant), ObjectSlug(name)), int(mark)) for tenant, name, mark in rows]

    async def unfinished(self, before: datetime) -> tuple[str, ...]:
        """Ids of rows whose replay began before an instant and did not end, a bounded number of them.

        Raises ClickHouseError.
        """
        rows = (await self._clickhouse.query(UNFINISHED, {"before": before, "limit": IDS_MAX})).rows
        return tuple(row[0] for row in rows)


def parameters_of(wanted: QuarantineFilter) -> dict[str, Any]:
    """A filter as the parameters of a statement."""
    return {
        "tenant": wanted.tenant,
        "object": wanted.object,
        "codes": list(wanted.codes),
        "source": wanted.source,
    }


def _held(row: dict[str, Any]) -> Held:
    values = [base64.b64decode(value) for value in row["header_values"]]
    return Held(
        row["id"],
        row["tenant"],
        row["reason"],
        row["topic_name"],
        row["partition"],
        row["offset"],
        row["received_ms"],
        base64.b64decode(row["payload"]),
        tuple(zip(row["header_names"], values, strict=True)),
        base64.b64decode(row["key"]) or None,
    )
