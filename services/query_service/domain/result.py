"""Rows of the engine to the values of an answer (CONTRACTS 5, meaning 7)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import Definition
from services.query_service.domain.after_token import RowPosition
from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.composition import Composed, ComposedColumn
from services.query_service.domain.listing import ListedColumn
from services.query_service.domain.report import (
    PIVOT_COLUMNS,
    Calculation,
    ComparedSide,
    Figure,
    ResolvedReport,
    Variant,
)
from services.query_service.domain.row_terms import DimensionColumn
from services.query_service.domain.terms import Aggregate, ColumnType, Granularity
from services.query_service.domain.values import Cell, SingleCell, single
from services.query_service.domain.zones import Zone


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """What a column is called and holds. Its label is made from `label` (a field's, the object's plural for a count, a
    calculation's name), the granularity or aggregate and the variant, in the reader's language. `pivot`: the values
    under which it stands."""

    name: str
    kind: Literal["dimension", "measure", "calculation", "field"]
    type: ColumnType
    label: str
    granularity: Granularity | None = None
    aggregate: Aggregate | None = None
    variant: Variant = Variant.CURRENT
    side: ComparedSide | None = None
    pivot: tuple[SingleCell, ...] | None = None
    text: str | None = None
    """The name of the text that is the label in the reader's language, where Crosslook named the field."""


@dataclass(frozen=True, slots=True)
class Links:
    """The join block: over which relationship, and how many records have a contact there and how many have none."""

    relationship: str
    kept: int
    dropped: int


@dataclass(frozen=True, slots=True)
class ResultSet:
    """An answer of one snapshot, which never changes. `truncated` says that more rows existed. `subtotals`: the rows
    over the first dimension, the first two, and so on; None when they were not asked. `omitted`: how many columns of
    the pivot are not shown; None without a pivot."""

    columns: tuple[ColumnHead, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...] | None
    truncated: bool
    links: Links | None
    subtotals: tuple[tuple[tuple[Cell, ...], ...], ...] | None = None
    omitted: int | None = None
    matching: int | None = None
    """Of a list: how many rows there are, wherever it begins and ends."""
    last: RowPosition | None = None
    """Of a list of which more rows exist: its last row."""

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is known only once the report ran: that columns of its pivot are left out."""
        if not self.omitted:
            return ()
        return (Problem("pivot_omitted", "/pivot", values={"count": self.omitted, "limit": PIVOT_COLUMNS}),)


def heads(report: ResolvedReport) -> tuple[ColumnHead, ...]:
    """The columns of a report's result; those of a pivot, whose values are not known before it runs, once each."""
    if report.listing is not None:
        return tuple(_listed_head(listed) for listed in report.listing.columns)
    dimensions = (_dimension_head(dimension) for dimension in report.dimensions)
    return (
        *dimensions,
        *(_figure_head(figure, report) for figure in report.figures),
        *(_calculation_head(calculation) for calculation in report.calculations),
    )


def _listed_head(column: ListedColumn) -> ColumnHead:
    return ColumnHead(column.name, "field", column.type, column.of.label, text=column.of.text)


def _dimension_head(column: DimensionColumn) -> ColumnHead:
    return ColumnHead(
        column.name,
        "dimension",
        column.type,
        column.label,
        granularity=column.granularity,
        text=column.text,
    )


def _figure_head(figure: Figure, report: ResolvedReport) -> ColumnHead:
    measure, called = figure.measure.measure, figure.measure.called
    if called is not None:
        return ColumnHead(figure.name, "measure", figure.type, called, variant=figure.variant, side=figure.side)
    definition = report.base.definition if measure.object == report.base.object else contact_of(report)
    label = (measure.field.label or measure.field.slug) if measure.field else definition.labels.plural
    of = figure.measure.of
    return ColumnHead(
        figure.name,
        "measure",
        figure.type,
        label,
        aggregate=measure.aggregate,
        variant=figure.variant,
        side=figure.side,
        text=of.text if of is not None else None,
    )


def _calculation_head(calculation: Calculation) -> ColumnHead:
    return ColumnHead(calculation.name, "calculation", calculation.type, calculation.name)


def contact_of(report: ResolvedReport) -> Definition:
    """The contact that a report joins. Raises ValueError when it joins none: nothing of it can be named then."""
    if report.contact is None:
        raise ValueError("the report does not use the contact")
    return report.contact.definition


def result_set(
    report: ResolvedReport,
    rows: Sequence[Sequence[Any]],
    totals: Sequence[Any] | None,
    links: Links | None,
) -> ResultSet:
    """The answer from what the engine gave: at most one row more than the limit, and totals of the measures alone,
    which a report without measures has none of."""
    columns = heads(report)
    zone = report.zone
    shown = tuple(_row(row, columns, zone) for row in rows[: report.limit])
    measured = columns[len(report.dimensions) :]
    blank: tuple[Cell, ...] = (None,) * len(report.dimensions)
    total = (*blank, *_row(totals or (), measured, zone)) if report.totals else None
    return ResultSet(columns, shown, total, len(rows) > report.limit, links)


def list_set(report: ResolvedReport, rows: Sequence[Sequence[Any]], matching: int, links: Links | None) -> ResultSet:
    """The answer to a list from what the engine gave: at most one row more than the limit, each with its ids at its
    end."""
    columns, zone = heads(report), report.zone
    kept, more = rows[: report.limit], len(rows) > report.limit
    shown = tuple(_row(row[: len(columns)], columns, zone) for row in kept)
    last = RowPosition(*kept[-1][len(columns) :]) if more else None
    return ResultSet(columns, shown, None, more, links, matching=matching, last=last)


def composed_set(report: ResolvedReport, composed: Composed, links: Links | None) -> ResultSet:
    """The answer of a composed report."""
    zone = report.zone
    known = {head.name: head for head in heads(report)}
    pivots = [column.type for column in report.pivot]
    columns = tuple(_placed(known[place.of], place, pivots, zone) for place in composed.places)

    def shown(rows: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Cell, ...], ...]:
        return tuple(_row(row, columns, zone) for row in rows)

    return ResultSet(
        columns,
        shown(composed.rows),
        shown((composed.totals,))[0] if composed.totals is not None else None,
        composed.truncated,
        links,
        tuple(shown(level) for level in composed.subtotals) if report.subtotals else None,
        composed.omitted if report.pivot else None,
    )


def _placed(head: ColumnHead, place: ComposedColumn, pivots: Sequence[ColumnType], zone: Zone) -> ColumnHead:
    if not place.group:
        return head
    values = tuple(single(cell(value, kind, zone)) for value, kind in zip(place.group, pivots, strict=True))
    return replace(head, name=place.name, pivot=values)


def _row(row: Sequence[Any], columns: Sequence[ColumnHead], zone: Zone) -> tuple[Cell, ...]:
    return tuple(cell(value, column.type, zone) for value, column in zip(row, columns, strict=True))


def cell(value: Any, kind: ColumnType, zone: Zone) -> Cell:
    """One value as an answer shows it: instants with the offset of the zone, currency as a decimal string."""
    return None if value is None else COLUMN_TYPES[kind].shown(value, zone)
