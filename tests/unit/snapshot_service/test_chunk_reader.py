"""Messages are decided in turns, so that whoever asks whether the service is alive is answered between two."""

from dataclasses import dataclass

import pytest

from crosslook.platform.kafka import RawMessage
from services.snapshot_service.ingest.chunk_reader import in_slices


@dataclass(slots=True)
class Message:
    """As much of a message as counts."""

    value: bytes | None
    partition: int = 0
    offset: int = 0
    timestamp: int = 0
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


@pytest.mark.parametrize(
    ("sizes", "turns"),
    [
        ([1], [1]),
        ([None, 0, 3], [3]),
        ([100] * 1_200, [500, 500, 200]),
        ([1_000_000] * 3, [1, 1, 1]),
        ([200_000, 200_000, 200_000, 1], [2, 2]),
        ([5_000] * 100, [53, 47]),
    ],
)
def test_a_turn_is_so_many_events_or_so_many_bytes(sizes: list[int | None], turns: list[int]) -> None:
    messages: list[RawMessage] = [Message(None if size is None else b"x" * size) for size in sizes]
    found = list(in_slices(messages))
    assert [len(turn) for turn in found] == turns
    assert [message for turn in found for message in turn] == messages
