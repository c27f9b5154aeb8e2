"""Conditions of a report with resolved names and values: on fields of its rows, or on columns of its result."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.row_terms import DimensionColumn, FieldOf, Side, Term
from services.query_service.domain.terms import ColumnType, OperatorGroup


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column of the result, by its name: what `having` tests."""

    name: str
    type: ColumnType

    @property
    def operators(self) -> tuple[OperatorGroup, ...]:
        """What may test it."""
        return COLUMN_TYPES[self.type].operators


Operand = Term | DimensionColumn | ColumnOf
Scalar = str | float | bool | int | Decimal


@dataclass(frozen=True, slots=True)
class Value:
    """A value that travels as a server-side parameter: what the engine reads, and as which of its types."""

    value: "Scalar | tuple[Scalar, ...]"
    type: str


class Comparison(StrEnum):
    """How two values are compared; an empty one never compares."""

    EQ = "eq"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"


@dataclass(frozen=True, slots=True)
class Compare:
    """The operand compared with a value. `by_day`: an instant is taken as its calendar day in the report's zone."""

    operand: Operand
    comparison: Comparison
    value: Value
    by_day: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """The operand is one of the values (an array). `by_day` as in Compare."""

    operand: Operand
    values: Value
    by_day: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """The text operand contains, starts or ends with a text, whatever the case of either (meaning 5)."""

    operand: Operand
    where: Literal["contains", "starts_with", "ends_with"]
    text: Value


@dataclass(frozen=True, slots=True)
class Holds:
    """The multiselect operand, or the groups of one, holds any or all of the values."""

    operand: FieldOf | DimensionColumn
    every: bool
    values: Value


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """The operand is null, empty text or an empty list: one thing (meaning 4)."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite. Predicates are two-valued, so this one keeps the empties that the positive one drops."""

    predicate: "Predicate"


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; of none, it holds."""

    parts: "tuple[Predicate, ...]"


@dataclass(frozen=True, slots=True)
class Some:
    """Any part holds; of none, it does not."""

    parts: "tuple[Predicate, ...]"


Predicate = Compare | OneOf | Matches | Holds | IsEmpty | Not | Every | Some
EVERYTHING = Every(())


def operands(predicate: Predicate) -> Iterator[Operand]:
    """Everything that a condition tests."""
    match predicate:
        case Not(inner):
            yield from operands(inner)
        case Every(parts) | Some(parts):
            for part in parts:
                yield from operands(part)
        case Compare(operand) | OneOf(operand) | Matches(operand) | Holds(operand) | IsEmpty(operand):
            yield operand


def fields(predicate: Predicate) -> Iterator[FieldOf]:
    """The fields that a condition tests."""
    for operand in operands(predicate):
        if not isinstance(operand, ColumnOf):
            yield from operand.fields


def terms(predicate: Predicate) -> Iterator[Term]:
    """The values of rows that a condition tests, or truncates to test."""
    for operand in operands(predicate):
        if not isinstance(operand, ColumnOf):
            yield operand.of if isinstance(operand, DimensionColumn) else operand


def sides(predicate: Predicate) -> frozenset[Side]:
    """The tables that a filter looks at."""
    return frozenset(operand.side for operand in operands(predicate) if not isinstance(operand, ColumnOf))


def columns_named(predicate: Predicate) -> frozenset[str]:
    """The columns of the result that a condition looks at."""
    return frozenset(operand.name for operand in operands(predicate) if isinstance(operand, ColumnOf))


def conjuncts(predicate: Predicate) -> Iterator[Predicate]:
    """Conditions that must all hold."""
    if isinstance(predicate, Every):
        for part in predicate.parts:
            yield from conjuncts(part)
    else:
        yield predicate
