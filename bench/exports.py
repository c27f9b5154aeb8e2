"""Files of many rows: python -m bench.exports [--rows N]

Per format: seconds and the most memory that query_service ever held, for a tenth of the rows and for all of them. Flat
means that the two peaks are alike.
"""

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx

from bench.query_dataset import Served, dataset, served
from bench.tickets import TENANT
from crosslook.contracts.formats import Format

_DIMENSIONS = ["ticket.opened_at", "ticket.subject", "ticket.status", "ticket.due_on"]
_REPORT = {"object": "ticket", "dimensions": _DIMENSIONS, "measures": ["ticket.count", "ticket.amount.sum"]}
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Fetched:
    """One file: bytes, seconds, and the service's peak of memory meanwhile, in bytes."""

    size: int
    seconds: float
    peak: int


def main() -> None:
    """Fill an engine, serve it, fetch every format twice, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(_measure(Path(name), options.rows))


async def _measure(folder: Path, rows: int) -> None:
    async with dataset(folder, rows + rows // 100, 1000) as filled:
        for form in (format_ for format_ in Format if format_ is not Format.JSON):
            with served(filled.engine, filled.folder, filled.manifest) as service:
                await _fetch(service, form, 1000)
                small, large = [await _fetch(service, form, count) for count in (rows // 10, rows)]
            print(
                f"{form.name:<8} {rows:>9,} rows {large.size / _MIB:>7.1f} MiB {large.seconds:>6.1f} s   peak "
                f"{large.peak / _MIB:>5.0f} MiB, {small.peak / _MIB:.0f} MiB for a tenth   ratio "
                f"{large.peak / small.peak:.2f}"
            )


async def _fetch(service: Served, form: Format, rows: int) -> Fetched:
    service.peak_since()
    started, size = perf_counter(), 0
    headers = {**service.headers, "Accept": form.value}
    async with (
        httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=300) as client,
        client.stream(
            "POST", f"/v1/tenants/{TENANT}/query", json={**_REPORT, "limit": rows}, headers=headers
        ) as response,
    ):
        assert response.status_code == 200, await response.aread()
        async for piece in response.aiter_bytes():
            size += len(piece)
    return Fetched(size, perf_counter() - started, service.peak_since())


if __name__ == "__main__":
    main()
