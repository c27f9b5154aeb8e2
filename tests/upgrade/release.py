"""One release on one data folder, driven as a person would: by the `crosslook` command and over HTTP.

What is used here is the same in every release, so that `make.py` can drive an old one.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SCOPES = "schemas:read schemas:write records:write reports:read reports:write ops"
SETTINGS = {
    "CROSSLOOK_LANG": "en",
    # Only on request: a folder is older than this morning. The next 29 February that is a Sunday is in 2032.
    "CROSSLOOK_REFRESH__CRON": "0 0 29 2 */7",
    "CROSSLOOK_WORKER__NAME": "worker",
}
_SCHEMAS, _SNAPSHOTS, _QUERIES, _KAFKA = 1, 2, 3, 92


@dataclass(frozen=True, slots=True)
class Release:
    """A release's command, a data folder, the ports that its stack takes, and settings that every release may not
    have."""

    command: Path
    data: Path
    port_base: int
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, given: str = "") -> str:
        """Standard output of a command that must succeed."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CROSSLOOK_")}
        done = subprocess.run(
            [self.command, *arguments, "--data", str(self.data)],
            input=given,
            capture_output=True,
            text=True,
            timeout=150,
            env={**kept, **SETTINGS, **self.settings},
        )
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def running(self, *before: Sequence[str]) -> Iterator["RunningStack"]:
        """The stack, ready, and stopped at the end. `before`: commands that come first."""
        ports = ("--port-base", str(self.port_base))
        for command in (*before, ("up", "--detach")):
            self.run(*command, *ports)
        try:
            yield RunningStack(self, self.run("token", "--tenant", "*", "--scope", SCOPES).strip())
        finally:
            self.run("down")


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack that runs, and a token that opens everything."""

    release: Release
    token: str

    @property
    def kafka(self) -> str:
        """Where the broker listens."""
        return f"127.0.0.1:{self.release.port_base + _KAFKA}"

    def schemas(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A call of schema_service that must succeed."""
        return self._call(_SCHEMAS, method, path, body, headers)

    def snapshots(self, method: str, path: str, body: Any = None) -> Any:
        """A call of snapshot_service that must succeed."""
        return self._call(_SNAPSHOTS, method, path, body, {})

    def queries(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A call of query_service that must succeed."""
        return self._call(_QUERIES, method, path, body, headers)

    def define(self, tenant: str, definition: Any) -> None:
        """Create an object, or replace its definition."""
        path = f"/v1/tenants/{tenant}/schemas"
        found = {known["object"]: known for known in self.schemas("GET", path)["items"]}
        known = found.get(definition["object"])
        if known is None:
            self.schemas("POST", path, definition)
        else:
            version = f'"{known["version"]}"'
            self.schemas("PUT", f"{path}/{definition['object']}", definition, **{"If-Match": version})

    def send(self, tenant: str, events: Sequence[Any]) -> None:
        """Send events over HTTP, all of which must be accepted."""
        answer = self.schemas("POST", f"/v1/tenants/{tenant}/events", list(events))
        assert (answer["accepted"], answer["refused"]) == (len(events), []), answer

    def settle(self) -> None:
        """Wait until everything that was sent is staged or in quarantine."""
        wait_until(
            lambda: all(partition["lag"] == 0 for partition in self.snapshots("GET", "/v1/ingest")["partitions"]),
            "ingest",
        )

    def refresh(self) -> Any:
        """Refresh, and wait until reports are asked of the new snapshot; answers the run."""
        run = json.loads(self.release.run("refresh", "--wait", "--json"))
        count = {"object": "contact", "measures": ["contact.count"]}

        def served() -> bool:
            found = self.queries("POST", "/v1/tenants/acme/query", count)
            return bool(found["snapshot"]["id"] == run["snapshot"])

        wait_until(served, "the new snapshot")
        return run

    def _call(self, service: int, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        url = f"http://127.0.0.1:{self.release.port_base + service}{path}"
        authorized = {"Authorization": f"Bearer {self.token}", **headers}
        response = httpx.request(method, url, json=body, headers=authorized, timeout=60, trust_env=False)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None


def wait_until(condition: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Poll until true; AssertionError when it is not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come in {seconds} s"
        time.sleep(0.1)
