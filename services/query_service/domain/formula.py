"""Calculations as trees: which operators there are, and of which type their results are.

Money stays decimal as long as it is money; whole numbers stay whole until they are divided. An empty operand makes the
result empty, and so do a division by zero and a result that no column can hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.terms import ColumnType


class FormulaFunction(StrEnum):
    """Everything that a calculation can do, by how it is written."""

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
    RANK = "rank"


ARITHMETIC = (FormulaFunction.ADD, FormulaFunction.SUBTRACT, FormulaFunction.MULTIPLY, FormulaFunction.DIVIDE)
COMPARISONS = (
    FormulaFunction.EQ,
    FormulaFunction.NEQ,
    FormulaFunction.LT,
    FormulaFunction.LTE,
    FormulaFunction.GT,
    FormulaFunction.GTE,
)
LOGIC = (FormulaFunction.AND, FormulaFunction.OR, FormulaFunction.NOT)
ORDERED = (FormulaFunction.PREVIOUS, FormulaFunction.RUNNING_TOTAL)
"""What depends on the order of the rows."""
OVER_ROWS = (*ORDERED, FormulaFunction.RANK)
"""What looks at other rows."""
NUMERIC = tuple(kind for kind, spec in COLUMN_TYPES.items() if spec.numeric)
ORDERED_TYPES = tuple(kind for kind, spec in COLUMN_TYPES.items() if spec.ordered)

FormulaValue = int | Decimal | str | bool | date | None
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


def unified(types: "Iterator[Type] | tuple[Type, ...]") -> Type:
    """The one type that holds values of all. Raises ValueError where there is none."""
    known = {one for one in types if one is not None}
    if len(known) <= 1:
        return next(iter(known), None)
    if not known <= set(NUMERIC):
        raise ValueError(known)
    return ColumnType.CURRENCY if ColumnType.CURRENCY in known else ColumnType.NUMBER


def arithmetic_type(operator: FormulaFunction, left: Type, right: Type) -> Type:
    """The type of a sum, difference, product or quotient. Raises ValueError for what is no number."""
    if not {left, right} <= {*NUMERIC, None}:
        raise ValueError(operator)
    money = [one for one in (left, right) if one is ColumnType.CURRENCY]
    match operator:
        case FormulaFunction.MULTIPLY if len(money) == 2:
            return ColumnType.NUMBER
        case FormulaFunction.DIVIDE:
            # Money in parts is money; money by money, or anything else by anything, is a plain number.
            return ColumnType.CURRENCY if left is ColumnType.CURRENCY and len(money) == 1 else ColumnType.NUMBER
        case _:
            return unified((left, right))
