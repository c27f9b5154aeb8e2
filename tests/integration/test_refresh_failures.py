"""An object that cannot be built keeps its entry, and everything else is published: faults of single objects on the
real engine, and the numbers in that run and in the next one.
"""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.refresh import run as refresh_module
from services.snapshot_service.refresh.verify import Verification
from tests.helpers.builders import event, object_key
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline
from tests.helpers.refresher import NOW, tickets
from tests.helpers.refusals import VIOLATED, constrained, refusing

TICKETS, CONTACTS = layout_of(tickets()), layout_of(BUILT_IN_CONTACT)
_DATABASES = iter(range(1000))


@pytest.fixture
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    engine = clickhouse.model_copy(update={"database": f"failures_{next(_DATABASES)}"})
    kept: dict[str, Any] = {"keep": 1, "grace_seconds": 0}
    async with memory_pipeline(engine, NOW, snapshots=kept) as running:
        for tenant in ("acme", "globex"):
            await running.define(tenant, tickets())
        yield running


def key(name: str, tenant: str = "acme") -> ObjectKey:
    return object_key(tenant, name)


async def put(pipeline: MemoryPipeline, record: str, amount: str = "1", tenant: str = "acme", **more: Any) -> None:
    """A ticket of a contact, under an event id of its own."""
    number = sum(pipeline.offsets.next.values())
    if "of" in more:
        more["relationships"] = {"requester": [{"email": f"{more.pop('of')}@x.example"}]}
    sent = event(tenant, "ticket", record, {"amount": amount}, event_id=f"e-{number}", time=NOW, **more)
    await pipeline.send([sent])


async def person(pipeline: MemoryPipeline, name: str, **more: Any) -> None:
    """A contact whose e-mail address has its name."""
    number, fields = sum(pipeline.offsets.next.values()), {"email": f"{name}@x.example"}
    await pipeline.send([event("acme", "contact", name, fields, event_id=f"e-{number}", time=NOW, **more)])


async def published(pipeline: MemoryPipeline) -> dict[str, str]:
    """Refresh; the objects that failed with their reasons."""
    assert (await pipeline.refresh()).state == "published"
    return {str(failure.key): failure.reason for failure in pipeline.manifest.failed_objects}


async def links(pipeline: MemoryPipeline) -> dict[str, tuple[str, ...]]:
    rows = await pipeline.rows("acme", "ticket")
    return {record: tuple(row["links_requester"]) for record, row in rows.items()}


async def test_a_value_that_the_engine_refuses_fails_its_object_alone_and_the_reason_names_the_field(
    pipeline: MemoryPipeline,
) -> None:
    await put(pipeline, "1")
    await put(pipeline, "1", tenant="globex")
    assert await published(pipeline) == {}
    kept = (await pipeline.entries())[key("ticket")]
    await put(pipeline, "2", "700")
    await put(pipeline, "2", tenant="globex")
    await person(pipeline, "ann")
    for _ in range(3):  # with one snapshot kept and no grace the janitor would drop what nobody names
        async with constrained(pipeline.context.clickhouse, [TICKETS], "f_amount < 500"):
            assert await published(pipeline) == {"acme/ticket": f"{VIOLATED} at field amount"}
        entry = (await pipeline.entries())[key("ticket")]
        assert (entry.build, entry.watermark) == (kept.build, kept.watermark)
        assert entry.failed == f"{VIOLATED} at field amount"
        assert [sorted(await pipeline.rows(tenant, "ticket")) for tenant in ("acme", "globex")] == [["1"], ["1", "2"]]
        assert sorted(await pipeline.rows("acme", "contact")) == ["ann"]
    metrics = pipeline.context.meters.render().decode()
    assert "crosslook_refresh_failed_objects 1.0" in metrics
    assert 'crosslook_refresh_objects_failed_total{step="build"} 3.0' in metrics
    assert await published(pipeline) == {}
    assert sorted(await pipeline.rows("acme", "ticket")) == ["1", "2"]
    assert (await pipeline.entries())[key("ticket")].failed == ""


async def test_an_object_whose_first_builds_failed_begins_at_its_own_start(pipeline: MemoryPipeline) -> None:
    assert await published(pipeline) == {}
    await pipeline.define("acme", tickets().model_copy(update={"object": "order"}))
    start = pipeline.manifest.watermark
    for number in range(3):
        await pipeline.send([event("acme", "order", str(number), {"amount": "1"}, event_id=f"o-{number}", time=NOW)])
        await put(pipeline, str(number))
        async with refusing(pipeline.context.clickhouse, [TICKETS], [key("order")]):
            assert await published(pipeline) == {"acme/order": VIOLATED}
        assert key("order") not in await pipeline.entries()
        assert pipeline.manifest.failed_objects[0].watermark == start
        assert len(await pipeline.rows("acme", "ticket")) == number + 1
    assert await published(pipeline) == {}
    assert sorted(await pipeline.rows("acme", "order")) == ["0", "1", "2"]


async def test_links_go_to_the_contacts_that_the_snapshot_shows_where_contact_failed(pipeline: MemoryPipeline) -> None:
    await person(pipeline, "ann")
    await put(pipeline, "1", of="ann")
    assert await published(pipeline) == {}
    await person(pipeline, "bob")
    await person(pipeline, "ann", kind="delete", sequence=1)
    await put(pipeline, "2", of="bob")
    await put(pipeline, "3", of="ann")
    async with refusing(pipeline.context.clickhouse, [CONTACTS], [key("contact")]):
        assert await published(pipeline) == {"acme/contact": VIOLATED}
    assert sorted(await pipeline.rows("acme", "contact")) == ["ann"]
    assert await links(pipeline) == {"1": ("ann",), "2": (), "3": ("ann",)}
    assert await published(pipeline) == {}
    assert sorted(await pipeline.rows("acme", "contact")) == ["bob"]
    assert await links(pipeline) == {"1": (), "2": ("bob",), "3": ()}


async def test_an_object_that_failed_while_contacts_changed_gets_the_links_of_all_its_rows_anew(
    pipeline: MemoryPipeline,
) -> None:
    await put(pipeline, "1", of="ann")
    assert await published(pipeline) == {}
    await person(pipeline, "ann")
    await put(pipeline, "2", of="ann")
    async with refusing(pipeline.context.clickhouse, [TICKETS], [key("ticket")]):
        assert await published(pipeline) == {"acme/ticket": VIOLATED}
    assert await links(pipeline) == {"1": ()}
    await put(pipeline, "3")
    assert await published(pipeline) == {}
    assert await links(pipeline) == {"1": ("ann",), "2": ("ann",), "3": ()}
    assert (await pipeline.entries())[key("ticket")].unresolved == 0


async def test_an_object_that_fails_only_because_its_links_changed_is_built_again_next_time(
    pipeline: MemoryPipeline,
) -> None:
    await put(pipeline, "1", of="ann")
    assert await published(pipeline) == {}
    await person(pipeline, "ann")
    async with refusing(pipeline.context.clickhouse, [TICKETS], [key("ticket")]):
        assert await published(pipeline) == {"acme/ticket": VIOLATED}
    assert await published(pipeline) == {}
    assert await links(pipeline) == {"1": ("ann",)}


async def test_contacts_that_fail_their_verification_are_not_linked_to(pipeline: MemoryPipeline) -> None:
    await person(pipeline, "ann")
    await put(pipeline, "1", of="ann")
    assert await published(pipeline) == {}
    await person(pipeline, "bob")
    await put(pipeline, "2", of="bob")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh_module, "Verification", _Robber)
        failed = await published(pipeline)
    assert failed == {"acme/contact": "verify: contact holds (2, 0, 0), expected (1, 0, 0)"}
    assert await links(pipeline) == {"1": ("ann",), "2": ()}
    assert await published(pipeline) == {}
    assert await links(pipeline) == {"1": ("ann",), "2": ("bob",)}


class _Robber(Verification):
    """Takes a staged contact away while the contacts are verified."""

    async def verify(self, progress: Callable[[int], None]) -> None:
        engine, stolen = self._statements, "WHERE object = 'contact' AND record = 'bob'"
        await engine.command("CREATE TABLE stolen AS record_log")
        await engine.command(f"INSERT INTO stolen SELECT * FROM record_log {stolen}")  # noqa: S608  # the test's own
        await engine.command(f"ALTER TABLE record_log DELETE {stolen} SETTINGS mutations_sync = 1")
        await super().verify(progress)
        await engine.command("INSERT INTO record_log SELECT * FROM stolen")
        await engine.command("DROP TABLE stolen")


async def test_a_deleted_object_leaves_although_another_object_of_its_tenant_fails(pipeline: MemoryPipeline) -> None:
    await pipeline.define("acme", tickets().model_copy(update={"object": "order"}))
    await put(pipeline, "1")
    assert await published(pipeline) == {}
    await pipeline.drop("acme", "order")
    await put(pipeline, "2")
    async with refusing(pipeline.context.clickhouse, [TICKETS], [key("ticket")]):
        assert await published(pipeline) == {"acme/ticket": VIOLATED}
    assert key("order") not in await pipeline.entries()
    assert pipeline.manifest.dropped == 1


async def test_staging_stays_as_long_as_an_object_that_failed_needs_it(pipeline: MemoryPipeline) -> None:
    await put(pipeline, "1")
    assert await published(pipeline) == {}
    await put(pipeline, "2")
    await put(pipeline, "2", tenant="globex")
    async with refusing(pipeline.context.clickhouse, [TICKETS], [key("ticket")]):
        for _ in range(3):
            pipeline.clock.at += timedelta(days=9)
            assert await published(pipeline) == {"acme/ticket": VIOLATED}
    assert await pipeline.staged("globex", "ticket") == 1
    assert await published(pipeline) == {}
    assert sorted(await pipeline.rows("acme", "ticket")) == ["1", "2"]
    await put(pipeline, "3")
    await published(pipeline)
    assert await pipeline.staged("globex", "ticket") == 0
