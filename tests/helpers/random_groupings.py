"""Random good bins and groups of values of any kind."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from tests.helpers.oracle_groupings import Grouping
from tests.helpers.random_dataset import TAGS, World

_NUMERIC = ("number", "integer", "currency")
_WIDTHS = (1, 10, 2.5, 0.1, 0.25, 1000)
_ANY_TEXTS = ("open", "solved", "closed", "Ab", "ab", "STRASSE", "x%y_z", "=1+1", *TAGS)
_NAMES = ("Done", "open", "Ж", "a;b", "..2")


def random_grouping(
    dice: Random, world: World, name: str, term: str, kind: str
) -> tuple[dict[str, Any], str, list[Any]]:
    """A dimension of bins or groups as a request writes it, what its keys are, and keys that it may have."""
    asked: dict[str, Any] = {"field": term, "name": name}
    known = list(world.pool.get(term) or ())
    if kind in _NUMERIC and dice.random() < 0.4:
        asked["width"] = _width(dice, term, kind)
        edges = [0, *(float(asked["width"]) * number for number in (-1, 1, 2, 10))]
        return asked, "currency" if kind == "currency" else "number", [_as(kind, edge) for edge in edges]
    if kind in (*_NUMERIC, "date", "datetime"):
        asked["bins"] = _edges(dice, kind, known)
        return asked, "text", Grouping.of(asked).bands()
    asked["groups"] = _groups(dice, kind, known)
    if dice.random() < 0.5:
        asked["others"] = dice.choice(["Rest", "Other"])
    keys = [group["name"] for group in asked["groups"]] + [asked.get("others", "open")]
    return asked, "multiselect" if kind == "multiselect" else "text", keys


def _width(dice: Random, term: str, kind: str) -> Any:
    if kind == "integer":
        return dice.choice([1, 7, 100])
    # Of a number as large as the doubles are whole, a width below one has no edges.
    width = dice.choice([10, 1000] if term.endswith(".effort") else _WIDTHS)
    return str(width) if kind == "currency" and dice.random() < 0.5 else width


def _as(kind: str, edge: float) -> Any:
    return f"{Decimal(str(edge)):.4f}" if kind == "currency" else edge


def _edges(dice: Random, kind: str, known: Sequence[Any]) -> list[Any]:
    if kind in ("date", "datetime"):
        days = {value[:10] for value in known} | {"2000-01-01", "2026-11-01", "2026-12-31"}
        return sorted(dice.sample(sorted(days), dice.randint(1, 3)))
    values = {Decimal(str(value)): value for value in (*known, 0, 2, 2.5) if not isinstance(value, bool)}
    if kind == "integer":
        values = {Decimal(value): value for value in (0, 1, 2, 12, 2000, 2026)}
    return [values[value] for value in sorted(dice.sample(sorted(values), min(len(values), dice.randint(1, 4))))]


def _groups(dice: Random, kind: str, known: Sequence[Any]) -> list[dict[str, Any]]:
    flat = [item for value in known for item in (value if isinstance(value, list) else [value])]
    values: list[Any] = [True, False] if kind == "boolean" else list(dict.fromkeys([*flat, *_ANY_TEXTS]))
    chosen = dice.sample(values, min(len(values), dice.randint(1, 5)))
    count = dice.randint(1, min(3, len(chosen)))
    return [
        {"name": dice.choice(_NAMES) if count == 1 else _NAMES[n], "values": chosen[n::count]} for n in range(count)
    ]


def inline(asked: Mapping[str, Any], condition: Mapping[str, Any]) -> dict[str, Any]:
    """A condition on a dimension of bins or groups that describes them itself."""
    return {**condition, **{name: item for name, item in asked.items() if name != "name"}}
