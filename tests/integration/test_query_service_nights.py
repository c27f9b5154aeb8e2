"""Instants are values of their own: on a night on which clocks are changed one wall clock is two of them, or none."""

import csv
import io
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from pyarrow import parquet

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.differential import assert_answer, neighbours
from tests.helpers.examples import NIGHTLY, examples
from tests.helpers.excel import read_sheet
from tests.helpers.nights import CHANGES, Night, changes_of, nights
from tests.helpers.oracle import Oracle
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.questions import questions
from tests.helpers.questions_composed import composed_questions
from tests.helpers.snapshots import PlainObject, PlainRow, publish

ZONE = "America/Chicago"
AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
EVENT = Definition.model_validate(
    {
        "object": "ev",
        "labels": {"singular": "Event", "plural": "Events"},
        "fields": [{"slug": "at", "type": "datetime"}, {"slug": "kind", "type": "text"}],
        "relationships": [{"slug": "who", "target": "contact"}],
    }
)
_MINUTES = (-90, -60, -45, -30, -15, -1, 0, 14, 15, 30, 45, 60, 75, 90)
HOUR = {"field": "ev.at", "granularity": "hour"}
RANKED = {"name": "place", "expression": "rank(ev.count)"}
FILES = [format_ for format_ in Format if format_ is not Format.JSON]
_numbers = itertools.count(1)


def _events(instants: list[datetime]) -> list[PlainObject]:
    rows = [
        PlainRow(f"e{number}", {"at": at.isoformat(), "kind": "ab"[number % 2]}) for number, at in enumerate(instants)
    ]
    return [PlainObject(BUILT_IN_CONTACT, []), PlainObject(EVENT, rows)]


_EVERY = [
    change + timedelta(minutes=minute)
    for change in sorted({change for zone in CHANGES for change in changes_of(zone)})
    for minute in _MINUTES
]
WORLD, BEFORE = _events(_EVERY), _events(_EVERY[::2])

SHAPES: dict[str, dict[str, Any]] = {
    "plain": {"dimensions": [HOUR]},
    "by instant": {"dimensions": ["ev.at"], "calculations": [{"name": "n", "expression": "running_total(ev.count)"}]},
    "calculated": {
        "dimensions": [HOUR],
        "calculations": [{"name": "share", "expression": "ev.count / total(ev.count)"}],
    },
    "ranked": {
        "dimensions": [HOUR],
        "measures": ["ev.at.max"],
        "calculations": [{"name": "same", "expression": "ev.at.max = previous(ev.at.max)"}],
    },
    "subtotals": {"dimensions": [HOUR, "ev.kind"], "subtotals": True, "totals": True},
    "compared": {"dimensions": [HOUR], "measures": ["ev.count", "ev.at.min"], "compare": "previous"},
    "pivoted": {"dimensions": [HOUR], "pivot": ["ev.kind"]},
    "as the pivot": {"dimensions": ["ev.kind"], "pivot": [HOUR]},
    "days and hours": {
        "dimensions": [{"field": "ev.at", "granularity": "day"}],
        "pivot": [{**HOUR, "granularity": "hour_of_day"}],
    },
    "last first": {"dimensions": [HOUR], "subtotals": True, "sort": [{"field": "ev.at:hour", "direction": "desc"}]},
}


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_nights") as running:
        yield running


@pytest.fixture(scope="module")
async def every_night(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_every_night") as running:
        for number, (dataset, as_of) in enumerate(((BEFORE, AS_OF - timedelta(days=1)), (WORLD, AS_OF)), 1):
            await publish(running.clickhouse, running.snapshots, {"acme": dataset}, number=number, as_of=as_of)
        yield running


def _about(zone: str, change: datetime, **asked: Any) -> dict[str, Any]:
    """A question about the events around a change of the clocks."""
    around = [(change + timedelta(hours=hours)).isoformat() for hours in (-2, 2)]
    filters = {"field": "ev.at", "op": "between", "values": around}
    return {"object": "ev", "measures": ["ev.count"], "filters": filters, "timezone": zone, **asked}


def _changes() -> list[Any]:
    return [
        pytest.param(zone, change, id=f"{zone} {change:%Y-%m-%d}") for zone in CHANGES for change in changes_of(zone)
    ]


@pytest.mark.parametrize(("zone", "change"), _changes())
async def test_two_hours_with_one_wall_clock_are_two_rows_in_every_shape(
    every_night: QueryStack, zone: str, change: datetime
) -> None:
    oracle = Oracle(WORLD, AS_OF, ZONE, (BEFORE, AS_OF - timedelta(days=1)))
    for shape in SHAPES.values():
        question = _about(zone, change, **shape)
        await assert_answer(every_night, question, oracle.answer(question))


@pytest.mark.parametrize(("zone", "change"), [(zone, changes_of(zone)[-1]) for zone in CHANGES], ids=list(CHANGES))
async def test_conditions_tell_two_hours_with_one_wall_clock_apart(
    every_night: QueryStack, zone: str, change: datetime
) -> None:
    oracle = Oracle(WORLD, AS_OF, ZONE)
    hours = oracle.answer(_about(zone, change, dimensions=[HOUR])).rows
    for pivot in ([], ["ev.kind"]):
        for hour, _ in hours:
            having = {"field": "ev.at:hour", "op": "eq", "values": [hour]}
            question = _about(zone, change, dimensions=[HOUR], pivot=pivot, having=having)
            answer = await assert_answer(every_night, question, oracle.answer(question))
            assert [row[0] for row in answer["rows"]] == [hour]


@pytest.mark.parametrize("calculations", [[], [{"name": "double", "expression": "ev.count * 2"}, RANKED]])
async def test_files_have_a_row_for_each_of_the_two_hours(every_night: QueryStack, calculations: list[Any]) -> None:
    question = _about(ZONE, changes_of(ZONE)[1], dimensions=[HOUR], calculations=calculations)
    rows = (await every_night.ask(question)).json()["rows"]
    assert len(rows) == len({row[0] for row in rows}) == 4
    files = {file: (await every_night.ask(question, headers={"Accept": file.value})).content for file in FILES}
    assert [row[:2] for row in csv.reader(io.StringIO(files[Format.CSV].decode()))][1:] == [
        [row[0], str(row[1])] for row in rows
    ]
    # A sheet has no offsets: there the two rows show one wall clock.
    assert [row[:2] for row in read_sheet(files[Format.XLSX]).rows[1:]] == [
        [datetime.fromisoformat(row[0]).replace(tzinfo=None), row[1]] for row in rows
    ]
    for table in (
        pa.ipc.open_stream(files[Format.ARROW]).read_all(),
        parquet.read_table(io.BytesIO(files[Format.PARQUET])),
    ):
        milliseconds = table.column(0).cast(pa.int64()).to_pylist()
        assert milliseconds == [datetime.fromisoformat(row[0]).timestamp() * 1000 for row in rows]


@settings(
    max_examples=examples(20, 1500),
    deadline=None,
    derandomize=not NIGHTLY,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(night=nights(questions() | composed_questions() | composed_questions() | composed_questions()))
async def test_every_answer_about_such_a_night_is_the_brute_force_answer(stack: QueryStack, night: Night) -> None:
    earlier = night.as_of - timedelta(days=1)
    for dataset, as_of in ((night.before, earlier), (night.dataset, night.as_of)):
        tenants = {"acme": dataset, "globex": neighbours(dataset)}
        await publish(stack.clickhouse, stack.snapshots, tenants, number=next(_numbers), as_of=as_of)
    truth = Oracle(night.dataset, night.as_of, ZONE, (night.before, earlier)).answer(night.question)
    await assert_answer(stack, night.question, truth)
