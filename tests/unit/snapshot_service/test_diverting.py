"""Which events of a chunk go to quarantine because of who sent them."""

from dataclasses import dataclass

import pytest

from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Admitted, EventKind, Quarantined, Refused
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


class Dataset:
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
            event = Admitted(
                sender.tenant, "ticket", "1", EventKind.UPSERT, 0, 0, sender.source, "e", 1, b"{}", b"{}", []
            )
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
    dataset = Dataset()
    for good in (True, False):
        dataset.add(ACME, good=good)
        dataset.add(GLOBEX, good=good)
    assert dataset.divert(ACME) == []
    assert dataset.staged == [1]
    assert dataset.quarantined == {0: "sender_diverted", 2: "sender_diverted", 3: "wrong_type"}
    (moved,) = [row for row in dataset.chunk.quarantined if row.address.offset == 0]
    assert (moved.payload, moved.key, moved.headers) == (b"0", b"acme/ticket/1", (("name", b"value"),))
    assert (moved.refused.tenant, moved.refused.source, moved.refused.event_id) == ("acme", "/zendesk", "e")


def test_a_sender_is_diverted_from_the_event_behind_the_breach_on() -> None:
    dataset = Dataset()
    dataset.add(ACME, good=True)
    for _ in range(3):
        dataset.add(ACME, good=False)
        dataset.add(GLOBEX, good=True)
    dataset.add(ACME, good=False)
    dataset.add(ACME, good=True)
    assert dataset.divert() == [Breach(ACME, 3, 3)]
    assert dataset.staged == [0, 2, 4, 6]
    assert dataset.quarantined == {1: "wrong_type", 3: "wrong_type", 5: "wrong_type"} | dict.fromkeys(
        (7, 8), "sender_diverted"
    )


def test_refusals_of_two_sources_of_a_tenant_do_not_add_up() -> None:
    dataset = Dataset()
    for number in range(8):
        dataset.add(Sender("acme", f"/{number % 4}"), good=False)
    assert dataset.divert() == []
    assert set(dataset.quarantined.values()) == {"wrong_type"}


def test_good_events_of_earlier_chunks_end_a_row() -> None:
    dataset = Dataset()
    dataset.add(ACME, good=False)
    dataset.add(ACME, good=False)
    assert dataset.divert() == []
    for good in (True, False):
        dataset.chunk = Chunk("topic")
        dataset.add(ACME, good=good)
        assert dataset.divert() == []


@pytest.mark.parametrize(
    ("key", "breaches"),
    [(b"acme/ticket/1", [Breach(Sender("acme", ""), 3, 3)]), (b"/", []), (b"", []), (b"\xff/x", []), (b"a" * 90, [])],
)
def test_unreadable_events_count_for_the_tenant_that_their_key_names(key: bytes, breaches: list[Breach]) -> None:
    dataset = Dataset()
    for _ in range(4):
        dataset.add(Sender("", ""), good=False, key=key, code="not_json")
    dataset.add(ACME, good=True)
    assert dataset.divert() == breaches
    assert dataset.staged == [4], "the tenant's readable events go on"
