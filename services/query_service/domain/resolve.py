"""Resolves a ReportRequest against a catalog: finds names, reads values, and checks the rules of the join."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Literal, TypeVar

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, Problems
from services.query_service.domain.calculations import NO_COLUMN, Calculations, ResultColumns, Unsettled
from services.query_service.domain.catalog import Explore
from services.query_service.domain.column_types import granularities_of
from services.query_service.domain.comparing import compared_sides, moved_in_filters, over_stored, without_effect
from services.query_service.domain.condition_reading import InvalidCondition, Moment
from services.query_service.domain.condition_resolving import ConditionResolver
from services.query_service.domain.declared_names import DeclaredNames
from services.query_service.domain.join_rules import JoinRules
from services.query_service.domain.list_resolving import ListResolver
from services.query_service.domain.listing import Listing
from services.query_service.domain.lookup import Lookup, UnknownName, dimension_example
from services.query_service.domain.predicates import ColumnOf, Predicate, sides
from services.query_service.domain.query import (
    DimensionAsked,
    GroupsAsked,
    MeasureAsked,
    Name,
    ReportRequest,
    SortAsked,
)
from services.query_service.domain.report import (
    PIVOT_COLUMNS,
    Calculation,
    Column,
    ComparedSide,
    Figure,
    MeasureColumn,
    ResolvedReport,
    SortColumn,
    figures_of,
)
from services.query_service.domain.row_formulas import Formulas
from services.query_service.domain.row_terms import DimensionColumn, FormulaOf, Side
from services.query_service.domain.term_lookup import TermLookup
from services.query_service.domain.warnings import OptionWarnings

T = TypeVar("T")
_NAME_SHOWN = 100
Repeatable = TypeVar("Repeatable", DimensionColumn, MeasureColumn)


class Resolver:
    """Works through one request. `problems` grows while it does."""

    def __init__(
        self, request: ReportRequest, lookup: Lookup, base: Explore, moment: Moment, problems: Problems
    ) -> None:
        self._problems = problems
        self._request = request
        self._lookup = lookup
        self._base = base
        self._moment = moment
        self._compared = self._compared_sides()
        asked = request.moved
        self._moved = moved_in_filters(asked, lookup, base, problems) if asked is not None else None
        self._join = JoinRules(request, lookup, base, problems)
        self._options = OptionWarnings()
        self._conditions = ConditionResolver(moment, problems, self._options)
        self._named: set[str] = set()
        self._declared = DeclaredNames((base.object, CONTACT))
        self._formulas: dict[str, FormulaOf | None] = {}
        self._terms = TermLookup(lookup, base, self._formulas)
        self._list = ListResolver(self._terms, problems) if request.listed is not None else None

    def report(self) -> ResolvedReport:
        """The report; worth nothing when `problems` were found."""
        asked, formulas = self._request, self._checked_formulas()
        dimensions = self._found(asked.dimensions, self._dimension)
        pivot = self._found(asked.pivot, self._dimension)
        measures = self._found(asked.measures, self._measure)
        filters = self._conditions.resolved(asked.filters, self._terms.tested)
        self._options.over(dimensions, pivot)
        columns = ResultColumns(dimensions, self._figures(measures), len(asked.pivot))
        calculations = self._calculations(columns)
        having = self._conditions.resolved(asked.having, lambda name: self._column(name, columns, "having"))
        listing = self._list.listing(asked.listed or (), asked.after) if self._list is not None else None
        sort = self._sort(listing, columns)
        uses_contact = Side.CONTACT in _sides_of((*dimensions, *pivot), measures, listing) | sides(filters)
        relationship = self._join.relationship(uses_contact)
        self._join.check_contacts(uses_contact)
        return ResolvedReport(
            self._base,
            self._lookup.catalog.contact if uses_contact else None,
            relationship,
            dimensions,
            measures,
            filters,
            having,
            sort,
            asked.limit,
            asked.totals,
            asked.contacts,
            self._join.records(asked.records) if asked.records is not None else None,
            self._moment.zone,
            pivot,
            self._compared,
            calculations,
            asked.subtotals,
            formulas,
            listing,
            self._warnings((*dimensions, *pivot, *measures), filters, listing),
            self._moment.week_start,
            self._moved,
        )

    def _dimension(self, asked: DimensionAsked) -> DimensionColumn:
        """A dimension; the name of bins or groups is unlike every other one."""
        problem = self._declared.declare(asked.name) if asked.name is not None else None
        if problem is not None:
            raise UnknownName(problem)
        found = self._terms.dimension(asked)
        if isinstance(asked.grouping, GroupsAsked):
            places = (
                (value, f"{group.pointer}/values/{at}")
                for group in asked.grouping.groups
                for at, value in enumerate(group.values)
            )
            self._options.groups(found, places)
        return self._once(found, asked)

    def _measure(self, asked: MeasureAsked) -> MeasureColumn:
        """A measure, perhaps over the rows that pass its own filters."""
        filters = self._conditions.resolved(asked.filters, self._terms.tested)
        problem = self._declared.declare(asked.name) if asked.name is not None else None
        if problem is not None:
            self._problems.add(problem)
        found = self._terms.measure(asked.measure)
        if asked.name is None:
            return self._once(found, asked.measure)
        return replace(found, called=asked.name.text, where=filters)

    def _checked_formulas(self) -> tuple[FormulaOf, ...]:
        if not self._request.formulas:
            return ()
        checked = Formulas(lambda name: self._lookup.field(self._base, name), self._declared, self._formulas)
        found = checked.check(self._request.formulas)
        self._problems.extend(checked.problems)
        return found

    def _compared_sides(self) -> tuple[ComparedSide, ...]:
        if self._request.compare:
            return (ComparedSide(),)
        if not self._request.periods:
            return ()
        return compared_sides(self._request, self._lookup, self._base, self._problems)

    def _warnings(
        self, columns: tuple[Column, ...], filters: Predicate, listing: Listing | None
    ) -> tuple[Problem, ...]:
        found = self._options.found
        if self._compared:
            found = (*found, *without_effect(self._compared, columns, filters))
        if self._moved is not None and listing is not None:
            found = (*found, *over_stored(self._moved, listing))
        return found

    def _figures(self, measures: tuple[MeasureColumn, ...]) -> tuple[Figure, ...]:
        figures = figures_of(measures, self._compared)
        if self._request.pivot and len(figures) + len(self._request.calculations) > PIVOT_COLUMNS:
            self._problems.add(Problem("too_many_columns", "/pivot", values={"limit": PIVOT_COLUMNS}))
        return figures

    def _calculations(self, columns: ResultColumns) -> tuple[Calculation, ...]:
        if not self._request.calculations:
            return ()
        checking = Calculations(columns, bool(self._request.pivot), lambda name: self._lookup.offers(self._base, name))
        found = checking.checked(self._request.calculations)
        self._problems.extend(checking.problems)
        for named in (calculation.name for calculation in self._request.calculations):
            if named.text in self._formulas and named.text not in self._named:
                self._problems.add(Problem("name_conflict", named.pointer, "", {"name": named.text[:_NAME_SHOWN]}))
        places = {calculation.name.text: calculation.expression.pointer for calculation in self._request.calculations}
        for calculation in found:
            self._options.calculation(calculation.formula, places[calculation.name])
        return found

    def _sort(self, listing: Listing | None, columns: ResultColumns) -> tuple[SortColumn, ...]:
        if self._list is not None and listing is not None:
            return self._list.sort(self._request.sort, listing)
        return self._found(self._request.sort, lambda item: self._sorted_by(item, columns))

    def _sorted_by(self, asked: SortAsked, columns: ResultColumns) -> SortColumn:
        found = self._column(asked.column, columns, "sort")
        calculation = columns.calculation(found.name)
        if calculation is not None and calculation.ordered:
            shown = {"name": found.name[:200]}
            raise UnknownName(Problem("bad_value", asked.column.pointer, "bad_value.sorted_by_ordered", shown))
        self._options.column(found.name, asked.column.pointer)
        return SortColumn(found.name, asked.descending)

    def _found(self, asked: tuple[T, ...], find: "Callable[[T], Found]") -> "tuple[Found, ...]":
        found = []
        for column in asked:
            try:
                found.append(find(column))
            except UnknownName as missing:
                self._problems.add(missing.problem)
            except InvalidCondition as refused:
                self._problems.extend(refused.problems)
            except Unsettled:
                continue
        return tuple(found)

    def _once(self, column: Repeatable, asked: Name | DimensionAsked) -> Repeatable:
        if column.name in self._named:
            self._problems.add(Problem("bad_value", asked.pointer, "bad_value.repeated", {"name": column.name}))
        self._named.add(column.name)
        return column

    def _column(self, name: Name, columns: ResultColumns, part: Literal["having", "sort"]) -> ColumnOf:
        """A column of the result. Raises Unsettled, or NotFound that explains what else the name is."""
        try:
            return columns.column(name)
        except UnknownName as missing:
            if missing.problem.text != NO_COLUMN or isinstance(missing.problem.suggestion, str):
                raise
            named = self._lookup.truncated(self._base, name.text)
            if named is not None and named[2] in granularities_of(named[1].type):
                values = {"name": name.text, "example": dimension_example(named[0], named[2])}
                text = "unknown_field.column_truncated"
                raise UnknownName(Problem("unknown_field", name.pointer, text, values)) from None
            offered = self._lookup.offers(self._base, name.text)
            if offered is None:
                raise
            text = f"unknown_field.{part}_{offered}"
            raise UnknownName(Problem("unknown_field", name.pointer, text, {"name": name.text})) from None


def _sides_of(
    dimensions: Iterable[DimensionColumn], measures: Iterable[MeasureColumn], listing: Listing | None
) -> frozenset[Side]:
    grouped = frozenset(dimension.side for dimension in dimensions)
    listed = (column.side for column in (listing.columns if listing is not None else ()))
    return grouped.union(listed, *(measure.sides for measure in measures))


Found = TypeVar("Found", bound=DimensionColumn | MeasureColumn | SortColumn)


def resolve(
    request: ReportRequest, lookup: Lookup, moment: Moment, problems: Problems | None = None
) -> tuple[ResolvedReport | None, Problems]:
    """The report with every name found, and every problem, added to those of the request's shape. A report with
    problems must not be answered."""
    found = Problems() if problems is None else problems
    report, moment = None, replace(moment, week_start=request.week_start or moment.week_start)
    with found.reading():
        try:
            base = lookup.explore(request.object)
            report = Resolver(request, lookup, base, moment, found).report()
        except UnknownName as missing:
            found.add(missing.problem)
    return report, found
