"""What the SQL of a measure computes: its tree is evaluated here over rows, with exact numbers, as the engine would."""

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import variance
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from services.query_service.domain.aggregates import FIRSTS, IDS, aggregate, exact_parts, sums_doubles
from services.query_service.domain.catalog import Measure
from services.query_service.domain.plan import Counting, Measured
from services.query_service.domain.report import MeasureColumn
from services.query_service.domain.row_terms import Side
from services.query_service.domain.terms import Aggregate
from tests.helpers.builders import fields
from tests.unit.query_service.evaluation import Row, evaluated

NUMBER, MONEY, TEXT, DAY = fields(value="number", price="currency", name="text", due_on="date")


def measured(how: Aggregate, field: Any = None, counting: Counting = Counting.EACH, side: Side = Side.BASE) -> Measured:
    return Measured(MeasureColumn(side, Measure("ticket", how, field)), counting)


def answer(asked: Measured, values: Sequence[Any], firsts: Sequence[bool] = (), ids: Sequence[str] = ()) -> Any:
    """The measure of a group whose rows have these values."""
    rows: list[Row] = []
    for index, value in enumerate(values):
        row: Row = {"v": value if value is None or isinstance(value, str | list) else Fraction(value)}
        row |= {FIRSTS[side]: firsts[index] if firsts else True for side in Side}
        row |= {IDS[side]: ids[index] if ids else str(index) for side in Side}
        if sums_doubles(asked):
            for part in exact_parts("v"):
                row[part.alias] = evaluated(part.this, [row])
        rows.append(row)
    return evaluated(aggregate(asked, "v"), rows)


NUMBERS = st.lists(st.none() | st.floats(-(2**53), 2**53, allow_nan=False), max_size=8)
AMOUNTS = st.lists(st.none() | st.decimals(-(10**9), 10**9, places=4, allow_nan=False), max_size=8)


def _fractions(values: Sequence[Any]) -> list[Fraction]:
    return [Fraction(value) for value in values if value is not None]


@given(NUMBERS)
def test_sums_and_averages_of_numbers_are_exact(values: list[float | None]) -> None:
    given_values = _fractions(values)
    total, average = (sum(given_values), sum(given_values) / len(given_values)) if given_values else (None, None)
    assert answer(measured(Aggregate.SUM, NUMBER), values) == total
    assert answer(measured(Aggregate.AVG, NUMBER), values) == average


@given(AMOUNTS)
def test_an_average_of_amounts_is_rounded_half_to_even_to_four_places(values: list[Decimal | None]) -> None:
    given_values = _fractions(values)
    assert answer(measured(Aggregate.SUM, MONEY), values) == (sum(given_values) if given_values else None)
    average = round(sum(given_values) / len(given_values), 4) if given_values else None
    assert answer(measured(Aggregate.AVG, MONEY), values) == average


@pytest.mark.parametrize(
    ("values", "average"),
    [(("0.0001", "0.0002"), "0.0002"), (("0.0003", "0.0002"), "0.0002"), (("-0.0001", "-0.0002"), "-0.0002")],
)
def test_a_tie_goes_to_the_even_neighbour(values: tuple[str, ...], average: str) -> None:
    assert answer(measured(Aggregate.AVG, MONEY), [Decimal(value) for value in values]) == Fraction(average)
    assert answer(measured(Aggregate.MEDIAN, MONEY), [Decimal(value) for value in values]) == Fraction(average)


@given(NUMBERS)
def test_a_median_is_the_mean_of_the_two_in_the_middle(values: list[float | None]) -> None:
    ordered = sorted(_fractions(values))
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2 if ordered else None
    assert answer(measured(Aggregate.MEDIAN, NUMBER), values) == middle


def _percentile(values: Sequence[Any], share: Fraction) -> Fraction | None:
    ordered = sorted(_fractions(values))
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def _variance(values: Sequence[Any]) -> Fraction:
    return variance(_fractions(values))


SHARES = ((Aggregate.P90, Fraction(9, 10)), (Aggregate.P95, Fraction(19, 20)))


@given(NUMBERS)
def test_a_percentile_is_interpolated_between_the_closest_ranks(values: list[float | None]) -> None:
    for how, share in SHARES:
        assert answer(measured(how, NUMBER), values) == _percentile(values, share)


@given(AMOUNTS)
def test_a_percentile_of_amounts_is_rounded_half_to_even_to_four_places(values: list[Decimal | None]) -> None:
    for how, share in SHARES:
        exact = _percentile(values, share)
        assert answer(measured(how, MONEY), values) == (None if exact is None else round(exact, 4))


@given(NUMBERS)
def test_a_standard_deviation_of_numbers_is_that_of_the_sample(values: list[float | None]) -> None:
    found = answer(measured(Aggregate.STDDEV, NUMBER), values)
    if len(_fractions(values)) < 2:
        assert found is None
    else:
        exact = _root_of(_variance(values))
        assert abs(found - exact) <= Fraction(1, 2**59) + exact / 2**80


@pytest.mark.parametrize("value", [0.1, 1e15 + 0.3, -(2.0**53), 123456789.123456789])
def test_equal_numbers_do_not_deviate(value: float) -> None:
    assert answer(measured(Aggregate.STDDEV, NUMBER), [value] * 7) == 0


@given(AMOUNTS)
def test_a_standard_deviation_of_amounts_is_rounded_half_to_even_to_four_places(values: list[Decimal | None]) -> None:
    found = answer(measured(Aggregate.STDDEV, MONEY), values)
    if len(_fractions(values)) < 2:
        assert found is None
    else:
        assert found == _rounded_root(_variance(values))


@pytest.mark.parametrize(
    ("values", "deviation"),
    [
        (["0", "0", "0", "0.0001"], "0"),
        (["0", "0", "0", "0.0003"], "0.0002"),
        (["999999999999999.9999", "-999999999999999.9999"], "1414213562373095.0487"),
        (["999999999999999.9999"] * 3, "0"),
    ],
    ids=["a tie below an even one", "a tie above an odd one", "the greatest", "equal ones"],
)
def test_a_deviation_of_amounts_is_exact_whatever_their_size(values: list[str], deviation: str) -> None:
    assert answer(measured(Aggregate.STDDEV, MONEY), [Decimal(value) for value in values]) == Fraction(deviation)


def _root_of(square: Fraction) -> Fraction:
    with localcontext(prec=120):
        return Fraction((Decimal(square.numerator) / square.denominator).sqrt())


def _rounded_root(square: Fraction) -> Fraction:
    """By whole numbers: a tie is one exactly."""
    units = square * 10**8
    below = math.isqrt(units.numerator // units.denominator)
    middle = Fraction(2 * below + 1, 2) ** 2
    return Fraction(below + (units > middle or (units == middle and below % 2 == 1)), 10_000)


def test_values_of_a_multiselect_are_counted_and_not_its_lists() -> None:
    (tags,) = fields(tags="multiselect")
    lists: list[Any] = [["a", "b"], ["b"], [], ["c"]]
    assert answer(measured(Aggregate.COUNT_DISTINCT, tags), lists) == 3


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("field", [NUMBER, MONEY], ids=["number", "currency"])
def test_where_entities_repeat_only_the_first_row_of_each_is_taken(field: Any, side: Side) -> None:
    values, firsts = [Decimal(10), Decimal(10), None, Decimal(2), Decimal(2)], [True, False, True, True, False]
    for how, expected in ((Aggregate.SUM, 12), (Aggregate.AVG, 6), (Aggregate.MEDIAN, 6), (Aggregate.P90, "9.2")):
        assert answer(measured(how, field, Counting.FIRST, side), values, firsts) == Fraction(expected)
    deviation = answer(measured(Aggregate.STDDEV, field, Counting.FIRST, side), values, firsts)
    assert round(deviation, 4) == Fraction("5.6569")


@pytest.mark.parametrize("side", Side)
def test_a_count_is_of_rows_or_of_the_distinct_entities_of_its_side(side: Side) -> None:
    rows = [None, "x", "x"]
    assert answer(measured(Aggregate.COUNT, None, Counting.EACH, side), rows, ids="aab") == 3
    assert answer(measured(Aggregate.COUNT, None, Counting.DISTINCT, side), rows, ids="aab") == 2


def test_each_side_has_its_own_columns() -> None:
    for counting, columns in ((Counting.DISTINCT, IDS), (Counting.FIRST, FIRSTS)):
        how, field = (Aggregate.COUNT, None) if counting is Counting.DISTINCT else (Aggregate.SUM, MONEY)
        named = [
            {found.name for found in aggregate(measured(how, field, counting, side), "v").find_all(exp.Column)} - {"v"}
            for side in Side
        ]
        assert named == [{columns[side]} for side in Side]
        assert len(set(columns.values())) == 2


def test_least_greatest_and_distinct_are_of_what_is_not_empty() -> None:
    found = [
        answer(measured(how, TEXT), [None, "b", "a", "b"])
        for how in (Aggregate.MIN, Aggregate.MAX, Aggregate.COUNT_DISTINCT)
    ]
    assert found == ["a", "b", 2]


def test_only_sums_averages_and_deviations_of_numbers_add_up_doubles() -> None:
    adding = {
        (how, field.slug) for how in Aggregate for field in (NUMBER, MONEY, DAY) if sums_doubles(measured(how, field))
    }
    assert adding == {(Aggregate.SUM, "value"), (Aggregate.AVG, "value"), (Aggregate.STDDEV, "value")}
    assert not sums_doubles(measured(Aggregate.COUNT))
