"""The cost of a refresh, compared with the engine's merge of the same rows: python -m bench.refresh [--events N]

Full: N staged events of 8 fields, a third of them the first of their record, in 200 objects. Its baseline is
`OPTIMIZE … FINAL` of a ReplacingMergeTree over the same rows, which parses nothing and resolves no link. Then the
same again with 1 % of the objects touched, and with nothing touched. At last one object of N records: the most the
engine held in memory, and a refresh of 1 % of its records.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

from bench.refresh_dataset import Dataset, Refreshed, dataset, running
from bench.tickets import SCHEMA
from crosslook.contracts.schemas import Definition
from crosslook.platform.logging import configure_logging
from crosslook.platform.settings import LogSettings

_TENANTS = 200
_PARTS = 10
_CHOSEN = ("status", "priority", "channel", "subject", "csat", "amount", "opened_at", "reopened")


def _one_of(seed: int, *values: str) -> str:
    return f"[{', '.join(map(repr, values))}][1 + cityHash64(n, {seed}) % {len(values)}]"


_FIELDS = f"""concat('{{"amount":"', toString(cityHash64(n, 8) % 50000 / 100),
    '","channel":"', {_one_of(3, "email", "chat", "phone", "web")},
    '","csat":', toString(1 + (cityHash64(n, 6) % 41) / 10),
    ',"opened_at":"', formatDateTime(toDateTime('2025-06-01 00:00:00', 'UTC') + cityHash64(n, 9) % 43200000,
        '%Y-%m-%dT%H:%i:%S', 'UTC'),
    '.000Z","priority":"', {_one_of(2, "low", "normal", "normal", "high", "urgent")},
    '","reopened":', if(cityHash64(n, 10) % 10 = 0, 'true', 'false'),
    ',"status":"', {_one_of(1, "open", "pending", "solved", "solved", "closed")},
    '","subject":"ticket about invoice number ', toString(cityHash64(n, 4) % 100000), '"}}')"""
_LINKED = """concat('{{"requester":["id:c-', toString(cityHash64(n, 14) % {contacts}), '"]}}')"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=5_000_000)
    options = parser.parse_args()
    configure_logging(LogSettings(level="WARNING", format="console"), "bench")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), options.events))


async def _measure(folder: Path, events: int) -> None:
    with running(folder) as engine:
        async with dataset(engine, "many") as many:
            await _many_objects(many, events)
        async with dataset(engine, "one") as one:
            await _one_object(one, events)


async def _many_objects(many: Dataset, events: int) -> None:
    records = max(1, events // _TENANTS // 3)
    columns = _columns(f"cityHash64(n) % {_TENANTS}", f"toString(cityHash64(n, 77) % {records})", 500)
    await many.define((f"t{number:03}", _ticket()) for number in range(_TENANTS))
    await _contacts(many, 500, _TENANTS)
    await many.stage(events, columns)
    merged, merging = await _optimized(many)
    full = await many.refresh()
    _print("full", full, f"{events / full.seconds:,.0f} events/s, {full.manifest.rows:,} rows")
    print(
        f"  OPTIMIZE FINAL {merged:8.2f} s   ratio {full.seconds / merged:.2f}, of processor time "
        f"{full.cpu / merging:.2f}"
    )
    nothing = await many.refresh()
    _print("nothing touched", nothing, f"{nothing.manifest.carried:,} objects carried over")
    few = max(1, _TENANTS // 100)
    await many.stage(events // 100, columns | {"tenant": _tenant(f"cityHash64(n) % {few}")})
    touched = await many.refresh()
    share = f"{100 * touched.seconds / full.seconds:.1f} % of full, {touched.manifest.rebuilt} objects rebuilt"
    _print("1 % of objects", touched, share)


async def _one_object(dataset: Dataset, records: int) -> None:
    await dataset.define([("t000", _ticket())])
    await _contacts(dataset, 100_000, 1)
    first = dataset.taken
    await dataset.stage(records, _columns("0", f"toString(n - {first})", 100_000))
    full = await dataset.refresh()
    _print("one object", full, f"{records / full.seconds:,.0f} events/s, {full.manifest.rows:,} rows")
    await dataset.stage(records // 100, _columns("0", f"toString((n * 97) % {records})", 100_000))
    touched = await dataset.refresh()
    _print("1 % of records", touched, f"{100 * touched.seconds / full.seconds:.1f} % of full")


async def _contacts(into: Dataset, each: int, tenants: int) -> None:
    number = f"toString(intDiv(n, {tenants}))"
    await into.stage(
        each * tenants,
        {
            "tenant": _tenant(f"n % {tenants}"),
            "object": "'contact'",
            "record": f"concat('c-', {number})",
            "fields": f"""concat('{{"email":"p', {number}, '@bench.example"}}')""",
        },
    )


async def _optimized(many: Dataset) -> tuple[float, float]:
    """Seconds, and seconds of processor time, in which the engine itself keeps one row of each record, of the same rows
    in ten parts."""
    store = many.store
    await store.command(
        "CREATE TABLE merged AS record_log ENGINE = ReplacingMergeTree ORDER BY (tenant, object, record)"
    )
    await store.command("SYSTEM STOP MERGES merged")
    for part in range(_PARTS):
        # One part each: unsorted rows of the whole range, as they arrive.
        sql = "INSERT INTO merged SELECT * FROM record_log WHERE intDiv(offset, 1000) % {parts:UInt8} = {part:UInt8}"
        await store.command(sql, {"parts": _PARTS, "part": part})
    await store.command("SYSTEM START MERGES merged")
    started, cpu = perf_counter(), many.engine.cpu()
    await store.command("OPTIMIZE TABLE merged FINAL")
    taken = perf_counter() - started, many.engine.cpu() - cpu
    await store.command("DROP TABLE merged")
    return taken


def _ticket() -> Definition:
    fields = [field for field in SCHEMA["fields"] if field["slug"] in _CHOSEN]
    return Definition.model_validate({**SCHEMA, "fields": fields})


def _columns(tenant: str, record: str, contacts: int) -> dict[str, str]:
    linked = _LINKED.format(contacts=contacts)
    return {"tenant": _tenant(tenant), "record": record, "fields": _FIELDS, "references": linked}


def _tenant(number: str) -> str:
    return f"concat('t', leftPad(toString({number}), 3, '0'))"


def _print(name: str, done: Refreshed, more: str) -> None:
    print(
        f"{name:<16} {done.seconds:8.2f} s   engine's time {done.cpu:.2f} s, peak {done.peak / 2**30:.2f} GiB   {more}"
    )
    print(f"  steps          {done.steps}", flush=True)


if __name__ == "__main__":
    main()
