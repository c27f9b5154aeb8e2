"""Checks that a service answers `/livez` during an attack or fault."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

PAUSE_SECONDS = 0.02


@dataclass(slots=True)
class Liveness:
    """What a prober saw: the seconds of each answer, and what was no answer.

    The time for which the prober and the threads of the service were ready to run and had no processor does not count:
    it is the machine's, which may be busy with other things. Whatever else makes an answer late is the service's.
    """

    seconds: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
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
    command = [sys.executable, "-m", "tests.helpers.liveness_probe", str(port), str(PAUSE_SECONDS), str(timeout)]
    if pid is not None:
        command.append(str(pid))
    found = Liveness()
    prober = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert prober.stdout is not None
    first = prober.stdout.readline()  # it probes from here on
    try:
        yield found
    finally:
        told, _ = prober.communicate()
        for line in [first, *told.splitlines()]:
            _note(found, json.loads(line))


def _note(found: Liveness, probe: dict[str, float | str]) -> None:
    if "failure" in probe:
        found.failures.append(str(probe["failure"]))
    else:
        found.waited.append(float(probe["waited"]))
        found.seconds.append(float(probe["seconds"]) - found.waited[-1])
