"""Composes results from the rows of several statements: pivots, comparisons, calculations, subtotals.

In this order (CONTRACTS 5, meanings 8, 9, 11): the rows of all compared sides are joined by their dimensions and spread
over the values of the pivot; `having` is tested where it names no calculation; calculations are computed over the rows
that are left; rows are sorted; calculations that depend on the order are computed; `having` is tested where it names a
calculation; the result is cut. So `limit` never changes a value, and `total()` is of all data that pass the filters.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.query_service.domain.calculations import SEPARATOR
from services.query_service.domain.conditions import Conditions
from services.query_service.domain.formula import Reference, subformulas
from services.query_service.domain.formula_values import calculated
from services.query_service.domain.groupings import key_order
from services.query_service.domain.plan import QueryPlan, compared_part, ordering
from services.query_service.domain.predicates import EVERYTHING, Predicate
from services.query_service.domain.report import PIVOT_COLUMNS, Calculation, ResolvedReport
from services.query_service.domain.row_terms import DimensionColumn
from services.query_service.domain.sheet import Cells, PivotKey, ResultShape, RowKey, Sheet, grouped, named_columns

Rows = Sequence[Sequence[Any]]
TOTALS = "totals"


@dataclass(frozen=True, slots=True)
class Fetched:
    """The rows of the statements, by their names: `rows`, `totals`, `subtotals_1`, `previous_rows` …"""

    parts: Mapping[str, Rows]

    def of(self, name: str, side: str | None = None) -> Rows:
        """The rows of one statement; of the same one on the side of that name."""
        return self.parts.get(name if side is None else compared_part(side, name), ())


@dataclass(frozen=True, slots=True)
class ComposedColumn:
    """A column of the composed result: the figure, calculation or dimension, and of which group of the pivot."""

    name: str
    of: str
    group: PivotKey | None


@dataclass(frozen=True, slots=True)
class Composed:
    """The composed result in the values of the store. `subtotals`: for each number of dimensions, its rows."""

    places: tuple[ComposedColumn, ...]
    rows: tuple[tuple[Any, ...], ...]
    totals: tuple[Any, ...] | None
    subtotals: tuple[tuple[tuple[Any, ...], ...], ...]
    truncated: bool
    omitted: int


def compose(report: ResolvedReport, plan: QueryPlan, fetched: Fetched) -> Composed:
    """The composed result of the fetched rows."""
    return _Composer(report, plan, fetched).composed()


class _Composer:
    def __init__(self, report: ResolvedReport, plan: QueryPlan, fetched: Fetched) -> None:
        self._report = report
        self._plan = plan
        self._fetched = fetched
        self._zone = report.zone
        self._places_of = {dimension.name: _place(dimension) for dimension in (*report.dimensions, *report.pivot)}
        self._calculations = {calculation.name: calculation for calculation in report.calculations}
        pivoted = (
            [calculation.name for calculation in report.calculations if calculation.pivoted] if report.pivot else []
        )
        self._spread = [*(figure.name for figure in report.figures), *pivoted]
        self._cells_of_rows = self._cells("rows", len(report.dimensions))
        groups = self._all_groups()
        kept = groups[: PIVOT_COLUMNS // len(self._spread)] if report.pivot else groups
        self._omitted = (len(groups) - len(kept)) * len(self._spread)
        named = named_columns(self._spread, kept, self._zone) if report.pivot else {}
        self._shape = ResultShape(report.dimensions, report.figures, tuple(kept), named)
        self._totals = self._summary(TOTALS, 0)

    def composed(self) -> Composed:
        """All of it."""
        report = self._report
        sheet, truncated = self._rows()
        places = tuple(self._places())
        levels = range(1, len(self._plan.subtotals) + 1)
        return Composed(
            places,
            self._shown(sheet, places),
            self._shown(self._totals, places)[0] if report.totals else None,
            tuple(self._shown(self._summary(f"subtotals_{level}", level), places) for level in levels),
            truncated,
            self._omitted,
        )

    # Rows: tested, computed, sorted, cut

    def _rows(self) -> tuple[Sheet, bool]:
        report, rest = self._report, self._plan.rest
        sheet = self._sheet(*self._cells_of_rows)
        if not rest.sifted:
            sheet = self._kept(sheet, rest.before)
            self._calculate(
                sheet,
                (
                    calculation.name
                    for calculation in report.calculations
                    if calculation.over_rows and not calculation.ordered
                ),
            )
            sheet = sheet.taken(self._sorted(sheet))
            self._calculate(sheet, (calculation.name for calculation in report.calculations if calculation.ordered))
            sheet = self._kept(sheet, rest.after)
        return sheet.taken(range(min(len(sheet), report.limit))), len(sheet) > report.limit

    def _kept(self, sheet: Sheet, asked: Predicate) -> Sheet:
        if asked == EVERYTHING:
            return sheet
        held = Conditions(lambda name: self._column(sheet, name), len(sheet), self._zone).hold(asked)
        return sheet.taken([row for row, passes in enumerate(held) if passes])

    def _sorted(self, sheet: Sheet) -> list[int]:
        rows = list(range(len(sheet)))
        for column in reversed(ordering(self._report, self._first_figure())):
            values = self._column(sheet, column.name)
            present = [row for row in rows if values[row] is not None]
            absent = [row for row in rows if values[row] is None]
            # A reversed sort keeps equal rows in the order that the lesser keys gave them.
            place = self._places_of.get(column.name, _itself)
            keys = {row: place(values[row]) for row in present}
            present.sort(key=keys.__getitem__, reverse=column.descending)
            rows = [*present, *absent]
        return rows

    def _first_figure(self) -> str | None:
        if self._report.pivot:
            return next(iter(self._shape.named), None)
        return self._report.figures[0].name if self._report.figures else None

    def _column(self, sheet: Sheet, name: str) -> list[Any]:
        """A column of the result by its name."""
        self._calculate(sheet, (name,))
        calculation = self._calculations.get(name)
        return sheet.column(name, () if calculation is None or calculation.pivoted else None)

    def _calculate(self, sheet: Sheet, names: Iterable[str]) -> None:
        """Compute the calculations of these names and what they rest on, each once, as they were declared."""
        needed = {name.partition(SEPARATOR)[0] for name in names}
        for calculation in reversed(self._report.calculations):
            if calculation.name in needed:
                named = (part.name for part in subformulas(calculation.formula) if isinstance(part, Reference))
                needed |= {name.partition(SEPARATOR)[0] for name in named}
        for calculation in self._report.calculations:
            if calculation.name in needed:
                self._compute(calculation, sheet)

    def _compute(self, calculation: Calculation, sheet: Sheet) -> None:
        groups: Sequence[PivotKey | None] = self._shape.groups if calculation.pivoted else (None,)
        for group in groups:
            if not sheet.has(calculation.name, group):
                totals = None if sheet is self._totals else self._totals
                sheet.put(calculation.name, group, calculated(calculation, sheet, group, totals))

    # Where rows come from, and what is shown of them

    def _sheet(self, now: Cells, compared: Mapping[str, Cells], summary: bool = False) -> Sheet:
        keys: dict[RowKey, None] = dict.fromkeys(now)
        for cells in compared.values():
            keys |= dict.fromkeys(cells)
        return Sheet(self._shape, list(keys), now, compared, summary)

    def _cells(self, name: str, dimensions: int) -> tuple[Cells, dict[str, Cells]]:
        def cells(side: str | None) -> Cells:
            return grouped(self._fetched.of(name, side), dimensions, len(self._report.pivot), name == TOTALS)

        return cells(None), {side.name: cells(side.name) for side in self._report.compared}

    def _summary(self, name: str, dimensions: int) -> Sheet:
        sheet = self._sheet(*self._cells(name, dimensions), summary=True)
        places = [self._places_of.get(dimension.name, _itself) for dimension in self._report.dimensions]
        order = sorted(range(len(sheet)), key=lambda row: _nulls_last(sheet.keys[row], places))
        return sheet.taken(order)

    def _all_groups(self) -> list[PivotKey]:
        """The values of the pivot in their order, empty ones last; without a pivot the one group there is."""
        if not self._report.pivot:
            return [()]
        found: set[PivotKey] = set()
        now, compared = self._cells_of_rows
        for cells in (now, *compared.values()):
            for row in cells.values():
                found.update(row)
        places = [self._places_of.get(dimension.name, _itself) for dimension in self._report.pivot]
        return sorted(found, key=lambda group: _nulls_last(group, places))

    def _places(self) -> Iterator[ComposedColumn]:
        yield from (ComposedColumn(dimension.name, dimension.name, None) for dimension in self._report.dimensions)
        if self._report.pivot:
            yield from (ComposedColumn(name, *place) for name, place in self._shape.named.items())
        else:
            yield from (ComposedColumn(name, name, ()) for name in self._spread)
        for calculation in self._report.calculations:
            if not self._report.pivot or not calculation.pivoted:
                yield ComposedColumn(calculation.name, calculation.name, () if calculation.pivoted else None)

    def _shown(self, sheet: Sheet, places: Sequence[ComposedColumn]) -> tuple[tuple[Any, ...], ...]:
        self._calculate(sheet, (calculation.name for calculation in self._report.calculations))
        columns = [sheet.column(place.of, place.group) for place in places]
        return tuple(zip(*columns, strict=True)) if columns else ((),) * len(sheet)


def _itself(value: Any) -> Any:
    return value


def _place(dimension: DimensionColumn) -> Callable[[Any], Any]:
    """By what the values of a dimension are sorted: bins by their places."""
    keys = key_order(dimension.grouping)
    return {key: place for place, key in enumerate(keys)}.__getitem__ if keys is not None else _itself


def _nulls_last(values: Sequence[Any], places: Sequence[Callable[[Any], Any]]) -> list[tuple[bool, Any]]:
    """What a key is sorted by. It may have fewer values than the report has dimensions: a subtotal does."""
    return [
        (value is None, value if value is None else place(value)) for value, place in zip(values, places, strict=False)
    ]
