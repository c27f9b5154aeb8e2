"""Stacks for tests: one that is real but for its services, and ways to look at any.

    python -m tests.helpers.stack DATA PORT_BASE

is a supervisor whose services are one tiny server.
"""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from crosslook.local.child import Child
from crosslook.local.folder import ChildState, DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports, is_free
from crosslook.local.stack import Stack, stack_of, why_unready
from crosslook.local.supervisor import run_stack
from crosslook.local.terminal import Terminal, quiet_libraries

TINY = "tiny_service"


def free_base() -> int:
    """A port base none of whose ports is in use; test processes that run side by side never get the same."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 5
    for _ in range(200):
        # Below the range that outgoing connections use.
        base = random.randrange(20_000 + 200 * process, 31_000, 1_000)  # noqa: S311  # no secret
        ports = Ports.from_base(base)
        if all(is_free(getattr(ports, name)) for name in Ports.__slots__):
            return base
    raise AssertionError("no free ports")


def tiny_child(folder: DataFolder, port: int, *options: str) -> Child:
    """A child that answers `/readyz`."""
    command = (sys.executable, "-m", "tests.helpers.tiny_service", *options)
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "CROSSLOOK_HTTP__PORT": str(port)}
    return Child(TINY, url, command, environment, folder.log(TINY), lambda: why_unready(f"{url}/readyz"))


def tiny_stack(folder: DataFolder, ports: Ports, environment: Mapping[str, str]) -> Stack:
    """The real broker and engine under one tiny service."""
    return replace(stack_of(folder, ports, environment), services=(tiny_child(folder, ports.schema),))


def start_tiny_stack(data: Path, port_base: int) -> subprocess.Popen[bytes]:
    """Start it in a process of its own; `state_of` says how far it is."""
    with (data.parent / f"{data.name}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.stack", str(data), str(port_base)], stdout=log, stderr=log
        )


def child_of(data: Path, name: str) -> ChildState:
    """What `stack.json` says of one process. AssertionError when it does not name it."""
    state = DataFolder(data).read()
    found = {child.name: child for child in state.children} if state is not None else {}
    assert name in found, f"{name} is not in {data}/stack.json"
    return found[name]


def is_ready(data: Path) -> bool:
    """Whether a stack runs there and has come up."""
    state = DataFolder(data).running()
    return state is not None and state.phase == "ready"


def main() -> int:
    """Run the tiny stack."""
    quiet_libraries()
    terminal = Terminal("en")
    folder = DataFolder.at(Path(sys.argv[1]))
    try:
        asyncio.run(run_stack(folder, int(sys.argv[2]), os.environ, terminal.report, tiny_stack))
    except CommandRefused as refusal:
        terminal.err.print(str(refusal), markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
