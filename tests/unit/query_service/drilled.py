"""Cells of reports without an engine, and the lists behind them."""

from collections.abc import Mapping
from typing import Any

from services.query_service.domain.absences import absences
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.drill import CellSource, list_request
from services.query_service.domain.drill_columns import DrilledColumn, drilled_figure
from services.query_service.domain.query import Name
from services.query_service.domain.report import ResolvedReport
from tests.unit.query_service.dataset import MAX_ROWS, catalog, resolved

OPEN: dict[str, Any] = {"field": "ticket.status", "op": "eq", "values": ["open"]}
FRENCH: dict[str, Any] = {"field": "contact.country", "op": "eq", "values": ["FR"]}
COUNT = {"object": "ticket", "measures": ["ticket.count"]}
FULL: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["ticket.status", {"field": "ticket.opened_at", "granularity": "month"}, "ticket.tags"],
    "measures": ["ticket.count", "ticket.amount.sum", "contact.count"],
    "filters": {"or": [OPEN, FRENCH]},
    "calculations": [{"name": "share", "expression": "ticket.count / total(ticket.count)"}],
}


def report_of(request: Mapping[str, Any]) -> ResolvedReport:
    report, problems = resolved(request)
    assert report is not None, problems
    assert problems == []
    return report


def drilled(
    request: Mapping[str, Any],
    row: list[Any],
    column: str,
    pivot: tuple[Any, ...] = (),
    before: Catalog | None = None,
) -> dict[str, Any]:
    """The list request; `before`: the catalog of the snapshot that the cell is computed from, where it is another."""
    report = report_of(request)
    figure = drilled_figure(report, Name(column, "/column"))
    absent = absences(report, before or catalog())
    return list_request(CellSource(request, report, "s1", absent), row, DrilledColumn(figure, pivot), MAX_ROWS)


def conditions(request: Mapping[str, Any], row: list[Any], column: str = "ticket.count", **more: Any) -> list[Any]:
    found: list[Any] = drilled(request, row, column, **more).get("filters", {"and": []})["and"]
    return found
