"""A dry run: the statements that a report would run, the request with everything that it left out, and estimates."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, Field

from crosslook.contracts.problems import Language
from crosslook.contracts.tenant_settings import WeekStart
from crosslook.platform.responses import ProblemItem
from services.query_service.answering.preparation import Prepared
from services.query_service.answering.rendering import ColumnBody, column_bodies, warning_bodies
from services.query_service.catalog.freshness import SnapshotBlock
from services.query_service.domain.list_plan import ListPlan
from services.query_service.domain.query import ContactMatch
from services.query_service.domain.report import MeasureColumn, ResolvedReport
from services.query_service.domain.result import heads
from services.query_service.domain.row_terms import DimensionColumn
from services.query_service.domain.statements import Statement
from services.query_service.domain.terms import Granularity


class StatementBody(BaseModel):
    """One statement of a report. `parameters`: the values as the engine is sent them; amounts as decimal strings."""

    part: str = Field(
        description="`rows`, `totals`, `join`, `subtotals_1`, … or `previous_rows`, …; of a named comparison "
        "`<name>_rows`, …."
    )
    sql: str
    parameters: dict[str, Any]


class GroupedDimension(BaseModel):
    """A date or time and the periods that it is grouped by."""

    field: str
    granularity: Granularity


class FilteredMeasure(BaseModel):
    """A measure over the rows that pass filters of its own."""

    measure: str
    name: str
    filters: dict[str, Any] | None


class GroupedValues(BaseModel):
    """Values that have one key."""

    name: str
    values: list[Any]


class BinnedDimension(BaseModel):
    """A field or formula and its bins or groups; the column is called `name`."""

    field: str
    name: str
    bins: list[Any] | None = None
    width: Any | None = None
    groups: list[GroupedValues] | None = None
    others: str | None = None


Dimension = str | GroupedDimension | BinnedDimension


class SortBody(BaseModel):
    """A column that the rows are sorted by."""

    field: str
    direction: Literal["asc", "desc"]


class ShiftedPeriod(BaseModel):
    """An earlier period that a report is compared with: the values of `field` are moved forward by `shift`."""

    field: str
    shift: tuple[int, str]


class NamedPeriod(ShiftedPeriod):
    """One of several, with what its columns are called."""

    name: str


class CompletedRequest(BaseModel):
    """The request as it was understood: defaults filled in, the snapshot by its id, the order in full. Sent like this
    it has the same answer for as long as the snapshot is kept."""

    object: str
    dimensions: list[Dimension]
    measures: list[str | FilteredMeasure]
    filters: dict[str, Any] | None
    having: dict[str, Any] | None
    sort: list[SortBody]
    limit: int
    totals: bool
    subtotals: bool
    relationship: str | None
    contacts: ContactMatch
    records: dict[str, Any] | None
    timezone: str
    week_start: WeekStart
    snapshot: str
    pivot: list[Dimension]
    calculations: list[dict[str, Any]]
    compare: Literal["previous"] | ShiftedPeriod | list[NamedPeriod] | None
    formulas: list[dict[str, Any]]
    listed: list[str] | None = Field(None, alias="list")
    after: str | None = None
    moved: ShiftedPeriod | None = None


class EstimatedRows(BaseModel):
    """`read`: the records that the engine looks at; `answer`: the most rows that can come of them."""

    read: int
    answer: int


class DryRunBody(BaseModel):
    """The answer to `?dry_run=true`: what a report would run. `sql` and `parameters` are those of its rows; every
    statement stands in `statements`."""

    columns: list[ColumnBody]
    sql: str
    parameters: dict[str, Any]
    statements: list[StatementBody]
    snapshot: SnapshotBlock
    warnings: list[ProblemItem]
    request: CompletedRequest
    estimated_rows: EstimatedRows


def dry_run_body(
    prepared: Prepared, request: Mapping[str, Any], snapshot: SnapshotBlock, language: Language
) -> DryRunBody:
    """The answer to a dry run of a request."""
    rows = prepared.statements.rows
    return DryRunBody(
        columns=column_bodies(heads(prepared.report), language),
        sql=rows.sql,
        parameters=_parameters(rows),
        statements=[
            StatementBody(part=name, sql=statement.sql, parameters=_parameters(statement))
            for name, statement in prepared.statements.parts().items()
        ],
        snapshot=snapshot,
        warnings=warning_bodies(prepared.warnings, language),
        request=completed(prepared, request),
        estimated_rows=estimated_rows(prepared),
    )


def _parameters(statement: Statement) -> dict[str, Any]:
    return {name: _decimal_strings(value) for name, value in statement.parameters.items()}


def _decimal_strings(value: Any) -> Any:
    if isinstance(value, list):
        return [_decimal_strings(element) for element in value]
    return str(value) if isinstance(value, Decimal) else value


def completed(prepared: Prepared, request: Mapping[str, Any]) -> CompletedRequest:
    """What a request leaves out, filled in."""
    report = prepared.report
    plan = prepared.plan
    order = plan.order if isinstance(plan, ListPlan) else plan.rows.order or report.sort
    completed_request = CompletedRequest(
        object=report.base.object,
        dimensions=_dimensions(report.dimensions, request.get("dimensions")),
        measures=_measures(report.measures, request.get("measures") or ()),
        filters=request.get("filters"),
        having=request.get("having"),
        sort=[SortBody(field=key.name, direction="desc" if key.descending else "asc") for key in order],
        limit=report.limit,
        totals=report.totals,
        subtotals=report.subtotals,
        relationship=report.relationship.slug if report.relationship is not None else None,
        contacts=report.contacts,
        records=request.get("records"),
        timezone=report.zone.name,
        week_start=report.week_start,
        snapshot=prepared.manifest.snapshot,
        pivot=_dimensions(report.pivot, request.get("pivot")),
        calculations=request.get("calculations") or [],
        compare=_compared(report),
        formulas=request.get("formulas") or [],
    )
    if report.listing is not None:
        completed_request.listed = [column.name for column in report.listing.columns]
        completed_request.after = request.get("after")
        if (moved := report.moved) is not None:
            completed_request.moved = ShiftedPeriod(field=moved.of.name, shift=(moved.count, moved.unit))
    return completed_request


def _compared(report: ResolvedReport) -> Literal["previous"] | ShiftedPeriod | list[NamedPeriod] | None:
    periods = [
        NamedPeriod(field=side.moved.of.name, shift=(side.moved.count, side.moved.unit), name=side.name)
        for side in report.compared
        if side.moved is not None
    ]
    if not periods:
        return "previous" if report.compared else None
    if report.compared[0].named:
        return periods
    return ShiftedPeriod(field=periods[0].field, shift=periods[0].shift)


def estimated_rows(prepared: Prepared) -> EstimatedRows:
    """How much a report reads and answers at the most."""
    report = prepared.report
    elsewhere = report.records.explore.records if report.records is not None else 0
    joined = report.contact.records if report.contact is not None else 0
    return EstimatedRows(read=report.base.records + joined + elsewhere, answer=_most_rows(prepared))


def _most_rows(prepared: Prepared) -> int:
    report = prepared.report
    listing = report.listing
    if listing is not None:
        return report.limit if listing.pairs else min(report.limit, report.base.records)
    if not report.dimensions:
        return 1
    repeated = report.contact is not None or report.compared
    if repeated or any(column.of.several for column in report.dimensions):
        return report.limit
    return min(report.limit, report.base.records)


def _measures(columns: Sequence[MeasureColumn], asked: Sequence[Any]) -> list[str | FilteredMeasure]:
    return [
        column.name
        if column.called is None
        else FilteredMeasure(measure=column.unfiltered_name, name=column.called, filters=sent.get("filters"))
        for column, sent in zip(columns, asked, strict=True)
    ]


def _dimensions(columns: Sequence[DimensionColumn], asked: Sequence[Any] | None) -> list[Dimension]:
    return [_dimension(column, sent) for column, sent in zip(columns, asked or (), strict=True)]


def _dimension(column: DimensionColumn, sent: Any) -> Dimension:
    if column.grouping is not None:
        return BinnedDimension.model_validate(sent)
    if column.granularity is not None:
        return GroupedDimension(field=column.of.name, granularity=column.granularity)
    return column.of.name
