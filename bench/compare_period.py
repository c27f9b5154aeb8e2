"""A comparison with an earlier period beside the same report twice: python -m bench.compare_period [--tickets N]

Uncached: each request asks for another limit. The report alone and the comparison take turns. Service, engine and
client share the machine.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Awaitable
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import httpx

from bench.query_dataset import dataset, served
from bench.tickets import TENANT

_QUERY = f"/v1/tenants/{TENANT}/query"
_ROUNDS = 15
_LIMITS = count(1000)
_FIELD = "ticket.opened_at"
_REPORTS: dict[str, dict[str, Any]] = {
    "by day": {"dimensions": [{"field": _FIELD, "granularity": "day"}], "measures": ["ticket.count"]},
    "this month": {
        "dimensions": ["ticket.status"],
        "measures": ["ticket.count", "ticket.amount.sum"],
        "filters": {"field": _FIELD, "op": "in_this", "values": ["month"]},
    },
    "countries": {
        "dimensions": ["contact.country", {"field": _FIELD, "granularity": "month"}],
        "measures": ["ticket.count", "contact.count"],
    },
}
_COMPARE = {"month": [1, "month"], "hours": [100, "hour"]}


def main() -> None:
    """Fill an engine, serve it, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), options.tickets))


async def _measure(folder: Path, tickets: int) -> None:
    async with dataset(folder, tickets, tickets // 4) as filled:
        with served(filled.engine, filled.folder, filled.manifest) as service:
            async with httpx.AsyncClient(base_url=service.url, headers=service.headers, timeout=120) as client:
                for report, body in _REPORTS.items():
                    for unit, shift in _COMPARE.items():
                        await _compare(client, f"{report}, {unit}", body, {"field": _FIELD, "shift": shift})


async def _compare(client: httpx.AsyncClient, name: str, body: dict[str, Any], compare: dict[str, Any]) -> None:
    alone: list[float] = []
    compared: list[float] = []
    for _ in range(_ROUNDS):
        # No two requests of this bench are alike: an answer that is known would take no time.
        asked = {"object": "ticket", **body, "limit": next(_LIMITS)}
        alone.append(await _timed(client.post(_QUERY, json=asked)))
        compared.append(await _timed(client.post(_QUERY, json={**asked, "compare": compare})))
    ratio = median(compared) / (2 * median(alone))
    print(
        f"{name:<17} alone {median(alone) * 1000:>7.1f} ms   compared {median(compared) * 1000:>7.1f} ms   "
        f"ratio to the report twice {ratio:.2f}"
    )


async def _timed(answering: Awaitable[httpx.Response]) -> float:
    started = perf_counter()
    response = await answering
    taken = perf_counter() - started
    assert response.status_code == 200, response.text
    return taken


if __name__ == "__main__":
    main()
