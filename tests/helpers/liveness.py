"""Whether a service answers `/livez` while something is done to it."""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

PAUSE_SECONDS = 0.02


@dataclass(slots=True)
class Liveness:
    """What a prober saw: the seconds of each answer, and what was no answer.

    Where the process of the service is known, an answer has taken no more than the processor time that the service
    itself used meanwhile: a machine that is busy with other things makes every answer late.
    """

    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def longest(self) -> float:
        """The longest time until an answer, in seconds."""
        return max(self.seconds, default=0.0)

    def check(self, within_seconds: float = 1.0) -> None:
        """Raises AssertionError unless each probe was answered in time."""
        assert self.failures == []
        assert self.seconds
        assert self.longest < within_seconds, f"/livez took {self.longest:.2f} s"


@contextlib.contextmanager
def watching_liveness(port: int, timeout: float = 10, pid: int | None = None) -> Iterator[Liveness]:
    """Ask for `/livez` all the while, each time on a new connection; all is told once the block is left. `pid`: the
    process of the service."""
    found, done = Liveness(), threading.Event()

    def probe() -> None:
        while True:
            _probe(port, timeout, pid, found)
            if done.wait(PAUSE_SECONDS):
                return

    thread = threading.Thread(target=probe, name="probe /livez")
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def _probe(port: int, timeout: float, pid: int | None, found: Liveness) -> None:
    started, worked = perf_counter(), _processor_seconds(pid)
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/livez")
        status = connection.getresponse().status
        if status == 200:
            passed = perf_counter() - started
            found.seconds.append(passed if pid is None else min(passed, _processor_seconds(pid) - worked))
        else:
            found.failures.append(f"status {status}")
    except OSError as error:
        found.failures.append(type(error).__name__)
    finally:
        connection.close()


def _processor_seconds(pid: int | None) -> float:
    """The processor time that a process has used so far, all its threads together."""
    if pid is None:
        return 0.0
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")
