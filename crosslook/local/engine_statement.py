"""Finds where the statement of an INSERT … FORMAT ends and its data begin, while bytes still arrive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"""(?P<space>\s+|--[^\n]*\n|/\*.*?\*/)
    |(?P<quoted>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`)
    |(?P<word>\w+)
    |(?P<open>[(\[{])|(?P<close>[)\]}])
    |(?P<cut>['"`]|/\*|--)
    |(?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)
_DATA = re.compile(rb"[ \t]*;?[ \t]*(?:\r?\n|\s|$)")
_OWN_ROWS = frozenset({b"SELECT", b"WITH", b"VALUES", b"FROM"})
"""Words behind an INSERT's table that say that its rows do not come as data of a format."""


@dataclass(frozen=True, slots=True)
class InsertHead:
    """An INSERT … FORMAT: `sql` stands before FORMAT, the data begin at `data_at`."""

    sql: bytes
    format: str
    data_at: int


@dataclass(frozen=True, slots=True)
class Whole:
    """Anything else: all that comes belongs to the statement."""


def read_head(head: bytes, *, is_all: bool) -> InsertHead | Whole | None:
    """What a statement is, from its beginning; None when more must come to tell. `is_all`: nothing more comes."""
    words = _words(head)
    for expected in (b"INSERT", b"INTO"):
        word = next(words, None)
        if word is None or (word.end() == len(head) and not is_all):
            return Whole() if is_all else None
        if word.group().upper() != expected:
            return Whole()
    _skip_table(words)
    for word in words:
        if word.group().upper() in _OWN_ROWS:
            return Whole()
        if word.group().upper() == b"FORMAT":
            return _format(head, word, next(words, None), is_all=is_all)
    return Whole() if is_all else None


def _skip_table(words: Iterator[re.Match[bytes]]) -> None:
    """Past [TABLE] [FUNCTION] name; a qualified name counts as one."""
    for word in words:
        if word.group().upper() not in (b"TABLE", b"FUNCTION"):
            return


def _format(
    head: bytes, keyword: re.Match[bytes], name: re.Match[bytes] | None, *, is_all: bool
) -> InsertHead | Whole | None:
    if name is None:
        return Whole() if is_all else None
    behind = head[name.end() :]
    if not is_all and not behind.strip(b" \t\r;") and b"\n" not in behind:
        return None  # the name, or the line's end before the data, may not be all there
    gap = _DATA.match(behind)
    data_at = name.end() + (gap.end() if gap else 0)
    return InsertHead(head[: keyword.start()], name.group().decode("ascii", "replace"), data_at)


def _words(head: bytes) -> Iterator[re.Match[bytes]]:
    """Words and quoted names outside of all brackets, without the parts of a qualified name behind its first; ends
    early where a quotation or comment is cut off."""
    depth, dotted = 0, False
    for token in _TOKEN.finditer(head):
        kind = token.lastgroup
        if kind == "cut":
            return
        if kind in ("open", "close"):
            depth += 1 if kind == "open" else -1
        elif kind in ("word", "quoted") and depth == 0 and not dotted:
            yield token
        if kind != "space":
            dotted = kind == "other" and token.group() == b"."
