"""Positions in a topic: what covers what, where a partition that is missing is at its beginning."""

import pytest

from crosslook.contracts.positions import Positions, as_array, covers, lowest


@pytest.mark.parametrize(
    ("reached", "wanted", "expected"),
    [
        ({0: 5}, {0: 5}, True),
        ({0: 4}, {0: 5}, False),
        ({0: 6, 1: 1}, {0: 5}, True),
        ({0: 5}, {0: 5, 1: 1}, False),
        ({}, {0: 0}, True),
        ({}, {}, True),
    ],
)
def test_positions_are_covered_once_each_of_them_is_reached(
    reached: Positions, wanted: Positions, expected: bool
) -> None:
    assert covers(reached, wanted) is expected


def test_the_lowest_of_positions_is_what_all_of_them_cover() -> None:
    assert lowest([{0: 5, 1: 2}, {0: 3, 1: 9}]) == {0: 3, 1: 2}
    assert lowest([{0: 5}, {1: 9}]) == {0: 0, 1: 0}
    assert lowest([]) == {}


def test_an_array_has_an_offset_for_every_partition() -> None:
    assert as_array({2: 7, 0: 1}, 4) == [1, 0, 7, 0]
