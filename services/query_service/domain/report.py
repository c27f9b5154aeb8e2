"""A report request with resolved names and values: the input of the planner."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import RelationshipDef
from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.catalog import Explore, Measure
from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.formula import Formula
from services.query_service.domain.listing import ListedColumn, Listing
from services.query_service.domain.predicates import EVERYTHING, Predicate, fields, sides
from services.query_service.domain.query import PREVIOUS, ContactMatch, Match
from services.query_service.domain.row_terms import DimensionColumn, FieldOf, FormulaOf, MovedField, Side, Term
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.zones import Zone


@dataclass(frozen=True, slots=True)
class MeasureColumn:
    """A figure of each group. A filtered measure has a name of its own (`called`), and `where` its rows are those of
    the group that pass."""

    side: Side
    measure: Measure
    called: str | None = None
    where: Predicate = EVERYTHING
    formula: FormulaOf | None = None

    @property
    def name(self) -> str:
        """`ticket.csat.avg`, `hours_open.avg`, or what a filtered measure is called."""
        return self.called or self.unfiltered_name

    @property
    def unfiltered_name(self) -> str:
        """What it is called without filters of its own."""
        formula = self.formula
        return self.measure.name if formula is None else f"{formula.name}.{self.measure.aggregate.value}"

    @property
    def sides(self) -> frozenset[Side]:
        """The tables that it looks at."""
        return sides(self.where) | {self.side}

    @property
    def type(self) -> ColumnType:
        """What its values are."""
        return self.measure.type

    @property
    def of(self) -> Term | None:
        """What it measures; None for the count of entities."""
        if self.formula is not None:
            return self.formula
        field = self.measure.field
        return FieldOf(self.side, self.measure.object, field) if field is not None else None

    @property
    def fields(self) -> tuple[FieldOf, ...]:
        """The fields that it is made of, those of its filters included."""
        measured = self.of.fields if self.of is not None else ()
        return tuple(dict.fromkeys((*measured, *fields(self.where))))


Column = DimensionColumn | MeasureColumn | ListedColumn


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """What a report is compared with: itself over moved values, which are those of an earlier period, or the snapshot
    before where nothing is moved. `named`: its name is one that the request gave it."""

    name: str = PREVIOUS
    moved: MovedField | None = None
    named: bool = False


class Variant(StrEnum):
    """Which figure of a measure a column shows: the report's own, that of the side it is compared with, or the change
    since then."""

    CURRENT = "current"
    PREVIOUS = "previous"
    DELTA = "delta"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure of one side, or its change between two: of a date in days, of an instant in seconds. `side`: the one it
    is compared with, None for the report's own."""

    measure: MeasureColumn
    variant: Variant = Variant.CURRENT
    side: ComparedSide | None = None

    @property
    def name(self) -> str:
        """`ticket.count`, `ticket.count@previous`, `ticket.count@delta`, `ticket.count@last_year:delta` (meaning 8)."""
        if self.side is None:
            return self.measure.name
        if self.variant is Variant.PREVIOUS:
            return f"{self.measure.name}@{self.side.name}"
        return f"{self.measure.name}@{f'{self.side.name}:delta' if self.side.named else 'delta'}"

    @property
    def type(self) -> ColumnType:
        """What its values are."""
        plain = self.measure.type
        return COLUMN_TYPES[plain].change if self.variant is Variant.DELTA else plain


def figures_of(measures: Iterable[MeasureColumn], compared: Sequence[ComparedSide]) -> tuple[Figure, ...]:
    """Each measure, followed by its values on the other sides and their changes."""
    variants: list[tuple[Variant, ComparedSide | None]] = [(Variant.CURRENT, None)]
    variants += [(variant, side) for side in compared for variant in (Variant.PREVIOUS, Variant.DELTA)]
    return tuple(Figure(measure, variant, side) for measure in measures for variant, side in variants)


@dataclass(frozen=True, slots=True)
class Calculation:
    """A column computed from others. `pivoted`: it names a measure, so that under a pivot there is one for each of its
    values. Its value in a row may depend on other rows (`over_rows`), their order (`ordered`), the totals (`sums`)."""

    name: str
    formula: Formula
    type: ColumnType
    pivoted: bool
    over_rows: bool
    ordered: bool
    sums: bool


@dataclass(frozen=True, slots=True)
class SortColumn:
    """A column of the result to sort by, by its name."""

    name: str
    descending: bool


@dataclass(frozen=True, slots=True)
class RecordsElsewhere:
    """For base contact: the object whose records link contacts, and whether those linked are kept."""

    explore: Explore
    relationship: RelationshipDef
    match: Match


PIVOT_COLUMNS = 200
"""Most columns that a pivot makes (meaning 8)."""


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
    contacts: ContactMatch
    records: RecordsElsewhere | None
    zone: Zone
    pivot: tuple[DimensionColumn, ...] = ()
    compared: tuple[ComparedSide, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    subtotals: bool = False
    formulas: tuple[FormulaOf, ...] = ()
    listing: Listing | None = None
    """Of a list its columns; it has neither dimensions nor measures then."""
    warnings: tuple[Problem, ...] = ()
    """What its conditions are to be taken with."""
    week_start: WeekStart = WeekStart.MONDAY
    moved: MovedField | None = None
    """The field that it reads moved values of: as the side of a comparison; of a list in its filters only."""

    @property
    def columns(self) -> tuple[DimensionColumn | MeasureColumn, ...]:
        """What is asked of the store, in order."""
        return (*self.dimensions, *self.pivot, *self.measures)

    @property
    def sides(self) -> frozenset[Side]:
        """The tables that its columns look at."""
        grouped = frozenset(dimension.side for dimension in (*self.dimensions, *self.pivot))
        return grouped.union(*(measure.sides for measure in self.measures))

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures of a row in the order of their columns; under a pivot once for each of its values."""
        return figures_of(self.measures, self.compared)

    @property
    def composed(self) -> bool:
        """Whether the answer is made of more than the rows that the store gives."""
        return bool(self.pivot or self.compared or self.calculations or self.subtotals)
