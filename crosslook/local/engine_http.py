"""ClickHouse's HTTP interface over the engine, as an ASGI application: what clickhouse-connect and curl send."""

import asyncio
import hmac
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from starlette.types import Receive, Scope, Send

from crosslook.local.engine_answer import EngineAnswer
from crosslook.local.engine_body import Body, EngineStatement, Gone, statement_of
from crosslook.local.engine_codec import UnknownEncoding
from crosslook.local.engine_core import Engine, EngineError, Query, QuerySummary, telling_a_full_disk
from crosslook.local.engine_form import FORM_MAX, boundary_of, check_statement, read_form
from crosslook.local.engine_request import Request

_LOG = logging.getLogger("crosslook.engine")
T = TypeVar("T")
WORKERS = 32
_TEXT = "text/plain; charset=UTF-8"
_GREETING = "text/html; charset=UTF-8"
_CANCEL_AGAIN_SECONDS = 0.2


class EngineApp:
    """The ASGI application. Blocking work runs on its own threads, so `/ping` answers whatever the engine does.

    Data of inserts lie in the folder `spool` until they are inserted; what is there at the start is rubbish.
    """

    def __init__(self, engine: Engine, user: str, password: str, spool: Path) -> None:
        self._spool = spool
        self._engine = engine
        self._user = user
        self._password = password
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="query")
        self._control = ThreadPoolExecutor(1, thread_name_prefix="cancel")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        request = Request.of(scope)
        answer = EngineAnswer(send, request)
        if request.path in ("/ping", "/replicas_status"):
            await answer.whole(200, b"Ok.\n", _GREETING, None)
            return
        try:
            self._authenticate(request)
            request.check()
            body = Body(receive, request.headers.get("content-encoding", "").lower())
            await self._serve(request, body, answer)
        except EngineError as error:
            await answer.error(error)
        except UnknownEncoding as error:
            await answer.error(EngineError(f"Code: 48. DB::Exception: Unknown content encoding {error}."))
        except Gone:
            return

    def close(self) -> None:
        """Cancel what still runs and wait for the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._control.submit(self._engine.cancel_all).result()
        self._threads.shutdown(wait=True)
        self._control.shutdown(wait=True)

    def _authenticate(self, request: Request) -> None:
        user, password = request.credentials
        good = hmac.compare_digest(user.encode(), self._user.encode())
        if not (hmac.compare_digest(password.encode(), self._password.encode()) and good):
            raise EngineError(
                f"Code: 516. DB::Exception: {user[:64]}: Authentication failed: password is incorrect, or there is no "
                "user with such name. (AUTHENTICATION_FAILED)"
            )

    async def _serve(self, request: Request, body: Body, answer: EngineAnswer) -> None:
        request, statement = await self._read(request, body)
        if not statement.sql.strip():
            await answer.whole(200, b"Ok.\n", _GREETING, None)
        elif statement.insert_format is not None:
            await self._insert(request, body, answer, statement, statement.insert_format)
        else:
            query = request.query(statement.sql)
            await self._watched(query, body, self._answer(query, answer))

    async def _read(self, request: Request, body: Body) -> tuple[Request, EngineStatement]:
        """The statement, from wherever it stands, and the request with all its parameters."""
        from_url = request.parameters.get("query", "")
        if (boundary := boundary_of(request.content_type)) is not None:
            form = read_form(await body.whole(FORM_MAX), boundary)
            return request.with_fields(form.parameters), statement_of(from_url + form.sql)
        statement = await body.statement(from_url, reads_body=request.method == "POST")
        if not from_url:
            check_statement(request.content_type, statement.sql)
        return request, statement

    async def _insert(
        self, request: Request, body: Body, answer: EngineAnswer, statement: EngineStatement, fmt: str
    ) -> None:
        data = self._spool / uuid.uuid4().hex
        try:
            with telling_a_full_disk(), data.open("wb") as file:
                async for piece in body.pieces(statement.data):
                    await self._thread(file.write, piece)
            query = request.query(statement.sql)
            await self._watched(query, body, self._insert_file(query, fmt, data, answer))
        finally:
            data.unlink(missing_ok=True)

    async def _insert_file(self, query: Query, fmt: str, data: Path, answer: EngineAnswer) -> None:
        summary = await self._thread(self._engine.insert, query, fmt, data)
        await answer.whole(200, b"", _TEXT, summary)

    async def _watched(self, query: Query, body: Body, doing: Coroutine[Any, Any, None]) -> None:
        """Do it, unless the client goes away first: then the query is cancelled. Raises Gone."""
        work = asyncio.create_task(doing)
        watch = asyncio.create_task(body.gone())
        await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            watch.cancel()
            await work
            return
        while not work.done():
            # Again and again: the first may come before the engine has listed the query.
            await asyncio.get_running_loop().run_in_executor(self._control, self._engine.cancel, query.marker)
            await asyncio.wait({work}, timeout=_CANCEL_AGAIN_SECONDS)
        with suppress(EngineError, OSError):
            await work
        raise Gone

    async def _answer(self, query: Query, answer: EngineAnswer) -> None:
        if not query.streams:
            data, summary = await self._thread(self._engine.run, query)
            await answer.whole(200, data, _TEXT, summary, query.format)
            return
        started = time.perf_counter_ns()
        blocks = self._engine.stream(query)
        try:
            first: bytes | None = await self._thread(_next, blocks)
            second: bytes | None = await self._thread(_next, blocks) if first is not None else None
            if first is not None and second is not None:
                await answer.stream(self._blocks(first, second, blocks), query.format)
                return
        finally:
            await self._thread(_close, blocks)
        summary = QuerySummary(elapsed_ns=time.perf_counter_ns() - started)
        await answer.whole(200, first or b"", _TEXT, summary, query.format)

    async def _blocks(self, first: bytes, second: bytes, rest: Generator[bytes, None, None]) -> AsyncIterator[bytes]:
        yield first
        piece: bytes | None = second
        while piece is not None:
            yield piece
            piece = await self._thread(_next, rest)

    async def _thread(self, work: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*arguments))


def _next(blocks: Generator[bytes, None, None]) -> bytes | None:
    return next(blocks, None)


def _close(blocks: Generator[bytes, None, None]) -> None:
    blocks.close()
