"""Replays that nobody asks for, and replays that die half-way: nothing is lost, nothing counts twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.schemas import TENANT_PREFIX, FieldDef, FieldType, OptionDef, TenantEvent, TenantState
from crosslook.contracts.topics import SCHEMAS
from crosslook.local.ports import free_port
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock, FixedClock, SystemClock
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.kafka import KafkaUnavailable, Publisher
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings, TenantsSettings
from services.snapshot_service.domain.replaying import Held
from services.snapshot_service.domain.selection import QuarantineFilter, Selection
from services.snapshot_service.ingest.controls import IngestControls
from services.snapshot_service.quarantine.automatic import AutomaticReplay
from services.snapshot_service.quarantine.replay import Replayer
from services.snapshot_service.quarantine.store import BATCH_EVENTS, QuarantineStore
from services.snapshot_service.settings import QuarantineSettings
from tests.helpers.builders import SCORE, event
from tests.helpers.processes import PASSWORD, own_topics
from tests.helpers.quarantine import NOW, TEXT_SCORE, Dataset, running_dataset, wrong
from tests.helpers.schema_service import Tokens

SELDOM = QuarantineSettings(check_seconds=3600, batch_events=2)
LEVEL = FieldDef(slug="level", type=FieldType.DROPDOWN, options=(OptionDef(value="low", label="Low"),))
LEVELS = FieldDef(
    slug="level",
    type=FieldType.DROPDOWN,
    options=(OptionDef(value="low", label="Low"), OptionDef(value="high", label="High")),
)


@pytest.fixture(scope="module")
def broker(kafka: KafkaSettings) -> KafkaSettings:
    return own_topics(kafka)


@pytest.fixture(scope="module")
def engine(clickhouse: ClickHouseSettings) -> ClickHouseSettings:
    return clickhouse.model_copy(update={"database": "quarantine_automatic"})


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens.at(tmp_path_factory.mktemp("automatic-keys"))


@pytest.fixture(scope="module")
async def dataset(broker: KafkaSettings, engine: ClickHouseSettings, tokens: Tokens) -> AsyncIterator[Dataset]:
    async with running_dataset(broker, engine, tokens, quarantine=SELDOM) as running:
        yield running


@contextlib.asynccontextmanager
async def second_worker(
    kafka: KafkaSettings,
    clickhouse: ClickHouse,
    store: QuarantineStore,
    failpoint: Callable[[str], None] = lambda name: None,
    clock: Clock | None = None,
) -> AsyncIterator[tuple[Replayer, AutomaticReplay, Publisher]]:
    """The replaying parts of another worker, in the test's hands."""
    view, publisher = KafkaLogView(SCHEMAS.name, kafka), Publisher(kafka)
    await view.start()
    await publisher.start()
    schemas = SchemaFeed(view, tenants_open=True)
    controls = IngestControls(clickhouse, 3600)
    replayer = Replayer(store, publisher, schemas, controls, clock or SystemClock(), Meters(), failpoint)
    yield replayer, AutomaticReplay(replayer, schemas, SELDOM), publisher
    await publisher.stop()
    await view.stop()


async def test_events_are_taken_by_themselves_once_their_object_appears(dataset: Dataset) -> None:
    await dataset.send(*(wrong("object", str(number), score=number) for number in range(5)))
    await dataset.wait_listed("object", 5, code="unknown_object")
    await dataset.define("object", SCORE)
    staged = await dataset.wait_staged("object", 5)
    assert [item for item, _ in staged] == [f"object-{number}" for number in range(5)]
    assert {time for _, time in staged} == {NOW}
    await dataset.wait_listed("object", 0)


async def test_so_are_those_that_wait_for_a_field_or_an_option_and_others_stay(dataset: Dataset) -> None:
    await dataset.define("parts", SCORE, LEVEL)
    await dataset.send(
        event("parts", "ticket", "1", {"level": "high"}, event_id="option", time=NOW),
        event("parts", "ticket", "2", {"mood": "good"}, event_id="field", time=NOW),
        event("parts", "ticket", "3", {"nonsense": 1}, event_id="never", time=NOW),
        wrong("parts", "4"),
    )
    await dataset.wait_listed("parts", 4)
    await dataset.define("parts", SCORE, LEVELS, FieldDef(slug="mood", type=FieldType.TEXT), version=2)
    assert [dataset_object for dataset_object, _ in await dataset.wait_staged("parts", 2)] == ["field", "option"]
    left = await dataset.wait_listed("parts", 2)
    assert sorted(problem["code"] for problem in left) == ["unknown_field", "wrong_type"]


async def test_what_was_looked_at_in_vain_is_read_again_only_when_something_changed(
    dataset: Dataset, broker: KafkaSettings
) -> None:
    await dataset.define("vain", SCORE)
    await dataset.send(event("vain", "ticket", "1", {"mood": 1}, event_id="1", time=NOW))
    await dataset.wait_listed("vain", 1)
    store = CountingStore(dataset.engine)
    async with second_worker(broker, dataset.engine, store) as (_, automatic, _):
        assert await automatic.look() == 0
        assert "vain" in store.read
        store.read.clear()
        assert await automatic.look() == 0
        assert store.read == []
        await dataset.send(event("vain", "ticket", "2", {"mood": 1}, event_id="2", time=NOW))
        await dataset.wait_listed("vain", 2)
        await automatic.look()
        assert store.read == ["vain"]


class CountingStore(QuarantineStore):
    """The real store, remembering whose events were read."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        super().__init__(clickhouse, 30)
        self.read: list[str] = []
        self._looks = 0

    def looked(self, times: int) -> Callable[[], Awaitable[bool]]:
        """Whether somebody asked so often what waits."""

        async def enough() -> bool:
            return self._looks >= times

        return enough

    async def waiting(self, codes: Sequence[str]) -> list[tuple[ObjectKey, int]]:
        self._looks += 1
        return await super().waiting(codes)

    def batches(self, selection: Selection, batch_events: int = BATCH_EVENTS) -> AsyncIterator[list[Held]]:
        self.read.append(selection.filter.tenant)
        return super().batches(selection, batch_events)


@pytest.mark.parametrize(("step", "copies"), [("noted", 2), ("published", 4)])
async def test_a_replay_that_died_half_way_is_brought_to_its_end_and_counts_once(
    dataset: Dataset, broker: KafkaSettings, step: str, copies: int
) -> None:
    await dataset.define(step, SCORE)
    await dataset.send(wrong(step, "1"), wrong(step, "2"))
    await dataset.wait_listed(step, 2)
    await dataset.define(step, TEXT_SCORE, version=2)
    store = QuarantineStore(dataset.engine, 30)
    async with second_worker(broker, dataset.engine, store, dying_at(step)) as (replayer, _, _):
        with pytest.raises(Died):
            await replayer.replay(Selection(QuarantineFilter(step)), "test")
    assert len(await dataset.listed(step)) == 2
    later = FixedClock(datetime.now(UTC) + timedelta(minutes=2))
    async with second_worker(broker, dataset.engine, store, clock=later) as (_, automatic, _):
        assert await automatic.look() == 2
        assert await automatic.look() == 0
    assert len(await dataset.wait_staged(step, copies)) == copies
    assert await dataset.listed(step) == []
    run = await dataset.service.refreshed()
    sql = (
        "SELECT rows FROM snapshot_entries "
        "WHERE snapshot = {id:String} AND tenant = {tenant:String} AND object = 'ticket'"
    )
    assert (await dataset.engine.query(sql, {"id": run["snapshot"], "tenant": step})).scalar() == 2


async def test_a_replay_that_began_may_still_be_discarded(dataset: Dataset, broker: KafkaSettings) -> None:
    await dataset.define("regret", SCORE)
    await dataset.send(wrong("regret", "1"))
    await dataset.wait_listed("regret", 1)
    await dataset.define("regret", TEXT_SCORE, version=2)
    store = QuarantineStore(dataset.engine, 30)
    async with second_worker(broker, dataset.engine, store, dying_at("noted")) as (replayer, _, _):
        with pytest.raises(Died):
            await replayer.replay(Selection(QuarantineFilter("regret")), "test")
    await dataset.move("discard", {"filter": {"tenant": "regret"}, "reason": "regretted", "dry_run": False})
    later = FixedClock(datetime.now(UTC) + timedelta(minutes=2))
    async with second_worker(broker, dataset.engine, store, clock=later) as (replayer, _, _):
        assert await replayer.finish("test") == 0
    assert await dataset.listed("regret") == []


class Died(Exception):
    """Stands for the end of the process."""


def dying_at(step: str) -> Callable[[str], None]:
    def failpoint(name: str) -> None:
        if name == step:
            raise Died

    return failpoint


async def test_nothing_is_gone_that_the_broker_did_not_acknowledge(dataset: Dataset, broker: KafkaSettings) -> None:
    await dataset.define("silent", SCORE)
    await dataset.send(wrong("silent", "1"))
    (item,) = await dataset.wait_listed("silent", 1)
    await dataset.define("silent", TEXT_SCORE, version=2)
    async with second_worker(broker, dataset.engine, QuarantineStore(dataset.engine, 30)) as (replayer, _, publisher):
        await publisher.stop()
        with pytest.raises(KafkaUnavailable):
            await replayer.replay(Selection(QuarantineFilter("silent")), "test")
        assert replayer.progress.running is None
    assert await dataset.listed("silent") == [item]


async def test_automatic_replays_go_on_when_the_store_is_back(dataset: Dataset, broker: KafkaSettings) -> None:
    away = ClickHouse(ClickHouseSettings(port=free_port(), password=PASSWORD))
    store = CountingStore(away)
    async with second_worker(broker, dataset.engine, store) as (_, automatic, _):
        running = asyncio.create_task(automatic.run())
        for looks in (1, 2):
            await dataset.service.until(store.looked(looks))
            automatic.request()
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await away.close()


async def test_two_replays_of_the_same_events_take_turns_and_publish_them_once(
    dataset: Dataset, broker: KafkaSettings
) -> None:
    await dataset.define("turns", SCORE)
    await dataset.send(*(wrong("turns", str(number)) for number in range(3)))
    items = await dataset.wait_listed("turns", 3)
    await dataset.define("turns", TEXT_SCORE, version=2)
    mine = Selection(QuarantineFilter("turns"), tuple(item["id"] for item in items))
    async with second_worker(broker, dataset.engine, QuarantineStore(dataset.engine, 30)) as (replayer, _, _):
        tallies = await asyncio.gather(*(replayer.replay(mine, "test") for _ in range(3)))
    assert sorted(tally.moved for tally in tallies) == [0, 0, 3]
    assert len(await dataset.wait_staged("turns", 3)) == 3


async def test_what_waited_while_no_worker_ran_is_found_at_the_next_start(
    clickhouse: ClickHouseSettings, tokens: Tokens, kafka: KafkaSettings
) -> None:
    settings = clickhouse.model_copy(update={"database": "quarantine_restart"})
    closed = {"quarantine": SELDOM, "tenants": TenantsSettings(open=False)}
    own = own_topics(kafka)
    async with running_dataset(own, settings, tokens, **closed) as before:
        await before.send(wrong("restart", "1", score=1))
        await before.wait_listed("restart", 1, code="unknown_tenant")
    writer = KafkaLogStore(SCHEMAS.name, own)
    await writer.start()
    await Dataset(before.service, writer, before.engine).define("restart", SCORE)
    made = TenantEvent(id="1", source="/test", time=NOW, data=TenantState(tenant="restart"))
    await writer.put(f"{TENANT_PREFIX}restart", made.encode())
    await writer.stop()
    async with running_dataset(own, settings, tokens, **closed) as after:
        assert [record for record, _ in await after.wait_staged("restart", 1)] == ["restart-1"]
        await after.wait_listed("restart", 0)
