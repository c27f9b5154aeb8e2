"""Clients that repeat one request on plain sockets, because httpx would cost more than the answers."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from bench.query_dataset import Served

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Load:
    """How many answers came, each one's milliseconds, in how many seconds, of which the service's process was busy."""

    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    busy: float = 0.0

    @property
    def answers(self) -> int:
        """How many answers came."""
        return len(self.milliseconds)


async def load(
    service: Served, path: str, body: bytes, headers: Mapping[str, str], clients: int, seconds: float
) -> Load:
    """Ask with so many clients for so many seconds, each as soon as it has its answer."""
    found = Load()
    lines = [f"POST {path} HTTP/1.1", "Host: query", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    request = "\r\n".join([*lines, "", ""]).encode() + body
    busy, started = _busy(service), perf_counter()
    await asyncio.gather(*(_client(service, request, found, started + seconds) for _ in range(clients)))
    found.seconds, found.busy = perf_counter() - started, _busy(service) - busy
    return found


async def _client(service: Served, request: bytes, found: Load, until: float) -> None:
    address = urlsplit(service.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    while (begun := perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status = head.partition(b" ")[2][:3]
        assert status in (b"200", b"304"), head
        if status == b"200":
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            await reader.readexactly(int(length))
        found.milliseconds.append((perf_counter() - begun) * 1000)
    writer.close()
    await writer.wait_closed()


def _busy(service: Served) -> float:
    """Seconds of processor time that the service has used."""
    times = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(times[11]) + int(times[12])) / _TICKS
