"""The rows of a result while it is made: what the store gave for them, and the columns that are computed from that.

Under a pivot each figure stands once for each of the pivot's values (a group); without one there is one group, the
empty one, and this is a plain table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crosslook.contracts.shown import money
from services.query_service.domain.amounts import change
from services.query_service.domain.calculations import SEPARATOR
from services.query_service.domain.report import Figure, Variant
from services.query_service.domain.row_terms import DimensionColumn
from services.query_service.domain.terms import Aggregate
from services.query_service.domain.values import number_text
from services.query_service.domain.zones import Zone

RowKey = tuple[Any, ...]
PivotKey = tuple[Any, ...]
Cells = Mapping[RowKey, Mapping[PivotKey, Sequence[Any]]]
"""By the values of a row's dimensions, then of its pivot: its measures."""
_COUNTS = (Aggregate.COUNT, Aggregate.COUNT_DISTINCT)


@dataclass(frozen=True, slots=True)
class ResultShape:
    """The columns that a result has: its dimensions, its figures and pivoted calculations by name for each group.
    `named`: of which of them, in which group, a name such as `ticket.count|open` is the name."""

    dimensions: tuple[DimensionColumn, ...]
    figures: tuple[Figure, ...]
    groups: tuple[PivotKey, ...]
    named: Mapping[str, tuple[str, PivotKey]]


def grouped(
    rows: Iterable[Sequence[Any]], dimensions: int, pivots: int, whole: bool = False
) -> dict[RowKey, dict[PivotKey, Sequence[Any]]]:
    """The rows of the store by what they are about. Without dimensions a pivot is over one row, even of nothing, and so
    is a total (`whole`)."""
    found: dict[RowKey, dict[PivotKey, Sequence[Any]]] = {(): {}} if whole or (pivots and not dimensions) else {}
    for row in rows:
        key, group = tuple(row[:dimensions]), tuple(row[dimensions : dimensions + pivots])
        found.setdefault(key, {})[group] = row[dimensions + pivots :]
    return found


def named_columns(names: Sequence[str], groups: Sequence[PivotKey], zone: Zone) -> dict[str, tuple[str, PivotKey]]:
    """The names of the columns under a pivot. Where two would be called the same, the later one gets a number."""
    found: dict[str, tuple[str, PivotKey]] = {}
    for group in groups:
        for name in names:
            full = SEPARATOR.join((name, *(_text(value, zone) for value in group)))
            number = 2
            unique = full
            while unique in found:
                unique, number = f"{full}#{number}", number + 1
            found[unique] = (name, group)
    return found


def _text(value: Any, zone: Zone) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case datetime():
            return zone.shown(value)
        case date():
            return value.isoformat()
        case Decimal():
            return money(value)
        case float():
            return number_text(value)
        case _:
            return str(value)


class Sheet:
    """Rows with their columns, each made when first asked for. `compared`: the cells of the other sides, by name.
    `summary`: its rows are totals, which have no order."""

    def __init__(
        self,
        shape: ResultShape,
        keys: Sequence[RowKey],
        now: Cells,
        compared: Mapping[str, Cells],
        summary: bool = False,
    ) -> None:
        self.keys = keys
        self.summary = summary
        self._shape = shape
        self._now = now
        self._compared = compared
        self._places = {dimension.name: index for index, dimension in enumerate(shape.dimensions)}
        self._figures = {figure.name: figure for figure in shape.figures}
        self._made: dict[tuple[str, PivotKey | None], list[Any]] = {}

    def __len__(self) -> int:
        return len(self.keys)

    def column(self, name: str, group: PivotKey | None) -> list[Any]:
        """The values of a column in every row: of a dimension, of a figure or calculation in the group, or of the one
        that has this very name under the pivot; empty ones where there is no such column."""
        known = self._made.get((name, group))
        if known is None:
            known = self._made[name, group] = self._make(name, group)
        return known

    def has(self, name: str, group: PivotKey | None) -> bool:
        """Whether the column was made already."""
        return (name, group) in self._made

    def put(self, name: str, group: PivotKey | None, values: list[Any]) -> None:
        """The values of a calculation."""
        self._made[name, group] = values

    def taken(self, rows: Sequence[int]) -> "Sheet":
        """These rows in this order, with all that was computed of them."""
        sheet = Sheet(self._shape, [self.keys[row] for row in rows], self._now, self._compared, self.summary)
        for place, values in self._made.items():
            sheet.put(*place, [values[row] for row in rows])
        return sheet

    def _make(self, name: str, group: PivotKey | None) -> list[Any]:
        if name in self._places:
            place = self._places[name]
            # A subtotal has fewer dimensions than the report.
            return [key[place] if place < len(key) else None for key in self.keys]
        if name in self._shape.named:
            return self.column(*self._shape.named[name])
        if (name, None) in self._made:
            # A calculation that names no measure is the same in every group.
            return self._made[name, None]
        figure = self._figures.get(name)
        if figure is None or group is None:
            return [None] * len(self.keys)
        return self._figure(figure, group)

    def _figure(self, figure: Figure, group: PivotKey) -> list[Any]:
        measures = [figure.measure for figure in self._shape.figures if figure.variant is Variant.CURRENT]
        index = measures.index(figure.measure)
        nothing = 0 if figure.measure.measure.aggregate in _COUNTS else None
        if figure.side is None:
            return self._side(self._now, group, index, nothing)
        before = self._side(self._compared.get(figure.side.name, {}), group, index, nothing)
        if figure.variant is Variant.PREVIOUS:
            return before
        now = self._side(self._now, group, index, nothing)
        return [change(value, other) for value, other in zip(now, before, strict=True)]

    def _side(self, cells: Cells, group: PivotKey, index: int, nothing: Any) -> list[Any]:
        """One side's figures: empty in rows that it does not have (meaning 11); in rows that it has, of nothing
        where the pivot's value does not occur (meaning 4)."""
        found = []
        for key in self.keys:
            row = cells.get(key)
            cell = row.get(group) if row is not None else None
            found.append(cell[index] if cell is not None else None if row is None else nothing)
        return found
