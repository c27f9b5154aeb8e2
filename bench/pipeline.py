"""The whole pipeline, each figure with its baseline from the same run: python -m bench.pipeline [--tickets N]

Staging: the worker is held still while the events are written, then let go; its baseline is a bare consumer, and the
same pipe without any check. Refresh: its baseline is one copy of the staged rows by the engine. Reports: the same
statements sent raw to the engine.
"""

import argparse
import asyncio
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from time import perf_counter

from bench.baselines import bare_consumer, bare_copy, bare_insert
from bench.reports import SHAPES, compare
from bench.tickets import SCHEMA, TENANT, messages
from bench.writing import write
from crosslook.contracts.positions import covers
from crosslook.contracts.topics import RECORDS
from crosslook.local.client import Api, refresh_and_wait
from crosslook.local.detached import start_detached, stop_stack
from crosslook.local.folder import DataFolder
from crosslook.local.keys import issue
from crosslook.local.ports import Ports
from crosslook.local.stack import service_urls
from crosslook.platform.auth import SCOPES
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.kafka import OffsetReader
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.stack import child_of, free_base

_ROUNDS = 25
_GROUP = "crosslook-ingest"


def main() -> None:
    """Start a stack of our own, measure, print, stop it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=200_000)
    parser.add_argument("--contacts", type=int, default=50_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, base = DataFolder.at(Path(name) / "data"), free_base()
        start_detached(folder, base, lambda *_, **__: None, bound=True)
        try:
            asyncio.run(_measure(folder, Ports.from_base(base), options.tickets, options.contacts))
        finally:
            stop_stack(folder, lambda *_, **__: None)


async def _measure(folder: DataFolder, ports: Ports, tickets: int, contacts: int) -> None:
    token = issue(folder, TENANT, " ".join(SCOPES), timedelta(hours=2))
    urls = service_urls(ports)
    kafka = KafkaSettings(bootstrap_servers=f"127.0.0.1:{ports.kafka}")
    engine = ClickHouse(ClickHouseSettings(port=ports.clickhouse, password_file=folder.password_file))
    events = tickets + contacts
    async with (
        Api(urls["schema_service"], token) as schemas,
        Api(urls["snapshot_service"], token) as snapshots,
        Api(urls["query_service"], token) as queries,
    ):
        await schemas.send("POST", f"/v1/tenants/{TENANT}/schemas", SCHEMA)
        written = await _held(
            child_of(folder.root, "snapshot_service").pid, lambda: write(kafka, messages(tickets, contacts))
        )
        staged = await _staged(kafka)
        print(f"events            {events:>10,} of about 400 bytes, written at {events / written:,.0f}/s")
        print(f"staged            {events / staged:>10,.0f}/s")
        reading = await bare_consumer(kafka, events)
        print(f"  bare consumer   {events / reading:>10,.0f}/s   ratio {reading / staged:.3f}")
        unchecked = await bare_insert(kafka, engine, events)
        print(f"  no checks       {events / unchecked:>10,.0f}/s   ratio {unchecked / staged:.3f}")
        run = await refresh_and_wait(snapshots, lambda run: None)
        seconds = sum(step["seconds"] for step in run["steps"])
        copy = await bare_copy(engine)
        million = events / 1_000_000
        print(f"refresh           {seconds / million:>10.2f} s per million staged events")
        print(f"  bare copy       {copy / million:>10.2f} s per million   ratio {seconds / copy:.2f}")
        print("  steps           " + ", ".join(f"{s['name']} {s['seconds']:.2f} s" for s in run["steps"]))
        for name, shape in SHAPES.items():
            figures = await compare(queries, engine, shape, _ROUNDS)
            ours, raw = figures.ours, figures.raw
            print(
                f"report {name:<11} {ours[0]:>8.1f} ms p50 {ours[1]:>8.1f} ms p95   raw {raw[0]:.1f} / {raw[1]:.1f}"
                f"   ratio {figures.ratio:.2f}"
            )
    await engine.close()


async def _held(pid: int | None, work: Callable[[], Awaitable[float]]) -> float:
    """Do the work while a process of our own stack stands still."""
    if pid is None:
        raise RuntimeError("snapshot_service does not run")
    os.kill(pid, signal.SIGSTOP)
    try:
        return await work()
    finally:
        os.kill(pid, signal.SIGCONT)


async def _staged(kafka: KafkaSettings) -> float:
    """Seconds from now until the ingest group has committed everything."""
    offsets = OffsetReader(RECORDS.name, _GROUP, kafka)
    await offsets.start()
    started = perf_counter()
    try:
        end = await offsets.end_offsets()
        while not covers(await offsets.committed(), end):
            await asyncio.sleep(0.02)
        return perf_counter() - started
    finally:
        await offsets.stop()


if __name__ == "__main__":
    main()
