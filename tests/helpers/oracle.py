"""A brute-force model of CONTRACTS 5, "Exact meanings": plain rows and a request in, the answer out. It knows neither
our SQL nor our resolver, goes through every pair, and is slow on purpose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from crosslook.contracts.schemas import Definition, FieldDef, FieldType
from crosslook.contracts.zones import zone_of
from tests.helpers.oracle_conditions import Conditions
from tests.helpers.oracle_table import Truth, composed
from tests.helpers.oracle_values import MEASURES, truncated, typed
from tests.helpers.snapshots import PlainObject, PlainRow

Pair = tuple[PlainRow, PlainRow | None]


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
    """Answers requests about one tenant's objects, `contact` among them. `before`: the objects of the snapshot before,
    and its as-of."""

    def __init__(
        self,
        objects: Iterable[PlainObject],
        as_of: datetime,
        zone: str,
        before: tuple[Iterable[PlainObject], datetime] | None = None,
    ) -> None:
        self._objects = list(objects)
        self._as_of = as_of
        self._before = before
        self._default_zone = zone

    def answer(self, request: Mapping[str, Any]) -> Truth:
        """The answer to a request that must be a good one."""
        zone = zone_of(request.get("timezone") or self._default_zone)
        known = {object_.definition.object: object_.definition for object_ in self._objects}
        sides = [Question(known, self._objects, request, self._as_of, zone)]
        if request.get("compare"):
            assert self._before is not None
            sides.append(Question(known, self._before[0], request, self._before[1], zone))
        return composed(request, sides, Conditions(self._as_of, zone))


class Question:
    """A request about one snapshot. `known`: the definitions that names are looked up in; what this snapshot's own do
    not have is empty in it."""

    def __init__(
        self,
        known: Mapping[str, Definition],
        objects: Iterable[PlainObject],
        request: Mapping[str, Any],
        as_of: datetime,
        zone: ZoneInfo,
    ) -> None:
        self._known = known
        self._objects = {object_.definition.object: object_ for object_ in objects}
        self._ask = request
        self._as_of = as_of
        self._zone = zone
        self._base: str = request["object"]
        self._dimensions = [_asked(dimension) for dimension in request.get("dimensions", [])]
        self._pivot = [_asked(item) for item in request.get("pivot") or []]
        self._measures: list[str] = request.get("measures", [])
        self._passing = [pair for pair in self._pairs() if self._passes(request.get("filters"), pair)]

    def cells(self, level: int) -> dict[tuple[Any, ...], dict[tuple[Any, ...], list[Any]]]:
        """Every measure by the values of the first `level` dimensions, then of the pivot. Without dimensions there is
        one row, and without a pivot it has a cell, whatever passes the filters."""
        asked = [*self._dimensions[:level], *self._pivot]
        groups: dict[tuple[Any, ...], Group] = {} if asked else {(): Group()}
        for pair in self._passing:
            for key in product(*(self._keys(name, granularity, pair) for name, granularity in asked)):
                groups.setdefault(key, Group()).add(pair)
        found: dict[tuple[Any, ...], dict[tuple[Any, ...], list[Any]]] = {} if level else {(): {}}
        for key, group in groups.items():
            row = found.setdefault(key[:level], {})
            row[key[level:]] = [self._measure(name, group) for name in self._measures]
        return found

    # Which rows (meanings 1, 2, 10)

    def _live(self, name: str) -> dict[str, PlainRow]:
        return {row.record: row for row in self._objects[name].rows if not row.deleted} if name in self._objects else {}

    def _uses_contact(self) -> bool:
        names = [name for name, _ in (*self._dimensions, *self._pivot)] + self._measures
        names += _fields(self._ask.get("filters"))
        return self._base != "contact" and any(name.startswith("contact.") for name in names)

    def _relationship(self, name: str, asked: str | None) -> str:
        known = [
            relationship.slug for relationship in self._known[name].relationships if relationship.target == "contact"
        ]
        if asked is None:
            (asked,) = known
        return asked

    def _linked(self, row: PlainRow, relationship: str) -> list[PlainRow]:
        contacts = self._live("contact")
        return [contacts[fromkey] for fromkey in dict.fromkeys(row.links.get(relationship, ())) if fromkey in contacts]

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
        linked = {item.record for row in self._live(asked["object"]).values() for item in self._linked(row, over)}
        wanted: bool = asked.get("match", "with") == "with"
        return (contact.record in linked) == wanted

    def join(self) -> dict[str, Any] | None:
        """The join block."""
        if not self._uses_contact() and self._ask.get("contacts", "any") == "any":
            return None
        over = self._relationship(self._base, self._ask.get("relationship"))
        linked = [bool(self._linked(row, over)) for row in self._live(self._base).values()]
        return {"relationship": over, "kept": linked.count(True), "dropped": linked.count(False)}

    # Values (meanings 4, 6)

    def _field(self, name: str) -> FieldDef:
        object_slug, slug = name.split(".")
        return self._known[object_slug].field_by_slug[slug]

    def _lacks(self, name: str) -> bool:
        object_slug, slug = name.split(".")
        there = self._objects[object_slug].definition.field_by_slug.get(slug)
        return there is None or there.type is not self._field(name).type

    def _value(self, name: str, row: PlainRow) -> Any:
        """None when empty."""
        one = self._field(name)
        if self._lacks(name):
            return None
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

    def _passes(self, asked: Any, pair: Pair) -> bool:
        def look(name: str) -> tuple[Any, str]:
            return self._value(name, self._row_of(name, pair)), self._field(name).type.value

        return Conditions(self._as_of, self._zone).pass_all(asked, look)

    # Kinds of columns (meaning 7)

    def kind(self, name: str) -> str:
        """What the values of a dimension or measure are."""
        if name in self._measures:
            object_slug, *slug, function = name.split(".")
            counted = function in ("count", "count_distinct")
            return "integer" if counted else self._field(f"{object_slug}.{slug[0]}").type.value
        field_name, _, granularity = name.partition(":")
        if granularity in ("hour_of_day", "day_of_week", "month_of_year"):
            return "integer"
        kind = self._field(field_name).type.value
        if granularity:
            return "datetime" if granularity == "hour" else "date"
        return "text" if kind in ("multiselect", "dropdown", "textarea") else kind

    def dated(self, name: str) -> bool:
        """Whether the dimension is of a time."""
        return self._field(name.partition(":")[0]).type in (FieldType.DATE, FieldType.DATETIME)


def _asked(dimension: Any) -> tuple[str, str | None]:
    return (dimension, None) if isinstance(dimension, str) else (dimension["field"], dimension.get("granularity"))


def _fields(asked: Any) -> list[str]:
    if not asked:
        return []
    if "field" in asked:
        return [asked["field"]]
    return [name for part in asked.get("and", asked.get("or", [])) for name in _fields(part)]
