"""What saved reports of every kind are sent with: a name, a description, and how they are shown."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.reading import Reader

SAVED_NAME_MAX = 200
DESCRIPTION_MAX = 2000
CHART_MEMBERS_MAX = 1000
CHART_DEPTH_MAX = 10
CHART_TEXT_MAX = 10_000
SAVED_READ_ONLY = ("id", "version", "created_at", "updated_at")
"""What an answer adds to what was sent."""


def chart(reader: Reader) -> dict[str, Any] | None:
    """How the report is shown: a type, and whatever else the page keeps there within bounds."""
    found = reader.child("chart")
    if found is None:
        return None
    found.text("type", SAVED_NAME_MAX, required=True)
    if not _within_bounds(found.sent):
        reader.refuse("too_large", "chart", text="too_large.chart", values={"limit": CHART_MEMBERS_MAX})
    return dict(found.sent)


def under(problems: Iterable[Problem], *place: str | int) -> list[Problem]:
    """Problems with a part of what was sent, as problems with the whole."""
    return [replace(problem, pointer=pointer(*place) + problem.pointer) for problem in problems]


def _within_bounds(value: Any) -> bool:
    level, seen, depth = [value], 0, 0
    while level:
        seen, depth = seen + len(level), depth + 1
        if seen > CHART_MEMBERS_MAX or depth > CHART_DEPTH_MAX or any(_long(member) for member in level):
            return False
        inner = (part for member in level for part in _inside(member))
        level = list(islice(inner, CHART_MEMBERS_MAX + 1))
    return True


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > CHART_TEXT_MAX
