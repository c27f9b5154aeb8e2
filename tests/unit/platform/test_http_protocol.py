"""What may arrive without a token: bounded in size and time, refused with a problem document, keep-alive intact."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from crosslook.platform.http_protocol import PIPELINED_MOST
from tests.helpers.served import Served, get, post, serving

KIB = 1024


@pytest.fixture(scope="module")
async def served() -> AsyncIterator[Served]:
    async with serving() as running:
        yield running


def header(size: int, name: str = "X") -> bytes:
    """A header line of so many bytes, its line end included."""
    return f"{name}: ".encode() + b"x" * (size - len(name) - 4)


async def test_headers_may_be_as_large_as_the_limit_and_no_larger(served: Served) -> None:
    host = len("Host: probe\r\n")
    allowed = await served.ask(get("/livez", header(64 * KIB - host)))
    assert allowed.status == 200
    refused = await served.ask(get("/livez", header(64 * KIB - host + 1)))
    assert (refused.status, refused.code) == (431, "headers_too_large")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["connection"] == "close"
    assert refused.headers["x-request-id"] in refused.body.decode()
    assert (refused.headers["x-content-type-options"], refused.headers["cache-control"]) == ("nosniff", "no-store")
    assert b"65536 bytes" in refused.body


@pytest.mark.parametrize(
    "headers",
    [
        [b"X: " + b"x" * 100_000],
        [b"X" * 100_000 + b": x"],
        [b"a:"] * 20_000,
        [b"X: " + b"x" * 1000] * 70,
    ],
    ids=["a long value", "a long name", "many short ones", "many"],
)
async def test_headers_of_any_shape_are_bounded(served: Served, headers: list[bytes]) -> None:
    for data in (get("/livez", *headers), get("/livez", *headers)[:-2]):
        answer = await served.ask(data)
        assert (answer.status, answer.code) == (431, "headers_too_large")


async def test_a_url_may_be_as_long_as_the_limit_and_no_longer(served: Served) -> None:
    assert (await served.ask(get("/" + "x" * (16 * KIB - 1)))).code == "not_found"
    answer = await served.ask(get("/" + "x" * (16 * KIB)))
    assert (answer.status, answer.code) == (414, "url_too_long")
    endless = await served.ask(b"GET /" + b"x" * 100_000)
    assert (endless.status, endless.code) == (414, "url_too_long")


async def test_a_refusal_before_the_application_is_in_the_callers_language(served: Served) -> None:
    answer = await served.ask(get("/livez", b"Accept-Language: fr", header(100_000)))
    assert answer.headers["content-language"] == "fr"
    assert "Les en-têtes dépassent" in answer.body.decode()


@pytest.mark.parametrize(
    "data",
    [
        b"rubbish\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
        b"\x16\x03\x01",
    ],
    ids=["words", "bytes in a URL", "CONNECT", "TLS"],
)
async def test_what_is_not_http_is_a_problem_document_too(served: Served, data: bytes) -> None:
    answer = await served.ask(data)
    assert (answer.status, answer.code) == (400, "malformed_request")
    assert answer.headers["x-request-id"]


async def test_refusals_before_the_application_are_counted(served: Served) -> None:
    await served.ask(get("/livez", header(100_000)))
    counted = served.meters.render().decode()
    assert 'crosslook_http_requests_total{method="other",route="unread",status="431"}' in counted


async def test_trailers_are_bounded_and_are_not_headers(served: Served) -> None:
    start = b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
    good = await served.ask(start + b"Authorization: Bearer x\r\n\r\n")
    assert good.body == b'{"length":3,"headers":2}'
    for trailer in (b"X: " + b"x" * 300_000, b"X: y\r\n" * 50_000):
        answer = await served.ask(start + trailer)
        assert (answer.status, answer.code) == (431, "headers_too_large")


async def test_a_chunk_extension_is_bounded(served: Served) -> None:
    start = b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = await served.ask(start + b"3;" + b"x" * 400_000)
    assert (answer.status, answer.code) == (431, "headers_too_large")


async def test_the_next_request_is_answered_on_the_same_connection(served: Served) -> None:
    async with served.connection() as connection:
        for size in (10, 50_000, 3_000_000):
            await connection.send(post("/length", b"x" * size))
            assert f'"length":{size}'.encode() in (await connection.answer()).body
        await connection.send(get("/livez", header(60_000)))
        assert (await connection.answer()).status == 200
        await connection.send(get("/livez", header(60_000)))
        assert (await connection.answer()).status == 200


async def test_requests_in_one_piece_are_answered_in_order(served: Served) -> None:
    sizes = [0, 1, 70_000, 5, 200_000, 3]
    async with served.connection() as connection:
        pieces = b"".join(post("/length", b"x" * size) for size in sizes)
        sending = asyncio.create_task(connection.send(pieces + get()))
        for size in sizes:
            assert f'"length":{size},'.encode() in (await connection.answer()).body
        assert (await connection.answer()).body == b'{"status":"ok"}'
        await sending


async def test_requests_sent_byte_by_byte_are_read_as_in_one_piece(served: Served) -> None:
    async with served.connection() as connection:
        for byte in post("/length", b"abc", b"X-Header: value") + get():
            await connection.send(bytes([byte]))
        assert (await connection.answer()).body == b'{"length":3,"headers":3}'
        assert (await connection.answer()).body == b'{"status":"ok"}'


async def test_a_bad_request_behind_a_good_one_does_not_spoil_its_answer(served: Served) -> None:
    for bad in (b"rubbish\r\n\r\n", get("/livez", header(100_000)), b"GET /" + b"x" * 50_000):
        async with served.connection() as connection:
            await connection.send(get() + bad)
            answer = await connection.answer()
            assert (answer.status, answer.body) == (200, b'{"status":"ok"}')
            assert await connection.closed() == b""


async def test_only_so_many_requests_wait_on_one_connection(served: Served) -> None:
    async with served.connection() as connection:
        await connection.send(get() * 5_000)
        came = await connection.closed()
    assert came.count(b"HTTP/1.1 200 OK") == PIPELINED_MOST + 1


@pytest.mark.parametrize("rest", [b"\r\nxx", b"zz\r\n"])
async def test_a_body_that_breaks_off_the_protocol_is_refused(served: Served, rest: bytes) -> None:
    start = b"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc"
    answer = await served.ask(start + rest)
    assert (answer.status, answer.code) == (400, "malformed_request")


async def test_a_client_that_offers_another_protocol_is_answered_in_this_one(served: Served) -> None:
    upgrade = [b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"]
    async with served.connection() as connection:
        for _ in range(2):
            await connection.send(post("/length", b"x" * 100_000, *upgrade))
            assert b'"length":100000' in (await connection.answer()).body
        await connection.send(get("/livez", *upgrade) + get("/livez", b"Connection: Upgrade", b"Upgrade: websocket"))
        assert [(await connection.answer()).status for _ in range(2)] == [200, 200]
