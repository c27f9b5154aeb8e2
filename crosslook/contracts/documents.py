"""Reads the documents of compacted topics. A document that cannot be read never counts as absent.

A key decides whether a message is ours. A message under a key of ours must be readable; all others are foreign.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from crosslook.contracts import exact_json
from crosslook.contracts.release import FORMAT, RELEASE

D = TypeVar("D", bound=BaseModel)
CONTROL_PREFIX = "~"
"""Keys of ours that hold no document, such as barriers, begin with it; `~tenant/`, `~settings/`, `~integration/`,
`~import/`, `~slot/` and `~sign_in/` alone hold some."""
HOLE_PREFIX = "~skip/"
"""`~skip/<first>-<last>`: the offsets of a damaged batch, which may have held any key. A message under this key says
that nothing of it is needed any more."""
_SHOWN_MOST = 100
_RELEASE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,31}\Z")


class UnreadableDocument(ValueError):
    """A stored document that this release cannot read. The text gives the place and the cause, and no stored value
    except the name of a type."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A key of a log whose latest value cannot be read. `version`, `history`: what its writer said of it."""

    key: str
    offset: int
    cause: str
    version: int = 0
    history: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return f"{self.key[:_SHOWN_MOST]} at offset {self.offset} cannot be read: {self.cause}"


@dataclass(frozen=True, slots=True)
class Documents:
    """What a topic stores. `owns`: whether a key belongs to Crosslook. `read`: the document under a key; raises
    UnreadableDocument. `version`: the number that a document itself gives, which is that of its key in the log; None
    where it gives none."""

    owns: Callable[[str], bool]
    read: Callable[[str, bytes], object]
    version: Callable[[object], int | None] = lambda document: None


def read_document(model: type[D], value: bytes) -> D:
    """A stored document. Raises UnreadableDocument."""
    return read_parsed(model, parse_stored_json(value))


def read_parsed(model: type[D], sent: Any) -> D:
    """A stored document from its JSON. Raises UnreadableDocument."""
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        raise UnreadableDocument(_cause(sent, error)) from None


def parse_stored_json(value: bytes) -> Any:
    """The JSON of a stored document, its numbers with every digit. Raises UnreadableDocument."""
    try:
        return exact_json.loads(value)
    except orjson.JSONDecodeError:
        raise UnreadableDocument("it is not JSON") from None


def require_key(written: str, key: str) -> None:
    """Raises UnreadableDocument for a document whose content names another key than its own."""
    if written != key:
        raise UnreadableDocument(f"it is about another key, {written[:_SHOWN_MOST]!r}")


def unknown_type(name: object) -> UnreadableDocument:
    """The failure of a document whose type this release does not know."""
    shown = repr(name[:_SHOWN_MOST]) if isinstance(name, str) else "missing"
    return UnreadableDocument(f"its type is {shown}, which release {RELEASE} does not know")


def refuse_newer(number: int, written_by: str) -> None:
    """Raises UnreadableDocument for a format above `FORMAT`, naming the release that can read it."""
    if number > FORMAT:
        release = written_by if _RELEASE.match(written_by) else "that wrote it"
        raise UnreadableDocument(
            f"it has format {number}, and release {RELEASE} reads formats up to {FORMAT}; release {release} can read it"
        )
    if number < 1:
        raise UnreadableDocument("its header `format` is not a number from 1")


def _cause(sent: Any, error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if isinstance(sent, dict) and any(problem["loc"] == ("type",) for problem in found):
        return str(unknown_type(sent.get("type")))
    place = ".".join(str(part) for part in found[0]["loc"])[:_SHOWN_MOST]
    more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
    if found[0]["type"] in ("enum", "literal_error"):
        return f"{place} has a value that release {RELEASE} does not know{more}"
    return f"{place or 'the document'}: {found[0]['type']}{more}"
