"""A TCP proxy of our own: passes, refuses, hangs, or cuts a connection inside the answer to a certain request."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

_PIECE = 64 * 1024


@dataclass(slots=True)
class Proxy:
    """What passes through a port of its own to `upstream`.

    `refuses`: connections are closed as soon as they are made. `cut_request`: what a request must hold for its
    answer to be cut after `cut_after` bytes, its connection with it. `cuts_left` says how often, `cuts` counts.
    """

    upstream: int
    refuses: bool = False
    cut_request: bytes = b""
    cut_after: int = 0
    cuts_left: int = 0
    cuts: int = 0
    flows: asyncio.Event = field(default_factory=asyncio.Event)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _serving: set["asyncio.Task[None] | None"] = field(default_factory=set)

    def hang(self) -> None:
        """From here on nothing passes, though connections stay open; `flows.set()` ends it."""
        self.flows.clear()

    def drop(self) -> None:
        """Cut every connection there is."""
        for writer in self._open:
            writer.transport.abort()

    async def ended(self) -> None:
        """Cut every connection and wait until nothing is left of it."""
        self.flows.set()
        self.drop()
        await asyncio.gather(*(task for task in self._serving if task is not None), return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, to its end."""
        task = asyncio.current_task()
        self._serving.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self._serving.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refuses:
            writer.transport.abort()
            return
        connection = _Connection(self)
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, up_writer}
        asked = asyncio.create_task(connection.forward(reader, up_writer, answers=False))
        answered = asyncio.create_task(connection.forward(up_reader, writer, answers=True))
        await asyncio.wait((asked, answered), return_when=asyncio.FIRST_COMPLETED)
        for task in (asked, answered):
            task.cancel()
        await asyncio.gather(asked, answered, return_exceptions=True)
        for transport in (writer, up_writer):
            self._open.discard(transport)
            transport.transport.abort()


class _Connection:
    """Both directions of one connection; what was asked since the last answer decides whether the answer is cut."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._asked = b""

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        """Until either side closes, or the answer is cut."""
        with contextlib.suppress(OSError):
            while piece := await reader.read(_PIECE):
                await self._proxy.flows.wait()
                if not answers:
                    self._asked += piece
                elif self._to_be_cut():
                    writer.write(piece[: self._proxy.cut_after])
                    await writer.drain()
                    return
                else:
                    self._asked = b""
                writer.write(piece)
                await writer.drain()

    def _to_be_cut(self) -> bool:
        proxy = self._proxy
        if proxy.cuts_left == 0 or proxy.cut_request not in self._asked:
            return False
        proxy.cuts_left -= 1
        proxy.cuts += 1
        return True


@contextlib.asynccontextmanager
async def running_proxy(upstream: int) -> AsyncIterator[tuple[Proxy, int]]:
    """A proxy that passes everything, and the port it listens on."""
    proxy = Proxy(upstream)
    proxy.flows.set()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield proxy, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await proxy.ended()
