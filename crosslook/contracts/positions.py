"""Positions in the records topic, `{partition: next offset}`: the only form in which several offsets are stored."""

from collections.abc import Mapping

Positions = Mapping[int, int]
"""`{partition: offset}`; an offset always names the next event to read. A missing partition means 0."""


def as_array(positions: Positions, partitions: int) -> list[int]:
    """Offsets by partition number, as the engine's `Array(UInt64)` parameters take them."""
    return [positions.get(partition, 0) for partition in range(partitions)]


def partition_count(positions: Positions) -> int:
    """How many partitions an array must have that holds all of these."""
    return max(positions, default=-1) + 1


def covers(reached: Positions, wanted: Positions) -> bool:
    """Whether `reached` has passed every position of `wanted`."""
    return all(reached.get(partition, 0) >= offset for partition, offset in wanted.items())


def lowest(positions: list[Positions]) -> dict[int, int]:
    """The greatest positions that all of these cover."""
    partitions = {partition for position in positions for partition in position}
    return {partition: min(position.get(partition, 0) for position in positions) for partition in sorted(partitions)}
