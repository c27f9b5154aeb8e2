"""What every answer carries, and the interface as a document and as a page."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from httpx import AsyncClient as Client

from crosslook.platform.api_page import render_page
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.metrics import Meters
from tests.helpers.served import probe_app


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    transport = httpx.ASGITransport(probe_app(HttpSettings(), Meters()), raise_app_exceptions=False)
    async with Client(transport=transport, base_url="http://probe") as made:
        yield made


SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store"}


@pytest.mark.parametrize("path", ["/livez", "/metrics", "/docs", "/openapi.json", "/nowhere", "/bug", "/large"])
async def test_no_answer_is_kept_or_taken_for_something_else(client: Client, path: str) -> None:
    answer = await client.get(path)
    assert SAFE.items() <= answer.headers.items()
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def test_what_has_a_tag_may_be_kept_by_its_reader_only(client: Client) -> None:
    assert (await client.get("/tagged")).headers["cache-control"] == "private, no-cache"
    assert (await client.get("/tagged?kept=max-age%3D60")).headers.get_list("cache-control") == ["max-age=60"]


@pytest.mark.parametrize("path", ["/tagged/", "/livez/", "/v1/tenants/acme/things/"])
async def test_no_address_is_redirected_to_the_host_that_a_caller_names(client: Client, path: str) -> None:
    answer = await client.get(path, headers={"Host": "elsewhere.example"})
    assert answer.status_code == 404
    assert "location" not in answer.headers


async def test_the_page_about_the_interface_loads_and_runs_nothing(client: Client) -> None:
    answer = await client.get("/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert re.findall(r"<(?:script|link|img|iframe|object)|src=|@import|url\(|https?:", answer.text) == []
    assert "/v1/tenants/{tenant}/things" in answer.text
    assert "Scope <code>ops</code>" in answer.text
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_nothing_in_the_document_is_markup_on_the_page() -> None:
    evil = "<script>alert(1)</script>"
    schema = {"enum": [evil], "description": evil}
    operation = {
        "tags": [evil],
        "summary": evil,
        "description": evil,
        "security": [{"bearer": [evil]}],
        "parameters": [{"name": evil, "in": evil, "description": evil, "schema": {"$ref": f"#/x/{evil}"}}],
        "requestBody": {"content": {evil: {"schema": {"anyOf": [schema, {"const": evil}, {"type": evil}]}}}},
        "responses": {evil: {"content": {evil: {"schema": {"type": "array", "items": schema}}}}},
    }
    parts = {"schemas": {evil: {"properties": {evil: schema}, "description": evil}, "other": schema}}
    page = render_page(
        {"info": {"title": evil, "version": evil}, "paths": {evil: {"get": operation}}, "components": parts}
    )
    assert "<script" not in page.lower()
    assert page.count("&lt;script&gt;") > 15


async def test_the_api_document_says_which_token_a_call_needs(client: Client) -> None:
    document = (await client.get("/openapi.json")).json()
    scheme = document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"], scheme["bearerFormat"]) == ("http", "bearer", "JWT")
    assert document["paths"]["/v1/tenants/{tenant}/things"]["get"]["security"] == [{"bearer": ["ops"]}]
    assert document["paths"]["/livez"]["get"]["security"] == []
    assert list(document["paths"]["/metrics"]["get"]["responses"]["200"]["content"]) == ["text/plain"]
