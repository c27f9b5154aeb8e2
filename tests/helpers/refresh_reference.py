"""A tenant's history through `compact()`, beside the same history through the real ingest and SQL."""

from collections.abc import Collection, Mapping
from typing import Any

from crosslook.contracts.admission import Admission, SchemaLookup
from crosslook.contracts.events import read_structured
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.records import Address, Admitted
from crosslook.contracts.topics import RECORDS
from services.snapshot_service.domain.compaction import (
    FOREVER,
    BuiltRecord,
    ContactReferences,
    Horizon,
    Staged,
    compact,
    first_occurrences,
    too_late,
)
from tests.helpers.builders import Event


class Reference:
    """Tickets and contacts of one tenant. `many`: the ticket's relationships."""

    def __init__(self, schemas: SchemaLookup, many: Mapping[str, bool]) -> None:
        self._admission = Admission(schemas)
        self._many = many
        self._sent: dict[tuple[int, int], Event] = {}
        self._seen: dict[str, set[tuple[int, int]]] = {"ticket": set(), "contact": set()}
        self._received: dict[tuple[int, int], int] = {}
        self.too_late = 0
        self.rows: dict[str, dict[str, BuiltRecord]] = {"ticket": {}, "contact": {}}

    def take(self, sent: Event, position: tuple[int, int]) -> None:
        """Record an event and its offset on the topic."""
        self._sent[position] = sent

    def refresh(
        self,
        received_ms: dict[tuple[int, int], int],
        horizon: Horizon = FOREVER,
        carried: Collection[str] = (),
        failed: Collection[str] = (),
    ) -> None:
        """`received_ms`: when the broker took the events at positions that still lie in staging. Objects that were
        carried over must show what a rebuild would have made, and keep what it would have forgotten; those that failed
        stay as they were, and see their events the next time."""
        self._received |= received_ms
        firsts = first_occurrences(self._staged(position, self._received[position]) for position in self._sent)
        fresh = [first for first in firsts if first[0].object not in failed and self._is_new(first)]
        for name in self._seen.keys() - set(failed):
            self._seen[name] |= self._sent.keys()
        self.too_late = sum(
            too_late(*staged_event, self.rows[staged_event[0].object].get(staged_event[0].record), horizon)
            for staged_event in fresh
        )
        people = [staged_event for staged_event in fresh if staged_event[0].object == CONTACT]
        contacts = self.rows["contact"]
        if CONTACT not in failed:
            contacts = compact(contacts, people, {}, ContactReferences({}), horizon)
        tickets = [staged_event for staged_event in fresh if staged_event[0].object == "ticket"]
        rows = compact(self.rows["ticket"], tickets, self._many, ContactReferences.of(contacts), horizon)
        for name, new in (("contact", contacts), ("ticket", rows)):
            if name in failed:
                continue
            if name not in carried:
                self.rows[name] = new
            assert _visible(self.rows[name]) == _visible(new)

    def _is_new(self, staged: Staged) -> bool:
        return _position(staged) not in self._seen[staged[0].object]

    def _staged(self, position: tuple[int, int], received_ms: int) -> Staged:
        admitted = self._admission.admit(read_structured(self._sent[position], received_ms), received_ms)
        assert isinstance(admitted, Admitted)
        return admitted, Address(RECORDS.name, *position, received_ms)


def _visible(rows: dict[str, BuiltRecord]) -> dict[str, Any]:
    return {record: (row.whole, row.links) for record, row in rows.items() if row.whole is not None}


def _position(staged: Staged) -> tuple[int, int]:
    return staged[1].partition, staged[1].offset
