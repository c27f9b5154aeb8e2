"""A client that distributes its requests over the ready replicas, as a load balancer does."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.helpers.faults_replicas import Cluster

_CHECK_SECONDS = 0.2
_IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})


class Balancer:
    """Sends each request to the next ready replica; where nobody listens there, to the one after it.

    An idempotent request whose connection ends without a byte of an answer goes to the next one, too, as RFC 9110
    (9.2.2) allows and nginx does: a server may close a connection that waits at the moment in which it is used again.
    """

    def __init__(self, cluster: Cluster, headers: dict[str, str]) -> None:
        self._cluster = cluster
        self._http = httpx.AsyncClient(trust_env=False, timeout=30, headers=headers)
        self._ready: list[str] = []
        self._turns = itertools.count()
        self.answers = 0
        self.failures: list[str] = []

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def check(self) -> None:
        """Look which replicas are ready."""
        urls = [replica.url for replica in self._cluster.replicas]
        ready = await asyncio.gather(*(self._is_ready(url) for url in urls))
        self._ready = [url for url, yes in zip(urls, ready, strict=True) if yes]

    async def watch(self) -> None:
        """Keep checking until closed."""
        while not self._http.is_closed:
            await self.check()
            await asyncio.sleep(_CHECK_SECONDS)

    async def request(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """One request; whatever is not a success is remembered as a failure."""
        for _ in range(len(self._ready)):
            url = self._ready[next(self._turns) % len(self._ready)]
            try:
                answer = await self._http.request(method, f"{url}{path}", **more)
            except httpx.ConnectError:
                continue
            except httpx.TransportError as error:
                if method in _IDEMPOTENT and isinstance(error, httpx.ReadError | httpx.RemoteProtocolError):
                    continue
                self.failures.append(f"{method} {url}{path}: {error!r}")
                return None
            self.answers += 1
            if not answer.is_success:
                self.failures.append(f"{method} {url}{path}: {answer.status_code} {answer.text}")
            return answer
        self.failures.append(f"{method} {path}: nobody is ready")
        return None

    async def _is_ready(self, url: str) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return (await self._http.get(f"{url}/readyz")).status_code == 200
        return False


@contextlib.asynccontextmanager
async def running_balancer(cluster: Cluster, headers: dict[str, str]) -> AsyncIterator[Balancer]:
    """A balancer that knows who is ready."""
    balancer = Balancer(cluster, headers)
    await balancer.check()
    watching = asyncio.create_task(balancer.watch())
    try:
        yield balancer
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        await balancer.close()
