"""The work on a batch of vendors' messages, from the bytes to the record events (ARCHITECTURE 4b)."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Final

from crosslook.contracts.integrations import WebhookKey
from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Quarantined, Refused
from crosslook.contracts.topics import WEBHOOKS
from crosslook.integrations.interface import Integration
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.kafka import Publisher
from crosslook.platform.metrics import INGEST_LEFT, WEBHOOK_BATCH_SECONDS, WEBHOOK_FACTS, WEBHOOK_MESSAGES, Meters
from services.snapshot_service.domain.fact_folding import RecordPlace
from services.snapshot_service.domain.webhook_mapping import (
    ConnectedIntegration,
    MappedMessage,
    VendorMessage,
    map_message,
    unreadable_problem,
)
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.ingest.insertion import Gate
from services.snapshot_service.ingest.quarantine_quota import Left, QuarantineQuota
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.integrations.aliases import LinkAliases
from services.snapshot_service.integrations.connections import ConnectionName, Connections, FoundConnection
from services.snapshot_service.integrations.contacts import KnownContacts
from services.snapshot_service.integrations.effects import Effects, side_by_side
from services.snapshot_service.integrations.fact_publication import FactPublication, Published
from services.snapshot_service.integrations.fact_store import FactStore, WebhookOutcome
from services.snapshot_service.integrations.refolding import Refolding

_UNKNOWN: Final = "unknown"
_MAPPED_AT_ONCE = 50
"""After so many messages other tasks run."""


@dataclass(frozen=True, slots=True)
class WebhookContext:
    """The stores, logs and limits that the work needs. `kinds`: the integrations of this release. `gate`: whether the
    store may be written to. `retry_seconds`: the first pause before a failed effect is tried again."""

    clickhouse: ClickHouse
    schemas: SchemaFeed
    snapshots: SnapshotFeed
    kinds: Mapping[str, Integration]
    publisher: Publisher
    quota: QuarantineQuota
    gate: Gate
    clock: Clock
    meters: Meters
    retry_seconds: float = 1.0


class WebhookWork:
    """Makes the effects of messages durable. Nothing of a batch is kept in the process, and several may be worked on at
    the same time, here and elsewhere.

    `newest_ms`: when the newest message arrived whose effects are durable, by partition.
    """

    def __init__(
        self,
        connections: Connections,
        refolding: Refolding,
        facts: FactStore,
        publication: FactPublication,
        staging: Staging,
        quota: QuarantineQuota,
        effects: Effects,
        meters: Meters,
        failpoint: Failpoint,
    ) -> None:
        self.connections = connections
        self.refolding = refolding
        self._facts = facts
        self._publication = publication
        self._staging = staging
        self._quota = quota
        self.effects = effects
        self._meters = meters
        self.failpoint = failpoint
        self.newest_ms: dict[int, int] = {}

    async def process(self, messages: Sequence[VendorMessage]) -> None:
        """1. map, 2. store the facts, 3. fold and publish (`FactPublication`), 4. quarantine what cannot be mapped, and
        note what became of each message beside it; the caller acknowledges then.

        After a crash between any two the batch is read again: the facts are the same set, so the same events follow,
        under the same ids. Raises StopService, before anything is acknowledged.
        """
        began = monotonic()
        mapped = await self.map(messages)  # 1
        self.effects.took("map", monotonic() - began)
        self.failpoint("mapped")
        rows = [row for found in mapped for row in found.rows]
        if rows:
            await self.effects.done("store", partial(self._facts.insert, rows))  # 2
            self.failpoint("facts")
        published = await self._publication.publish(_touched(mapped))  # 3
        refused = _refused(mapped, published)
        codes = {found.place: reason.problem.code for found, reason in refused}
        rows_refused = [quarantined_message(found, reason) for found, reason in refused]
        await side_by_side(self._quarantine(rows_refused), self._note(mapped, published, codes))  # 4
        for message in messages:
            self.newest_ms[message.partition] = max(message.timestamp, self.newest_ms.get(message.partition, 0))
        self._meters.observe(WEBHOOK_BATCH_SECONDS, monotonic() - began)

    async def map(self, messages: Sequence[VendorMessage]) -> list[MappedMessage]:
        """What each message states. Raises StopService."""
        problems = [unreadable_problem(message) for message in messages]
        keys = [WebhookKey.parse(message.key) for message in messages]
        lives: defaultdict[ConnectionName, set[str]] = defaultdict(set)
        for message, key in zip(messages, keys, strict=True):
            if key is not None:
                lives[key.tenant, key.name].add(message.life)
        found = await self.effects.done("connections", partial(self.connections.find, lives))
        mapped = []
        for number, (message, problem, key) in enumerate(zip(messages, problems, keys, strict=True)):
            if number % _MAPPED_AT_ONCE == 0:
                await asyncio.sleep(0)
            connection: FoundConnection = found[key.tenant, key.name] if key is not None else Problem("unreadable")
            if isinstance(connection, ConnectedIntegration) and not self.connections.belongs_to(connection, message):
                mapped.append(MappedMessage(message, connection))
            else:
                mapped.append(map_message(message, problem or connection))
        return mapped

    async def _quarantine(self, rows: Sequence[Quarantined]) -> None:
        """Keep what the tenants' quotas allow; the rest stays on Kafka only and is counted."""
        if not rows:
            return
        kept, left = await self.effects.done("refuse", partial(self._quota.divide, rows))
        if kept:
            await self.effects.done("refuse", partial(self._staging.quarantine, kept, _token(kept)))
        if left:
            await self.effects.done("refuse", partial(self._staging.leave, left, _left_token(left)))
            for row in left:
                self._meters.add(INGEST_LEFT, len(row.offsets), code=row.code)
        self.failpoint("refused")

    async def _note(
        self, mapped: Sequence[MappedMessage], published: Published, codes: dict[tuple[int, int], str]
    ) -> None:
        outcomes, counts, facts = [], Counter[tuple[str, str]](), Counter[str]()
        for found in mapped:
            code = codes.get(found.place, "")
            outcome = "refused" if code else "facts" if found.rows else "ignored"
            kind = found.connected.state.kind if found.connected is not None else _UNKNOWN
            counts[kind, outcome] += 1
            facts[kind] += found.facts
            key = WebhookKey.parse(found.message.key)
            if key is not None:
                message = found.message
                place = (message.timestamp, message.partition, message.offset)
                events = published.of(places(found))
                outcomes.append(WebhookOutcome(key.tenant, key.name, *place, outcome, code, found.facts, events))
        for (kind, outcome), count in counts.items():
            self._meters.add(WEBHOOK_MESSAGES, count, kind=kind, outcome=outcome)
        for kind, count in facts.items():
            self._meters.add(WEBHOOK_FACTS, count, kind=kind)
        await self.effects.done("note", partial(self._facts.note, outcomes))
        self.failpoint("noted")


def places(found: MappedMessage) -> list[RecordPlace]:
    """The records that a message is about."""
    if found.connected is None:
        return []
    owner = found.connected
    return [RecordPlace(owner.tenant, owner.connection.name, record) for record in found.records]


def quarantined_message(found: MappedMessage, refused: Refused) -> Quarantined:
    """A refused message with its bytes and its place."""
    message = found.message
    return Quarantined(refused, message.address(WEBHOOKS.name), message.value, message.headers, message.key)


def _touched(mapped: Sequence[MappedMessage]) -> dict[RecordPlace, ConnectedIntegration]:
    return {place: found.connected for found in mapped if found.connected is not None for place in places(found)}


def _refused(mapped: Sequence[MappedMessage], published: Published) -> list[tuple[MappedMessage, Refused]]:
    """The messages that could not be mapped, and those whose records could not be folded."""
    refused = []
    for found in mapped:
        if found.refused is not None:
            refused.append((found, found.refused))
            continue
        problem = next((published.refused[place] for place in places(found) if place in published.refused), None)
        if problem is not None and found.connected is not None:
            owner = found.connected
            record = min(found.records)
            refused.append((found, Refused(problem, owner.tenant, owner.connection.object, record, owner.source)))
    return refused


def _token(rows: Sequence[Quarantined]) -> str:
    """Names these rows and their reasons: read again, a message may be refused for another one."""
    named = "".join(f"{row.address.partition}-{row.address.offset} {row.refused.problem.code}\n" for row in rows)
    return f"{WEBHOOKS.name}:{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def _left_token(rows: Sequence[Left]) -> str:
    named = "".join(f"{row.tenant} {row.code} {row.partition} {row.offsets}\n" for row in rows)
    return f"{WEBHOOKS.name}:left:{hashlib.sha256(named.encode()).hexdigest()[:32]}"


def webhook_work(context: WebhookContext, failpoint: Failpoint = lambda step: None) -> WebhookWork:
    """The work with everything that it needs."""
    connections = Connections(IntegrationsFeed(context.schemas.view), context.schemas, context.kinds)
    facts, aliases = FactStore(context.clickhouse), LinkAliases(context.clickhouse, context.clock)
    effects, meters = Effects(context.gate, context.retry_seconds, context.meters), context.meters
    contacts = KnownContacts(context.clickhouse, context.snapshots)
    publication = FactPublication(connections, facts, aliases, contacts, context.publisher, effects, meters, failpoint)
    staging = Staging(context.clickhouse)
    refolding = Refolding(context.clickhouse, connections, context.schemas, publication, context.clock, failpoint)
    return WebhookWork(connections, refolding, facts, publication, staging, context.quota, effects, meters, failpoint)
