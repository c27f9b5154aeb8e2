"""Catalogs of many tenants: python -m bench.catalogs [--tenants N]

Each tenant has three objects. Asked for some tenants in turn, for all others at once, then again for a few; with what
query_service holds in memory at a tenth of the tenants and at all of them: its catalogs are bounded, so what grows is
the topic of schemas alone.
"""

import argparse
import asyncio
import random
import tempfile
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import httpx
import pyarrow as pa

from bench.query_dataset import OBJECTS, TYPES, Served, entry, manifest_of, served
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.manifests import ENTRY_COLUMNS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.domain.tables import service_tables
from tests.helpers.processes import running_engine

_MIB = 1024 * 1024
_CLIENTS = 8


def main() -> None:
    """Fill an engine, serve it, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenants", type=int, default=10_000)
    options = parser.parse_args()
    for tenants in (options.tenants // 10, options.tenants):
        with tempfile.TemporaryDirectory() as name, running_engine(Path(name)) as engine:
            asyncio.run(_measure(Path(name), engine, tenants))


async def _measure(folder: Path, settings: ClickHouseSettings, tenants: int) -> None:
    engine = ClickHouse(settings)
    await engine.create_database()
    for statement in service_tables():
        await engine.command(statement)
    for number in range(0, tenants, 1000):
        await engine.insert_arrow("snapshot_entries", _entries(range(number, min(tenants, number + 1000))))
    await engine.close()
    with served(settings, folder, manifest_of([]), tenants=tenants) as service:
        before = service.peak_since()
        order = [f"t{number}" for number in range(tenants)]
        random.Random(7).shuffle(order)  # noqa: S311  # a benchmark wants repeatable order, not secrets
        first = await _ask(service, order[:300])
        await asyncio.gather(*(_ask(service, order[300 + part :: _CLIENTS]) for part in range(_CLIENTS)))
        peak = service.peak_since()
        again = await _ask(service, order[-100:] * 3)
    (p50, p95), (again50, again95) = first, again
    print(
        f"{tenants:>6,} tenants   {p50:.1f} ms p50 {p95:.1f} ms p95 at first, {again50:.1f} / {again95:.1f} again   "
        f"{before / _MIB:.0f} MiB with every schema read, {peak / _MIB:.0f} MiB after every catalog"
    )


def _entries(numbers: range) -> pa.Table:
    rows = [
        entry(object_, layout_of(object_), 1, f"t{number}").as_row("s1") for number in numbers for object_ in OBJECTS
    ]
    return pa.table({name: pa.array([row[name] for row in rows], TYPES[kind]) for name, kind in ENTRY_COLUMNS})


async def _ask(service: Served, tenants: list[str]) -> tuple[float, float]:
    times = []
    headers = dict(service.headers)
    async with httpx.AsyncClient(base_url=service.url, headers=headers, trust_env=False, timeout=60) as client:
        for tenant in tenants:
            started = perf_counter()
            answer = await client.get(f"/v1/tenants/{tenant}/catalog")
            times.append((perf_counter() - started) * 1000)
            assert len(answer.json()["explores"]) == len(OBJECTS) + 1, answer.text
    cuts = quantiles(times, n=20)
    return cuts[9], cuts[18]


if __name__ == "__main__":
    main()
