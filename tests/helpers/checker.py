"""Reads everything back after a fault and compares it with what was sent (as Jepsen's checkers do).

The promises: an acknowledged event is at its place on the broker; every event on the broker ends in exactly one of
staging and quarantine, whole, at its address; nothing is there that was not sent; a committed offset never lies beyond
what is stored. Rows that are there twice are allowed: a refresh counts them once.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from crosslook.contracts.records import EventKind

Place = tuple[int, int]
"""Partition and offset."""
_FUTURE_MS = 5 * 60 * 1000
"""An event further ahead of the broker's append time than this must be refused, whenever a worker comes to read it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as its sender knows it. `fields`: what staging must hold, None for an event that must be refused.

    `time_ms`: the event's time by its sender's clock.
    """

    event_id: str
    record: str
    value: bytes
    time_ms: int
    fields: Mapping[str, Any] | None
    kind: EventKind = EventKind.UPSERT


@dataclass(slots=True)
class History:
    """What senders did. `attempted` by bytes, also what nobody acknowledged; `acknowledged` by place."""

    seed: int
    attempted: dict[bytes, Sent] = field(default_factory=dict)
    acknowledged: dict[Place, Sent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One message on the broker."""

    place: Place
    value: bytes
    append_ms: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of staging (content: its fields) or of quarantine (content: the original bytes; its kind says nothing)."""

    place: Place
    event_id: str
    record: str
    content: bytes
    received_ms: int
    kind: int = EventKind.UPSERT


@dataclass(frozen=True, slots=True)
class Found:
    """What was read back: in this order, so that a running worker cannot make it look wrong."""

    committed: Mapping[int, int]
    staged: Sequence[Row]
    quarantined: Sequence[Row]
    log: Sequence[Message]

    @property
    def repeats(self) -> int:
        """Rows beyond the first of a place."""
        rows = [*self.staged, *self.quarantined]
        return len(rows) - len({row.place for row in rows})


def check(history: History, found: Found, *, drained: bool) -> None:
    """Print seed and counts; AssertionError with the first broken promise. `drained`: nothing may be left to read."""
    counts = (
        f"seed {history.seed}: {len(history.attempted)} sent, {len(history.acknowledged)} acknowledged, "
        f"{len(found.log)} on the broker, {len(found.staged)} rows staged, {len(found.quarantined)} quarantined, "
        f"{found.repeats} of them repeats, committed {dict(sorted(found.committed.items()))}"
    )
    sys.stdout.write(f"{counts}\n")
    first = next(violations(history, found, drained=drained), None)
    assert first is None, f"{first} ({counts})"


def violations(history: History, found: Found, *, drained: bool) -> Iterator[str]:
    """Every broken promise, a sentence each."""
    log = {message.place: message for message in found.log}
    for place, sent in history.acknowledged.items():
        if place not in log or log[place].value != sent.value:
            yield f"{sent.event_id} was acknowledged at {place} and is not there on the broker"
    for message in found.log:
        if message.value not in history.attempted:
            yield f"{message.value!r} at {message.place} was never sent"
    for name, rows in (("staging", found.staged), ("quarantine", found.quarantined)):
        for row in rows:
            yield from _wrong_row(name, row, log.get(row.place), history)
    stored = {row.place for row in found.staged}
    refused = {row.place for row in found.quarantined}
    for place in sorted(stored & refused):
        yield f"{place} is in staging and in quarantine"
    for partition, offset in sorted(log.keys() - stored - refused):
        if offset < found.committed.get(partition, 0):
            yield f"{(partition, offset)} lies below the committed {found.committed[partition]} and is stored nowhere"
        elif drained:
            yield f"{(partition, offset)} is stored nowhere"


def _event(row: Row) -> tuple[str, str, int, Any]:
    return row.event_id, row.record, row.kind, orjson.loads(row.content)


def _wrong_row(table: str, row: Row, message: Message | None, history: History) -> Iterator[str]:
    sent = history.attempted.get(message.value) if message is not None else None
    if message is None or sent is None:
        yield f"{row.event_id} at {row.place} is in {table} and was never sent"
        return
    if row.received_ms != message.append_ms:
        yield f"{sent.event_id} at {row.place} says {row.received_ms}, the broker appended it at {message.append_ms}"
    good = sent.fields is not None and sent.time_ms <= message.append_ms + _FUTURE_MS
    if (table == "staging") is not good:
        yield f"{sent.event_id} at {row.place} must not be in {table}"
    elif table == "quarantine":
        if row.content != sent.value:
            yield f"{sent.event_id} at {row.place} is in quarantine with other bytes"
    elif _event(row) != (sent.event_id, sent.record, sent.kind, sent.fields):
        yield f"{sent.event_id} at {row.place} is in staging as something else: {row}"
