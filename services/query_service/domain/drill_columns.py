"""Which figure the column of a drilled cell shows."""

from dataclasses import dataclass

from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import guess
from services.query_service.domain.calculations import SEPARATOR
from services.query_service.domain.lookup import UnknownName
from services.query_service.domain.query import Name
from services.query_service.domain.report import Figure, ResolvedReport, Variant
from services.query_service.domain.result import ResultSet
from services.query_service.domain.terms import Aggregate
from services.query_service.domain.values import Cell

_NAME_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DrilledColumn:
    """A figure, and the values of the pivot under which it stands, one for each of its dimensions."""

    figure: Figure
    pivot: tuple[Cell, ...] = ()


def drilled_figure(report: ResolvedReport, column: Name) -> Figure:
    """The figure of a column by its name, whatever values of a pivot it stands under. Raises UnknownName with
    `unknown_field`, or with `not_drillable` where no records are behind it."""
    base = column.text.partition(SEPARATOR)[0] if report.pivot else column.text
    figures = {figure.name: figure for figure in report.figures}
    figure = figures.get(base)
    if figure is None:
        dimensions = {dimension.name for dimension in report.dimensions}
        calculations = {calculation.name for calculation in report.calculations}
        if column.text in dimensions:
            raise _refusal(column, "dimension")
        if base in calculations:
            raise _refusal(column, "calculation")
        values = {"name": column.text[:_NAME_SHOWN]}
        meant = guess(column.text, figures)
        raise UnknownName(Problem("unknown_field", column.pointer, "unknown_field.drilled", values, meant))
    if figure.variant is Variant.DELTA:
        raise _refusal(column, "change")
    if figure.measure.measure.aggregate is Aggregate.COUNT_DISTINCT:
        raise _refusal(column, "count_distinct")
    return figure


def drilled_column(figure: Figure, column: Name, result: ResultSet) -> DrilledColumn:
    """The column among those of the pivoted result: only that knows which values its name stands for. Raises
    UnknownName."""
    for head in result.columns:
        if head.name == column.text and head.pivot is not None:
            return DrilledColumn(figure, head.pivot)
    names = [head.name for head in result.columns if head.pivot is not None]
    values = {"name": column.text[:_NAME_SHOWN]}
    meant = guess(column.text, names)
    raise UnknownName(Problem("unknown_field", column.pointer, "unknown_field.drilled", values, meant))


def _refusal(column: Name, reason: str) -> UnknownName:
    values = {"name": column.text[:_NAME_SHOWN]}
    return UnknownName(Problem("not_drillable", column.pointer, f"not_drillable.{reason}", values))
