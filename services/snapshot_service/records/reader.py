"""Finds one record: in the current snapshot, in staging and in quarantine."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from crosslook.contracts.documents import UnreadableDocument
from crosslook.contracts.ids import CONTACT, ObjectKey
from crosslook.contracts.layouts import Layout, recorded_layout
from crosslook.contracts.manifests import Entry, Manifest, UnreadableEntry
from crosslook.contracts.positions import as_array, partition_count
from crosslook.contracts.records import EventKind
from crosslook.contracts.schemas import SchemaState
from crosslook.contracts.values import milliseconds
from crosslook.platform.clickhouse import ClickHouse, QueryResult, Settings
from crosslook.platform.clock import Clock
from crosslook.platform.errors import EntryUnreadable
from crosslook.platform.feeds import SnapshotFeed
from services.snapshot_service.domain.outcomes import Place, RecordOutcomes, SeenEvent, decide_outcomes
from services.snapshot_service.domain.record_facts import (
    EVENTS_SHOWN,
    RecordFacts,
    RecordLink,
    ShownEvent,
    StoredRow,
    merged_hits,
    newest,
    record_state,
    refused_event,
    row_fields,
    row_links,
    staged_event,
)
from services.snapshot_service.domain.record_history import BuiltObject, history_of
from services.snapshot_service.records.merged import remaining
from services.snapshot_service.records.statements import (
    ENTRIES,
    FIRST_ARRIVALS,
    QUARANTINED,
    QUARANTINED_COUNT,
    STAGED,
    STAGED_COUNT,
    WAITING_CONTACTS,
    contacts_statement,
    rows_statement,
)
from services.snapshot_service.refresh.entries import Entries

READ_MOST = 1_000
"""So many staged events of a record are read, those that arrived last."""
_SETTINGS: Settings = {"max_threads": 2, "max_execution_time": 10, "max_memory_usage": 1 << 30}
"""A look-up must not take the engine from ingest and refreshes."""

_FirstArrivals = dict[tuple[str, str], tuple[Place, tuple[str, str]]]
"""By source and id the event that arrived first: its place, its object and record."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What is stored about a record, as it was read. `repeated`: by source and id, the record of the event that came
    first, where that is another one."""

    staged: Sequence[SeenEvent]
    staged_count: int
    refused: Sequence[ShownEvent]
    refused_count: int
    firsts: Mapping[tuple[str, str], Place]
    repeated: Mapping[tuple[str, str], tuple[str, str]]


class RecordReader:
    """Reads records of the current snapshot and of what came since. `late_days`: the horizon of refreshes."""

    def __init__(
        self, clickhouse: ClickHouse, entries: Entries, snapshots: SnapshotFeed, clock: Clock, late_days: int
    ) -> None:
        self._clickhouse = clickhouse
        self._entries = entries
        self._snapshots = snapshots
        self._clock = clock
        self._late_days = late_days

    async def find(self, key: ObjectKey, record: str, state: SchemaState | None) -> RecordFacts:
        """Everything that is known of a record. `state`: the object's schema, None where it does not exist.

        Raises ClickHouseError, EntryUnreadable.
        """
        named = {"tenant": key.tenant, "object": key.object, "record": record}
        manifests = _chain(self._snapshots)
        (chain, layout, row), stored = await asyncio.gather(self._shown(manifests, key, named), self._stored(named))
        current = chain[-1] if chain else None
        compared = len(stored.staged) == stored.staged_count
        whole = bool(manifests) and manifests[0].previous is None and compared
        history = history_of(state, chain, whole, self._late_days, milliseconds(self._clock.now()))
        seen, firsts = _with_base(stored, row)
        outcomes = decide_outcomes(seen, history, firsts, compared=compared)
        failed = _failed(current, key)
        events = [*_staged_events(seen, outcomes, stored, failed), *stored.refused]
        shown, known = newest(events), max(stored.staged_count, len(seen)) + stored.refused_count
        visible = row.shown if layout is not None else None
        return RecordFacts(
            state=record_state(row, live=outcomes.live, deleted=outcomes.deleted, events=events),
            manifest=current.manifest if current is not None else None,
            fields=row_fields(visible, layout) if visible is not None and layout is not None else None,
            external_ids=tuple(visible["external_ids"]) if visible is not None and layout and layout.contact else None,
            links=await self._links(key, visible, layout, current),
            events=shown,
            events_omitted=known - len(shown),
            failed=failed,
        )

    async def _query(self, sql: str, parameters: Mapping[str, Any]) -> QueryResult:
        return await self._clickhouse.query(sql, parameters, _SETTINGS)

    async def _shown(
        self, manifests: Sequence[Manifest], key: ObjectKey, named: Mapping[str, str]
    ) -> tuple[list[BuiltObject], Layout | None, StoredRow]:
        """The snapshots with the object's entries, and the record's rows in the last of them."""
        chain = await self._built(manifests, key)
        entry = chain[-1].entry if chain else None
        if entry is None:
            return chain, None, StoredRow()
        layout = recorded_layout(entry.layout, entry.definition)
        rows = await self._query(rows_statement(layout), {**named, "build": entry.build})
        return chain, layout, StoredRow.of(rows.dicts())

    async def _built(self, manifests: Sequence[Manifest], key: ObjectKey) -> list[BuiltObject]:
        """The snapshots with the object's entries. An old entry that cannot be read hides what came before it."""
        names = [manifest.snapshot for manifest in manifests]
        if not names:
            return []
        parameters = {"snapshots": names, "tenant": key.tenant, "object": key.object}
        rows = {row["snapshot"]: row for row in (await self._query(ENTRIES, parameters)).dicts()}
        built: list[BuiltObject] = []
        for manifest in manifests:
            row = rows.get(manifest.snapshot)
            try:
                built.append(BuiltObject(manifest, Entry.of_row(row) if row is not None else None))
            except UnreadableDocument:
                if manifest is manifests[-1]:
                    raise EntryUnreadable(key.object) from None
                built.clear()
        return built

    async def _stored(self, named: Mapping[str, str]) -> _Stored:
        (events, staged_count, firsts), (refused, refused_count) = await asyncio.gather(
            self._staged(named), self._refused(named)
        )
        mine = (named["object"], named["record"])
        return _Stored(
            events,
            staged_count,
            refused,
            refused_count,
            {identity: place for identity, (place, _) in firsts.items()},
            {identity: of for identity, (_, of) in firsts.items() if of != mine},
        )

    async def _staged(self, named: Mapping[str, str]) -> tuple[list[SeenEvent], int, _FirstArrivals]:
        """The last staged events, how many there are, and which event came first under their identities."""
        rows = (await self._query(STAGED, {**named, "limit": READ_MOST})).dicts()
        events = [_seen(row) for row in rows]
        count = await self._count(STAGED_COUNT, named) if len(events) == READ_MOST else len(events)
        return events, count, await self._firsts(named["tenant"], events)

    async def _refused(self, named: Mapping[str, str]) -> tuple[list[ShownEvent], int]:
        """The last events in quarantine, and how many there are."""
        rows = (await self._query(QUARANTINED, {**named, "limit": EVENTS_SHOWN})).dicts()
        events = [refused_event(row, orjson.loads(row["values"] or "{}")) for row in rows]
        count = await self._count(QUARANTINED_COUNT, named) if len(events) == EVENTS_SHOWN else len(events)
        return events, count

    async def _count(self, sql: str, named: Mapping[str, str]) -> int:
        return int((await self._query(sql, named)).scalar())

    async def _firsts(self, tenant: str, events: Sequence[SeenEvent]) -> _FirstArrivals:
        """By source and id the event of the tenant that arrived first: its place, its object and record."""
        ids = sorted({event.event_id for event in events})
        if not ids:
            return {}
        rows = (await self._query(FIRST_ARRIVALS, {"tenant": tenant, "ids": ids})).rows
        return {(source, event_id): (tuple(place), tuple(of)) for source, event_id, place, of in rows}

    async def _links(
        self, key: ObjectKey, row: Mapping[str, Any] | None, layout: Layout | None, current: BuiltObject | None
    ) -> list[RecordLink]:
        """The links of a row, each with the reason if it did not resolve."""
        if row is None or layout is None or current is None:
            return []
        merged, joined = merged_hits(row, layout)
        links = row_links(row, layout, await remaining(self._query, key.tenant, merged, joined))
        unknown = sorted({link.value for link in links if link.reason == "no_contact" and link.form == "id"})
        reasons = await self._reasons(key, unknown, current.manifest) if unknown else {}
        return [
            replace(link, reason=reasons.get(link.value, link.reason)) if link.value in unknown else link
            for link in links
        ]

    async def _reasons(self, key: ObjectKey, contacts: Sequence[str], manifest: Manifest) -> dict[str, str]:
        """Why contacts that are named by their ids are not in the snapshot, of those about which something is known."""
        entry = await self._entries.entry(manifest.snapshot, ObjectKey(key.tenant, CONTACT))
        if isinstance(entry, UnreadableEntry):
            raise EntryUnreadable(CONTACT)
        watermark = entry.watermark if entry is not None else manifest.watermark
        named = {"tenant": key.tenant, "records": list(contacts)}
        low = as_array(watermark, partition_count(watermark))
        waiting = await self._query(WAITING_CONTACTS, {**named, "low": low})
        reasons = {record: "contact_waiting" for (record,) in waiting.rows}
        if entry is None:
            return reasons
        stored = contacts_statement(recorded_layout(entry.layout, entry.definition))
        rows = (await self._query(stored, {**named, "build": entry.build})).rows
        return {record: "contact_deleted" for record, deleted in rows if deleted} | reasons


def _chain(snapshots: SnapshotFeed) -> list[Manifest]:
    """The current snapshot and those that it was made from, the oldest first, as far as they are retained."""
    chain: list[Manifest] = []
    manifest = snapshots.current()
    while manifest is not None and manifest not in chain:
        chain.append(manifest)
        manifest = snapshots.manifest(manifest.previous) if manifest.previous is not None else None
    return chain[::-1]


def _seen(row: Mapping[str, Any]) -> SeenEvent:
    version = (row["time_ms"], row["sequence"], row["partition"], row["offset"])
    identity = row["sender"], row["event_id"]
    return SeenEvent(EventKind(row["kind"]), version, row["received_ms"], *identity, row["schema_version"])


def _with_base(stored: _Stored, row: StoredRow) -> tuple[list[SeenEvent], Mapping[tuple[str, str], Place]]:
    """The staged events and which of them are firsts, with the event that won where staging does not have it any
    more."""
    base, places = row.event, {event.place for event in stored.staged}
    if base is None or base.place in places:
        return list(stored.staged), stored.firsts
    return [*stored.staged, base], {**stored.firsts, (base.source, base.event_id): base.place}


def _failed(current: BuiltObject | None, key: ObjectKey) -> str:
    if current is None:
        return ""
    failure = current.manifest.failures_of(key.tenant).get(key.object)
    return failure.reason if failure is not None else ""


def _staged_events(
    seen: Sequence[SeenEvent], outcomes: RecordOutcomes, stored: _Stored, failed: str
) -> list[ShownEvent]:
    shown = []
    for event in seen:
        item = staged_event(event, outcomes.events[event.place], failed)
        of = stored.repeated.get((event.source, event.event_id))
        if of is not None:
            item = replace(item, code="repeated_elsewhere", values={"object": of[0], "record": of[1]})
        shown.append(item)
    return shown
