"""What this release cannot read of one object (its entry, or its table) fails that object alone, and is kept: on a real
engine, with reports asked over HTTP.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.contracts.layouts import layout_of
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import event
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.refresher import NOW, tickets

TICKETS, CONTACTS = layout_of(tickets()), layout_of(BUILT_IN_CONTACT)
COUNT = {"object": "ticket", "measures": ["ticket.count"]}
_DATABASES = iter(range(1000))


@pytest.fixture
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    """A ticket, an order and a contact of each of two tenants, published."""
    engine = clickhouse.model_copy(update={"database": f"unreadable_{next(_DATABASES)}"})
    kept: dict[str, Any] = {"keep": 1, "grace_seconds": 0}
    async with memory_pipeline(engine, NOW, snapshots=kept) as running:
        for tenant in ("acme", "globex"):
            await running.define(tenant, tickets())
            await running.define(tenant, tickets().model_copy(update={"object": "order"}))
            await put(running, tenant, "1")
        assert await published(running) == {}
        yield running


@pytest.fixture
async def stack(pipeline: MemoryPipeline) -> AsyncIterator[QueryStack]:
    """query_service over what the pipeline publishes."""
    engine = pipeline.settings.clickhouse
    topics: dict[str, Any] = {"schemas_of": pipeline.definitions.shared, "snapshots_of": pipeline.snapshots.shared}
    async with query_stack(engine, engine.database, **topics) as running:
        yield running


async def put(pipeline: MemoryPipeline, tenant: str, record: str) -> None:
    """The same record of each object, the others linked to the contact."""
    linked: dict[str, Any] = {"relationships": {"requester": [{"id": record}]}}
    for name, fields, parts in (("contact", {}, {}), ("ticket", {"amount": "1"}, linked), ("order", {}, linked)):
        sent = event(tenant, name, record, fields, event_id=f"{name}-{record}", time=NOW, **parts)
        await pipeline.send([sent])


async def published(pipeline: MemoryPipeline) -> dict[str, str]:
    """Refresh; the objects that failed with their reasons."""
    run = await pipeline.refresh()
    assert (run.state, run.reason) == ("published", None)
    return {str(failure.key): failure.reason for failure in pipeline.manifest.failed_objects}


async def counts(stack: QueryStack, tenant: str, *names: str) -> list[Any]:
    """How many records reports show, or why none."""
    found = []
    for name in names:
        answer = (await stack.ask({"object": name, "measures": [f"{name}.count"]}, tenant)).json()
        found.append(answer["rows"][0][0] if "rows" in answer else (answer["status"], answer["code"]))
    return found


async def rewrite(pipeline: MemoryPipeline, name: str, before: str, after: str) -> None:
    """Change what the entries of acme's object say, as another release writes it."""
    change = f"UPDATE definition = replaceAll(definition, '{before}', '{after}')"
    where = f"tenant = 'acme' AND object = '{name}'"
    sql = f"ALTER TABLE snapshot_entries {change} WHERE {where}"
    await pipeline.context.clickhouse.command(sql, settings={"mutations_sync": 1})


async def rows_of(pipeline: MemoryPipeline, name: str) -> dict[str, Any]:
    """What `snapshot_entries` holds of acme's object in the current snapshot."""
    sql = "SELECT * FROM snapshot_entries WHERE snapshot = {id:String} AND tenant = 'acme' AND object = {name:String}"
    found = await pipeline.context.clickhouse.query(sql, {"id": pipeline.manifest.snapshot, "name": name})
    (row,) = found.dicts()
    return {column: value for column, value in row.items() if column not in ("snapshot", "failed")}


OLD, NEW = '"type":"currency"', '"type":"url"'
UNREADABLE = "entry_unreadable: fields.0.type has a value that release 0.1.0 does not know"
ALL = ("ticket", "order", "contact")


async def test_an_entry_of_an_unknown_type_is_kept_and_fails_its_object_alone(
    pipeline: MemoryPipeline, stack: QueryStack
) -> None:
    await rewrite(pipeline, "ticket", OLD, NEW)
    kept = await rows_of(pipeline, "ticket")
    for record in ("2", "3"):
        for tenant in ("acme", "globex"):
            await put(pipeline, tenant, record)
        assert await published(pipeline) == {"acme/ticket": UNREADABLE}
        assert await rows_of(pipeline, "ticket") == kept
        assert pipeline.manifest.rows == sum(entry.rows for entry in (await pipeline.entries()).values()) + 1
        assert await counts(stack, "acme", *ALL) == [(503, "state_unreadable"), int(record), int(record)]
        assert await counts(stack, "globex", *ALL) == [int(record)] * 3
    await rewrite(pipeline, "ticket", NEW, OLD)
    assert await counts(stack, "acme", "ticket") == [1]
    assert await published(pipeline) == {}
    assert await counts(stack, "acme", *ALL) == [3, 3, 3]
    assert {row["links_requester"][0] for row in (await pipeline.rows("acme", "ticket")).values()} == {"1", "2", "3"}


async def test_the_catalog_says_what_cannot_be_read_and_does_not_call_it_pending(
    pipeline: MemoryPipeline, stack: QueryStack
) -> None:
    await rewrite(pipeline, "ticket", OLD, NEW)
    await published(pipeline)
    body = (await stack.client.get("/v1/tenants/acme/catalog")).json()
    assert [explore["object"] for explore in body["explores"]] == ["contact", "order"]
    assert body["pending"] == []
    assert [warning["message"] for warning in body["warnings"]] == [
        f"ticket cannot be shown, because this release cannot read what is stored about it: {UNREADABLE}."
    ]
    answer = (await stack.ask(COUNT)).json()
    assert answer["detail"] == (
        "This release cannot read what the snapshot stores about ticket, so it shows nothing about it. An operator "
        "has to repair it."
    )


async def test_an_unreadable_entry_is_kept_although_its_object_was_deleted(pipeline: MemoryPipeline) -> None:
    await rewrite(pipeline, "ticket", OLD, NEW)
    kept = await rows_of(pipeline, "ticket")
    await pipeline.drop("acme", "ticket")
    for _ in range(3):
        assert await published(pipeline) == {"acme/ticket": UNREADABLE}
        assert await rows_of(pipeline, "ticket") == kept
    await rewrite(pipeline, "ticket", NEW, OLD)
    assert await published(pipeline) == {}
    assert pipeline.manifest.dropped == 1


async def test_where_contacts_cannot_be_read_what_links_to_them_is_held_and_nothing_is_answered_as_none(
    pipeline: MemoryPipeline, stack: QueryStack
) -> None:
    await rewrite(pipeline, "contact", '"type":"text"', NEW)
    kept = await rows_of(pipeline, "contact")
    for tenant in ("acme", "globex"):
        await put(pipeline, tenant, "2")
    failed = await published(pipeline)
    assert sorted(failed) == ["acme/contact", "acme/order", "acme/ticket"]
    assert failed["acme/order"].startswith("contact: entry_unreadable: fields.")
    assert await rows_of(pipeline, "contact") == kept
    assert await counts(stack, "acme", *ALL) == [(503, "state_unreadable")] * 3
    assert await counts(stack, "globex", *ALL) == [2, 2, 2]
    await rewrite(pipeline, "contact", NEW, '"type":"text"')
    assert await published(pipeline) == {}
    assert await counts(stack, "acme", *ALL) == [2, 2, 2]
    assert [row["links_requester"] for row in (await pipeline.rows("acme", "order")).values()] == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("change", "undo", "said"),
    [
        ("DROP COLUMN event_id", "ADD COLUMN event_id String", "lacks column event_id String"),
        (
            "ADD COLUMN score UInt8",
            "DROP COLUMN score",
            "column score UInt8 is not expected",
        ),
        (
            "MODIFY COLUMN f_amount Nullable(Decimal(20, 4))",
            "MODIFY COLUMN f_amount Nullable(Decimal(19, 4))",
            "column f_amount is Nullable(Decimal(20, 4)), expected Nullable(Decimal(19, 4))",
        ),
    ],
)
async def test_a_layouts_table_with_other_columns_fails_the_objects_of_that_layout_alone(
    pipeline: MemoryPipeline, stack: QueryStack, change: str, undo: str, said: str
) -> None:
    engine = pipeline.context.clickhouse
    await pipeline.define("globex", tickets().model_copy(update={"object": "visit", "fields": ()}))
    await engine.command(f"ALTER TABLE {TICKETS.table} {change}", settings={"mutations_sync": 1})
    for tenant in ("acme", "globex"):
        await put(pipeline, tenant, "2")
    await pipeline.send([event("globex", "visit", "1", {}, event_id="visit", time=NOW)])
    reason = f"layout_mismatch: {TICKETS.table}: {said}"
    linked = [f"{tenant}/{name}" for tenant in ("acme", "globex") for name in ("order", "ticket")]
    for _ in range(2):
        assert await published(pipeline) == dict.fromkeys(linked, reason)
        assert await counts(stack, "globex", *ALL, "visit") == [1, 1, 2, 1]
    await engine.command(f"ALTER TABLE {TICKETS.table} {undo}", settings={"mutations_sync": 1})
    assert await published(pipeline) == {}
    assert await counts(stack, "globex", *ALL, "visit") == [2, 2, 2, 1]
    assert await counts(stack, "acme", *ALL) == [2, 2, 2]


async def test_a_contact_table_with_other_columns_holds_what_links_to_contacts(pipeline: MemoryPipeline) -> None:
    engine = pipeline.context.clickhouse
    await engine.command(f"ALTER TABLE {CONTACTS.table} ADD COLUMN score UInt8", settings={"mutations_sync": 1})
    await put(pipeline, "acme", "2")
    said = f"layout_mismatch: {CONTACTS.table}: column score UInt8 is not expected"
    own = dict.fromkeys(["acme/contact", "globex/contact"], said)
    assert await published(pipeline) == {**own, **dict.fromkeys(["acme/order", "acme/ticket"], f"contact: {said}")}
    await engine.command(f"ALTER TABLE {CONTACTS.table} DROP COLUMN score", settings={"mutations_sync": 1})
    assert await published(pipeline) == {}
    assert {row["links_requester"][0] for row in (await pipeline.rows("acme", "ticket")).values()} == {"1", "2"}
