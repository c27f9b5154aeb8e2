"""A tenant's history through `compact()`, beside the same history through the real ingest and SQL."""

from collections.abc import Collection, Iterable, Mapping
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
from services.snapshot_service.domain.link_aliases import LinkAlias, newest_aliases
from services.snapshot_service.domain.merging import merge_aliases
from tests.helpers.builders import Event


class Reference:
    """Tickets and contacts of one tenant. `many`: the ticket's relationships."""

    def __init__(self, schemas: SchemaLookup, many: Mapping[str, bool]) -> None:
        self._admission = Admission(schemas)
        self._many = many
        self._sent: dict[tuple[int, int], Event] = {}
        self._seen: dict[str, set[tuple[int, int]]] = {"ticket": set(), "contact": set()}
        self._received: dict[tuple[int, int], int] = {}
        self._forgotten: set[tuple[int, int]] = set()
        self._aliases: dict[str, LinkAlias] = {}
        self.too_late = 0
        self.rows: dict[str, dict[str, BuiltRecord]] = {"ticket": {}, "contact": {}}

    def take(self, sent: Event, position: tuple[int, int]) -> None:
        """Record an event and its offset on the topic."""
        self._sent[position] = sent

    def name(self, aliases: Iterable[LinkAlias]) -> None:
        """Take aliases; of equal versions the last counts."""
        for alias in newest_aliases(aliases):
            known = self._aliases.get(alias.reference)
            if known is None or alias.version >= known.version:
                self._aliases[alias.reference] = alias

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
            self._merge(firsts, people, horizon)
            contacts = compact(contacts, people, {}, ContactReferences({}), horizon)
        self._forgotten = self._sent.keys() - received_ms.keys()
        tickets = [staged_event for staged_event in fresh if staged_event[0].object == "ticket"]
        references = ContactReferences.of(contacts, {name: alias.targets for name, alias in self._aliases.items()})
        rows = compact(self.rows["ticket"], tickets, self._many, references, horizon)
        for name, new in (("contact", contacts), ("ticket", rows)):
            if name in failed:
                continue
            if name not in carried:
                self.rows[name] = new
            assert _visible(self.rows[name]) == _visible(new)

    def _merge(self, firsts: list[Staged], fresh: list[Staged], horizon: Horizon) -> None:
        before = self.rows["contact"]
        late = [staged for staged in fresh if too_late(*staged, before.get(staged[0].record), horizon)]
        staged = [
            first
            for first in firsts
            if first[0].object == CONTACT and first not in late and _position(first) not in self._forgotten
        ]
        merged = {name.removeprefix("id:") for name in self._aliases if name.startswith("id:")}
        self.name(merge_aliases(before, staged, [event for event in fresh if event not in late], merged))

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
