"""ResolvedReport of a list to ListPlan: which rows, in which order, from which row on.

A list that shows fields of the contact has (record, contact) pairs as rows. Where the contact is only in its filters,
each record is one row, if one of its contacts passes: a semi-join, or, where one condition tests both sides, the
records among the pairs that pass.
"""

from dataclasses import dataclass, replace

from services.query_service.domain.listing import Listing
from services.query_service.domain.plan import Join, LinkCount, QueryPlan, RowSelection, links_of, plan, selection_of
from services.query_service.domain.predicates import EVERYTHING, Every, conjuncts, sides
from services.query_service.domain.report import ResolvedReport, SortColumn
from services.query_service.domain.row_terms import Side


@dataclass(frozen=True, slots=True)
class ListPlan:
    """The rows of a selection as they are. `order` names listed columns; the ids of the record and, in pairs, of the
    contact follow it, so that it is total. `limit` is how many rows are fetched."""

    selection: RowSelection
    listing: Listing
    order: tuple[SortColumn, ...]
    limit: int
    links: LinkCount | None

    @property
    def objects(self) -> frozenset[str]:
        """The objects whose rows are read, contact aside."""
        return self.selection.objects


ReportPlan = QueryPlan | ListPlan
"""Everything that one report reads."""


def plan_of(report: ResolvedReport) -> ReportPlan:
    """The plan of a report. Of a list it fetches one row more than requested, which shows that more exist."""
    listing = report.listing
    if listing is None:
        return plan(report)
    return ListPlan(_selection(report, listing), listing, report.sort, report.limit + 1, links_of(report))


def _selection(report: ResolvedReport, listing: Listing) -> RowSelection:
    pairs = replace(selection_of(report), join=Join.PAIRS, where=report.filters, some_contact=EVERYTHING)
    if report.contact is None or listing.pairs:
        return pairs if listing.pairs else replace(pairs, join=Join.NONE)
    parts = list(conjuncts(report.filters))
    of_base = Every(tuple(part for part in parts if Side.CONTACT not in sides(part)))
    if any(len(sides(part)) > 1 for part in parts):
        return replace(pairs, join=Join.NONE, where=of_base, among=pairs)
    of_contact = Every(tuple(part for part in parts if Side.CONTACT in sides(part)))
    return replace(pairs, join=Join.SEMI, where=of_base, some_contact=of_contact)
