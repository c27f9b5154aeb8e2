"""Records in the states that only time or a fault brings about, and random histories: what the look-up says of a record
must be what `compact()` made of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crosslook.contracts.layouts import layout_of
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.outcomes import Outcome
from services.snapshot_service.domain.record_facts import RecordFacts, RecordState
from services.snapshot_service.records.reader import RecordReader
from tests.helpers.builders import SCORE, Event, definition, event, object_key
from tests.helpers.examples import examples
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics
from tests.helpers.refresh_histories import MANY, NOW, OLD_HISTORIES, TICKET, event_of
from tests.helpers.refresh_reference import Reference
from tests.helpers.refusals import refusing

_TENANTS = count()


@pytest.fixture(scope="module")
async def pipeline(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    quick = own_topics(kafka).model_copy(update={"records_partitions": 3})
    engine = clickhouse.model_copy(update={"database": "record_histories"})
    async with running_pipeline(quick, engine, NOW, ingest={"poll_ms": 20}, snapshots={"keep": 50}) as running:
        yield running


@pytest.fixture
def tenant() -> str:
    return f"records-{next(_TENANTS)}"


def upsert(tenant: str, number: int, record: str = "1", **more: Any) -> Event:
    time = NOW - timedelta(hours=1) + timedelta(minutes=number)
    return event(tenant, "ticket", record, {"status": str(number)}, event_id=f"e{number}", time=time, **more)


async def send(pipeline: Pipeline, tenant: str, *events: Event) -> None:
    before = await pipeline.staged(tenant, "ticket")
    await pipeline.send(events)
    await pipeline.wait_staged(tenant, "ticket", before + len(events))


async def find(pipeline: Pipeline, tenant: str, record: str = "1", name: str = "ticket") -> RecordFacts:
    context = pipeline.context
    reader = RecordReader(
        context.clickhouse, context.entries, pipeline.feed, context.clock, pipeline.settings.late_days
    )
    found = context.schemas.record(tenant, name)
    return await reader.find(object_key(tenant, name), record, found.state if found is not None else None)


def told(found: RecordFacts) -> list[tuple[str, str, str]]:
    """(id, outcome, code) of each event, the oldest first."""
    return [(shown.event_id, shown.outcome.value, shown.code) for shown in reversed(found.events)]


async def test_an_object_that_cannot_be_built_keeps_its_record_and_says_why_events_wait(
    pipeline: Pipeline, tenant: str
) -> None:
    other = f"{tenant}-other"  # whose rows keep the table
    for name in (other, tenant):
        await pipeline.define(name, TICKET)
        await send(pipeline, name, upsert(name, 1))
        if name == other:
            await pipeline.refresh()
    wanted = {object_key(tenant)}
    async with refusing(pipeline.context.clickhouse, {layout_of(TICKET)}, wanted):
        assert (await pipeline.refresh()).state == "published"
    found = await find(pipeline, tenant)
    assert (found.state, told(found)) == (RecordState.PENDING, [("e1", "waiting", "object_failed")])
    assert "build: " in found.failed
    await pipeline.refresh()
    await send(pipeline, tenant, upsert(tenant, 2))
    async with refusing(pipeline.context.clickhouse, {layout_of(TICKET)}, wanted):
        await pipeline.refresh()
    found = await find(pipeline, tenant)
    assert (found.state, found.fields) == (RecordState.IN_REPORTS, {"status": "1", "score": None})
    assert told(found) == [("e1", "winner", ""), ("e2", "waiting", "object_failed")]
    await pipeline.refresh()
    found = await find(pipeline, tenant)
    assert (found.failed, told(found)) == ("", [("e1", "older", ""), ("e2", "winner", "")])


async def test_a_deleted_object_and_a_new_one_of_its_name(pipeline: Pipeline, tenant: str) -> None:
    await pipeline.define(tenant, TICKET)
    await send(pipeline, tenant, upsert(tenant, 1))
    await pipeline.refresh()
    await send(pipeline, tenant, upsert(tenant, 2))
    await pipeline.drop(tenant, "ticket")
    await pipeline.schemas.catch_up()
    found = await find(pipeline, tenant)
    assert (found.state, told(found)) == (
        RecordState.IN_REPORTS,
        [("e1", "winner", ""), ("e2", "older", "object_deleted")],
    )
    await pipeline.refresh()
    found = await find(pipeline, tenant)
    assert (found.state, found.fields, {code for _, _, code in told(found)}) == (
        RecordState.DELETED,
        None,
        {"object_deleted"},
    )
    await pipeline.define(tenant, definition(SCORE), since_version=3)
    assert (await find(pipeline, tenant)).state == RecordState.DELETED
    await send(pipeline, tenant, event(tenant, "ticket", "1", {"score": 1}, event_id="e3", time=NOW))
    found = await find(pipeline, tenant)
    assert (found.state, told(found)[-1]) == (RecordState.PENDING, ("e3", "waiting", ""))
    await pipeline.refresh()
    found = await find(pipeline, tenant)
    assert (found.state, found.fields, told(found)) == (
        RecordState.IN_REPORTS,
        {"score": 1.0},
        [("e1", "older", "earlier_object"), ("e2", "older", "earlier_object"), ("e3", "winner", "")],
    )


async def test_the_winner_is_shown_when_staging_has_forgotten_it(pipeline: Pipeline, tenant: str) -> None:
    await pipeline.define(tenant, TICKET)
    await send(pipeline, tenant, upsert(tenant, 5), upsert(tenant, 6, "2", kind="delete"))
    await pipeline.refresh()
    await pipeline.context.clickhouse.command(
        "ALTER TABLE record_log DELETE WHERE tenant = {tenant:String}", {"tenant": tenant}, {"mutations_sync": 2}
    )
    await send(pipeline, tenant, upsert(tenant, 4), upsert(tenant, 5), upsert(tenant, 7))
    found = await find(pipeline, tenant)
    assert found.state == RecordState.IN_REPORTS
    assert told(found) == [("e5", "winner", ""), ("e4", "waiting", ""), ("e5", "repeat", ""), ("e7", "waiting", "")]
    assert [shown.expected for shown in reversed(found.events)] == [None, Outcome.OLDER, None, Outcome.WINNER]
    gone = await find(pipeline, tenant, "2")
    assert (gone.state, told(gone), gone.events[0].type) == (
        RecordState.DELETED,
        [("e6", "winner", "")],
        "crosslook.record.deleted.v1",
    )


async def test_an_event_that_was_staged_twice_is_shown_once(pipeline: Pipeline, tenant: str) -> None:
    await pipeline.define(tenant, TICKET)
    await send(pipeline, tenant, upsert(tenant, 1))
    await pipeline.context.clickhouse.command(
        "INSERT INTO record_log SELECT * FROM record_log WHERE tenant = {tenant:String}", {"tenant": tenant}
    )
    found = await find(pipeline, tenant)
    assert (told(found), found.events_omitted) == ([("e1", "waiting", "")], 0)


_COMPARED = {"ticket": ("status", "score"), "contact": ("email",)}
_TRIED = settings(
    max_examples=examples(3, 200),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@_TRIED
@given(histories=OLD_HISTORIES, passing=st.lists(st.sampled_from([0, 1, 2]), min_size=3, max_size=3))
async def test_what_is_said_of_a_record_is_what_the_reference_made_of_it(
    pipeline: Pipeline, histories: list[list[list[tuple[dict[str, Any], int]]]], passing: list[int]
) -> None:
    references = {f"records-{next(_TENANTS)}": Reference(pipeline.context.schemas, MANY) for _ in histories}
    for tenant in references:
        await pipeline.define(tenant, TICKET)
    before = pipeline.clock.at
    try:
        for turn in range(3):
            pipeline.clock.at += timedelta(days=passing[turn])
            for (tenant, reference), history in zip(references.items(), histories, strict=True):
                for drawn, days in history[turn]:
                    sent = event_of(tenant, {**drawn, "minutes": days * 1440})
                    reference.take(sent, (await pipeline.send([sent]))[0])
            assert (await pipeline.refresh()).state == "published"
        for tenant, history in zip(references, histories, strict=True):
            for name, record in {(drawn["object"], drawn["record"]) for turn in history for drawn, _ in turn}:
                await _check(pipeline, tenant, name, record)
    finally:
        pipeline.clock.at = before


async def _check(pipeline: Pipeline, tenant: str, name: str, record: str) -> None:
    """The snapshot's row is made of the winner and the patches that are applied: its greatest event is one of them."""
    found, rows = await find(pipeline, tenant, record, name), await pipeline.rows(tenant, name)
    assert (found.state == RecordState.IN_REPORTS) == (record in rows)
    parts = [shown for shown in found.events if shown.outcome in (Outcome.WINNER, Outcome.APPLIED)]
    winners = [shown for shown in parts if shown.outcome == Outcome.WINNER]
    if record in rows:
        row = rows[record]
        assert len(winners) == 1
        assert (row["partition"], row["offset"]) in {(shown.partition, shown.offset) for shown in parts}
        fields = found.fields or {}
        assert [fields[slug] for slug in _COMPARED[name]] == [row[f"f_{slug}"] for slug in _COMPARED[name]]
    else:
        assert all(winner.type == "crosslook.record.deleted.v1" for winner in winners)
        assert found.state != RecordState.PENDING or not winners
