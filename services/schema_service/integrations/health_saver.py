"""Stores what a replica counts of the health of connections, in a slot of the health topic that it alone writes."""

import asyncio
import contextlib
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from crosslook.contracts.health import SlotClaim
from crosslook.platform.clock import Clock
from crosslook.platform.log_store.protocol import LogError, LogUnavailable, SlottedLog, SlotWriter, WriterFenced
from crosslook.platform.logging import get_logger
from crosslook.platform.outage import Outage
from services.schema_service.domain.health_slots import slot_to_take
from services.schema_service.integrations.health import IntegrationHealth
from services.schema_service.integrations.health_removal import HealthRemoval

_LOG = get_logger(__name__)
_AT_ONCE = 50
"""Connections that are written together; between two of these, requests have their turns."""
_LAST_SECONDS = 5.0
_REMOVAL_EVERY = timedelta(hours=1)


class _Held(NamedTuple):
    """The slot of this process, and its writer."""

    slot: int
    writer: SlotWriter


class HealthSaver:
    """Saves every `seconds`, and a last time at an orderly end: a kill loses what was counted since the last time.

    A slot is taken once there is something to write, and again after any failure. Everything in it is read once it is
    taken and before anything is written, so nothing is lost and nothing counts twice, whatever became of the write
    that failed. It is tried again the next time; nobody waits for it. `address`: of this replica.
    """

    def __init__(
        self,
        log: SlottedLog,
        health: IntegrationHealth,
        removal: HealthRemoval,
        address: str,
        clock: Clock,
        seconds: float,
    ) -> None:
        self._log = log
        self._health = health
        self._removal = removal
        self._address = address
        self._clock = clock
        self._seconds = seconds
        self._holder = uuid.uuid4().hex
        self._held: _Held | None = None
        self._needed = False
        self._fenced = False
        self._removed_at: datetime | None = None
        self._ending = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._outage = Outage("health_saving", topic=log.topic)

    async def start(self) -> None:
        """Begin to save, in the background."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="save the health of integrations")

    async def stop(self) -> None:
        """Save a last time and free the slot, as far as that takes no longer than five seconds. Safe to call twice."""
        task, self._task = self._task, None
        if task is None:
            return
        self._ending.set()
        await asyncio.wait([task], timeout=_LAST_SECONDS)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await self._give_up()

    async def save(self, *, last: bool = False) -> None:
        """Store what was counted until now. A failure is logged. `last`: the process ends, so that its slot is free."""
        try:
            await self._save(last)
        except LogError as error:
            self._fenced = self._fenced or isinstance(error, WriterFenced)
            self._outage.failed(str(error))
            await self._give_up()
        except Exception:  # without it, nothing would be saved any more, without a word
            _LOG.exception("health_saving_failed")
            await self._give_up()
        else:
            self._outage.worked()

    async def _run(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._ending.wait()
            await self.save()
        await self.save(last=True)

    async def _save(self, last: bool) -> None:
        """Raises LogError."""
        self._needed = self._needed or self._health.is_unsaved or bool(self._log.unreadable)
        if not self._needed:
            return
        held = self._held or await self._take()
        await held.writer.put_all({**self._removal.repairs(held.slot), **self._claim(held.slot)})
        names = self._health.unsaved()
        for first in range(0, len(names), _AT_ONCE):
            await held.writer.put_all(self._health.send(names[first : first + _AT_ONCE], held.slot))
        await self._remove(held)
        if last:
            await held.writer.put_all(self._claim(held.slot, ended=True))

    async def _take(self) -> _Held:
        """A slot whose documents are read, and that no other process writes any more. Raises LogError."""
        await self._log.catch_up()
        slot = self._wanted()
        held = self._held = _Held(slot, await self._log.take(slot))
        if self._wanted() != slot:
            raise LogUnavailable(f"{self._log.topic}: another replica has taken slot {slot}")
        self._health.take_back()
        return held

    def _wanted(self) -> int:
        """A process that was fenced runs beside another one: if that has its address, the address says nothing."""
        address = None if self._fenced else self._address
        return slot_to_take(self._health.claims(), self._holder, address, self._clock.now())

    def _claim(self, slot: int, *, ended: bool = False) -> dict[str, bytes | None]:
        holder = "" if ended else self._holder
        claim = SlotClaim(slot=slot, holder=holder, address=self._address, at=self._clock.now())
        return {claim.key: claim.encode()}

    async def _remove(self, held: _Held) -> None:
        """Once an hour."""
        now = self._clock.now()
        if self._removed_at is not None and now - self._removed_at < _REMOVAL_EVERY:
            return
        await self._removal.remove(held.slot, held.writer)
        self._removed_at = now

    async def _give_up(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            await held.writer.close()
