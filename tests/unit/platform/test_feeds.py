"""The schema feed: a typed picture of the schemas topic, the same whenever a reader starts."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from crosslook.contracts.schemas import (
    SCHEMA_CHANGED,
    SCHEMA_CREATED,
    SCHEMA_DELETED,
    TENANT_PREFIX,
    SchemaEvent,
    TenantEvent,
    TenantState,
)
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from tests.helpers import builders
from tests.helpers.builders import STATUS

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def schema_event(tenant: str = "acme", name: str = "ticket", version: int = 1, **changes: Any) -> SchemaEvent:
    defined = None if changes.get("type") == SCHEMA_DELETED else builders.definition(STATUS, name=name)
    of = builders.state(defined, tenant, name=name, version=version)
    return builders.schema_event(of, **{"type": SCHEMA_CREATED, "time": AT, **changes})


class Dataset:
    """A writer, and feeds that started before and after everything was written: both must say the same."""

    def __init__(self, topic: str) -> None:
        self.topic = MemoryTopic(topic)
        self.writer = MemoryLog(self.topic)
        self.early = MemoryLog(self.topic, writer=False)

    async def start(self) -> "Dataset":
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
async def dataset() -> Dataset:
    return await Dataset(SCHEMAS.name).start()


Fill = Callable[[Dataset], Any]


async def feeds(dataset: Dataset, fill: Fill, tenants_open: bool = True) -> list[SchemaFeed]:
    early = SchemaFeed(dataset.early, tenants_open=tenants_open)
    await fill(dataset)
    return [early, SchemaFeed(await dataset.late(), tenants_open=tenants_open)]


async def test_an_object_is_seen_from_its_creation_on(dataset: Dataset) -> None:
    for feed in await feeds(dataset, lambda w: w.schema(schema_event())):
        assert feed.schema("acme", "ticket") == schema_event().data
        record = feed.record("acme", "ticket")
        assert record is not None
        assert record.entry is not None
        assert (record.created_at, record.updated_at, record.deleted) == (AT, AT, False)
        assert feed.schema("globex", "ticket") is None
        assert feed.tenants() == ["acme"]


async def test_a_schema_is_the_same_object_until_it_changes(dataset: Dataset) -> None:
    feed = SchemaFeed(dataset.early, tenants_open=True)
    await dataset.schema(schema_event())
    first = feed.schema("acme", "ticket")
    assert feed.schema("acme", "ticket") is first
    assert feed.schema("acme", "contact") is feed.schema("acme", "contact")
    await dataset.schema(schema_event(version=2, type=SCHEMA_CHANGED, time=LATER, createdtime=AT))
    assert feed.schema("acme", "ticket") is not first
    record = feed.record("acme", "ticket")
    assert record is not None
    assert (record.state.version, record.created_at, record.updated_at) == (2, AT, LATER)


async def test_a_deleted_object_is_kept_as_deleted_until_it_is_removed(dataset: Dataset) -> None:
    async def fill(w: Dataset) -> None:
        await w.schema(schema_event())
        await w.schema(schema_event(version=2, type=SCHEMA_DELETED))

    both = await feeds(dataset, fill)
    for feed in both:
        assert feed.schema("acme", "ticket") is None
        record = feed.record("acme", "ticket")
        assert record is not None
        assert record.deleted
    await dataset.put("acme/ticket", None)
    assert both[0].record("acme", "ticket") is None
    assert both[0].tenants() == []


async def test_every_tenant_has_a_contact_that_it_can_change(dataset: Dataset) -> None:
    feed = SchemaFeed(dataset.early, tenants_open=True)
    built_in = feed.record("acme", "contact")
    assert built_in is not None
    assert (built_in.entry, built_in.state.version) == (None, 1)
    assert [record.state.object for record in feed.records("acme")] == ["contact"]
    assert list(feed.all_records()) == []
    await dataset.schema(schema_event(name="contact", version=2, type=SCHEMA_CHANGED))
    changed = feed.record("acme", "contact")
    assert changed is not None
    assert changed.state.version == 2
    assert len(list(feed.all_records())) == 1


async def test_objects_of_a_tenant_are_listed_by_slug(dataset: Dataset) -> None:
    async def fill(w: Dataset) -> None:
        for name in ("ticket", "booking"):
            await w.schema(schema_event(name=name))
        await w.schema(schema_event(tenant="globex", name="asset"))

    for feed in await feeds(dataset, fill):
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
async def test_who_may_be_used(dataset: Dataset, tenants_open: bool, tenant: str, known: bool) -> None:
    async def fill(w: Dataset) -> None:
        await w.tenant(TenantState(tenant="acme"))
        await w.tenant(TenantState(tenant="gone", status="suspended"))

    for feed in await feeds(dataset, fill, tenants_open):
        assert feed.tenant_known(tenant) is known
        assert (feed.schema(tenant, "contact") is not None) is known


async def test_a_tenant_exists_by_an_operator_or_where_open_by_its_first_schema(dataset: Dataset) -> None:
    async def fill(w: Dataset) -> None:
        await w.tenant(TenantState(tenant="acme", plan="enterprise"))
        await w.schema(schema_event(tenant="globex"))

    for feed in await feeds(dataset, fill, tenants_open=True):
        assert feed.tenant("acme") == TenantState(tenant="acme", plan="enterprise")
        assert feed.tenant("globex") == TenantState(tenant="globex")
        assert feed.tenant("nobody") is None
        assert feed.tenants() == ["acme", "globex"]
    assert SchemaFeed(await dataset.late(), tenants_open=False).tenant("globex") is None


async def test_what_stands_under_a_wrong_key_or_cannot_be_read_is_not_taken_for_absent(dataset: Dataset) -> None:
    async def fill(w: Dataset) -> None:
        w.topic.append("acme/ticket", schema_event(tenant="globex").encode())
        w.topic.append("acme/booking", b"rubbish")
        w.topic.append("no key", schema_event().encode())
        w.topic.append(TENANT_PREFIX + "acme", b"rubbish")

    for feed in await feeds(dataset, fill, tenants_open=True):
        assert list(feed.view.unreadable) == ["acme/ticket", "acme/booking", TENANT_PREFIX + "acme"]
        assert list(feed.all_records()) == []
        assert not feed.tenant_known("acme")
        assert feed.tenant_lost("acme")
        assert feed.lost_tenants() == ["acme"]
        assert "another key, 'globex/ticket'" in str(feed.view.unreadable["acme/ticket"])
        assert "~tenant/acme at offset" in (feed.unreadable("acme", "lead") or "")
        assert feed.unreadable("globex") is None


async def test_an_object_whose_next_version_cannot_be_read_keeps_its_last_readable_state(dataset: Dataset) -> None:
    body = orjson.loads(schema_event(version=2, type=SCHEMA_CHANGED).encode())
    body["data"]["definition"]["fields"].append({"slug": "site", "type": "url"})

    async def fill(w: Dataset) -> None:
        await w.schema(schema_event())
        w.topic.append("acme/ticket", orjson.dumps(body))

    feed = SchemaFeed(dataset.early, tenants_open=True)
    await fill(dataset)
    assert feed.schema("acme", "ticket") == schema_event().data
    reason = feed.unreadable("acme", "ticket") or ""
    assert reason.startswith("crosslook-schemas: acme/ticket at offset ")
    assert "data.definition.fields.1.type has a value that release 0.1.0 does not know" in reason
    late = SchemaFeed(await dataset.late(), tenants_open=True)  # after a compaction there is no earlier state
    assert late.schema("acme", "ticket") is None
    assert late.unreadable("acme") == reason
    for reader in (feed, late):
        dataset.topic.append("acme/ticket", schema_event(version=3, type=SCHEMA_CHANGED).encode(), {"version": "3"})
        assert reader.unreadable("acme") is None
        state = reader.schema("acme", "ticket")
        assert state is not None
        assert state.version == 3
