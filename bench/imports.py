"""Imports of many rows: python -m bench.imports [--rows N]

Prints the most memory that schema_service held while it imported a fifth of the rows and all of them: flat means that
the two peaks are alike. Then the same rows, a fifth at a time, as a file and as prepared events through the event
intake, in turns: the ratio of the rates, by the clock and by the processor time of the service. The second does not
depend on what else the machine does.
"""

import argparse
import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import orjson

from bench.tickets import SCHEMA, TENANT
from crosslook.platform.kafka import ensure_topics
from tests.helpers.processes import running_broker
from tests.helpers.service_processes import ServiceProcess, schema_process

_MIB = 1024 * 1024
_PIECE_ROWS = 1_000
_BATCH = 1_000
_AT_ONCE = 4
_TURNS = 3
_WARM_UP = 10_000
_QUOTA = {"CROSSLOOK_QUOTAS__EVENTS_PER_SECOND": "10000000"}
_HEADER = b"_id,status,amount,opened_at,subject\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows or events that were taken: seconds, seconds of the service's processor time, and its peak of memory
    meanwhile, in bytes."""

    count: int
    seconds: float
    processor: float
    peak: int

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.count / self.seconds


def main() -> None:
    """Start a broker and the service, import, send the same as events, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), options.rows))


async def _measure(folder: Path, rows: int) -> None:
    async with running_broker(folder) as kafka:
        await ensure_topics(kafka)
        with schema_process(kafka, folder, _QUOTA) as service:
            url = f"http://127.0.0.1:{service.port}"
            async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=3600) as client:
                created = await client.post(f"/v1/tenants/{TENANT}/schemas", json=SCHEMA)
                assert created.status_code == 201, created.text
                await _import(client, _WARM_UP, "warm-up")
                await _send(client, _bodies(_WARM_UP, "warm-up"))
                few, imports, sends = rows // 5, [], []
                for turn in range(_TURNS):
                    imports.append(await _taken(service, few, _import(client, few, f"{turn}")))
                    sends.append(await _taken(service, few, _send(client, _bodies(few, f"{turn}"))))
                large = await _taken(service, rows, _import(client, rows, "all"))
    _report(large, imports, sends)


def _report(large: Taken, imports: list[Taken], sends: list[Taken]) -> None:
    small = max(taken.peak for taken in imports)
    print(
        f"{large.count:,} rows in {large.seconds:.0f} s: peak {large.peak / _MIB:.0f} MiB, {small / _MIB:.0f} MiB for "
        f"{imports[0].count:,}   ratio {large.peak / small:.2f}"
    )
    imported, sent = (median(taken.rate for taken in turns) for turns in (imports, sends))
    print(f"{imported:,.0f} rows/s imported, {sent:,.0f} prepared events/s sent   ratio {imported / sent:.2f}")
    row, event = (median(taken.processor / taken.count for taken in turns) * 1e6 for turns in (imports, sends))
    print(f"{row:.0f} µs of the service's processor time for a row, {event:.0f} for an event   ratio {event / row:.2f}")


async def _taken(service: ServiceProcess, count: int, work: Awaitable[None]) -> Taken:
    """What some work takes."""
    process = Path(f"/proc/{service.process.pid}")
    (process / "clear_refs").write_text("5")
    started, before = perf_counter(), _processor_seconds(process)
    await work
    return Taken(count, perf_counter() - started, _processor_seconds(process) - before, _peak(process))


def _processor_seconds(process: Path) -> float:
    times = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: Path) -> int:
    lines = (process / "status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) * 1024


async def _import(client: httpx.AsyncClient, rows: int, parameter: str) -> None:
    answer = await client.post(
        f"/v1/tenants/{TENANT}/objects/{SCHEMA['object']}/import",
        content=_file(rows),
        headers={"Content-Type": "text/csv"},
        params={"import": parameter},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == rows, answer.text[:1000]


async def _file(rows: int) -> AsyncIterator[bytes]:
    yield _HEADER
    lines = _lines(rows)
    while piece := b"".join(islice(lines, _PIECE_ROWS)):
        yield piece


def _lines(rows: int) -> Iterator[bytes]:
    for row in range(rows):
        values = _values(row)
        yield ",".join([f"T-{row}", *map(str, values.values())]).encode() + b"\n"


def _values(row: int) -> dict[str, str]:
    return {
        "status": ("open", "solved")[row % 2],
        "amount": f"{row % 1000}.5",
        "opened_at": f"2026-11-{row % 28 + 1:02d}T{row % 24:02d}:00:00Z",
        "subject": f"Subject number {row % 100}",
    }


def _bodies(count: int, name: str) -> list[bytes]:
    """As many of the rows as prepared events, in batches."""
    events = (_event(row, name) for row in range(count))
    return [orjson.dumps(list(islice(events, _BATCH))) for _ in range(0, count, _BATCH)]


async def _send(client: httpx.AsyncClient, bodies: list[bytes]) -> None:
    """Send batches, some at once."""
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def post(body: bytes) -> None:
        async with at_once:
            answer = await client.post(
                f"/v1/tenants/{TENANT}/events", content=body, headers={"Content-Type": "application/json"}
            )
        assert answer.status_code == 202, answer.text
        assert answer.json()["refused"] == [], answer.text[:1000]

    await asyncio.gather(*map(post, bodies))


def _event(row: int, name: str) -> dict[str, Any]:
    data = {"tenant": TENANT, "object": SCHEMA["object"], "record": f"T-{row}", "fields": _values(row)}
    return {
        "specversion": "1.0",
        "id": f"{name}-{row}",
        "source": "/bench",
        "type": "crosslook.record.upserted.v1",
        "time": "2026-11-23T09:30:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }


if __name__ == "__main__":
    main()
