"""Plans a ResolvedReport: its join, the grain of each measure, and the order of rows."""

from collections.abc import Iterable
from dataclasses import replace

from crosslook.contracts.schemas import RelationshipDef
from services.query_service.domain.grain import counting
from services.query_service.domain.plan import Aggregation, Join, LinkCount, Measured, QueryPlan, Rest
from services.query_service.domain.predicates import EVERYTHING, Every, Predicate, Side, columns_named, conjuncts, sides
from services.query_service.domain.query import ContactMatch
from services.query_service.domain.report import DimensionColumn, ResolvedReport, SortColumn

MOST_GROUPS = 200_000
"""Most groups that are fetched where the whole result must be known before it is cut."""


def plan(report: ResolvedReport) -> QueryPlan:
    """The plan of a report. It fetches one row more than requested, which shows that more exist."""
    join, where, some_contact = _join(report)
    rest, having = _rest(report)
    rows = Aggregation(
        report.base.object,
        report.relationship.slug if report.relationship else None,
        join,
        (*report.dimensions, *report.pivot),
        _measured(report, join),
        where,
        some_contact,
        report.contacts,
        report.records,
        having,
        ordering(report, report.measures[0].name if report.measures else None) if rest.sifted else (),
        (report.limit if rest.sifted else MOST_GROUPS) + 1,
        report.zone.name,
    )
    summed = report.measures and (report.totals or any(one.sums for one in report.calculations))
    totals = _over(rows, report.pivot) if summed else None
    levels = range(1, len(report.dimensions)) if report.subtotals and report.measures else ()
    subtotals = tuple(_over(rows, (*report.dimensions[:level], *report.pivot)) for level in levels)
    return QueryPlan(rows, totals, subtotals, _links(report, report.relationship), rest)


def _rest(report: ResolvedReport) -> tuple[Rest, Predicate]:
    """What is done with the rows that the store gives, and the part of `having` that the store tests itself.

    Conditions that name no calculation hold of the rows that calculations are computed over; the others choose among
    those rows afterwards."""
    calculated = {one.name for one in report.calculations}

    def late(names: Iterable[str]) -> bool:
        return any(name in calculated or name.partition("|")[0] in calculated for name in names)

    parts = list(conjuncts(report.having))
    before = Every(tuple(part for part in parts if not late(columns_named(part))))
    after = Every(tuple(part for part in parts if late(columns_named(part))))
    if report.pivot or report.compare:
        return Rest(False, before, after), EVERYTHING
    over_rows = any(one.over_rows for one in report.calculations)
    sifted = not over_rows and after == EVERYTHING and not late(one.name for one in report.sort)
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
    if mixed or any(column.side is Side.CONTACT for column in report.columns):
        return Join.PAIRS, report.filters, EVERYTHING
    others = [part for part in parts if part not in of_contact]
    return Join.SEMI, Every(tuple(others)), Every(tuple(of_contact))


def _measured(report: ResolvedReport, join: Join) -> tuple[Measured, ...]:
    return tuple(Measured(column, counting(column, join, report.relationship)) for column in report.measures)


def ordering(report: ResolvedReport, first_figure: str | None) -> tuple[SortColumn, ...]:
    """The sort asked for or the default one, then every dimension, so that an order is never arbitrary (meaning 9).
    `first_figure`: the first column that is no dimension."""
    first = report.sort or _default_order(report, first_figure)
    named = {one.name for one in first}
    ties = (SortColumn(one.name, False) for one in report.dimensions if one.name not in named)
    return (*first, *ties)


def _default_order(report: ResolvedReport, first_figure: str | None) -> tuple[SortColumn, ...]:
    dated = next((one.name for one in report.dimensions if one.dated), None)
    if dated is not None:
        return (SortColumn(dated, False),)
    return (SortColumn(first_figure, True),) if first_figure is not None else ()


def _over(rows: Aggregation, keys: tuple[DimensionColumn, ...]) -> Aggregation:
    """The same data in other groups, before `having` and `limit` (meaning 3)."""
    return replace(rows, keys=keys, having=EVERYTHING, order=(), limit=MOST_GROUPS + 1 if keys else None)


def _links(report: ResolvedReport, relationship: RelationshipDef | None) -> LinkCount | None:
    matters = report.contact is not None or report.contacts is not ContactMatch.ANY
    return LinkCount(report.base.object, relationship.slug) if matters and relationship is not None else None
