"""What a row of a report has: the fields of its two sides, the formulas over the fields of one, and the values made of
either that rows are grouped or tested by.

The value of a formula, and every step of it, is one that a field of its type could hold, or null."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.schemas import FieldDef
from services.query_service.domain.built_in import is_built_in, label_text
from services.query_service.domain.column_types import (
    COLUMN_TYPES,
    column_type_of,
    granularities_of,
    operator_groups_of,
)
from services.query_service.domain.formula import Constant, FormulaFunction, Type
from services.query_service.domain.groupings import Grouping, Width
from services.query_service.domain.terms import ColumnType, Granularity, OperatorGroup

_PARTS = (Granularity.HOUR_OF_DAY, Granularity.DAY_OF_WEEK, Granularity.MONTH_OF_YEAR)


class Side(StrEnum):
    """Which of the two tables of a report: its base object, or the contact it joins."""

    BASE = "base"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class FieldOf:
    """A field on its side. With base `contact` the side is the base."""

    side: Side
    object: str
    field: FieldDef

    @property
    def name(self) -> str:
        """`ticket.status`."""
        return f"{self.object}.{self.field.slug}"

    @property
    def label(self) -> str:
        """What people call it."""
        return self.field.label or self.field.slug

    @property
    def text(self) -> str | None:
        """The name of the text that is its label in the reader's language; None where the schema names it."""
        return label_text(self.object, self.field)

    @property
    def built_in(self) -> bool:
        """Whether every object has it, whatever its schema."""
        return is_built_in(self.field.slug)

    @property
    def type(self) -> ColumnType:
        """What its values are; one value of several."""
        return column_type_of(self.field)

    @property
    def several(self) -> bool:
        """Whether a row has a list of values."""
        return FIELD_TYPES[self.field.type].several

    @property
    def granularities(self) -> tuple[Granularity, ...]:
        """The granularities that it can be truncated to; empty for what is not a date or time."""
        return granularities_of(self.field.type)

    @property
    def operators(self) -> tuple[OperatorGroup, ...]:
        """What may test it."""
        return operator_groups_of(self.field.type)

    @property
    def fields(self) -> "tuple[FieldOf, ...]":
        """The fields that its value is made of."""
        return (self,)


@dataclass(frozen=True, slots=True)
class EarlierFormula:
    """A formula that another one names."""

    name: str
    type: ColumnType


@dataclass(frozen=True, slots=True)
class RowOperation:
    """A function of a formula, over its arguments."""

    function: FormulaFunction
    arguments: "tuple[RowFormula, ...]"
    type: Type


RowFormula = Constant | FieldOf | EarlierFormula | RowOperation


def parts_of(formula: RowFormula) -> Iterator[RowFormula]:
    """The formula and everything in it; of an earlier formula, its name."""
    yield formula
    if isinstance(formula, RowOperation):
        for argument in formula.arguments:
            yield from parts_of(argument)


@dataclass(frozen=True, slots=True)
class FormulaOf:
    """A value computed for each record of one object. `fields`: also those of earlier formulas that it names."""

    side: Side
    object: str
    name: str
    formula: RowFormula
    type: ColumnType
    fields: tuple[FieldOf, ...]

    @property
    def label(self) -> str:
        """What people call it."""
        return self.name

    @property
    def several(self) -> bool:
        """A formula has one value for a record."""
        return False

    @property
    def granularities(self) -> tuple[Granularity, ...]:
        """The granularities that it can be truncated to; empty for what is not a date or time."""
        return COLUMN_TYPES[self.type].granularities

    @property
    def operators(self) -> tuple[OperatorGroup, ...]:
        """What may test it."""
        return COLUMN_TYPES[self.type].operators

    @property
    def text(self) -> None:
        """Its name is the request's."""
        return None

    @property
    def earlier(self) -> frozenset[str]:
        """The formulas that it names."""
        return frozenset(part.name for part in parts_of(self.formula) if isinstance(part, EarlierFormula))


Term = FieldOf | FormulaOf
"""A value that each row of one side has."""


@dataclass(frozen=True, slots=True)
class MovedField:
    """A date or datetime of the base whose every value is moved forward by so many units (meaning 13)."""

    of: FieldOf
    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class DimensionColumn:
    """What rows are grouped by; as the operand of a condition, the value that a row is grouped under."""

    of: Term
    granularity: Granularity | None = None
    grouping: Grouping | None = None
    called: str | None = None
    """The name of bins or groups."""

    @property
    def side(self) -> Side:
        """The table it comes from."""
        return self.of.side

    @property
    def object(self) -> str:
        """The object it comes from."""
        return self.of.object

    @property
    def name(self) -> str:
        """`ticket.status`, `ticket.opened_at:month` (meaning 8), or what bins and groups are called."""
        if self.called is not None:
            return self.called
        return self.of.name if self.granularity is None else f"{self.of.name}:{self.granularity}"

    @property
    def label(self) -> str:
        """What people call it; the granularity is put to it in the reader's language."""
        return self.called or self.of.label

    @property
    def text(self) -> str | None:
        """As of what it is made of; the name of bins or groups is the request's."""
        return self.of.text if self.called is None else None

    @property
    def type(self) -> ColumnType:
        """What its values are (meaning 6); the lower edges of a width are numbers or amounts."""
        if self.grouping is not None:
            return _key_type(self.of.type, self.grouping)
        match self.granularity:
            case None:
                return self.of.type
            case Granularity.HOUR:
                return ColumnType.DATETIME
            case part if part in _PARTS:
                return ColumnType.INTEGER
            case _:
                return ColumnType.DATE

    @property
    def operators(self) -> tuple[OperatorGroup, ...]:
        """What may test it; several groups of a multiselect as several of its values."""
        return self.of.operators if self.of.several else COLUMN_TYPES[self.type].operators

    @property
    def several(self) -> bool:
        """Whether a row has a list of values."""
        return self.of.several

    @property
    def dated(self) -> bool:
        """Whether it orders a report by time when nobody says how (meaning 9)."""
        return bool(self.of.granularities) and self.grouping is None

    @property
    def fields(self) -> tuple[FieldOf, ...]:
        """The fields that its value is made of."""
        return self.of.fields


def _key_type(kind: ColumnType, grouping: Grouping) -> ColumnType:
    if not isinstance(grouping, Width):
        return ColumnType.TEXT
    return ColumnType.CURRENCY if kind is ColumnType.CURRENCY else ColumnType.NUMBER
