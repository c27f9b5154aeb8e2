"""Forwards writes to the elected replica, so that all replicas answer alike (decision 25).

A request that writes, at a replica that is not the writer, is passed on to the writer as it came, and answered once
this replica has read what it wrote. A refusal that may rest on an older picture of the log than another replica has
answered from is decided again.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crosslook.platform.errors import AppError, Unavailable
from crosslook.platform.log_store.protocol import NotTheWriter
from crosslook.platform.replica import MAY_BE_OLD, Replica
from crosslook.platform.streamed import StreamedBodies
from crosslook.platform.writer_client import FORWARDED, LOG_POSITION, NOT_THE_WRITER, Call, ForwardedAnswer

_CHANGES = frozenset({"PUT", "PATCH", "DELETE"})
_OPERATIONS = frozenset({"/livez", "/readyz", "/metrics"})
Refuse = Callable[[Request, AppError], Response]


class Forwarding:
    """The layer around a service's routes. `refuse` renders a refusal. `streamed`: calls that only the writer answers,
    and whose bodies are passed on piece by piece: they cannot be read twice."""

    def __init__(self, app: ASGIApp, replica: Replica, refuse: Refuse, streamed: StreamedBodies | None = None) -> None:
        self._app = app
        self._replica = replica
        self._refuse = refuse
        self._streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] not in _OPERATIONS:
            self._replica.asked()
        if self._streamed is not None and self._streamed.has(scope):
            await self._stream(scope, receive, send)
            return
        as_it_came = {**scope, "state": {**scope.get("state", {})}}
        body, position = _Body(receive), self._replica.store.position
        outgoing = _Outgoing(send, self._marks(scope))
        try:
            await self._app(scope, body.receive, outgoing.send)
        except NotTheWriter:
            if outgoing.started:
                raise
            await self._pass_on(as_it_came, body, send)
            return
        # Only what a route refused: addresses that do not exist are nobody's state.
        newer = await self._replica.newer(position) if outgoing.held and "endpoint" in scope else False
        if newer:
            await self._again(as_it_came, body, send)
        elif newer is None and scope["method"] in _CHANGES:
            # A replica that is cut off must not refuse a change for what others may have written meanwhile.
            await self._refuse(Request(as_it_came), Unavailable("log_store"))(as_it_came, body.receive, send)
        else:
            await outgoing.release()

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The writer's answer to a call with a streamed body, whichever replica it reached."""
        request = Request(scope, receive)
        try:
            call = _call(scope, b"")
            if call.forwarded and not self._replica.store.writes:
                raise Unavailable("not_the_writer", headers={NOT_THE_WRITER.decode(): "true"})
            answer = await self._replica.stream(call, request.stream)
        except AppError as error:
            await self._refuse(request, error)(scope, receive, send)
            return
        if answer is not None:
            await _give(answer, self._marks(scope)(), send)
            return
        outgoing = _Outgoing(send, self._marks(scope))
        try:
            await self._app(scope, receive, outgoing.send)
        except NotTheWriter:
            if outgoing.started:
                raise
            await self._refuse(request, Unavailable("not_the_writer"))(scope, receive, send)
            return
        await outgoing.release()

    def _marks(self, scope: Scope) -> Callable[[], list[tuple[bytes, bytes]]]:
        """The headers that an answer gets when it is given."""
        forwarded = any(name == FORWARDED for name, _ in scope["headers"])

        def marks() -> list[tuple[bytes, bytes]]:
            closing = [(b"connection", b"close")] if self._replica.leaving else []
            position = str(self._replica.store.position).encode()
            return [*closing, (LOG_POSITION, position)] if forwarded else closing

        return marks

    async def _again(self, scope: Scope, body: "_Body", send: Send) -> None:
        outgoing = _Outgoing(send, self._marks(scope))
        try:
            await self._app({**scope}, body.replay(), outgoing.send)
        except NotTheWriter:
            if outgoing.started:
                raise
            await self._pass_on(scope, body, send)
        else:
            await outgoing.release()

    async def _pass_on(self, scope: Scope, body: "_Body", send: Send) -> None:
        request = Request(scope)
        try:
            call = _call(scope, await body.whole())
            if call.forwarded:
                raise Unavailable("not_the_writer", headers={NOT_THE_WRITER.decode(): "true"})
            answer = await self._replica.answer(call, lambda: self._answered_here(scope, body))
        except AppError as error:
            await self._refuse(request, error)(scope, body.receive, send)
        else:
            await _give(answer, self._marks(scope)(), send)

    async def _answered_here(self, scope: Scope, body: "_Body") -> ForwardedAnswer:
        """This replica's own answer: it has become the writer."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app({**scope}, body.replay(), collect)
        start, *pieces = messages
        return ForwardedAnswer(
            start["status"], tuple(start["headers"]), b"".join(piece.get("body", b"") for piece in pieces)
        )


class _Body:
    """A request's body, kept as it is read, so that it can be read again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[bytes] = []
        self._complete = False

    async def receive(self) -> Message:
        """The next message of the client."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._kept.append(message.get("body", b""))
            self._complete = not message.get("more_body", False)
        return message

    async def whole(self) -> bytes:
        """All of it. Raises Unavailable where the client is gone before that."""
        while not self._complete:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise Unavailable("client_gone")
        return b"".join(self._kept)

    def replay(self) -> Receive:
        """The client's messages from the first one on."""
        given = False

        async def receive() -> Message:
            nonlocal given
            if given:
                return await self._receive()
            given = True
            return {"type": "http.request", "body": await self.whole(), "more_body": False}

        return receive


class _Outgoing:
    """An answer on its way out: marked, and kept back while it is a refusal."""

    def __init__(self, send: Send, marks: Callable[[], list[tuple[bytes, bytes]]]) -> None:
        self._send = send
        self._marks = marks
        self._kept: list[Message] = []
        self.started = False

    @property
    def held(self) -> bool:
        """Whether a refusal is kept back."""
        return bool(self._kept)

    async def send(self, message: Message) -> None:
        """Pass on or keep the next message."""
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *self._marks()]
            if message["status"] in MAY_BE_OLD:
                self._kept.append(message)
                return
        if self._kept:
            self._kept.append(message)
            return
        self.started = True
        await self._send(message)

    async def release(self) -> None:
        """Send what was kept back."""
        kept, self._kept = self._kept, []
        for message in kept:
            await self._send(message)


def _call(scope: Scope, body: bytes) -> Call:
    path, query = scope.get("raw_path") or scope["path"].encode(), scope["query_string"]
    return Call(scope["method"], path + (b"?" + query if query else b""), tuple(scope["headers"]), body)


async def _give(answer: ForwardedAnswer, marks: list[tuple[bytes, bytes]], send: Send) -> None:
    headers = [(name, value) for name, value in answer.headers if name != b"content-length"] + marks
    if answer.status not in (204, 304):
        headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
