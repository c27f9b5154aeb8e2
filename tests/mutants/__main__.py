"""Whether unit tests and golden files notice changes of domain code: `make mutants`.

Each change of the table is made in a scratch copy of the repository, where the tests that must notice it run. Exits 1
where one survives, or where the table does not fit the code.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from tests.mutants.mutant import ROOT, Mutant, mutants

_COPIED = ("crosslook", "services", "tests", "docs", "pyproject.toml")
_PASSED, _FAILED = 0, 1
_SECONDS = 300
"""A change that makes a test run for ever is noticed, too."""


def main() -> int:
    """Run the table; answers the exit status."""
    table = mutants()
    wrong = [text for text in map(misfit, table) if text]
    if wrong:
        say("\n".join(wrong))
        return 1
    with tempfile.TemporaryDirectory(prefix="crosslook-mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(os.cpu_count() or 1):
            copies.put(copied(Path(folder) / str(number)))
        if (
            status := status_of(Path(folder) / "0", sorted({test for item in table for test in item.tests}))
        ) != _PASSED:
            say(f"the tests do not pass without a change: status {status}")
            return 1
        with ThreadPoolExecutor(copies.qsize()) as pool:
            states = list(pool.map(lambda mutant: tried(mutant, copies), table))
    killed = states.count("killed")
    say(f"{killed} of {len(table)} mutants killed")
    return 0 if killed == len(table) else 1


def say(text: str) -> None:
    """A line of output, at once."""
    print(text, flush=True)  # noqa: T201  # a command prints what it finds


def misfit(mutant: Mutant) -> str:
    """Why the row does not fit the code; "" if it does."""
    try:
        mutant.of((ROOT / mutant.file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return str(error)
    return ""


def copied(folder: Path) -> Path:
    """A copy of what the tests need."""
    folder.mkdir(parents=True)
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    return folder


def tried(mutant: Mutant, copies: "Queue[Path]") -> str:
    """Make the change in a copy that is free, run its tests, and undo it."""
    copy = copies.get()
    try:
        with changed(copy / mutant.file, mutant):
            status = status_of(copy, mutant.tests)
    finally:
        copies.put(copy)
    state = {_FAILED: "killed", _PASSED: "SURVIVED"}.get(status, f"BROKEN (status {status})")
    say(f"{state:9} {mutant}")
    return state


@contextmanager
def changed(path: Path, mutant: Mutant) -> Iterator[None]:
    """The file with the change."""
    before = path.read_text(encoding="utf-8")
    path.write_text(mutant.of(before), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")


def status_of(copy: Path, tests: "tuple[str, ...] | list[str]") -> int:
    """Pytest's exit status for these tests in a copy. Its modules come first on the path, before those installed."""
    options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header"]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return _FAILED
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
