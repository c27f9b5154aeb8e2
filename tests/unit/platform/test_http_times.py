"""Who is slow and who comes in numbers: time-outs, bounds on requests and connections, a close that can be read."""

import asyncio
import contextlib
import socket
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable

import pytest
import structlog
from starlette.concurrency import run_in_threadpool

from tests.helpers.served import Served, get, post, serving


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running


@pytest.fixture(scope="module")
async def hasty() -> AsyncIterator[Served]:
    """Waits for nobody longer than a moment."""
    fast = {"header_seconds": 0.3, "body_seconds": 0.3, "min_body_bytes_per_second": 100_000, "send_seconds": 0.5}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("crosslook.platform.http_protocol.KEEP_ALIVE_SECONDS", 0.3)
        async with serving(**fast) as running:
            yield running


async def test_headers_that_do_not_end_are_answered_408_and_the_connection_closed(hasty: Served) -> None:
    async with hasty.connection() as connection:
        await connection.send(b"GET /livez HTTP/1.1\r\nHost: probe\r\n")
        answer = await connection.answer()
        assert (answer.status, answer.code) == (408, "request_timeout")
        assert answer.headers["connection"] == "close"
        assert await connection.closed() == b""


async def test_headers_that_drip_are_answered_408(hasty: Served) -> None:
    async with hasty.connection() as connection:
        await connection.send(b"GET /livez HTTP/1.1\r\n")
        answering = asyncio.create_task(connection.answer())
        while not answering.done():
            await connection.send(b"X: y\r\n")
            await asyncio.sleep(0.02)
        assert (await answering).code == "request_timeout"


@pytest.mark.parametrize("sent", [b"", b"\r\n" * 10, get()], ids=["nothing", "empty lines", "one request"])
async def test_a_connection_on_which_nothing_is_asked_is_closed_without_a_word(hasty: Served, sent: bytes) -> None:
    async with hasty.connection() as connection:
        await connection.send(sent)
        if sent.startswith(b"GET"):
            await connection.answer()
        assert await connection.closed() == b""


@pytest.mark.parametrize("path", ["/length", "/json"])
async def test_a_body_that_does_not_come_is_answered_408(hasty: Served, path: str) -> None:
    answer = await hasty.ask(post(path, b"[1", length=1000))
    assert (answer.status, answer.code) == (408, "request_timeout")
    assert b"2 bytes so far" in answer.body
    assert answer.headers["connection"] == "close"


async def test_a_body_that_drips_is_answered_408(hasty: Served) -> None:
    async with hasty.connection() as connection:
        await connection.send(post("/length", b"", length=100_000))
        answering = asyncio.create_task(connection.answer())
        while not answering.done():
            await connection.send(b"x")
            await asyncio.sleep(0.02)
        assert (await answering).code == "request_timeout"


async def test_a_body_may_take_longer_as_long_as_it_comes_at_the_least_rate(hasty: Served) -> None:
    now, sent = asyncio.get_running_loop().time, 0
    async with hasty.connection() as connection:
        await connection.send(b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        enough = now() + 3 * hasty.http.body_seconds
        while now() < enough:
            await connection.send(b"5000\r\n" + b"x" * 0x5000 + b"\r\n")
            sent += 0x5000
            await asyncio.sleep(0.02)
        await connection.send(b"0\r\n\r\n")
        assert f'"length":{sent}'.encode() in (await connection.answer()).body


async def test_a_request_that_takes_long_to_answer_is_not_timed_out(hasty: Served) -> None:
    async with hasty.connection() as connection, hasty.connection() as other:
        await connection.send(get("/slow"))
        await other.send(b"G")
        assert (await other.answer()).code == "request_timeout"  # so much time has passed
        hasty.gate.set()
        assert (await connection.answer()).status == 200
        hasty.gate.clear()


async def test_a_client_that_does_not_take_its_answer_is_cut_off(hasty: Served) -> None:
    async with hasty.connection() as connection:
        sock: socket.socket = connection.writer.get_extra_info("socket")
        connection.reader._transport.pause_reading()  # type: ignore[attr-defined]  # as a client that is stuck
        await connection.send(get("/large?size=50000000"))
        await until(lambda: sock.getsockname() not in clients(hasty))


def clients(served: Served) -> set[object]:
    """Whose connections the server has."""
    return {getattr(connection, "client", None) for connection in served.uvicorn.server_state.connections}


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a condition. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_client_that_leaves_in_the_middle_of_its_body_is_no_fault_of_ours(served: Served) -> None:
    with structlog.testing.capture_logs() as logged:
        async with served.connection() as connection:
            await connection.send(post("/json", b"abc", length=10))
        await until(lambda: 'route="/json",status="499"} 1.0' in served.meters.render().decode())
    assert [line for line in logged if line["log_level"] == "error"] == []


# Many at once


async def test_requests_beyond_the_bound_are_told_to_come_back_and_health_is_answered() -> None:
    async with serving(max_requests=3) as served, contextlib.AsyncExitStack() as stack:
        held = [await stack.enter_async_context(served.connection()) for _ in range(3)]
        for connection in held:
            await connection.send(get("/slow"))
        await until(lambda: served.waiting == 3)
        refused = await served.ask(get("/slow", b"Accept-Language: fr"))
        assert (refused.status, refused.code, refused.headers["retry-after"]) == (503, "overloaded", "2")
        assert "Le service traite" in refused.body.decode()
        for path in ("/livez", "/readyz", "/metrics"):
            assert (await served.ask(get(path))).status == 200
        served.gate.set()
        assert [(await connection.answer()).status for connection in held] == [200] * 3
        assert (await served.ask(get("/slow"))).status == 200


async def test_connections_that_only_wait_make_room_for_a_new_one() -> None:
    async with serving(max_requests=4, max_connections=5) as served, contextlib.AsyncExitStack() as stack:
        waiting = [await stack.enter_async_context(served.connection()) for _ in range(4)]
        for connection in waiting:
            await connection.send(b"GET /livez HTTP/1.1\r\n")
        busy = await stack.enter_async_context(served.connection())
        await busy.send(get("/slow"))
        await until(lambda: served.waiting == 1)
        assert (await served.ask(get())).status == 200
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await waiting[0].answer()
        served.gate.set()
        assert (await busy.answer()).status == 200


async def test_a_connection_for_which_there_is_no_room_is_told_so() -> None:
    async with serving(max_requests=1, max_connections=2) as served, contextlib.AsyncExitStack() as stack:
        busy = [await stack.enter_async_context(served.connection()) for _ in range(2)]
        for connection in busy:
            await connection.send(get("/slow"))
            await until(lambda: served.waiting == 1)
        refused = await served.ask(get("/slow"))
        assert (refused.status, refused.code) == (503, "overloaded")
        served.gate.set()
        assert [(await connection.answer()).status for connection in busy] == [200, 503]


# The client reads the refusal


def refusal(served: Served, path: str, size: int) -> tuple[int, bytes]:
    """What urllib, which sends all of the body before it reads, and asks for the connection to be closed, is told."""
    url = f"http://127.0.0.1:{served.port}{path}"
    request = urllib.request.Request(url, data=b"x" * size, method="POST")  # a loopback address
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310  # a loopback address
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.parametrize(
    ("path", "size", "expected"),
    [("/length", 20_000_000, b"body_too_large"), ("/nowhere", 5_000_000, b"not_found"), ("/ignores", 5_000_000, b"{}")],
)
async def test_a_client_that_sends_everything_first_can_read_the_answer(
    served: Served, path: str, size: int, expected: bytes
) -> None:
    status, body = await run_in_threadpool(refusal, served, path, size)
    assert status in (200, 404, 413)
    assert expected in body


async def test_a_client_that_sends_its_headers_first_can_read_the_refusal(served: Served) -> None:
    async with served.connection() as connection:
        await connection.send(get("/livez", b"X: " + b"x" * 30_000_000))
        assert (await connection.answer()).code == "headers_too_large"


async def test_a_keep_alive_client_goes_on_after_a_body_that_nobody_read(served: Served) -> None:
    async with served.connection() as connection:
        await connection.send(post("/ignores", b"x" * 3_000_000) + get())
        assert (await connection.answer()).body == b"{}"
        assert (await connection.answer()).body == b'{"status":"ok"}'


async def test_a_stop_waits_for_no_client_that_has_its_answer() -> None:
    async with serving() as served, contextlib.AsyncExitStack() as stack:
        for data in (b"", get(), b"GET / HTTP/1.1\r\n", get("/livez", b"Connection: close")):
            connection = await stack.enter_async_context(served.connection())
            await connection.send(data)
            if data.startswith(b"GET /livez"):
                await connection.answer()
        served.uvicorn.should_exit = True
        await until(lambda: clients(served) == set(), 3)
