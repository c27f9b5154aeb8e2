"""From a cell of a report to the records behind it, as a list request (CONTRACTS 5, "Drill").

The list has exactly the records, or pairs, that the figure is computed of: those that pass the report's filters, the
measure's own, and are grouped under the values of the row and of the pivot. A report that uses the contact is about
associated records only, so the list keeps those, whether or not a condition of it names the contact. Everything that
follows the tenant's defaults or the time of asking is written out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.ids import CONTACT
from services.query_service.domain.absences import NO_ABSENCES, Absences, absent_formulas
from services.query_service.domain.built_in import RECORD_ID
from services.query_service.domain.column_parsing import MAX_COLUMNS
from services.query_service.domain.drill_columns import DrilledColumn
from services.query_service.domain.drill_conditions import (
    NOTHING,
    conjunction,
    key_conditions,
    of_empty_fields,
    tested_names,
    without_names,
)
from services.query_service.domain.query import ContactMatch, Match
from services.query_service.domain.report import MeasureColumn, ResolvedReport
from services.query_service.domain.row_terms import Side, Term

DRILL_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class CellSource:
    """What a cell is computed from: the report as it was sent and as it was resolved, and the snapshot. `absent`: what
    this snapshot lacks of the report, which is empty in it."""

    request: Mapping[str, Any]
    report: ResolvedReport
    snapshot: str
    absent: Absences = NO_ABSENCES


class AbsentFormula(Exception):
    """The formula of this name uses a field that the snapshot lacks, so no list can test it."""


def list_request(source: CellSource, row: Sequence[Any], column: DrilledColumn, max_rows: int) -> dict[str, Any]:
    """The request whose list is behind a cell: of the groups of the first dimensions, as many as the row has values.
    Raises BadRow for values that nothing is grouped under, AbsentFormula where a condition is on a formula of fields
    that the snapshot lacks."""
    report, listed = source.report, _listed(source, column.figure.measure)
    found: dict[str, Any] = {"object": report.base.object, "list": listed}
    filters = [NOTHING] if _is_empty(source) else _filters(source, row, column)
    if filters:
        found["filters"] = {"and": filters}
    formulas = _formulas(source, {*listed, *(name for part in filters for name in tested_names(part))})
    if formulas:
        found["formulas"] = formulas
    found |= _join(source)
    side = column.figure.side
    if side is not None and side.moved is not None:
        found["moved"] = {"field": side.moved.of.name, "shift": [side.moved.count, side.moved.unit]}
    return found | {
        "timezone": report.zone.name,
        "week_start": report.week_start.value,
        "snapshot": source.snapshot,
        "limit": min(DRILL_LIMIT, max_rows),
    }


def _contacts(report: ResolvedReport) -> ContactMatch:
    return ContactMatch.WITH if report.contact is not None else report.contacts


def _is_empty(source: CellSource) -> bool:
    """Whether the snapshot has no such rows, because nothing in it is linked that way."""
    report, absent = source.report, source.absent
    if absent.relationship and _contacts(report) is ContactMatch.WITH:
        return True
    return absent.records and report.records is not None and report.records.match is Match.WITH


def _join(source: CellSource) -> dict[str, Any]:
    """Over which relationship, and which records by it."""
    report, absent = source.report, source.absent
    found: dict[str, Any] = {}
    if report.relationship is not None and not absent.relationship:
        found["relationship"] = report.relationship.slug
        if _contacts(report) is not ContactMatch.ANY:
            found["contacts"] = _contacts(report).value
    if report.records is not None and not absent.records:
        elsewhere = report.records
        found["records"] = {
            "object": elsewhere.explore.object,
            "relationship": elsewhere.relationship.slug,
            "match": elsewhere.match.value,
        }
    return found


def _filters(source: CellSource, row: Sequence[Any], column: DrilledColumn) -> list[Mapping[str, Any]]:
    report, measure = source.report, column.figure.measure
    own = source.request["measures"][report.measures.index(measure)]
    asked, across = source.request.get("dimensions") or (), source.request.get("pivot") or ()
    dimensions = list(zip(report.dimensions, asked, strict=True))
    conditions = conjunction(
        without_names(source.request.get("filters") or {}, (*asked, *across)),
        *key_conditions(dimensions[: len(row)], row, "row"),
        *key_conditions(zip(report.pivot, across, strict=True), column.pivot, "column"),
        without_names(own.get("filters") or {}, (*asked, *across)) if measure.called is not None else None,
    )
    if unknown := absent_formulas(report, source.absent) & {name for part in conditions for name in tested_names(part)}:
        raise AbsentFormula(min(unknown))
    there = of_empty_fields({"and": conditions}, source.absent.fields)
    if isinstance(there, bool):
        return [] if there else [NOTHING]
    return conjunction(there)


def _formulas(source: CellSource, named: set[str]) -> list[Mapping[str, Any]]:
    """The formulas of these names, with those that they use."""
    needed = set(named)
    for formula in reversed(source.report.formulas):
        if formula.name in needed:
            needed |= formula.earlier
    return [written for written in source.request.get("formulas") or () if written["name"] in needed]


def _listed(source: CellSource, measure: MeasureColumn) -> list[str]:
    """The columns of the list: ids first, then what the report shows."""
    report = source.report
    joined = not source.absent.relationship
    pairs = measure.side is Side.CONTACT and joined
    ids = [f"{report.base.object}.{RECORD_ID.slug}", *([f"{CONTACT}.{RECORD_ID.slug}"] if pairs else [])]
    single = report.relationship is not None and not report.relationship.many and joined
    absent = source.absent.fields | absent_formulas(report, source.absent)
    shown = [term.name for term in _terms(report) if term.side is Side.BASE or pairs or single]
    measured = [measure.of.name] if measure.of is not None else []
    names = [name for name in dict.fromkeys((*ids, *shown)) if name not in absent]
    # The records must add up to the figure, so what is measured stays where there are too many columns.
    most = [name for name in measured if name in names[MAX_COLUMNS:]]
    return [*names[: MAX_COLUMNS - len(most)], *most]


def _terms(report: ResolvedReport) -> Iterator[Term]:
    yield from (dimension.of for dimension in (*report.dimensions, *report.pivot))
    yield from (measure.of for measure in report.measures if measure.of is not None)
