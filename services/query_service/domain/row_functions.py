"""The functions of formulas: how many arguments each takes, and the type of its result by their types.

Those that calculations have too mean the same here; the engine computes them (`row_formula_sql`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.query_service.domain.formula import FormulaFunction, Type
from services.query_service.domain.formula_functions import FORMULA_FUNCTIONS, ByRow, Notation, Types
from services.query_service.domain.terms import ColumnType

ARGUMENTS_MAX = 20
_TIMES = (ColumnType.DATE, ColumnType.DATETIME)


@dataclass(frozen=True, slots=True)
class RowFunctionSpec:
    """One function. It takes from `fewest` to `most` arguments. `result`: the type of its result by the types of its
    arguments; raises ValueError where they do not fit."""

    fewest: int
    most: int
    result: Callable[[Types], Type]


def _taking(kinds: Sequence[ColumnType], result: ColumnType) -> Callable[[Types], Type]:
    def checked(types: Types) -> Type:
        if not all(kind is None or kind in kinds for kind in types):
            raise ValueError(types)
        return result

    return checked


_SHARED = {
    name: RowFunctionSpec(spec.fewest, spec.most, spec.result)
    for name, spec in FORMULA_FUNCTIONS.items()
    if isinstance(spec.computation, ByRow)
}
ROW_FUNCTIONS: Mapping[FormulaFunction, RowFunctionSpec] = {
    **_SHARED,
    # fewest and most arguments, result
    FormulaFunction.DAYS_BETWEEN: RowFunctionSpec(2, 2, _taking(_TIMES, ColumnType.INTEGER)),
    FormulaFunction.HOURS_BETWEEN: RowFunctionSpec(2, 2, _taking((ColumnType.DATETIME,), ColumnType.NUMBER)),
    FormulaFunction.YEAR: RowFunctionSpec(1, 1, _taking(_TIMES, ColumnType.INTEGER)),
    FormulaFunction.MONTH: RowFunctionSpec(1, 1, _taking(_TIMES, ColumnType.INTEGER)),
    FormulaFunction.CONCAT: RowFunctionSpec(
        2, ARGUMENTS_MAX, _taking((ColumnType.TEXT, ColumnType.INTEGER), ColumnType.TEXT)
    ),
    FormulaFunction.LOWER: RowFunctionSpec(1, 1, _taking((ColumnType.TEXT,), ColumnType.TEXT)),
    FormulaFunction.LENGTH: RowFunctionSpec(1, 1, _taking((ColumnType.TEXT,), ColumnType.INTEGER)),
}
"""By what the parser makes of a sign or a name."""

ROW_CALLS = {
    name.value: name
    for name in ROW_FUNCTIONS
    if name not in FORMULA_FUNCTIONS or FORMULA_FUNCTIONS[name].notation is Notation.CALL
}
"""The functions that are written by their name."""
COMPARING = tuple(name for name, spec in FORMULA_FUNCTIONS.items() if spec.notation is Notation.COMPARISON)
"""The functions that compare two values."""
