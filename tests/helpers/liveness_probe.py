"""Requests `/livez` of a port until its standard input ends, in its own process: what tests do meanwhile does not
hold it up. Prints one JSON document a probe: its `seconds`, how much of them were `waited` for a processor, or its
`failure`.

`python -m tests.helpers.liveness_probe PORT PAUSE TIMEOUT [PID]`, with the process of the service."""

import json
import os
import select
import sys
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

NANOSECOND = 1e-9


def main(port: int, pause: float, timeout: float, pid: int | None) -> None:
    """Probe until told to stop, once at the least."""
    while True:
        print(json.dumps(_probe(port, timeout, pid)), flush=True)  # noqa: T201  # what it is for
        if select.select([sys.stdin], [], [], pause)[0]:
            return


def _probe(port: int, timeout: float, pid: int | None) -> Mapping[str, object]:
    watched = [os.getpid()] if pid is None else [os.getpid(), pid]
    before, started = {of: _waits(of) for of in watched}, perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/livez")
        status = connection.getresponse().status
    except OSError as error:
        return {"failure": type(error).__name__}
    finally:
        connection.close()
    if status != 200:
        return {"failure": f"status {status}"}
    passed = perf_counter() - started
    waited = sum(_since(before[of], _waits(of)) for of in watched)
    return {"seconds": passed, "waited": min(passed, waited)}


def _waits(pid: int) -> Mapping[str, int]:
    """For how long each thread of a process has been ready to run without a processor so far, in nanoseconds."""
    found = {}
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            found[thread.name] = int((thread / "schedstat").read_text().split()[1])
        except OSError:
            continue  # it has ended
    return found


def _since(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    return sum(waited - before.get(thread, 0) for thread, waited in now.items()) * NANOSECOND


if __name__ == "__main__":
    asked = sys.argv[1:]
    main(int(asked[0]), float(asked[1]), float(asked[2]), int(asked[3]) if len(asked) > 3 else None)
