"""What a refresh publishes when an object cannot be built, when a build is not what it must be, and when the schema
changes under it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial

import pytest

from crosslook.contracts.layouts import Role
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.kafka import GroupCommit
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.decision import Rebuild
from services.snapshot_service.refresh import run as refresh_module
from services.snapshot_service.refresh.builder import Builder, Builds
from services.snapshot_service.refresh.run_statements import RunStatements
from services.snapshot_service.refresh.verify import Verification
from tests.helpers.builders import event, object_key
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics
from tests.helpers.refresher import NOW, filled, tickets


@pytest.fixture(scope="module")
async def pipeline(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    own = own_topics(kafka)
    engine = clickhouse.model_copy(update={"database": "refresh_verify"})
    async with running_pipeline(own, engine, NOW, ingest={"poll_ms": 20}) as running:
        yield running


async def test_an_object_whose_rows_cannot_be_built_keeps_its_entry_and_hurts_nobody_else(pipeline: Pipeline) -> None:
    await filled(pipeline, "good")
    await filled(pipeline, "bad")
    await pipeline.refresh()
    kept = (await pipeline.entries())[object_key("bad")]
    await filled(pipeline, "good", "2", "b")
    await filled(pipeline, "bad", "3", "c")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh_module, "Builder", _Refusing)
        assert (await pipeline.refresh()).state == "published"
    assert [failed.key for failed in pipeline.manifest.failed_objects] == [object_key("bad")]
    assert pipeline.manifest.failed_objects[0].reason == "build: DECIMAL_OVERFLOW (407)"
    entries = await pipeline.entries()
    assert (entries[object_key("bad")].build, entries[object_key("bad")].watermark) == (kept.build, kept.watermark)
    assert entries[object_key("bad")].failed == pipeline.manifest.failed_objects[0].reason
    assert sorted(await pipeline.rows("good", "ticket")) == ["1", "2"]
    assert sorted(await pipeline.rows("bad", "ticket")) == ["1"]
    await pipeline.refresh()
    assert pipeline.manifest.failed_objects == ()
    assert sorted(await pipeline.rows("bad", "ticket")) == ["1", "3"]


class _Refusing(Builder):
    """Fails as an engine does that meets a value it cannot convert: after part of the rows was written."""

    async def _write(self, build: int, group: Sequence[Rebuild], aliased: bool) -> None:
        await super()._write(build, group, aliased)
        if any(rebuild.key == object_key("bad") for rebuild in group):
            self.builds.done.pop()
            for item in group:
                del self.builds.entries[item.key]
            raise ClickHouseError(407, "DECIMAL_OVERFLOW", "Decimal math overflow")


async def test_a_build_that_does_not_hold_what_it_must_is_not_published(pipeline: Pipeline) -> None:
    await filled(pipeline, "honest")
    await filled(pipeline, "robbed")
    await pipeline.refresh()
    kept = (await pipeline.entries())[object_key("robbed")]
    for tenant in ("honest", "robbed"):
        await filled(pipeline, tenant, "2", "b")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh_module, "Verification", _Robber)
        assert (await pipeline.refresh()).state == "published"
    (failed,) = pipeline.manifest.failed_objects
    assert (failed.key, failed.reason) == (object_key("robbed"), "verify: ticket holds (2, 0, 0), expected (1, 0, 0)")
    assert (await pipeline.entries())[object_key("robbed")].build == kept.build
    assert sorted(await pipeline.rows("honest", "ticket")) == ["1", "2"]
    await pipeline.refresh()
    assert pipeline.manifest.failed_objects == ()
    assert sorted(await pipeline.rows("robbed", "ticket")) == ["1", "2"]


@pytest.mark.parametrize(
    ("lie", "record", "reason"),
    [
        ("lose", "2", "verify: ticket holds (2, 0, 2), expected (3, 0, 2)"),
        ("lose", "1", "verify: ticket holds (2, 0, 2), expected (3, 0, 2)"),
        ("lose the patch of", "1", "verify: ticket holds (3, 0, 1), expected (3, 0, 2)"),
        ("lose the base of", "1", "verify: ticket holds (3, 0, 1), expected (3, 0, 2)"),
        ("double", "2", "build: ticket holds 4 rows of 3 records"),
        ("double", "1", "build: ticket holds 4 rows of 3 records"),
    ],
)
async def test_a_build_with_a_row_lost_or_doubled_is_not_published_be_the_record_patched_or_not(
    pipeline: Pipeline, lie: str, record: str, reason: str
) -> None:
    true, false = (f"{kind}-{lie.replace(' ', '-')}-{record}" for kind in ("true", "false"))
    for tenant in (true, false):
        await filled(pipeline, tenant)
        await filled(pipeline, tenant, "2", "b")
    await pipeline.refresh()
    kept = (await pipeline.entries())[object_key(false)]
    for tenant in (true, false):
        patch = event(tenant, "ticket", "1", {"amount": "2"}, event_id="p", time=NOW, sequence=1, kind="patch")
        await pipeline.send([patch])
        await filled(pipeline, tenant, "3", "c")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(refresh_module, "Builder", partial(_Liar, lie=lie, tenant=false, record=record))
        assert (await pipeline.refresh()).state == "published"
    assert [(failure.key, failure.reason) for failure in pipeline.manifest.failed_objects] == [
        (object_key(false), reason)
    ]
    assert (await pipeline.entries())[object_key(false)].build == kept.build
    assert sorted(await pipeline.rows(true, "ticket")) == ["1", "2", "3"]
    await pipeline.refresh()
    assert pipeline.manifest.failed_objects == ()
    assert sorted(await pipeline.rows(false, "ticket")) == ["1", "2", "3"]


class _Liar(Builder):
    """Loses or doubles one record that it wrote, as a store would that says done and has not."""

    def __init__(self, statements: RunStatements, builds: Builds, *, lie: str, tenant: str, record: str) -> None:
        super().__init__(statements, builds)
        self._lie = lie
        self._about = {"tenant": tenant, "record": record}

    async def _fill(self, build: int, first: Rebuild, *, patches: bool, copied: bool, aliased: bool) -> None:
        await super()._fill(build, first, patches=patches, copied=copied, aliased=aliased)
        table = first.layout.table
        which = {"lose the patch of": f"role = {Role.APPLIED:d}", "lose the base of": f"role = {Role.BASE:d}"}
        where = "WHERE build = {build:UInt64} AND tenant = {tenant:String} AND record = {record:String}"
        lose, double = "DELETE", f"INSERT INTO {table} SELECT *"
        what = double if self._lie == "double" else lose
        sql = f"{what} FROM {table} {where} AND {which.get(self._lie, 'NOT deleted')}"
        settings = "SETTINGS lightweight_deletes_sync = 1"
        await self._statements.command(f"{sql} {settings}", {"build": build, **self._about})


class _Robber(Verification):
    """Takes staged rows away between build and verification, so that the two disagree for one tenant."""

    async def verify(self, progress: Callable[[int], None]) -> None:
        engine = self._statements
        condition = "WHERE tenant = 'robbed' AND record = '2'"
        await engine.command("CREATE TABLE stolen AS record_log")
        await engine.command(f"INSERT INTO stolen SELECT * FROM record_log {condition}")  # noqa: S608  # the test's own
        await engine.command(f"ALTER TABLE record_log DELETE {condition} SETTINGS mutations_sync = 1")
        await super().verify(progress)
        await engine.command("INSERT INTO record_log SELECT * FROM stolen")
        await engine.command("DROP TABLE stolen")


async def test_a_schema_changed_between_trigger_and_cut_loses_no_event_admitted_under_it(pipeline: Pipeline) -> None:
    await filled(pipeline, "changing")
    await pipeline.refresh()
    offsets = pipeline.context.offsets
    frozen, staged = offsets.end_offsets, offsets.commits

    async def before_the_freeze() -> dict[int, int]:
        await _changed(pipeline, "2", FIRST)
        return await frozen()

    async def after_the_freeze() -> dict[int, GroupCommit]:
        if pipeline.versions[object_key("changing")] == 2:
            await _changed(pipeline, "3", FIRST, SECOND)
        return await staged()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offsets, "end_offsets", _once(before_the_freeze, frozen))
        patch.setattr(offsets, "commits", after_the_freeze)
        assert (await pipeline.refresh()).state == "published"
    assert (await pipeline.entries())[object_key("changing")].schema_version == 3
    rows = await pipeline.rows("changing", "ticket")
    assert {record: (row["f_first"], row["f_second"]) for record, row in rows.items()} == {
        "1": (None, None),
        "2": (2.0, None),
    }
    await pipeline.refresh()
    row = (await pipeline.rows("changing", "ticket"))["3"]
    assert (row["f_first"], row["f_second"]) == (3.0, 3.0)


FIRST, SECOND = (FieldDef(slug=slug, type=FieldType.NUMBER) for slug in ("first", "second"))


async def _changed(pipeline: Pipeline, record: str, *fields: FieldDef) -> None:
    """Add fields, and send a record that has them."""
    await pipeline.define("changing", tickets(*fields))
    values = {field.slug: float(record) for field in fields}
    await pipeline.send([event("changing", "ticket", record, values, event_id=record, time=NOW)])


def _once(
    first: Callable[[], Awaitable[dict[int, int]]], then: Callable[[], Awaitable[dict[int, int]]]
) -> Callable[[], Awaitable[dict[int, int]]]:
    """The first call, and all others."""
    calls = iter([first])

    async def call() -> dict[int, int]:
        return await next(calls, then)()

    return call
