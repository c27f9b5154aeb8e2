"""Reads JSON bodies strictly, for all services: every problem is reported with its pointer, and none hides another.

What is sent is untrusted and may be large, so the limits are part of the reader: a list beyond its limit is refused and
not read, unknown members are described up to the limit of problems and then counted, and reading stops when too much is
wrong (`Problems`). `null` counts as not sent.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any, TypeVar

from crosslook.contracts.problems import SHOWN_MAX, Problem, Problems, pointer
from crosslook.contracts.suggestions import Guess, guess

_NAME_SHOWN = 100
OBJECT = "wrong_type.object"

JsonPath = tuple[str | int, ...]
T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(slots=True)
class Reader:
    """Reads the members of one object into `kept`: those that were sent and are good.

    Every method may raise ReadingStopped; `read_object` is where reading begins and where that ends it.
    """

    sent: Mapping[str, Any]
    at: JsonPath
    problems: Problems
    kept: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str, *, required: bool = False) -> Any:
        """The value of the member; None if it is missing, which is refused if it is required."""
        value = self.sent.get(name)
        if value is None and required:
            self.refuse("required_missing", name, values={"name": name})
        return value

    def text(self, name: str, most: int | None = None, *, required: bool = False) -> str | None:
        """A text of at most `most` characters; a required one must contain something visible."""
        value = self.value(name, required=required)
        if value is None:
            return None
        if type(value) is not str:
            self.refuse("wrong_type", name, text="wrong_type.text")
        elif required and not value.strip():
            self.refuse("required_missing", name, values={"name": name})
        elif most is not None and len(value) > most:
            self.refuse("too_long", name, values={"limit": most})
        else:
            self.kept[name] = value
            return value
        return None

    def boolean(self, name: str) -> bool | None:
        """true or false."""
        value = self.value(name)
        if value is None:
            return None
        if type(value) is not bool:
            self.refuse("wrong_type", name, text="wrong_type.boolean")
            return None
        self.kept[name] = value
        return value

    def integer(self, name: str, least: int, most: int) -> int | None:
        """A whole number from `least` to `most`. One that 64 bits do not hold is a Decimal, and out of range."""
        value = self.value(name)
        if value is None:
            return None
        if type(value) is int and least <= value <= most:
            self.kept[name] = value
            return value
        if type(value) is int or (type(value) is Decimal and value == value.to_integral_value()):
            self.refuse("out_of_range", name, values={"limit": f"{least} … {most}"})
        else:
            self.refuse("wrong_type", name, text="wrong_type.integer")
        return None

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        """One of a few words."""
        word = self.word(name, [member.value for member in kind])
        return kind(word) if word is not None else None

    def word(self, name: str, known: Sequence[str]) -> str | None:
        """One of the known words."""
        value = self.value(name)
        if value is None:
            return None
        if type(value) is not str or value not in known:
            values = {"known": ", ".join(known)}
            self.refuse("bad_value", name, text="bad_value.choice", values=values, suggestion=guess(value, known))
            return None
        self.kept[name] = value
        return value

    def child(self, name: str, *, required: bool = False, shape: str = OBJECT) -> "Reader | None":
        """A reader of the object in the member; None if the member is not an object. `shape`: as `reader`."""
        value = self.value(name, required=required)
        return None if value is None else self.reader(value, name, shape=shape)

    def elements(
        self,
        name: str,
        most: int,
        code: str = "too_long",
        text: str = "too_long.list",
        *,
        array: str = "wrong_type.array",
    ) -> list[Any] | None:
        """The elements of the array in the member; None if it is missing. `array`: the sentence that
        describes it.

        An array of more than `most` elements is refused with `code` and not read: its elements are none.
        """
        value = self.value(name)
        if value is None:
            return None
        if type(value) is not list:
            self.refuse("wrong_type", name, text=array)
        elif len(value) > most:
            self.refuse(code, name, text=text, values={"limit": most, "count": len(value)})
            self.problems.leave_unread()
        else:
            return value
        return []

    def items(
        self,
        name: str,
        most: int,
        code: str = "too_long",
        text: str = "too_long.list",
        *,
        shape: str = OBJECT,
        array: str = "wrong_type.array",
    ) -> "Sequence[tuple[int, Reader]] | None":
        """As `elements`, with a reader for each element that is an object; the others are refused (`reader`)."""
        elements = self.elements(name, most, code, text, array=array)
        if elements is None:
            return None
        readers = [(index, self.reader(element, name, index, shape=shape)) for index, element in enumerate(elements)]
        return [(index, reader) for index, reader in readers if reader is not None]

    def reader(self, value: Any, *place: str | int, shape: str = OBJECT) -> "Reader | None":
        """A reader of an object at a place below this one; None, with the problem noted, when it is not an object.
        `shape`: the sentence that describes the object."""
        if type(value) is dict:
            return Reader(value, (*self.at, *place), self.problems)
        self.refuse("wrong_type", *place, text=shape)
        return None

    def close(
        self, known: Collection[str], read_only: Collection[str] = (), others: Mapping[str, str] | None = None
    ) -> None:
        """Refuse every member that is not known. `read_only`: what answers add to what was sent. `others`: what other
        systems call our members, in small letters."""
        unknown = len(self.sent) - sum(name in self.sent for name in known)
        if not unknown:
            return
        described = list(islice((name for name in self.sent if name not in known), SHOWN_MAX))
        for name in described:
            fixed = name in read_only
            text = "unknown_property.read_only" if fixed else ""
            other = (others or {}).get(name.lower()) if len(name) <= _NAME_SHOWN else None
            meant = None if fixed else other if other in known else guess(name, known)
            self.refuse("unknown_property", name, text=text, values={"name": name[:_NAME_SHOWN]}, suggestion=meant)
        self.problems.count(unknown - len(described))

    def refuse(
        self,
        code: str,
        *names: str | int,
        text: str = "",
        values: Mapping[str, str | int] | None = None,
        suggestion: str | Guess[Any] | None = None,
    ) -> None:
        """Note a problem at a place below this object."""
        self.problems.add(Problem(code, pointer(*self.at, *names), text, values or {}, suggestion))


def read_object(body: Any, read: Callable[[Reader], T], problems: Problems | None = None) -> tuple[T | None, Problems]:
    """What `read` makes of a body, and everything that is wrong with it.

    The first is None when the body is not an object or when reading stopped at the limit of problems. `problems`:
    where to note them; by default in a new collection.
    """
    found = Problems() if problems is None else problems
    with found.reading():
        if type(body) is dict:
            return read(Reader(body, (), found)), found
        found.add(Problem("wrong_type", "", "wrong_type.object"))
    return None, found
