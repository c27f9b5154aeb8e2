"""The body of a request: a statement, then perhaps data, decompressed while they come."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.types import Message, Receive

from crosslook.local.engine_codec import Decompress, decompressor
from crosslook.local.engine_core import EngineError
from crosslook.local.engine_statement import InsertHead, Whole, read_head

_HEAD_MAX = 1024 * 1024
_PIECE = 4 * 1024 * 1024


class Gone(Exception):
    """The client disconnected."""


@dataclass(frozen=True, slots=True)
class EngineStatement:
    """SQL as received. For an INSERT … FORMAT `sql` ends before FORMAT, and `data` is what already came of its data."""

    sql: str
    insert_format: str | None = None
    data: bytes = b""


def statement_of(sql: str) -> EngineStatement:
    """A statement that is known whole, with the data that an INSERT … FORMAT may end with."""
    head = sql.encode()
    match read_head(head, is_all=True):
        case InsertHead(statement, fmt, data_at):
            return EngineStatement(statement.decode(), fmt, head[data_at:])
        case _:
            return EngineStatement(sql)


class Body:
    """Reads the body of one request."""

    def __init__(self, receive: Receive, encoding: str) -> None:
        self._receive = receive
        self._decompress: Decompress = decompressor(encoding)
        self._more = True

    async def statement(self, url_query: str, *, reads_body: bool) -> EngineStatement:
        """Read until the statement is known: up to the data of an INSERT … FORMAT, else everything.

        Where both exist, ClickHouse reads the URL's part first and the body after it. Raises Gone, EngineError.
        """
        head, from_url = url_query.encode(), True
        while True:
            # What stands in the URL is complete, unless the body goes on with it.
            found = read_head(head, is_all=not self._more)
            if found is None and from_url and isinstance(complete := read_head(head, is_all=True), InsertHead):
                found = complete
            match found:
                case InsertHead(sql, fmt, data_at):
                    return EngineStatement(sql.decode("utf-8", "replace"), fmt, head[data_at:])
                case Whole() if not (from_url and reads_body):
                    return EngineStatement((head + await self._rest()).decode("utf-8", "replace"))
            if len(head) > _HEAD_MAX:
                raise EngineError("Code: 62. DB::Exception: The statement is too long. (SYNTAX_ERROR)")
            glue = b"\n" if from_url and head else b""
            head, from_url = head + glue + await self._read(), False

    async def whole(self, limit: int) -> bytes:
        """All of it. Raises Gone; EngineError beyond so many bytes."""
        parts: list[bytes] = []
        while self._more:
            parts.append(await self._read())
            limit -= len(parts[-1])
            if limit < 0:
                raise EngineError("Code: 191. DB::Exception: The form is too large. (SET_SIZE_LIMIT_EXCEEDED)")
        return b"".join(parts)

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
