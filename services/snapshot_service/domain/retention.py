"""Step 8 of a refresh, decided: which snapshots expire, and which rows no query can reference any more. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosslook.contracts.manifests import BUILDS_A_RUN, Manifest
from crosslook.contracts.positions import Positions, covers, lowest
from services.snapshot_service.domain.partitions import Partition


@dataclass(frozen=True, slots=True)
class Day:
    """One day's partition of staging, and up to which positions it reaches."""

    partition: int
    last_received: datetime
    reaches: Positions


def to_forget(manifests: Sequence[Manifest], keep: int, pins: Collection[str] = ()) -> list[Manifest]:
    """All but the `keep` snapshots published last and those pinned. `manifests` are in the order of publication."""
    return [manifest for manifest in manifests[: max(0, len(manifests) - keep)] if manifest.snapshot not in pins]


def protected(
    retained: Iterable[str], expired: Mapping[str, datetime], now: datetime, grace_seconds: float
) -> frozenset[str]:
    """Snapshots whose rows must stay: those that are retained, and those that expired less than the grace period ago,
    because a query that began before may still read them. Each snapshot's grace begins when it expires, however often
    refreshes come."""
    grace = timedelta(seconds=grace_seconds)
    return frozenset(retained) | {snapshot for snapshot, at in expired.items() if now - at < grace}


def droppable(written: Iterable[str], protected: Collection[str], run: int) -> list[str]:
    """Snapshots whose entries may go: not protected, and written by the run of this number or an earlier one. What a
    later run writes is its own: a janitor that was frozen meanwhile knows nothing of it."""
    return sorted(snapshot for snapshot in written if snapshot not in protected and 0 < number_of(snapshot) <= run)


def number_of(snapshot: str) -> int:
    """The number of the run that made a snapshot, which its name ends in; 0 for another name."""
    number = snapshot.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdigit() else 0


def unnamed(parts: Iterable[Partition], named: Collection[Partition], current: Manifest) -> list[Partition]:
    """Builds that no retained snapshot names; never what a later run is writing, whose builds are greater."""
    beyond = current.build + BUILDS_A_RUN
    return sorted(part for part in parts if part not in named and part.build < beyond)


def unused(tables: Iterable[str], parts: Iterable[Partition], named: Collection[Partition]) -> list[str]:
    """Tables of layouts that no protected snapshot names and that hold no rows. `parts`: what is left in the tables."""
    needed = {part.table for part in (*parts, *named)}
    return sorted(set(tables) - needed)


def consumed(days: Iterable[Day], watermarks: Iterable[Positions], horizon: datetime) -> list[Day]:
    """Days of staging that no refresh will read again: received before the exactness horizon, and below the oldest
    watermark that a retained entry names."""
    oldest = lowest(list(watermarks))
    return [day for day in days if day.last_received < horizon and covers(oldest, day.reaches)]


def reach_of(rows: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """Positions behind the last offsets: (partition, greatest offset) pairs."""
    return {partition: offset + 1 for partition, offset in rows}
