"""The cost of "where is my record?": python -m bench.record [--events N]

N staged events of one tenant, five of each record, nine tenths of them in a snapshot. Prints how long the look-up of
one record takes (p50 and the slowest of 20 records, each asked for once), as a ratio to a point look-up of the same
kind of record on the engine: its rows in staging by the primary key. Then the same while events are staged, and how
much slower staging is meanwhile.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from bench.refresh_dataset import Dataset, dataset, running
from bench.tickets import SCHEMA
from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.schemas import Definition
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.logging import configure_logging
from crosslook.platform.settings import LogSettings
from services.snapshot_service.domain.record_facts import RecordState
from services.snapshot_service.records.reader import RecordReader
from services.snapshot_service.records.statements import STAGED

_TENANT, _ASKED, _A_RECORD, _ROUND = "acme", 20, 5, 250_000
_FIELDS = """concat('{{"status":"open","subject":"ticket ', toString(n), '"}}')"""
_KEY = ObjectKey(TenantId(_TENANT), ObjectSlug("ticket"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000_000)
    options = parser.parse_args()
    configure_logging(LogSettings(level="WARNING", format="console"), "bench")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), options.events))


async def _measure(folder: Path, events: int) -> None:
    with running(folder) as engine:
        async with dataset(engine, "record") as many:
            await many.define([(_TENANT, Definition.model_validate(SCHEMA))])
            columns = _columns(events)
            await many.stage(events * 9 // 10, columns)
            refreshed = await many.refresh()
            await many.stage(events - many.taken, columns)
            print(f"{many.taken:,} events, {refreshed.manifest.rows:,} records in the snapshot")
            look_up, point = _look_up(many), _point(many)
            await _timed(point, _records(events, 0)[:2])  # connections and caches of the process, not of the records
            await _timed(look_up, _records(events, 1)[:2])
            await _compare("alone", look_up, point, events, 2)
            alone = await _staged_a_second(many, columns)
            staging = asyncio.create_task(_staged_a_second(many, columns))
            await _compare("under ingest", look_up, point, events, 4)
            beside = await staging
            print(f"  staging  {beside:,.0f} events/s beside look-ups, {beside / alone:.2f} of {alone:,.0f} alone")


def _columns(events: int) -> dict[str, str]:
    return {
        "tenant": f"'{_TENANT}'",
        "record": f"toString(cityHash64(n, 5) % {max(1, events // _A_RECORD)})",
        "fields": _FIELDS,
    }


def _records(events: int, round_: int) -> list[str]:
    """Records that are asked for in one round and in no other."""
    records = max(1, events // _A_RECORD)
    return [str((round_ * _ASKED + number) * 7919 % records) for number in range(_ASKED)]


def _look_up(many: Dataset) -> Callable[[str], Awaitable[None]]:
    context = many.context
    reader = RecordReader(
        context.clickhouse, context.entries, SnapshotFeed(many.snapshots), context.clock, context.settings.late_days
    )
    state = context.schemas.schema(_TENANT, "ticket")

    async def asked(record: str) -> None:
        found = await reader.find(_KEY, record, state)
        if found.state is not RecordState.IN_REPORTS and found.events:
            raise RuntimeError(f"record {record} is {found.state}")

    return asked


def _point(many: Dataset) -> Callable[[str], Awaitable[None]]:
    async def asked(record: str) -> None:
        named = {"tenant": _TENANT, "object": "ticket", "record": record, "limit": 1000}
        await many.store.query(STAGED, named, {"max_threads": 2})

    return asked


async def _timed(ask: Callable[[str], Awaitable[None]], records: Sequence[str]) -> list[float]:
    """Milliseconds of each."""
    took = []
    for record in records:
        started = perf_counter()
        await ask(record)
        took.append((perf_counter() - started) * 1000)
    return took


async def _compare(
    what: str, look_up: Callable[[str], Awaitable[None]], point: Callable[[str], Awaitable[None]], events: int, at: int
) -> None:
    points: list[float] = []
    asked: list[float] = []
    for first, second in zip(_records(events, at), _records(events, at + 1), strict=True):  # by turns: hosts are noisy
        points += await _timed(point, [first])
        asked += await _timed(look_up, [second])
    print(
        f"  {what:13} {median(asked):6.1f} ms p50, {max(asked):6.1f} ms slowest; point look-up {median(points):6.1f} ms"
        f"   ratio {median(asked) / median(points):.1f}",
        flush=True,
    )


async def _staged_a_second(many: Dataset, columns: dict[str, str]) -> float:
    """Events a second over four rounds."""
    started = perf_counter()
    for _ in range(4):
        await many.stage(_ROUND, columns)
    return 4 * _ROUND / (perf_counter() - started)


if __name__ == "__main__":
    main()
