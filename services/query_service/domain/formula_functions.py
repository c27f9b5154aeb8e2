"""The functions of calculations: one row each, with notation, result type and implementation."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import Any

from services.query_service.domain.amounts import (
    absolute,
    applied,
    compared_values,
    divided,
    negated,
    rounded,
    storable,
)
from services.query_service.domain.formula import (
    NUMERIC,
    ORDERED_TYPES,
    FormulaFunction,
    Type,
    product_type,
    quotient_type,
    sum_type,
    unified,
)
from services.query_service.domain.terms import ColumnType

Types = Sequence[Type]
Values = list[Any]


class Notation(Enum):
    """How a function is written; the signs of one notation bind equally."""

    SUM = auto()
    PRODUCT = auto()
    COMPARISON = auto()
    MINUS_BEFORE = auto()
    NOT = auto()
    AND = auto()
    OR = auto()
    CALL = auto()
    """By its name, with its arguments in parentheses."""


@dataclass(frozen=True, slots=True)
class ByRow:
    """Computed from the arguments in one row; `kind` is the type of the result."""

    compute: Callable[[Sequence[Any], Type], Any]


@dataclass(frozen=True, slots=True)
class ByColumn:
    """Computed from the arguments in all rows, and empty in totals. `ordered`: their order counts."""

    compute: Callable[[Sequence[Values], Type], Values]
    ordered: bool


@dataclass(frozen=True, slots=True)
class OverTotals:
    """The argument in the row of totals."""


@dataclass(frozen=True, slots=True)
class FormulaFunctionSpec:
    """One function. It takes from `fewest` to `most` arguments. `result`: the type of its result by the types of its
    arguments; raises ValueError where they do not fit."""

    notation: Notation
    fewest: int
    most: int
    result: Callable[[Types], Type]
    computation: ByRow | ByColumn | OverTotals


def _all_are(kinds: Sequence[ColumnType], types: Types) -> None:
    if not all(kind is None or kind in kinds for kind in types):
        raise ValueError(types)


def _comparison(types: Types) -> Type:
    unified(types)
    return ColumnType.BOOLEAN


def _ordering(types: Types) -> Type:
    kind = unified(types)
    _all_are(ORDERED_TYPES, (kind,))
    return ColumnType.BOOLEAN


def _logic(types: Types) -> Type:
    _all_are((ColumnType.BOOLEAN,), types)
    return ColumnType.BOOLEAN


def _choice(types: Types) -> Type:
    _all_are((ColumnType.BOOLEAN,), types[:1])
    return unified(types[1:])


def _same_number(types: Types) -> Type:
    _all_are(NUMERIC, types[:1])
    return types[0]


def _same(types: Types) -> Type:
    return types[0]


def _average_type(types: Types) -> Type:
    return quotient_type((types[0], ColumnType.INTEGER))


def _place(types: Types) -> Type:
    _all_are(ORDERED_TYPES, types)
    return ColumnType.INTEGER


def _arithmetic(apply: Callable[[Any, Any], Any]) -> ByRow:
    return ByRow(lambda row, kind: applied(apply, row[0], row[1], kind))


def _compared(compare: Callable[[Any, Any], bool]) -> ByRow:
    return ByRow(lambda row, _: compared_values(compare, row[0], row[1]))


def _of_value(apply: Callable[[Any], Any]) -> ByRow:
    """Empty where the value is."""
    return ByRow(lambda row, kind: None if row[0] is None else storable(apply(row[0]), kind))


def _and(row: Sequence[Any], _: Type) -> bool | None:
    return False if False in row else None if None in row else True


def _or(row: Sequence[Any], _: Type) -> bool | None:
    return True if True in row else None if None in row else False


def _if(row: Sequence[Any], kind: Type) -> Any:
    return storable(row[1] if row[0] is True else row[2], kind)


def _coalesce(row: Sequence[Any], kind: Type) -> Any:
    return storable(next((value for value in row if value is not None), None), kind)


def _round(row: Sequence[Any], kind: Type) -> Any:
    return storable(rounded(row[0], row[1] if len(row) > 1 else 0), kind)


def _previous(columns: Sequence[Values], _: Type) -> Values:
    (values,) = columns
    return [None, *values[:-1]] if values else []


def _running_total(columns: Sequence[Values], kind: Type) -> Values:
    """Empty values add nothing; until there is one it is empty. Doubles are added up exactly, each sum rounded once."""
    (values,) = columns
    if any(isinstance(value, float) for value in values):
        return _running_sums(values)
    started = accumulate(values, lambda total, value: value if total is None else _more(total, value, kind))
    return list(started)


def _running_sums(values: Values) -> Values:
    total: Fraction | None = None
    sums: Values = []
    for value in values:
        if value is not None:
            total = Fraction(value) + (total or 0)
        sums.append(None if total is None else _double(total))
    return sums


def _double(exact: Fraction) -> float | None:
    """The nearest double; None beyond all of them."""
    try:
        return float(exact)
    except OverflowError:
        return None


def _more(total: Any, value: Any, kind: Type) -> Any:
    return total if value is None else applied(operator.add, total, value, kind)


def _moving_average(columns: Sequence[Values], kind: Type) -> Values:
    """The mean of the values that are not empty in a row and in those before it, so many rows in all as the second
    argument says; empty where there is none. Values are added up exactly, whatever their order."""
    values, lengths = columns
    exact = [None if value is None else Fraction(value) for value in values]
    total, count = Fraction(), 0
    means: Values = []
    for place, entering in enumerate(exact):
        leaving = exact[place - lengths[place]] if place >= lengths[place] else None
        total += (entering or 0) - (leaving or 0)
        count += (entering is not None) - (leaving is not None)
        means.append(_mean(total, count, kind) if count else None)
    return means


def _mean(total: Fraction, count: int, kind: Type) -> Any:
    if kind is not ColumnType.CURRENCY:
        return _double(total / count)
    return divided(Decimal(total.numerator), Decimal(total.denominator * count), kind)


def _rank(columns: Sequence[Values], _: Type) -> Values:
    """The greatest value is 1; equal values share a rank and the next one counts them."""
    (values,) = columns
    ordered = sorted((value for value in values if value is not None), reverse=True)
    first: dict[Any, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return [None if value is None else first[value] for value in values]


_SPEC = FormulaFunctionSpec
FORMULA_FUNCTIONS: Mapping[FormulaFunction, FormulaFunctionSpec] = {
    # notation, fewest and most arguments, result, computation
    FormulaFunction.ADD: _SPEC(Notation.SUM, 2, 2, sum_type, _arithmetic(operator.add)),
    FormulaFunction.SUBTRACT: _SPEC(Notation.SUM, 2, 2, sum_type, _arithmetic(operator.sub)),
    FormulaFunction.MULTIPLY: _SPEC(Notation.PRODUCT, 2, 2, product_type, _arithmetic(operator.mul)),
    FormulaFunction.DIVIDE: _SPEC(
        Notation.PRODUCT, 2, 2, quotient_type, ByRow(lambda row, kind: divided(row[0], row[1], kind))
    ),
    FormulaFunction.NEGATE: _SPEC(Notation.MINUS_BEFORE, 1, 1, _same_number, _of_value(negated)),
    FormulaFunction.EQ: _SPEC(Notation.COMPARISON, 2, 2, _comparison, _compared(operator.eq)),
    FormulaFunction.NEQ: _SPEC(Notation.COMPARISON, 2, 2, _comparison, _compared(operator.ne)),
    FormulaFunction.LT: _SPEC(Notation.COMPARISON, 2, 2, _ordering, _compared(operator.lt)),
    FormulaFunction.LTE: _SPEC(Notation.COMPARISON, 2, 2, _ordering, _compared(operator.le)),
    FormulaFunction.GT: _SPEC(Notation.COMPARISON, 2, 2, _ordering, _compared(operator.gt)),
    FormulaFunction.GTE: _SPEC(Notation.COMPARISON, 2, 2, _ordering, _compared(operator.ge)),
    FormulaFunction.AND: _SPEC(Notation.AND, 2, 2, _logic, ByRow(_and)),
    FormulaFunction.OR: _SPEC(Notation.OR, 2, 2, _logic, ByRow(_or)),
    FormulaFunction.NOT: _SPEC(Notation.NOT, 1, 1, _logic, _of_value(operator.not_)),
    FormulaFunction.IF: _SPEC(Notation.CALL, 3, 3, _choice, ByRow(_if)),
    FormulaFunction.COALESCE: _SPEC(Notation.CALL, 2, 20, unified, ByRow(_coalesce)),
    FormulaFunction.ROUND: _SPEC(Notation.CALL, 1, 2, _same_number, ByRow(_round)),
    FormulaFunction.ABS: _SPEC(Notation.CALL, 1, 1, _same_number, _of_value(absolute)),
    FormulaFunction.TOTAL: _SPEC(Notation.CALL, 1, 1, _same, OverTotals()),
    FormulaFunction.PREVIOUS: _SPEC(Notation.CALL, 1, 1, _same, ByColumn(_previous, ordered=True)),
    FormulaFunction.RUNNING_TOTAL: _SPEC(Notation.CALL, 1, 1, _same_number, ByColumn(_running_total, ordered=True)),
    FormulaFunction.MOVING_AVERAGE: _SPEC(Notation.CALL, 2, 2, _average_type, ByColumn(_moving_average, ordered=True)),
    FormulaFunction.RANK: _SPEC(Notation.CALL, 1, 1, _place, ByColumn(_rank, ordered=False)),
}


@cache
def written_as(*notations: Notation) -> tuple[FormulaFunction, ...]:
    """The functions of these notations."""
    return tuple(name for name, spec in FORMULA_FUNCTIONS.items() if spec.notation in notations)


def over_rows(function: FormulaFunction) -> bool:
    """Whether it looks at other rows."""
    return isinstance(FORMULA_FUNCTIONS[function].computation, ByColumn)


def ordered(function: FormulaFunction) -> bool:
    """Whether it depends on the order of the rows."""
    computation = FORMULA_FUNCTIONS[function].computation
    return isinstance(computation, ByColumn) and computation.ordered


def over_totals(function: FormulaFunction) -> bool:
    """Whether it looks at the totals."""
    return isinstance(FORMULA_FUNCTIONS[function].computation, OverTotals)
