"""Random good conditions: each operator of each kind of value, with values that occur and values that do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.helpers.oracle_calendar import kind_of_granularity
from tests.helpers.random_dataset import DEFINITIONS, TAGS, World

_EQUALITY = ["eq", "neq", "in", "not_in", "is_empty", "is_not_empty"]
_PARTS = [*_EQUALITY, "contains", "not_contains", "starts_with", "ends_with"]
_RANGE = [*_EQUALITY, "gt", "gte", "lt", "lte", "between"]
PERIODS = ["in_this", "in_previous", "to_date"]
_TIMES = [*_RANGE, "before", "after", "on", "in_last", "in_next"]
OPERATORS: Mapping[str, list[str]] = {
    "text": _PARTS,
    "textarea": _PARTS,
    "dropdown": _PARTS,
    "number": _RANGE,
    "integer": _RANGE,
    "currency": _RANGE,
    "date": _TIMES,
    "datetime": _TIMES,
    "multiselect": ["any_of", "all_of", "none_of", "is_empty", "is_not_empty"],
    "boolean": _EQUALITY,
}
MEASURES: Mapping[str, list[str]] = {
    "text": ["count_distinct"],
    "textarea": ["count_distinct"],
    "dropdown": ["count_distinct"],
    "multiselect": ["count_distinct"],
    "number": ["sum", "avg", "min", "max", "median", "p90", "p95", "stddev"],
    "integer": ["sum", "avg", "min", "max", "median", "p90", "p95", "stddev"],
    "currency": ["sum", "avg", "min", "max", "median", "p90", "p95", "stddev"],
    "date": ["min", "max"],
    "datetime": ["min", "max"],
    "boolean": [],
}
_OF_DATES = ["day", "week", "month", "quarter", "year", "day_of_week", "month_of_year"]
GRANULARITIES: Mapping[str, list[str]] = {"date": _OF_DATES, "datetime": [*_OF_DATES, "hour", "hour_of_day"]}
UNITS: Mapping[str, list[str]] = {
    "date": ["day", "week", "month", "quarter", "year"],
    "datetime": ["hour", "day", "week", "month", "quarter", "year"],
}
_BUILT_IN = {"_id": "text", "_updated_at": "datetime"}


def terms_of(name: str) -> dict[str, str]:
    """The fields of an object, built-in ones too, and what they are."""
    fields = {
        field.slug: field.type.value for field in DEFINITIONS[name].fields if field.slug not in ("phone", "last_name")
    }
    return {f"{name}.{slug}": kind for slug, kind in (fields | _BUILT_IN).items()}


@dataclass(slots=True)
class Conditions:
    """Writes conditions on named values. `periods`, `truncated`: also on periods, on truncated values. `extra`: values
    by name, of what is not a field."""

    dice: Random
    world: World
    periods: bool = False
    truncated: bool = False
    extra: dict[str, Sequence[Any]] = field(default_factory=dict)

    def tree(self, named: Mapping[str, str], depth: int = 0) -> dict[str, Any]:
        """A condition, or several under `and` and `or`."""
        if depth == 2 or self.dice.random() < 0.5:
            return self.condition(named)
        parts = [self.tree(named, depth + 1) for _ in range(self.dice.choice([0, 1, 2, 2, 3]))]
        return {self.dice.choice(["and", "or"]): parts}

    def condition(self, named: Mapping[str, str]) -> dict[str, Any]:
        """A condition on one of the named values."""
        name = self.dice.choice(sorted(named))
        kind, asked = named[name], {"field": name}
        if self.truncated and kind in GRANULARITIES and self.dice.random() < 0.4:
            asked["granularity"] = self.dice.choice(GRANULARITIES[kind])
            kind = kind_of_granularity(kind, asked["granularity"])
        operators = OPERATORS[kind]
        if self.periods and kind in UNITS:
            operators = [*operators, *PERIODS, *PERIODS]
        op = self.dice.choice(operators)
        return {**asked, "op": op, "values": self._values(name, kind, op, "granularity" in asked)}

    def _values(self, name: str, kind: str, op: str, truncated: bool) -> list[Any]:
        match op:
            case "is_empty" | "is_not_empty":
                return []
            case "in_last" | "in_next" | "in_previous":
                return [self.dice.choice([1, 1, 2, 3, 13, 60]), self.dice.choice(UNITS[kind])]
            case "in_this" | "to_date":
                return [self.dice.choice(UNITS[kind])]
            case "any_of" | "all_of" | "none_of":
                known = list(dict.fromkeys(self.extra.get(name, TAGS)))
                return self.dice.sample(known, min(len(known), self.dice.choice([1, 1, 2])))
        count = {"in": self.dice.choice([1, 2, 4]), "between": 2}.get(op.removeprefix("not_"), 1)
        found = [self._value(name, kind, truncated) for _ in range(count)]
        if op in ("contains", "not_contains", "starts_with", "ends_with"):
            return [value[: self.dice.choice([1, 2, 9])] for value in found]
        return sorted(found, key=_amount) if op == "between" and self.dice.random() < 0.8 else found

    def _value(self, name: str, kind: str, truncated: bool) -> Any:
        if kind == "integer" and name not in self.extra:
            return self.dice.choice([*range(1, 13), 0, 23, 24])
        pool = self.world.pool
        known = self.extra.get(name) or pool.get(name) or pool.get(name.rpartition(".")[0]) or []
        if kind in ("date", "datetime") and (truncated or not known or self.dice.random() < 0.3):
            return self._time(kind)
        found = self.dice.choice(known) if known else _CONSTANTS[kind]
        return found[0] if isinstance(found, list) else found

    def _time(self, kind: str) -> str:
        instant = self.world.as_of + timedelta(minutes=self.dice.choice([0, 1, -60, 1440, -1440, -44_640, -525_600]))
        first = self.dice.random() < 0.4
        day = (instant.replace(day=1) if first else instant).date().isoformat()
        return day if kind == "date" or self.dice.random() < 0.5 else instant.isoformat()


_CONSTANTS: Mapping[str, Any] = {"text": "x", "number": 1, "integer": 1, "currency": "1", "boolean": True}


def _amount(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return datetime.fromisoformat(value).timestamp()
