"""ClickHouse's HTTP interface over the engine, as an ASGI application: what clickhouse-connect and curl send."""

import asyncio
import base64
import hmac
import re
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import orjson
from starlette.types import Message, Receive, Scope, Send

from crosslook.local.engine_codec import Compress, UnknownEncoding, compressor, decompressor
from crosslook.local.engine_core import Engine, EngineError, Query, Summary

T = TypeVar("T")
WORKERS = 16
_PIECE = 4 * 1024 * 1024
_HEAD_MAX = 1024 * 1024
_INSERT = re.compile(rb"^\s*INSERT\s+INTO\s.*?\bFORMAT\s+(\w+)[ \t]*;?[ \t]*(?:\r?\n|\s|$)", re.IGNORECASE | re.DOTALL)
_INSERT_START = re.compile(rb"^\s*INSERT\b", re.IGNORECASE)
_SELECTS = re.compile(rb"^\s*INSERT\s+INTO\s.*?\b(SELECT|VALUES)\b", re.IGNORECASE | re.DOTALL)

TRANSPORT = frozenset(
    """query database default_format session_id session_timeout session_check query_id user password quota_key compress
    decompress buffer_size wait_end_of_query client_protocol_version role enable_http_compression stacktrace
    send_progress_in_http_headers http_headers_progress_interval_ms http_zlib_compression_level log_comment
    cancel_http_readonly_queries_on_client_close""".split()  # noqa: SIM905  # a list of words reads better as words
)
"""URL parameters that are no engine settings here."""

_NOT_FOUND = frozenset({46, 47, 50, 56, 60, 81, 115})
_BAD_REQUEST = frozenset({6, 26, 27, 38, 41, 43, 44, 53, 62, 69, 70, 72, 117, 130, 131, 456, 457})
_STATUS = {164: 403, 194: 401, 516: 403, 48: 501, 191: 413, 159: 408, 202: 503, 745: 503}


def status_of(code: int) -> int:
    """The HTTP status that ClickHouse sends with an error code."""
    if code in _NOT_FOUND:
        return 404
    return 400 if code in _BAD_REQUEST else _STATUS.get(code, 500)


@dataclass(frozen=True, slots=True)
class Request:
    """What a request says before its body."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]

    @property
    def credentials(self) -> tuple[str, str]:
        """User and password, from wherever ClickHouse takes them."""
        if "x-clickhouse-user" in self.headers or "x-clickhouse-key" in self.headers:
            return self.headers.get("x-clickhouse-user", "default"), self.headers.get("x-clickhouse-key", "")
        kind, _, encoded = self.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            with suppress(ValueError):
                user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
                return user, password
        return self.parameters.get("user", "default"), self.parameters.get("password", "")

    def query(self, sql: str) -> Query:
        """The statement with this request's settings and parameters."""
        named = self.parameters
        return Query(
            sql=sql,
            database=named.get("database") or self.headers.get("x-clickhouse-database") or "default",
            default_format=named.get("default_format") or self.headers.get("x-clickhouse-format") or "TabSeparated",
            settings={k: v for k, v in named.items() if k not in TRANSPORT and not k.startswith("param_")},
            parameters={k.removeprefix("param_"): v for k, v in named.items() if k.startswith("param_")},
            readonly=self.method == "GET",
        )


class Gone(Exception):
    """The client went away."""


class EngineApp:
    """The ASGI application. Blocking work runs on its own threads, so `/ping` answers whatever the engine does."""

    def __init__(self, engine: Engine, user: str, password: str) -> None:
        self._engine = engine
        self._user = user
        self._password = password
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="query")
        self._control = ThreadPoolExecutor(1, thread_name_prefix="cancel")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request(
            scope["method"],
            scope["path"],
            dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        )
        answer = _Answer(send, request)
        if request.path in ("/ping", "/replicas_status"):
            await answer.whole(200, b"Ok.\n", "text/html; charset=UTF-8", None)
            return
        try:
            self._authenticate(request)
            await self._serve(request, _Body(receive, request), answer)
        except EngineError as error:
            await answer.error(error)
        except UnknownEncoding as error:
            await answer.error(EngineError(f"Code: 48. DB::Exception: Unknown content encoding {error}."))
        except Gone:
            return

    def close(self) -> None:
        """Wait for the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._control.shutdown(wait=True)

    def _authenticate(self, request: Request) -> None:
        user, password = request.credentials
        good = hmac.compare_digest(user.encode(), self._user.encode())
        if not (hmac.compare_digest(password.encode(), self._password.encode()) and good):
            raise EngineError(
                f"Code: 516. DB::Exception: {user[:64]}: Authentication failed: password is incorrect, or there is no "
                "user with such name. (AUTHENTICATION_FAILED)"
            )

    async def _serve(self, request: Request, body: "_Body", answer: "_Answer") -> None:
        head = request.parameters.get("query", "").encode()
        if head and _INSERT_START.match(head) is None and request.method == "POST":
            head += b"\n"
        head, insert = await body.statement(head)
        if not head.strip():
            await answer.whole(200, b"Ok.\n", "text/html; charset=UTF-8", None)
        elif insert is not None:
            await self._insert(request, body, answer, head, insert)
        else:
            await self._run(request.query(head.decode("utf-8", "replace")), body, answer)

    async def _insert(
        self, request: Request, body: "_Body", answer: "_Answer", head: bytes, match: re.Match[bytes]
    ) -> None:
        sql, fmt = head[: match.start(1)].decode("utf-8", "replace"), match.group(1).decode()
        query = request.query(sql[: sql.upper().rindex("FORMAT")])
        insert = await self._thread(lambda: self._engine.insert(query, fmt))
        try:
            async for piece in body.pieces(head[match.end() :]):
                await self._thread(insert.append, piece)
        except BaseException:
            await self._thread(insert.abandon)
            raise
        summary = await self._thread(insert.finish)
        await answer.whole(200, b"", "text/plain; charset=UTF-8", summary)

    async def _run(self, query: Query, body: "_Body", answer: "_Answer") -> None:
        work = asyncio.create_task(self._answer(query, answer))
        watch = asyncio.create_task(body.gone())
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            await asyncio.get_running_loop().run_in_executor(self._control, self._engine.cancel, query.marker)
            with suppress(EngineError, OSError):
                await work
            raise Gone
        watch.cancel()
        await work

    async def _answer(self, query: Query, answer: "_Answer") -> None:
        if not query.streams:
            data, summary = await self._thread(self._engine.run, query)
            await answer.whole(200, data, "text/plain; charset=UTF-8", summary, query.format)
            return
        started = time.perf_counter_ns()
        blocks = self._engine.stream(query)
        first: bytes | None = await self._thread(_next, blocks)
        second: bytes | None = await self._thread(_next, blocks) if first is not None else None
        if first is not None and second is not None:
            await answer.stream(self._blocks(first, second, blocks), query.format)
            return
        summary = Summary(elapsed_ns=time.perf_counter_ns() - started)
        await answer.whole(200, first or b"", "text/plain; charset=UTF-8", summary, query.format)

    async def _blocks(self, first: bytes, second: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
        yield first
        piece: bytes | None = second
        while piece is not None:
            yield piece
            piece = await self._thread(_next, rest)

    async def _thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*arguments))


def _next(blocks: Iterator[bytes]) -> bytes | None:
    return next(blocks, None)


class _Body:
    """The request's body, decompressed while it comes."""

    def __init__(self, receive: Receive, request: Request) -> None:
        self._receive = receive
        self._decompress = decompressor(request.headers.get("content-encoding", "").lower())
        self._more = True

    async def statement(self, head: bytes) -> tuple[bytes, re.Match[bytes] | None]:
        """Read until the statement is known: either up to the data of an INSERT … FORMAT, or everything."""
        from_url = len(head)
        while True:
            match = _INSERT.match(head)
            if match is not None and (match.end() < len(head) or match.end() <= from_url or not self._more):
                selects = _SELECTS.match(head[: match.end()])
                if selects is None:
                    return head, match
            if not self._more:
                return head, None
            if len(head) - from_url > _HEAD_MAX and _INSERT_START.match(head) and match is None:
                raise EngineError("Code: 62. DB::Exception: The statement is too long. (SYNTAX_ERROR)")
            head += await self._read()

    async def pieces(self, first: bytes) -> AsyncIterator[bytes]:
        """The rest of the body in pieces of a few MiB, `first` before it."""
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
        data: bytes = message.get("body", b"")
        return self._decompress(data) if data else b""


class _Answer:
    """Writes the response: whole or streamed, compressed where the client asked."""

    def __init__(self, send: Send, request: Request) -> None:
        self._send = send
        wanted = request.parameters.get("enable_http_compression") == "1"
        self._encoding, self._codec = compressor(request.headers.get("accept-encoding", ""), wanted)
        self._query_id = request.parameters.get("query_id") or secrets.token_hex(16)

    async def whole(self, status: int, data: bytes, kind: str, summary: Summary | None, fmt: str = "") -> None:
        """One response with a known length."""
        extra = {"X-ClickHouse-Format": fmt} if fmt else {}
        if summary is not None:
            extra["X-ClickHouse-Summary"] = orjson.dumps({k: str(v) for k, v in asdict(summary).items()}).decode()
        if self._encoding and data:
            data = self._codec.piece(data) + self._codec.finish()
            extra["Content-Encoding"] = self._encoding
        await self._start(status, {**extra, "Content-Type": kind, "Content-Length": str(len(data))})
        await self._send({"type": "http.response.body", "body": data})

    async def error(self, error: EngineError) -> None:
        """An error before anything was sent."""
        extra = {"X-ClickHouse-Exception-Code": str(error.code), "Content-Type": "text/plain; charset=UTF-8"}
        await self._start(status_of(error.code), extra)
        await self._send({"type": "http.response.body", "body": f"{error}\n".encode()})

    async def stream(self, blocks: AsyncIterator[bytes], fmt: str) -> None:
        """A response of unknown length. An error midway is marked as ClickHouse marks it and cuts the connection."""
        tag = secrets.token_hex(8)
        extra = {"X-ClickHouse-Format": fmt, "X-ClickHouse-Exception-Tag": tag, "Content-Type": "text/plain"}
        if self._encoding:
            extra["Content-Encoding"] = self._encoding
        await self._start(200, extra)
        codec: Compress = self._codec
        try:
            async for block in blocks:
                await self._piece(codec.piece(block))
        except EngineError as error:
            text = f"\r\n__exception__\r\n{tag}\r\n{error}\r\n{len(str(error).encode())} {tag}\r\n__exception__\r\n"
            await self._piece(codec.piece(text.encode()) + codec.finish())
            raise ConnectionAbortedError(f"the result of {self._query_id} ended in an error") from error
        await self._send({"type": "http.response.body", "body": codec.finish()})

    async def _piece(self, data: bytes) -> None:
        if data:
            await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def _start(self, status: int, headers: dict[str, str]) -> None:
        common = {
            "X-ClickHouse-Query-Id": self._query_id,
            "X-ClickHouse-Timezone": "UTC",
            "X-ClickHouse-Server-Display-Name": "crosslook-engine",
        }
        raw = [(name.lower().encode(), value.encode()) for name, value in {**common, **headers}.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
