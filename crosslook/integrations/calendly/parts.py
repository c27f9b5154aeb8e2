"""Strict reading of Calendly's JSON: a missing part is empty, a part of another shape makes the message unmappable."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import orjson

from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.values import BadValue, instant_ms, number
from crosslook.integrations.interface import Unmappable

_REASON_MAX = 200
_BELOW_MILLISECOND = re.compile(r"\.\d{3}(\d{1,6})")
_LAST_SEGMENT = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)
_Read = TypeVar("_Read")


class CalendlyInstant(NamedTuple):
    """An instant: milliseconds since the epoch, and the nanoseconds below the millisecond."""

    ms: int
    nanoseconds: int = 0


def parse_body(body: bytes) -> "CalendlyPart":
    """The JSON object of a message. Raises Unmappable."""
    try:
        return CalendlyPart(orjson.loads(body), ())._checked()
    except orjson.JSONDecodeError as error:
        problem = Problem("not_json", text="not_json.event", values={"reason": error.msg[:_REASON_MAX]})
        raise Unmappable(problem) from None


@dataclass(frozen=True, slots=True)
class CalendlyPart:
    """One JSON object of a message, and where it is in it. All its readers answer None for a member that is missing or
    null, and raise Unmappable, with the member's place, for one of another type."""

    members: Any
    place: tuple[str | int, ...]

    def has(self, name: str) -> bool:
        """Whether the member is there and not null."""
        return self.members.get(name) is not None

    def names(self, name: str) -> bool:
        """Whether the member is there, even if it is null."""
        return name in self.members

    def text(self, name: str) -> str | None:
        """A text without blanks around it; None for an empty one."""
        return self._member(name, _text)

    def instant(self, name: str) -> CalendlyInstant | None:
        """An RFC 3339 instant."""
        return self._member(name, _moment)

    def number(self, name: str) -> int | float | None:
        """A finite number, or a decimal text."""
        return self._member(name, number)

    def flag(self, name: str) -> bool:
        """Whether the member is true."""
        return self._member(name, _boolean) or False

    def last_segment(self, name: str) -> str | None:
        """The id at the end of a URI: `https://api.calendly.com/scheduled_events/<id>`."""
        return self._member(name, _id_at_end)

    def part(self, name: str) -> "CalendlyPart | None":
        """An inner object."""
        inner = self.members.get(name)
        return None if inner is None else CalendlyPart(inner, (*self.place, name))._checked()

    def required(self, name: str) -> "CalendlyPart":
        """An inner object that must be there."""
        return self.part(name) or self._missing(name)

    def parts(self, name: str) -> "list[CalendlyPart]":
        """The objects of a list."""
        found = self.members.get(name)
        if found is None:
            return []
        if type(found) is not list:
            raise Unmappable(Problem("wrong_type", pointer(*self.place, name), "wrong_type.array"))
        return [CalendlyPart(item, (*self.place, name, index))._checked() for index, item in enumerate(found)]

    def present(self, name: str, read: _Read | None) -> _Read:
        """What was read of a member that must be there."""
        return self._missing(name) if read is None else read

    def _missing(self, name: str) -> Any:
        raise Unmappable(Problem("vendor_member_missing", pointer(*self.place, name), values={"name": name}))

    def _checked(self) -> "CalendlyPart":
        if type(self.members) is not dict:
            raise Unmappable(Problem("wrong_type", pointer(*self.place), "wrong_type.object"))
        return self

    def _member(self, name: str, read: Callable[[Any], _Read | None]) -> _Read | None:
        sent = self.members.get(name)
        try:
            return None if sent is None else read(sent)
        except BadValue as bad:
            raise Unmappable(Problem(bad.code, pointer(*self.place, name), bad.text, bad.values)) from None


def _text(sent: Any) -> str | None:
    if type(sent) is not str:
        raise BadValue("wrong_type", "wrong_type.text")
    return sent.strip() or None


def _boolean(sent: Any) -> bool:
    if type(sent) is not bool:
        raise BadValue("wrong_type", "wrong_type.boolean")
    return sent


def _moment(sent: Any) -> CalendlyInstant:
    ms = instant_ms(sent)
    below = _BELOW_MILLISECOND.search(sent)
    return CalendlyInstant(ms, int(below[1].ljust(6, "0")) if below else 0)


def _id_at_end(sent: Any) -> str | None:
    text = _text(sent)
    if text is None:
        return None
    found = _LAST_SEGMENT.fullmatch(text.rstrip("/").rpartition("/")[2])
    if found is None:
        raise BadValue("wrong_type", "wrong_type.uri")
    return found[0]
