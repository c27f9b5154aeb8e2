"""Everything that is stored about one record, put together: its state, its row, its links and its events. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from crosslook.contracts.events import DELETED, KINDS, PATCHED, UPSERTED
from crosslook.contracts.layouts import Layout, Role, field_column, hits_column, links_column, refs_column
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.records import EventKind
from crosslook.contracts.shown import shown_value
from crosslook.contracts.values import BadValue, instant_ms
from services.snapshot_service.domain.outcomes import DecidedEvent, Outcome, SeenEvent

EVENTS_SHOWN = 500
_TYPES = {EventKind.UPSERT: UPSERTED, EventKind.PATCH: PATCHED, EventKind.DELETE: DELETED}


class RecordState(StrEnum):
    """Where a record is (CONTRACTS 4)."""

    IN_REPORTS = "in_reports"
    PENDING = "pending"
    DELETED = "deleted"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """An event about the record. `code` says why where the outcome alone does not; `values` fill its sentence, `text`
    is the sentence's key. `type`, `time_ms`: None where they cannot be read. `quarantine_id`: of a refused event."""

    event_id: str
    source: str
    type: str | None
    time_ms: int | None
    received_ms: int
    partition: int
    offset: int
    outcome: Outcome
    expected: Outcome | None = None
    code: str = ""
    text: str = ""
    values: Mapping[str, str | int] | None = None
    pointer: str = ""
    quarantine_id: str | None = None


@dataclass(frozen=True, slots=True)
class RecordLink:
    """One reference of the record. `contact`: the record that it resolved to; `reason`: why it did not, or why reports
    do not use it, "" where they do."""

    relationship: str
    form: str
    value: str
    contact: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """The answer. `manifest`: the current snapshot. `fields`: None where it does not have the record; `external_ids`
    where it is not a contact. `failed`: why the object is older than its snapshot."""

    state: RecordState
    manifest: Manifest | None
    fields: Mapping[str, Any] | None
    external_ids: tuple[str, ...] | None
    links: Sequence[RecordLink]
    events: Sequence[ShownEvent]
    events_omitted: int
    failed: str


@dataclass(frozen=True, slots=True)
class StoredRow:
    """The rows of a record in a build: `shown`, which reports read, and `base`, that of the event that won."""

    shown: Mapping[str, Any] | None = None
    base: Mapping[str, Any] | None = None

    @staticmethod
    def of(rows: Sequence[Mapping[str, Any]]) -> "StoredRow":
        """From the rows of `rows_statement`."""
        shown = next((row for row in rows if not row["deleted"] and row["role"] != Role.BASE), None)
        return StoredRow(shown, next((row for row in rows if row["role"] != Role.COMPOSED), None))

    @property
    def tombstone(self) -> bool:
        """Whether the build knows that the record was deleted."""
        return self.base is not None and self.shown is None and self.base["role"] == Role.WHOLE

    @property
    def event(self) -> SeenEvent | None:
        """The event that won. Where patches were folded into it, the last of them stands for it."""
        if self.base is None:
            return None
        row = self.base
        version = (row["event_time_ms"], row["sequence"], row["partition"], row["offset"])
        kind = EventKind.DELETE if self.tombstone else EventKind.UPSERT
        return SeenEvent(kind, version, row["received_at_ms"], row["source"], row["event_id"], None)


def record_state(row: StoredRow, *, live: bool, deleted: bool, events: Sequence[ShownEvent]) -> RecordState:
    """The state of a record. `live`, `deleted` as in `outcomes.RecordOutcomes`."""
    if row.shown is not None:
        return RecordState.IN_REPORTS
    if live:
        return RecordState.PENDING
    if deleted or row.tombstone:
        return RecordState.DELETED
    waits = any(event.outcome is Outcome.WAITING for event in events)
    return RecordState.PENDING if waits else RecordState.UNKNOWN


def row_fields(row: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """The fields of a row as answers show them; what is empty is None."""
    values = {slug: shown_value(row[field_column(slug)]) for slug, _ in layout.fields}
    return {slug: None if value == [] else value for slug, value in values.items()}


def merged_hits(row: Mapping[str, Any], layout: Layout) -> tuple[set[str], set[str]]:
    """The contacts that links of a row name but that reports do not join, and those that they join: the former were
    merged, or are not the first of a relationship to one contact."""
    named = {hit for slug, _ in layout.relationships for hit in row[hits_column(slug)] if hit}
    joined = {contact for slug, _ in layout.relationships for contact in row[links_column(slug)]}
    return named - joined, joined


def row_links(row: Mapping[str, Any], layout: Layout, survivors: Mapping[str, str]) -> list[RecordLink]:
    """The references of a row in their order. Of a relationship to one contact the first that resolved counts.
    `survivors`: by merged contact the one that remains."""
    links = []
    for slug, many in layout.relationships:
        used = False
        for reference, hit in zip(row[refs_column(slug)], row[hits_column(slug)], strict=True):
            form, _, value = reference.partition(":")
            reason = "" if hit and (many or not used) else "not_used" if hit else "no_contact"
            links.append(RecordLink(slug, form, value, survivors.get(hit, hit) or None, reason))
            used = used or bool(hit)
    return links


def staged_event(event: SeenEvent, decided: DecidedEvent, failed: str) -> ShownEvent:
    """An event of staging with its outcome. `failed`: why its object could not be refreshed."""
    time_ms, _, partition, offset = event.version
    waits = decided.outcome is Outcome.WAITING and not decided.code and failed != ""
    return ShownEvent(
        event.event_id,
        event.source,
        _TYPES[event.kind],
        time_ms,
        event.received_ms,
        partition,
        offset,
        decided.outcome,
        decided.expected,
        "object_failed" if waits else decided.code,
    )


def refused_event(row: Mapping[str, Any], values: Mapping[str, str | int]) -> ShownEvent:
    """A row of `QUARANTINED`. `values`: of its sentence."""
    return ShownEvent(
        row["event_id"],
        row["source"],
        row["type"] if row["type"] in KINDS else None,
        _time_of(row["time"]),
        row["received_ms"],
        row["partition"],
        row["offset"],
        Outcome.QUARANTINED,
        None,
        row["reason"],
        row["sentence"],
        values,
        row["pointer"],
        row["id"],
    )


def _time_of(sent: str) -> int | None:
    try:
        return instant_ms(sent) if sent else None
    except BadValue:
        return None


def newest(events: Sequence[ShownEvent]) -> list[ShownEvent]:
    """Those that are shown: the last to arrive, the newest first."""
    ordered = sorted(events, key=lambda event: (event.received_ms, event.partition, event.offset), reverse=True)
    return ordered[:EVENTS_SHOWN]
