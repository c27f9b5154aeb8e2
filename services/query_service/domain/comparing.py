"""Resolves what a report is compared with (CONTRACTS 5, meanings 11 and 13)."""

from collections.abc import Iterable, Iterator, Sequence

from crosslook.contracts.problems import Problem, Problems, pointer
from crosslook.contracts.suggestions import guess
from services.query_service.domain.catalog import Explore
from services.query_service.domain.listing import Listing
from services.query_service.domain.lookup import Lookup, UnknownName
from services.query_service.domain.predicates import Predicate, fields
from services.query_service.domain.query import PREVIOUS, PeriodAsked, ReportRequest
from services.query_service.domain.report import Column, ComparedSide
from services.query_service.domain.row_terms import FormulaOf, MovedField, Side
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.whole_periods import whole_units


def compared_sides(
    request: ReportRequest, lookup: Lookup, base: Explore, problems: Problems
) -> tuple[ComparedSide, ...]:
    """The periods that a report is compared with, in their order. `problems` grows."""
    return tuple(_periods(request, lookup, base, problems))


def moved_in_filters(moved: PeriodAsked, lookup: Lookup, base: Explore, problems: Problems) -> MovedField | None:
    """The field of which the filters of a list read moved values. `problems` grows."""
    try:
        return moved_field(moved, lookup, base)
    except UnknownName as wrong:
        problems.add(wrong.problem)
        return None


def without_effect(sides: Sequence[ComparedSide], columns: Iterable[Column], filters: Predicate) -> Iterator[Problem]:
    """Warnings of periods whose field nothing in the report depends on."""
    known = {of.name for of in (*(of for column in columns for of in column.fields), *fields(filters))}
    for index, side in enumerate(sides):
        if side.moved is not None and side.moved.of.name not in known:
            where = pointer("compare", index, "field") if side.named else pointer("compare", "field")
            yield Problem("compare_without_effect", where, values={"field": side.moved.of.name})


def over_stored(moved: MovedField, listing: Listing) -> Iterator[Problem]:
    """Warnings of formulas that a list shows over the stored values of a field, while its filters read moved ones."""
    for index, column in enumerate(listing.columns):
        if isinstance(column.of, FormulaOf) and moved.of.name in {of.name for of in column.fields}:
            values = {"name": column.name, "field": moved.of.name}
            yield Problem("moved_in_filters_only", pointer("list", index), values=values)


def _periods(request: ReportRequest, lookup: Lookup, base: Explore, problems: Problems) -> Iterator[ComparedSide]:
    for asked in request.periods:
        try:
            moved = moved_field(asked, lookup, base)
        except UnknownName as wrong:
            problems.add(wrong.problem)
            continue
        yield ComparedSide(asked.name or PREVIOUS, moved, asked.name is not None)


def moved_field(asked: PeriodAsked, lookup: Lookup, base: Explore) -> MovedField:
    """The field whose values are moved. Raises UnknownName where the base has no such date or time."""
    found, shown = lookup.field(base, asked.field), {"field": asked.field.text, "object": base.object}
    if found.side is not Side.BASE:
        raise UnknownName(Problem("bad_value", asked.field.pointer, "bad_value.moved_contact", shown))
    if not found.granularities:
        raise UnknownName(Problem("bad_value", asked.field.pointer, "bad_value.moved_undated", shown))
    units = whole_units(with_clock=found.type is ColumnType.DATETIME)
    if asked.unit not in units:
        values = {"known": ", ".join(units)}
        where = f"{asked.pointer}/shift/1"
        raise UnknownName(Problem("bad_value", where, "bad_value.choice", values, guess(asked.unit, units)))
    return MovedField(found, asked.count, asked.unit)
