"""A brute-force model of CONTRACTS 5, "Exact meanings": plain rows and a request in, the answer out. It knows neither
our SQL nor our resolver, goes through every pair, and is slow on purpose."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from crosslook.contracts.schemas import FieldDef, FieldType
from tests.helpers.oracle_conditions import Conditions
from tests.helpers.oracle_values import MEASURES, shown, truncated, typed
from tests.helpers.snapshots import PlainObject, PlainRow

Pair = tuple[PlainRow, PlainRow | None]


@dataclass(frozen=True, slots=True)
class Truth:
    """What the answer must be, with the cells as JSON shows them."""

    columns: list[str]
    rows: list[list[Any]]
    totals: list[Any] | None
    truncated: bool
    join: dict[str, Any] | None


@dataclass(slots=True)
class Group:
    """The distinct entities of one group, by record id."""

    base: dict[str, PlainRow] = field(default_factory=dict)
    contact: dict[str, PlainRow] = field(default_factory=dict)

    def add(self, pair: Pair) -> None:
        self.base[pair[0].record] = pair[0]
        if pair[1] is not None:
            self.contact[pair[1].record] = pair[1]


class Oracle:
    """Answers requests about one tenant's objects, `contact` among them."""

    def __init__(self, objects: Iterable[PlainObject], as_of: datetime, zone: str) -> None:
        self._objects = {one.definition.object: one for one in objects}
        self._as_of = as_of
        self._default_zone = zone

    def answer(self, request: Mapping[str, Any]) -> Truth:
        """The answer to a request that must be a good one."""
        return _Question(self._objects, request, self._as_of, ZoneInfo(request.get("timezone") or self._default_zone))()


class _Question:
    def __init__(
        self, objects: Mapping[str, PlainObject], request: Mapping[str, Any], as_of: datetime, zone: ZoneInfo
    ) -> None:
        self._objects = objects
        self._ask = request
        self._as_of = as_of
        self._zone = zone
        self._base: str = request["object"]
        self._dimensions = [
            (one, None) if isinstance(one, str) else (one["field"], one.get("granularity"))
            for one in request.get("dimensions", [])
        ]
        self._measures: list[str] = request.get("measures", [])

    def __call__(self) -> Truth:
        pairs = [pair for pair in self._pairs() if self._passes(self._ask.get("filters"), self._of_pair(pair))]
        groups: dict[tuple[Any, ...], Group] = {}
        for pair in pairs:
            for key in product(*(self._keys(name, granularity, pair) for name, granularity in self._dimensions)):
                groups.setdefault(key, Group()).add(pair)
        whole = Group()
        for pair in pairs:
            whole.add(pair)
        if not self._dimensions:
            groups = {(): whole}
        rows = [[*key, *(self._measure(name, group) for name in self._measures)] for key, group in groups.items()]
        rows = [row for row in rows if self._passes(self._ask.get("having"), self._of_row(row))]
        self._sort(rows)
        limit = self._ask.get("limit", 500)
        totals = [None] * len(self._dimensions) + [self._measure(name, whole) for name in self._measures]
        return Truth(
            self._columns(),
            [[shown(cell, self._zone) for cell in row] for row in rows[:limit]],
            [shown(cell, self._zone) for cell in totals] if self._ask.get("totals") else None,
            len(rows) > limit,
            self._join(),
        )

    # Which rows (meanings 1, 2, 10)

    def _live(self, name: str) -> dict[str, PlainRow]:
        return {row.record: row for row in self._objects[name].rows if not row.deleted} if name in self._objects else {}

    def _uses_contact(self) -> bool:
        names = [name for name, _ in self._dimensions] + self._measures + _fields(self._ask.get("filters"))
        return self._base != "contact" and any(name.startswith("contact.") for name in names)

    def _relationship(self, name: str, asked: str | None) -> str:
        known = [one.slug for one in self._objects[name].definition.relationships if one.target == "contact"]
        if asked is None:
            (asked,) = known
        return asked

    def _linked(self, row: PlainRow, relationship: str) -> list[PlainRow]:
        contacts = self._live("contact")
        return [contacts[one] for one in dict.fromkeys(row.links.get(relationship, ())) if one in contacts]

    def _pairs(self) -> list[Pair]:
        rows = list(self._live(self._base).values())
        kept = self._ask.get("contacts", "any")
        if self._base == "contact":
            return [(row, None) for row in rows if self._recorded(row)]
        if kept != "any":
            over = self._relationship(self._base, self._ask.get("relationship"))
            rows = [row for row in rows if bool(self._linked(row, over)) == (kept == "with")]
        if not self._uses_contact():
            return [(row, None) for row in rows]
        over = self._relationship(self._base, self._ask.get("relationship"))
        return [(row, contact) for row in rows for contact in self._linked(row, over)]

    def _recorded(self, contact: PlainRow) -> bool:
        asked = self._ask.get("records")
        if asked is None:
            return True
        over = self._relationship(asked["object"], asked.get("relationship"))
        linked = {one.record for row in self._live(asked["object"]).values() for one in self._linked(row, over)}
        wanted: bool = asked.get("match", "with") == "with"
        return (contact.record in linked) == wanted

    def _join(self) -> dict[str, Any] | None:
        if not self._uses_contact() and self._ask.get("contacts", "any") == "any":
            return None
        over = self._relationship(self._base, self._ask.get("relationship"))
        linked = [bool(self._linked(row, over)) for row in self._live(self._base).values()]
        return {"relationship": over, "kept": linked.count(True), "dropped": linked.count(False)}

    # Values (meanings 4, 6)

    def _field(self, name: str) -> FieldDef:
        object_slug, slug = name.split(".")
        return self._objects[object_slug].definition.field_by_slug[slug]

    def _value(self, name: str, row: PlainRow) -> Any:
        """None when empty."""
        one = self._field(name)
        sent = row.values.get(one.slug)
        if sent is None or sent == "" or sent == []:
            return None
        return typed(one.type, sent)

    def _row_of(self, name: str, pair: Pair) -> PlainRow:
        found = pair[0] if name.split(".")[0] == self._base else pair[1]
        assert found is not None
        return found

    def _keys(self, name: str, granularity: str | None, pair: Pair) -> list[Any]:
        value = self._value(name, self._row_of(name, pair))
        if self._field(name).type is FieldType.MULTISELECT:
            return [None] if value is None else list(value)
        return [truncated(value, granularity, self._zone)]

    # Measures (meanings 3, 4, 7)

    def _measure(self, name: str, group: Group) -> Any:
        object_slug, *slug, function = name.split(".")
        entities = group.base if object_slug == self._base else group.contact
        if function == "count":
            return len(entities)
        field_name = f"{object_slug}.{slug[0]}"
        values = [value for row in entities.values() if (value := self._value(field_name, row)) is not None]
        if function == "count_distinct":
            return len(set(values))
        return MEASURES[function](values) if values else None

    # Conditions (meanings 4, 5, 6)

    def _of_pair(self, pair: Pair) -> Callable[[str], tuple[Any, str]]:
        def look(name: str) -> tuple[Any, str]:
            return self._value(name, self._row_of(name, pair)), self._field(name).type.value

        return look

    def _of_row(self, row: Sequence[Any]) -> Callable[[str], tuple[Any, str]]:
        def look(name: str) -> tuple[Any, str]:
            return row[self._columns().index(name)], self._column_type(name)

        return look

    def _passes(self, asked: Any, look: Callable[[str], tuple[Any, str]]) -> bool:
        if not asked:
            return True
        if "and" in asked:
            return all(self._passes(part, look) for part in asked["and"])
        if "or" in asked:
            return any(self._passes(part, look) for part in asked["or"])
        value, kind = look(asked["field"])
        return Conditions(self._as_of, self._zone).hold(asked["op"], value, kind, asked.get("values", []))

    # Columns, order, appearance (meanings 7, 8, 9)

    def _columns(self) -> list[str]:
        return [name if part is None else f"{name}:{part}" for name, part in self._dimensions] + self._measures

    def _column_type(self, name: str) -> str:
        if name in self._measures:
            return "measure"
        kind = self._field(name.partition(":")[0]).type.value
        return "text" if kind == "multiselect" else kind

    def _sort(self, rows: list[list[Any]]) -> None:
        columns = self._columns()
        order = [(columns.index(one["field"]), one.get("direction") == "desc") for one in self._ask.get("sort", [])]
        if not order:
            times = (FieldType.DATE, FieldType.DATETIME)
            dated = [i for i, (name, _) in enumerate(self._dimensions) if self._field(name).type in times]
            order = [(dated[0], False)] if dated else [(len(self._dimensions), True)] if self._measures else []
        order += [(index, False) for index in range(len(self._dimensions))]
        for index, descending in reversed(order):
            present = [row for row in rows if row[index] is not None]
            absent = [row for row in rows if row[index] is None]
            present.sort(key=operator.itemgetter(index), reverse=descending)
            rows[:] = [*present, *absent]


def _fields(asked: Any) -> list[str]:
    if not asked:
        return []
    if "field" in asked:
        return [asked["field"]]
    return [name for part in asked.get("and", asked.get("or", [])) for name in _fields(part)]


def same(truth: Truth, rows: Sequence[Sequence[Any]]) -> bool:
    """Whether an answer's rows are the truth's: currency compared as amounts, all else exactly."""
    return len(truth.rows) == len(rows) and all(
        len(expected) == len(found) and all(map(same_cell, expected, found))
        for expected, found in zip(truth.rows, rows, strict=True)
    )


def same_cell(expected: Any, found: Any) -> bool:
    """Whether two cells show the same value."""
    if isinstance(expected, Decimal):
        return isinstance(found, str) and Decimal(found) == expected
    return type(expected) is type(found) and bool(expected == found)
