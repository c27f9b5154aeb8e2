"""ResolvedReport to Plan: which join is needed, at which grain each measure runs, in which order rows come."""

from collections.abc import Iterable
from dataclasses import replace

from crosslook.contracts.schemas import RelationshipDef
from services.query_service.domain.grain import counting
from services.query_service.domain.plan import Aggregation, Join, LinkCount, Measured, Plan
from services.query_service.domain.query import Contacts
from services.query_service.domain.report import (
    EVERYTHING,
    Every,
    Predicate,
    ResolvedReport,
    Side,
    SortColumn,
    sides,
)


def plan(report: ResolvedReport) -> Plan:
    """What has to be asked of the store. One row more than the limit is fetched: it says that more existed."""
    join, where, some_contact = _join(report)
    rows = Aggregation(
        report.base.object,
        report.relationship.slug if report.relationship else None,
        join,
        report.dimensions,
        _measured(report, join),
        where,
        some_contact,
        report.contacts,
        report.records,
        report.having,
        _order(report),
        report.limit + 1,
        report.zone,
    )
    totals = _totals(rows) if report.totals and report.measures else None
    return Plan(rows, totals, _links(report, report.relationship))


def _join(report: ResolvedReport) -> tuple[Join, Predicate, Predicate]:
    """The join, the filter per row, and the filter of a semi-join's contacts.

    Contact in filters only, and in no condition together with the base, is a semi-join: the pair that passes need not
    be known, only that there is one."""
    if report.contact is None:
        return Join.NONE, report.filters, EVERYTHING
    parts = list(_conjuncts(report.filters))
    of_contact = [part for part in parts if sides(part) == {Side.CONTACT}]
    mixed = any(len(sides(part)) > 1 for part in parts)
    if mixed or any(column.side is Side.CONTACT for column in report.columns):
        return Join.PAIRS, report.filters, EVERYTHING
    others = [part for part in parts if part not in of_contact]
    return Join.SEMI, Every(tuple(others)), Every(tuple(of_contact))


def _conjuncts(predicate: Predicate) -> Iterable[Predicate]:
    if isinstance(predicate, Every):
        for part in predicate.parts:
            yield from _conjuncts(part)
    else:
        yield predicate


def _measured(report: ResolvedReport, join: Join) -> tuple[Measured, ...]:
    return tuple(Measured(column, counting(column, join, report.relationship)) for column in report.measures)


def _order(report: ResolvedReport) -> tuple[SortColumn, ...]:
    """The sort asked for or the default one, then every dimension, so that an order is never arbitrary (meaning 9)."""
    first = report.sort or _default_order(report)
    named = {one.index for one in first}
    ties = (SortColumn(index, False) for index in range(len(report.dimensions)) if index not in named)
    return (*first, *ties)


def _default_order(report: ResolvedReport) -> tuple[SortColumn, ...]:
    dated = next((index for index, column in enumerate(report.dimensions) if column.dated), None)
    if dated is not None:
        return (SortColumn(dated, False),)
    return (SortColumn(len(report.dimensions), True),) if report.measures else ()


def _totals(rows: Aggregation) -> Aggregation:
    """The same data in one group, before `having` and `limit` (meaning 3)."""
    return replace(rows, keys=(), having=EVERYTHING, order=(), limit=None)


def _links(report: ResolvedReport, relationship: RelationshipDef | None) -> LinkCount | None:
    matters = report.contact is not None or report.contacts is not Contacts.ANY
    return LinkCount(report.base.object, relationship.slug) if matters and relationship is not None else None
