"""From stored facts to record events: which statements count, and the event that a fold publishes.

An event's time is that of the newest fact, its sequence the number of statements, its id a hash of all it says. A fold
over more facts has a greater (time, sequence) than one over fewer, so events may be published in any order, by any
worker and more than once: the last state wins in the refresh, and a repeat changes nothing.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.events import DELETED, UPSERTED
from crosslook.contracts.ids import record_key
from crosslook.integrations.interface import Connection, Fact, RecordGone, WholeRecord


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A fact as it is stored, with the number of the mapper that read it."""

    fact: Fact
    mapper: int = 1

    @property
    def precedence(self) -> tuple[int, int, int, int, bytes]:
        """Of facts with one key the greatest counts; the content decides last, so that arrival never does."""
        fact = self.fact
        return self.mapper, fact.version, fact.time_ms, fact.order, fact_content(fact)


class FoldVersion(NamedTuple):
    """The place of a fold's event in its record's order: milliseconds since the epoch, number of statements."""

    time_ms: int
    sequence: int


class RecordMessage(NamedTuple):
    """A message for the records topic: a structured CloudEvent."""

    key: bytes
    value: bytes


def fact_data(fact: Fact) -> bytes:
    """The `data` of a fact as canonical JSON."""
    return exact_json.dumps(fact.data, sorted_keys=True)


def fact_content(fact: Fact, data: bytes = b"") -> bytes:
    """All that a fact says but its place, as canonical JSON: equal facts have equal bytes. `data`: its `fact_data`
    where that is known already."""
    said = orjson.Fragment(data or fact_data(fact))
    return exact_json.dumps([fact.kind, fact.time_ms, fact.order, fact.version, sorted(fact.related), said])


def counted(stated: Iterable[StatedFact]) -> list[Fact]:
    """One fact per record and key, in the order of (time, order, record, key)."""
    best: dict[tuple[str, str], StatedFact] = {}
    for statement in stated:
        place = (statement.fact.record, statement.fact.key)
        if place not in best or statement.precedence > best[place].precedence:
            best[place] = statement
    return sorted((found.fact for found in best.values()), key=fact_order)


def fact_order(fact: Fact) -> tuple[int, int, str, str]:
    """What facts are sorted by: the vendor's time, then their names."""
    return fact.time_ms, fact.order, fact.record, fact.key


def fold_version(stated: Sequence[StatedFact]) -> FoldVersion:
    """The version of what these statements fold to; each distinct statement once."""
    return FoldVersion(max(statement.fact.time_ms for statement in stated), len(stated))


def record_message(
    tenant: str, connection: Connection, version: FoldVersion, state: WholeRecord | RecordGone, since_version: int = 0
) -> RecordMessage:
    """The event that says so: a whole record, or its deletion. Its source is `/integrations/<name>`. `since_version`:
    at which the object was created: what is stated again about the next object of that name is not a repeat."""
    data: dict[str, Any] = {
        "tenant": tenant,
        "object": connection.object,
        "record": state.record,
        "sequence": version.sequence,
    }
    if isinstance(state, WholeRecord):
        data |= {"fields": dict(state.fields), "relationships": _named(state.relationships)}
    kind = UPSERTED if isinstance(state, WholeRecord) else DELETED
    return event_message(f"/integrations/{connection.name}", kind, version, data, since_version)


def _named(relationships: Mapping[str, Sequence[Mapping[str, str]]]) -> dict[str, Any]:
    return {slug: [dict(reference) for reference in references] for slug, references in relationships.items()}


def event_message(
    source: str, kind: str, version: FoldVersion, data: dict[str, Any], since_version: int = 0
) -> RecordMessage:
    """The event of a type about the record that `data` names. Its id is a hash of it and of `since_version`."""
    time = datetime.fromtimestamp(version.time_ms / 1000, UTC).isoformat(timespec="milliseconds")
    event = {
        "specversion": "1.0",
        "source": source,
        "type": kind,
        "time": time.replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": data,
    }
    said = exact_json.dumps(event, sorted_keys=True)
    named = hashlib.sha256(b"%d:%s" % (since_version, said)).hexdigest()[:32]
    value = b'{"id":"%s",%s' % (named.encode(), said[1:])
    return RecordMessage(record_key(data["tenant"], data["object"], data["record"]), value)
