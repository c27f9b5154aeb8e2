"""ResolvedReport to QueryPlan: what is to be computed, in relational terms, without tables, SQL or a tenant: which
join is needed, at which grain each measure runs, in which order rows come.

In (record, contact) pairs a contact stands once for each of its records; a record stands once for each of its
contacts, so it repeats only over a `many` relationship. Taking a multiselect apart repeats nothing within a group,
because the values of a record are distinct and each is a group. Where entities repeat, measures count so that a
join never inflates them (meaning 3).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from crosslook.contracts.schemas import RelationshipDef
from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.predicates import (
    EVERYTHING,
    Every,
    Predicate,
    columns_named,
    conjuncts,
    sides,
    terms,
)
from services.query_service.domain.query import ContactMatch
from services.query_service.domain.report import MeasureColumn, RecordsElsewhere, ResolvedReport, SortColumn
from services.query_service.domain.row_terms import DimensionColumn, FormulaOf, MovedField, Side
from services.query_service.domain.terms import Aggregate


class Join(StrEnum):
    """How the contact takes part."""

    NONE = "none"
    SEMI = "semi"
    """Only asked for: records with a contact that passes; no record is repeated."""
    PAIRS = "pairs"
    """Rows are (record, contact) pairs."""


class Counting(StrEnum):
    """How a measure sees the distinct entities of its side in a group."""

    EACH = "each"
    """No entity stands twice in a group, or its aggregate does not mind: every row is taken."""
    DISTINCT = "distinct"
    """Entities repeat and are themselves what is counted."""
    FIRST = "first"
    """Entities repeat and the aggregate would be inflated: the first row of each in its group is taken."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure and how it counts."""

    column: MeasureColumn
    counting: Counting


@dataclass(frozen=True, slots=True)
class RowSelection:
    """The rows that a report is about, at the grain of its join. `where` is tested per row of the join; `some_contact`
    per linked contact of a semi-join. `among`: only records that are in one of these pairs."""

    base: str
    relationship: str | None
    join: Join
    where: Predicate
    some_contact: Predicate
    contacts: ContactMatch
    records: RecordsElsewhere | None
    zone: str
    week_start: WeekStart
    moved: MovedField | None
    formulas: tuple[FormulaOf, ...]
    """Those that the report uses, each after the ones that it names."""
    among: "RowSelection | None" = None

    @property
    def objects(self) -> frozenset[str]:
        """The objects whose rows are read, contact aside."""
        elsewhere = {self.records.explore.object} if self.records is not None else set()
        return frozenset({self.base, *elsewhere})


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Groups of the rows of a selection. `order` is total over the dimensions. `limit` is how many rows are fetched;
    None means all."""

    selection: RowSelection
    keys: tuple[DimensionColumn, ...]
    measures: tuple[Measured, ...]
    having: Predicate
    order: tuple[SortColumn, ...]
    limit: int | None


@dataclass(frozen=True, slots=True)
class LinkCount:
    """How many of an object's records have a contact over a relationship, and how many have none (meaning 10)."""

    base: str
    relationship: str


@dataclass(frozen=True, slots=True)
class Rest:
    """What remains to do after the statements have run. `sifted`: it tested, sorted and cut the rows itself; where not,
    all groups are fetched and `before` is tested before calculations are computed, `after` then."""

    sifted: bool
    before: Predicate
    after: Predicate


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """Everything that one report reads; each aggregation and the count is one statement. `subtotals`: over the
    first dimension, the first two, and so on."""

    rows: Aggregation
    totals: Aggregation | None
    subtotals: tuple[Aggregation, ...]
    links: LinkCount | None
    rest: Rest

    @property
    def objects(self) -> frozenset[str]:
        """The objects whose rows are read, contact aside."""
        return self.rows.selection.objects


def repeats(side: Side, join: Join, relationship: RelationshipDef | None) -> bool:
    """Whether a group can contain an entity of this side more than once."""
    if join is not Join.PAIRS:
        return False
    return side is Side.CONTACT or relationship is None or relationship.many


def counting(column: MeasureColumn, join: Join, relationship: RelationshipDef | None) -> Counting:
    """How the measure must count."""
    if not repeats(column.side, join, relationship):
        return Counting.EACH
    match column.measure.aggregate:
        case Aggregate.COUNT:
            return Counting.DISTINCT
        case Aggregate.MIN | Aggregate.MAX | Aggregate.COUNT_DISTINCT:
            return Counting.EACH
        case Aggregate.SUM | Aggregate.AVG | Aggregate.MEDIAN | Aggregate.P90 | Aggregate.P95 | Aggregate.STDDEV:
            return Counting.FIRST
        case unknown:
            assert_never(unknown)


def compared_part(side: str, part: str) -> str:
    """What a statement of a report is called on another side: `previous_rows`."""
    return f"{side}_{part}"


MOST_GROUPS = 200_000
"""Most groups that are fetched where the whole result must be known before it is cut."""


def plan(report: ResolvedReport) -> QueryPlan:
    """The plan of a report. It fetches one row more than requested, which shows that more exist."""
    selection = selection_of(report)
    rest, having = _rest(report)
    rows = Aggregation(
        selection,
        (*report.dimensions, *report.pivot),
        _measured(report, selection.join),
        having,
        ordering(report, report.measures[0].name if report.measures else None) if rest.sifted else (),
        (report.limit if rest.sifted else MOST_GROUPS) + 1,
    )
    summed = report.measures and (report.totals or any(calculation.sums for calculation in report.calculations))
    totals = _over(rows, report.pivot) if summed else None
    levels = range(1, len(report.dimensions)) if report.subtotals and report.measures else ()
    subtotals = tuple(_over(rows, (*report.dimensions[:level], *report.pivot)) for level in levels)
    return QueryPlan(rows, totals, subtotals, links_of(report), rest)


def selection_of(report: ResolvedReport) -> RowSelection:
    """The rows that a report is about."""
    join, where, some_contact = _join(report)
    return RowSelection(
        report.base.object,
        report.relationship.slug if report.relationship else None,
        join,
        where,
        some_contact,
        report.contacts,
        report.records,
        report.zone.name,
        report.week_start,
        report.moved,
        _used_formulas(report),
    )


def _used_formulas(report: ResolvedReport) -> tuple[FormulaOf, ...]:
    """The formulas that columns and filters are made of, and those that these name."""
    dimensions = (dimension.of for dimension in (*report.dimensions, *report.pivot))
    measured = (measure.of for measure in report.measures)
    tested = (
        term for filters in (report.filters, *(measure.where for measure in report.measures)) for term in terms(filters)
    )
    listed = (column.of for column in (report.listing.columns if report.listing is not None else ()))
    used = {term.name for term in (*dimensions, *measured, *listed, *tested) if isinstance(term, FormulaOf)}
    for formula in reversed(report.formulas):
        if formula.name in used:
            used |= formula.earlier
    return tuple(formula for formula in report.formulas if formula.name in used)


def _rest(report: ResolvedReport) -> tuple[Rest, Predicate]:
    """What is done with the rows that the store gives, and the part of `having` that the store tests itself.

    Conditions that name no calculation hold of the rows that calculations are computed over; the others choose among
    those rows afterwards."""
    calculated = {calculation.name for calculation in report.calculations}

    def late(names: Iterable[str]) -> bool:
        return any(name in calculated or name.partition("|")[0] in calculated for name in names)

    parts = list(conjuncts(report.having))
    before = Every(tuple(part for part in parts if not late(columns_named(part))))
    after = Every(tuple(part for part in parts if late(columns_named(part))))
    if report.pivot or report.compared:
        return Rest(False, before, after), EVERYTHING
    over_rows = any(calculation.over_rows for calculation in report.calculations)
    sifted = not over_rows and after == EVERYTHING and not late(column.name for column in report.sort)
    return Rest(sifted, EVERYTHING, after), before


def _join(report: ResolvedReport) -> tuple[Join, Predicate, Predicate]:
    """The join, the filter per row, and the filter of a semi-join's contacts.

    Contact in filters only, and in no condition together with the base, is a semi-join: the pair that passes need not
    be known, only that there is one."""
    if report.contact is None:
        return Join.NONE, report.filters, EVERYTHING
    parts = list(conjuncts(report.filters))
    of_contact = [part for part in parts if sides(part) == {Side.CONTACT}]
    mixed = any(len(sides(part)) > 1 for part in parts)
    if mixed or Side.CONTACT in report.sides:
        return Join.PAIRS, report.filters, EVERYTHING
    others = [part for part in parts if part not in of_contact]
    return Join.SEMI, Every(tuple(others)), Every(tuple(of_contact))


def _measured(report: ResolvedReport, join: Join) -> tuple[Measured, ...]:
    return tuple(Measured(column, counting(column, join, report.relationship)) for column in report.measures)


def ordering(report: ResolvedReport, first_figure: str | None) -> tuple[SortColumn, ...]:
    """The sort asked for or the default one, then every dimension, so that an order is never arbitrary (meaning 9).
    `first_figure`: the first column that is no dimension."""
    first = report.sort or _default_order(report, first_figure)
    named = {column.name for column in first}
    ties = (SortColumn(dimension.name, False) for dimension in report.dimensions if dimension.name not in named)
    return (*first, *ties)


def _default_order(report: ResolvedReport, first_figure: str | None) -> tuple[SortColumn, ...]:
    dated = next((dimension.name for dimension in report.dimensions if dimension.dated), None)
    if dated is not None:
        return (SortColumn(dated, False),)
    return (SortColumn(first_figure, True),) if first_figure is not None else ()


def _over(rows: Aggregation, keys: tuple[DimensionColumn, ...]) -> Aggregation:
    """The same data in other groups, before `having` and `limit` (meaning 3)."""
    return replace(rows, keys=keys, having=EVERYTHING, order=(), limit=MOST_GROUPS + 1 if keys else None)


def links_of(report: ResolvedReport) -> LinkCount | None:
    """What the join block counts; None where the answer has none (meaning 10)."""
    relationship = report.relationship
    matters = report.contact is not None or report.contacts is not ContactMatch.ANY
    return LinkCount(report.base.object, relationship.slug) if matters and relationship is not None else None
