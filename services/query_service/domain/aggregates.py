"""Measures as SQL: exact, and each at its own grain.

* Sums of numbers are compensated (Kahan): floating addition depends on the order of rows, which an engine does not
  promise; compensated it differs from the exact sum by about one unit in the last place, whatever the order.
* Currency is decimal throughout. An average is rounded half to even from a quotient of 20 digits: with 4 digits kept, a
  tie is told from its neighbours for any count below 10^15.
* A median is the mean of the lower and the upper middle value: exact, and of decimals too.
"""

from typing import assert_never

from sqlglot import exp

from crosslook.contracts.schemas import FieldType
from services.query_service.domain.catalog import Aggregate
from services.query_service.domain.parameters import column, function, number
from services.query_service.domain.plan import Counting, Measured
from services.query_service.domain.predicates import Side

IDS = {Side.BASE: "record", Side.CONTACT: "contact"}
"""The columns that identify the entity of each side in the rows of a join."""
FIRSTS = {Side.BASE: "first_of_record", Side.CONTACT: "first_of_contact"}
"""Where entities repeat: whether a row is the first of its entity in its group."""
_SCALE = 4
_QUOTIENT_SCALE = 20


def aggregate(measured: Measured, value_name: str) -> exp.Expr:
    """The measure over a group of rows that hold its values in the column `value_name`."""
    measure, side = measured.column.measure, measured.column.side
    value = column(value_name)
    only = column(FIRSTS[side]) if measured.counting is Counting.FIRST else None
    money = measure.field is not None and measure.field.type is FieldType.CURRENCY
    match measure.aggregate:
        case Aggregate.COUNT:
            counted = measured.counting is Counting.DISTINCT
            return function("uniqExact", column(IDS[side])) if counted else function("count")
        case Aggregate.COUNT_DISTINCT:
            return function("uniqExact", value)
        case Aggregate.MIN | Aggregate.MAX:
            return function(measure.aggregate.value, value)
        case Aggregate.SUM:
            return _sum(value, only, money)
        case Aggregate.AVG:
            return _average(value, only, money)
        case Aggregate.MEDIAN:
            return _median(value, only, money)
        case unknown:
            assert_never(unknown)


def _over(name: str, value: exp.Expr, only: exp.Expr | None) -> exp.Expr:
    return function(name, value) if only is None else function(f"{name}If", value, only)


def _sum(value: exp.Expr, only: exp.Expr | None, money: bool) -> exp.Expr:
    return _over("sum" if money else "sumKahan", value, only)


def _average(value: exp.Expr, only: exp.Expr | None, money: bool) -> exp.Expr:
    total, count = _sum(value, only, money), _over("count", value, only)
    if not money:
        return function("divide", total, count)
    # The sum of nothing is null and so is its quotient; the divisor must not be zero all the same.
    divisor = function("toDecimal128", function("greatest", count, number(1)), number(0))
    return _half_even(function("divideDecimal", total, divisor, number(_QUOTIENT_SCALE)))


def _median(value: exp.Expr, only: exp.Expr | None, money: bool) -> exp.Expr:
    low, high = _over("quantileExactLow", value, only), _over("quantileExactHigh", value, only)
    both = exp.Paren(this=exp.Add(this=low, expression=high))
    if not money:
        return exp.Div(this=both, expression=number(2))
    two = function("toDecimal32", number(2), number(0))
    return _half_even(function("divideDecimal", both, two, number(_SCALE + 1)))


def _half_even(quotient: exp.Expr) -> exp.Expr:
    return function("roundBankers", quotient, number(_SCALE))
