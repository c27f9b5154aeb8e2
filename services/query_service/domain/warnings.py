"""What an answer should be taken with: it is right for its snapshot, and something else is going on (meaning 12)."""

from collections.abc import Iterator, Mapping

from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.schemas import SchemaState
from services.query_service.domain.report import Column, DimensionColumn, ResolvedReport


def warnings_of(report: ResolvedReport, live: Mapping[str, SchemaState], failed: str | None) -> tuple[Problem, ...]:
    """Warnings of a report on a snapshot. `live`: schemas as they stand, empty for an older snapshot; `failed`: why
    the last refresh kept the tenant's earlier data."""
    found = [Problem("refresh_failed", values={"reason": failed})] if failed is not None else []
    state = live.get(report.base.object)
    if state is not None and state.definition is None:
        return (*found, Problem("leaving", "/object", values={"name": report.base.object}))
    return (*found, *_leaving("dimensions", report.dimensions, live), *_leaving("measures", report.measures, live))


def _leaving(part: str, columns: tuple[Column, ...], live: Mapping[str, SchemaState]) -> Iterator[Problem]:
    for index, column in enumerate(columns):
        name, slug = _field_of(column)
        state = live.get(name)
        definition = state.definition if state is not None else None
        if slug is not None and definition is not None and slug not in definition.field_by_slug:
            yield Problem("leaving", pointer(part, index), values={"name": f"{name}.{slug}"})


def _field_of(column: Column) -> tuple[str, str | None]:
    if isinstance(column, DimensionColumn):
        return column.of.object, column.of.field.slug
    field = column.measure.field
    return column.measure.object, field.slug if field is not None else None
