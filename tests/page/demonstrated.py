"""A stack of its own with the demonstration's data, for the page's tests, pictures and figures."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.conftest import Crosslook
from tests.helpers.stack import free_base


@contextmanager
def demonstrated(folder: Path, *options: str) -> Iterator[Crosslook]:
    """The command on a stack in a folder, stopped at the end. `options`: of `crosslook demo`.

    Raises RuntimeError with what the command said where the stack does not start or the data are not loaded."""
    command = Crosslook(folder, free_base())
    try:
        for ran in (command.up(), command("demo", *options)):
            if ran.status != 0:
                raise RuntimeError(ran.err)
        yield command
    finally:
        command("down")
