"""Folds what is stored about records, and publishes what that makes."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Final

from crosslook.contracts.events import STRUCTURED
from crosslook.contracts.problems import Problem
from crosslook.contracts.topics import RECORDS
from crosslook.integrations.publication import RecordMessage
from crosslook.platform.kafka import Publisher
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import WEBHOOK_RECORDS, Meters
from services.snapshot_service.domain.fact_folding import (
    Chain,
    ContactWish,
    Folded,
    FoldRefused,
    RecordPlace,
    StoredFact,
    chains,
    fold_chain,
)
from services.snapshot_service.domain.webhook_mapping import ConnectedIntegration
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.integrations.aliases import LinkAliases
from services.snapshot_service.integrations.connections import ConnectionName, Connections
from services.snapshot_service.integrations.contacts import KnownContacts
from services.snapshot_service.integrations.effects import Effects, side_by_side
from services.snapshot_service.integrations.fact_store import FactStore

_LOG = get_logger(__name__)
HEADERS: Final = (("content-type", STRUCTURED.encode()),)
_AT_ONCE = 500
"""So many messages are given to the producer before it is waited for."""
_FOLDED_AT_ONCE = 50
"""After so many chains other tasks run."""


@dataclass(slots=True)
class Published:
    """What became of the touched records: how many events were published for each chain, by its records, and why others
    could not be folded."""

    events: dict[RecordPlace, int] = field(default_factory=dict)
    refused: dict[RecordPlace, Problem] = field(default_factory=dict)

    def of(self, places: Sequence[RecordPlace]) -> int:
        """How many events were published for these records."""
        return sum(self.events.get(place, 0) for place in places)


class FactPublication:
    """1. read the facts of the touched records and of their chains, 2. fold, 3. publish, and write aliases beside it,
    4. look whether the connections are still the same.

    Another process may fold by newer options at the same time. Of two equal versions the one that was published last
    counts, so what was published by options that had changed meanwhile is published once more.
    """

    def __init__(
        self,
        connections: Connections,
        facts: FactStore,
        aliases: LinkAliases,
        contacts: KnownContacts,
        publisher: Publisher,
        effects: Effects,
        meters: Meters,
        failpoint: Failpoint,
    ) -> None:
        self._connections = connections
        self._facts = facts
        self._aliases = aliases
        self._contacts = contacts
        self._publisher = publisher
        self._effects = effects
        self._meters = meters
        self._failpoint = failpoint

    async def publish(self, touched: Mapping[RecordPlace, ConnectedIntegration]) -> Published:
        """Publish the state of each touched record; what it returned from is durable, and doing it again changes
        nothing. Raises StopService."""
        published = Published()
        left = dict(touched)
        while left:
            await self._fold(left, published)
            used = {(c.tenant, c.connection.name): c for c in left.values()}
            changed = await self._effects.done("look", partial(self._connections.changed, list(used.values())))  # 4
            now = {(c.tenant, c.connection.name): c for c in changed}
            left = {
                place: now[place.tenant, place.integration]
                for place in left
                if (place.tenant, place.integration) in now
            }
        return published

    async def _fold(self, touched: Mapping[RecordPlace, ConnectedIntegration], published: Published) -> None:
        by_connection = {(c.tenant, c.connection.name): c for c in touched.values()}

        def counts(fact: StoredFact) -> bool:
            return self._connections.counts(by_connection[fact.tenant, fact.integration], fact.life)

        gathered = await self._effects.done("read", lambda: self._facts.gather(touched, counts))  # 1
        began = monotonic()
        made = await self._made(chains(gathered.found, gathered.cut), by_connection, published)  # 2
        self._effects.took("fold", monotonic() - began)
        await side_by_side(self._publish(made), self._put_aliases(made))  # 3

    async def _made(
        self,
        found: Sequence[Chain],
        by_connection: Mapping[ConnectionName, ConnectedIntegration],
        published: Published,
    ) -> list[Folded]:
        made, events = [], Counter[str]()
        for number, chain in enumerate(found):
            if number % _FOLDED_AT_ONCE == 0:
                await asyncio.sleep(0)
            place = next(iter(chain.places))
            connected = by_connection[place.tenant, place.integration]
            folded = self._folded(chain, connected, published)
            made.append(folded)
            published.events |= dict.fromkeys(chain.places, len(folded.messages))
            events[connected.state.kind] += len(folded.messages)
        for kind, count in events.items():
            self._meters.add(WEBHOOK_RECORDS, count, kind=kind)
        return made

    async def _publish(self, made: Sequence[Folded]) -> None:
        wishes = [wish for folded in made for wish in folded.contacts]
        records = self._send([message for folded in made for message in folded.messages])
        await side_by_side(records, self._publish_contacts(wishes))
        self._failpoint("published")

    async def _publish_contacts(self, wishes: Sequence[ContactWish]) -> None:
        if wishes:
            await self._send(await self._effects.done("contacts", partial(self._contacts.messages, wishes)))

    async def _put_aliases(self, made: Sequence[Folded]) -> None:
        if aliases := [alias for folded in made for alias in folded.aliases]:
            await self._effects.done("aliases", lambda: self._aliases.put(aliases))
            self._failpoint("aliased")

    def _folded(self, chain: Chain, connected: ConnectedIntegration, published: Published) -> Folded:
        try:
            return fold_chain(chain, connected)
        except FoldRefused as error:
            kind, some = connected.state.kind, min(chain.places)
            _LOG.error("fold_refused", kind=kind, tenant=some.tenant, integration=some.integration, record=some.record,
                       records=len(chain.places), statements=len(chain.rows), exc_info=error.__cause__)  # fmt: skip
            published.refused |= dict.fromkeys(chain.places, error.problem)
            return Folded()

    async def _send(self, messages: Sequence[RecordMessage]) -> None:
        for start in range(0, len(messages), _AT_ONCE):
            some = [(message.key, message.value, HEADERS) for message in messages[start : start + _AT_ONCE]]
            await self._effects.done("publish", partial(self._publisher.publish, RECORDS.name, some))
