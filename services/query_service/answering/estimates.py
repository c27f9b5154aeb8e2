"""What a dry run says besides the statements: the request with everything that it left out, and how much it asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from crosslook.contracts.field_types import FIELD_TYPES
from services.query_service.answering.preparation import Prepared
from services.query_service.domain.query import PREVIOUS
from services.query_service.domain.report import DimensionColumn


def completed(prepared: Prepared, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The request as it was understood: defaults filled in, the snapshot by its id, the order in full. Asked like this
    it has the same answer for as long as the snapshot is kept."""
    report = prepared.report
    order = prepared.plan.rows.order or report.sort
    return {
        "object": report.base.object,
        "dimensions": _dimensions(report.dimensions),
        "measures": [one.name for one in report.measures],
        "filters": asked.get("filters"),
        "having": asked.get("having"),
        "sort": [{"field": one.name, "direction": "desc" if one.descending else "asc"} for one in order],
        "limit": report.limit,
        "totals": report.totals,
        "subtotals": report.subtotals,
        "relationship": report.relationship.slug if report.relationship is not None else None,
        "contacts": report.contacts.value,
        "records": asked.get("records"),
        "timezone": report.zone.name,
        "snapshot": prepared.manifest.snapshot,
        "pivot": _dimensions(report.pivot),
        "calculations": asked.get("calculations") or [],
        "compare": PREVIOUS if report.compare else None,
    }


def estimated_rows(prepared: Prepared) -> dict[str, int]:
    """`read`: the records that the engine looks at; `answer`: the most rows that can come of them."""
    report = prepared.report
    elsewhere = report.records.explore.records if report.records is not None else 0
    joined = report.contact.records if report.contact is not None else 0
    return {"read": report.base.records + joined + elsewhere, "answer": _most_rows(prepared)}


def _most_rows(prepared: Prepared) -> int:
    report = prepared.report
    if not report.dimensions:
        return 1
    repeated = report.contact is not None or report.compare
    if repeated or any(FIELD_TYPES[one.of.field.type].several for one in report.dimensions):
        return report.limit
    return min(report.limit, report.base.records)


def _dimensions(columns: Sequence[DimensionColumn]) -> list[Any]:
    return [
        one.of.name if one.granularity is None else {"field": one.of.name, "granularity": one.granularity.value}
        for one in columns
    ]
