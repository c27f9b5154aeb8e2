"""`integration_facts` and `webhook_outcomes`: written in blocks, read by record."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import pyarrow as pa

from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.fact_folding import (
    CHAIN_MAX,
    STATEMENTS_MAX,
    RecordPlace,
    StoredFact,
    distinct_rows,
)
from services.snapshot_service.domain.fact_statements import READ_FACTS
from services.snapshot_service.domain.webhook_mapping import FactRow

PLACES_AT_ONCE = 1_000
"""So many records are read by one statement."""
_MS = pa.timestamp("ms", tz="UTC")
_FACT_TYPES: Mapping[str, pa.DataType] = {
    "tenant": pa.string(),
    "integration": pa.string(),
    "record": pa.string(),
    "key": pa.string(),
    "digest": pa.string(),
    "mapper": pa.uint32(),
    "kind": pa.string(),
    "time_ms": pa.int64(),
    "order": pa.int64(),
    "version": pa.int64(),
    "related": pa.list_(pa.string()),
    "data": pa.binary(),
    "received_at": _MS,
    "partition": pa.uint16(),
    "offset": pa.uint64(),
    "life": pa.string(),
}
_OUTCOME_TYPES: Mapping[str, pa.DataType] = {
    "tenant": pa.string(),
    "integration": pa.string(),
    "received_at": _MS,
    "partition": pa.uint16(),
    "offset": pa.uint64(),
    "outcome": pa.string(),
    "code": pa.string(),
    "facts": pa.uint32(),
    "records": pa.uint32(),
}


class WebhookOutcome(NamedTuple):
    """A row of `webhook_outcomes`."""

    tenant: str
    integration: str
    received_ms: int
    partition: int
    offset: int
    outcome: str
    code: str
    facts: int
    records: int


class GatheredFacts(NamedTuple):
    """Statements by record, and the records of which there are more than were read."""

    found: Mapping[RecordPlace, Sequence[StoredFact]]
    cut: frozenset[RecordPlace]


class FactStore:
    """An insert that returned is durable, and repeating it changes nothing. Every method raises ClickHouseError."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse

    async def insert(self, rows: Sequence[FactRow]) -> None:
        """Store what messages state."""
        await self._insert("integration_facts", _FACT_TYPES, rows)

    async def note(self, outcomes: Sequence[WebhookOutcome]) -> None:
        """Store what became of messages."""
        await self._insert("webhook_outcomes", _OUTCOME_TYPES, outcomes)

    async def gather(self, touched: Iterable[RecordPlace], counts: Callable[[StoredFact], bool]) -> GatheredFacts:
        """Everything that is stated about records and about those that are related to them, in whatever direction.
        `counts`: whether a statement is not about an object that was deleted.

        One statement a round for every thousand records; a chain that does not end within `CHAIN_MAX` rounds is cut.
        """
        found: dict[RecordPlace, list[StoredFact]] = {}
        cut: set[RecordPlace] = set()
        ahead = set(touched)
        for _ in range(CHAIN_MAX):
            rows = await self._read(ahead)
            for place in ahead:
                found[place] = distinct_rows(filter(counts, rows.get(place, ())))
                if len(found[place]) > STATEMENTS_MAX:
                    cut.add(place)
            rows_ahead = (row for place in ahead for row in found[place] if row.related)
            ahead = {other for row in rows_ahead for other in row.related_places} - found.keys()
            if not ahead:
                break
        return GatheredFacts(found, frozenset(cut | ahead))

    async def _read(self, places: Collection[RecordPlace]) -> dict[RecordPlace, list[StoredFact]]:
        by_place: defaultdict[RecordPlace, list[StoredFact]] = defaultdict(list)
        remaining = iter(sorted(places))
        while some := list(islice(remaining, PLACES_AT_ONCE)):
            parameters = {"places": some, "limit": STATEMENTS_MAX + 1}
            for row in (await self._clickhouse.query(READ_FACTS, parameters)).rows:
                stored = StoredFact(*row)
                by_place[stored.place].append(stored)
        return by_place

    async def _insert(self, table: str, types: Mapping[str, pa.DataType], rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        columns = zip(*rows, strict=True)
        block = pa.table({name: pa.array(values, types[name]) for name, values in zip(types, columns, strict=True)})
        await self._clickhouse.insert_arrow(table, block, {"async_insert": 0})
