"""The service's parts on logs in memory, with a clock that the test moves and snapshots that the test publishes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from crosslook.contracts.failures import FailedObject
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.plans import PlanTable
from crosslook.contracts.schemas import definition_json
from crosslook.contracts.topics import REPORTS
from crosslook.platform.clock import FixedClock, Schedule
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from crosslook.platform.log_store.protocol import LogStore
from crosslook.platform.plan_settings import QuotaSettings
from crosslook.platform.plans import Plans
from services.schema_service.appearances import Appearances
from services.schema_service.domain.definition import Limits
from services.schema_service.impact import SavedReportImpacts
from services.schema_service.objects import Objects, ObjectView
from services.schema_service.registry import Registry
from services.schema_service.tenants import Tenants
from tests.helpers import builders
from tests.unit.schema_service.samples import TICKET

KEY = "acme/ticket"
NOW = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
NEXT = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
"""05:30 in Chicago."""


def manifest(
    number: int,
    schema_offset: int,
    as_of: datetime = NOW,
    failed: Sequence[tuple[str, str]] = (),
    previous: str | None = None,
) -> Manifest:
    """A snapshot that read the schemas topic up to `schema_offset`; `failed`: (tenant, object) that kept theirs."""
    return builders.manifest(
        number,
        as_of=as_of,
        previous=previous or (f"s{number - 1}" if number > 1 else None),
        schema_offset=schema_offset,
        failed_objects=tuple(
            FailedObject(tenant=tenant, object=name, reason="disk full", watermark={}) for tenant, name in failed
        ),
    )


@dataclass(slots=True)
class Dataset:
    """Everything below the API. `restarted` is the same dataset seen by the next process."""

    schemas_topic: MemoryTopic = field(default_factory=lambda: MemoryTopic("schemas"))
    snapshots_topic: MemoryTopic = field(default_factory=lambda: MemoryTopic("snapshots"))
    reports_topic: MemoryTopic = field(default_factory=lambda: MemoryTopic(REPORTS.name))
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    tenants_open: bool = True
    limits: Limits = field(default_factory=Limits)
    quotas: QuotaSettings = field(default_factory=QuotaSettings)
    plans: PlanTable = field(default_factory=PlanTable)
    store: LogStore = field(init=False)
    feed: SchemaFeed = field(init=False)
    objects: Objects = field(init=False)
    registry: Registry = field(init=False)
    tenants: Tenants = field(init=False)
    reports: MemoryLog = field(init=False)
    _snapshots: MemoryLog = field(init=False)

    async def start(self) -> "Dataset":
        """Take over as the writer of both topics."""
        self.store = MemoryLog(self.schemas_topic)
        self._snapshots = MemoryLog(self.snapshots_topic)
        self.reports = MemoryLog(self.reports_topic)
        self.feed = SchemaFeed(self.store, tenants_open=self.tenants_open)
        appearances = Appearances(self.feed, SnapshotFeed(self._snapshots))
        schedule = Schedule("30 5 * * *", "America/Chicago")
        self.objects = Objects(self.feed, appearances, schedule, self.clock)
        impacts = SavedReportImpacts(self.reports)
        plans = Plans(self.plans, self.quotas, self.feed.tenant)
        self.registry = Registry(self.store, self.objects, impacts, self.clock, self.limits, plans)
        self.tenants = Tenants(self.store, self.feed, self.clock, self.plans)
        await self.store.start()
        await self._snapshots.start()
        await self.reports.start()
        return self

    async def restarted(self) -> "Dataset":
        """The next process on the same topics; this one can no longer write."""
        return await Dataset(
            self.schemas_topic, self.snapshots_topic, self.reports_topic, self.clock, self.tenants_open
        ).start()

    async def publish(self, number: int, failed: Sequence[tuple[str, str]] = (), as_of: datetime | None = None) -> None:
        """A refresh that reads the schemas topic to its end."""
        one = manifest(number, self.store.position, as_of or self.clock.now(), failed)
        await self._snapshots.put(one.key, one.encode())

    async def restore(self, manifest: Manifest) -> None:
        """Make an older snapshot current again."""
        await self._snapshots.put(manifest.key, manifest.encode())


def contact(*fields: dict[str, Any], dataset: Dataset) -> dict[str, Any]:
    """The contact as it is, with more fields."""
    definition = dataset.objects.get("acme", CONTACT).record.state.definition
    assert definition is not None
    body = definition_json(definition)
    return {**body, "fields": [*body["fields"], *fields]}


def event_at(dataset: Dataset, key: str = KEY) -> dict[str, Any]:
    """The event that stands under a key."""
    entry = dataset.store.get(key)
    assert entry is not None
    decoded: dict[str, Any] = orjson.loads(entry.value)
    return decoded


def states(dataset: Dataset) -> dict[str, str]:
    """Where each object of acme stands."""
    return {
        dataset_object.record.state.object: dataset_object.in_reports.state.value
        for dataset_object in dataset.objects.page("acme", None, 100)
    }


async def create(dataset: Dataset, body: Any = TICKET, key: str | None = None) -> ObjectView:
    """Make an object of acme."""
    return await dataset.registry.create("acme", body, key)


async def change(dataset: Dataset, body: Any, version: int) -> ObjectView:
    """Replace acme's ticket."""
    return await dataset.registry.change("acme", "ticket", body, f'"{version}"')
