"""Passes calls of the page on to another service: both bodies piece by piece, never whole."""

import asyncio
from collections.abc import AsyncIterator

import httpx
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Send

from crosslook.platform.errors import Unavailable, Unconfirmed
from services.query_service.page.rules import HeaderList, answer_headers

_TIMEOUT = httpx.Timeout(3600.0, connect=1.0, pool=1.0)
"""Imports and exports take their time; a client that does not want to wait leaves, which ends the call."""
_IDLE_SECONDS = 2.0  # less than the 5 seconds after which a service closes a connection that nobody uses
_MOST_CONNECTIONS = 500
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Upstream:
    """One service behind the page. `http`: another client for tests."""

    def __init__(self, name: str, url: str, http: httpx.AsyncClient | None = None) -> None:
        self._name = name
        self._url = httpx.URL(url)
        limits = httpx.Limits(max_connections=_MOST_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS)
        self._http = http or httpx.AsyncClient(limits=limits, trust_env=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def pass_on(
        self, method: str, target: bytes, headers: HeaderList, receive: Receive, send: Send, *, sent: bool
    ) -> None:
        """Send a call on and its answer back; when the client leaves, the call ends. `target`: path and query. `sent`:
        whether the client sends a body.

        Raises Unavailable where the service cannot be reached, Unconfirmed where it does not answer a change, and
        ClientDisconnect."""
        body = _RequestBody(receive)
        if not sent:
            body.ended.set()
        exchange = asyncio.create_task(self._exchange(method, target, headers, body if sent else None, send))
        leaving = asyncio.create_task(body.client_left())
        try:
            await asyncio.wait({exchange, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not exchange.done():
                raise ClientDisconnect
            exchange.result()
        finally:
            for task in (exchange, leaving):
                task.cancel()
            await asyncio.gather(exchange, leaving, return_exceptions=True)

    async def _exchange(
        self, method: str, target: bytes, headers: HeaderList, body: "_RequestBody | None", send: Send
    ) -> None:
        # Built by hand: the client would add headers of its own, which ask for other encodings.
        request = httpx.Request(
            method,
            self._url.copy_with(raw_path=target),
            headers=headers,
            content=body.pieces() if body is not None else None,
            extensions={"timeout": _TIMEOUT.as_dict()},
        )
        response = await self._answered(request)
        try:
            start = {"status": response.status_code, "headers": answer_headers(response.headers.raw)}
            await send({"type": "http.response.start", **start})
            async for piece in response.aiter_raw():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            await response.aclose()

    async def _answered(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._http.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Unavailable(self._name) from None
        except httpx.TransportError:
            raise (Unavailable(self._name) if request.method in _SAFE else Unconfirmed()) from None


class _RequestBody:
    """A request's body as the client sends it. `ended` is set once it is read to its end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.ended = asyncio.Event()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The pieces as they arrive. Raises ClientDisconnect."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            more = message.get("more_body", False)
            if not more:
                self.ended.set()
            if message.get("body"):
                yield message["body"]

    async def client_left(self) -> None:
        """Wait until the client leaves; not before its body is read."""
        await self.ended.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
