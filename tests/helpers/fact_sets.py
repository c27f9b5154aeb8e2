"""What the worker does with facts, without its stores: a set of statements, folds over chains, and a refresh."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import orjson

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import read_structured
from crosslook.contracts.records import Address, Admitted
from crosslook.contracts.schemas import SchemaState
from crosslook.contracts.topics import RECORDS
from crosslook.integrations.interface import (
    Connection,
    ContactDetails,
    Fact,
    FoldedState,
    Integration,
    RecordGone,
    WebhookMessage,
    WholeRecord,
)
from crosslook.integrations.publication import (
    RecordMessage,
    StatedFact,
    counted,
    fact_content,
    fold_version,
    record_message,
)
from services.snapshot_service.domain.compaction import BuiltRecord, ContactReferences, compact, first_occurrences

TENANT = "acme"


@dataclass(slots=True)
class FactSet:
    """The statements about one connection, as the table keeps them: each distinct one once."""

    integration: Integration
    connection: Connection
    contacts: dict[str, ContactDetails] = field(default_factory=dict)
    _stated: dict[str, dict[tuple[str, bytes], StatedFact]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, messages: Iterable[WebhookMessage]) -> list[RecordMessage]:
        """Store what a batch of messages states, and publish every record that it touches. Raises Unmappable."""
        touched: set[str] = set()
        for message in messages:
            for fact in self.integration.facts(message):
                touched.add(fact.record)
                statement = StatedFact(fact, self.integration.manifest.mapper)
                self._stated[fact.record][fact.key, fact_content(fact)] = statement
        chains = {frozenset(self._chain(record)) for record in touched}
        return [message for chain in sorted(chains, key=sorted) for message in self._published(chain)]

    def states(self, record: str) -> list[FoldedState]:
        """What the fold makes of a record's chain now."""
        return list(self.integration.fold(counted(self._statements(self._chain(record))), self.connection))

    def facts(self) -> list[Fact]:
        """Everything that is stated."""
        return [statement.fact for stated in self._stated.values() for statement in stated.values()]

    def _chain(self, record: str) -> set[str]:
        found, ahead = set[str](), {record}
        while ahead:
            found |= ahead
            stated = self._statements(ahead)
            ahead = {related for statement in stated for related in statement.fact.related} - found
        return found

    def _statements(self, records: Iterable[str]) -> list[StatedFact]:
        return [statement for record in records for statement in self._stated.get(record, {}).values()]

    def _published(self, chain: Iterable[str]) -> Iterable[RecordMessage]:
        stated = self._statements(chain)
        version = fold_version(stated)
        for state in self.integration.fold(counted(stated), self.connection):
            if isinstance(state, WholeRecord | RecordGone):
                yield record_message(TENANT, self.connection, version, state)
            elif isinstance(state, ContactDetails):
                self.contacts[state.email] = state


class _OneSchema:
    def __init__(self, integration: Integration, connection: Connection) -> None:
        definition = integration.define(connection.object, connection.options)
        self._state = SchemaState(tenant=TENANT, object=connection.object, version=1, definition=definition)

    def tenant_known(self, tenant: str) -> bool:
        return tenant == TENANT

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return self._state if object_slug == self._state.object else None


@dataclass(slots=True)
class RefreshedFacts:
    """Refreshes of what was published, by the reference of the refresh. `received_ms`: when all of it arrived."""

    integration: Integration
    connection: Connection
    received_ms: int
    _rows: dict[str, BuiltRecord] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _offset: int = 0

    def refresh(self, published: Sequence[RecordMessage]) -> dict[str, BuiltRecord]:
        """The live records after one more refresh. Raises ValueError where admission refuses an event."""
        admission = Admission(_OneSchema(self.integration, self.connection))
        staged = []
        for message in published:
            admitted = admission.admit(read_structured(orjson.loads(message.value), 0), self.received_ms)
            if not isinstance(admitted, Admitted):
                raise ValueError(f"refused: {admitted}")
            staged.append((admitted, Address(RECORDS.name, 0, self._offset, self.received_ms)))
            self._offset += 1
        fresh = [item for item in first_occurrences(staged) if item[0].event_id not in self._seen]
        self._seen |= {admitted.event_id for admitted, _ in staged}
        self._rows = compact(self._rows, fresh, {}, ContactReferences({}))
        return {record: row for record, row in self._rows.items() if row.whole is not None}
