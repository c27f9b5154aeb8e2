"""Reads a ReportRequest from JSON: finds every problem of its shape, and keeps the valid parts for the next step.

Limits come first: what exceeds one is not read, and no name is looked up for it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from crosslook.contracts.problems import Problems, pointer
from crosslook.contracts.reading import JsonPath, Reader, read_object
from services.query_service.domain.operators import NEGATIVE
from services.query_service.domain.query import (
    CURRENT,
    DEFAULT_LIMIT,
    PREVIOUS,
    CalculationAsked,
    Condition,
    ContactMatch,
    DimensionAsked,
    Filter,
    Junction,
    Match,
    Name,
    RecordsAsked,
    ReportRequest,
    SortAsked,
)
from services.query_service.domain.shorthand import ALSO_CALLED, condition_meant, is_shorthand, measure_meant

MAX_COLUMNS = 100
MAX_SORT = 100
MAX_CONDITIONS = 200
FILTER_DEPTH_MAX = 10
MAX_VALUES = 1000
MAX_PIVOT = 2

REQUEST_PROPERTIES = (
    *("object", "dimensions", "measures", "filters", "having", "sort", "limit", "totals", "relationship", "contacts"),
    *("records", "timezone", "snapshot", "pivot", "compare", "calculations", "subtotals"),
)
"""The properties of a report request (CONTRACTS 5)."""

_CONDITION = ("field", "op", "values")
_JUNCTION: Final = ("and", "or")
_EXAMPLE = '{"and": [{"field": "ticket.status", "op": "eq", "values": ["open"]}]}'
_NAME_SHOWN = 100


class Direction(StrEnum):
    """Which end of an order comes first."""

    ASC = "asc"
    DESC = "desc"


class Compared(StrEnum):
    """What a report can be compared with."""

    PREVIOUS = PREVIOUS


def parse_request(body: Any, max_rows: int, problems: Problems | None = None) -> tuple[ReportRequest | None, Problems]:
    """The request without the parts that are wrong, and every problem of its shape. `max_rows` bounds `limit`.

    None when its object cannot be read, or when reading stopped because so much is wrong."""
    return read_object(body, lambda reader: _Parser(reader, max_rows).request(), problems)


def parse_filters(filters: Mapping[str, Any], problems: Problems) -> None:
    """Note what is wrong with the shape of filters that stand alone."""
    read_object({"filters": filters}, lambda reader: _Parser(reader, 1).conditions("filters"), problems)


class _Parser:
    def __init__(self, reader: Reader, max_rows: int) -> None:
        self._reader = reader
        self._max_rows = max_rows
        self._conditions = 0
        self._junctions = 0
        self._exceeded = False

    def request(self) -> ReportRequest | None:
        reader = self._reader
        reader.close(REQUEST_PROPERTIES, others=ALSO_CALLED)
        base = self._name(reader, "object", required=True)
        dimensions, measures, calculations = self._dimensions(), self._measures(), self._calculations()
        self._check_columns(len(dimensions) + len(measures) + len(calculations))
        request = ReportRequest(
            base or Name("", "/object"),
            dimensions,
            measures,
            self.conditions("filters"),
            self.conditions("having"),
            self._sort(),
            self._limit(),
            bool(reader.boolean("totals")),
            self._name(reader, "relationship"),
            reader.choice("contacts", ContactMatch) or ContactMatch.ANY,
            self._records(),
            self._name(reader, "timezone"),
            self._name(reader, "snapshot") or Name(CURRENT, "/snapshot"),
            self._pivot(),
            reader.choice("compare", Compared) is not None,
            calculations,
            bool(reader.boolean("subtotals")),
        )
        return request if base is not None else None

    def conditions(self, name: str) -> Filter | None:
        """The tree of conditions in a member; None when there is none."""
        sent = self._reader.value(name)
        return None if sent is None or sent == {} else self._filter(sent, (name,), 1)

    def _name(self, reader: Reader, name: str, *, required: bool = False) -> Name | None:
        text = reader.text(name, required=required)
        return Name(text, pointer(*reader.at, name)) if text is not None else None

    def _check_columns(self, count: int) -> None:
        asked = [self._reader.sent.get(name) for name in ("dimensions", "measures", "calculations")]
        if count == 0 and not any(asked[:2]):
            self._reader.refuse("required_missing", "measures", text="required_missing.columns")
        if count > MAX_COLUMNS:
            self._reader.refuse("too_many_columns", "dimensions", values={"limit": MAX_COLUMNS})

    def _dimensions(self, name: str = "dimensions") -> tuple[DimensionAsked, ...]:
        array = "wrong_type.dimensions"
        if name == "pivot":
            sent = self._reader.elements(name, MAX_PIVOT, "bad_value", "bad_value.pivots", array=array)
        else:
            sent = self._reader.elements(name, MAX_COLUMNS, "too_many_columns", "", array=array)
        read = (self._dimension(dimension, name, index) for index, dimension in enumerate(sent or ()))
        return tuple(dimension for dimension in read if dimension is not None)

    def _dimension(self, sent: Any, name: str, index: int) -> DimensionAsked | None:
        if type(sent) is str and sent:
            return DimensionAsked(Name(sent, pointer(name, index)))
        if type(sent) is not dict:
            self._reader.refuse("wrong_type", name, index, text="wrong_type.dimension")
            return None
        reader = Reader(sent, (name, index), self._reader.problems)
        reader.close(("field", "granularity"), others=ALSO_CALLED)
        field, granularity = self._name(reader, "field", required=True), self._name(reader, "granularity")
        return DimensionAsked(field, granularity) if field else None

    def _measures(self) -> tuple[Name, ...]:
        names: list[Name] = []
        array = "wrong_type.measures"
        asked = self._reader.elements("measures", MAX_COLUMNS, "too_many_columns", "", array=array)
        for index, sent in enumerate(asked or ()):
            if type(sent) is str and sent:
                names.append(Name(sent, pointer("measures", index)))
            else:
                meant = measure_meant(sent)
                self._reader.refuse("wrong_type", "measures", index, text="wrong_type.measure", suggestion=meant)
        return tuple(names)

    def _pivot(self) -> tuple[DimensionAsked, ...]:
        asked = self._dimensions("pivot")
        if asked and not self._reader.value("measures"):
            self._reader.refuse("required_missing", "measures", text="required_missing.pivoted")
        return asked

    def _calculations(self) -> tuple[CalculationAsked, ...]:
        found: list[CalculationAsked] = []
        shape, array = "wrong_type.calculation", "wrong_type.calculations"
        items = self._reader.items("calculations", MAX_COLUMNS, "too_many_columns", "", shape=shape, array=array)
        for index, reader in items or ():
            reader.close(("name", "expression"), others=ALSO_CALLED)
            name = self._name(reader, "name", required=True)
            expression = self._name(reader, "expression", required=True)
            if name and expression:
                found.append(CalculationAsked(name, expression, pointer("calculations", index)))
        return tuple(found)

    def _limit(self) -> int:
        sent = self._reader.value("limit")
        if sent is None:
            return DEFAULT_LIMIT
        if type(sent) is not int or sent < 1:
            self._reader.refuse("bad_value", "limit", text="bad_value.limit", values={"limit": self._max_rows})
        elif sent > self._max_rows:
            self._reader.refuse("limit_too_large", "limit", values={"limit": self._max_rows})
        else:
            return sent
        return DEFAULT_LIMIT

    def _sort(self) -> tuple[SortAsked, ...]:
        found: list[SortAsked] = []
        items = self._reader.items("sort", MAX_SORT, shape="wrong_type.sort", array="wrong_type.sorts")
        for _, reader in items or ():
            reader.close(("field", "direction"), others=ALSO_CALLED)
            column, direction = self._name(reader, "field", required=True), reader.choice("direction", Direction)
            if column:
                found.append(SortAsked(column, direction is Direction.DESC))
        return tuple(found)

    def _records(self) -> RecordsAsked | None:
        reader = self._reader.child("records", shape="wrong_type.records")
        if reader is None:
            return None
        reader.close(("object", "relationship", "match"))
        named, over = self._name(reader, "object", required=True), self._name(reader, "relationship")
        match = reader.choice("match", Match) or Match.WITH
        return RecordsAsked(named, over, match) if named else None

    def _filter(self, sent: Any, place: JsonPath, depth: int) -> Filter | None:
        if depth > FILTER_DEPTH_MAX:
            self._reader.refuse("bad_value", *place, text="bad_value.depth", values={"limit": FILTER_DEPTH_MAX})
            self._reader.problems.leave_unread()
            return None
        if type(sent) is not dict:
            self._reader.refuse("wrong_type", *place, text="wrong_type.conditions", suggestion=_EXAMPLE)
            return None
        reader = Reader(sent, place, self._reader.problems)
        kind = next((junction for junction in _JUNCTION if junction in sent), None)
        return self._condition(reader) if kind is None else self._junction(reader, kind, depth)

    def _junction(self, reader: Reader, kind: str, depth: int) -> Filter | None:
        self._junctions += 1
        if self._junctions > MAX_CONDITIONS:
            self._exceed(reader, "bad_value.junctions")
            return None
        reader.close((kind,))
        sent = reader.sent[kind]
        if type(sent) is not list:
            reader.refuse("wrong_type", kind, text="wrong_type.array")
            return None
        parts: list[Filter] = []
        for index, condition in enumerate(sent):
            part = self._filter(condition, (*reader.at, kind, index), depth + 1)
            if self._exceeded:
                break
            if part is not None:
                parts.append(part)
        return Junction("and" if kind == "and" else "or", tuple(parts))

    def _condition(self, reader: Reader) -> Condition | None:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            self._exceed(reader, "bad_value.conditions")
            return None
        if self._is_no_condition(reader):
            return None
        reader.close(_CONDITION, others=ALSO_CALLED)
        field, operator = self._name(reader, "field", required=True), self._name(reader, "op", required=True)
        values = reader.elements("values", MAX_VALUES, "bad_value", "bad_value.too_many")
        refused = values == [] and reader.sent["values"] != []
        if refused or not field or not operator:
            return None
        return Condition(field, operator, tuple(values or ()), pointer(*reader.at))

    def _exceed(self, reader: Reader, text: str) -> None:
        """Too many of something: said once, and the rest of the conditions is not read."""
        self._exceeded = True
        reader.refuse("bad_value", text=text, values={"limit": MAX_CONDITIONS})
        self._reader.problems.leave_unread()

    def _is_no_condition(self, reader: Reader) -> bool:
        """Whether it is something else in the place of a condition, which is then refused."""
        sent = reader.sent
        if not sent or not sent.keys().isdisjoint(_CONDITION):
            return False
        name = next(iter(sent))
        if name.lower() == "not":
            reader.refuse(
                "unknown_property",
                name,
                text="unknown_property.not",
                values={"name": name, "known": ", ".join(NEGATIVE)},
            )
        elif name.lower() in _JUNCTION:
            reader.refuse("unknown_property", name, values={"name": name}, suggestion=name.lower())
        elif is_shorthand(sent, (*_CONDITION, *_JUNCTION)):
            self._refuse_shorthand(reader)
        else:
            return False
        return True

    def _refuse_shorthand(self, reader: Reader) -> None:
        for name, value in reader.sent.items():
            example = condition_meant(name, value)
            values = {"name": name[:_NAME_SHOWN], "example": example}
            reader.refuse(
                "unknown_property", name, text="unknown_property.condition", values=values, suggestion=example
            )
