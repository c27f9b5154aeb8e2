"""Whole periods and weeks on the engine (CONTRACTS 5, meaning 12): a period holds exactly what its granularity groups,
on every night on which clocks are changed."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.contracts.tenant_settings import WeekStart
from crosslook.platform.settings import ClickHouseSettings
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
UNITS = ("hour", "day", "week", "month", "quarter", "year")
ISO_DAYS = {WeekStart.MONDAY: 1, WeekStart.SUNDAY: 7, WeekStart.SATURDAY: 6}
DAYS = [date(1900, 1, 1) + timedelta(days=n) for n in range(9)]
DAYS += [date(2026, 11, 23) + timedelta(days=n) for n in range(-9, 9)]
DAYS += [date(2299, 12, 31) - timedelta(days=n) for n in range(9)]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_periods") as running:
        yield running


async def _publish(stack: QueryStack, values: list[dict[str, Any]], as_of: datetime) -> None:
    rows = [PlainRow(f"e{number}", row) for number, row in enumerate(values)]
    dataset = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(EVENT, rows)]
    await publish(stack.clickhouse, stack.snapshots, {"acme": dataset}, number=next(_numbers), as_of=as_of)


async def _kept(stack: QueryStack, zone: str, op: str, *values: Any, field: str = "ev.at") -> list[str]:
    filters = {"field": field, "op": op, "values": list(values)}
    rows = await stack.rows({"object": "ev", "dimensions": [field], "filters": filters, "timezone": zone})
    return [row[0] for row in rows]


async def _groups(stack: QueryStack, zone: str, unit: str) -> list[list[Any]]:
    """Every instant with the period that its granularity gives, in order of time."""
    dimensions = ["ev.at", {"field": "ev.at", "granularity": unit}]
    return await stack.rows({"object": "ev", "dimensions": dimensions, "timezone": zone})


def _around(change: datetime) -> list[datetime]:
    """Half hours of three days, and the moments next to each."""
    steps = [change + timedelta(minutes=30) * step for step in range(-72, 73)]
    return sorted({step + timedelta(milliseconds=near) for step in steps for near in (-1, 0)})


@pytest.mark.parametrize("zone", CHANGES)
async def test_a_period_holds_what_its_granularity_groups(stack: QueryStack, zone: str) -> None:
    for change in changes_of(zone):
        instants = _around(change)
        for near in (-45, 50):
            as_of = change + timedelta(minutes=near, milliseconds=123)
            values = [{"at": instant.isoformat()} for instant in (*instants, as_of)]
            await _publish(stack, values, as_of)
            for unit in UNITS if near > 0 else UNITS[:2]:
                await _assert_periods(stack, zone, unit, as_of)


async def _assert_periods(stack: QueryStack, zone: str, unit: str, as_of: datetime) -> None:
    groups = await _groups(stack, zone, unit)
    now = next(group for at, group in groups if datetime.fromisoformat(at) == as_of)
    current = [at for at, group in groups if group == now]
    assert await _kept(stack, zone, "in_this", unit) == current
    until = [at for at in current if datetime.fromisoformat(at) <= as_of]
    assert await _kept(stack, zone, "to_date", unit) == until
    if unit == "hour":
        known = list(dict.fromkeys(group for _, group in groups))
        before = known[known.index(now) - 5 : known.index(now)]
        assert await _kept(stack, zone, "in_previous", 5, unit) == [at for at, group in groups if group in before]
    elif unit == "day":
        yesterday = (date.fromisoformat(now) - timedelta(days=1)).isoformat()
        assert await _kept(stack, zone, "in_previous", 1, unit) == [at for at, group in groups if group == yesterday]


@pytest.mark.parametrize("week_start", WeekStart)
async def test_weeks_and_their_days_begin_on_the_day_of_the_report(stack: QueryStack, week_start: WeekStart) -> None:
    await _publish(stack, [{"day": day.isoformat()} for day in DAYS], datetime(2026, 11, 23, 11, 30, tzinfo=UTC))
    parts = [{"field": "ev.day", "granularity": part} for part in ("week", "day_of_week")]
    asked = {"object": "ev", "dimensions": ["ev.day", *parts], "week_start": week_start}
    expected = []
    for day in sorted(DAYS):
        behind = (day.isoweekday() - ISO_DAYS[week_start]) % 7
        expected.append([day.isoformat(), (day - timedelta(days=behind)).isoformat(), behind + 1])
    assert await stack.rows(asked) == expected
    this = {**asked, "dimensions": ["ev.day"], "filters": {"field": "ev.day", "op": "in_this", "values": ["week"]}}
    monday = (date(2026, 11, 23) - timedelta(days=(1 - ISO_DAYS[week_start]) % 7)).isoformat()
    assert [row[0] for row in await stack.rows(this)] == [row[0] for row in expected if row[1] == monday]


async def test_dates_are_in_whole_periods_by_the_day_of_the_zone(stack: QueryStack) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    await _publish(stack, [{"day": day.isoformat()} for day in days], datetime(2026, 11, 1, 3, tzinfo=UTC))
    october = [day.isoformat() for day in days if day.month == 10]
    assert await _kept(stack, "America/Chicago", "in_this", "month", field="ev.day") == october
    assert await _kept(stack, "America/Chicago", "to_date", "month", field="ev.day") == october
    assert await _kept(stack, "Europe/Paris", "in_previous", 1, "month", field="ev.day") == october
    assert await _kept(stack, "Europe/Paris", "to_date", "month", field="ev.day") == ["2026-11-01"]
    september = [day.isoformat() for day in days if day.month in (7, 8, 9)]
    assert await _kept(stack, "America/Chicago", "in_previous", 1, "quarter", field="ev.day") == september


async def test_a_period_of_the_result_is_tested_like_one_of_a_field(stack: QueryStack) -> None:
    days = [date(2026, 11, 1) + timedelta(days=n) for n in range(30)]
    await _publish(stack, [{"day": day.isoformat()} for day in days], datetime(2026, 11, 18, 11, tzinfo=UTC))
    week = {"field": "ev.day", "granularity": "week"}
    asked = {"object": "ev", "dimensions": [week], "measures": ["ev.count"], "week_start": "sunday"}
    having = {"field": "ev.day:week", "op": "in_previous", "values": [2, "week"]}
    assert await stack.rows({**asked, "having": having}) == [["2026-11-01", 7], ["2026-11-08", 7]]
    assert await stack.rows({**asked, "having": having, "calculations": [{"name": "n", "expression": "1 + 1"}]}) == [
        ["2026-11-01", 7, 2],
        ["2026-11-08", 7, 2],
    ]


GRANULARITIES = ("hour", "day", "week", "month", "quarter", "year", "hour_of_day", "day_of_week", "month_of_year")


@pytest.mark.parametrize("zone", ["America/Chicago", "Australia/Lord_Howe", "Pacific/Apia"])
async def test_a_filter_with_a_granularity_keeps_what_that_granularity_groups(stack: QueryStack, zone: str) -> None:
    (change, *_) = changes_of(zone)
    await _publish(stack, [{}, *({"at": instant.isoformat()} for instant in _around(change))], change)
    for granularity in GRANULARITIES:
        groups = [group for group in await _groups(stack, zone, granularity) if group[0] is not None]
        known = sorted({group[1] for group in groups}, key=str)
        condition = {"field": "ev.at", "granularity": granularity, "op": "in", "values": [known[len(known) // 2]]}
        asked = {"object": "ev", "dimensions": ["ev.at"], "timezone": zone}
        kept = [row[0] for row in await stack.rows({**asked, "filters": condition})]
        assert kept == [at for at, group in groups if group == known[len(known) // 2]], granularity
        others = [row[0] for row in await stack.rows({**asked, "filters": {**condition, "op": "not_in"}})]
        assert len(kept) + len(others) == len(groups) + 1, "the empty one is kept"


async def test_a_truncated_date_is_tested_by_relative_operators(stack: QueryStack) -> None:
    days = [date(2026, 8, 1) + timedelta(days=n) for n in range(120)]
    await _publish(stack, [{"at": f"{day}T12:00:00Z"} for day in days], datetime(2026, 11, 18, 11, tzinfo=UTC))
    filters = {"field": "ev.at", "granularity": "month", "op": "in_previous", "values": [1, "quarter"]}
    rows = await stack.rows(
        {"object": "ev", "dimensions": [{"field": "ev.at", "granularity": "month"}], "filters": filters}
    )
    assert rows == [["2026-08-01"], ["2026-09-01"]]


async def test_the_week_start_is_part_of_what_a_report_is(stack: QueryStack) -> None:
    await _publish(stack, [{"day": "2026-11-22"}], datetime(2026, 11, 23, 11, 30, tzinfo=UTC))
    asked = {"object": "ev", "dimensions": [{"field": "ev.day", "granularity": "week"}]}
    rows = {start: await stack.rows({**asked, "week_start": start}) for start in WeekStart}
    assert rows == {"monday": [["2026-11-16"]], "sunday": [["2026-11-22"]], "saturday": [["2026-11-21"]]}
    dry = (
        await stack.client.post("/v1/tenants/acme/query?dry_run=true", json={**asked, "week_start": "sunday"})
    ).json()
    assert dry["request"]["week_start"] == "sunday"
    assert await stack.rows(dry["request"]) == rows[WeekStart.SUNDAY]
    refused = await stack.ask({**asked, "week_start": "sundays"})
    problem = refused.json()["errors"][0]
    assert (problem["pointer"], problem["suggestion"]) == ("/week_start", "sunday")
