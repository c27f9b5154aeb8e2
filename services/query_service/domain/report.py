"""A report request whose every name was found and every value read: what the planner takes."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from crosslook.contracts.schemas import FieldDef, FieldType, RelationshipDef
from services.query_service.domain.catalog import COLUMN_TYPES, ColumnType, Explore, Granularity, Measure
from services.query_service.domain.query import Contacts, Match


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


_PARTS = (Granularity.HOUR_OF_DAY, Granularity.DAY_OF_WEEK, Granularity.MONTH_OF_YEAR)


@dataclass(frozen=True, slots=True)
class DimensionColumn:
    """What rows are grouped by."""

    of: FieldOf
    granularity: Granularity | None = None

    @property
    def side(self) -> Side:
        """The table it comes from."""
        return self.of.side

    @property
    def name(self) -> str:
        """`ticket.status`, `ticket.opened_at:month` (meaning 8)."""
        return self.of.name if self.granularity is None else f"{self.of.name}:{self.granularity}"

    @property
    def type(self) -> ColumnType:
        """What its values are (meaning 6)."""
        match self.granularity:
            case None:
                return COLUMN_TYPES[self.of.field.type]
            case Granularity.HOUR:
                return ColumnType.DATETIME
            case part if part in _PARTS:
                return ColumnType.INTEGER
            case _:
                return ColumnType.DATE

    @property
    def dated(self) -> bool:
        """Whether it orders a report by time when nobody says how (meaning 9)."""
        return self.of.field.type in (FieldType.DATE, FieldType.DATETIME)


@dataclass(frozen=True, slots=True)
class MeasureColumn:
    """A figure of each group."""

    side: Side
    measure: Measure

    @property
    def name(self) -> str:
        """`ticket.csat.avg`."""
        return self.measure.name

    @property
    def type(self) -> ColumnType:
        """What its values are."""
        return self.measure.type


Column = DimensionColumn | MeasureColumn


@dataclass(frozen=True, slots=True)
class ColumnOf:
    """A column of the result, by its place: what `having` tests."""

    index: int
    type: ColumnType


Operand = FieldOf | ColumnOf
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
    """The multiselect operand holds any or all of the values."""

    operand: FieldOf
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


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column to sort by, by its place."""

    index: int
    descending: bool


@dataclass(frozen=True, slots=True)
class RecordsElsewhere:
    """For base contact: the object whose records link contacts, and whether those linked are kept."""

    explore: Explore
    relationship: RelationshipDef
    match: Match


@dataclass(frozen=True, slots=True)
class ResolvedReport:
    """A report that can be answered. `contact` is there when the report uses the contact (meaning 1)."""

    base: Explore
    contact: Explore | None
    relationship: RelationshipDef | None
    dimensions: tuple[DimensionColumn, ...]
    measures: tuple[MeasureColumn, ...]
    filters: Predicate
    having: Predicate
    sort: tuple[SortColumn, ...]
    limit: int
    totals: bool
    contacts: Contacts
    records: RecordsElsewhere | None
    zone: str

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the result in order."""
        return (*self.dimensions, *self.measures)


def sides(predicate: Predicate) -> frozenset[Side]:
    """The tables that a filter looks at."""
    match predicate:
        case Not(inner):
            return sides(inner)
        case Every(parts) | Some(parts):
            return frozenset().union(*(sides(part) for part in parts))
        case Compare(operand) | OneOf(operand) | Matches(operand) | Holds(operand) | IsEmpty(operand):
            return frozenset({operand.side}) if isinstance(operand, FieldOf) else frozenset()
