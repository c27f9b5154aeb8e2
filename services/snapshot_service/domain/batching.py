"""From decisions about events to columns: what one chunk inserts, and how an insert of it is named."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from crosslook.contracts.records import Address, Admitted, Quarantined

Column = list[Any]


@dataclass(slots=True)
class Chunk:
    """What was read in one go and decided: rows for staging and for quarantine, and the offsets to commit after."""

    topic: str
    staged: list[tuple[Admitted, Address]] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    first: dict[int, int] = field(default_factory=dict)
    next_offsets: dict[int, int] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """Names exactly these offset ranges. Two chunks with the same token hold the same events."""
        ranges = (f"{p}:{self.first[p]}-{self.next_offsets[p]}" for p in sorted(self.first))
        return f"{self.topic}:{','.join(ranges)}"


def staging_columns(rows: Sequence[tuple[Admitted, Address]]) -> dict[str, Column]:
    """The columns of `record_log`, in its order. Times are milliseconds since the epoch."""
    return {
        "tenant": [row.tenant for row, _ in rows],
        "object": [row.object for row, _ in rows],
        "record": [row.record for row, _ in rows],
        "kind": [int(row.kind) for row, _ in rows],
        "event_time": [row.time_ms for row, _ in rows],
        "sequence": [row.sequence for row, _ in rows],
        "source": [row.source for row, _ in rows],
        "event_id": [row.event_id for row, _ in rows],
        "partition": [address.partition for _, address in rows],
        "offset": [address.offset for _, address in rows],
        "schema_version": [row.schema_version for row, _ in rows],
        "fields": [row.fields for row, _ in rows],
        "references": [row.references for row, _ in rows],
        "external_ids": [row.external_ids for row, _ in rows],
        "received_at": [address.received_ms for _, address in rows],
    }


def quarantine_columns(rows: Sequence[Quarantined]) -> dict[str, Column]:
    """The columns of `quarantine`, in its order. The message is kept as code and values, to be told in any language."""
    refused = [row.refused for row in rows]
    problems = [one.problem for one in refused]
    addresses = [row.address for row in rows]
    return {
        "id": [f"{a.topic}-{a.partition}-{a.offset}" for a in addresses],
        "tenant": [one.tenant for one in refused],
        "object": [one.object for one in refused],
        "record": [one.record for one in refused],
        "source": [one.source for one in refused],
        "event_id": [one.event_id for one in refused],
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
