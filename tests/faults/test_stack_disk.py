"""The embedded stack on a disk that is full: its supervisor goes on, and starts the broker again once there is room."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosslook.local.ports import Ports, listens
from tests.helpers.processes import stop, wait_for
from tests.helpers.small_disk import can_mount, empty, fill, on_small_disk, seen_by
from tests.helpers.stack import child_of, free_base, is_ready

_MEBIBYTES = 700


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path, int]]:
    """A stack whose data folder is a small disk: its supervisor, that folder as it sees it, its port base."""
    data, base = tmp_path / "data", free_base()
    data.mkdir()
    command = [sys.executable, "-m", "tests.helpers.stack", str(data), str(base)]
    if can_mount():
        command = on_small_disk(command, data, _MEBIBYTES)
    with (tmp_path / "supervisor.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    inside = seen_by(process.pid, data)
    wait_for(lambda: inside.exists() and is_ready(inside), 90, "the stack")
    yield process, inside, base
    assert stop(process, 60) == 0


def test_a_broker_that_dies_on_a_full_disk_comes_back_once_there_is_room(
    stack: tuple[subprocess.Popen[bytes], Path, int], tmp_path: Path
) -> None:
    process, inside, base = stack
    make_unwritable(inside)
    broker = child_of(inside, "kafka").identity
    assert broker is not None
    broker.send(signal.SIGKILL)
    assert broker.gone_within(10)
    log = tmp_path / "supervisor.log"
    wait_for(lambda: "cannot be written" in log.read_text(), what="the supervisor's word that the disk is full")
    make_writable(inside)
    assert process.poll() is None
    wait_for(lambda: listens(Ports.from_base(base).kafka), 90, "Kafka's port")
    wait_for(lambda: child_of(inside, "kafka").identity not in (None, broker), what="the new broker in stack.json")


def make_unwritable(data: Path) -> None:
    """Fill the disk. Where a machine forbids mounts there is none to fill: the state alone cannot be written then."""
    if can_mount():
        fill(data)
    else:
        (data / "stack.draft").mkdir()


def make_writable(data: Path) -> None:
    """Take it back."""
    if can_mount():
        empty(data)
    else:
        (data / "stack.draft").rmdir()
