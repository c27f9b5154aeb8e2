"""Calculations as trees: the operators, and the types of their results.

Money stays decimal as long as it is money; whole numbers stay whole until they are divided. An empty operand makes the
result empty, and so do a division by zero and a result that no column can hold.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.terms import ColumnType


class FormulaFunction(StrEnum):
    """The functions and operators of calculations and formulas, by their notation."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    NEGATE = "negation"
    EQ = "="
    NEQ = "!="
    LT = "<"
    LTE = "<="
    GT = ">"
    GTE = ">="
    AND = "and"
    OR = "or"
    NOT = "not"
    IF = "if"
    COALESCE = "coalesce"
    ROUND = "round"
    ABS = "abs"
    TOTAL = "total"
    PREVIOUS = "previous"
    RUNNING_TOTAL = "running_total"
    MOVING_AVERAGE = "moving_average"
    RANK = "rank"
    DAYS_BETWEEN = "days_between"
    HOURS_BETWEEN = "hours_between"
    YEAR = "year"
    MONTH = "month"
    CONCAT = "concat"
    LOWER = "lower"
    LENGTH = "length"


NUMERIC = tuple(kind for kind, spec in COLUMN_TYPES.items() if spec.arithmetic is not None)
ORDERED_TYPES = tuple(kind for kind, spec in COLUMN_TYPES.items() if spec.ordered)

FormulaValue = int | float | Decimal | str | bool | date | None
Type = ColumnType | None
"""None: the type of `null`, which goes with every other."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the expression; a number with a fraction stays exact until a double takes part."""

    value: FormulaValue
    type: Type


@dataclass(frozen=True, slots=True)
class Reference:
    """A column of the result by its name. `fixed`: under a pivot, the same one whatever column is computed."""

    name: str
    type: Type
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator over its arguments."""

    operator: FormulaFunction
    arguments: "tuple[Formula, ...]"
    type: Type


Formula = Constant | Reference | Operation


def subformulas(formula: Formula) -> Iterator[Formula]:
    """The formula and everything in it."""
    yield formula
    if isinstance(formula, Operation):
        for argument in formula.arguments:
            yield from subformulas(argument)


def unified(types: Iterable[Type]) -> Type:
    """The one type that holds values of all. Raises ValueError where there is none."""
    known = {kind for kind in types if kind is not None}
    if len(known) <= 1:
        return next(iter(known), None)
    if not known <= set(NUMERIC):
        raise ValueError(known)
    return ColumnType.CURRENCY if ColumnType.CURRENCY in known else ColumnType.NUMBER


def sum_type(types: Sequence[Type]) -> Type:
    """The type of a sum or difference. Raises ValueError for what is not a number."""
    _check_numeric(types)
    return unified(types)


def product_type(types: Sequence[Type]) -> Type:
    """The type of a product: money by money is a plain number. Raises ValueError for what is not a number."""
    _check_numeric(types)
    return ColumnType.NUMBER if set(types) == {ColumnType.CURRENCY} else unified(types)


def quotient_type(types: Sequence[Type]) -> Type:
    """The type of a quotient: money in parts is money; money by money, or anything else by anything, is a plain number.
    Raises ValueError for what is not a number."""
    _check_numeric(types)
    left, right = types
    in_parts = left is ColumnType.CURRENCY and right is not ColumnType.CURRENCY
    return ColumnType.CURRENCY if in_parts else ColumnType.NUMBER


def _check_numeric(types: Sequence[Type]) -> None:
    if not set(types) <= {*NUMERIC, None}:
        raise ValueError(types)
