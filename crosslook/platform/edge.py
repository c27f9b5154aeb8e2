"""The outermost layer of every service: request ids, metrics, limits of bodies and of simultaneous requests."""

import asyncio
import time
import uuid
from collections.abc import Callable

import structlog
from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import HTTP_REQUESTS, HTTP_SECONDS, Meters
from crosslook.platform.responses import completed_headers
from crosslook.platform.streamed import StreamedBodies

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_ALWAYS_ANSWERED = frozenset({"/livez", "/readyz", "/metrics"})
_RETRY_SECONDS = 2
_CLIENT_GONE = 499
"""In the metrics, as nginx has it: nobody was there for an answer."""

_LOG = get_logger(__name__)

RenderRefusal = Callable[[Request, AppError], Response]
"""Makes the answer that refuses a request."""


class Edge:
    """Gives each request an id, measures it, and refuses it if the service is full or the body is too large.
    `streamed`: calls whose bodies may be larger."""

    def __init__(
        self,
        app: ASGIApp,
        settings: HttpSettings,
        meters: Meters,
        refusal: RenderRefusal,
        streamed: StreamedBodies | None = None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._meters = meters
        self._refusal = refusal
        self._streamed = streamed
        self._requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        answer, started = _Answer(send, request_id), time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            self._requests += 1
            try:
                await self._run(scope, receive, answer)
            finally:
                self._requests -= 1
                self._measure(scope, time.perf_counter() - started, answer.status or 500)

    async def _run(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        try:
            body = _Body(scope, receive, self._settings, self._max_bytes(scope))
            await self._app_for(scope)(scope, body.receive, answer.send)
        except ClientDisconnect:
            answer.status = _CLIENT_GONE
        except Exception as error:
            if answer.status is not None:  # the server cuts the connection: nobody takes the part for the whole
                raise
            _LOG.error("unhandled_error", path=scope["path"], exc_info=error)
            bug = self._refusal(Request(scope), AppError(Problem("internal_error"), status=500))
            await bug(scope, receive, answer.send)

    def _max_bytes(self, scope: Scope) -> int:
        streamed = self._streamed
        return streamed.max_bytes if streamed is not None and streamed.has(scope) else self._settings.max_body_bytes

    def _app_for(self, scope: Scope) -> ASGIApp:
        """The application, or the refusal of a request beyond those that may be under way."""
        if self._requests <= self._settings.max_requests or scope["path"] in _ALWAYS_ANSWERED:
            return self._app
        return self._refusal(Request(scope), too_many_requests())

    def _measure(self, scope: Scope, seconds: float, status: int) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        self._meters.observe(HTTP_SECONDS, seconds, route=route)
        # A caller may invent methods; each would be a time series for ever.
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._meters.add(HTTP_REQUESTS, method=method, route=route, status=str(status))


class _Answer:
    """What the application answers, with the headers that every answer has. `status` is None until it begins."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """One message of the application."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = completed_headers(message["headers"], self._request_id)
        await self._send(message)


class _Body:
    """A request's body as it is handed to the application: never too large, never too slow."""

    def __init__(self, scope: Scope, receive: Receive, settings: HttpSettings, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._declared = _declared_bytes(scope)
        self._receive = receive
        self._settings = settings
        self._taken = 0
        self._waited = 0.0
        self._ended = False

    async def receive(self) -> Message:
        """The next message. Raises AppError `body_too_large` (413), `request_timeout` (408)."""
        if self._declared > self._max_bytes:
            raise self._too_large()
        message = await (self._receive() if self._ended else self._next())
        self._taken += len(message.get("body", b""))
        self._ended = not message.get("more_body", False)
        if self._taken > self._max_bytes:
            raise self._too_large()
        return message

    async def _next(self) -> Message:
        """Only the time that we wait for the client counts; each byte that came buys some more."""
        earned = self._taken / self._settings.min_body_bytes_per_second
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._settings.body_seconds + earned - self._waited):
                return await self._receive()
        except TimeoutError:
            raise AppError(
                Problem("request_timeout", text="request_timeout.body", values={"bytes": self._taken}),
                status=408,
                headers={"Connection": "close"},
            ) from None
        finally:
            self._waited += time.monotonic() - started

    def _too_large(self) -> AppError:
        return AppError(Problem("body_too_large", values={"limit": self._max_bytes}), status=413)


def too_many_requests() -> AppError:
    """The refusal of a request while the service is at its limit."""
    return AppError(
        Problem("overloaded", text="overloaded.requests", values={"seconds": _RETRY_SECONDS}),
        status=503,
        headers={"Retry-After": str(_RETRY_SECONDS)},
    )


def _declared_bytes(scope: Scope) -> int:
    written = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(written) if written.isdigit() else 0
