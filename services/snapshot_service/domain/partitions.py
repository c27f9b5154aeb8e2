"""Partitions of rows, and which of them should be emptied. Pure.

A partition can only be dropped whole. An object that never changes is carried over for ever, and would keep the
partition of its build with all that other objects once had in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosslook.contracts.layouts import table_of
from crosslook.contracts.manifests import Entry

_WORN = 0.5
"""A partition of which less than this share is still in use is worth the copy of what is."""


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """All rows of one build in one layout's table."""

    layout: str
    build: int

    @property
    def table(self) -> str:
        """The table that holds it."""
        return table_of(self.layout)


def worn(rows: Mapping[Partition, int], entries: Iterable[Entry], oldest: int) -> frozenset[Partition]:
    """Partitions that mostly hold what no entry of the current snapshot names, and that no snapshot younger than the
    retention made: their objects are rewritten, so that they drain and the janitor drops them.

    `rows`: how many each partition holds. `oldest`: the first build of the oldest retained snapshot.
    """
    used: dict[Partition, int] = {}
    for entry in entries:
        part = Partition(entry.layout, entry.build)
        used[part] = used.get(part, 0) + entry.rows + entry.deleted
    old = {part: count for part, count in used.items() if part.build < oldest}
    return frozenset(part for part, count in old.items() if count < rows.get(part, 0) * _WORN)
