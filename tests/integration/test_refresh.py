"""The refresh on a real broker and engine: what a snapshot holds after which events."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crosslook.contracts.schemas import Definition, FieldDef, FieldType, OptionDef, RelationshipDef
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import REQUESTER, SCORE, STATUS, definition, event, object_key
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics

NOW = datetime.now(UTC).replace(microsecond=0)


def ticket(*fields: FieldDef, relationships: tuple[RelationshipDef, ...] = (REQUESTER,)) -> Definition:
    return definition(*fields, relationships=relationships)


@pytest.fixture(scope="module")
def own_kafka(kafka: KafkaSettings) -> KafkaSettings:
    return own_topics(kafka)


@pytest.fixture(scope="module")
async def pipeline(own_kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    settings = clickhouse.model_copy(update={"database": "refresh"})
    async with running_pipeline(own_kafka, settings, NOW) as running:
        yield running


async def test_a_record_of_every_type_arrives_with_its_values(pipeline: Pipeline) -> None:
    kinds = {kind.value: FieldDef(slug=f"a_{kind.value}", type=kind, options=_options(kind)) for kind in FieldType}
    await pipeline.define("types", ticket(*kinds.values()))
    fields = {
        "a_text": "héllo",
        "a_textarea": "line\nline",
        "a_number": 4.5,
        "a_currency": "12.5",
        "a_date": "1900-01-01",
        "a_datetime": "2299-12-31T23:59:59.999+00:00",
        "a_dropdown": "x",
        "a_multiselect": ["y", "x"],
        "a_boolean": False,
    }
    await pipeline.send([event("types", "ticket", "1", fields, event_id="1", time=NOW)])
    run = await pipeline.refresh()
    assert run.state == "published"
    (row,) = (await pipeline.rows("types", "ticket")).values()
    assert {name: row[f"f_{name}"] for name in fields} == {
        **fields,
        "a_currency": Decimal("12.5"),
        "a_date": datetime(1900, 1, 1).date(),  # noqa: DTZ001  # a date has no zone
        "a_datetime": datetime(2299, 12, 31, 23, 59, 59, 999000, UTC),
    }


def _options(kind: FieldType) -> tuple[OptionDef, ...]:
    wanted = kind in (FieldType.DROPDOWN, FieldType.MULTISELECT)
    return (OptionDef(value="x"), OptionDef(value="y")) if wanted else ()


async def test_the_latest_event_wins_whatever_the_order_of_arrival(pipeline: Pipeline) -> None:
    await pipeline.define("order", ticket(STATUS))
    await pipeline.send(
        [
            event("order", "ticket", "1", {"status": "new"}, event_id="b", time=NOW),
            event("order", "ticket", "1", {"status": "old"}, event_id="a", time=NOW - timedelta(hours=1)),
            event("order", "ticket", "2", {"status": "low"}, event_id="c", time=NOW, sequence=1),
            event("order", "ticket", "2", {"status": "high"}, event_id="d", time=NOW, sequence=2),
            event("order", "ticket", "2", {"status": "none"}, event_id="e", time=NOW),
        ]
    )
    await pipeline.refresh()
    rows = await pipeline.rows("order", "ticket")
    assert {record: row["f_status"] for record, row in rows.items()} == {"1": "new", "2": "high"}


async def test_a_repeat_changes_nothing_not_even_at_equal_times_or_a_refresh_later(pipeline: Pipeline) -> None:
    await pipeline.define("repeats", ticket(STATUS))
    first = event("repeats", "ticket", "1", {"status": "first"}, event_id="a", time=NOW)
    second = event("repeats", "ticket", "1", {"status": "second"}, event_id="b", time=NOW)
    await pipeline.send([first, second, first])
    await pipeline.refresh()
    assert (await pipeline.rows("repeats", "ticket"))["1"]["f_status"] == "second"
    await pipeline.send([first])
    await pipeline.refresh()
    assert (await pipeline.rows("repeats", "ticket"))["1"]["f_status"] == "second"


async def test_a_deleted_record_is_gone_and_a_late_older_event_does_not_bring_it_back(pipeline: Pipeline) -> None:
    await pipeline.define("gone", ticket(STATUS))
    await pipeline.send(
        [
            event("gone", "ticket", "1", {"status": "x"}, event_id="a", time=NOW - timedelta(hours=2)),
            event("gone", "ticket", "1", event_id="b", time=NOW - timedelta(hours=1), kind="delete"),
        ]
    )
    await pipeline.refresh()
    assert await pipeline.rows("gone", "ticket") == {}
    late = event("gone", "ticket", "1", {"status": "late"}, event_id="c", time=NOW - timedelta(minutes=90))
    await pipeline.send([late])
    await pipeline.refresh()
    assert await pipeline.rows("gone", "ticket") == {}
    assert list(await pipeline.rows("gone", "ticket", deleted=True)) == ["1"]
    await pipeline.send([event("gone", "ticket", "1", {"status": "back"}, event_id="d", time=NOW)])
    await pipeline.refresh()
    assert (await pipeline.rows("gone", "ticket"))["1"]["f_status"] == "back"


async def test_a_tombstone_goes_after_the_horizon(pipeline: Pipeline) -> None:
    await pipeline.define("tomb", ticket(STATUS))
    await pipeline.send([event("tomb", "ticket", "1", event_id="a", time=NOW, kind="delete")])
    await pipeline.refresh()
    assert list(await pipeline.rows("tomb", "ticket", deleted=True)) == ["1"]
    before = pipeline.clock.at
    pipeline.clock.at = before + timedelta(days=pipeline.settings.late_days, hours=1)
    try:
        await pipeline.send([event("tomb", "ticket", "2", {"status": "x"}, event_id="b", time=NOW)])
        await pipeline.refresh()
    finally:
        pipeline.clock.at = before
    assert await pipeline.rows("tomb", "ticket", deleted=True) == {}
    assert list(await pipeline.rows("tomb", "ticket")) == ["2"]


async def test_an_object_that_nothing_touched_is_carried_over(pipeline: Pipeline) -> None:
    await pipeline.define("quiet", ticket(STATUS))
    await pipeline.send([event("quiet", "ticket", "1", {"status": "x"}, event_id="a", time=NOW)])
    await pipeline.refresh()
    before = (await pipeline.entries())[object_key("quiet")]
    await pipeline.refresh()
    after = (await pipeline.entries())[object_key("quiet")]
    assert (after.build, after.rows) == (before.build, 1)
    assert after.watermark == pipeline.manifest.watermark
    assert (pipeline.manifest.rebuilt, pipeline.manifest.carried) == (0, pipeline.manifest.objects)
    await pipeline.send([event("quiet", "ticket", "2", {"status": "y"}, event_id="b", time=NOW)])
    await pipeline.refresh()
    assert sorted(await pipeline.rows("quiet", "ticket")) == ["1", "2"]


async def test_objects_of_all_tenants_with_the_same_fields_share_one_table(pipeline: Pipeline) -> None:
    for tenant in ("share-a", "share-b"):
        await pipeline.define(tenant, ticket(STATUS, SCORE))
        await pipeline.send([event(tenant, "ticket", "1", {"status": tenant}, event_id="a", time=NOW)])
    await pipeline.refresh()
    entries = await pipeline.entries()
    assert entries[object_key("share-a")].layout == entries[object_key("share-b")].layout
    assert (await pipeline.rows("share-a", "ticket"))["1"]["f_status"] == "share-a"
    assert (await pipeline.rows("share-b", "ticket"))["1"]["f_status"] == "share-b"


async def test_a_field_that_is_added_or_removed_changes_the_columns_and_keeps_the_other_values(
    pipeline: Pipeline,
) -> None:
    await pipeline.define("fields", ticket(STATUS))
    await pipeline.send([event("fields", "ticket", "1", {"status": "x"}, event_id="a", time=NOW)])
    await pipeline.refresh()
    await pipeline.define("fields", ticket(STATUS, SCORE))
    await pipeline.refresh()
    row = (await pipeline.rows("fields", "ticket"))["1"]
    assert (row["f_status"], row["f_score"]) == ("x", None)
    await pipeline.define("fields", ticket(SCORE))
    await pipeline.refresh()
    row = (await pipeline.rows("fields", "ticket"))["1"]
    assert "f_status" not in row
    assert row["f_score"] is None


async def test_a_field_that_comes_back_with_another_type_starts_empty(pipeline: Pipeline) -> None:
    await pipeline.define("retyped", ticket(STATUS))
    await pipeline.send([event("retyped", "ticket", "1", {"status": "12"}, event_id="a", time=NOW)])
    await pipeline.refresh()
    await pipeline.define("retyped", ticket(FieldDef(slug="status", type=FieldType.NUMBER)))
    await pipeline.refresh()
    assert (await pipeline.rows("retyped", "ticket"))["1"]["f_status"] is None


async def test_a_deleted_object_leaves_with_the_next_refresh(pipeline: Pipeline) -> None:
    await pipeline.define("leaving", ticket(STATUS))
    await pipeline.refresh()
    assert object_key("leaving") in await pipeline.entries()
    await pipeline.drop("leaving", "ticket")
    assert object_key("leaving") in await pipeline.entries()
    await pipeline.refresh()
    assert object_key("leaving") not in await pipeline.entries()
    assert pipeline.manifest.dropped == 1


async def test_events_of_an_earlier_object_of_the_same_name_are_left_out(pipeline: Pipeline) -> None:
    await pipeline.define("again", ticket(STATUS))
    await pipeline.send([event("again", "ticket", "1", {"status": "old"}, event_id="a", time=NOW)])
    await pipeline.wait_staged("again", "ticket", 1)
    await pipeline.drop("again", "ticket")
    await pipeline.define("again", ticket(STATUS), since_version=3)
    await pipeline.send([event("again", "ticket", "2", {"status": "new"}, event_id="b", time=NOW)])
    await pipeline.refresh()
    assert list(await pipeline.rows("again", "ticket")) == ["2"]


async def test_links_resolve_by_id_by_e_mail_and_by_foreign_id(pipeline: Pipeline) -> None:
    await pipeline.define("links", ticket(STATUS))
    await pipeline.send(
        [
            event("links", "contact", "c1", {"email": " Ada@X.example\t"}, event_id="1", time=NOW),
            event("links", "contact", "c2", external_ids=["zendesk:7"], event_id="2", time=NOW),
            _linked("1", {"id": "c1"}),
            _linked("2", {"email": "ada@x.EXAMPLE"}),
            _linked("3", {"external": "zendesk:7"}),
            _linked("4", {"email": "nobody@x.example"}),
            _linked("5", {"email": "nobody@x.example"}, {"id": "c2"}, {"id": "c1"}),
        ]
    )
    await pipeline.refresh()
    rows = await pipeline.rows("links", "ticket")
    found = {record: row["links_requester"] for record, row in rows.items()}
    assert found == {"1": ["c1"], "2": ["c1"], "3": ["c2"], "4": [], "5": ["c2"]}
    assert (await pipeline.entries())[object_key("links")].unresolved == 2


async def test_a_contact_that_comes_later_completes_the_link_and_one_that_goes_breaks_it(pipeline: Pipeline) -> None:
    await pipeline.define("later", ticket(STATUS))
    await pipeline.send([_linked("1", {"email": "ada@x.example"}, tenant="later")])
    await pipeline.refresh()
    assert (await pipeline.rows("later", "ticket"))["1"]["links_requester"] == []
    created = event("later", "contact", "c1", {"email": "ada@x.example"}, event_id="c", time=NOW)
    await pipeline.send([created])
    await pipeline.refresh()
    assert (await pipeline.rows("later", "ticket"))["1"]["links_requester"] == ["c1"]
    moved = event("later", "contact", "c1", {"email": "other@x.example"}, event_id="d", time=NOW, sequence=1)
    await pipeline.send([moved])
    await pipeline.refresh()
    assert (await pipeline.rows("later", "ticket"))["1"]["links_requester"] == ["c1"], "once resolved a link stays"
    gone = event("later", "contact", "c1", event_id="e", time=NOW, sequence=2, kind="delete")
    await pipeline.send([gone])
    await pipeline.refresh()
    assert (await pipeline.rows("later", "ticket"))["1"]["links_requester"] == []


async def test_the_oldest_of_two_contacts_with_one_e_mail_is_linked(pipeline: Pipeline) -> None:
    await pipeline.define("twins", ticket(STATUS))
    email = "ada@x.example"
    await pipeline.send(
        [
            event("twins", "contact", "a", {"email": email}, event_id="1", time=NOW),
            event("twins", "contact", "c", _created(email, 2020), event_id="2", time=NOW),
            event("twins", "contact", "b", _created(email, 2021), event_id="3", time=NOW),
            _linked("1", {"email": email}, tenant="twins"),
        ]
    )
    await pipeline.refresh()
    assert (await pipeline.rows("twins", "ticket"))["1"]["links_requester"] == ["c"]


async def test_a_snapshot_covers_its_watermark_and_numbers_go_on(pipeline: Pipeline) -> None:
    await pipeline.refresh()
    before = pipeline.manifest
    await pipeline.refresh()
    after = pipeline.manifest
    assert (after.sequence, after.previous) == (before.sequence + 1, before.snapshot)
    assert after.build > before.build
    assert set(after.watermark) == set(before.watermark)
    steps = ["webhooks", "freeze", "wait", "cut", "decide", "build", "verify", "publish"]
    assert [step.name for step in after.steps] == steps


async def test_a_run_leaves_nothing_behind_but_its_rows(pipeline: Pipeline) -> None:
    await pipeline.refresh()
    engine = pipeline.context.clickhouse
    assert (await engine.query("SELECT count() FROM refresh_work")).scalar() == 0
    tables = await engine.query(
        "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name LIKE 'refresh_contacts%'"
    )
    assert tables.scalar() == 0


def _created(email: str, year: int) -> dict[str, str]:
    return {"email": email, "created_at": f"{year}-01-01T00:00:00Z"}


def _linked(record: str, *references: dict[str, str], tenant: str = "links") -> dict[str, object]:
    links = {"requester": list(references)}
    return event(tenant, "ticket", record, {}, event_id=f"t{record}", time=NOW, relationships=links)
