"""Calls of the page reach another service as they are sent: over real HTTP, piece by piece, and no longer than somebody
waits for them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from crosslook.local.ports import free_port
from crosslook.local.stack import page_at
from tests.behaviours.logs import until
from tests.helpers.page import PageStack, page_stack

IMPORT = "/api/schema/v1/tenants/acme/objects/ticket/import"
PIECE = b"x" * 65_536


@contextlib.asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """The address at which an application is served over HTTP."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())  # without its signal handlers: those are pytest's
    try:
        await until(lambda: server.started, seconds=20)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


@dataclass(slots=True)
class Service:
    """A service that notes what it gets. `/drip` answers piece by piece as `gate` lets it, until the client leaves."""

    calls: list[tuple[str, bytes, bytes, dict[str, str]]] = field(default_factory=list)
    received: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    left: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.calls.append((scope["method"], scope["raw_path"], scope["query_string"], headers))
        if scope["path"].endswith("/drip"):
            await self._drip(receive, send)
            return
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left += 1
                return
            self.received += len(message["body"])
            more = message["more_body"]
        if scope["path"].startswith("/v1/webhooks/"):
            answer, status, body = [(b"content-type", b"application/json")], 202, b'{"accepted":1}'
        else:
            answer, status = [(b"content-type", b"text/plain"), (b"set-cookie", b"a=b")], 201
            body = str(self.received).encode()
        await send({"type": "http.response.start", "status": status, "headers": answer})
        await send({"type": "http.response.body", "body": body})

    async def _drip(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv")]})
        await send({"type": "http.response.body", "body": b"first", "more_body": True})
        opened, gone = asyncio.create_task(self.gate.wait()), asyncio.ensure_future(receive())
        await asyncio.wait({opened, gone}, return_when=asyncio.FIRST_COMPLETED)
        self.left += gone.done()
        for task in (opened, gone):
            task.cancel()
        await send({"type": "http.response.body", "body": b"last", "more_body": False})


@dataclass(slots=True)
class Web:
    """The page served over HTTP, with a service behind it, and a browser that is signed in."""

    stack: PageStack
    service: Service
    browser: httpx.AsyncClient

    async def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A call of the page."""
        return await self.browser.request(method, path, **options)


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    service = Service()
    async with served(service) as url, page_stack(tmp_path, schema_url=url) as stack, served(stack.app) as page:
        headers = {"X-Crosslook-Session": "acme"}
        async with httpx.AsyncClient(base_url=page, headers=headers, trust_env=False, timeout=20) as browser:
            response = await browser.post("/api/session", json={"code": stack.code("acme", "schemas:write")})
            assert response.status_code == 200
            yield Web(stack, service, browser)


async def test_a_service_gets_the_call_with_a_token_of_the_session(web: Web) -> None:
    forged = {"Authorization": "Bearer forged", "Accept-Language": "fr", "If-Match": '"2"'}
    response = await web.call("PUT", "/api/schema/v1/tenants/a%20b/x%2Fy?q=1&q=%C3%A9", headers=forged, json={})
    assert (response.status_code, response.text) == (201, "2")
    [(method, path, query, headers)] = web.service.calls
    assert (method, path, query) == ("PUT", b"/v1/tenants/a%20b/x%2Fy", b"q=1&q=%C3%A9")
    claims = jwt.decode(headers["authorization"].removeprefix("Bearer "), options={"verify_signature": False})
    assert (claims["tenant"], claims["scope"], claims["aud"]) == ("acme", "schemas:write", "crosslook")
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert (headers["accept-language"], headers["if-match"], headers["content-length"]) == ("fr", '"2"', "2")
    assert len(headers["x-request-id"]) == 32
    assert not {"cookie", "x-crosslook-session"} & headers.keys()
    assert response.headers.get_list("set-cookie") == []


async def test_an_import_is_passed_on_while_it_is_read(web: Web) -> None:
    pieces = 160  # ten megabytes: more than any other body may have

    async def body() -> AsyncIterator[bytes]:
        yield PIECE
        await until(lambda: web.service.received >= len(PIECE), seconds=15)
        for _ in range(pieces - 1):
            yield PIECE

    response = await web.call("POST", IMPORT, content=body())
    assert (response.status_code, response.text) == (201, str(pieces * len(PIECE)))


async def test_a_vendors_message_reaches_the_intake_as_it_came(web: Web) -> None:
    headers = {
        "X-Zendesk-Webhook-Signature": "c2ln",
        "Authorization": "Basic dmVuZG9y",
        "Content-Type": "application/json",
    }
    response = await web.call("POST", "/v1/webhooks/acme/zen%64esk?a=1", headers=headers, content=PIECE * 40)
    assert (response.status_code, web.service.received) == (202, 40 * len(PIECE))
    [(method, path, query, sent)] = web.service.calls
    assert (method, path, query) == ("POST", b"/v1/webhooks/acme/zen%64esk", b"a=1")
    assert (sent["x-zendesk-webhook-signature"], sent["authorization"]) == ("c2ln", "Basic dmVuZG9y")
    assert not {"cookie", "x-crosslook-session"} & sent.keys()


async def test_nothing_but_the_intake_of_messages_is_reached_without_a_session(web: Web) -> None:
    for path in (
        "/v1/webhooks/%2e%2e/tenants",
        "/v1/webhooks/acme/../../tenants/acme/schemas",
        "/v1/tenants/acme/events",
    ):
        assert (await web.call("POST", path, json=[])).status_code in (401, 404, 405), path
    assert web.service.calls == []


async def test_any_other_body_is_bounded(web: Web) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(110):
            yield PIECE

    response = await web.call("POST", "/api/schema/v1/tenants/acme/schemas", content=body())
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")


async def test_an_answer_is_passed_on_while_it_is_written(web: Web) -> None:
    async with web.browser.stream("GET", "/api/schema/v1/drip") as response:
        pieces = response.aiter_raw()
        assert await anext(pieces) == b"first"
        assert web.service.left == 0
        web.service.gate.set()
        assert b"".join([piece async for piece in pieces]) == b"last"


async def test_when_the_client_leaves_the_service_is_left_too(web: Web) -> None:
    async with web.browser.stream("GET", "/api/schema/v1/drip") as response:
        assert await anext(response.aiter_raw()) == b"first"
    await until(lambda: web.service.left == 1, seconds=15)


async def test_when_the_client_leaves_during_its_body_the_service_is_left_too(web: Web) -> None:
    sending = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield PIECE
        sending.set()
        await asyncio.Event().wait()

    call = asyncio.create_task(web.call("POST", IMPORT, content=body()))
    await sending.wait()
    await until(lambda: web.service.received == len(PIECE), seconds=15)
    call.cancel()
    await asyncio.gather(call, return_exceptions=True)
    await until(lambda: web.service.left == 1, seconds=15)


async def test_a_service_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    async with page_stack(tmp_path, snapshot_url=f"http://127.0.0.1:{free_port()}") as stack:
        await stack.sign_in("*", "ops")
        response = await stack.call("/api/snapshot/v1/snapshots", "*")
        assert (response.status_code, response.json()["code"]) == (503, "unavailable")
        assert "snapshot_service" in response.json()["detail"]
        assert response.headers["Retry-After"] == "2"


async def test_a_service_that_dies_leaves_a_change_unconfirmed(tmp_path: Path) -> None:
    async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(dies, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with page_stack(tmp_path, snapshot_url=f"http://127.0.0.1:{port}") as stack:
            await stack.sign_in("*", "ops")
            read = await stack.call("/api/snapshot/v1/snapshots", "*")
            named = {"X-Crosslook-Session": "*"}
            changed = await stack.client.post("/api/snapshot/v1/snapshots", headers=named)
    finally:
        server.close()
        await server.wait_closed()
    assert (read.status_code, changed.status_code) == (503, 503)
    assert "may or may not have been applied" in changed.json()["detail"]
    assert "may or may not" not in read.json()["detail"]


async def test_the_command_knows_whether_the_page_is_served(tmp_path: Path) -> None:
    async with page_stack(tmp_path) as stack, served(stack.app) as url:
        assert await page_at(url) == url
    async with page_stack(tmp_path, folder=None) as stack, served(stack.app) as url:
        assert await page_at(url) is None
    assert await page_at(f"http://127.0.0.1:{free_port()}") is None
