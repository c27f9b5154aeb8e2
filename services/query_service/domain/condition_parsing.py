"""Reads conditions from JSON: filters and `having`, as trees of tests and junctions, with one bound for a whole
request."""

from typing import Any, Final

from crosslook.contracts.problems import Problem, Problems, pointer
from crosslook.contracts.reading import JsonPath, Reader
from services.query_service.domain.grouping_parsing import read_grouping
from services.query_service.domain.groupings import GROUPING_MEMBERS
from services.query_service.domain.operators import NEGATIVE
from services.query_service.domain.query import Condition, Filter, Junction, Name
from services.query_service.domain.shorthand import ALSO_CALLED, condition_meant, is_shorthand

MAX_CONDITIONS = 200
FILTER_DEPTH_MAX = 10
MAX_VALUES = 1000

_CONDITION = ("field", "op", "values", "granularity", *GROUPING_MEMBERS)
_JUNCTION: Final = ("and", "or")
_EXAMPLE = '{"and": [{"field": "ticket.status", "op": "eq", "values": ["open"]}]}'
_NAME_SHOWN = 100


def name_at(reader: Reader, name: str, *, required: bool = False) -> Name | None:
    """The name in a member, with its place."""
    text = reader.text(name, required=required)
    return Name(text, pointer(*reader.at, name)) if text is not None else None


class ConditionParser:
    """Reads all conditions of one request."""

    def __init__(self, problems: Problems, further: int = 0) -> None:
        """`further`: how many conditions there may be besides MAX_CONDITIONS, in trees of one level more."""
        self._problems = problems
        self._most = MAX_CONDITIONS + further
        self._deepest = FILTER_DEPTH_MAX + (further > 0)
        self._conditions = 0
        self._junctions = 0
        self._exceeded = False

    def conditions(self, reader: Reader, name: str) -> Filter | None:
        """The tree of conditions in a member of what `reader` reads; None when there is none."""
        sent = reader.value(name)
        return None if sent is None or sent == {} else self._filter(sent, (*reader.at, name), 1)

    def _filter(self, sent: Any, place: JsonPath, depth: int) -> Filter | None:
        if depth > self._deepest:
            problem = Problem("bad_value", pointer(*place), "bad_value.depth", {"limit": self._deepest})
            self._problems.add(problem)
            self._problems.leave_unread()
            return None
        if type(sent) is not dict:
            problem = Problem("wrong_type", pointer(*place), "wrong_type.conditions", suggestion=_EXAMPLE)
            self._problems.add(problem)
            return None
        reader = Reader(sent, place, self._problems)
        kind = next((junction for junction in _JUNCTION if junction in sent), None)
        return self._condition(reader) if kind is None else self._junction(reader, kind, depth)

    def _junction(self, reader: Reader, kind: str, depth: int) -> Filter | None:
        self._junctions += 1
        if self._junctions > self._most:
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
        if self._conditions > self._most:
            self._exceed(reader, "bad_value.conditions")
            return None
        if self._is_no_condition(reader):
            return None
        reader.close(_CONDITION, others=ALSO_CALLED)
        field, operator = name_at(reader, "field", required=True), name_at(reader, "op", required=True)
        granularity, known = name_at(reader, "granularity"), len(reader.problems)
        grouping = read_grouping(reader) if not reader.sent.keys().isdisjoint(GROUPING_MEMBERS) else None
        values = reader.elements("values", MAX_VALUES, "bad_value", "bad_value.too_many")
        refused = (values == [] and reader.sent["values"] != []) or len(reader.problems) > known
        if refused or not field or not operator:
            return None
        return Condition(field, operator, tuple(values or ()), pointer(*reader.at), granularity, grouping)

    def _exceed(self, reader: Reader, text: str) -> None:
        """Too many of something: said once, and the rest of the conditions is not read."""
        self._exceeded = True
        reader.refuse("bad_value", text=text, values={"limit": self._most})
        self._problems.leave_unread()

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
