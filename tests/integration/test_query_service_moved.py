"""Values moved forward (CONTRACTS 5, meaning 13), one by one against a model that does not know our SQL: around every
change of the clock, over leap days and ends of months, to the ends of the years."""

import itertools
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.contracts.zones import names
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.catalog.zones import Zones
from tests.helpers.examples import NIGHTLY
from tests.helpers.moved_values import LAST_MOMENT, moved_day, moved_instant
from tests.helpers.nights import CHANGES, changes_of
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

EVENT = Definition.model_validate(
    {
        "object": "ev",
        "labels": {"singular": "Event", "plural": "Events"},
        "fields": [{"slug": "at", "type": "datetime"}, {"slug": "day", "type": "date"}],
        "relationships": [{"slug": "who", "target": "contact"}],
    }
)
AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
SHIFTS = [
    *((count, "hour") for count in (1, 25, 1000)),
    *((count, "day") for count in (1, 30)),
    *((count, "week") for count in (1, 52)),
    *((count, "month") for count in (1, 6, 12, 1000)),
    (1, "quarter"),
    *((count, "year") for count in (1, 4)),
]
_SINCE_STANDARD_TIME = datetime(1980, 1, 1, tzinfo=UTC)
_EDGES = [
    *("1900-01-01T00:00:00Z", "1900-01-01T12:00:00Z", "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.500Z"),
    *("2024-02-29T12:00:00Z", "2028-02-29T23:59:59.999Z", "2026-01-31T12:00:00Z", "2026-03-31T00:00:00.001Z"),
    *("2298-12-31T23:00:00Z", "2299-11-30T12:00:00Z", "2299-12-30T23:30:00Z", "2299-12-31T23:59:59.999Z"),
]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_moved") as running:
        yield running


async def _publish(stack: QueryStack, values: list[dict[str, Any]]) -> None:
    rows = [PlainRow(f"e{number}", row) for number, row in enumerate(values)]
    dataset = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(EVENT, rows)]
    await publish(stack.clickhouse, stack.snapshots, {"acme": dataset}, number=next(_numbers), as_of=AS_OF)


async def _moved(stack: QueryStack, field: str, shift: tuple[int, str], zone: str) -> dict[str, str | None]:
    """The moved value of each record by its id, for those that take part."""
    compare = {"field": field, "shift": list(shift)}
    asked = {"object": "ev", "dimensions": ["ev._id"], "measures": [f"{field}.max", "ev.count"], "limit": 50_000}
    rows = await stack.rows({**asked, "timezone": zone, "compare": compare})
    return {row[0]: row[2] for row in rows if row[5] is not None}


async def _assert_moved(
    stack: QueryStack, zone: str, instants: list[datetime], shifts: Sequence[tuple[int, str]]
) -> None:
    await _publish(stack, [{}, *({"at": instant.isoformat()} for instant in instants)])
    known = await Zones(stack.clickhouse, Meters()).find(zone)
    assert known is not None
    rules = known.rules
    for shift in shifts:
        found = await _moved(stack, "ev.at", shift, zone)
        expected: dict[str, datetime | None] = {"e0": None}
        for number, instant in enumerate(instants, 1):
            there = moved_instant(instant, shift, rules)
            if there is not None:
                expected[f"e{number}"] = there
        read = {record: datetime.fromisoformat(text) if text else None for record, text in found.items()}
        wrong = {record: (read.get(record), there) for record, there in expected.items() if read.get(record) != there}
        assert (wrong, read.keys()) == ({}, expected.keys()), (zone, shift)


@pytest.mark.parametrize("zone", [*CHANGES, "Africa/Cairo", "America/Havana", "Asia/Kathmandu"])
async def test_instants_move_by_the_clock_through_every_change(stack: QueryStack, zone: str) -> None:
    """The moved clock lands in the night of the change, or the stored one is in it."""
    instants = [datetime.fromisoformat(edge) for edge in _EDGES]
    for change in changes_of(zone) if zone in CHANGES else [datetime(2026, 4, 23, 22, tzinfo=UTC)]:
        for back in (timedelta(), timedelta(days=1), timedelta(days=7), timedelta(days=30), timedelta(days=365)):
            steps = (change - back + timedelta(minutes=15) * step for step in range(-12, 13))
            instants += [step + timedelta(milliseconds=near) for step in steps for near in (-1, 0, 1)]
    await _assert_moved(stack, zone, instants, SHIFTS)


@pytest.mark.parametrize("name", sorted(names())[::6] if NIGHTLY else ["Pacific/Apia", "Antarctica/Casey", "Asia/Gaza"])
async def test_any_instant_moves_by_the_clock_of_any_zone(stack: QueryStack, name: str) -> None:
    """Before 1980 the engine's clock goes through steps of its own on some days (docs/decisions/0021)."""
    dice = Random(name)  # noqa: S311  # examples, no secrets
    whole = (LAST_MOMENT - _SINCE_STANDARD_TIME) // timedelta(milliseconds=1)
    instants = [_SINCE_STANDARD_TIME + timedelta(milliseconds=dice.randrange(whole)) for _ in range(600)]
    shifts = [(dice.randint(1, 40), unit) for unit in ("hour", "day", "week", "month", "quarter", "year")]
    await _assert_moved(stack, name, instants, shifts)


async def test_dates_move_on_the_calendar(stack: QueryStack) -> None:
    days = [date(1900, 1, 1), date(1900, 2, 28), date(1999, 12, 31), date(2000, 2, 29), date(2298, 12, 31)]
    days += [date(2024, 1, 1) + timedelta(days=n) for n in range(800)]
    days += [date(2299, 12, 31) - timedelta(days=n) for n in range(400)]
    await _publish(stack, [{}, *({"day": day.isoformat()} for day in days)])
    for count, unit in (*SHIFTS[3:], (1000, "day"), (1000, "week"), (1000, "year")):
        found = await _moved(stack, "ev.day", (count, unit), "UTC")
        expected: dict[str, str | None] = {"e0": None}
        for number, day in enumerate(days, 1):
            there = moved_day(day, count, unit)
            if there is not None:
                expected[f"e{number}"] = there.isoformat()
        assert found == expected, (count, unit)
