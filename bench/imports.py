"""Imports of many rows: python -m bench.imports [--rows N]

Prints the most memory that schema_service held while it imported a tenth of the rows and all of them: flat means that
the two peaks are alike. Then rows per second, as a ratio to the same rows sent as prepared events to the event intake
in the same run.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
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
_QUOTA = {"CROSSLOOK_QUOTAS__EVENTS_PER_SECOND": "10000000"}
_HEADER = b"_id,status,amount,opened_at,subject\n"


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: seconds, and the service's peak of memory meanwhile, in bytes."""

    seconds: float
    peak: int


def main() -> None:
    """Start a broker and the service, import twice, send the same as events, print."""
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
                await _import(client, service, 10_000)
                small, large = [await _import(client, service, count) for count in (rows // 10, rows)]
                prepared = rows // 5
                seconds = await _send(client, prepared)
    print(
        f"{rows:,} rows: peak {large.peak / _MIB:.0f} MiB, {small.peak / _MIB:.0f} MiB for a tenth   ratio "
        f"{large.peak / small.peak:.2f}"
    )
    imported, sent = rows / large.seconds, prepared / seconds
    print(f"{imported:,.0f} rows/s imported, {sent:,.0f} prepared events/s sent   ratio {imported / sent:.2f}")


async def _import(client: httpx.AsyncClient, service: ServiceProcess, rows: int) -> Imported:
    memory = Path(f"/proc/{service.process.pid}")
    (memory / "clear_refs").write_text("5")
    started = perf_counter()
    answer = await client.post(
        f"/v1/tenants/{TENANT}/objects/{SCHEMA['object']}/import",
        content=_file(rows),
        headers={"Content-Type": "text/csv"},
        params={"import": str(rows)},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["accepted"] == rows, answer.text[:1000]
    return Imported(perf_counter() - started, _peak(memory))


def _peak(memory: Path) -> int:
    lines = (memory / "status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM:"))) * 1024


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


async def _send(client: httpx.AsyncClient, count: int) -> float:
    """Send as many of the rows as prepared events, some batches at once; the seconds that it took."""
    bodies = [orjson.dumps([_event(row) for row in range(first, first + _BATCH)]) for first in range(0, count, _BATCH)]
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def post(body: bytes) -> None:
        async with at_once:
            answer = await client.post(
                f"/v1/tenants/{TENANT}/events", content=body, headers={"Content-Type": "application/json"}
            )
        assert answer.status_code == 202, answer.text
        assert answer.json()["refused"] == [], answer.text[:1000]

    started = perf_counter()
    await asyncio.gather(*map(post, bodies))
    return perf_counter() - started


def _event(row: int) -> dict[str, Any]:
    data = {"tenant": TENANT, "object": SCHEMA["object"], "record": f"S-{row}", "fields": _values(row)}
    return {
        "specversion": "1.0",
        "id": str(row),
        "source": "/bench",
        "type": "crosslook.record.upserted.v1",
        "time": "2026-11-23T09:30:00Z",
        "datacontenttype": "application/json",
        "data": data,
    }


if __name__ == "__main__":
    main()
