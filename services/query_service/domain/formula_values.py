"""What calculations come to, a whole column at a time."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any, assert_never

from services.query_service.domain.amounts import absolute, applied, compared, held, negated, rounded, settled
from services.query_service.domain.formula import (
    ARITHMETIC,
    COMPARISONS,
    Constant,
    Formula,
    FormulaFunction,
    Operation,
    Reference,
)
from services.query_service.domain.report import Calculation
from services.query_service.domain.sheet import PivotKey, Sheet

Values = list[Any]


def calculated(calculation: Calculation, sheet: Sheet, group: PivotKey | None, totals: Sheet | None) -> Values:
    """The calculation in every row of the sheet, in the sheet's order. `totals`: the one row of all data, or None where
    the sheet is that row itself; there, and in subtotals, what looks at other rows is empty."""
    values = Evaluation(sheet, group, totals).values(calculation.formula)
    return [settled(value, calculation.type) for value in values]


class Evaluation:
    """One formula over one sheet."""

    def __init__(self, sheet: Sheet, group: PivotKey | None, totals: Sheet | None) -> None:
        self._sheet = sheet
        self._group = group
        self._totals = totals

    def values(self, formula: Formula) -> Values:
        """Its value in every row."""
        match formula:
            case Constant(value):
                return [value] * len(self._sheet)
            case Reference(name):
                return self._sheet.column(name, self._group)
            case Operation():
                return self._operation(formula)
            case _:
                assert_never(formula)

    def _operation(self, asked: Operation) -> Values:
        operator, kind = asked.operator, asked.type
        if operator is FormulaFunction.TOTAL:
            return self._total(asked.arguments[0])
        columns = [self.values(one) for one in asked.arguments]
        if operator in ARITHMETIC:
            return [applied(operator, left, right, kind) for left, right in zip(*columns, strict=True)]
        if operator in COMPARISONS:
            return [compared(operator, left, right) for left, right in zip(*columns, strict=True)]
        if operator in _BY_COLUMN:
            return [None] * len(self._sheet) if self._sheet.summary else _BY_COLUMN[operator](columns[0], kind)
        by_row = _BY_ROW[operator]
        return [held(by_row(row), kind) for row in zip(*columns, strict=True)]

    def _total(self, inner: Formula) -> Values:
        if self._totals is None:
            return self.values(inner)
        (value,) = Evaluation(self._totals, self._group, None).values(inner)
        return [value] * len(self._sheet)


def _and(row: Sequence[Any]) -> bool | None:
    return False if False in row else None if None in row else True


def _or(row: Sequence[Any]) -> bool | None:
    return True if True in row else None if None in row else False


def _unless_empty(apply: Callable[[Any], Any]) -> Callable[[Sequence[Any]], Any]:
    return lambda row: None if row[0] is None else apply(row[0])


_BY_ROW: dict[FormulaFunction, Callable[[Sequence[Any]], Any]] = {
    FormulaFunction.AND: _and,
    FormulaFunction.OR: _or,
    FormulaFunction.NOT: _unless_empty(lambda value: not value),
    FormulaFunction.NEGATE: _unless_empty(negated),
    FormulaFunction.ABS: _unless_empty(absolute),
    FormulaFunction.ROUND: lambda row: rounded(row[0], row[1] if len(row) > 1 else 0),
    FormulaFunction.IF: lambda row: row[1] if row[0] is True else row[2],
    FormulaFunction.COALESCE: lambda row: next((value for value in row if value is not None), None),
}


def _previous(values: Values, kind: Any) -> Values:
    return [None, *values[:-1]] if values else []


def _running_total(values: Values, kind: Any) -> Values:
    """Empty values add nothing; until there is one it is empty. Doubles are added up exactly, each sum rounded once."""
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


def _more(total: Any, value: Any, kind: Any) -> Any:
    return total if value is None else applied(FormulaFunction.ADD, total, value, kind)


def _rank(values: Values, kind: Any) -> Values:
    """The greatest value is 1; equal values share a rank and the next one counts them."""
    ordered = sorted((value for value in values if value is not None), reverse=True)
    first: dict[Any, int] = {}
    for place, value in enumerate(ordered, 1):
        first.setdefault(value, place)
    return [None if value is None else first[value] for value in values]


_BY_COLUMN: dict[FormulaFunction, Callable[[Values, Any], Values]] = {
    FormulaFunction.PREVIOUS: _previous,
    FormulaFunction.RUNNING_TOTAL: _running_total,
    FormulaFunction.RANK: _rank,
}
