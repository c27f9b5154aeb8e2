"""What anybody can send without a token, to a process of its own: memory stays bounded and `/livez` is answered."""

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from crosslook.local.ports import free_port
from tests.helpers.liveness import watching_liveness
from tests.helpers.processes import answers, stop, wait_for
from tests.helpers.served import get, post

MIB = 1024 * 1024
GROWTH_MOST = 8 * MIB
LIMITS = {"header_seconds": 2, "body_seconds": 2, "max_requests": 60, "max_connections": 240}


@dataclass(frozen=True, slots=True)
class Target:
    """The process that is attacked."""

    port: int
    pid: int

    def peak_bytes(self) -> int:
        """The most memory that was resident since `forget_peak`."""
        return _status(self.pid, "VmHWM")

    def forget_peak(self) -> int:
        """Begin a new peak; answers what is resident now."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return _status(self.pid, "VmRSS")

    def connect(self) -> socket.socket:
        """A connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    port = free_port()
    command = [sys.executable, "-m", "tests.helpers.served", str(port), orjson.dumps(LIMITS).decode()]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/livez"), what="the probe service")
        _warm_up(Target(port, process.pid))
        yield Target(port, process.pid)
    finally:
        stop(process)


def _warm_up(target: Target) -> None:
    """Have each way of answering used once: what is imported and cached then is not the attack's."""
    for data in (get("/livez", b"X: " + b"x" * MIB), post("/length", b"x" * 5 * MIB), b"rubbish\r\n\r\n"):
        assert received(target, [data]).startswith(b"HTTP/1.1 ")


def received(target: Target, pieces: list[bytes]) -> bytes:
    """What comes back while the pieces are sent; sending ends where the server has closed."""
    with target.connect() as connection:

        def send() -> None:
            with contextlib.suppress(OSError):
                for piece in pieces:
                    connection.sendall(piece)

        sending = threading.Thread(target=send)
        sending.start()
        try:
            return connection.recv(65_536)
        finally:
            sending.join()


ATTACKS: dict[str, tuple[Callable[[], list[bytes]], bytes]] = {
    "headers of 300 MB": (lambda: [get()[:-2], b"X: ", *[b"x" * MIB] * 300], b"431"),
    "3,000,000 headers": (lambda: [get()[:-2], *[b"a: b\r\n" * 100_000] * 30], b"431"),
    "a URL of 100 MB": (lambda: [b"GET /", *[b"x" * MIB] * 100], b"414"),
    "a chunk's size of 100 MB": (
        lambda: [b"POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", *[b"0" * MIB] * 100],
        b"431",
    ),
    "trailers of 100 MB": (
        lambda: [b"POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", *[b"x" * MIB] * 100],
        b"431",
    ),
    "a body of 300 MB": (lambda: [post("/length", b"", length=300 * MIB), *[b"x" * MIB] * 300], b"413"),
    "chunks of 300 MB": (
        lambda: [
            b"POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            *[b"100000\r\n" + b"x" * MIB + b"\r\n"] * 300,
        ],
        b"413",
    ),
    "100,000 requests in one piece": (lambda: [get() * 10_000] * 10, b"200"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_huge_request_is_refused_in_bounded_memory(target: Target, name: str) -> None:
    pieces, status = ATTACKS[name]
    before = target.forget_peak()
    with watching_liveness(target.port, pid=target.pid) as liveness:
        answer = received(target, pieces())
    assert answer.startswith(b"HTTP/1.1 " + status)
    growth = target.peak_bytes() - before
    print(f"{name}: {growth / MIB:.1f} MB more, /livez within {liveness.longest * 1000:.0f} ms")  # noqa: T201  # the figure is the point
    liveness.check()
    allowed = GROWTH_MOST + (12 * MIB if b"413" in status else 0)  # a body may be kept up to its own limit
    assert growth < allowed


@pytest.mark.parametrize(
    "data",
    [b"", b"GET /livez HTTP/1.1\r\nHost: x\r\n", post("/length", b"x", length=1000)],
    ids=["nothing", "headers that do not end", "bodies that do not end"],
)
def test_many_connections_that_wait_are_let_go_and_health_is_answered(target: Target, data: bytes) -> None:
    with contextlib.ExitStack() as stack, watching_liveness(target.port, pid=target.pid) as liveness:
        connections = []
        for _ in range(300):
            connections.append(stack.enter_context(target.connect()))
            with contextlib.suppress(ConnectionError):
                connections[-1].sendall(data)
        for connection in connections:
            _read_to_the_end(connection)
    liveness.check()


def _read_to_the_end(connection: socket.socket) -> None:
    """Raises TimeoutError where the server holds the connection."""
    with contextlib.suppress(ConnectionError):
        while connection.recv(65_536):
            pass
