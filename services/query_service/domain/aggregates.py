"""Measures as SQL: exact, and each at its own grain.

* Sums of numbers are sums of integers: the whole part of each value and the first 62 bits of its fraction are added up
  exactly, and only what is left of it (less than 2^-62) is added as a double, compensated (Kahan). So neither the order
  of rows matters nor the size of values that cancel each other out: the sum of n values differs from the exact sum of
  the stored doubles by at most one unit in its last place and n * 5e-35.
* Currency is decimal throughout. An average is rounded half to even from a quotient of 20 digits: with 4 digits kept, a
  tie is told from its neighbours for any count below 10^15.
* A median is the mean of the lower and the upper middle value: exact, and of decimals too. `percentiles` and
  `deviations` describe p90, p95 and stddev.
"""

from typing import assert_never

from sqlglot import exp

from crosslook.contracts.field_types import FIELD_TYPES
from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.deviations import deviation_of_amounts, deviation_of_doubles
from services.query_service.domain.nodes import aliased, column, constant, function
from services.query_service.domain.percentiles import P90, P95, percentile
from services.query_service.domain.plan import Counting, Measured
from services.query_service.domain.row_terms import Side
from services.query_service.domain.terms import Aggregate, Arithmetic

IDS = {Side.BASE: "record", Side.CONTACT: "contact"}
"""The columns that identify the entity of each side in the rows of a join."""
FIRSTS = {Side.BASE: "first_of_record", Side.CONTACT: "first_of_contact"}
"""Where entities repeat: whether a row is the first of its entity in its group."""
_SCALE = 4
_QUOTIENT_SCALE = 20
_FRACTION = 2**62


def first_mark(side: Side, passing: str | None) -> str:
    """The column that marks the first row of each entity in its group; with `passing`, among the rows that pass and
    among those that do not."""
    return FIRSTS[side] if passing is None else f"{FIRSTS[side]}_{passing}"


def aggregate(measured: Measured, value_name: str, passing: str | None = None) -> exp.Expr:
    """The measure over a group of rows that hold its values in the column `value_name`, with their `exact_parts` beside
    it where it `sums_doubles`. `passing`: the column that says which rows pass the filters of a filtered measure; the
    values of others are empty."""
    measure, side = measured.column.measure, measured.column.side
    value = column(value_name)
    only = column(first_mark(side, passing)) if measured.counting is Counting.FIRST else None
    money = COLUMN_TYPES[measure.type].arithmetic is Arithmetic.DECIMAL
    match measure.aggregate:
        case Aggregate.COUNT:
            return _count(measured, passing)
        case Aggregate.COUNT_DISTINCT:
            several = measure.field is not None and FIELD_TYPES[measure.field.type].several
            return function("uniqExactArray" if several else "uniqExact", value)
        case Aggregate.MIN | Aggregate.MAX:
            return function(measure.aggregate.value, value)
        case Aggregate.SUM:
            return _sum(value_name, only, money)
        case Aggregate.AVG:
            return _average(value_name, only, money)
        case Aggregate.MEDIAN:
            return _median(value, only, money)
        case Aggregate.P90 | Aggregate.P95:
            share = P90 if measure.aggregate is Aggregate.P90 else P95
            return percentile(share, _over("groupArray", value, only), money)
        case Aggregate.STDDEV:
            return _deviation(value_name, only, money)
        case unknown:
            assert_never(unknown)


def _count(measured: Measured, passing: str | None) -> exp.Expr:
    """How many entities there are, one of which no value is needed."""
    only = [column(passing)] if passing is not None else []
    combinator = "If" if only else ""
    if measured.counting is Counting.DISTINCT:
        return function(f"uniqExact{combinator}", column(IDS[measured.column.side]), *only)
    return function(f"count{combinator}", *only)


def _over(name: str, value: exp.Expr, only: exp.Expr | None) -> exp.Expr:
    return function(name, value) if only is None else function(f"{name}If", value, only.copy())


def sums_doubles(measured: Measured) -> bool:
    """Whether the measure adds up doubles, which then need their `exact_parts`."""
    measure = measured.column.measure
    doubles = COLUMN_TYPES[measure.type].arithmetic is Arithmetic.DOUBLE
    return doubles and measure.aggregate in (Aggregate.SUM, Aggregate.AVG, Aggregate.STDDEV)


def exact_parts(value_name: str) -> tuple[exp.Expr, ...]:
    """The whole part of a double and the first 62 bits of its fraction, as integers, beside its column `value_name`.

    Numbers are admitted up to 2^53, so both fit into 64 bits, and every step is exact."""
    value, whole = column(value_name), column(_whole(value_name))
    rest = exp.Paren(this=exp.Sub(this=value, expression=whole))
    scaled = exp.Mul(this=rest, expression=constant(_FRACTION))
    return (
        aliased(function("toInt64", value.copy()), _whole(value_name)),
        aliased(function("toInt64", scaled), _part(value_name)),
    )


def _sum(value_name: str, only: exp.Expr | None, money: bool) -> exp.Expr:
    value = column(value_name)
    return _over("sum", value, only) if money else _sum_of_doubles(value, value_name, only)


def _sum_of_doubles(value: exp.Expr, value_name: str, only: exp.Expr | None) -> exp.Expr:
    whole, part = column(_whole(value_name)), column(_part(value_name))
    wholes, fractions = (_over("sum", function("toInt128", column), only) for column in (whole, part))
    scaled = exp.Mul(this=function("toInt256", wholes), expression=constant(_FRACTION))
    exact = function("toFloat64", exp.Add(this=scaled, expression=fractions))
    fraction = exp.Paren(this=exp.Sub(this=value, expression=whole.copy()))
    rest = exp.Sub(this=exp.Mul(this=fraction, expression=constant(_FRACTION)), expression=part.copy())
    both = exp.Paren(this=exp.Add(this=exact, expression=_over("sumKahan", rest, only)))
    return exp.Div(this=both, expression=constant(_FRACTION))


def _whole(value_name: str) -> str:
    return f"{value_name}_whole"


def _part(value_name: str) -> str:
    return f"{value_name}_part"


def _average(value_name: str, only: exp.Expr | None, money: bool) -> exp.Expr:
    total, count = _sum(value_name, only, money), _over("count", column(value_name), only)
    if not money:
        return function("divide", total, count)
    # The sum of nothing is null and so is its quotient; the divisor must not be zero all the same.
    divisor = function("toDecimal128", function("greatest", count, constant(1)), constant(0))
    return _half_even(function("divideDecimal", total, divisor, constant(_QUOTIENT_SCALE)))


def _median(value: exp.Expr, only: exp.Expr | None, money: bool) -> exp.Expr:
    low, high = _over("quantileExactLow", value, only), _over("quantileExactHigh", value, only)
    both = exp.Paren(this=exp.Add(this=low, expression=high))
    if not money:
        return exp.Div(this=both, expression=constant(2))
    two = function("toDecimal32", constant(2), constant(0))
    return _half_even(function("divideDecimal", both, two, constant(_SCALE + 1)))


def _deviation(value_name: str, only: exp.Expr | None, money: bool) -> exp.Expr:
    def over(name: str, values: exp.Expr) -> exp.Expr:
        return _over(name, values, only)

    value, whole, part = column(value_name), column(_whole(value_name)), column(_part(value_name))
    return deviation_of_amounts(value, over) if money else deviation_of_doubles(value, whole, part, over)


def _half_even(quotient: exp.Expr) -> exp.Expr:
    return function("roundBankers", quotient, constant(_SCALE))
