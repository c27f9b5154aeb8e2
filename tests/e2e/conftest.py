"""The whole product as separate processes, driven by the command as a person would."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.stack import free_base

COMMAND = Path(sys.executable).with_name("crosslook")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Crosslook:
    """The command on one data folder."""

    data: Path
    port_base: int

    def __call__(self, *arguments: str, given: str = "", seconds: float = 400) -> Ran:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CROSSLOOK_")}
        done = subprocess.run(
            [COMMAND, *arguments, "--data", str(self.data)],
            input=given,
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**environment, "CROSSLOOK_LANG": "en"},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def up(self) -> Ran:
        """Start the stack and return once it is ready."""
        return self("up", "--detach", "--port-base", str(self.port_base))


@pytest.fixture(scope="module")
def crosslook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crosslook]:
    """The command on a folder of the module's own; whatever runs there at the end is stopped."""
    command = Crosslook(tmp_path_factory.mktemp("e2e") / "data", free_base())
    yield command
    command("down")


@pytest.fixture(scope="module")
def neighbour(tmp_path_factory: pytest.TempPathFactory, crosslook: Crosslook) -> Iterator[Crosslook]:
    """The command on another folder and other ports."""
    base = free_base()
    while abs(base - crosslook.port_base) < 200:
        base = free_base()
    command = Crosslook(tmp_path_factory.mktemp("neighbour") / "data", base)
    yield command
    command("down")
