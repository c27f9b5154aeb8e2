"""Reports over HTTP compared with those of Cube: python -m bench.vs_cube [--tickets N] [--contacts N] [--rounds N]

Both read the same rows of the same engine in the same run, check a token, answer JSON, and take turns. Cold: each
request asks for another limit, so that no answer is known. Warm: the same request again. A ratio is Cube's median over
ours. What both answer is compared, too. Where contacts join, our answer also counts what the join kept and dropped.

Cube is 0.35.81 of 2024-09-12, the newest on offer whose server can do without a native binary: that of later versions
comes from no package registry. Its driver is 1.6.39. Needs Node 20 and npm.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from math import isclose
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import jwt
import orjson

from bench.query_dataset import TICKET, Dataset, dataset, served
from bench.reports import SHAPES
from bench.tickets import TENANT
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.local.ports import free_port
from crosslook.platform.clickhouse import ClickHouse
from tests.helpers.processes import answers, stop, wait_for

_FILES = Path(__file__).parent / "cube"
_SECRET = "a secret of thirty-two characters"
_VIEWS = {
    "ticket": {
        "record": "record",
        "status": "f_status",
        "priority": "f_priority",
        "channel": "f_channel",
        "opened_at": "f_opened_at",
        "csat": "f_csat",
        "amount": "f_amount",
        "requester": "links_requester[1]",
    },
    "contact": {"record": "record", "country": "f_country"},
}
"""Columns of the views that Cube's model reads; each ticket of the bench has one contact."""
_QUERIES: Mapping[str, dict[str, Any]] = {
    "count": {"measures": ["ticket.count"]},
    "by status": {"dimensions": ["ticket.status"], "measures": ["ticket.count", "ticket.csat_avg"]},
    "by month": {
        "timeDimensions": [{"dimension": "ticket.opened_at", "granularity": "month"}],
        "dimensions": ["ticket.priority"],
        "measures": ["ticket.count", "ticket.amount_sum"],
        "timezone": "America/Chicago",
    },
    "by country": {
        "dimensions": ["contact.country"],
        "measures": ["ticket.count", "contact.count", "ticket.amount_sum"],
    },
    "filtered": {
        "dimensions": ["ticket.channel"],
        "measures": ["ticket.count", "ticket.csat_median"],
        "filters": [
            {"member": "ticket.status", "operator": "equals", "values": ["open", "pending"]},
            {"member": "contact.country", "operator": "equals", "values": ["FR"]},
        ],
    },
}
"""The shapes of bench.reports in Cube's words."""
Rows = list[list[Any]]
Ask = Callable[[str, int], Awaitable[Rows]]


def main() -> None:
    """Install Cube, fill an engine, serve it by both, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=250_000)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        _install(Path(name) / "cube")
        asyncio.run(_measure(Path(name), options.tickets, options.contacts, options.rounds))


def _install(folder: Path) -> None:
    shutil.copytree(_FILES, folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


async def _measure(folder: Path, tickets: int, contacts: int, rounds: int) -> None:
    async with dataset(folder, tickets, contacts) as filled:
        await _make_views(filled)
        with served(filled.engine, folder, filled.manifest) as service, _cube(filled) as (url, token):
            async with _ours(service.url, service.headers) as ours, _cubes(url, token) as cubes:
                print(f"{tickets:,} tickets, {contacts:,} contacts; Cube 0.35.81 of 2024-09-12; p50 of {rounds}")
                await _first(ours, cubes)
                for name in SHAPES:
                    print(f"{name:<11} {await _raced(name, ours, cubes, rounds)}   {await _checked(name, ours, cubes)}")


async def _make_views(filled: Dataset) -> None:
    engine = ClickHouse(filled.engine)
    for definition in (TICKET, BUILT_IN_CONTACT):
        name = definition.object
        columns = ", ".join(f"{column} AS {alias}" for alias, column in _VIEWS[name].items())
        rows = f"build = {filled.manifest.build} AND tenant = '{TENANT}' AND object = '{name}' AND NOT deleted"
        sql = f"CREATE VIEW cube_{name} AS SELECT {columns} FROM {layout_of(definition).table} WHERE {rows}"  # noqa: S608  # our own names
        await engine.command(sql)
    await engine.close()


@contextmanager
def _cube(filled: Dataset) -> Iterator[tuple[str, str]]:
    """Where Cube answers, and a token that it trusts."""
    port = free_port()
    environment = {
        **os.environ,
        "NODE_ENV": "production",
        "PORT": str(port),
        "CUBEJS_API_SECRET": _SECRET,
        "CUBEJS_DB_TYPE": "clickhouse",
        "CUBEJS_DB_HOST": filled.engine.host,
        "CUBEJS_DB_PORT": str(filled.engine.port),
        "CUBEJS_DB_NAME": filled.engine.database,
        "CUBEJS_DB_USER": filled.engine.username,
        "CUBEJS_DB_PASS": filled.engine.read_password(),
        "CUBEJS_LOG_LEVEL": "error",
    }
    folder = filled.folder / "cube"
    with (folder / "cube.log").open("wb") as log:
        process = subprocess.Popen(["node", "server.js"], cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/readyz"), 60, "Cube's readiness")
        yield f"http://127.0.0.1:{port}", jwt.encode({}, _SECRET, "HS256")
    finally:
        stop(process)


@asynccontextmanager
async def _ours(url: str, headers: Mapping[str, str]) -> AsyncIterator[Ask]:
    async with _client(url, headers) as client:

        async def ask(name: str, limit: int) -> Rows:
            body = {"object": "ticket", **SHAPES[name], "limit": limit}
            answer = await client.post(f"/v1/tenants/{TENANT}/query", json=body)
            assert answer.status_code == 200, answer.text
            rows: Rows = orjson.loads(answer.content)["rows"]
            return rows

        yield ask


@asynccontextmanager
async def _cubes(url: str, token: str) -> AsyncIterator[Ask]:
    async with _client(url, {"Authorization": token}) as client:

        async def ask(name: str, limit: int) -> Rows:
            body = {"query": {**_QUERIES[name], "limit": limit}}
            while True:
                answer = await client.post("/cubejs-api/v1/load", json=body)
                found = orjson.loads(answer.content)
                if found.get("error") != "Continue wait":  # what Cube answers while a query still runs
                    assert answer.status_code == 200, answer.text
                    return [[row[column] for column in _columns(name)] for row in found["data"]]

        yield ask


def _columns(name: str) -> list[str]:
    """Cube's names of the columns, in the order of ours."""
    query = _QUERIES[name]
    times = [
        f"{timedimension['dimension']}.{timedimension['granularity']}"
        for timedimension in query.get("timeDimensions", [])
    ]
    return [*times, *query.get("dimensions", []), *query["measures"]]


def _client(url: str, headers: Mapping[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers=dict(headers), trust_env=False, timeout=300)


async def _first(ours: Ask, cubes: Ask) -> None:
    """The first answer of each process: it loads a catalog, Cube compiles its model."""
    our, cube = await _timed(ours, "count", 999), await _timed(cubes, "count", 999)
    print(f"first answer of the process: ours {our:.0f} ms, Cube {cube:.0f} ms, ratio {cube / our:.2f}")


async def _raced(name: str, ours: Ask, cubes: Ask, rounds: int) -> str:
    cold: list[tuple[float, float]] = []
    warm: list[tuple[float, float]] = []
    for limit in range(1000, 1000 + rounds):
        for times in (cold, warm):
            times.append((await _timed(ours, name, limit), await _timed(cubes, name, limit)))
    return f"cold {_told(cold)}   warm {_told(warm)}"


def _told(times: list[tuple[float, float]]) -> str:
    our, cube = (median(column) for column in zip(*times, strict=True))
    return f"ours {our:>6.1f} ms, Cube {cube:>6.1f} ms, ratio {cube / our:>5.2f}"


async def _timed(ask: Ask, name: str, limit: int) -> float:
    started = perf_counter()
    await ask(name, limit)
    return (perf_counter() - started) * 1000


async def _checked(name: str, ours: Ask, cubes: Ask) -> str:
    """Whether both say the same of every group, and where not."""
    keys = len(_columns(name)) - len(_QUERIES[name]["measures"])
    our, cube = _groups(await ours(name, 5000), keys), _groups(await cubes(name, 5000), keys)
    differing = [group for group in our | cube if not _same(our.get(group), cube.get(group))]
    if not differing:
        return f"the same numbers in {len(our)} groups"
    first = differing[0]
    return f"{len(differing)} of {len(our)} groups differ, as {first}: ours {our.get(first)}, Cube {cube.get(first)}"


def _groups(rows: Rows, keys: int) -> dict[tuple[str, ...], list[float | None]]:
    return {
        tuple(str(key).removesuffix("T00:00:00.000") for key in row[:keys]): [
            None if value is None else float(value) for value in row[keys:]
        ]
        for row in rows
    }


def _same(item: list[float | None] | None, other: list[float | None] | None) -> bool:
    if item is None or other is None:
        return False
    return all(
        a == b if a is None or b is None else isclose(a, b, rel_tol=1e-9) for a, b in zip(item, other, strict=True)
    )


if __name__ == "__main__":
    main()
