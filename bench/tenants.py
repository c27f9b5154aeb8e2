"""The cost of many tenants: python -m bench.tenants [--tenants N]

Each tenant has three objects of 100 records: two of the same layout as everybody's, as integrations bring them, and one
of its own, with 200 different layouts among all. Told for a tenth of the tenants and for all of them, so that growth
shows: tables, a full refresh, one that touches 1 % of the tenants, catalogs, and a restart of the engine.
"""

import argparse
import asyncio
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import httpx

from bench.refresh_dataset import Dataset, Refreshed, dataset, running
from bench.tickets import SCHEMA
from crosslook.contracts.schemas import Definition
from crosslook.contracts.topics import REPORTS
from crosslook.local.demo.schemas import BOOKING
from crosslook.platform.log_store.memory import ElectedMemoryLog, MemoryLog
from crosslook.platform.logging import configure_logging
from crosslook.platform.settings import AuthSettings, LogSettings, TenantsSettings
from services.query_service.app import wire
from services.query_service.settings import QueryServiceSettings

_RECORDS, _CONTACTS, _LAYOUTS, _ASKED = 100, 10, 200, 500
_LINKED = """concat('{{"requester":["id:c-', toString(cityHash64(n, 14) % {contacts}), '"]}}')"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenants", type=int, default=10_000)
    options = parser.parse_args()
    configure_logging(LogSettings(level="WARNING", format="console"), "bench")
    for tenants in (options.tenants // 10, options.tenants):
        with tempfile.TemporaryDirectory() as name:
            asyncio.run(_measure(Path(name), tenants))


async def _measure(folder: Path, tenants: int) -> None:
    with running(folder) as engine:
        async with dataset(engine, "tenants") as many:
            await many.define(_objects(tenants))
            await _stage(many, tenants, _CONTACTS, _RECORDS)
            print(f"{tenants:,} tenants, {many.taken:,} events")
            _print("full refresh", await many.refresh())
            layouts, tables = await _tables(many)
            print(f"  tables         {tables} for {layouts} layouts")
            _print("nothing touched", await many.refresh())
            await _stage(many, max(1, tenants // 100), 0, _RECORDS)
            _print("1 % of tenants", await many.refresh())
            p50, p95 = await _catalogs(many, tenants)
            print(f"  catalog        {p50:.1f} ms p50, {p95:.1f} ms p95")
            print(f"  engine's start {engine.restart():.1f} s", flush=True)


def _objects(tenants: int) -> Iterator[tuple[str, Definition]]:
    everybody = [Definition.model_validate(body) for body in (SCHEMA, BOOKING)]
    for number in range(tenants):
        fields = [{"slug": f"own_{number % _LAYOUTS}", "type": "text"}, {"slug": "score", "type": "number"}]
        own = {**SCHEMA, "object": "own", "fields": fields}
        for definition in (*everybody, Definition.model_validate(own)):
            yield f"t{number}", definition


async def _stage(many: Dataset, tenants: int, contacts: int, records: int) -> None:
    """So many contacts, and records of each object, of each of these tenants."""
    first = many.taken
    place = {"tenant": f"concat('t', toString((n - {first}) % {tenants}))"}
    number = f"toString(intDiv(n - {first}, {tenants}) % {max(1, contacts)})"
    email = f"""concat('{{"email":"p', {number}, '@bench.example"}}')"""
    if contacts:
        contact = {"object": "'contact'", "record": f"concat('c-', {number})", "fields": email}
        await many.stage(tenants * contacts, place | contact)
    linked = _LINKED.format(contacts=_CONTACTS)
    slug = f"toString((n - {first}) % {tenants} % {_LAYOUTS})"
    own = f"""concat('{{"own_', {slug}, '":"x","score":', toString(n % 100), '}}')"""
    status = """concat('{"status":"open","subject":"ticket ', toString(n), '"}')"""
    for name, fields in (("ticket", status), ("booking", """'{"status":"active"}'"""), ("own", own)):
        record = {"object": f"'{name}'", "record": f"toString(intDiv(n - {first}, {tenants}) % {records})"}
        await many.stage(tenants * records, place | record | {"fields": fields, "references": linked})


async def _tables(many: Dataset) -> tuple[int, int]:
    """How many layouts and how many tables there are."""
    sql = "SELECT (SELECT uniqExact(layout) FROM snapshot_entries), count() FROM system.tables "
    ((layouts, tables),) = (await many.store.query(f"{sql} WHERE database = currentDatabase()")).rows
    return layouts, tables


async def _catalogs(many: Dataset, tenants: int) -> tuple[float, float]:
    """Milliseconds, median and 95th percentile, of tenants' first catalogs."""
    settings = QueryServiceSettings(
        clickhouse=many.context.settings.clickhouse, auth=AuthSettings(mode="off"), tenants=TenantsSettings(open=True)
    )
    views = [MemoryLog(log.shared, writer=False) for log in (many.schemas, many.snapshots)]
    reports = ElectedMemoryLog(REPORTS.name)

    app = wire(settings, many.context.clock, views[0], views[1], reports)
    taken = []
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://query") as http,
    ):
        await app.state.startup.done()
        for number in random.Random(7).sample(range(tenants), min(_ASKED, tenants)):  # noqa: S311  # repeatable choices
            started = perf_counter()
            (await http.get(f"/v1/tenants/t{number}/catalog")).raise_for_status()
            taken.append(1000 * (perf_counter() - started))
    return quantiles(taken, n=2)[0], quantiles(taken, n=20)[-1]


def _print(name: str, done: Refreshed) -> None:
    rows = f"{done.manifest.rows:,} rows of {done.manifest.objects:,} objects, {done.manifest.rebuilt:,} rebuilt"
    print(
        f"{name:<16} {done.seconds:8.2f} s   engine's time {done.cpu:.2f} s, peak {done.peak / 2**30:.2f} GiB   {rows}"
    )
    print(f"  steps          {done.steps}", flush=True)


if __name__ == "__main__":
    main()
