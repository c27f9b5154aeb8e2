"""Lists over HTTP compared with raw statements: python -m bench.lists [--tickets N] [--contacts N] [--files]

The first 500 records sorted by a field, and a page from the middle. Raw are two statements written by hand, sent to
the engine at the same time: the rows in that order, and their number. Ours and raw take turns; each asks for another
limit, so that no answer is known. Then pairs with the contact. With --files: every format, a tenth of the rows and all
of them, with the most memory that query_service held; flat means that the two peaks are alike.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from bench.query_dataset import TICKET, Dataset, Served, dataset, served
from bench.tickets import TENANT
from crosslook.contracts.formats import Format
from crosslook.contracts.layouts import layout_of
from crosslook.platform.clickhouse import ClickHouse

_QUERY = f"/v1/tenants/{TENANT}/query"
_ROUNDS = 30
_MIB = 1024 * 1024
_FIELDS = ("_id", "subject", "status", "amount", "opened_at", "tags")
_LIST: dict[str, Any] = {"object": "ticket", "list": [f"ticket.{slug}" for slug in _FIELDS]}
_COLUMNS = ", ".join(["record", *(f"f_{slug}" for slug in _FIELDS[1:])])
_LIVE = f"build = 1 AND tenant = '{TENANT}' AND object = 'ticket' AND NOT deleted"
_TARGET = 2


def main() -> None:
    """Fill an engine, serve it, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=250_000)
    parser.add_argument("--files", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), options.tickets, options.contacts, files=options.files))


async def _measure(folder: Path, tickets: int, contacts: int, *, files: bool) -> None:
    async with dataset(folder, tickets, contacts) as filled:
        with served(filled.engine, filled.folder, filled.manifest) as service:
            for slug in ("opened_at", "subject"):
                await _pages(filled, service, slug)
            await _pairs(service)
        if files:
            await _files(filled, tickets)


async def _pages(filled: Dataset, service: Served, slug: str) -> None:
    table = layout_of(TICKET).table
    rows = f"SELECT {_COLUMNS} FROM {table} WHERE {_LIVE} ORDER BY f_{slug} LIMIT "  # noqa: S608  # our own names
    count = f"SELECT count() FROM {table} WHERE {_LIVE}"  # noqa: S608  # as above
    engine = ClickHouse(filled.engine)
    ours: dict[str, list[float]] = {"first 500": [], "500 more": []}
    raw: list[float] = []
    async with _client(service) as client:
        request = {**_LIST, "sort": [{"field": f"ticket.{slug}"}]}
        middle = (await _asked(client, {**request, "limit": 50_000}))[0]["next"]
        for number in range(_ROUNDS):
            limit = 500 + number
            ours["first 500"].append((await _asked(client, {**request, "limit": limit}))[1])
            raw.append(await _raw(engine, [f"{rows}{limit + 1}", count]))
            ours["500 more"].append((await _asked(client, {**request, "limit": limit, "after": middle}))[1])
    await engine.close()
    for name, seconds in ours.items():
        ratio = median(seconds) / median(raw)
        kept = f"at most {_TARGET}: {'kept' if ratio <= _TARGET else 'MISSED'}"
        print(
            f"by {slug:<9} {name}  {1000 * median(seconds):>6.1f} ms p50   raw {1000 * median(raw):>6.1f} ms   "
            f"ratio {ratio:.2f}   {kept}"
        )


async def _pairs(service: Served) -> None:
    """Pairs with the contact, and how much longer they take than the records alone."""
    seconds: dict[str, list[float]] = {"records": [], "pairs": []}
    async with _client(service) as client:
        for number in range(_ROUNDS // 2):
            for name, more in (("records", []), ("pairs", ["contact.country"])):
                request = {**_LIST, "list": [*_LIST["list"], *more], "sort": [{"field": "ticket.opened_at"}]}
                seconds[name].append((await _asked(client, {**request, "limit": 700 + number}))[1])
    alone, paired = (median(found) for found in seconds.values())
    shown = f"{1000 * paired:>6.1f} ms p50   without {1000 * alone:>6.1f} ms   ratio {paired / alone:.2f}"
    print(f"with contact  first 700  {shown}")


async def _files(filled: Dataset, rows: int) -> None:
    for form in (format_ for format_ in Format if format_ is not Format.JSON):
        with served(filled.engine, filled.folder, filled.manifest) as service:
            await _file(service, form, 1000)
            small, large = [await _file(service, form, count) for count in (rows // 10, rows)]
        print(
            f"{form.name:<8} {rows:>9,} rows {large[0] / _MIB:>7.1f} MiB {large[1]:>6.1f} s   peak "
            f"{large[2] / _MIB:>5.0f} MiB, {small[2] / _MIB:.0f} MiB for a tenth   ratio {large[2] / small[2]:.2f}"
        )


async def _file(service: Served, form: Format, rows: int) -> tuple[int, float, int]:
    """Bytes, seconds, and the service's peak of memory in bytes."""
    service.peak_since()
    started, size = perf_counter(), 0
    request = {**_LIST, "sort": [{"field": "ticket.subject"}], "limit": rows}
    async with (
        _client(service) as client,
        client.stream("POST", _QUERY, json=request, headers={"Accept": form.value}) as response,
    ):
        assert response.status_code == 200, await response.aread()
        async for piece in response.aiter_bytes():
            size += len(piece)
    return size, perf_counter() - started, service.peak_since()


def _client(service: Served) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=service.url, headers=dict(service.headers), trust_env=False, timeout=300)


async def _asked(client: httpx.AsyncClient, request: dict[str, Any]) -> tuple[Any, float]:
    """The answer, and the seconds until it was there."""
    started = perf_counter()
    response = await client.post(_QUERY, json=request)
    seconds = perf_counter() - started
    assert response.status_code == 200, response.text
    body = response.json()
    assert not body["cached"]
    return body, seconds


async def _raw(engine: ClickHouse, statements: list[str]) -> float:
    started = perf_counter()
    async with asyncio.TaskGroup() as group:
        for statement in statements:
            group.create_task(engine.query(statement))
    return perf_counter() - started


if __name__ == "__main__":
    main()
