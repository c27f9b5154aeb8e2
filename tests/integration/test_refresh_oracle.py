"""Random histories, cut into refreshes at random, through the real ingest and SQL: every row and figure of every
snapshot must be what `compact()` says, and how the history was cut must not matter.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.contracts.values import milliseconds
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.compaction import (
    BuiltRecord,
    Horizon,
    Piece,
)
from services.snapshot_service.domain.link_aliases import LinkAlias, alias_version
from services.snapshot_service.integrations.aliases import LinkAliases
from services.snapshot_service.refresh import build
from tests.helpers.builders import object_key
from tests.helpers.examples import examples
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics
from tests.helpers.refresh_histories import (
    ALIASES,
    DISTINCT,
    FAILING,
    HISTORIES,
    MANY,
    NOW,
    OLD_HISTORIES,
    TICKET,
    event_of,
)
from tests.helpers.refresh_reference import Reference
from tests.helpers.refusals import refusing

_TENANTS, _DATABASES = count(), count()
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""Without shrinking: each try is several refreshes on the real engine, and a failure should be told at once."""


def _tried(quick: int, nightly: int) -> settings:
    """The examples of one test share its pipeline and take tenants of their own."""
    unlike = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    return settings(max_examples=examples(quick, nightly), deadline=None, phases=_PHASES, suppress_health_check=unlike)


@pytest.fixture
async def pipeline(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    """A deployment of the test's own: tenants of others would be carried over in each of its refreshes."""
    quick = own_topics(kafka).model_copy(update={"records_partitions": 3})
    engine = clickhouse.model_copy(update={"database": f"refresh_oracle_{next(_DATABASES)}"})
    async with running_pipeline(quick, engine, NOW, ingest={"poll_ms": 20}) as running:
        yield running


async def _tenant(pipeline: Pipeline) -> str:
    tenant = f"oracle-{next(_TENANTS)}"
    await pipeline.define(tenant, TICKET)
    return tenant


async def _received(pipeline: Pipeline, tenant: str) -> dict[tuple[int, int], int]:
    sql = "SELECT partition, offset, toUnixTimestamp64Milli(received_at) FROM record_log WHERE tenant = {tenant:String}"
    rows = await pipeline.context.clickhouse.query(sql, {"tenant": tenant})
    return {(partition, offset): received for partition, offset, received in rows.rows}


@_tried(2, 200)
@given(histories=HISTORIES, aliases=ALIASES)
async def test_every_snapshot_holds_what_the_reference_says(
    pipeline: Pipeline, histories: list[list[list[dict[str, Any]]]], aliases: list[tuple[int, str, list[str], int]]
) -> None:
    """Every second tenant has the aliases."""
    references = {await _tenant(pipeline): Reference(pipeline.context.schemas, MANY) for _ in histories}
    for turn in range(3):
        for (tenant, reference), history in zip(references.items(), histories, strict=True):
            for drawn in history[turn]:
                sent = event_of(tenant, drawn)
                reference.take(sent, (await pipeline.send([sent]))[0])
        for tenant, reference in list(references.items())[::2]:
            await _name(pipeline, tenant, reference, [alias[1:] for alias in aliases if alias[0] == turn])
        assert (await pipeline.refresh()).state == "published"
        assert pipeline.manifest.failed_objects == ()
        for tenant, reference in references.items():
            reference.refresh(await _received(pipeline, tenant))
            await _compare(pipeline, tenant, reference)


async def _name(pipeline: Pipeline, tenant: str, reference: Reference, drawn: list[tuple[str, list[str], int]]) -> None:
    """Store aliases, where the reference knows nothing as new: of equal versions the first that is stored counts."""
    for number, (name, targets, minutes) in enumerate(drawn):
        version = alias_version(milliseconds(NOW - timedelta(minutes=minutes)), number + 2)
        alias = LinkAlias(tenant, name, tuple(targets), version)
        if await LinkAliases(pipeline.context.clickhouse, pipeline.clock).put([alias]):
            reference.name([alias])


@_tried(2, 150)
@given(histories=OLD_HISTORIES, passing=st.lists(st.sampled_from([0, 3, 9]), min_size=3, max_size=3))
async def test_so_it_is_when_events_are_old_and_days_pass_between_refreshes(
    pipeline: Pipeline, histories: list[list[list[tuple[dict[str, Any], int]]]], passing: list[int]
) -> None:
    references = {await _tenant(pipeline): Reference(pipeline.context.schemas, MANY) for _ in histories}
    numbers, before = count(100), pipeline.clock.at
    try:
        for turn in range(3):
            pipeline.clock.at += timedelta(days=passing[turn])
            for (tenant, reference), history in zip(references.items(), histories, strict=True):
                for drawn, days in history[turn]:
                    # Repeats beyond the horizon are none: staging has forgotten the first.
                    sent = event_of(tenant, {**drawn, "event_id": next(numbers), "minutes": days * 1440})
                    reference.take(sent, (await pipeline.send([sent]))[0])
            assert (await pipeline.refresh()).state == "published"
            assert pipeline.manifest.failed_objects == ()
            entries = await pipeline.entries()
            old = [key for key, entry in entries.items() if entry.build < pipeline.manifest.build]
            for tenant, reference in references.items():
                carried = [key.object for key in old if key.tenant == tenant]
                reference.refresh(await _received(pipeline, tenant), _horizon(pipeline), carried)
                await _compare(pipeline, tenant, reference)
    finally:
        pipeline.clock.at = before


def _horizon(pipeline: Pipeline) -> Horizon:
    late_ms = pipeline.settings.late_days * 86_400_000
    return Horizon(late_ms, milliseconds(pipeline.manifest.as_of) - late_ms - FUTURE_TOLERANCE_MS)


@_tried(2, 150)
@given(histories=HISTORIES, failing=FAILING, indexed=st.sampled_from([1, 3, 2_000_000]))
async def test_so_it_is_in_and_after_runs_in_which_random_objects_fail(
    pipeline: Pipeline, histories: list[list[list[dict[str, Any]]]], failing: list[list[set[str]]], indexed: int
) -> None:
    """`indexed`: so many contacts are in the index at the same time."""
    references = {await _tenant(pipeline): Reference(pipeline.context.schemas, MANY) for _ in histories}
    for turn in range(4):
        for (tenant, reference), history in zip(references.items(), histories, strict=True):
            for drawn in history[turn] if turn < 3 else []:
                sent = event_of(tenant, drawn)
                reference.take(sent, (await pipeline.send([sent]))[0])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(build, "INDEXED_AT_ONCE", indexed)
            await _refresh_refusing(pipeline, [*references], failing[turn] if turn < 3 else [])
        for tenant, reference in references.items():
            failed = pipeline.manifest.failures_of(tenant)
            reference.refresh(await _received(pipeline, tenant), failed=failed)
            await _compare(pipeline, tenant, reference)


@_tried(2, 150)
@given(histories=OLD_HISTORIES, passing=st.lists(st.sampled_from([0, 3, 9]), min_size=4, max_size=4), failing=FAILING)
async def test_so_it_is_when_objects_fail_for_longer_than_staging_is_kept_for_others(
    pipeline: Pipeline,
    histories: list[list[list[tuple[dict[str, Any], int]]]],
    passing: list[int],
    failing: list[list[set[str]]],
) -> None:
    references = {await _tenant(pipeline): Reference(pipeline.context.schemas, MANY) for _ in histories}
    numbers, before = count(100), pipeline.clock.at
    try:
        for turn in range(4):
            pipeline.clock.at += timedelta(days=passing[turn])
            for (tenant, reference), history in zip(references.items(), histories, strict=True):
                for drawn, days in history[turn] if turn < 3 else []:
                    sent = event_of(tenant, {**drawn, "event_id": next(numbers), "minutes": days * 1440})
                    reference.take(sent, (await pipeline.send([sent]))[0])
            await _refresh_refusing(pipeline, [*references], failing[turn] if turn < 3 else [])
            entries = await pipeline.entries()
            old = [key for key, entry in entries.items() if entry.build < pipeline.manifest.build and not entry.failed]
            for tenant, reference in references.items():
                carried = [key.object for key in old if key.tenant == tenant]
                failed = pipeline.manifest.failures_of(tenant)
                reference.refresh(await _received(pipeline, tenant), _horizon(pipeline), carried, failed)
                await _compare(pipeline, tenant, reference)
    finally:
        pipeline.clock.at = before


async def _refresh_refusing(pipeline: Pipeline, tenants: list[str], failing: list[set[str]]) -> None:
    """A refresh in which the engine refuses the rows of these objects: those that get any fail, and no other."""
    wanted = {object_key(tenant, name) for tenant, names in zip(tenants, failing, strict=False) for name in names}
    async with refusing(pipeline.context.clickhouse, {layout_of(TICKET), layout_of(BUILT_IN_CONTACT)}, wanted):
        assert (await pipeline.refresh()).state == "published"
    failed = {failure.key for failure in pipeline.manifest.failed_objects}
    assert failed <= wanted
    entries = await pipeline.entries()
    spared = [entries[key] for key in wanted - failed]
    assert [
        entry
        for entry in spared
        if entry.build >= pipeline.manifest.build and entry.rows + entry.deleted + entry.patches
    ] == []


@_tried(1, 100)
@given(histories=st.lists(DISTINCT, min_size=3, max_size=5), shuffle=st.randoms(use_true_random=False))
async def test_neither_the_order_of_arrival_nor_the_cut_into_refreshes_matters(
    pipeline: Pipeline, histories: list[list[tuple[dict[str, Any], int, int]]], shuffle: Any
) -> None:
    twins = [(await _tenant(pipeline), await _tenant(pipeline)) for _ in histories]
    for turn in range(3):
        for (item, other), history in zip(twins, histories, strict=True):
            events = [
                ({**drawn, "event_id": number, "minutes": number}, first, second)
                for number, (drawn, first, second) in enumerate(history)
            ]
            await pipeline.send([event_of(item, drawn) for drawn, first, _ in events if first == turn])
            shuffle.shuffle(events)
            await pipeline.send([event_of(other, drawn) for drawn, _, second in events if second == turn])
        assert (await pipeline.refresh()).state == "published"
    for item, other in twins:
        assert _fields(await pipeline.rows(item, "ticket")) == _fields(await pipeline.rows(other, "ticket"))


def _fields(rows: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {record: (row["f_status"], row["f_score"], row["event_id"]) for record, row in rows.items()}


async def _compare(pipeline: Pipeline, tenant: str, reference: Reference) -> None:
    entries = await pipeline.entries()
    failed = pipeline.manifest.failures_of(tenant)
    assert sum(entry.too_late for key, entry in entries.items() if key.tenant == tenant) == reference.too_late
    for name in ("ticket", "contact"):
        rows = reference.rows[name]
        if object_key(tenant, name) not in entries:
            assert (name in failed, rows) == (True, {}), "an object without an entry is one whose first build failed"
            continue
        expected = {record: row for record, row in rows.items() if row.whole is not None}
        found = await pipeline.rows(tenant, name)
        assert {r: _plain(name, row) for r, row in found.items()} == {
            r: _wanted(name, row) for r, row in expected.items()
        }
        entry = entries[object_key(tenant, name)]
        unknown = sum(hit == "" for row in expected.values() for hits in _whole(row).hits.values() for hit in hits)
        assert (entry.rows, entry.unresolved) == (len(expected), unknown if name == "ticket" else 0)
        assert entry.deleted == sum(row.tombstone for row in rows.values())
        assert entry.patches == sum(len(row.patches) for row in rows.values())
        assert entry.waiting == sum(len(row.patches) for row in rows.values() if row.base is None)
        assert entry.ignored == sum(len(row.patches) for row in rows.values() if row.tombstone)


def _whole(row: BuiltRecord) -> Piece:
    assert row.whole is not None
    return row.whole


def _plain(name: str, row: dict[str, Any]) -> dict[str, Any]:
    version = (row["partition"], row["offset"])
    if name == "contact":
        return {"email": row["f_email"], "version": version, "external_ids": tuple(row["external_ids"])}
    links = {slug: (tuple(row[f"hits_{slug}"]), tuple(row[f"links_{slug}"])) for slug in MANY}
    return {"status": row["f_status"], "score": row["f_score"], "version": version, **links}


def _wanted(name: str, row: BuiltRecord) -> dict[str, Any]:
    whole = _whole(row)
    version = whole.version[2:]
    if name == "contact":
        return {"email": whole.fields.get("email"), "version": version, "external_ids": whole.external_ids}
    links = {slug: (whole.hits.get(slug, ()), row.links[slug]) for slug in MANY}
    fields = {slug: whole.fields.get(slug) for slug in ("status", "score")}
    return {**fields, "version": version, **links}
