"""The embedded engine: chDB, which is the ClickHouse engine in a process, behind ClickHouse's HTTP interface.

    python -m crosslook.local.engine --data DIR --port N --password-file FILE

A *development* engine: one user, one process, loopback only, no replication, no quotas. Production is a ClickHouse
server of the same version line (deploy/), which takes the same requests and the same settings.
"""

import argparse
import asyncio
import contextlib
import errno
import fcntl
import logging
import os
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from crosslook.local.messages import CommandRefused, terminal_language

_LOG = logging.getLogger("crosslook.engine")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_STOP_SECONDS = 4
_IDLE_SECONDS = 75
"""Clients close an idle connection after 30 seconds; one that is closed here first could lose their next request."""


class EngineRefused(CommandRefused):
    """Why the engine does not start, with the remedy."""


def lock_folder(folder: Path) -> int:
    """Lock the data folder for this process; the lock ends with the process. Raises EngineRefused."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "engine.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 32).decode(errors="replace").strip() or "?"
        os.close(descriptor)
        raise EngineRefused("engine_folder_taken", folder=str(folder), pid=holder) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def listen(host: str, port: int) -> socket.socket:
    """A listening socket on loopback. Raises EngineRefused for another host or a port that is taken."""
    if host not in _LOOPBACK:
        raise EngineRefused("engine_host", host=host)
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    # With its protocol named, asyncio turns off the delay of small packets: 40 ms an answer.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise EngineRefused("engine_port", port=port, host=host) from None
        raise
    return listener


class _Server(uvicorn.Server):
    """Uvicorn raises the signal again once it has stopped, which would end the process before the engine is closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        self.should_exit = True


async def _serve(app: ASGIApp, listener: socket.socket) -> None:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
        timeout_keep_alive=_IDLE_SECONDS,
        http="httptools",
    )
    server = _Server(config)
    loop = asyncio.get_running_loop()
    for stop in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(stop, server.stop)
    await server.serve(sockets=[listener])


def _empty(folder: Path) -> Path:
    """The folder, made or emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    return folder


def _read_options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crosslook.local.engine", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--password-file", type=Path, required=True)
    parser.add_argument("--user", default="default")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM; answers the exit status."""
    options = _read_options(arguments)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        password = options.password_file.read_text(encoding="utf-8").strip()
        listener = listen(options.host, options.port)
        lock = lock_folder(options.data)
    except EngineRefused as refusal:
        _LOG.error("%s", refusal.text(terminal_language(os.environ)))
        return 2
    except OSError as error:
        _LOG.error("%s", error)
        return 2
    try:
        _run(options, password, listener)
    finally:
        os.close(lock)
    _LOG.info("stopped")
    return 0


def _run(options: argparse.Namespace, password: str, listener: socket.socket) -> None:
    # chDB takes its zone when it is imported; the interface says UTC with every answer.
    os.environ["TZ"] = "UTC"
    from crosslook.local.engine_core import Engine
    from crosslook.local.engine_http import EngineApp

    engine = Engine(options.data / "store")
    app = EngineApp(engine, options.user, password, _empty(options.data / "spool"))
    _LOG.info("development engine (chDB %s) on http://%s:%d", engine.version(), options.host, options.port)
    try:
        asyncio.run(_serve(app, listener))
    finally:
        app.close()
        engine.close()


if __name__ == "__main__":
    sys.exit(main())
