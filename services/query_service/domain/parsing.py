"""JSON to a ReportRequest: strict about shape, with every problem found and the good parts kept for the next step."""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from crosslook.contracts.problems import Problem, did_you_mean, pointer
from services.query_service.domain.query import (
    CURRENT,
    DEFAULT_LIMIT,
    PREVIOUS,
    CalculationAsked,
    Condition,
    Contacts,
    DimensionAsked,
    Filter,
    Junction,
    Match,
    Name,
    RecordsAsked,
    ReportRequest,
    SortAsked,
)

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)
MAX_COLUMNS = 100
MAX_CONDITIONS = 200
MAX_DEPTH = 10
MAX_VALUES = 1000
MAX_PIVOT = 2

PROPERTIES = (
    *("object", "dimensions", "measures", "filters", "having", "sort", "limit", "totals", "relationship", "contacts"),
    *("records", "timezone", "snapshot", "pivot", "compare", "calculations", "subtotals"),
)
"""The properties of a report request (CONTRACTS 5)."""


class Parser:
    """Reads one body. `problems` grows while it reads."""

    def __init__(self, body: Any, max_rows: int) -> None:
        self.problems: list[Problem] = []
        self._body: Mapping[str, Any] = body if isinstance(body, dict) else {}
        self._max_rows = max_rows
        self._conditions = 0
        if not isinstance(body, dict):
            self._refuse("wrong_type", "", "wrong_type.object")

    def request(self) -> ReportRequest | None:
        """The request without the parts that are wrong; None when not even its object can be read."""
        if not self._body and self.problems:
            return None
        self._only(self._body, PROPERTIES, "")
        dimensions = tuple(self._list("dimensions", self._dimension))
        measures = tuple(self._list("measures", self._name))
        calculations = tuple(self._list("calculations", self._calculation))
        if "object" not in self._body:
            self._refuse("required_missing", "/object", name="object")
        base = self._name(self._body["object"], "/object") if "object" in self._body else None
        self._check_columns(len(dimensions) + len(measures) + len(calculations))
        request = ReportRequest(
            base or Name("", "/object"),
            dimensions,
            measures,
            self._junction_of("filters"),
            self._junction_of("having"),
            tuple(self._list("sort", self._sort)),
            self._limit(),
            self._flag("totals"),
            self._optional_name("relationship"),
            self._choice(self._body.get("contacts"), Contacts, "/contacts") or Contacts.ANY,
            self._records(),
            self._optional_name("timezone"),
            self._optional_name("snapshot") or Name(CURRENT, "/snapshot"),
            self._pivot(),
            self._choice(self._body.get("compare"), Compared, "/compare") is not None,
            calculations,
            self._flag("subtotals"),
        )
        return request if base is not None else None

    def _refuse(
        self, code: str, where: str, text: str = "", suggestion: str | None = None, **values: str | int
    ) -> None:
        self.problems.append(Problem(code, where, text, values, suggestion))

    def _only(self, sent: Mapping[str, Any], known: Iterable[str], where: str) -> None:
        for name in sent:
            if name not in known:
                place = where + pointer(name)
                self._refuse("unknown_property", place, suggestion=did_you_mean(name, known), name=str(name)[:100])

    def _check_columns(self, count: int) -> None:
        asked = [self._body.get(name) for name in ("dimensions", "measures")]
        if count == 0 and not any(asked):
            self._refuse("required_missing", "/measures", "required_missing.columns")
        if count > MAX_COLUMNS:
            self._refuse("too_many_columns", "/dimensions", limit=MAX_COLUMNS)

    def _list(self, name: str, read: Callable[[Any, str], T | None]) -> list[T]:
        sent = self._body.get(name)
        if sent is None:
            return []
        if not isinstance(sent, list):
            self._refuse("wrong_type", pointer(name), "wrong_type.array")
            return []
        parts = (read(one, pointer(name, index)) for index, one in enumerate(sent))
        return [part for part in parts if part is not None]

    def _pivot(self) -> tuple[DimensionAsked, ...]:
        asked = tuple(self._list("pivot", self._dimension))
        if len(asked) > MAX_PIVOT:
            self._refuse("bad_value", "/pivot", "bad_value.pivots", limit=MAX_PIVOT)
        if asked and not self._body.get("measures"):
            self._refuse("required_missing", "/measures", "required_missing.pivoted")
        return asked

    def _calculation(self, sent: Any, where: str) -> CalculationAsked | None:
        read = self._object(sent, where, ("name", "expression"), ("name", "expression"))
        if read is None:
            return None
        name = self._name(read["name"], f"{where}/name")
        expression = self._name(read["expression"], f"{where}/expression")
        return CalculationAsked(name, expression, where) if name and expression else None

    def _name(self, sent: Any, where: str) -> Name | None:
        if isinstance(sent, str) and sent:
            return Name(sent, where)
        self._refuse("wrong_type", where, "wrong_type.text")
        return None

    def _optional_name(self, name: str) -> Name | None:
        sent = self._body.get(name)
        return None if sent is None else self._name(sent, pointer(name))

    def _flag(self, name: str) -> bool:
        sent = self._body.get(name)
        if sent is not None and not isinstance(sent, bool):
            self._refuse("wrong_type", pointer(name), "wrong_type.boolean")
        return sent is True

    def _choice(self, sent: Any, kind: type[Choice], where: str) -> Choice | None:
        known = [one.value for one in kind]
        if sent is None or sent in known:
            return None if sent is None else kind(sent)
        self._refuse("bad_value", where, "bad_value.choice", did_you_mean(sent, known), known=", ".join(known))
        return None

    def _limit(self) -> int:
        sent = self._body.get("limit")
        if sent is None:
            return DEFAULT_LIMIT
        if type(sent) is not int or sent < 1:
            self._refuse("bad_value", "/limit", "bad_value.limit", limit=self._max_rows)
        elif sent > self._max_rows:
            self._refuse("limit_too_large", "/limit", limit=self._max_rows)
        else:
            return sent
        return DEFAULT_LIMIT

    def _object(self, sent: Any, where: str, known: Iterable[str], needed: Iterable[str]) -> Mapping[str, Any] | None:
        if not isinstance(sent, dict):
            self._refuse("wrong_type", where, "wrong_type.object")
            return None
        self._only(sent, known, where)
        missing = [name for name in needed if name not in sent]
        for name in missing:
            self._refuse("required_missing", where + pointer(name), name=name)
        return None if missing else sent

    def _dimension(self, sent: Any, where: str) -> DimensionAsked | None:
        if isinstance(sent, str):
            field = self._name(sent, where)
            return DimensionAsked(field) if field else None
        read = self._object(sent, where, ("field", "granularity"), ("field",))
        if read is None:
            return None
        field = self._name(read["field"], f"{where}/field")
        truncated = read.get("granularity")
        granularity = None if truncated is None else self._name(truncated, f"{where}/granularity")
        return DimensionAsked(field, granularity) if field else None

    def _sort(self, sent: Any, where: str) -> SortAsked | None:
        read = self._object(sent, where, ("field", "direction"), ("field",))
        if read is None:
            return None
        column = self._name(read["field"], f"{where}/field")
        direction = self._choice(read.get("direction"), Direction, f"{where}/direction")
        return SortAsked(column, direction is Direction.DESC) if column else None

    def _records(self) -> RecordsAsked | None:
        sent = self._body.get("records")
        if sent is None:
            return None
        read = self._object(sent, "/records", ("object", "relationship", "match"), ("object",))
        if read is None:
            return None
        named = self._name(read["object"], "/records/object")
        over = read.get("relationship")
        relationship = None if over is None else self._name(over, "/records/relationship")
        match = self._choice(read.get("match"), Match, "/records/match") or Match.WITH
        return RecordsAsked(named, relationship, match) if named else None

    def _junction_of(self, name: str) -> Filter | None:
        sent = self._body.get(name)
        return None if sent is None or sent == {} else self._filter(sent, pointer(name), 1)

    def _filter(self, sent: Any, where: str, depth: int) -> Filter | None:
        if depth > MAX_DEPTH:
            self._refuse("bad_value", where, "bad_value.depth", limit=MAX_DEPTH)
            return None
        if isinstance(sent, dict) and not sent.keys().isdisjoint(("and", "or")):
            return self._junction(sent, where, depth)
        return self._condition(sent, where)

    def _junction(self, sent: Mapping[str, Any], where: str, depth: int) -> Filter | None:
        kind = "and" if "and" in sent else "or"
        self._only(sent, (kind,), where)
        parts = sent[kind]
        place = f"{where}/{kind}"
        if not isinstance(parts, list):
            self._refuse("wrong_type", place, "wrong_type.array")
            return None
        read = [self._filter(part, f"{place}/{index}", depth + 1) for index, part in enumerate(parts)]
        return Junction("and" if kind == "and" else "or", tuple(part for part in read if part is not None))

    def _condition(self, sent: Any, where: str) -> Condition | None:
        self._conditions += 1
        if self._conditions == MAX_CONDITIONS + 1:
            self._refuse("bad_value", where, "bad_value.conditions", limit=MAX_CONDITIONS)
        read = self._object(sent, where, ("field", "op", "values"), ("field", "op"))
        if read is None:
            return None
        field, operator = self._name(read["field"], f"{where}/field"), self._name(read["op"], f"{where}/op")
        values = read.get("values", [])
        if not isinstance(values, list):
            self._refuse("wrong_type", f"{where}/values", "wrong_type.array")
            return None
        if len(values) > MAX_VALUES:
            self._refuse("bad_value", f"{where}/values", "bad_value.too_many", limit=MAX_VALUES)
            return None
        return Condition(field, operator, tuple(values), where) if field and operator else None


class Direction(StrEnum):
    """Which end of an order comes first."""

    ASC = "asc"
    DESC = "desc"


class Compared(StrEnum):
    """What a report can be compared with."""

    PREVIOUS = PREVIOUS


def parse(body: Any, max_rows: int) -> tuple[ReportRequest | None, list[Problem]]:
    """The request and every problem of its shape. `max_rows` bounds `limit`."""
    parser = Parser(body, max_rows)
    request = parser.request()
    return request, parser.problems
