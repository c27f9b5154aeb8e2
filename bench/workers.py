"""The worker as it runs in production: processes of snapshot_service, from the first event to the last commit."""

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from time import perf_counter

import httpx

from bench.stack import BenchStack
from crosslook.contracts.positions import Positions, covers
from crosslook.contracts.topics import RECORDS
from crosslook.local.ports import free_port
from crosslook.platform.kafka import KafkaUnavailable, OffsetReader
from tests.helpers.processes import stop

_LOOK_SECONDS = 0.05
_STAGED = re.compile(r"^crosslook_ingest_staged_total ([0-9.e+]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Staged:
    """`rate`: events a second, from when every worker had a part until all was committed. `peak`: bytes that the
    largest of the workers ever held in memory (VmHWM)."""

    rate: float
    peak: int


@dataclass(frozen=True, slots=True)
class Member:
    """One worker's process and where it answers."""

    process: Popen[bytes]
    url: str


async def stage_all(stack: BenchStack, name: str, count: int) -> Staged:
    """Let `count` workers of a new group stage the whole topic into a new database."""
    offsets = OffsetReader(RECORDS.name, name, stack.kafka)
    await offsets.start()
    try:
        async with _running(stack, name, count) as members:
            end = await offsets.end_offsets()
            await _until_all_take_part(offsets, end, members)
            started, rest = perf_counter(), sum(end.values()) - sum((await offsets.committed()).values())
            await _until_committed(offsets, end, members)
            seconds = perf_counter() - started
            return Staged(rest / seconds, max(_peak(member.process.pid) for member in members))
    finally:
        await offsets.stop()


@asynccontextmanager
async def _running(stack: BenchStack, name: str, count: int) -> AsyncIterator[Sequence[Member]]:
    members: list[Member] = []
    try:
        for number in range(count):
            members.append(_start(stack, name, number))
        yield members
    finally:
        for member in members:
            await asyncio.to_thread(stop, member.process)


def _start(stack: BenchStack, name: str, number: int) -> Member:
    port = free_port()
    environment = {
        **stack.environment(name, name),
        "CROSSLOOK_HTTP__PORT": str(port),
        "CROSSLOOK_WORKER__NAME": f"{name}-{number}",
    }
    with (stack.folder / f"{name}-{number}.log").open("wb") as log:
        command = [sys.executable, "-m", "services.snapshot_service"]
        return Member(Popen(command, stdout=log, stderr=log, env=environment), f"http://127.0.0.1:{port}")


async def _until_all_take_part(offsets: OffsetReader, end: Positions, members: Sequence[Member]) -> None:
    async with asyncio.timeout(60), httpx.AsyncClient() as http:
        for member in members:
            while not await _staged_any(http, member):
                if await _all_committed(offsets, end):
                    raise RuntimeError("too few events: all were staged before every worker had a part")
                await asyncio.sleep(_LOOK_SECONDS)


async def _staged_any(http: httpx.AsyncClient, member: Member) -> bool:
    _still_runs(member)
    try:
        found = _STAGED.search((await http.get(f"{member.url}/metrics")).text)
    except httpx.TransportError:
        return False
    return found is not None and float(found[1]) > 0


async def _until_committed(offsets: OffsetReader, end: Positions, members: Sequence[Member]) -> None:
    while not await _all_committed(offsets, end):
        for member in members:
            _still_runs(member)
        await asyncio.sleep(_LOOK_SECONDS)


async def _all_committed(offsets: OffsetReader, end: Positions) -> bool:
    try:
        return covers(await offsets.committed(), end)
    except KafkaUnavailable:
        return False  # the broker makes the topic of its groups' offsets for the first of them


def _still_runs(member: Member) -> None:
    if member.process.poll() is not None:
        raise RuntimeError(f"a worker ended with status {member.process.returncode}")


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024
