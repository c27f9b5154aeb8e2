"""What a refresh leaves behind after itself, on a real broker and engine."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.topics import SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.log_store.protocol import LogUnreadable
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.refresh.claim import RunRequest, claim
from services.snapshot_service.refresh.janitor import Janitor
from tests.helpers.builders import STATUS, Event, definition, event, object_key
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics

NOW = datetime.now(UTC).replace(microsecond=0)
TICKET = definition(STATUS)
KEPT = 2


@pytest.fixture(scope="module")
def kafka_of(kafka: KafkaSettings) -> KafkaSettings:
    return own_topics(kafka)


@pytest.fixture(scope="module")
async def pipeline(kafka_of: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    engine = clickhouse.model_copy(update={"database": "janitor"})
    async with running_pipeline(kafka_of, engine, NOW, snapshots={"keep": KEPT, "grace_seconds": 0}) as running:
        await running.define("busy", TICKET)
        await running.define("quiet", TICKET)
        yield running


async def touch(pipeline: Pipeline, tenant: str, number: int) -> None:
    await pipeline.send([event(tenant, "ticket", str(number), {"status": "x"}, event_id=str(number), time=NOW)])


async def builds(pipeline: Pipeline) -> set[int]:
    sql = (
        "SELECT DISTINCT toUInt64(partition) FROM system.parts WHERE active AND database = currentDatabase() "
        "AND startsWith(table, 'records_')"
    )
    return {build for (build,) in (await pipeline.context.clickhouse.query(sql)).rows}


async def test_snapshots_beyond_those_kept_are_forgotten_and_their_rows_go_a_run_later(pipeline: Pipeline) -> None:
    await touch(pipeline, "quiet", 0)
    written: list[int] = []
    for number in range(KEPT + 3):
        await touch(pipeline, "busy", number)
        assert (await pipeline.refresh()).state == "published"
        written.append(pipeline.manifest.build)
        await pipeline.feed.view.catch_up()
        assert len(pipeline.feed.manifests()) == min(number + 1, KEPT)
    named = set[int]()
    for manifest in pipeline.feed.manifests():
        entries = (await pipeline.context.entries.read(manifest.snapshot)).readable
        named |= {entry.build for entry in entries.values() if entry.rows}
    left = await builds(pipeline)
    assert named <= left
    forgotten_last = {build for build in left if written[-KEPT - 1] <= build < written[-KEPT]}
    assert left - named == forgotten_last, "only what the last run forgot is still there"
    assert written[0] in {build - build % 1_000_000 for build in left}, "the quiet object's rows are from the first run"
    assert sorted(await pipeline.rows("busy", "ticket")) == [str(number) for number in range(KEPT + 3)]
    assert list(await pipeline.rows("quiet", "ticket")) == ["0"]


async def test_a_pinned_snapshot_stays_with_its_rows_until_it_is_unpinned(pipeline: Pipeline) -> None:
    await touch(pipeline, "busy", 20)
    await pipeline.refresh()
    kept, rows = pipeline.manifest, len(await pipeline.rows("busy", "ticket"))
    assert await pipeline.refresher.pin(kept.snapshot, pinned=True) == kept
    assert pipeline.manifest == kept, "a pin makes no other snapshot current"
    for number in range(KEPT + 2):
        await touch(pipeline, "busy", 21 + number)
        await pipeline.refresh()
    assert kept in pipeline.feed.manifests()
    await pipeline.refresher.restore(kept.snapshot)
    assert len(await pipeline.rows("busy", "ticket")) == rows
    await pipeline.refresh()
    assert len(await pipeline.rows("busy", "ticket")) == rows + KEPT + 2
    await pipeline.refresher.pin(kept.snapshot, pinned=False)
    for _ in range(KEPT + 1):
        await pipeline.refresh()
    assert kept not in pipeline.feed.manifests()


async def test_entries_of_forgotten_snapshots_go_with_their_rows(pipeline: Pipeline) -> None:
    await pipeline.refresh()
    rows = await pipeline.context.clickhouse.query("SELECT uniqExact(snapshot) FROM snapshot_entries")
    assert rows.scalar() == KEPT + 1


async def test_what_a_dead_run_left_goes_with_the_next_and_a_store_away_at_the_end_fails_no_published_run(
    pipeline: Pipeline,
) -> None:
    engine = pipeline.context.clickhouse
    command = engine.command

    async def away(sql: str, *arguments: Any, **options: Any) -> None:
        if sql.startswith(("DROP TABLE IF EXISTS refresh_contacts", "ALTER TABLE refresh_work")):
            raise ClickHouseError(None, "NETWORK", "away")
        await command(sql, *arguments, **options)

    await touch(pipeline, "busy", 50)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "command", away)
        assert (await pipeline.refresh()).state == "published"
    assert await _leftovers(pipeline) == (True, True)
    await pipeline.refresh()
    assert await _leftovers(pipeline) == (False, False)


async def _leftovers(pipeline: Pipeline) -> tuple[bool, bool]:
    """Whether there is an index of contacts, and work of a run."""
    engine = pipeline.context.clickhouse
    sql = "SELECT count() > 0 FROM system.tables WHERE database = currentDatabase() AND name LIKE 'refresh_contacts%'"
    indexes = (await engine.query(sql)).scalar()
    work = (await engine.query("SELECT count() > 0 FROM refresh_work")).scalar()
    return bool(indexes), bool(work)


async def test_staging_behind_the_horizon_is_cleared_once_every_snapshot_has_passed_it(pipeline: Pipeline) -> None:
    assert await pipeline.staged("busy", "ticket") > 0
    before = pipeline.clock.at
    pipeline.clock.at = before + timedelta(days=pipeline.settings.late_days + 2)
    try:
        await pipeline.refresh()
        assert await pipeline.staged("busy", "ticket") == 0
        await touch(pipeline, "busy", 99)
        await pipeline.refresh()
    finally:
        pipeline.clock.at = before
    assert "99" in await pipeline.rows("busy", "ticket")
    assert "0" in await pipeline.rows("busy", "ticket")


async def test_rows_that_never_change_leave_a_partition_of_which_little_else_is_used(pipeline: Pipeline) -> None:
    note = TICKET.model_copy(update={"fields": (FieldDef(slug="note", type=FieldType.TEXT),)})
    tenants, still = ("moving", "still"), object_key("still")
    for tenant, records in zip(tenants, (4, 1), strict=True):
        await pipeline.define(tenant, note)
        await pipeline.send([_note(tenant, record, 0) for record in range(records)])
    await pipeline.refresh()
    first = (await pipeline.entries())[still].build
    for turn in range(1, KEPT + 1):
        await pipeline.send([_note("moving", 0, turn)])
        await pipeline.refresh()
        assert (await pipeline.entries())[still].build == first
    for turn in range(KEPT + 1, 2 * KEPT + 3):
        await pipeline.send([_note("moving", 0, turn)])
        await pipeline.refresh()
    assert (await pipeline.entries())[still].build > first
    assert (await pipeline.rows("still", "ticket"))["0"]["f_note"] == "0"
    assert first not in await builds(pipeline)


def _note(tenant: str, record: int, turn: int) -> Event:
    fields = {"note": str(turn)}
    return event(tenant, "ticket", str(record), fields, event_id=f"note-{record}-{turn}", time=NOW, sequence=turn)


async def test_no_row_is_dropped_while_a_manifest_cannot_be_read(pipeline: Pipeline, kafka_of: KafkaSettings) -> None:
    await pipeline.refresh()
    claimed = await claim(lambda: KafkaLogStore(SNAPSHOTS.name, kafka_of), RunRequest("manual"), "janitor", NOW)
    manifest = claimed.feed.manifests()[0]
    before = await builds(pipeline)
    shop = pipeline.context
    janitor = Janitor(shop.clickhouse, shop.entries, shop.consistency, shop.clock, shop.settings)

    async def write(value: bytes) -> None:
        await pipeline.publisher.publish(SNAPSHOTS.name, [(manifest.key.encode(), value, ())])

    await write(manifest.encode()[:-1])
    with pytest.raises(LogUnreadable, match="it is not JSON"):
        await janitor.tidy(claimed)
    assert await builds(pipeline) == before
    await write(manifest.encode())
    await janitor.tidy(claimed)
    await claimed.close()
