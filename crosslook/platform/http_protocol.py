"""HTTP/1.1 on one connection, with limits on what an unauthenticated client can send (decision 28).

uvicorn's parser accepts headers and URLs of any size and waits for them for ever. Here a request is refused as soon as
it passes a limit, with a problem document, and nothing is kept of what comes after that. Instants are seconds of the
event loop's clock.
"""

import asyncio
import uuid
from enum import Enum, auto
from typing import Any, cast

import httptools
from fastapi import Request
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from crosslook.contracts.problems import Problem
from crosslook.platform.edge import too_many_requests
from crosslook.platform.errors import AppError
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.lingering import LINGER_SECONDS, LINGER_SILENT_SECONDS, LingeringTransport
from crosslook.platform.metrics import HTTP_REQUESTS, Meters
from crosslook.platform.responses import completed_headers, problem_response

KEEP_ALIVE_SECONDS = 5
PIPELINED_MOST = 16
"""Requests that may wait on one connection for the answers before them."""
_LINE_OVERHEAD = len(": \r\n")
_UPGRADE_HEADERS = frozenset({b"connection", b"upgrade", b"http2-settings"})


class _Section(Enum):
    """Where the parser stands in what the client sends."""

    BETWEEN = auto()
    HEADERS = auto()
    BODY = auto()


class _Stop(Exception):
    """Raised in a callback of the parser: nothing further is parsed."""


class LimitedHttpProtocol(HttpToolsProtocol):
    """One connection. `check` must be called about once a second: it ends what takes too long."""

    def __init__(
        self, settings: HttpSettings, meters: Meters, config: Config, server_state: ServerState, **more: Any
    ) -> None:
        super().__init__(config, server_state, **more)
        self._limits = settings
        self._meters = meters
        self._section = _Section.BETWEEN
        self._since = self._heard_at = self._answered_at = self.loop.time()
        self._header_bytes = self._silent_bytes = 0
        self._advanced = self._upgrading = self._deaf = False
        self._refusal: AppError | None = None
        self._answers = 0

    # Connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """A client connected. Above the limit the connection that has waited longest is closed, else this one."""
        super().connection_made(transport)
        self.transport = cast(asyncio.Transport, LingeringTransport(transport, self.flow.resume_reading))
        if len(self.connections) > self._limits.max_connections and not self._close_another():
            self._refuse(too_many_requests())

    def shutdown(self) -> None:
        """As uvicorn's: an idle connection is closed now, another after its answer; neither waits for the client."""
        self._line.polite = False
        if self._answering:
            self.cycle.keep_alive = False
        else:
            self._line.end()

    def arriving(self, seconds: float) -> bool:
        """Whether a request is on its way: its headers have begun, or the client connected less than so long ago."""
        if self._line.is_closing():
            return False
        fresh = not self._answers and not self._answering and self.loop.time() < self._since + seconds
        return self._section is _Section.HEADERS or (self._section is _Section.BETWEEN and fresh)

    def check(self) -> None:
        """End the connection where the client is too slow. Never raises."""
        now, line, limits = self.loop.time(), self._line, self._limits
        if line.stalled(limits.send_seconds):
            line.abort()
        elif line.lingering_since is not None:
            if now > min(line.lingering_since + LINGER_SECONDS, self._heard_at + LINGER_SILENT_SECONDS):
                line.end()
        elif self._section is _Section.HEADERS:
            if now > self._since + limits.header_seconds:
                self._refuse(request_timeout(limits.header_seconds))
        elif not self._answering and now > self._idle_until():
            line.end()

    def _idle_until(self) -> float:
        """Until when a connection without a request that is being answered is kept."""
        if self._section is _Section.BODY:  # it was answered before its body was there
            return min(self._answered_at + LINGER_SECONDS, self._heard_at + LINGER_SILENT_SECONDS)
        return self._since + (KEEP_ALIVE_SECONDS if self._answers else self._limits.header_seconds)

    @property
    def _line(self) -> LingeringTransport:
        return cast(LingeringTransport, self.transport)

    @property
    def _answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _close_another(self) -> bool:
        """Close the connection that has waited longest without a whole request; whether there was one."""
        others = cast(set[LimitedHttpProtocol], self.connections)
        waiting = (other for other in others if other is not self and not other._answering)
        longest = min(waiting, key=lambda other: other._since, default=None)
        if longest is not None:
            longest._line.abort()
        return longest is not None

    # What arrives

    def data_received(self, data: bytes) -> None:
        """Bytes of the client. After a refusal they are read, so that the client can read it, and forgotten."""
        self._heard_at = self.loop.time()
        if self._deaf or self._line.is_closing():
            return
        self._unset_keepalive_if_required()
        self._advanced = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._feed_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._refusal or AppError(Problem("malformed_request"), status=400))
        else:
            self._bound_silence(len(data))

    def _bound_silence(self, received: int) -> None:
        """The parser keeps a header or trailer until its end: bound what it was fed without getting any further."""
        self._silent_bytes = 0 if self._advanced else self._silent_bytes + received
        if self._silent_bytes > self._limits.max_header_bytes:
            self._refuse(headers_too_large(self._limits))

    def _feed_without_upgrade(self, rest: bytes) -> None:
        """A server may ignore `Upgrade` (RFC 9110, 7.8); the parser cannot, so it is given the request without it."""
        self._upgrading = False
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(AppError(Problem("malformed_request"), status=400))
            return
        kept = [(name, value) for name, value in self.headers if name not in _UPGRADE_HEADERS]
        lines = b"".join(b"%b: %b\r\n" % header for header in kept)
        self.parser = httptools.HttpRequestParser(self)
        self.data_received(b"%b %b HTTP/1.1\r\n%b\r\n%b" % (method, self.url, lines, rest))

    # Callbacks of the parser

    def on_message_begin(self) -> None:
        """A request begins."""
        if len(self.pipeline) >= PIPELINED_MOST:
            raise _Stop
        super().on_message_begin()
        self._section, self._since, self._header_bytes = _Section.HEADERS, self.loop.time(), 0

    def on_url(self, url: bytes) -> None:
        """A part of its URL."""
        super().on_url(url)
        if len(self.url) > self._limits.max_url_bytes:
            self._stop(AppError(Problem("url_too_long", values={"limit": self._limits.max_url_bytes}), status=414))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer after the body, which is dropped."""
        self._header_bytes += len(name) + len(value) + _LINE_OVERHEAD
        if self._header_bytes > self._limits.max_header_bytes:
            self._stop(headers_too_large(self._limits))
        if self._section is _Section.HEADERS:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The application is called."""
        self._upgrading = self.parser.should_upgrade()
        if not self._upgrading:
            super().on_headers_complete()
            self._section, self._advanced = _Section.BODY, True

    def on_body(self, body: bytes) -> None:
        """A part of its body."""
        self._advanced = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if not self._upgrading:
            self._section, self._since, self._advanced = _Section.BETWEEN, self.loop.time(), True
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """It was answered."""
        self._answers += 1
        self._answered_at = self.loop.time()
        if self._section is _Section.BETWEEN:
            self._since = self._answered_at
        super().on_response_complete()

    # Refusals

    def _stop(self, refusal: AppError) -> None:
        self._refusal = refusal
        raise _Stop

    def _refuse(self, error: AppError) -> None:
        """Answer what was read of a request, and listen no more. Answers under way are given first."""
        self._deaf = True
        if self._answering and self._section is not _Section.BODY:
            self.cycle.keep_alive = False  # the request before this one: its answer is the last on this connection
            return
        if self._answering:
            if self.cycle.response_started or any(queued is self.cycle for queued, _ in self.pipeline):
                self._line.end()
                return
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._answer(error)
        self._line.close()

    def _answer(self, error: AppError) -> None:
        request_id = uuid.uuid4().hex
        scope = {"type": "http", "headers": self.headers or [], "state": {"request_id": request_id}}
        response = problem_response(Request(scope), error)
        own = completed_headers(response.raw_headers, request_id)
        headers = [*self.server_state.default_headers, *own, (b"connection", b"close")]
        lines = b"".join(b"%b: %b\r\n" % header for header in headers)
        self.transport.write(b"%b%b\r\n%b" % (STATUS_LINE[error.status], lines, bytes(response.body)))
        self._meters.add(HTTP_REQUESTS, method="other", route="unread", status=str(error.status))


def headers_too_large(limits: HttpSettings) -> AppError:
    """The refusal of headers, or trailers, beyond the limit of bytes."""
    return AppError(Problem("headers_too_large", values={"limit": limits.max_header_bytes}), status=431)


def request_timeout(seconds: float) -> AppError:
    """The refusal of headers that did not end in time."""
    return AppError(
        Problem("request_timeout", text="request_timeout.headers", values={"seconds": round(seconds)}), status=408
    )
