"""Runs the scenarios of web/e2e: each is a file for Node, and each of its names is a test here."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import COMMAND, Crosslook

WEB = Path(__file__).parents[2] / "web"
SECONDS = 300
_NAMES = re.compile(r"^  '([^']+)': ", re.MULTILINE)


def scenarios() -> list[tuple[str, str]]:
    """Each scenario by its file and its name."""
    files = sorted(path for path in (WEB / "e2e").glob("*.mjs") if "await run({" in path.read_text())
    return [
        (path.name, name) for path in files for name in _NAMES.findall(path.read_text().partition("await run({")[2])
    ]


def test_there_are_scenarios_to_run() -> None:
    assert len(scenarios()) > 1


@pytest.mark.parametrize(("file", "name"), scenarios())
def test_scenario(shown: Crosslook, tmp_path: Path, file: str, name: str) -> None:
    node = shutil.which("node")
    assert node is not None, "Node runs the scenarios: apt-get install nodejs"
    done = subprocess.run(
        [node, f"e2e/{file}", name],
        cwd=WEB,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={
            **os.environ,
            "CROSSLOOK_OPEN": json.dumps([str(COMMAND), "open", "--data", str(shown.data)]),
            "CROSSLOOK_PICTURES": str(tmp_path),
        },
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
