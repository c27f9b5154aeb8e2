"""Evaluates calculations, a whole column at a time."""

from typing import Any, assert_never

from services.query_service.domain.amounts import settled
from services.query_service.domain.formula import (
    Constant,
    Formula,
    Operation,
    Reference,
)
from services.query_service.domain.formula_functions import FORMULA_FUNCTIONS, ByColumn, ByRow, OverTotals
from services.query_service.domain.report import Calculation
from services.query_service.domain.sheet import PivotKey, Sheet


def calculated(calculation: Calculation, sheet: Sheet, group: PivotKey | None, totals: Sheet | None) -> list[Any]:
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

    def values(self, formula: Formula) -> list[Any]:
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

    def _operation(self, asked: Operation) -> list[Any]:
        match FORMULA_FUNCTIONS[asked.operator].computation:
            case OverTotals():
                return self._total(asked.arguments[0])
            case ByColumn(compute):
                if self._sheet.summary:
                    return [None] * len(self._sheet)
                return compute([self.values(argument) for argument in asked.arguments], asked.type)
            case ByRow(compute):
                columns = [self.values(argument) for argument in asked.arguments]
                return [compute(row, asked.type) for row in zip(*columns, strict=True)]
            case unknown:
                assert_never(unknown)

    def _total(self, inner: Formula) -> list[Any]:
        if self._totals is None:
            return self.values(inner)
        (value,) = Evaluation(self._totals, self._group, None).values(inner)
        return [value] * len(self._sheet)
