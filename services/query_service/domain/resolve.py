"""ReportRequest and catalog to ResolvedReport: every name found, every value read, every rule of the join checked."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, did_you_mean
from crosslook.contracts.schemas import RelationshipDef
from services.query_service.domain.catalog import Explore
from services.query_service.domain.lookup import Lookup, NotFound
from services.query_service.domain.operators import Moment, Refused, predicate
from services.query_service.domain.query import (
    Condition,
    Contacts,
    Filter,
    Junction,
    Name,
    RecordsAsked,
    ReportRequest,
)
from services.query_service.domain.report import (
    EVERYTHING,
    Column,
    ColumnOf,
    DimensionColumn,
    Every,
    MeasureColumn,
    Operand,
    Predicate,
    RecordsElsewhere,
    ResolvedReport,
    Side,
    Some,
    SortColumn,
    sides,
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
        measures = self._found(asked.measures, lambda name: self._lookup.measure(base, name))
        asked_columns: tuple[Column, ...] = (*dimensions, *measures)
        self._refuse_repeats(asked_columns)
        filters = self._filter(asked.filters, lambda name: self._lookup.field(base, name))
        columns = {column.name: column for column in asked_columns}
        having = self._filter(asked.having, lambda name: _column(name, columns))
        sort = self._found(asked.sort, lambda one: _sorted_by(one.column, one.descending, columns))
        uses_contact = Side.CONTACT in {*sides(filters), *(column.side for column in asked_columns)}
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
        )

    def _found(self, asked: tuple[T, ...], find: "Callable[[T], Found]") -> "tuple[Found, ...]":
        found = []
        for one in asked:
            try:
                found.append(find(one))
            except NotFound as missing:
                self.problems.append(missing.problem)
        return tuple(found)

    def _refuse_repeats(self, columns: tuple[Column, ...]) -> None:
        seen: set[str] = set()
        for column in columns:
            if column.name in seen:
                where = "/dimensions" if isinstance(column, DimensionColumn) else "/measures"
                self.problems.append(Problem("bad_value", where, "bad_value.repeated", {"name": column.name}))
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


def _column(name: Name, columns: dict[str, Column]) -> ColumnOf:
    column = columns.get(name.text)
    if column is None:
        raise NotFound(_no_column(name, columns))
    return ColumnOf(list(columns).index(name.text), column.type)


def _sorted_by(name: Name, descending: bool, columns: dict[str, Column]) -> SortColumn:
    return SortColumn(_column(name, columns).index, descending)


def _no_column(name: Name, columns: dict[str, Column]) -> Problem:
    # A dimension in a granularity is named with it: who leaves it out means that column.
    truncated = next((known for known in columns if known.startswith(f"{name.text}:")), None)
    guess = truncated or did_you_mean(name.text, columns)
    return Problem("unknown_field", name.pointer, "unknown_field.column", {"name": name.text[:200]}, guess)


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
