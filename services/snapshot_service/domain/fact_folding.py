"""From stored facts to what is published: chains of related records, and the fold of each. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, assert_never

from crosslook.contracts import exact_json
from crosslook.contracts.events import MAX_EVENT_BYTES
from crosslook.contracts.problems import Problem
from crosslook.integrations.interface import ContactDetails, Fact, RecordGone, UserAlias, WholeRecord
from crosslook.integrations.publication import (
    FoldVersion,
    RecordMessage,
    StatedFact,
    counted,
    fold_version,
    record_message,
)
from services.snapshot_service.domain.link_aliases import LinkAlias, alias_version
from services.snapshot_service.domain.webhook_mapping import ConnectedIntegration

STATEMENTS_MAX: Final = 20_000
"""Most statements of one record, or of one chain of records, that are folded."""
CHAIN_MAX: Final = 1_000
"""Most records of one chain."""


class RecordPlace(NamedTuple):
    """A vendor's record: whose it is, through which connection, and its id there."""

    tenant: str
    integration: str
    record: str


class StoredFact(NamedTuple):
    """What is stored of a fact, in the order of `READ_FACTS`."""

    tenant: str
    integration: str
    record: str
    key: str
    digest: str
    mapper: int
    kind: str
    time_ms: int
    order: int
    version: int
    related: Sequence[str]
    data: str
    life: str

    @property
    def place(self) -> RecordPlace:
        """The record that it is about."""
        return RecordPlace(self.tenant, self.integration, self.record)

    @property
    def related_places(self) -> list[RecordPlace]:
        """The records that are one with it."""
        return [RecordPlace(self.tenant, self.integration, record) for record in self.related]

    def stated(self) -> StatedFact:
        """The fact as it was stated."""
        data = exact_json.loads(self.data.encode())
        fact = Fact(self.record, self.key, self.kind, self.time_ms, data, self.order, self.version, tuple(self.related))
        return StatedFact(fact, self.mapper)


@dataclass(frozen=True, slots=True)
class Chain:
    """Records that are one together, with everything that is stated about them. `cut`: there is more than is folded."""

    places: frozenset[RecordPlace]
    rows: tuple[StoredFact, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class ContactWish:
    """A person that a tenant's contacts should have, with the fields that a vendor knows."""

    tenant: str
    source: str
    email: str
    fields: Mapping[str, Any]
    version: FoldVersion


@dataclass(slots=True)
class Folded:
    """What a chain makes: events for the records topic, aliases of users, contacts."""

    messages: list[RecordMessage] = field(default_factory=list)
    aliases: list[LinkAlias] = field(default_factory=list)
    contacts: list[ContactWish] = field(default_factory=list)


class FoldRefused(Exception):
    """The chain makes nothing that could be published."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def distinct_rows(rows: Iterable[StoredFact]) -> list[StoredFact]:
    """Each statement about one record once: a repeat may lie in the table until its parts are merged."""
    return list({(row.key, row.digest): row for row in rows}.values())


def chains(found: Mapping[RecordPlace, Sequence[StoredFact]], cut: frozenset[RecordPlace]) -> list[Chain]:
    """The records in groups of those that are related, each with its statements. `cut`: records of which not everything
    was read."""
    leader = {place: place for place in found}

    def lead(place: RecordPlace) -> RecordPlace:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for place, rows in found.items():
        for other in {other for row in rows if row.related for other in row.related_places}:
            leader.setdefault(other, other)
            leader[lead(other)] = lead(place)
    groups: defaultdict[RecordPlace, list[RecordPlace]] = defaultdict(list)
    for place in leader:
        groups[lead(place)].append(place)
    return [_chain(places, found, cut) for places in groups.values()]


def _chain(
    places: list[RecordPlace], found: Mapping[RecordPlace, Sequence[StoredFact]], cut: frozenset[RecordPlace]
) -> Chain:
    rows = tuple(row for place in places for row in found.get(place, ()) if row.mapper > 0)
    whole = len(places) <= CHAIN_MAX and len(rows) <= STATEMENTS_MAX and cut.isdisjoint(places)
    return Chain(frozenset(places), rows, not whole)


def fold_chain(chain: Chain, connected: ConnectedIntegration) -> Folded:
    """What the chain's facts make; nothing where there are none. Raises FoldRefused."""
    if chain.cut:
        raise FoldRefused(Problem("fold_refused", text="fold_refused.facts", values={"limit": STATEMENTS_MAX}))
    folded = Folded()
    if not chain.rows:
        return folded
    try:
        stated = [row.stated() for row in chain.rows]
        version = fold_version(stated)
        for state in connected.integration.fold(counted(stated), connected.connection):
            _add(folded, connected, version, state)
    except FoldRefused:
        raise
    except Exception as error:
        raise FoldRefused(Problem("fold_refused", values={"integration": connected.state.kind})) from error
    return folded


def _add(
    folded: Folded,
    connected: ConnectedIntegration,
    version: FoldVersion,
    state: WholeRecord | RecordGone | UserAlias | ContactDetails,
) -> None:
    match state:
        case WholeRecord() | RecordGone():
            message = record_message(connected.tenant, connected.connection, version, state, connected.since_version)
            if len(message.value) > MAX_EVENT_BYTES:
                raise FoldRefused(Problem("fold_refused", text="fold_refused.size", values={"limit": MAX_EVENT_BYTES}))
            folded.messages.append(message)
        case UserAlias(foreign_id, targets):
            number = alias_version(version.time_ms, version.sequence)
            folded.aliases.append(LinkAlias(connected.tenant, f"external:{foreign_id}", targets, number))
        case ContactDetails(email, fields):
            folded.contacts.append(ContactWish(connected.tenant, connected.source, email, fields, version))
        case unknown:
            assert_never(unknown)
