"""Feeds: typed pictures of the schemas and snapshots topics, the same whenever a reader starts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crosslook.contracts.manifests import Manifest, Run
from crosslook.contracts.schemas import (
    CHANGED,
    CREATED,
    DELETED,
    Definition,
    FieldDef,
    FieldType,
    Labels,
    SchemaEvent,
    SchemaState,
    TenantEvent,
    TenantState,
)
from crosslook.platform.feeds import TENANT_PREFIX, SchemaFeed, SnapshotFeed
from crosslook.platform.memory_log import MemoryLog, MemoryTopic

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def definition(name: str = "ticket") -> Definition:
    return Definition(
        object=name,
        labels=Labels(singular=name, plural=name),
        fields=(FieldDef(slug="status", type=FieldType.TEXT),),
    )


def schema_event(tenant: str = "acme", name: str = "ticket", version: int = 1, **changes: Any) -> SchemaEvent:
    deleted = changes.get("type") == DELETED
    state = SchemaState(tenant=tenant, object=name, version=version, definition=None if deleted else definition(name))
    parts = {"id": "1", "source": "/schema_service", "type": CREATED, "time": AT, "data": state}
    return SchemaEvent(**{**parts, **changes})


class World:
    """A writer, and feeds that started before and after everything was written: both must say the same."""

    def __init__(self) -> None:
        self.topic = MemoryTopic("test")
        self.writer = MemoryLog(self.topic)
        self.early = MemoryLog(self.topic, writer=False)

    async def start(self) -> "World":
        await self.writer.start()
        await self.early.start()
        return self

    async def schema(self, event: SchemaEvent) -> None:
        await self.writer.put(str(event.data.key), event.encode())

    async def tenant(self, state: TenantState) -> None:
        event = TenantEvent(id="1", source="/s", time=AT, data=state)
        await self.writer.put(TENANT_PREFIX + state.tenant, event.encode())

    async def put(self, key: str, value: bytes | None) -> None:
        await self.writer.put(key, value)

    async def late(self) -> MemoryLog:
        self.topic.compact()
        late = MemoryLog(self.topic, writer=False)
        await late.start()
        return late


@pytest.fixture
async def world() -> World:
    return await World().start()


Fill = Callable[[World], Any]


async def feeds(world: World, fill: Fill, tenants_open: bool = True) -> list[SchemaFeed]:
    early = SchemaFeed(world.early, tenants_open=tenants_open)
    await fill(world)
    return [early, SchemaFeed(await world.late(), tenants_open=tenants_open)]


async def test_an_object_is_seen_from_its_creation_on(world: World) -> None:
    for feed in await feeds(world, lambda w: w.schema(schema_event())):
        assert feed.schema("acme", "ticket") == schema_event().data
        record = feed.record("acme", "ticket")
        assert record is not None
        assert record.entry is not None
        assert (record.created_at, record.updated_at, record.deleted) == (AT, AT, False)
        assert feed.schema("globex", "ticket") is None
        assert feed.tenants() == ["acme"]


async def test_a_schema_is_the_same_object_until_it_changes(world: World) -> None:
    feed = SchemaFeed(world.early, tenants_open=True)
    await world.schema(schema_event())
    first = feed.schema("acme", "ticket")
    assert feed.schema("acme", "ticket") is first
    assert feed.schema("acme", "contact") is feed.schema("acme", "contact")
    await world.schema(schema_event(version=2, type=CHANGED, time=LATER, createdtime=AT))
    assert feed.schema("acme", "ticket") is not first
    record = feed.record("acme", "ticket")
    assert record is not None
    assert (record.state.version, record.created_at, record.updated_at) == (2, AT, LATER)


async def test_a_deleted_object_is_kept_as_deleted_until_it_is_removed(world: World) -> None:
    async def fill(w: World) -> None:
        await w.schema(schema_event())
        await w.schema(schema_event(version=2, type=DELETED))

    both = await feeds(world, fill)
    for feed in both:
        assert feed.schema("acme", "ticket") is None
        record = feed.record("acme", "ticket")
        assert record is not None
        assert record.deleted
    await world.put("acme/ticket", None)
    assert both[0].record("acme", "ticket") is None
    assert both[0].tenants() == []


async def test_every_tenant_has_a_contact_that_it_can_change(world: World) -> None:
    feed = SchemaFeed(world.early, tenants_open=True)
    built_in = feed.record("acme", "contact")
    assert built_in is not None
    assert (built_in.entry, built_in.state.version) == (None, 1)
    assert [record.state.object for record in feed.records("acme")] == ["contact"]
    assert list(feed.all_records()) == []
    await world.schema(schema_event(name="contact", version=2, type=CHANGED))
    changed = feed.record("acme", "contact")
    assert changed is not None
    assert changed.state.version == 2
    assert len(list(feed.all_records())) == 1


async def test_objects_of_a_tenant_are_listed_by_slug(world: World) -> None:
    async def fill(w: World) -> None:
        for name in ("ticket", "booking"):
            await w.schema(schema_event(name=name))
        await w.schema(schema_event(tenant="globex", name="asset"))

    for feed in await feeds(world, fill):
        assert [record.state.object for record in feed.records("acme")] == ["booking", "contact", "ticket"]
        assert sorted(str(record.state.key) for record in feed.all_records()) == [
            "acme/booking",
            "acme/ticket",
            "globex/asset",
        ]


@pytest.mark.parametrize(
    ("tenants_open", "tenant", "known"),
    [
        (True, "anybody", True),
        (True, "not/a/name", False),
        (True, "name\n", False),
        (True, "*", False),
        (True, "gone", False),
        (False, "anybody", False),
        (False, "acme", True),
        (False, "gone", False),
    ],
)
async def test_who_may_be_used(world: World, tenants_open: bool, tenant: str, known: bool) -> None:
    async def fill(w: World) -> None:
        await w.tenant(TenantState(tenant="acme"))
        await w.tenant(TenantState(tenant="gone", status="suspended"))

    for feed in await feeds(world, fill, tenants_open):
        assert feed.tenant_known(tenant) is known
        assert (feed.schema(tenant, "contact") is not None) is known


async def test_a_tenant_exists_by_an_operator_or_where_open_by_its_first_schema(world: World) -> None:
    async def fill(w: World) -> None:
        await w.tenant(TenantState(tenant="acme", plan="enterprise"))
        await w.schema(schema_event(tenant="globex"))

    for feed in await feeds(world, fill, tenants_open=True):
        assert feed.tenant("acme") == TenantState(tenant="acme", plan="enterprise")
        assert feed.tenant("globex") == TenantState(tenant="globex")
        assert feed.tenant("nobody") is None
        assert feed.tenants() == ["acme", "globex"]
    assert SchemaFeed(await world.late(), tenants_open=False).tenant("globex") is None


async def test_what_stands_under_a_wrong_key_or_cannot_be_read_is_no_object(world: World) -> None:
    async def fill(w: World) -> None:
        await w.put("acme/ticket", schema_event(tenant="globex").encode())
        await w.put("acme/booking", b"rubbish")
        await w.put("no key", schema_event().encode())
        await w.put(TENANT_PREFIX + "acme", b"rubbish")

    for feed in await feeds(world, fill, tenants_open=False):
        assert feed.tenants() == []
        assert list(feed.all_records()) == []
        assert not feed.tenant_known("acme")


def manifest(number: int) -> Manifest:
    return Manifest(
        snapshot=f"s{number}",
        run=f"r{number}",
        sequence=number,
        build=number,
        as_of=AT,
        published_at=AT,
        watermark={0: number},
        schema_offset=0,
        objects=0,
        rows=0,
        rebuilt=0,
        carried=0,
    )


async def test_the_snapshot_that_was_published_last_is_the_current_one(world: World) -> None:
    feed = SnapshotFeed(world.early)
    published: list[str] = []
    feed.on_publish(lambda one: published.append(one.snapshot))
    assert feed.current() is None
    for number in (1, 2, 3):
        await world.put(manifest(number).key, manifest(number).encode())
    await world.put(manifest(2).key, manifest(2).encode())  # restored
    for one in (feed, SnapshotFeed(await world.late())):
        assert one.current() == manifest(2)
        assert [kept.snapshot for kept in one.manifests()] == ["s1", "s3", "s2"]
        assert one.manifest("s1") == manifest(1)
        assert one.manifest("s9") is None
    assert published == ["s1", "s2", "s3", "s2"]


async def test_a_snapshot_that_is_retained_no_longer_is_gone(world: World) -> None:
    feed = SnapshotFeed(world.early)
    for number in (1, 2):
        await world.put(manifest(number).key, manifest(number).encode())
    await world.put(manifest(1).key, None)
    for one in (feed, SnapshotFeed(await world.late())):
        assert [kept.snapshot for kept in one.manifests()] == ["s2"]


async def test_runs_are_seen_in_the_order_of_their_last_change(world: World) -> None:
    feed = SnapshotFeed(world.early)
    first = Run(run="r1", build=1, state="claimed", trigger="cron", started_at=AT)
    second = Run(run="r2", build=2, state="failed", trigger="manual", started_at=AT, reason="late")
    for run in (first, second, first.model_copy(update={"state": "published"})):
        await world.put(run.key, run.encode())
    for one in (feed, SnapshotFeed(await world.late())):
        assert [(run.run, run.state) for run in one.runs()] == [("r2", "failed"), ("r1", "published")]
        assert one.run("r2") == second
        assert one.run("r9") is None
        assert one.current() is None


async def test_rubbish_and_what_stands_under_another_key_is_no_snapshot(world: World) -> None:
    feed = SnapshotFeed(world.early)
    published: list[Manifest] = []
    feed.on_publish(published.append)
    await world.put(manifest(1).key, manifest(1).encode())
    await world.put("snapshot/s2", b"rubbish")
    await world.put("snapshot/s3", manifest(4).encode())
    await world.put("run/r1", manifest(1).encode())
    await world.put("other/x", manifest(5).encode())
    for one in (feed, SnapshotFeed(await world.late())):
        assert one.manifests() == [manifest(1)]
        assert one.runs() == []
    assert published == [manifest(1)]
