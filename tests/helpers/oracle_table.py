"""The brute-force model's tables: pivoted, compared, calculated, tested, sorted, cut (meanings 3, 4, 8, 9, 11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

import orjson

from tests.helpers.oracle_calculations import Column, Find, evaluated, names_in
from tests.helpers.oracle_conditions import Conditions
from tests.helpers.oracle_groupings import Grouping
from tests.helpers.oracle_measures import COUNTS
from tests.helpers.oracle_truth import Truth
from tests.helpers.oracle_values import shown

Key = tuple[Any, ...]
Cells = dict[Key, dict[Key, list[Any]]]
PIVOT_COLUMNS = 200
_ORDERED = ("previous(", "running_total(", "moving_average(")


class AskedMeasure(Protocol):
    """A measure by the name of its column; `function`: what it computes."""

    @property
    def column(self) -> str: ...

    @property
    def function(self) -> str: ...


class Side(Protocol):
    """A request asked of one snapshot, or of moved records."""

    @property
    def measures(self) -> Sequence[AskedMeasure]: ...

    def cells(self, level: int) -> Cells: ...

    def kind(self, column: str) -> str: ...

    def dated(self, column: str) -> bool: ...

    def rank(self, column: str, key: Any) -> Any: ...

    def pivot_ranks(self, group: Key) -> list[tuple[bool, Any]]: ...

    def join(self) -> dict[str, Any] | None: ...


S_co = TypeVar("S_co", bound=Side, covariant=True)


@dataclass(frozen=True, slots=True)
class Variant(Generic[S_co]):
    """One of the sides that an answer shows beside each other. `value`, `delta`: what follows a measure's name in the
    columns of its value there and of the change since; the question itself has no delta."""

    value: str
    delta: str | None
    side: S_co

    @property
    def suffixes(self) -> list[str]:
        """Of its columns, in their order."""
        return [self.value] if self.delta is None else [self.value, self.delta]


def composed(request: Mapping[str, Any], variants: Sequence[Variant[Side]], conditions: Conditions) -> Truth:
    """The answer made of the cells of the question and of what it is compared with."""
    return _Composition(request, variants, conditions)()


class _Composition:
    def __init__(self, request: Mapping[str, Any], variants: Sequence[Variant[Side]], conditions: Conditions) -> None:
        self._ask = request
        self._variants = variants
        self._side = variants[0].side
        self._conditions = conditions
        self._dimensions = [Grouping.of(item).column for item in request.get("dimensions") or ()]
        self._measures = [measure.column for measure in self._side.measures]
        suffixes = [suffix for variant in variants for suffix in variant.suffixes]
        self._figures = [name + suffix for name in self._measures for suffix in suffixes]
        self._formulas = {
            calculation["name"]: calculation["expression"] for calculation in request.get("calculations") or []
        }
        self._kinds = {name + suffix: self._kind(name, suffix) for name in self._measures for suffix in suffixes}
        self._spread = [*self._figures, *(name for name in self._formulas if self._repeats(name))]
        self._pivoted = bool(request.get("pivot"))
        level = len(self._dimensions)
        everywhere = {group for found in variants for row in found.side.cells(level).values() for group in row}
        groups = sorted(everywhere, key=self._side.pivot_ranks) if self._pivoted else [()]
        self._groups = groups[: PIVOT_COLUMNS // len(self._spread)] if self._pivoted else groups
        self._omitted = (len(groups) - len(self._groups)) * len(self._spread)
        self._total = self._table(0)
        self._calculate(self._total, list(self._formulas), summary=True)

    def __call__(self) -> Truth:
        table = self._table(len(self._dimensions))
        late = [part for part in _conjuncts(self._ask.get("having")) if self._is_late(part)]
        early = [part for part in _conjuncts(self._ask.get("having")) if not self._is_late(part)]
        table = self._kept(table, early)
        ordered = [name for name in self._formulas if self._uses(name, _ORDERED)]
        self._calculate(table, [name for name in self._formulas if name not in ordered])
        table = self._sorted(table)
        self._calculate(table, ordered)
        table = self._kept(table, late)
        limit = self._ask.get("limit", 500)
        columns = self._columns()
        levels = range(1, len(self._dimensions)) if self._measures else ()
        return Truth(
            columns,
            self._shown(table)[:limit],
            self._shown(self._total)[0] if self._ask.get("totals") else None,
            table.rows > limit,
            self._side.join(),
            [self._subtotals(level) for level in levels] if self._ask.get("subtotals") else None,
            self._omitted if self._pivoted else None,
        )

    # Tables

    def _table(self, level: int) -> "_Table":
        cells = [variant.side.cells(level) for variant in self._variants]
        keys = list(dict.fromkeys(key for cell in cells for key in cell))
        columns: dict[str, Column] = {}
        for place, name in enumerate(self._dimensions):
            values = [key[place] if place < level else None for key in keys]
            columns[name] = Column(self._side.kind(name), values)
        for group in self._groups:
            for index, measure in enumerate(self._side.measures):
                nothing = 0 if measure.function in COUNTS else None
                now, *others = [[_cell(cell.get(key), group, index, nothing) for key in keys] for cell in cells]
                figures = {measure.column: now}
                for variant, other in zip(self._variants[1:], others, strict=True):
                    figures[measure.column + variant.value] = other
                    figures[f"{measure.column}{variant.delta}"] = [
                        _change(*both) for both in zip(now, other, strict=True)
                    ]
                for figure, values in figures.items():
                    columns[self._wide(figure, group)] = Column(self._kinds[figure], values)
        return _Table(len(keys), columns, self._kinds)

    def _kind(self, measure: str, suffix: str) -> str:
        kind = self._side.kind(measure)
        changes = suffix in [variant.delta for variant in self._variants]
        return {"date": "integer", "datetime": "number"}.get(kind, kind) if changes else kind

    def _subtotals(self, level: int) -> list[list[Any]]:
        table = self._table(level)
        self._calculate(table, list(self._formulas), summary=True)
        names = self._dimensions[:level]
        order = sorted(
            range(table.rows),
            key=lambda row: _nulls_last([self._ranked(name, table.columns[name].values[row]) for name in names]),
        )
        return self._shown(table.taken(order))

    def _wide(self, name: str, group: Key) -> str:
        zone = self._conditions.calendar.zone
        return "|".join((name, *(_text(value, zone) for value in group))) if self._pivoted else name

    # Calculations

    def _calculate(self, table: "_Table", names: Sequence[str], summary: bool = False) -> None:
        for name in names:
            groups = self._groups if self._repeats(name) and self._pivoted else [None]
            for group in groups:
                find = table.finder(lambda item, group=group: self._name_in(item, group))
                total = self._total.finder(lambda item, group=group: self._name_in(item, group))
                over = None if table is self._total else total
                column = evaluated(self._formulas[name], find, over, table.rows, summary)
                table.columns[self._wide(name, group) if group is not None else name] = column

    def _name_in(self, name: str, group: Key | None) -> str:
        return self._wide(name, group) if group is not None and name in self._spread else name

    def _repeats(self, name: str) -> bool:
        """Whether a calculation names a measure, itself or through another."""
        named = names_in(self._formulas[name])
        return any(item in self._figures or (item in self._formulas and self._repeats(item)) for item in named)

    def _uses(self, name: str, functions: Sequence[str]) -> bool:
        text = self._formulas[name]
        bases = {item.partition("|")[0] for item in names_in(text)} & set(self._formulas)
        return any(function in text for function in functions) or any(self._uses(base, functions) for base in bases)

    # Having, sort, columns

    def _is_late(self, part: Any) -> bool:
        return any(name.partition("|")[0] in self._formulas for name in _fields(part))

    def _kept(self, table: "_Table", conditions: list[Any]) -> "_Table":
        def holds(row: int) -> bool:
            find = table.finder(lambda name: name)
            return self._conditions.pass_all({"and": conditions}, lambda name: (find(name).values[row], "column"))

        return table.taken([row for row in range(table.rows) if holds(row)])

    def _sorted(self, table: "_Table") -> "_Table":
        order = [(item["field"], item.get("direction") == "desc") for item in self._ask.get("sort", [])]
        if not order:
            dated = [name for name in self._dimensions if self._side.dated(name)]
            figures = self._columns()[len(self._dimensions) :] if self._measures else []
            order = [(dated[0], False)] if dated else [(figures[0], True)] if figures else []
        order += [(name, False) for name in self._dimensions]
        rows = list(range(table.rows))
        for name, descending in reversed(order):
            values = [self._ranked(name, value) for value in table.finder(lambda item: item)(name).values]
            present = [row for row in rows if values[row] is not None]
            absent = [row for row in rows if values[row] is None]
            present.sort(key=values.__getitem__, reverse=descending)
            rows = [*present, *absent]
        return table.taken(rows)

    def _ranked(self, name: str, value: Any) -> Any:
        return self._side.rank(name, value) if name in self._dimensions and value is not None else value

    def _columns(self) -> list[str]:
        spread = [self._wide(name, group) for group in self._groups for name in self._spread]
        if not self._pivoted:
            return [*self._dimensions, *self._figures, *self._formulas]
        return [*self._dimensions, *spread, *(name for name in self._formulas if not self._repeats(name))]

    def _shown(self, table: "_Table") -> list[list[Any]]:
        find = table.finder(lambda name: name)
        columns = [find(name).values for name in self._columns()]
        zone = self._conditions.calendar.zone
        return [[shown(column[row], zone) for column in columns] for row in range(table.rows)]


@dataclass(frozen=True, slots=True)
class _Table:
    rows: int
    columns: dict[str, Column]
    kinds: Mapping[str, str]
    """Of figures: a pivot's column is empty where no record has its value, and of its figure's kind all the same."""

    def finder(self, named: Any) -> Find:
        def find(name: str) -> Column:
            return self.columns.get(named(name)) or Column(self.kinds.get(name.partition("|")[0]), [None] * self.rows)

        return find

    def taken(self, rows: Sequence[int]) -> "_Table":
        columns = {
            name: Column(column.kind, [column.values[row] for row in rows]) for name, column in self.columns.items()
        }
        return _Table(len(rows), columns, self.kinds)


def _cell(row: dict[Key, list[Any]] | None, group: Key, index: int, nothing: Any) -> Any:
    if row is None:
        return None
    return row[group][index] if group in row else nothing


def _change(now: Any, before: Any) -> Any:
    if now is None or before is None:
        return None
    if isinstance(now, datetime):
        return (now - before).total_seconds()
    return (now - before).days if isinstance(now, date) else now - before


def _conjuncts(asked: Any) -> list[Any]:
    if asked and "and" in asked:
        return [conjunct for part in asked["and"] for conjunct in _conjuncts(part)]
    return [asked] if asked else []


def _fields(asked: Any) -> list[str]:
    if "field" in asked:
        return [asked["field"]]
    return [name for part in asked.get("and", asked.get("or", [])) for name in _fields(part)]


def _nulls_last(key: Sequence[Any]) -> list[tuple[bool, Any]]:
    return [(value is None, value) for value in key]


def _text(value: Any, zone: ZoneInfo) -> str:
    value = shown(value, zone)
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, Decimal):
        whole, _, decimals = f"{value:.4f}".partition(".")
        return f"{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"
    return orjson.dumps(value).decode() if isinstance(value, float) else str(value)
