"""The body of a request: a statement, then perhaps data, decompressed while they come."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.types import Message, Receive

from crosslook.local.engine_codec import Decompress, decompressor
from crosslook.local.engine_core import EngineError

_COMMENTS = rb"^(?:\s|--[^\n]*\n|/\*.*?\*/)*"
_INSERT_START = re.compile(_COMMENTS + rb"INSERT\b", re.IGNORECASE | re.DOTALL)
_INSERT = re.compile(
    _COMMENTS + rb"INSERT\s+INTO\s.*?\bFORMAT\s+(\w+)[ \t]*;?[ \t]*(?:\r?\n|\s|$)", re.IGNORECASE | re.DOTALL
)
_SELECTS = re.compile(_COMMENTS + rb"INSERT\s+INTO\s.*?\b(SELECT|VALUES)\b", re.IGNORECASE | re.DOTALL)
_ENOUGH = 16 * 1024
_HEAD_MAX = 1024 * 1024
_PIECE = 4 * 1024 * 1024


class Gone(Exception):
    """The client went away."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL as it came. For an INSERT … FORMAT `sql` ends before FORMAT, and `data` is what already came of its data."""

    sql: str
    insert_format: str | None = None
    data: bytes = b""


class Body:
    """Reads the body of one request."""

    def __init__(self, receive: Receive, encoding: str) -> None:
        self._receive = receive
        self._decompress: Decompress = decompressor(encoding)
        self._more = True

    async def statement(self, url_query: str, *, reads_body: bool) -> Statement:
        """Read until the statement is known: up to the data of an INSERT … FORMAT, else everything.

        Where both exist, ClickHouse reads the URL's part first and the body after it. Raises Gone, EngineError.
        """
        head = url_query.encode()
        from_url = len(head)
        if head and reads_body and not _INSERT_START.match(head):
            head += b"\n"
        while True:
            insert = _INSERT.match(head)
            complete = insert is not None and (insert.end() < len(head) or insert.end() <= from_url or not self._more)
            if insert is not None and complete and not _SELECTS.match(head[: insert.end()]):
                return _insert(head, insert)
            if not self._more or _is_plain(head):
                return Statement((head + await self._rest()).decode("utf-8", "replace"))
            if len(head) - from_url > _HEAD_MAX:
                raise EngineError("Code: 62. DB::Exception: The statement is too long. (SYNTAX_ERROR)")
            head += await self._read()

    async def pieces(self, first: bytes) -> AsyncIterator[bytes]:
        """The rest of the body in pieces of a few MiB, `first` before it. Raises Gone, EngineError."""
        held = [first] if first else []
        size = len(first)
        while self._more:
            data = await self._read()
            held.append(data)
            size += len(data)
            if size >= _PIECE:
                yield b"".join(held)
                held, size = [], 0
        if size:
            yield b"".join(held)

    async def gone(self) -> None:
        """Returns when the client has closed the connection."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _read(self) -> bytes:
        message: Message = await self._receive()
        if message["type"] == "http.disconnect":
            raise Gone
        self._more = message.get("more_body", False)
        try:
            data = self._decompress.piece(message.get("body", b""))
            if not self._more:
                self._decompress.finish()
        except ValueError as error:
            raise EngineError(f"Code: 271. DB::Exception: {error}. (CANNOT_DECOMPRESS)") from error
        return data

    async def _rest(self) -> bytes:
        parts = []
        while self._more:
            parts.append(await self._read())
        return b"".join(parts)


def _is_plain(head: bytes) -> bool:
    """Whether what has come suffices to say that no INSERT … FORMAT will come of it."""
    return len(head) > _ENOUGH and (not _INSERT_START.match(head) or _SELECTS.match(head) is not None)


def _insert(head: bytes, match: re.Match[bytes]) -> Statement:
    before = head[: match.start(1)].decode("utf-8", "replace")
    return Statement(before[: before.upper().rindex("FORMAT")], match.group(1).decode(), head[match.end() :])
