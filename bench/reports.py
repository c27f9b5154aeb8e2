"""Five kinds of reports over HTTP, uncached, compared with the same statement sent directly to the engine."""

from collections.abc import Awaitable
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter
from typing import Any

from bench.tickets import TENANT
from crosslook.local.client import Api
from crosslook.platform.clickhouse import ClickHouse

SHAPES: dict[str, dict[str, Any]] = {
    "count": {"measures": ["ticket.count"]},
    "by status": {"dimensions": ["ticket.status"], "measures": ["ticket.count", "ticket.csat.avg"]},
    "by month": {
        "dimensions": [{"field": "ticket.opened_at", "granularity": "month"}, "ticket.priority"],
        "measures": ["ticket.count", "ticket.amount.sum"],
    },
    "by country": {
        "dimensions": ["contact.country"],
        "measures": ["ticket.count", "contact.count", "ticket.amount.sum"],
    },
    "filtered": {
        "dimensions": ["ticket.channel"],
        "measures": ["ticket.count", "ticket.csat.median"],
        "filters": {
            "and": [
                {"field": "ticket.status", "op": "in", "values": ["open", "pending"]},
                {"field": "contact.country", "op": "eq", "values": ["FR"]},
            ]
        },
    },
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Milliseconds of one shape: ours and raw, each as (median, 95th percentile)."""

    ours: tuple[float, float]
    raw: tuple[float, float]

    @property
    def ratio(self) -> float:
        """Our median over the raw one."""
        return self.ours[0] / self.raw[0]


async def compare(api: Api, engine: ClickHouse, shape: dict[str, Any], rounds: int) -> Compared:
    """Run both alternately; a different limit each time avoids the cache."""
    ours: list[float] = []
    raw: list[float] = []
    path = f"/v1/tenants/{TENANT}/query"
    for number in range(rounds):
        body = {"object": "ticket", **shape, "limit": 1000 + number}
        told = await api.send("POST", f"{path}?dry_run=true", body)
        ours.append(await _timed(api.send("POST", path, body)))
        raw.append(await _timed(_run(engine, told["statements"])))
    return Compared(_figures(ours), _figures(raw))


async def _run(engine: ClickHouse, statements: list[dict[str, Any]]) -> None:
    for statement in statements:
        await engine.query(statement["sql"], statement["parameters"])


async def _timed(work: Awaitable[object]) -> float:
    started = perf_counter()
    await work
    return (perf_counter() - started) * 1000


def _figures(samples: list[float]) -> tuple[float, float]:
    cuts = quantiles(samples, n=20)
    return cuts[9], cuts[18]
