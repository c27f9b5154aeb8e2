"""The measure behind "`/livez` is answered within a second": it counts what the service does, and no busy machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection

import pytest

from crosslook.local.ports import free_port
from tests.helpers.liveness import watching_liveness
from tests.helpers.processes import answers, stop, wait_for

SERVER = """
import asyncio, sys, time

async def answer(reader, writer):
    path = (await reader.readline()).split()[1]
    if path == b"/sleep":
        time.sleep(1.5)
    started = time.process_time()
    while time.process_time() < started + {b"/work": 1.5, b"/some-work": 0.3}.get(path, 0):
        pass
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n")
    await writer.drain()
    writer.close()

async def main():
    async with await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()

asyncio.run(main())
"""
RIVALS = 6


@contextmanager
def running(script: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of a script, on one of the processors that this one may use."""
    processor = min(os.sched_getaffinity(0))
    process = subprocess.Popen([sys.executable, "-c", script, *arguments])
    try:
        os.sched_setaffinity(process.pid, {processor})
        yield process
    finally:
        stop(process)


@pytest.fixture
def target() -> Iterator[tuple[int, int]]:
    """Port and process of a server that does its work on the loop that answers."""
    port = free_port()
    with running(SERVER, str(port)) as process:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/livez"), what="the server")
        yield port, process.pid


def ask(port: int, path: str) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    assert connection.getresponse().status == 200
    connection.close()


@pytest.mark.parametrize("path", ["/sleep", "/work"])
def test_a_loop_that_is_blocked_is_found(target: tuple[int, int], path: str) -> None:
    port, pid = target
    with watching_liveness(port, 30, pid) as liveness:
        ask(port, path)
    with pytest.raises(AssertionError, match="/livez took"):
        liveness.check()


def test_a_service_that_gets_no_processor_is_not_blamed(target: tuple[int, int]) -> None:
    port, pid = target
    with ExitStack() as rivals:
        for _ in range(RIVALS):
            rivals.enter_context(running("while True: pass"))
        with watching_liveness(port, 60, pid) as liveness:
            ask(port, "/some-work")
    assert max(map(sum, zip(liveness.seconds, liveness.waited, strict=True))) > 1
    liveness.check()
