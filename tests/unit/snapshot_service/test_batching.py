"""A chunk is named by the offsets that were read, whatever order its partitions came in."""

from services.snapshot_service.domain.batching import Chunk


def test_equal_ranges_have_one_name_and_others_another() -> None:
    names = [
        Chunk("t", first=first, next_offsets=next_offsets).token
        for first, next_offsets in (
            ({0: 5, 1: 7}, {0: 6, 1: 9}),
            ({1: 7, 0: 5}, {1: 9, 0: 6}),
            ({0: 5, 1: 7}, {0: 6, 1: 8}),
            ({0: 4, 1: 7}, {0: 6, 1: 9}),
        )
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3
    assert Chunk("u", first={0: 5}, next_offsets={0: 6}).token != Chunk("t", first={0: 5}, next_offsets={0: 6}).token
