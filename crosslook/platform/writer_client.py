"""Forwards a request unchanged to the writer, one hop, and recognises requests that had no effect."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx

FORWARDED = b"crosslook-forwarded"
"""Header of a request that another replica passed on: it is not passed on again."""
LOG_POSITION = b"crosslook-log-position"
"""Header of its answer: how far the writer had read its log, its own write included."""
NOT_THE_WRITER = b"crosslook-not-the-writer"
"""Header of its answer where it had no effect, because the replica does not write."""

RawHeaders = tuple[tuple[bytes, bytes], ...]

_TIMEOUT = httpx.Timeout(30.0, connect=1.0, pool=1.0)
_STREAM_TIMEOUT = httpx.Timeout(120.0, connect=1.0, pool=1.0)
"""For a body that is read at the pace at which it is worked on."""
_LOOK_SECONDS = 0.1
_LATE_SECONDS = 1.0
_IDLE_SECONDS = 2.0  # less than the 5 seconds after which the server closes a connection that nobody uses
_MOST_CONNECTIONS = 100
_MOST_ANSWER_BYTES = 16 * 1024 * 1024
_OF_ONE_HOP = frozenset(
    b"connection content-length keep-alive proxy-authenticate proxy-authorization te trailer".split()
) | {b"transfer-encoding", b"upgrade"}
_NOT_SENT_ON = _OF_ONE_HOP | {b"host", b"expect", FORWARDED}
_NOT_ANSWERED = _OF_ONE_HOP | {b"date", b"server", LOG_POSITION, NOT_THE_WRITER}
_IDEMPOTENT = frozenset({"PUT", "DELETE"})


class NotSent(Exception):
    """The request had no effect: nothing listens there, or that replica is not the writer."""


class Unanswered(Exception):
    """The request was sent and not answered: it may have been applied."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request as received. `target`: path and query as the client sent them."""

    method: str
    target: bytes
    headers: RawHeaders
    body: bytes

    @property
    def forwarded(self) -> bool:
        """Whether another replica passed it on."""
        return any(name == FORWARDED for name, _ in self.headers)

    @property
    def repeatable(self) -> bool:
        """Whether it can be sent again when its outcome is unknown: it is idempotent, or changes a version it names."""
        named = {name for name, _ in self.headers}
        return self.method in _IDEMPOTENT or not named.isdisjoint({b"idempotency-key", b"if-match"})


@dataclass(frozen=True, slots=True)
class ForwardedAnswer:
    """An answer that is complete. `position`: how far this replica must have read before it gives the answer."""

    status: int
    headers: RawHeaders
    body: bytes
    position: int = 0


class WriterClient:
    """An HTTP client for the other replicas of a service. `http`: another one for tests."""

    def __init__(self, http: httpx.AsyncClient | None = None) -> None:
        limits = httpx.Limits(max_connections=_MOST_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS)
        self._http = http or httpx.AsyncClient(limits=limits, trust_env=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def send(self, address: str, call: Call, superseded: Callable[[], bool]) -> ForwardedAnswer:
        """The answer of the replica at `address`. Raises NotSent or Unanswered.

        `superseded` says whether another replica has taken over by now: then this one has a second left to answer.
        """
        sending = asyncio.create_task(self._send(address, call))
        try:
            while not superseded():
                done, _ = await asyncio.wait([sending], timeout=_LOOK_SECONDS)
                if done:
                    return sending.result()
            async with asyncio.timeout(_LATE_SECONDS):
                return await sending
        except TimeoutError as error:
            raise Unanswered from error
        finally:
            sending.cancel()

    async def stream(self, address: str, call: Call, body: AsyncIterator[bytes]) -> ForwardedAnswer:
        """As `send`, with a body that is passed on as it arrives. Raises NotSent, Unanswered, what `body` raises."""
        return await self._send(address, call, body, _STREAM_TIMEOUT)

    async def _send(
        self, address: str, call: Call, body: AsyncIterator[bytes] | None = None, timeout: httpx.Timeout = _TIMEOUT
    ) -> ForwardedAnswer:
        try:
            url = _base(address).copy_with(raw_path=call.target)
            kept = [(name, value) for name, value in call.headers if name not in _NOT_SENT_ON]
            # Built by hand: the client would add headers of its own, which ask for other encodings.
            request = httpx.Request(
                call.method,
                url,
                headers=[*kept, (FORWARDED, b"1")],
                content=body or call.body or None,
                extensions={"timeout": timeout.as_dict()},
            )
            response = await self._http.send(request, stream=True)
            try:
                return _answer(response, await _body(response))
            finally:
                await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL) as error:
            raise NotSent from error
        except httpx.TransportError as error:
            raise Unanswered from error


def _base(address: str) -> httpx.URL:
    """Raises InvalidURL for what is no address of a replica: only scheme, host and port are taken from a topic."""
    url = httpx.URL(address)
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise httpx.InvalidURL("not the address of a replica")
    return httpx.URL(scheme=url.scheme, host=url.host, port=url.port)


async def _body(response: httpx.Response) -> bytes:
    pieces, size = [], 0
    async for piece in response.aiter_raw():
        size += len(piece)
        if size > _MOST_ANSWER_BYTES:
            raise Unanswered
        pieces.append(piece)
    return b"".join(pieces)


def _answer(response: httpx.Response, body: bytes) -> ForwardedAnswer:
    """Raises NotSent where the replica answers that it is not the writer."""
    headers = tuple((name.lower(), value) for name, value in response.headers.raw)
    named = dict(headers)
    if NOT_THE_WRITER in named:
        raise NotSent
    position = named.get(LOG_POSITION, b"")
    kept = tuple((name, value) for name, value in headers if name not in _NOT_ANSWERED)
    return ForwardedAnswer(response.status_code, kept, body, int(position) if position.isdigit() else 0)
