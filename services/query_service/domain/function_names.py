"""The functions that calculations and formulas call by name: each kind of expression has its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.query_service.domain.formula import FormulaFunction
from services.query_service.domain.formula_functions import FORMULA_FUNCTIONS, Notation, written_as
from services.query_service.domain.row_functions import ROW_CALLS, ROW_FUNCTIONS

FUNCTIONS = {name.value: name for name in written_as(Notation.CALL)}
"""The functions of calculations by their names."""


@dataclass(frozen=True, slots=True)
class CalledFunction:
    """A function that is written by its name, and the fewest and the most arguments that it takes."""

    function: FormulaFunction
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class FunctionNames:
    """The functions of one kind of expression. `others` are those of the other kind, which `others_text` explains."""

    calls: Mapping[str, CalledFunction]
    others: frozenset[str]
    others_text: str


def _calls(functions: Mapping[str, FormulaFunction], specs: Mapping[FormulaFunction, Any]) -> dict[str, CalledFunction]:
    return {
        name: CalledFunction(function, specs[function].fewest, specs[function].most)
        for name, function in functions.items()
    }


OF_CALCULATIONS = FunctionNames(
    _calls(FUNCTIONS, FORMULA_FUNCTIONS), frozenset(ROW_CALLS) - FUNCTIONS.keys(), "bad_expression.per_record"
)
OF_FORMULAS = FunctionNames(
    _calls(ROW_CALLS, ROW_FUNCTIONS), frozenset(FUNCTIONS) - ROW_CALLS.keys(), "bad_expression.over_rows"
)
