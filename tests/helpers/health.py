"""Replicas that count the messages of one connection and store what they count, over logs in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from crosslook.contracts.integrations import IntegrationEvent, IntegrationState
from crosslook.contracts.topics import HEALTH, SCHEMAS
from crosslook.platform.clock import FixedClock
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.log_store.fold import Fold
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic, SlotMemoryWriter, SlottedMemoryLog
from crosslook.platform.log_store.protocol import LogUnavailable, SlottedLog, WriteUnconfirmed
from services.schema_service.domain.webhook_health import HealthReport, IntakeOutcome
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.integrations.health import IntegrationHealth
from services.schema_service.integrations.health_removal import HealthRemoval
from services.schema_service.integrations.health_saver import HealthSaver
from tests.helpers.tiny_vendors import TINY_VENDORS

NOW = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)


WriteFate = Literal["applied", "lost", "unconfirmed"]
"""What becomes of a write: it is answered, it fails, or it is applied without an answer."""


class FaultyLog(SlottedMemoryLog):
    """A log with the `fates` of its next writes; later ones are applied. It calls `applied` with each that is."""

    def __init__(self, topic: MemoryTopic) -> None:
        super().__init__(topic)
        self.fates: list[WriteFate] = []
        self.applied: Callable[[Mapping[str, bytes | None]], None] = lambda changes: None

    async def take(self, slot: int) -> SlotMemoryWriter:
        """A writer that fails as this log says."""
        await super().take(slot)
        return _FaultyWriter(self, self._shared, self._fold, slot)

    def damage(self, first: int, last: int) -> None:
        """Read a batch that was damaged on the broker."""
        self._fold.damaged(first, last)


class _FaultyWriter(SlotMemoryWriter):
    def __init__(self, log: FaultyLog, topic: MemoryTopic, fold: Fold, slot: int) -> None:
        super().__init__(topic, fold, slot)
        self._log = log

    async def put_all(self, changes: Mapping[str, bytes | None]) -> None:
        fate = self._log.fates.pop(0) if self._log.fates else "applied"
        if fate == "lost":
            raise LogUnavailable("the broker is away")
        await super().put_all(changes)
        self._log.applied(changes)
        if fate == "unconfirmed":
            raise WriteUnconfirmed("no answer")


@dataclass(slots=True)
class CountingReplica:
    """One process. `address`: its successor may have the same."""

    address: str
    log: FaultyLog
    health: IntegrationHealth
    saver: HealthSaver

    @property
    def slots(self) -> list[int]:
        """The slots that processes at its address hold, as far as claims say."""
        claims = self.health.claims().values()
        return [claim.slot for claim in claims if claim.holder and claim.address == self.address]


@dataclass(slots=True)
class Installation:
    """What all replicas share: the topics, the clock, and the connection `courier` of acme."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    topic: MemoryTopic = field(default_factory=lambda: MemoryTopic(HEALTH.name))
    schemas: MemoryLog = field(default_factory=lambda: MemoryLog(SCHEMAS.name))
    state: IntegrationState = field(init=False)

    async def start(self) -> "Installation":
        """With the connection."""
        await self.schemas.start()
        await self.connect()
        return self

    async def connect(self, name: str = "courier") -> IntegrationState:
        """Connect, or connect again."""
        connected = {"tenant": "acme", "name": name, "kind": "courier", "object": "courier_parcel"}
        self.state = IntegrationState.model_validate({**connected, "connected_at": self.clock.now()})
        event = IntegrationEvent(id="1", source="/test", time=self.clock.now(), data=self.state)
        await self.schemas.put(self.state.key, event.encode())
        return self.state

    async def replica(self, address: str) -> CountingReplica:
        """A process that has just started."""
        log = FaultyLog(self.topic)
        await log.start()
        health, saver = self.saving(log, address)
        return CountingReplica(address, log, health, saver)

    def saving(self, log: SlottedLog, address: str) -> tuple[IntegrationHealth, HealthSaver]:
        """What counts, and what saves when it is called."""
        feed, available = IntegrationsFeed(self.schemas), AvailableIntegrations(TINY_VENDORS)
        health = IntegrationHealth(log, feed, available, self.clock)
        removal = HealthRemoval(log, health, feed, self.clock)
        return health, HealthSaver(log, health, removal, address, self.clock, 86_400)

    def count(self, replica: CountingReplica, outcome: IntakeOutcome, times: int = 1) -> None:
        """Messages reach a replica."""
        for _ in range(times):
            replica.health.count(self.state, outcome)

    def report(self, replica: CountingReplica) -> HealthReport:
        """What a replica answers."""
        return replica.health.report(self.state)

    def later(self, **time: float) -> None:
        """Time passes."""
        self.clock.at += timedelta(**time)
