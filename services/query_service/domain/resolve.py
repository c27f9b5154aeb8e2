"""ReportRequest and catalog to ResolvedReport: every name found, every value read, every rule of the join checked."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, did_you_mean
from crosslook.contracts.schemas import RelationshipDef
from services.query_service.domain.catalog import Explore
from services.query_service.domain.columns import ResultColumns, Unsettled
from services.query_service.domain.formula_check import Calculations
from services.query_service.domain.lookup import Lookup, NotFound
from services.query_service.domain.operators import Moment, Refused, predicate
from services.query_service.domain.predicates import EVERYTHING, Every, Operand, Predicate, Side, Some, sides
from services.query_service.domain.query import (
    Condition,
    Contacts,
    Filter,
    Junction,
    Name,
    RecordsAsked,
    ReportRequest,
    SortAsked,
)
from services.query_service.domain.report import (
    PIVOT_COLUMNS,
    Calculation,
    DimensionColumn,
    Figure,
    MeasureColumn,
    RecordsElsewhere,
    ResolvedReport,
    SortColumn,
    Variant,
)

T = TypeVar("T")


class Resolver:
    """Works through one request. `problems` grows while it does."""

    def __init__(self, request: ReportRequest, lookup: Lookup, base: Explore, moment: Moment) -> None:
        self.problems: list[Problem] = []
        self._request = request
        self._lookup = lookup
        self._base = base
        self._moment = moment

    def report(self) -> ResolvedReport:
        """The report; worth nothing when `problems` were found."""
        asked, base = self._request, self._base
        dimensions = self._found(asked.dimensions, lambda one: self._lookup.dimension(base, one))
        pivot = self._found(asked.pivot, lambda one: self._lookup.dimension(base, one))
        measures = self._found(asked.measures, lambda name: self._lookup.measure(base, name))
        self._refuse_repeats(dimensions=dimensions, pivot=pivot, measures=measures)
        filters = self._filter(asked.filters, lambda name: self._lookup.field(base, name))
        columns = ResultColumns(dimensions, self._figures(measures), len(asked.pivot))
        calculations = self._calculations(columns)
        having = self._filter(asked.having, columns.column)
        sort = self._found(asked.sort, lambda one: self._sorted_by(one, columns))
        looked_at = {*(one.side for one in (*dimensions, *pivot)), *(one.side for one in measures)}
        uses_contact = Side.CONTACT in sides(filters) | looked_at
        relationship = self._relationship(uses_contact)
        self._check_contacts(uses_contact)
        return ResolvedReport(
            base,
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
            self._records(asked.records) if asked.records is not None else None,
            self._moment.zone.key,
            pivot,
            asked.compare,
            calculations,
            asked.subtotals,
        )

    def _figures(self, measures: tuple[MeasureColumn, ...]) -> list[Figure]:
        variants = tuple(Variant) if self._request.compare else (Variant.CURRENT,)
        figures = [Figure(measure, variant) for measure in measures for variant in variants]
        if self._request.pivot and len(figures) + len(self._request.calculations) > PIVOT_COLUMNS:
            self.problems.append(Problem("too_many_columns", "/pivot", values={"limit": PIVOT_COLUMNS}))
        return figures

    def _calculations(self, columns: ResultColumns) -> tuple[Calculation, ...]:
        checking = Calculations(columns, bool(self._request.pivot))
        found = checking.checked(self._request.calculations)
        self.problems += checking.problems
        return found

    def _sorted_by(self, asked: SortAsked, columns: ResultColumns) -> SortColumn:
        found = columns.column(asked.column)
        calculation = columns.calculation(found.name)
        if calculation is not None and calculation.ordered:
            shown = {"name": found.name[:200]}
            raise NotFound(Problem("bad_value", asked.column.pointer, "bad_value.sorted_by_ordered", shown))
        return SortColumn(found.name, asked.descending)

    def _found(self, asked: tuple[T, ...], find: "Callable[[T], Found]") -> "tuple[Found, ...]":
        found = []
        for one in asked:
            try:
                found.append(find(one))
            except NotFound as missing:
                self.problems.append(missing.problem)
            except Unsettled:
                continue
        return tuple(found)

    def _refuse_repeats(self, **parts: tuple[DimensionColumn, ...] | tuple[MeasureColumn, ...]) -> None:
        seen: set[str] = set()
        for part, columns in parts.items():
            for column in columns:
                if column.name in seen:
                    self.problems.append(Problem("bad_value", f"/{part}", "bad_value.repeated", {"name": column.name}))
                seen.add(column.name)

    def _filter(self, asked: Filter | None, find: Callable[[Name], Operand]) -> Predicate:
        match asked:
            case None:
                return EVERYTHING
            case Junction("and", parts):
                return Every(tuple(self._filter(part, find) for part in parts))
            case Junction(_, parts):
                return Some(tuple(self._filter(part, find) for part in parts))
            case Condition():
                return self._condition(asked, find)

    def _condition(self, asked: Condition, find: Callable[[Name], Operand]) -> Predicate:
        try:
            return predicate(find(asked.field), asked, self._moment)
        except NotFound as missing:
            self.problems.append(missing.problem)
        except Refused as refused:
            self.problems += refused.problems
        except Unsettled:
            pass
        return EVERYTHING

    def _relationship(self, uses_contact: bool) -> RelationshipDef | None:
        """The relationship the report is about, where one matters or was named (meaning 1)."""
        named, known = self._request.relationship, self._base.relationships
        if self._base.object == CONTACT:
            if named is not None:
                self.problems.append(Problem("bad_value", named.pointer, "bad_value.base_contact"))
            return None
        if named is not None:
            return next(iter(self._found((named,), lambda one: self._lookup.relationship(self._base, one))), None)
        if len(known) == 1:
            return known[0]
        if uses_contact or self._request.contacts is not Contacts.ANY:
            self._require_relationship("/relationship", self._base)
        return None

    def _require_relationship(self, where: str, explore: Explore) -> None:
        known = [one.slug for one in explore.relationships]
        values = {"object": explore.object, "known": ", ".join(known)}
        self.problems.append(Problem("relationship_required", where, "", values, known[0]))

    def _check_contacts(self, uses_contact: bool) -> None:
        kept = self._request.contacts
        if self._base.object == CONTACT and kept is not Contacts.ANY:
            self.problems.append(Problem("contacts_conflict", "/contacts", "contacts_conflict.base_contact"))
        elif uses_contact and kept is Contacts.WITHOUT:
            self.problems.append(Problem("contacts_conflict", "/contacts"))

    def _records(self, asked: RecordsAsked) -> RecordsElsewhere | None:
        if self._base.object != CONTACT:
            values = {"base": self._base.object, "other": asked.object.text[:100]}
            self.problems.append(Problem("join_not_allowed", "/records", "join_not_allowed.records", values))
            return None
        found = self._found((asked.object,), self._lookup.explore)
        if not found:
            return None
        explore = found[0]
        if asked.relationship is not None:
            over = self._found((asked.relationship,), lambda name: self._lookup.relationship(explore, name))
        else:
            over = explore.relationships
            if len(over) > 1:
                self._require_relationship("/records/relationship", explore)
        if explore.object == CONTACT:
            values = {"object": explore.object}
            self.problems.append(Problem("not_reportable", asked.object.pointer, "not_reportable.records", values))
            return None
        return RecordsElsewhere(explore, over[0], asked.match) if over else None


Found = TypeVar("Found", bound=DimensionColumn | MeasureColumn | SortColumn | RelationshipDef | Explore)


@cache
def _zones() -> frozenset[str]:
    """Every zone there is: read once, since the answer is hundreds of files."""
    return frozenset(available_timezones())


def zone_of(name: Name | None, default: str) -> ZoneInfo | Problem:
    """The report's zone. An unknown one is answered with the problem."""
    if name is None:
        return ZoneInfo(default)
    known = _zones()
    if name.text in known:
        return ZoneInfo(name.text)
    return Problem(
        "bad_value", name.pointer, "bad_value.zone", {"name": name.text[:100]}, did_you_mean(name.text, known)
    )


def resolve(request: ReportRequest, lookup: Lookup, moment: Moment) -> tuple[ResolvedReport | None, list[Problem]]:
    """The report with every name found, and every problem. A report with problems must not be answered."""
    try:
        base = lookup.explore(request.object)
    except NotFound as missing:
        return None, [missing.problem]
    resolver = Resolver(request, lookup, base, moment)
    report = resolver.report()
    return report, resolver.problems
