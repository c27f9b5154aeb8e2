"""Removes documents of the health topic that no report needs any more, and repairs those that cannot be read."""

import contextlib
from collections.abc import Iterator

from crosslook.contracts.documents import HOLE_PREFIX
from crosslook.contracts.health import SLOT_PREFIX, StoredHealth, slot_key, slot_of
from crosslook.platform.clock import Clock
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.log_store.protocol import SlottedLog, SlotWriter, WriterFenced
from services.schema_service.domain.health_slots import outdated_slots
from services.schema_service.domain.stored_health import read_health
from services.schema_service.integrations.health import CountedConnection, IntegrationHealth

_SKIPPED = b"{}"
_AT_ONCE = 50

Changes = dict[str, bytes | None]


class HealthRemoval:
    """What the holder of a slot does beside saving."""

    def __init__(self, log: SlottedLog, health: IntegrationHealth, connected: IntegrationsFeed, clock: Clock) -> None:
        self._log = log
        self._health = health
        self._connected = connected
        self._clock = clock

    def repairs(self, slot: int) -> Changes:
        """What to write so that everything in a slot can be read: the last readable state, or nothing where that is
        not known. Counts are all that a damaged document or batch of this topic costs, so nobody needs to decide."""
        changes: Changes = {}
        for key in self._log.unreadable:
            if key.startswith(HOLE_PREFIX):
                changes[key] = _SKIPPED
            elif slot_of(key) == slot:
                entry = self._log.get(key)
                changes[key] = entry.value if entry is not None else None
        return changes

    async def remove(self, slot: int, writer: SlotWriter) -> None:
        """Remove documents of connections that are gone from the own slot, and all of slots that have not been written
        for more than a day. Raises LogError."""
        for keys in _in_turns([key for key in self._keys(slot) if self._is_gone(key)]):
            await writer.put_all(dict.fromkeys(keys))
        for other in outdated_slots(self._health.claims(), self._clock.now()):
            if other != slot and slot_key(other) not in self._log.unreadable:
                with contextlib.suppress(WriterFenced):  # another replica has taken it
                    await self._clear(other, slot, writer)

    async def _clear(self, other: int, slot: int, writer: SlotWriter) -> None:
        """Move what reports still show from an outdated slot to the own one, then remove it. After a crash in between
        both have it, which changes no report: only times are left of it, and of them the latest counts."""
        clearing = await self._log.take(other)
        try:
            if other not in outdated_slots(self._health.claims(), self._clock.now()):
                return
            for keys in _in_turns(self._keys(other)):
                await writer.put_all({key: value for old in keys for key, value in self._moved(old, slot).items()})
                await clearing.put_all(dict.fromkeys(keys))
            await clearing.put_all({slot_key(other): None})
        finally:
            await clearing.close()

    def _moved(self, key: str, slot: int) -> Changes:
        """What the own slot has to hold so that nothing is lost with a key of an outdated one."""
        entry = self._log.get(key)
        if entry is None:
            return {}
        old, name = StoredHealth.decode(entry.value), _name_of(key)
        document = self._health.next_document(name, slot, read_health(old))
        if document is None or document.connected_at != old.connected_at:
            return {}
        before, value = self._log.get(document.key), document.encode()
        return {document.key: value} if before is None or before.value != value else {}

    def _keys(self, slot: int) -> list[str]:
        """The keys of documents in a slot."""
        keys = [*self._log.entries(), *self._log.unreadable]
        return [key for key in dict.fromkeys(keys) if slot_of(key) == slot and not key.startswith(SLOT_PREFIX)]

    def _is_gone(self, key: str) -> bool:
        name = _name_of(key)
        return self._connected.integration(*name) is None and not self._connected.lost(*name)


def _name_of(key: str) -> CountedConnection:
    tenant, name, _ = key.split("/")
    return CountedConnection(tenant, name)


def _in_turns(keys: list[str]) -> Iterator[list[str]]:
    for first in range(0, len(keys), _AT_ONCE):
        yield keys[first : first + _AT_ONCE]
