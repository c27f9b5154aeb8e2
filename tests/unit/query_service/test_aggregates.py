"""What the SQL of a measure computes: its tree is evaluated here over rows, with exact numbers, as the engine would."""

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
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

NUMBER, MONEY, TEXT, DAY = fields(value="number", price="currency", name="text", due_on="date")
Row = dict[str, Any]


def measured(how: Aggregate, field: Any = None, counting: Counting = Counting.EACH, side: Side = Side.BASE) -> Measured:
    return Measured(MeasureColumn(side, Measure("ticket", how, field)), counting)


def _low(values: list[Any]) -> Any:
    return sorted(values)[(len(values) - 1) // 2] if values else None


def _high(values: list[Any]) -> Any:
    return sorted(values)[len(values) // 2] if values else None


def _divided(left: Any, right: Any, scale: int) -> Any:
    """Decimals are divided by cutting the quotient off."""
    return None if left is None else Fraction(int(Fraction(left) / Fraction(right) * 10**scale), 10**scale)


def _half_even(value: Any, scale: int) -> Any:
    if value is None:
        return None
    with localcontext(prec=80):
        return Fraction((Decimal(value.numerator) / value.denominator).quantize(Decimal(10) ** -scale, ROUND_HALF_EVEN))


OVER_ROWS: Mapping[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "uniqExact": lambda values: len(set(values)),
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "sum": lambda values: sum(values) if values else None,
    "sumKahan": lambda values: sum(values) if values else None,
    "quantileExactLow": _low,
    "quantileExactHigh": _high,
}
OF_VALUES: Mapping[str, Callable[..., Any]] = {
    **{name: lambda value: value for name in ("toInt128", "toInt256", "toFloat64")},
    "toInt64": lambda value: None if value is None else int(value),  # cut towards zero
    "toDecimal128": lambda value, scale: value,
    "toDecimal32": lambda value, scale: value,
    "greatest": max,
    "divide": lambda left, right: None if left is None or not right else left / right,
    "divideDecimal": _divided,
    "roundBankers": _half_even,
}
ARITHMETIC: Mapping[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.Add: lambda left, right: left + right,
    exp.Sub: lambda left, right: left - right,
    exp.Mul: lambda left, right: left * right,
    exp.Div: lambda left, right: left / right,
}


def evaluated(tree: Any, rows: Sequence[Row]) -> Any:
    """The value of an expression over a group; over one row it is the row's own. Nothing of nothing is None."""
    match tree:
        case exp.Paren():
            return evaluated(tree.this, rows)
        case exp.Literal():
            return Fraction(tree.this)
        case exp.Column():
            return rows[0][tree.name]
        case exp.Anonymous():
            return _called(tree.name, tree.expressions, rows)
    left, right = (evaluated(side, rows) for side in (tree.this, tree.expression))
    return None if left is None or right is None else ARITHMETIC[type(tree)](left, right)


def _called(name: str, arguments: list[Any], rows: Sequence[Row]) -> Any:
    if name == "count" and not arguments:
        return len(rows)
    if name in OF_VALUES:
        return OF_VALUES[name](*(evaluated(argument, rows) for argument in arguments))
    if name.endswith("If"):
        rows = [row for row in rows if evaluated(arguments[1], [row])]
    values = [evaluated(arguments[0], [row]) for row in rows]
    return OVER_ROWS[name.removesuffix("If")]([value for value in values if value is not None])


def answer(asked: Measured, values: Sequence[Any], firsts: Sequence[bool] = (), ids: Sequence[str] = ()) -> Any:
    """The measure of a group whose rows have these values."""
    rows: list[Row] = []
    for index, value in enumerate(values):
        row: Row = {"v": value if value is None or isinstance(value, str) else Fraction(value)}
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


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("field", [NUMBER, MONEY], ids=["number", "currency"])
def test_where_entities_repeat_only_the_first_row_of_each_is_taken(field: Any, side: Side) -> None:
    values, firsts = [Decimal(10), Decimal(10), None, Decimal(2), Decimal(2)], [True, False, True, True, False]
    for how, expected in ((Aggregate.SUM, 12), (Aggregate.AVG, 6), (Aggregate.MEDIAN, 6)):
        assert answer(measured(how, field, Counting.FIRST, side), values, firsts) == expected


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


def test_only_sums_and_averages_of_numbers_add_up_doubles() -> None:
    adding = {
        (how, field.slug) for how in Aggregate for field in (NUMBER, MONEY, DAY) if sums_doubles(measured(how, field))
    }
    assert adding == {(Aggregate.SUM, "value"), (Aggregate.AVG, "value")}
    assert not sums_doubles(measured(Aggregate.COUNT))
