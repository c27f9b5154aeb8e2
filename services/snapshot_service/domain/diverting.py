"""Moves the events of diverted senders to quarantine, from the event that passed the limit on (ARCHITECTURE 5)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crosslook.contracts.ids import TENANT, TENANT_MAX
from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Admitted, Quarantined, Refused
from services.snapshot_service.domain.batching import Chunk
from services.snapshot_service.domain.limits import Breach, RefusalWatch, Sender

DIVERTED = "sender_diverted"
_PROBLEM = Problem(DIVERTED)


class DivertibleMessage(Protocol):
    """What the quarantine keeps of a message."""

    @property
    def offset(self) -> int:
        """Its position on its partition."""

    @property
    def value(self) -> bytes | None:
        """Its bytes."""

    @property
    def headers(self) -> tuple[tuple[str, bytes | None], ...]:
        """Names and values."""

    @property
    def key(self) -> bytes | None:
        """What chose its partition."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """One decided event: exactly one of `staged` and `quarantined` is there."""

    sender: Sender
    address: Address
    staged: Admitted | None
    quarantined: Quarantined | None


def divert(
    chunk: Chunk, batches: Mapping[int, Sequence[DivertibleMessage]], diverted: Collection[Sender], watch: RefusalWatch
) -> list[Breach]:
    """Move the events of diverted senders of a chunk to its quarantined rows, and answer the senders that passed a
    limit in it. Their events count as diverted from the one after the breach on.

    `diverted`: the senders that were diverted before. Only events of senders with refusals are looked at.
    """
    refused = {_sender(row) for row in chunk.quarantined}
    concerned = {sender for sender in refused | set(watch.tracked) | set(diverted) if sender.tenant}
    if not concerned:
        return []
    found, moved = set(diverted), set[tuple[int, int]]()
    breaches: list[Breach] = []
    for event in _in_order(chunk, concerned):
        if event.sender in found:
            moved.add((event.address.partition, event.address.offset))
        elif (breach := watch.see(event.sender, event.staged is None)) is not None:
            breaches.append(breach)
            found.add(event.sender)
    if moved:
        _move(chunk, batches, moved)
    return breaches


def _in_order(chunk: Chunk, concerned: set[Sender]) -> list[_Decided]:
    """The concerned events in the order of their arrival."""
    staged = [
        _Decided(sender, address, event, None)
        for event, address in chunk.staged
        if (sender := Sender(event.tenant, event.source)) in concerned
    ]
    quarantined = [
        _Decided(sender, row.address, None, row) for row in chunk.quarantined if (sender := _sender(row)) in concerned
    ]
    return sorted([*staged, *quarantined], key=_arrival)


def _arrival(event: _Decided) -> tuple[int, int, int]:
    return event.address.received_ms, event.address.partition, event.address.offset


def _move(chunk: Chunk, batches: Mapping[int, Sequence[DivertibleMessage]], moved: set[tuple[int, int]]) -> None:
    messages = {(p, message.offset): message for p, batch in batches.items() for message in batch}

    def held(refused: Refused, address: Address) -> Quarantined:
        sent = messages[address.partition, address.offset]
        return Quarantined(refused, address, sent.value, sent.headers, sent.key)

    stay = [row for row in chunk.staged if (row[1].partition, row[1].offset) not in moved]
    go = [
        held(Refused(_PROBLEM, event.tenant, event.object, event.record, event.source, event.event_id), address)
        for event, address in chunk.staged
        if (address.partition, address.offset) in moved
    ]
    chunk.quarantined = [
        _relabelled(row) if (row.address.partition, row.address.offset) in moved else row for row in chunk.quarantined
    ]
    chunk.staged = stay
    chunk.quarantined += go


def _relabelled(row: Quarantined) -> Quarantined:
    refused = row.refused
    again = Refused(_PROBLEM, refused.tenant, refused.object, refused.record, refused.source, refused.event_id)
    return Quarantined(again, row.address, row.payload, row.headers, row.key)


def _sender(row: Quarantined) -> Sender:
    """The sender of a refused event, as far as it is named. The key of a message without a tenant names one."""
    refused = row.refused
    return Sender(refused.tenant or _tenant_of(row.key), refused.source)


def _tenant_of(key: bytes | None) -> str:
    tenant = (key or b"")[: TENANT_MAX + 1].partition(b"/")[0].decode("ascii", "replace")
    return tenant if TENANT.match(tenant) else ""
