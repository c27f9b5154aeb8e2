"""One process and its keeper: started again when it dies, ended for certain, never outliving who started it."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from crosslook.local import restarts
from crosslook.local.child import LOG_MAX_BYTES, Child, Keeper
from crosslook.local.folder import ChildState, DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import free_port
from crosslook.local.processes import ProcessIdentity, identify
from tests.helpers.processes import wait_for
from tests.helpers.stack import tiny_child

ORPHAN = """
import asyncio, sys
from pathlib import Path
from crosslook.local.child import Keeper
from crosslook.local.folder import DataFolder
from tests.helpers.stack import tiny_child

async def main():
    folder = DataFolder(Path(sys.argv[1]))
    child = tiny_child(folder, int(sys.argv[2]), "--ignore-sigterm")
    keeper = Keeper(child, lambda key, **values: None, lambda state: print(state.pid, state.began, flush=True))
    keeper.start()
    await keeper.ready()
    print("ready", flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    found = DataFolder(tmp_path)
    found.prepare()
    return found


class Seen:
    """What a keeper told."""

    def __init__(self) -> None:
        self.states: list[ChildState] = []
        self.said: list[str] = []

    def report(self, key: str, **values: str | int) -> None:
        self.said.append(key)

    @property
    def last(self) -> ChildState:
        return self.states[-1]


@asynccontextmanager
async def kept(child: Child) -> AsyncIterator[tuple[Keeper, Seen]]:
    seen = Seen()
    keeper = Keeper(child, seen.report, seen.states.append)
    keeper.start()
    try:
        yield keeper, seen
    finally:
        await keeper.stop()


async def until(condition: Callable[[], bool], seconds: float = 180) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_child_that_is_killed_is_started_again_and_counted(folder: DataFolder) -> None:
    async with kept(tiny_child(folder, free_port())) as (keeper, seen):
        await keeper.ready()
        first = seen.last.identity
        assert first is not None
        assert first.running
        first.send(signal.SIGKILL)
        await until(lambda: seen.last.restarts == 1 and seen.last.pid not in (None, first.pid))
        await keeper.ready()
    assert seen.said == ["ready", "died", "ready", "stopping"]
    assert seen.last.pid is None


async def test_a_child_that_ignores_sigterm_is_killed_after_its_patience(folder: DataFolder) -> None:
    child = replace(tiny_child(folder, free_port(), "--ignore-sigterm"), stop_seconds=0.2)
    async with kept(child) as (keeper, seen):
        await keeper.ready()
        running = seen.last.identity
    assert running is not None
    assert not running.running
    assert seen.said[-1] == "killed"


async def test_a_child_that_keeps_dying_before_it_was_ready_is_given_up_with_the_end_of_its_log(
    folder: DataFolder,
) -> None:
    async with kept(tiny_child(folder, free_port(), "--die")) as (keeper, _):
        with pytest.raises(CommandRefused) as refusal:
            await keeper.ready()
    assert refusal.value.key == "child_died"
    assert refusal.value.values["times"] == 3
    assert "the tiny service begins" in str(refusal.value)


async def test_a_child_that_does_not_become_ready_is_given_up_with_its_own_reason(folder: DataFolder) -> None:
    async def by_wish() -> str:
        return "by_wish"

    child = replace(tiny_child(folder, free_port()), start_seconds=0.3, why_unready=by_wish)
    async with kept(child) as (keeper, _):
        with pytest.raises(CommandRefused) as refusal:
            await keeper.ready()
    assert refusal.value.key == "child_late"
    assert refusal.value.values["reason"] == "by_wish"


async def test_why_a_service_is_not_ready_is_what_it_says_itself(folder: DataFolder) -> None:
    child = tiny_child(folder, free_port(), "--unready")
    assert await child.why_unready() == "silent"
    async with kept(child), asyncio.timeout(120):
        while (reason := await child.why_unready()) == "silent":
            await asyncio.sleep(0.02)
        assert reason == "by_wish"


async def test_a_stop_does_not_wait_for_the_end_of_a_back_off(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restarts, "FIRST_SECONDS", 600.0)
    monkeypatch.setattr(restarts, "MOST_SECONDS", 600.0)
    async with kept(tiny_child(folder, free_port(), "--die")) as (keeper, seen), asyncio.timeout(60):
        await until(lambda: "died" in seen.said)
        await keeper.stop()
    assert seen.last.restarts == 1


def test_a_child_does_not_outlive_a_supervisor_that_is_killed(folder: DataFolder) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, str(folder.root), str(free_port())], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    pid, _, began = process.stdout.readline().strip().partition(" ")
    child = ProcessIdentity(int(pid), began)
    while process.stdout.readline().strip() != "ready":
        assert process.poll() is None
    assert child.running
    process.kill()
    process.communicate(timeout=10)
    wait_for(lambda: not child.running, 10, "the child's end")


def test_a_pid_that_was_given_to_somebody_else_is_not_mistaken_for_ours(folder: DataFolder) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        ours = identify(process.pid)
        assert ours.running
        stranger = replace(ours, began=f"{ours.began}0")
        assert not stranger.running
        stranger.send(signal.SIGKILL)
        assert process.poll() is None
    finally:
        process.communicate(b"\n", 10)
    assert not ours.running


async def test_a_child_that_cannot_be_started_is_tried_again(folder: DataFolder) -> None:
    child = tiny_child(folder, free_port())
    child.log.mkdir()  # whatever keeps a process from starting: here its log cannot be opened
    async with kept(child) as (keeper, seen):
        await until(lambda: seen.said.count("cannot_start") >= 2)
        child.log.rmdir()
        await keeper.ready()
        assert seen.last.restarts >= 2


async def test_a_log_that_has_grown_too_large_is_put_aside_at_the_next_start(folder: DataFolder) -> None:
    child = tiny_child(folder, free_port())
    with child.log.open("wb") as log:
        log.truncate(LOG_MAX_BYTES + 1)
    async with kept(child) as (keeper, _):
        await keeper.ready()
    assert child.log.with_suffix(".log.1").stat().st_size == LOG_MAX_BYTES + 1
    assert "the tiny service begins" in child.log.read_text()
