"""The outermost layer of every service: request ids, request metrics, the limit on bodies."""

import time
import uuid

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError
from crosslook.platform.metrics import HTTP_REQUESTS, HTTP_SECONDS, Meters

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Edge:
    """Outermost layer: gives each request its id, measures it, and refuses a body as soon as it is too large."""

    def __init__(self, app: ASGIApp, max_body_bytes: int, meters: Meters) -> None:
        self._app = app
        self._limit = max_body_bytes
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        started, status, taken, declared = time.perf_counter(), 500, 0, _declared_bytes(scope)

        async def receive_limited() -> Message:
            nonlocal taken
            message = await receive() if declared <= self._limit else {}
            taken += len(message.get("body", b""))
            if max(taken, declared) > self._limit:
                raise AppError(Problem("body_too_large", values={"limit": self._limit}), status=413)
            return message

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if not any(name == b"x-request-id" for name, _ in message["headers"]):
                    message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive_limited, send_marked)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                self._meters.observe(HTTP_SECONDS, time.perf_counter() - started, route=route)
                # A caller may invent methods; each would be a time series for ever.
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._meters.add(HTTP_REQUESTS, method=method, route=route, status=str(status))


def _declared_bytes(scope: Scope) -> int:
    written = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(written) if written.isdigit() else 0
