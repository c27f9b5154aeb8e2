"""Bodies that are not JSON, compressed or nested too deep: each is refused with what is wrong with it."""

import contextlib
import gc
import gzip
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI, Request

from crosslook.platform.bodies import (
    LARGE_BYTES,
    WRITTEN_NESTING_MAX,
    aside,
    is_large,
    json_bytes,
    parse_json,
    read_json,
)
from crosslook.platform.errors import AppError, Invalid
from crosslook.platform.preconditions import fingerprint
from tests.helpers.probe import probe


def _add_routes(app: FastAPI) -> None:
    @app.post("/json")
    async def json(request: Request) -> Any:
        return {"got": await read_json(request)}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with probe(_add_routes) as made:
        yield made


def nested(levels: int) -> bytes:
    """Arrays inside each other."""
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "The body is empty; send JSON."),
        (b"{", "The body is not JSON: line 1, column 2 cannot be read."),
        (b'{"a": NaN}', "The body is not JSON: line 1, column 7 cannot be read."),
        (b'{"a": 1,\n "b": tru}', "The body is not JSON: line 2, column 7 cannot be read."),
        (b'{"a": 1,}', "The body is not JSON: line 1, column 8 cannot be read."),
        (b"a=1&b=2", "The body is not JSON: line 1, column 1 cannot be read."),
        (b'{"a":\n"\xff"}', "The body is not UTF-8: line 2, byte 2 cannot be read."),
        (b"[" * 900, "The body is not JSON: line 1, column "),
        (gzip.compress(b"{}", mtime=0), "The body is compressed with gzip; send it uncompressed."),
    ],
)
async def test_a_body_that_is_not_json_is_refused_with_the_place(
    client: httpx.AsyncClient, raw: bytes, message: str
) -> None:
    answer = await client.post("/json", content=raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "not_json")
    assert answer.json()["detail"].startswith(message)


@pytest.mark.parametrize(
    ("raw", "code", "pointer"),
    [
        (b'{"having": {"values": [1e400]}}', "out_of_range", "/having/values/0"),
        (b'{"limit": ' + b"7" * 1024 * 1024 + b"}", "out_of_range", "/limit"),
        (b'{"name": "\\ud800"}', "wrong_type", "/name"),
        (b'{"limit": 1, "limit": 5}', "bad_value", "/limit"),
        (b'{"a": [' + b"{}," * LARGE_BYTES + b'{"b": 1, "b": 1}]}', "bad_value", f"/a/{LARGE_BYTES}/b"),
    ],
)
async def test_json_that_cannot_be_taken_is_refused_at_its_place(
    client: httpx.AsyncClient, raw: bytes, code: str, pointer: str
) -> None:
    answer = await client.post("/json", content=raw)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert [(error["code"], error["pointer"]) for error in answer.json()["errors"]] == [(code, pointer)]


async def test_what_is_nested_too_deep_and_odd_is_nested_too_deep(client: httpx.AsyncClient) -> None:
    answer = await client.post("/json", content=b"[1e400," + nested(1_020) + b"]")
    assert [error["message"] for error in answer.json()["errors"]] == ["The body is nested deeper than 1024 levels."]


@pytest.mark.parametrize(("encoding", "named"), [("gzip", "gzip"), ("identity, br", "br"), ("ZSTD", "ZSTD")])
async def test_a_compressed_body_is_refused_with_its_encoding(
    client: httpx.AsyncClient, encoding: str, named: str
) -> None:
    answer = await client.post("/json", content=b"{}", headers={"Content-Encoding": encoding})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_encoding")
    assert answer.headers["accept-encoding"] == "identity"
    assert answer.json()["detail"].startswith(f"A body with Content-Encoding {named} is not accepted; ")
    plain = await client.post("/json", content=b"{}", headers={"Content-Encoding": "Identity"})
    assert plain.json() == {"got": {}}


async def test_a_body_nested_too_deep_is_refused_with_the_depth(client: httpx.AsyncClient) -> None:
    answer = await client.post("/json", content=nested(5_000))
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_value")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["message"]) == ("", "The body is nested deeper than 1024 levels.")


@pytest.mark.parametrize("levels", [WRITTEN_NESTING_MAX, WRITTEN_NESTING_MAX + 1, 1_000, 1_023])
def test_what_can_be_read_but_not_written_is_known_before_it_is_written(levels: int) -> None:
    body = parse_json(nested(levels))
    if levels <= WRITTEN_NESTING_MAX:
        assert json_bytes(body) == orjson.dumps(body)
        return
    assert json_bytes(body) is None
    with pytest.raises(Invalid) as caught:
        fingerprint(body)
    assert [error.message() for error in caught.value.errors] == ["The body is nested deeper than 254 levels."]


async def test_large_work_is_done_in_a_thread_and_small_work_at_once() -> None:
    here = threading.get_ident()
    assert await aside(False, threading.get_ident) == here
    assert await aside(True, threading.get_ident) != here


@pytest.mark.parametrize(
    ("body", "large"), [({}, False), (["x" * LARGE_BYTES], True), (parse_json(nested(1_000)), True)]
)
def test_what_is_large_or_cannot_be_written_is_large(body: Any, large: bool) -> None:
    assert is_large(body) is large


@pytest.mark.parametrize("raw", [b"[" + b"[]," * LARGE_BYTES + b"[]]", b"[" * 2 * LARGE_BYTES])
def test_no_garbage_is_collected_while_a_large_document_is_read(raw: bytes) -> None:
    collecting: list[bool] = []

    def loads(data: bytes) -> Any:
        collecting.append(gc.isenabled())
        return orjson.loads(data)

    with contextlib.suppress(AppError):
        parse_json(raw, loads)
    assert collecting == [False]
    assert gc.isenabled()
