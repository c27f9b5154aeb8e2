"""Runs a service's application on an HTTP server until the process is told to stop."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

import uvicorn
from fastapi import FastAPI

from crosslook.platform.http_protocol import KEEP_ALIVE_SECONDS, LimitedHttpProtocol
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.process import Fatal, watch
from crosslook.platform.replica import Replica

_TICKS_PER_CHECK = 5
"""uvicorn ticks ten times a second."""
_TURNS_TO_ATTACH = 3
"""Turns of the loop until each connection that it has accepted has its protocol."""
_ARRIVAL_SECONDS, _LOOK_SECONDS = 1.0, 0.02
_ACCEPTED_AT_ONCE, _ACCEPT_QUEUE = 32, 2048
"""asyncio takes one number for both. Few at once: a connection is read before many others can crowd it out."""


async def serve(
    app: FastAPI, settings: HttpSettings, *, fatal: Fatal = lambda: None, replica: Replica | None = None
) -> None:
    """Serve until SIGTERM or SIGINT; in-flight requests get 10 seconds. Raises SystemExit when the start fails.

    `replica` leaves the others to go on without it before this process stops listening. `fatal` is asked all the while
    (`process.watch`); when it gives a reason the service is shut down in the same orderly way and StopService is raised
    with it, so that the process ends non-zero.
    """
    serving = server(app, settings)
    if replica is not None:
        serving.before_shutdown = lambda: replica.leave(
            settings.drain_seconds, lambda: serving.force_exit or watching.done()
        )
    watching = asyncio.create_task(watch(fatal), name="watch for a reason to stop")
    watching.add_done_callback(lambda _: setattr(serving, "should_exit", True))
    try:
        await serving.serve()
        if watching.done():
            watching.result()
    finally:
        watching.cancel()


def server(app: FastAPI, settings: HttpSettings) -> "Server":
    """The HTTP server, with the limits of the settings on every connection, to be run beside something else."""
    protocol = partial(LimitedHttpProtocol, settings, app.state.meters)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=cast(type[asyncio.Protocol], protocol),
        ws="none",
        backlog=_ACCEPTED_AT_ONCE,
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    return Server(config)


class Server(uvicorn.Server):
    """Looks after its connections twice a second. Calls `before_shutdown` when told to stop, and still listens and
    answers until that returns."""

    before_shutdown: Callable[[], Awaitable[None]] | None = None

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's: stop listening, finish what is under way, close the application. A client whose connection was
        taken by the operating system, and that sends its request within a second, is answered: a proxy cannot know
        whether it may send that request to another replica."""
        if self.before_shutdown is not None:
            await self.before_shutdown()
        await self._stop_listening()
        deadline = asyncio.get_running_loop().time() + _ARRIVAL_SECONDS
        while any(connection.arriving(_ARRIVAL_SECONDS) for connection in self._connections()):
            if self.force_exit or asyncio.get_running_loop().time() > deadline:
                break
            await asyncio.sleep(_LOOK_SECONDS)
        await super().shutdown(sockets)

    async def _stop_listening(self) -> None:
        """Close the listening sockets. Connections that wait in the operating system are taken first: closing would
        reset them."""
        loop = asyncio.get_running_loop()
        listening = [server_socket for server in self.servers for server_socket in server.sockets]
        for server_socket in listening:
            loop.remove_reader(server_socket.fileno())
        for _ in range(_TURNS_TO_ATTACH):
            await asyncio.sleep(0)
        waiting = [client for server_socket in listening for client in _accepted(server_socket)]
        for server in self.servers:
            server.close()
        for client in waiting:
            await loop.connect_accepted_socket(self._protocol, client)

    def _protocol(self) -> asyncio.Protocol:
        create = cast(Callable[..., asyncio.Protocol], self.config.http_protocol_class)
        return create(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    def _connections(self) -> list[LimitedHttpProtocol]:
        return [
            connection for connection in self.server_state.connections if isinstance(connection, LimitedHttpProtocol)
        ]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        for listening in (listener for server in self.servers for listener in server.sockets):
            with socket.fromfd(listening.fileno(), listening.family, listening.type) as same:
                same.listen(_ACCEPT_QUEUE)

    async def on_tick(self, counter: int) -> bool:
        """As uvicorn's."""
        if counter % _TICKS_PER_CHECK == 0:
            for connection in self._connections():
                connection.check()
        return await super().on_tick(counter)


def _accepted(listening: socket.socket) -> list[socket.socket]:
    """The connections that wait at a listening socket."""
    found: list[socket.socket] = []
    with socket.fromfd(listening.fileno(), listening.family, listening.type) as same, contextlib.suppress(OSError):
        while True:
            client, _ = same.accept()
            client.setblocking(False)
            found.append(client)
    return found
