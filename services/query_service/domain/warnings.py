"""What an answer should be taken with: it is right for its snapshot, and something else is going on (meaning 12)."""

from collections.abc import Iterator, Mapping

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.schemas import FieldDef, SchemaState
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.predicates import fields
from services.query_service.domain.query import ContactMatch
from services.query_service.domain.report import Column, DimensionColumn, ResolvedReport


def warnings_of(
    report: ResolvedReport, live: Mapping[str, SchemaState], failed: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Warnings of a report on a snapshot. `live`: schemas as they stand, empty for an older snapshot; `failed`: why
    the last refresh kept the earlier data of objects, by their names."""
    used = [report.base.object]
    used += [CONTACT] if report.contact is not None or report.contacts is not ContactMatch.ANY else []
    used += [report.records.explore.object] if report.records is not None else []
    found = [_failed(name, failed[name]) for name in dict.fromkeys(used) if name in failed]
    found += report.warnings
    state = live.get(report.base.object)
    if state is not None and state.definition is None:
        return (*found, Problem("leaving", "/object", values={"name": report.base.object}))
    return (*found, *(problem for part, columns in _parts(report) for problem in _leaving(part, columns, live)))


def not_in_files(report: ResolvedReport) -> tuple[Problem, ...]:
    """What a report asks for and no file holds: files have the rows, and totals under them would be taken for one."""
    found = [Problem("totals_not_in_file", "/totals")] if report.totals else []
    if report.subtotals and len(report.dimensions) > 1:  # of one dimension alone there are none
        found.append(Problem("totals_not_in_file", "/subtotals", "totals_not_in_file.subtotals"))
    return tuple(found)


def failures(catalog: Catalog | None, failed: Mapping[str, str]) -> Iterator[Problem]:
    """What the catalog says of objects for which the last refresh failed."""
    for name, reason in sorted(failed.items()):
        if catalog is not None and name in catalog.unreadable:
            yield _failed(name, reason, "refresh_failed.unreadable")
        elif catalog is not None and (name in catalog.explores or name in catalog.not_reportable):
            yield _failed(name, reason)
        else:
            yield _failed(name, reason, "refresh_failed.absent")


def lacking(report: ResolvedReport, before: Catalog) -> tuple[Problem, ...]:
    """What the snapshot before lacks of a report that is compared with it (meaning 11)."""
    explore = before.explores.get(report.base.object)
    if explore is None:
        return (Problem("not_in_previous", "/object", values={"name": report.base.object}),)
    found = [problem for part, columns in _parts(report) for problem in _lacking(part, columns, before)]
    filtered = {of for of in fields(report.filters) if not _holds(before, of.object, of.field)}
    found += [_lacked("/filters", of.name) for of in sorted(filtered, key=lambda of: of.name)]
    over = report.relationship
    joins = report.contact is not None or report.contacts is not ContactMatch.ANY
    if joins and over is not None and over.slug not in {one.slug for one in explore.relationships}:
        found.append(_lacked("/relationship", f"{report.base.object}.{over.slug}"))
    return tuple(found)


def _failed(name: str, reason: str, text: str = "") -> Problem:
    return Problem("refresh_failed", text=text, values={"object": name, "reason": reason})


def _lacking(part: str, columns: tuple[Column, ...], before: Catalog) -> Iterator[Problem]:
    for index, column in enumerate(columns):
        if isinstance(column, DimensionColumn):
            name, field = column.of.object, column.of.field
        elif column.measure.field is None:
            continue
        else:
            name, field = column.measure.object, column.measure.field
        if not _holds(before, name, field):
            yield _lacked(pointer(part, index), f"{name}.{field.slug}")


def _holds(before: Catalog, name: str, field: FieldDef) -> bool:
    explore = before.explores.get(name)
    there = explore.definition.field_by_slug.get(field.slug) if explore is not None else None
    return there is not None and there.type is field.type


def _lacked(where: str, name: str) -> Problem:
    return Problem("not_in_previous", where, "not_in_previous.field", {"name": name})


def _parts(report: ResolvedReport) -> tuple[tuple[str, tuple[Column, ...]], ...]:
    return ("dimensions", report.dimensions), ("pivot", report.pivot), ("measures", report.measures)


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
