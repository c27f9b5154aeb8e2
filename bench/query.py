"""Reports over HTTP compared with the same statements sent directly: python -m bench.query [--tickets N] [--contacts N]

Uncached: each request asks for another limit, so that no answer is known; ours and raw take turns. Raw is the engine's
own HTTP interface with the very SQL, through the same client library. Then planning alone, answers that are known,
answers that the client has (304), 1, 8 and 32 clients, and 50 dashboards of 12 tiles in the minute after a refresh.
Service, engine and the clients of this bench share the machine.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

import httpx
import orjson

from bench.query_dataset import Dataset, Served, dataset, served
from bench.query_load import load
from bench.query_planning import planning_ms
from bench.reports import SHAPES
from bench.tickets import TENANT
from crosslook.platform.clickhouse import ClickHouse

_QUERY = f"/v1/tenants/{TENANT}/query"
_ROUNDS = 40
_BOARDS, _TILES = 50, 12


def main() -> None:
    """Fill an engine, serve it, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=250_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), options.tickets, options.contacts))


async def _measure(folder: Path, tickets: int, contacts: int) -> None:
    async with dataset(folder, tickets, contacts) as filled:
        with served(filled.engine, filled.folder, filled.manifest) as service:
            await _uncached(filled, service)
            _planning()
            await _known(service)
        with served(filled.engine, filled.folder, filled.manifest) as service:
            await _fleet(service)


async def _uncached(filled: Dataset, service: Served) -> None:
    engine = ClickHouse(filled.engine)
    async with _client(service) as client:
        for name, shape in SHAPES.items():
            ours: list[float] = []
            raw: list[float] = []
            for number in range(_ROUNDS):
                body = {"object": "ticket", **shape, "limit": 1000 + number}
                told = (await client.post(f"{_QUERY}?dry_run=true", json=body)).json()
                ours.append(await _timed(lambda body=body: client.post(_QUERY, json=body)))  # type: ignore[misc]  # its default is its type
                raw.append(await _timed(lambda told=told: _raw(engine, told["statements"])))  # type: ignore[misc]  # as above
            (ours50, ours95), (raw50, raw95) = _figures(ours), _figures(raw)
            kept = "kept" if ours50 <= 1.15 * raw50 + 5 else "MISSED"
            print(
                f"report {name:<11} {ours50:>7.1f} ms p50 {ours95:>7.1f} ms p95   raw {raw50:>6.1f} / {raw95:>6.1f}   "
                f"over raw {ours50 - raw50:>+5.1f} ms, ratio {ours50 / raw50:.2f}   1.15 x raw + 5 ms: {kept}"
            )
    await engine.close()


async def _raw(engine: ClickHouse, statements: list[dict[str, Any]]) -> None:
    async with asyncio.TaskGroup() as group:
        for statement in statements:
            group.create_task(engine.query(statement["sql"], statement["parameters"]))


def _planning() -> None:
    for name, shape in SHAPES.items():
        p50, p95 = _figures(planning_ms({"object": "ticket", **shape}, 200))
        print(f"planning {name:<9} {p50:>7.2f} ms p50 {p95:>7.2f} ms p95")


async def _known(service: Served) -> None:
    body = orjson.dumps({"object": "ticket", **SHAPES["by status"]})
    async with _client(service) as client:
        answer = await client.post(_QUERY, content=body)
    asked = {"known": dict(service.headers), "304": {**service.headers, "If-None-Match": answer.headers["etag"]}}
    for name, headers in asked.items():
        for clients in (1, 8, 32):
            found = await load(service, _QUERY, body, headers, clients, 4.0)
            p50, p95 = _figures(found.milliseconds)
            rate, per_core = found.answers / found.seconds, found.answers / found.busy
            print(
                f"{name:<6} {clients:>2} clients {p50:>7.2f} ms p50 {p95:>7.2f} ms p95   {rate:>7,.0f}/s, "
                f"{per_core:>7,.0f} a second of the service's processor time"
            )


async def _fleet(service: Served) -> None:
    """Every dashboard at once, each of them for the first time on this snapshot; half of them show the same tiles."""
    async with _client(service) as client:
        boards = [await _saved(client, number) for number in range(_BOARDS)]
        started = perf_counter()
        first = await asyncio.gather(*(_shown(client, path) for path in boards))
        seconds = perf_counter() - started
        counted = re.findall(
            r"^crosslook_query_seconds_count (\S+)$", (await client.get("/metrics")).text, re.MULTILINE
        )
        again = await asyncio.gather(*(_shown(client, path) for path in boards))
    (p50, p95), (again50, again95) = _figures(first), _figures(again)
    print(
        f"fleet  {_BOARDS} dashboards of {_TILES} tiles in {seconds:.1f} s, {p50:,.0f} ms p50 {p95:,.0f} ms p95; "
        f"{float(counted[0]):.0f} reports computed of {_distinct()} distinct; "
        f"again {again50:,.0f} ms p50 {again95:,.0f} ms p95"
    )


async def _shown(client: httpx.AsyncClient, path: str) -> float:
    """Milliseconds in which every tile of a dashboard was answered."""
    started = perf_counter()
    answer = await client.get(path)
    milliseconds = (perf_counter() - started) * 1000
    assert [tile["problem"] for tile in answer.json()["tiles"]] == [None] * _TILES, answer.text
    return milliseconds


def _tile(board: int, index: int) -> dict[str, Any]:
    shape = list(SHAPES.values())[index % len(SHAPES)]
    return {"request": {"object": "ticket", **shape, "limit": 100 + index + (board // 2) * _TILES}}


def _distinct() -> int:
    return len({orjson.dumps(_tile(board, index)) for board in range(_BOARDS) for index in range(_TILES)})


async def _saved(client: httpx.AsyncClient, number: int) -> str:
    tiles = [_tile(number, index) for index in range(_TILES)]
    made = await client.post(f"/v1/tenants/{TENANT}/dashboards", json={"name": f"board {number}", "tiles": tiles})
    assert made.status_code == 201, made.text
    return f"{made.headers['location']}/result"


def _client(service: Served) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=64)
    headers = dict(service.headers)
    return httpx.AsyncClient(base_url=service.url, headers=headers, trust_env=False, timeout=300, limits=limits)


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    started = perf_counter()
    answer = await work()
    assert not isinstance(answer, httpx.Response) or answer.status_code == 200, answer.text
    return (perf_counter() - started) * 1000


def _figures(samples: list[float]) -> tuple[float, float]:
    cuts = quantiles(samples, n=20)
    return cuts[9], cuts[18]


if __name__ == "__main__":
    main()
