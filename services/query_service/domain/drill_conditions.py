"""Conditions that hold of exactly the rows that a cell of a report is about, as a request writes them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.values import BadValue
from services.query_service.domain.condition_reading import parameter_of
from services.query_service.domain.groupings import GROUPING_MEMBERS
from services.query_service.domain.operators import NEGATIVE
from services.query_service.domain.query import FilterOperator
from services.query_service.domain.row_terms import DimensionColumn

JsonFilter = dict[str, Any]
SentDimension = tuple[DimensionColumn, Any]
"""A dimension, and as the request has it."""
NOTHING: JsonFilter = {"or": []}
"""It holds of no row."""
_OF_EMPTY = frozenset({FilterOperator.IS_EMPTY.value, *(name.value for name in NEGATIVE)}) - {
    FilterOperator.IS_NOT_EMPTY.value
}
"""The operators that hold of an empty value (meaning 4)."""


class BadRow(Exception):
    """What is wrong with the values of a row."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(*(problem.code for problem in problems))
        self.problems = problems


def key_conditions(dimensions: Iterable[SentDimension], values: Iterable[Any], part: str) -> list[JsonFilter]:
    """That a row is grouped under these values. `part`: where they stand. Raises BadRow."""
    found, problems = [], []
    for index, ((dimension, sent), value) in enumerate(zip(dimensions, values, strict=True)):
        try:
            found.append(_condition(dimension, sent, value))
        except BadValue as wrong:
            text = wrong.text or f"bad_value.{wrong.code}"
            problems.append(Problem("bad_value", pointer(part, index), text, wrong.values))
    if problems:
        raise BadRow(problems)
    return found


def _condition(dimension: DimensionColumn, sent: Any, value: Any) -> JsonFilter:
    """Raises BadValue for what no row is grouped under."""
    if value is None:
        return {"field": dimension.of.name, "op": FilterOperator.IS_EMPTY.value}
    if value == "":
        raise BadValue("bad_value", "bad_value.drill_empty")
    parameter_of(dimension).read(value)
    granularity = {} if dimension.granularity is None else {"granularity": dimension.granularity.value}
    operator = FilterOperator.ANY_OF if dimension.of.several else FilterOperator.EQ
    return {
        "field": dimension.of.name,
        **granularity,
        **_grouping(sent),
        "op": operator.value,
        "values": [_json(value)],
    }


def _grouping(sent: Any) -> dict[str, Any]:
    """The bins or groups of a dimension as a condition writes them."""
    return {name: sent[name] for name in GROUPING_MEMBERS if name in sent} if isinstance(sent, dict) else {}


def without_names(tree: Mapping[str, Any], dimensions: Iterable[Any]) -> Mapping[str, Any]:
    """The conditions with bins and groups written out: a list has no dimensions that could be named."""
    named = {sent["name"]: sent for sent in dimensions if isinstance(sent, dict) and sent.get("name") is not None}
    return _written_out(tree, named) if named and tree else tree


def _written_out(tree: Mapping[str, Any], named: Mapping[str, Any]) -> Mapping[str, Any]:
    if "field" in tree:
        sent = named.get(tree["field"])
        return tree if sent is None else {**tree, "field": sent["field"], **_grouping(sent)}
    return {kind: [_written_out(part, named) for part in parts] for kind, parts in tree.items()}


def _json(value: Any) -> Any:
    # A number of more digits than a double has is still one.
    return float(value) if isinstance(value, Decimal) else value


def conjunction(*filters: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The conditions that all must hold, without the `and` around them: so the depth of the tree stays."""
    return [part for given in filters for part in _parts(given)]


def _parts(given: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    if not given:
        return
    junction = given.get("and")
    if isinstance(junction, list):
        yield from junction
    else:
        yield given


def tested_names(tree: Mapping[str, Any]) -> Iterator[str]:
    """What a condition or a tree of them tests."""
    if "field" in tree:
        yield str(tree["field"])
        return
    for part in tree.get("and", tree.get("or", ())):
        yield from tested_names(part)


def of_empty_fields(tree: Mapping[str, Any], absent: Collection[str]) -> Mapping[str, Any] | bool:
    """The condition on rows in which these fields are empty because they do not exist there; true or false where it
    holds of every row or of none."""
    if "field" in tree:
        return tree["op"] in _OF_EMPTY if tree["field"] in absent else tree
    kind = "and" if "and" in tree else "or"
    parts = [of_empty_fields(part, absent) for part in tree[kind]]
    if (kind == "or") in parts:
        return kind == "or"
    left = [part for part in parts if not isinstance(part, bool)]
    return {kind: left} if left else kind == "and"
