"""Bodies of queries and answers, compressed by HTTP's own headers."""

import gzip
import zlib

import httpx
import lz4.frame
import pytest
from backports import zstd

COMPRESS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "lz4": lz4.frame.compress,
    "zstd": zstd.compress,
}
DECOMPRESS = {"gzip": gzip.decompress, "lz4": lz4.frame.decompress, "zstd": zstd.decompress}


def code_of(response: httpx.Response) -> int:
    return int(response.headers["X-ClickHouse-Exception-Code"])


@pytest.mark.parametrize("encoding", sorted(DECOMPRESS))
def test_an_answer_is_compressed_when_the_client_asks(http: httpx.Client, encoding: str) -> None:
    with http.stream(
        "POST",
        "/",
        params={"enable_http_compression": "1"},
        headers={"Accept-Encoding": encoding},
        content="SELECT number FROM numbers(100000)",
    ) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["Content-Encoding"] == encoding
    plain = DECOMPRESS[encoding](raw)
    assert plain == "".join(f"{number}\n" for number in range(100_000)).encode()
    assert len(raw) < len(plain)


def test_an_answer_is_plain_unless_both_sides_agree(http: httpx.Client) -> None:
    assert "Content-Encoding" not in http.post("/", content="SELECT 1", headers={"Accept-Encoding": "lz4"}).headers


@pytest.mark.parametrize("encoding", sorted(COMPRESS))
def test_a_query_may_come_compressed(http: httpx.Client, encoding: str) -> None:
    body = COMPRESS[encoding](b"SELECT 'compressed'")
    assert http.post("/", content=body, headers={"Content-Encoding": encoding}).text == "compressed\n"


@pytest.mark.parametrize("encoding", sorted(COMPRESS))
def test_a_body_that_is_not_what_its_encoding_says_is_an_error(http: httpx.Client, encoding: str) -> None:
    rubbish = http.post("/", content=b"SELECT 'not compressed at all'", headers={"Content-Encoding": encoding})
    assert rubbish.status_code >= 400
    assert code_of(rubbish) > 0


def test_an_unknown_encoding_is_an_error(http: httpx.Client) -> None:
    response = http.post("/", content="SELECT 1", headers={"Content-Encoding": "crush"})
    assert response.status_code >= 400
    assert code_of(response) > 0
