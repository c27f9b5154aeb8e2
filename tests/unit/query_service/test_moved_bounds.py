"""Bounds of stored values follow from conditions on moved ones: what passes moved is within the bounds stored."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.zones import zone_of
from services.query_service.domain.moved_bounds import stored_bounds
from services.query_service.domain.predicates import Compare, Comparison, Every, IsEmpty, Not, Predicate, Some, Value
from services.query_service.domain.row_terms import FieldOf, MovedField, Side
from tests.helpers.moved_values import moved_day, moved_instant
from tests.helpers.nights import CHANGES

AT = FieldOf(Side.BASE, "ev", FieldDef(slug="at", type=FieldType.DATETIME))
DAY = FieldOf(Side.BASE, "ev", FieldDef(slug="day", type=FieldType.DATE))
_INSTANT = "DateTime64(3, 'UTC')"
_UNITS = ("day", "week", "month", "quarter", "year")


def _bounds(moved: MovedField, where: Predicate) -> dict[Comparison, str]:
    return {comparison: str(value.value) for comparison, value in stored_bounds(moved, where)}


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2299, 12, 30)),  # noqa: DTZ001  # hypothesis wants naive ones
    st.sampled_from(sorted(CHANGES)),
    st.integers(1, 1000),
    st.sampled_from(("hour", *_UNITS)),
)
def test_a_stored_instant_is_within_the_bounds_of_its_moved_one(at: datetime, zone: str, count: int, unit: str) -> None:
    stored = at.replace(microsecond=0, tzinfo=UTC)
    there = moved_instant(stored, (count, unit), zone_of(zone)) if count < 200 or unit != "year" else None
    if there is None:
        return
    value = Value(there.strftime("%Y-%m-%d %H:%M:%S.000"), _INSTANT)
    found = _bounds(MovedField(AT, count, unit), Compare(AT, Comparison.EQ, value))
    assert found[Comparison.GTE] <= stored.strftime("%Y-%m-%d %H:%M:%S.000") <= found[Comparison.LTE]


@given(st.dates(date(1900, 1, 1), date(2299, 12, 31)), st.integers(1, 300), st.sampled_from(_UNITS))
def test_a_stored_day_is_within_the_bounds_of_its_moved_one(day: date, count: int, unit: str) -> None:
    there = moved_day(day, count, unit)
    if there is None:
        return
    found = _bounds(MovedField(DAY, count, unit), Compare(DAY, Comparison.EQ, Value(there.isoformat(), "Date32")))
    assert found[Comparison.GTE] <= day.isoformat() <= found[Comparison.LTE]
    apart = date.fromisoformat(found[Comparison.LTE]) - date.fromisoformat(found[Comparison.GTE])
    assert apart <= timedelta(days=6 + 3 * count)


_NOVEMBER = (
    Compare(AT, Comparison.GTE, Value("2026-11-01 00:00:00.000", _INSTANT)),
    Compare(AT, Comparison.LT, Value("2026-12-01 00:00:00.000", _INSTANT)),
)
_BOUNDS = {Comparison.GTE: "2026-09-28 00:00:00.000", Comparison.LTE: "2026-11-06 00:00:00.000"}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Every(_NOVEMBER), _BOUNDS),
        (Every((IsEmpty(DAY), Every(_NOVEMBER))), _BOUNDS),
        (Some(_NOVEMBER), {}),
        (Not(Every(_NOVEMBER)), {}),
        (Compare(DAY, Comparison.EQ, Value("2026-11-01", "Date32")), {}),
        (Compare(AT, Comparison.EQ, Value("2026-11-01", "Date32"), by_day=True), {}),
    ],
)
def test_only_conditions_that_must_hold_of_the_moved_value_bound_the_stored_one(
    where: Predicate, expected: dict[Comparison, str]
) -> None:
    assert _bounds(MovedField(AT, 1, "month"), where) == expected
