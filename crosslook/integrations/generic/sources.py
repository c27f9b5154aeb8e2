"""Where an option finds a value in a message: a JSON Pointer (RFC 6901), a header, or a constant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

_POINTER = re.compile(r"(/([^/~]|~[01])*)*")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


class Absence(Enum):
    """What a pointer leads to where the message has nothing; null is a value."""

    ABSENT = "absent"


ABSENT: Final = Absence.ABSENT


def is_pointer(text: str) -> bool:
    """Whether a text is a JSON Pointer: empty, or tokens that begin with `/`, with `~0` and `~1` as only escapes."""
    return _POINTER.fullmatch(text) is not None


def pointed(document: Any, pointer: str) -> Any:
    """The value that a JSON Pointer leads to in a document, ABSENT where it leads nowhere (RFC 6901, section 4)."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(document, Mapping):
            document = document.get(name, ABSENT)
        elif isinstance(document, list) and _INDEX.fullmatch(name):
            document = document[int(name)] if int(name) < len(document) else ABSENT
        else:
            return ABSENT
    return document


@dataclass(frozen=True, slots=True)
class ValueSource:
    """Where a value is, and what becomes of it.

    `pointer` into the body, or the name of a `header` in lower case, or a `constant`. `each`: a pointer into each item
    of the list found, "" for none. `values`: replacements by the text of a value. `divide_by`: for amounts in the
    smallest unit of a currency; 1 leaves them.
    """

    pointer: str | None = None
    header: str | None = None
    constant: Any = ABSENT
    each: str | None = None
    values: Mapping[str, Any] | None = None
    divide_by: int = 1

    @property
    def address(self) -> str | None:
        """The name under which facts keep what was found; None for a constant, which no message states."""
        if self.header is not None:
            return f"header {self.header}"
        if self.pointer is None:
            return None
        return self.pointer if self.each is None else f"{self.pointer} each {self.each}"

    def find(self, body: Any, headers: Mapping[str, str]) -> Any:
        """What a message has there, ABSENT for nothing. Items of a list that lack the part asked for are left out."""
        if self.header is not None:
            return headers.get(self.header, ABSENT)
        if self.pointer is None:
            return self.constant
        found = pointed(body, self.pointer)
        if self.each is None or not isinstance(found, list):
            return found
        parts = (pointed(item, self.each) for item in found)
        return [part for part in parts if part is not ABSENT and part is not None]


def read_source(option: Any) -> ValueSource:
    """The source that an option names: a pointer as a text, or an object."""
    if isinstance(option, str):
        return ValueSource(pointer=option)
    header = option.get("header")
    return ValueSource(
        pointer=option.get("pointer"),
        header=None if header is None else header.lower(),
        constant=option.get("constant", ABSENT),
        each=option.get("each"),
        values=option.get("values"),
        divide_by=option.get("divide_by", 1),
    )
