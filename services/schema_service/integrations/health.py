"""The health of connections: what all replicas have stored of it, and what this process has counted since.

A message counts in memory, at once; `HealthSaver` stores what was counted. Each replica stores its own part of a
connection's health, and the report adds them up, so that every replica shows the same (decision 46).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from crosslook.contracts.health import SlotClaim, StoredHealth, health_key, slot_key, slot_of
from crosslook.contracts.integrations import IntegrationState
from crosslook.integrations.interface import VendorLimit
from crosslook.platform.clock import Clock
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.log_store.protocol import LogChange, LogView
from services.schema_service.domain.stored_health import (
    CountedHealth,
    document_of,
    own_part,
    read_health,
    total_health,
)
from services.schema_service.domain.webhook_health import ConnectionHealth, HealthReport, IntakeOutcome
from services.schema_service.integrations.catalog import AvailableIntegrations


class CountedConnection(NamedTuple):
    """Names a connection."""

    tenant: str
    name: str


class _Sent(NamedTuple):
    """Counts that were sent to the log and have not been read from it yet: whether they are stored is not known."""

    name: CountedConnection
    value: bytes
    counted: CountedHealth


class IntegrationHealth:
    """The health of all connections. Nothing here waits.

    A count is in exactly one place: in memory until it is sent, among those sent until this process has read it from
    the log, then in the log. So it is never missing from a report, and never in it twice.
    """

    def __init__(
        self, view: LogView, connected: IntegrationsFeed, available: AvailableIntegrations, clock: Clock
    ) -> None:
        self._view = view
        self._connected = connected
        self._available = available
        self._clock = clock
        self._slots: set[int] = set()
        self._unsaved: dict[CountedConnection, CountedHealth] = {}
        self._sent: dict[str, _Sent] = {}
        for entry in view.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        view.on_change(self._apply)

    def count(self, state: IntegrationState, outcome: IntakeOutcome) -> None:
        """Count an outcome. An outcome of an earlier connection of the same name does not count."""
        name = CountedConnection(state.tenant, state.name)
        counted = self._unsaved.get(name)
        if counted is None or counted.connected_at < state.connected_at:
            counted = self._unsaved[name] = CountedHealth(state.connected_at, ConnectionHealth())
        if counted.connected_at == state.connected_at:
            counted.health.count(outcome, self._limit(state), self._clock.now())

    def report(self, state: IntegrationState) -> HealthReport:
        """The health of a connection, at all replicas together."""
        name = CountedConnection(state.tenant, state.name)
        parts = [*map(read_health, self._documents(name)), *self._in_memory(name)]
        return total_health(parts, state.connected_at).report(self._limit(state), self._clock.now())

    def claims(self) -> dict[int, SlotClaim]:
        """The last claim of each slot."""
        found = (self._view.get(slot_key(slot)) for slot in sorted(self._slots))
        claims = (SlotClaim.decode(entry.value) for entry in found if entry is not None)
        return {claim.slot: claim for claim in claims}

    @property
    def is_unsaved(self) -> bool:
        """Whether anything was counted that may not be in the log."""
        return bool(self._unsaved or self._sent)

    def unsaved(self) -> list[CountedConnection]:
        """The connections with counts that were not sent yet."""
        return list(self._unsaved)

    def send(self, names: Iterable[CountedConnection], slot: int) -> dict[str, bytes | None]:
        """What to write in a slot, so that nothing is left unsaved of these connections. From now on their counts are
        among those sent; those of connections that are gone are forgotten."""
        changes: dict[str, bytes | None] = {}
        for name in names:
            counted = self._unsaved.pop(name)
            document = self.next_document(name, slot, counted)
            if document is not None:
                value = changes[document.key] = document.encode()
                self._sent[document.key] = _Sent(name, value, counted)
        return changes

    def next_document(self, name: CountedConnection, slot: int, counted: CountedHealth) -> StoredHealth | None:
        """What a slot holds of a connection once this was counted, too; None where that connection is gone."""
        state = self._connected.integration(*name)
        if state is None or state.connected_at > counted.connected_at:
            return None
        stored = {document.slot: read_health(document) for document in self._documents(name)}
        own = stored.pop(slot, None)
        part = own_part(own, counted, stored.values(), self._limit(state), self._clock.now())
        return document_of(*name, slot, part)

    def take_back(self) -> None:
        """Count again what was sent and has not arrived, and now never will: the log was read to its end since."""
        for sent in self._sent.values():
            later = self._unsaved.get(sent.name)
            self._unsaved[sent.name] = sent.counted if later is None else sent.counted.followed_by(later)
        self._sent.clear()

    def _documents(self, name: CountedConnection) -> Iterator[StoredHealth]:
        entries = (self._view.get(health_key(*name, slot)) for slot in sorted(self._slots))
        return (StoredHealth.decode(entry.value) for entry in entries if entry is not None)

    def _in_memory(self, name: CountedConnection) -> Iterator[CountedHealth]:
        yield from (sent.counted for sent in self._sent.values() if sent.name == name)
        if name in self._unsaved:
            yield self._unsaved[name]

    def _limit(self, state: IntegrationState) -> VendorLimit:
        integration = self._available.integration(state.kind)
        return integration.manifest.limit if integration is not None else None

    def _apply(self, change: LogChange) -> None:
        slot = slot_of(change.key)
        if slot is None:
            return
        self._slots.add(slot)
        sent = self._sent.get(change.key)
        if sent is not None and change.entry is not None and change.entry.value == sent.value:
            del self._sent[change.key]
