"""Turns the decided events of a chunk into columns and insert tokens."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from crosslook.contracts.records import Address, Admitted, Quarantined

ColumnValues = list[Any]


@dataclass(slots=True)
class Chunk:
    """The messages of one read, decided: rows for staging and for quarantine, and the offsets to commit after."""

    topic: str
    staged: list[tuple[Admitted, Address]] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)
    next_offsets: dict[int, int] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """Names exactly these offset ranges. Two chunks with the same token hold the same events, which may have been
        decided by different schemas."""
        ranges = (f"{p}:{self.first[p]}-{self.next_offsets[p]}" for p in sorted(self.first))
        return f"{self.topic}:{','.join(ranges)}"


def staging_columns(rows: Sequence[tuple[Admitted, Address]]) -> dict[str, ColumnValues]:
    """The columns of `record_log`, in its order. Times are milliseconds since the epoch. There must be a row.

    Turned over in one go: column by column, each row would have left the processor's cache before its next turn.
    """
    event = dict(zip(Admitted._fields, map(list, zip(*[admitted for admitted, _ in rows], strict=True)), strict=True))
    address = dict(zip(Address._fields, map(list, zip(*[place for _, place in rows], strict=True)), strict=True))
    return {
        "tenant": event["tenant"],
        "object": event["object"],
        "record": event["record"],
        "kind": [int(kind) for kind in event["kind"]],
        "event_time": event["time_ms"],
        "sequence": event["sequence"],
        "source": event["source"],
        "event_id": event["event_id"],
        "partition": address["partition"],
        "offset": address["offset"],
        "schema_version": event["schema_version"],
        "fields": event["fields"],
        "references": event["references"],
        "external_ids": event["external_ids"],
        "received_at": address["received_ms"],
    }


def quarantine_columns(rows: Sequence[Quarantined]) -> dict[str, ColumnValues]:
    """The columns of `quarantine`, in its order. Messages are kept as code and values, to be shown in any language."""
    refused = [row.refused for row in rows]
    problems = [refusal.problem for refusal in refused]
    addresses = [row.address for row in rows]
    return {
        "id": [f"{a.topic}-{a.partition}-{a.offset}" for a in addresses],
        "tenant": [refusal.tenant for refusal in refused],
        "object": [refusal.object for refusal in refused],
        "record": [refusal.record for refusal in refused],
        "source": [refusal.source for refusal in refused],
        "event_id": [refusal.event_id for refusal in refused],
        "code": [problem.code for problem in problems],
        "pointer": [problem.pointer for problem in problems],
        "text": [problem.text for problem in problems],
        "values": [orjson.dumps(problem.values) for problem in problems],
        "received_at": [a.received_ms for a in addresses],
        "topic": [a.topic for a in addresses],
        "partition": [a.partition for a in addresses],
        "offset": [a.offset for a in addresses],
        "payload": [row.payload or b"" for row in rows],
        "header_names": [[name for name, _ in row.headers] for row in rows],
        "header_values": [[value or b"" for _, value in row.headers] for row in rows],
        "key": [row.key or b"" for row in rows],
    }
