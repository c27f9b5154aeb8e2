"""Calculations as trees: which operators there are, and of which type their results are.

Money stays decimal as long as it is money; whole numbers stay whole until they are divided. An empty operand makes the
result empty, and so do a division by zero and a result that no column can hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.query_service.domain.catalog import ColumnType


class Operator(StrEnum):
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


ARITHMETIC = (Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.DIVIDE)
COMPARISONS = (Operator.EQ, Operator.NEQ, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
LOGIC = (Operator.AND, Operator.OR, Operator.NOT)
ORDERED = (Operator.PREVIOUS, Operator.RUNNING_TOTAL)
"""What depends on the order of the rows."""
OVER_ROWS = (*ORDERED, Operator.RANK)
"""What looks at other rows."""
NUMERIC = (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.CURRENCY)

Scalar = int | Decimal | str | bool | date | None
Type = ColumnType | None
"""None: the type of `null`, which goes with every other."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the expression; a number with a fraction stays exact until a double takes part."""

    value: Scalar
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

    operator: Operator
    arguments: "tuple[Formula, ...]"
    type: Type


Formula = Constant | Reference | Operation


def parts(formula: Formula) -> Iterator[Formula]:
    """The formula and everything in it."""
    yield formula
    if isinstance(formula, Operation):
        for argument in formula.arguments:
            yield from parts(argument)


def unified(types: "Iterator[Type] | tuple[Type, ...]") -> Type:
    """The one type that holds values of all. Raises ValueError where there is none."""
    known = {one for one in types if one is not None}
    if len(known) <= 1:
        return next(iter(known), None)
    if not known <= set(NUMERIC):
        raise ValueError(known)
    return ColumnType.CURRENCY if ColumnType.CURRENCY in known else ColumnType.NUMBER


def arithmetic_type(operator: Operator, left: Type, right: Type) -> Type:
    """The type of a sum, difference, product or quotient. Raises ValueError for what is no number."""
    if not {left, right} <= {*NUMERIC, None}:
        raise ValueError(operator)
    money = [one for one in (left, right) if one is ColumnType.CURRENCY]
    match operator:
        case Operator.MULTIPLY if len(money) == 2:
            return ColumnType.NUMBER
        case Operator.DIVIDE:
            # Money in parts is money; money by money, or anything else by anything, is a plain number.
            return ColumnType.CURRENCY if left is ColumnType.CURRENCY and len(money) == 1 else ColumnType.NUMBER
        case _:
            return unified((left, right))
