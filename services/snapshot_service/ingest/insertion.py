"""Makes a chunk durable: retries, finds the row at fault, or stops, depending on the error (ARCHITECTURE 5)."""

import asyncio
import hashlib
from array import array
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol, TypeVar

from crosslook.contracts.records import Address, Admitted, Quarantined
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import INGEST_RETRIES, Meters
from services.snapshot_service.ingest.quarantine_quota import Left
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.ingest.state import IngestState
from services.snapshot_service.settings import IngestSettings
from services.snapshot_service.store_errors import ErrorClass, classify

_LOG = get_logger(__name__)
_LONGEST_PAUSE = 30.0
_OFFSET_BITS = 48

AddressedEvent = tuple[Admitted, Address]
T = TypeVar("T")


class Interrupted(Exception):
    """Stopped while ClickHouse was unavailable: the next owner of the partitions reads the chunk again."""


class Gate(Protocol):
    """Decides whether the store may be written to; implemented by `Consistency`."""

    def doubt(self) -> None:
        """ClickHouse was unavailable: it may come back as another database."""

    async def require(self) -> None:
        """Raises Inconsistent where nothing may be written, ClickHouseError, KafkaUnavailable where that is unknown."""


class Insertion:
    """Inserts that return only when they are durable, when a row is at fault, or when work must stop."""

    def __init__(
        self,
        staging: Staging,
        state: IngestState,
        settings: IngestSettings,
        meters: Meters,
        stopping: asyncio.Event,
        gate: Gate,
    ) -> None:
        self._staging = staging
        self._gate = gate
        self._state = state
        self._settings = settings
        self._meters = meters
        self._stopping = stopping

    async def stage(self, rows: Sequence[AddressedEvent], chunk: str) -> list[AddressedEvent]:
        """Stage rows of a chunk; answers those that the store refuses, alone: everything else is durable.

        A row at fault among n is found in 1 + log2(n) tries; what was set aside on the way follows in one more.
        Raises StopService, Interrupted, Inconsistent.
        """
        refused: list[AddressedEvent] = []
        while rows and not await self._try(rows, chunk):
            suspects, aside = rows, list[AddressedEvent]()
            while len(suspects) > 1:
                half = len(suspects) // 2
                if await self._try(suspects[:half], chunk):
                    suspects = suspects[half:]
                else:
                    aside += suspects[half:]
                    suspects = suspects[:half]
            refused += suspects
            rows = aside
        return refused

    async def quarantine(self, rows: Sequence[Quarantined], chunk: str) -> None:
        """Quarantine rows of a chunk. Raises Interrupted, Inconsistent, StopService; the last also where the store
        refuses one of these."""
        token = _token(chunk, [row.address for row in rows])
        await self.durable(partial(self._staging.quarantine, rows, token), f"rows of the quarantine itself, {chunk}")

    async def leave(self, rows: Sequence[Left], chunk: str) -> None:
        """Count refused events of a chunk that stay on Kafka only. Raises as `quarantine` does."""
        positions = b"".join(array("Q", [row.partition, *row.offsets]).tobytes() for row in rows)
        token = f"{chunk}:left:{hashlib.sha256(positions).hexdigest()[:32]}"
        await self.durable(partial(self._staging.leave, rows, token), f"the count of events left on Kafka, {chunk}")

    async def durable(self, write: Callable[[], Awaitable[None]], what: str) -> None:
        """Write something that is not an event, until it is durable. `what`: what the store may refuse, in words for
        operators. Raises Interrupted; StopService, also where the store refuses it."""
        if not await self._durable(write):
            raise StopService(f"the store refused {what}: {self._state.last_error}")

    async def answer(self, ask: Callable[[], Awaitable[T]], what: str) -> T:
        """Query the store until it answers. `what`: as in `durable`. Raises as `durable` does."""
        found: list[T] = []

        async def once() -> None:
            found[:] = [await ask()]

        await self.durable(once, what)
        return found[0]

    async def pause(self, seconds: float) -> None:
        """Wait, at most until the loop is stopping."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _try(self, rows: Sequence[AddressedEvent], chunk: str) -> bool:
        token = _token(chunk, [address for _, address in rows])
        return await self._durable(partial(self._staging.stage, rows, token))

    async def _durable(self, insert: Callable[[], Awaitable[None]]) -> bool:
        """Insert until it is durable; False when a row is at fault. Raises StopService, Interrupted, Inconsistent."""
        pause = self._settings.retry_seconds
        while True:
            try:
                await self._gate.require()
                await insert()
            except KafkaUnavailable as error:
                self._state.last_error = str(error)
                await self._wait(error, str(error), None, pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except ClickHouseError as error:
                kind = classify(error)
                self._state.last_error = f"{error.name} ({error.code})"
                if kind is ErrorClass.ROW_FAULT:
                    self._meters.add(INGEST_RETRIES, error_class=kind)
                    return False
                if kind is not ErrorClass.RETRY:
                    raise StopService(f"the store answered {error.name} ({error.code}): {kind}") from error
                if error.code is None:
                    self._gate.doubt()
                await self._wait(error, error.name, error.code, pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                self._state.running()
                return True

    async def _wait(self, error: Exception, name: str, code: int | None, seconds: float) -> None:
        if self._stopping.is_set():
            raise Interrupted from error
        self._meters.add(INGEST_RETRIES, error_class=ErrorClass.RETRY)
        _LOG.warning("insert_retried", error=name, code=code, pause_seconds=seconds)
        self._state.paused(name)
        await self.pause(seconds)


def _token(chunk: str, addresses: Sequence[Address]) -> str:
    """Names exactly these rows: two inserts with one token must hold the same, or the second would be dropped.

    The chunk's ranges are not enough: read again after a crash, under a newer schema, the same range may be decided
    otherwise, and what is admitted only now would be lost.
    """
    positions = array("Q", [address.partition << _OFFSET_BITS | address.offset for address in addresses])
    return f"{chunk}:{hashlib.sha256(positions.tobytes()).hexdigest()[:32]}"
