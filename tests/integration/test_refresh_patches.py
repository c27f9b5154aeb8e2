"""Patched events, from the topic to the rows of a snapshot (ARCHITECTURE 6, "Winner" and "Exactness horizon")."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import orjson
import pytest

from crosslook.contracts.manifests import Entry
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import REQUESTER, definition, event, fields, object_key
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics

NOW = datetime.now(UTC).replace(microsecond=0)
TICKET = definition(
    *fields(
        status="text",
        csat="number",
        amount="currency",
        due="date",
        opened_at="datetime",
        tags="multiselect",
        urgent="boolean",
    ),
    relationships=(REQUESTER,),
)
WHOLE = {
    "status": "open",
    "csat": 4.5,
    "amount": "12.50",
    "due": "2026-12-01",
    "opened_at": "2026-11-20T10:00:00Z",
    "tags": ["vip", "new"],
    "urgent": True,
}
_IDS, _TENANTS = count(), count()


@pytest.fixture(scope="module")
async def pipeline(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    own = own_topics(kafka)
    quick = own.model_copy(update={"records_partitions": 3})
    engine = clickhouse.model_copy(update={"database": "refresh_patches"})
    async with running_pipeline(quick, engine, NOW, ingest={"poll_ms": 20}) as running:
        yield running


@pytest.fixture
async def tenant(pipeline: Pipeline) -> str:
    name = f"patches-{next(_TENANTS)}"
    await pipeline.define(name, TICKET)
    return name


def told(tenant: str, kind: str, minute: int, fields: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    """An event about ticket 1, so many minutes after an hour ago."""
    time = NOW + timedelta(minutes=minute - 60)
    name = data.pop("object", "ticket")
    record = data.pop("record", "1")
    return event(tenant, name, record, fields, kind=kind, event_id=f"e{next(_IDS)}", time=time, **data)


async def refreshed(pipeline: Pipeline, *events: dict[str, Any]) -> None:
    await pipeline.send(events)
    run = await pipeline.refresh()
    assert run.state == "published", run.reason
    assert pipeline.manifest.failed_objects == ()


async def entry(pipeline: Pipeline, tenant: str, name: str = "ticket") -> Entry:
    return (await pipeline.entries())[object_key(tenant, name)]


async def ticket(pipeline: Pipeline, tenant: str) -> dict[str, Any]:
    return (await pipeline.rows(tenant, "ticket"))["1"]


@contextmanager
def later(pipeline: Pipeline, **delta: float) -> Iterator[None]:
    before = pipeline.clock.at
    pipeline.clock.at = before + timedelta(**delta)
    try:
        yield
    finally:
        pipeline.clock.at = before


async def test_a_patch_replaces_the_fields_it_names_and_no_others(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE))
    before = await ticket(pipeline, tenant)
    await refreshed(pipeline, told(tenant, "patch", 1, {"status": "solved", "csat": 5}))
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"]) == ("solved", 5)
    for slug in ("amount", "due", "opened_at", "tags", "urgent"):
        assert row[f"f_{slug}"] == before[f"f_{slug}"]
    assert (await entry(pipeline, tenant)).rows == 1


async def test_null_clears_a_field_of_every_type(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE), told(tenant, "patch", 1, dict.fromkeys(WHOLE)))
    row = await ticket(pipeline, tenant)
    assert {slug: row[f"f_{slug}"] for slug in WHOLE} == {**dict.fromkeys(WHOLE), "tags": []}


async def test_patches_of_one_day_apply_in_the_order_of_their_times(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(
        pipeline,
        told(tenant, "patch", 3, {"status": "third", "urgent": False}),
        told(tenant, "patch", 1, {"status": "first", "csat": 1}),
        told(tenant, "upsert", 0, WHOLE),
        told(tenant, "patch", 2, {"status": "second", "csat": 2}),
    )
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"], row["f_urgent"]) == ("third", 2, False)


async def test_a_late_event_takes_its_place_between_the_patches_of_an_earlier_refresh(
    pipeline: Pipeline, tenant: str
) -> None:
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE), told(tenant, "patch", 10, {"status": "patched"}))
    await refreshed(pipeline, told(tenant, "patch", 5, {"status": "late", "csat": 1}))
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"]) == ("patched", 1)
    await refreshed(pipeline, told(tenant, "upsert", 7, {"status": "whole", "csat": 9}))
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"], row["f_amount"]) == ("patched", 9, None)


async def test_a_patch_waits_for_its_record(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(pipeline, told(tenant, "patch", 5, {"status": "patched"}))
    assert await pipeline.rows(tenant, "ticket") == {}
    waiting = await entry(pipeline, tenant)
    assert (waiting.rows, waiting.deleted, waiting.waiting) == (0, 0, 1)
    assert pipeline.manifest.waiting_patches == 1
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE))
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"]) == ("patched", 4.5)
    assert (await entry(pipeline, tenant)).waiting == 0


async def test_a_patch_on_a_deleted_record_is_ignored_and_counted(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE), told(tenant, "delete", 2))
    await refreshed(pipeline, told(tenant, "patch", 5, {"status": "patched"}))
    assert await pipeline.rows(tenant, "ticket") == {}
    ignored = await entry(pipeline, tenant)
    assert (ignored.rows, ignored.deleted, ignored.ignored) == (0, 1, 1)
    assert pipeline.manifest.ignored_patches == 1


async def test_a_record_made_again_between_its_deletion_and_a_patch_is_patched(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(pipeline, told(tenant, "delete", 2), told(tenant, "patch", 5, {"status": "patched"}))
    await refreshed(pipeline, told(tenant, "upsert", 3, {"status": "again", "csat": 3}))
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"]) == ("patched", 3)


async def test_a_patch_without_a_record_moves_to_quarantine_after_the_horizon_and_can_be_replayed(
    pipeline: Pipeline, tenant: str
) -> None:
    links = {"requester": [{"email": "a@x.example"}]}
    sent = told(tenant, "patch", 5, {**WHOLE, "csat": None}, relationships=links, sequence=3)
    await refreshed(pipeline, sent, told(tenant, "patch", 1, {"status": "other"}, record="2"))
    with later(pipeline, days=pipeline.settings.late_days, hours=1):
        await refreshed(pipeline, told(tenant, "upsert", 0, {"csat": 1}, record="2"))
    assert (await entry(pipeline, tenant)).waiting == 0
    assert (await pipeline.rows(tenant, "ticket"))["2"]["f_status"] == "other"
    sql = "SELECT code, event_id, payload FROM quarantine WHERE tenant = {tenant:String}"
    ((code, event_id, payload),) = (await pipeline.context.clickhouse.query(sql, {"tenant": tenant})).rows
    assert (code, event_id) == ("orphan_patch", sent["id"])
    moved = orjson.loads(payload)
    assert moved.pop("datacontenttype") == "application/json"
    assert moved == {**sent, "data": {**sent["data"], "fields": {**sent["data"]["fields"], "amount": "12.5",
        "opened_at": "2026-11-20T10:00:00.000Z"}}}  # fmt: skip
    await refreshed(pipeline, told(tenant, "upsert", 0, {"status": "whole", "csat": 8}), moved)
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"], row["f_urgent"]) == ("open", None, True)


async def test_patches_older_than_the_horizon_become_part_of_their_record(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE), told(tenant, "patch", 5, {"status": "patched"}))
    assert (await entry(pipeline, tenant)).patches == 1
    with later(pipeline, days=pipeline.settings.late_days, hours=2):
        await refreshed(pipeline, told(tenant, "upsert", 1, WHOLE, record="2"))
    assert (await entry(pipeline, tenant)).patches == 0
    row = await ticket(pipeline, tenant)
    assert (row["f_status"], row["f_csat"]) == ("patched", 4.5)


async def test_an_event_from_beyond_the_horizon_is_left_out_and_counted(pipeline: Pipeline, tenant: str) -> None:
    days = timedelta(days=pipeline.settings.late_days + 1) // timedelta(minutes=1)
    await refreshed(pipeline, told(tenant, "upsert", -3 * days, WHOLE), told(tenant, "patch", 0, {"csat": 1}))
    old = told(tenant, "patch", -days, {"status": "too late"})
    old_of_a_new_record = told(tenant, "upsert", -days, {"status": "old"}, record="2")
    await refreshed(pipeline, old, old_of_a_new_record)
    assert (await ticket(pipeline, tenant))["f_status"] == "open"
    assert (await pipeline.rows(tenant, "ticket"))["2"]["f_status"] == "old"
    assert ((await entry(pipeline, tenant)).too_late, pipeline.manifest.too_late) == (1, 1)
    await refreshed(pipeline)
    assert pipeline.manifest.too_late == 0


async def test_a_patch_of_links_replaces_them_and_null_takes_them_away(pipeline: Pipeline, tenant: str) -> None:
    people = [told(tenant, "upsert", 0, {"email": f"{name}@x.example"}, object="contact", record=name) for name in "ab"]
    whole = told(tenant, "upsert", 0, WHOLE, relationships={"requester": [{"id": "a"}]})
    await refreshed(pipeline, *people, whole, told(tenant, "patch", 1, {"csat": 1}))
    assert (await ticket(pipeline, tenant))["links_requester"] == ["a"]
    await refreshed(pipeline, told(tenant, "patch", 2, relationships={"requester": [{"email": "B@x.example"}]}))
    assert (await ticket(pipeline, tenant))["links_requester"] == ["b"]
    await refreshed(pipeline, told(tenant, "patch", 3, relationships={"requester": None}))
    row = await ticket(pipeline, tenant)
    assert (row["refs_requester"], row["links_requester"], row["f_csat"]) == ([], [], 1)


async def test_a_patched_record_is_linked_when_its_contact_comes(pipeline: Pipeline, tenant: str) -> None:
    whole = told(tenant, "upsert", 0, WHOLE, relationships={"requester": [{"external": "z:1"}]})
    await refreshed(pipeline, whole, told(tenant, "patch", 1, {"csat": 1}))
    assert (await entry(pipeline, tenant)).unresolved == 1
    person = told(tenant, "upsert", 0, {"country": "FR"}, object="contact", record="a")
    await refreshed(pipeline, person, told(tenant, "patch", 2, object="contact", record="a", external_ids=["z:1"]))
    assert (await ticket(pipeline, tenant))["links_requester"] == ["a"]
    contact = (await pipeline.rows(tenant, "contact"))["a"]
    assert (contact["external_ids"], contact["f_country"]) == (["z:1"], "FR")


async def test_a_contact_keeps_its_foreign_ids_unless_a_patch_names_them(pipeline: Pipeline, tenant: str) -> None:
    person = told(tenant, "upsert", 0, {"country": "FR"}, object="contact", record="a", external_ids=["z:1", "c:2"])
    await refreshed(pipeline, person, told(tenant, "patch", 1, {"country": "DE"}, object="contact", record="a"))
    contact = (await pipeline.rows(tenant, "contact"))["a"]
    assert (contact["external_ids"], contact["f_country"]) == (["z:1", "c:2"], "DE")
    await refreshed(pipeline, told(tenant, "patch", 2, object="contact", record="a", external_ids=[]))
    assert (await pipeline.rows(tenant, "contact"))["a"]["external_ids"] == []


async def test_a_patch_outlives_the_field_it_named(pipeline: Pipeline, tenant: str) -> None:
    """A field of the same name that comes later, of another type, is another field: an old patch does not clear it."""
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE), told(tenant, "patch", 9, {"csat": 1, "status": "kept"}))
    without = tuple(field for field in TICKET.fields if field.slug != "csat")
    await pipeline.define(tenant, TICKET.model_copy(update={"fields": without}))
    await refreshed(pipeline)
    assert (await ticket(pipeline, tenant))["f_status"] == "kept"
    again = (*without, FieldDef(slug="csat", type=FieldType.TEXT))
    await pipeline.define(tenant, TICKET.model_copy(update={"fields": again}))
    await refreshed(pipeline, told(tenant, "upsert", 5, {"status": "whole", "csat": "high"}))
    row = await ticket(pipeline, tenant)
    assert (row["f_csat"], row["f_status"]) == ("high", "kept")


async def test_a_repeated_patch_changes_nothing(pipeline: Pipeline, tenant: str) -> None:
    patch = told(tenant, "patch", 1, {"status": "patched"})
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE), patch, patch)
    await refreshed(pipeline, patch)
    assert (await entry(pipeline, tenant)).patches == 1
    assert (await ticket(pipeline, tenant))["f_status"] == "patched"


async def test_an_object_that_only_has_patched_records_is_carried_over(pipeline: Pipeline, tenant: str) -> None:
    await refreshed(pipeline, told(tenant, "upsert", 0, WHOLE), told(tenant, "patch", 1, {"status": "patched"}))
    build = (await entry(pipeline, tenant)).build
    await refreshed(pipeline)
    carried = await entry(pipeline, tenant)
    assert (carried.build, carried.patches) == (build, 1)
