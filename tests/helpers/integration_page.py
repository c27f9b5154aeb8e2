"""docs/how-to/write-an-integration.md as a reader follows it: its files in a copy of the source tree, its commands."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.architecture.sources import ROOT, repository_files

PAGE = "docs/how-to/write-an-integration.md"
_COPIED = ("crosslook/", "services/", "tests/helpers/", "tests/__init__.py", "tests/unit/__init__.py", "pyproject.toml")
_FILE = re.compile(r"^`([\w/.]+\.py)`\n\n```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


class IntegrationPage(NamedTuple):
    """What the page writes, by path, and what it runs, block by block."""

    files: dict[str, str]
    commands: list[str]


def read_integration_page() -> IntegrationPage:
    """The page's own text."""
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    return IntegrationPage(dict(_FILE.findall(text)), _COMMANDS.findall(text))


def copied_tree(root: Path, page: IntegrationPage) -> Path:
    """A copy of the source tree with the files of the page, and the virtual environment of this one."""
    for path in repository_files():
        if path.startswith((*_COPIED, "tests/unit/integrations/__init__")):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, root / path)
    for path, text in page.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / ".venv").symlink_to(ROOT / ".venv")
    return root


def run_in(root: Path, command: str, **environment: str) -> str:
    """What a command of the page prints, run in the copy. Raises AssertionError with its output where it fails."""
    bash = shutil.which("bash") or "/bin/bash"
    ran = subprocess.run(  # the commands of our own page
        [bash, "-euo", "pipefail", "-c", command],
        cwd=root,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "PYTHONPATH": str(root), "HOME": str(root), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{command}\n{ran.stdout}\n{ran.stderr}"
    return ran.stdout
