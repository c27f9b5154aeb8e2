"""What the messages of a log say beside key and value: their headers, written and read."""

from collections.abc import Mapping
from typing import NamedTuple

from crosslook.contracts.release import FORMAT, RELEASE

History = tuple[tuple[int, int], ...]
"""(version, offset) of earlier writes of a key."""

HISTORY_KEPT = 32
_WHOLE_DIGITS = 18
"""No number of ours has more digits: a longer one is not ours, and reading it would take long."""


class LogMessage(NamedTuple):
    """One message of a log. `version` 0: its writer gave none. `format`, `written_by`: of the stored document."""

    key: str
    value: bytes | None
    offset: int
    version: int = 0
    history: str = ""
    format: int = 1
    written_by: str = ""


def written_headers(version: int, history: History) -> list[tuple[str, bytes]]:
    """The headers of a message of ours: version, history, and the format and release of its document."""
    return [
        ("version", str(version).encode()),
        ("history", encode_history(history).encode()),
        ("format", str(FORMAT).encode()),
        ("written_by", RELEASE.encode()),
    ]


def read_step(key: str, value: bytes | None, offset: int, headers: Mapping[str, str]) -> LogMessage:
    """The step of a message. A header that cannot be read counts as absent, except the format: nobody knows how to read
    a document whose format is not known, so it is 0 then. A message without a format has format 1."""
    number = whole_number(headers["format"]) if "format" in headers else 1
    return LogMessage(
        key,
        value,
        offset,
        whole_number(headers.get("version", "")) or 0,
        headers.get("history", ""),
        0 if number is None else number,
        headers.get("written_by", ""),
    )


def successor(history: History, version: int, offset: int) -> History:
    """The history of the write that follows `version` at `offset`: the first pair and the most recent ones."""
    past = (*history, (version, offset))
    return past if len(past) <= HISTORY_KEPT else (past[0], *past[-(HISTORY_KEPT - 1) :])


def encode_history(history: History) -> str:
    """`1:17,2:35`, the form in a message's header."""
    return ",".join(f"{version}:{offset}" for version, offset in history)


def decode_history(text: str) -> History:
    """The inverse of `encode_history`; unreadable parts are left out."""
    pairs = (part.partition(":") for part in text.split(",", HISTORY_KEPT)[:HISTORY_KEPT])
    found = ((whole_number(version), whole_number(offset)) for version, _, offset in pairs)
    return tuple((version, offset) for version, offset in found if version is not None and offset is not None)


def whole_number(text: str) -> int | None:
    """A decimal number of at most 18 digits; None for anything else, found without reading it."""
    return int(text) if len(text) <= _WHOLE_DIGITS and text.isascii() and text.isdecimal() else None
