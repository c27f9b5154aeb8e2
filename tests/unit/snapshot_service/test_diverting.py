"""Which events of a chunk go to quarantine because of who sent them."""

from dataclasses import dataclass

import pytest

from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Admitted, Kind, Quarantined, Refused
from services.snapshot_service.domain.batching import Chunk
from services.snapshot_service.domain.diverting import divert
from services.snapshot_service.domain.limits import Breach, RefusalLimits, RefusalWatch, Sender

LIMITS = RefusalLimits(consecutive=3, ratio=1, window=100, senders=20)
ACME, GLOBEX = Sender("acme", "/zendesk"), Sender("globex", "/zendesk")


@dataclass(frozen=True)
class Sent:
    """A message as it lies on the broker."""

    offset: int
    value: bytes | None
    key: bytes | None = b"acme/ticket/1"
    headers: tuple[tuple[str, bytes], ...] = (("name", b"value"),)


class World:
    """A chunk of one partition, filled in the order of arrival."""

    def __init__(self) -> None:
        self.chunk = Chunk("topic")
        self.sent: list[Sent] = []
        self.watch = RefusalWatch(LIMITS)

    def add(self, sender: Sender, *, good: bool, key: bytes = b"acme/ticket/1", code: str = "wrong_type") -> None:
        offset = len(self.sent)
        message = Sent(offset, b"%d" % offset, key)
        self.sent.append(message)
        address = Address("topic", 0, offset, 1000 + offset)
        if good:
            event = Admitted(sender.tenant, "ticket", "1", Kind.UPSERT, 0, 0, sender.source, "e", 1, b"{}", b"{}", [])
            self.chunk.staged.append((event, address))
        else:
            refused = Refused(Problem(code), sender.tenant, "ticket", "1", sender.source, "e")
            row = Quarantined(refused, address, message.value, message.headers, message.key)
            self.chunk.quarantined.append(row)

    def divert(self, *diverted: Sender) -> list[Breach]:
        return divert(self.chunk, {0: self.sent}, set(diverted), self.watch)

    @property
    def staged(self) -> list[int]:
        return [address.offset for _, address in self.chunk.staged]

    @property
    def quarantined(self) -> dict[int, str]:
        return {row.address.offset: row.refused.problem.code for row in self.chunk.quarantined}


def test_everything_of_a_diverted_sender_is_quarantined_with_its_bytes_and_others_go_on() -> None:
    world = World()
    for good in (True, False):
        world.add(ACME, good=good)
        world.add(GLOBEX, good=good)
    assert world.divert(ACME) == []
    assert world.staged == [1]
    assert world.quarantined == {0: "sender_diverted", 2: "sender_diverted", 3: "wrong_type"}
    (moved,) = [row for row in world.chunk.quarantined if row.address.offset == 0]
    assert (moved.payload, moved.key, moved.headers) == (b"0", b"acme/ticket/1", (("name", b"value"),))
    assert (moved.refused.tenant, moved.refused.source, moved.refused.event_id) == ("acme", "/zendesk", "e")


def test_a_sender_is_diverted_from_the_event_behind_the_breach_on() -> None:
    world = World()
    world.add(ACME, good=True)
    for _ in range(3):
        world.add(ACME, good=False)
        world.add(GLOBEX, good=True)
    world.add(ACME, good=False)
    world.add(ACME, good=True)
    assert world.divert() == [Breach(ACME, 3, 3)]
    assert world.staged == [0, 2, 4, 6]
    assert world.quarantined == {1: "wrong_type", 3: "wrong_type", 5: "wrong_type"} | dict.fromkeys(
        (7, 8), "sender_diverted"
    )


def test_refusals_of_two_sources_of_a_tenant_do_not_add_up() -> None:
    world = World()
    for number in range(8):
        world.add(Sender("acme", f"/{number % 4}"), good=False)
    assert world.divert() == []
    assert set(world.quarantined.values()) == {"wrong_type"}


def test_good_events_of_earlier_chunks_end_a_row() -> None:
    world = World()
    world.add(ACME, good=False)
    world.add(ACME, good=False)
    assert world.divert() == []
    for good in (True, False):
        world.chunk = Chunk("topic")
        world.add(ACME, good=good)
        assert world.divert() == []


@pytest.mark.parametrize(
    ("key", "breaches"),
    [(b"acme/ticket/1", [Breach(Sender("acme", ""), 3, 3)]), (b"/", []), (b"", []), (b"\xff/x", []), (b"a" * 90, [])],
)
def test_unreadable_events_count_for_the_tenant_that_their_key_names(key: bytes, breaches: list[Breach]) -> None:
    world = World()
    for _ in range(4):
        world.add(Sender("", ""), good=False, key=key, code="not_json")
    world.add(ACME, good=True)
    assert world.divert() == breaches
    assert world.staged == [4], "the tenant's readable events go on"
