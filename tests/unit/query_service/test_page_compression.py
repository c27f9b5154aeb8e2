"""What the page reads of the API is compressed; files and everything else are left as they are."""

import httpx
import pytest
from starlette.responses import PlainTextResponse

from services.query_service.page.compression import CompressedAnswers

LARGE = "catalog " * 1000


@pytest.mark.parametrize(
    ("path", "headers", "encoding"),
    [
        ("/api/query/v1/tenants/acme/catalog", {"Accept": "application/json", "Accept-Encoding": "gzip"}, "gzip"),
        ("/api/query/v1/tenants/acme/catalog", {"Accept": "application/json", "Accept-Encoding": "identity"}, None),
        ("/api/query/v1/tenants/acme/query", {"Accept": "text/csv", "Accept-Encoding": "gzip"}, None),
        ("/api/query/v1/tenants/acme/query", {"Accept": "*/*", "Accept-Encoding": "gzip"}, None),
        ("/v1/tenants/acme/catalog", {"Accept": "application/json", "Accept-Encoding": "gzip"}, None),
    ],
    ids=["json", "a client without gzip", "a file", "anything", "the service's own address"],
)
async def test_only_json_of_the_page_is_compressed(path: str, headers: dict[str, str], encoding: str | None) -> None:
    transport = httpx.ASGITransport(CompressedAnswers(PlainTextResponse(LARGE)))
    async with httpx.AsyncClient(transport=transport, base_url="http://page.test") as client:
        answer = await client.get(path, headers=headers)
    assert answer.headers.get("content-encoding") == encoding
    assert answer.text == LARGE


async def test_a_short_answer_is_left_as_it_is() -> None:
    transport = httpx.ASGITransport(CompressedAnswers(PlainTextResponse("short")))
    async with httpx.AsyncClient(transport=transport, base_url="http://page.test") as client:
        answer = await client.get("/api/query/x", headers={"Accept": "application/json", "Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers
