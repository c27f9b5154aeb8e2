"""What is sent to be saved, read strictly: every problem is noted with its place, none hides another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.problems import Problem, did_you_mean, pointer

NAME_MAX = 200
DESCRIPTION_MAX = 2000
CHART_MEMBERS_MAX = 1000
CHART_DEPTH_MAX = 10
TEXT_MAX = 10_000
READ_ONLY = ("id", "version", "created_at", "updated_at")
"""What an answer adds to what was sent."""

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """One JSON object that was sent, where it stands, and the problems found so far. `null` counts as not sent."""

    sent: Mapping[str, Any]
    at: Place
    problems: list[Problem]

    def refuse(self, code: str, *names: str | int, text: str = "", **values: str | int) -> None:
        """Note a problem at a place below this object."""
        self.problems.append(Problem(code, pointer(*self.at, *names), text, values))

    def only(self, known: Iterable[str], read_only: Iterable[str] = ()) -> None:
        """Refuse every member that is not known."""
        names = frozenset(known)
        for name in self.sent:
            if name not in names:
                text = "unknown_property.read_only" if name in read_only else ""
                guess = did_you_mean(name, names) if not text else None
                where = pointer(*self.at, name)
                self.problems.append(Problem("unknown_property", where, text, {"name": name[:100]}, guess))

    def text(self, name: str, most: int, *, required: bool = False) -> str:
        """A text of at most `most` characters, "" where there is none; a required one has something visible in it."""
        value = self.sent.get(name)
        if value is None or (required and isinstance(value, str) and not value.strip()):
            if required:
                self.refuse("required_missing", name, text="required_missing", name=name)
        elif not isinstance(value, str):
            self.refuse("wrong_type", name, text="wrong_type.text")
        elif len(value) > most:
            self.refuse("too_long", name, limit=most)
        else:
            return value
        return ""

    def child(self, name: str) -> "Members | None":
        """The object that the member holds; None when it holds none."""
        value = self.sent.get(name)
        return None if value is None else members(value, (*self.at, name), self.problems)

    def chart(self) -> dict[str, Any] | None:
        """How the report is shown: a type, and whatever else the page keeps there within bounds."""
        found = self.child("chart")
        if found is None:
            return None
        found.text("type", NAME_MAX, required=True)
        if not _within_bounds(found.sent):
            self.refuse("too_large", "chart", text="too_large.chart", limit=CHART_MEMBERS_MAX)
        return dict(found.sent)


def members(value: Any, at: Place, problems: list[Problem]) -> Members | None:
    """The members of `value`; None, with the problem noted, when it is no object."""
    if isinstance(value, dict):
        return Members(value, at, problems)
    problems.append(Problem("wrong_type", pointer(*at), "wrong_type.object"))
    return None


def under(problems: Iterable[Problem], *place: str | int) -> list[Problem]:
    """Problems with a part of what was sent, as problems with the whole."""
    return [Problem(one.code, pointer(*place) + one.pointer, one.text, one.values, one.suggestion) for one in problems]


def _within_bounds(value: Any) -> bool:
    level, seen, depth = [value], 0, 0
    while level:
        seen, depth = seen + len(level), depth + 1
        if seen > CHART_MEMBERS_MAX or depth > CHART_DEPTH_MAX or any(_long(one) for one in level):
            return False
        level = [inner for one in level for inner in _inside(one)]
    return True


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else ()


def _long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > TEXT_MAX
