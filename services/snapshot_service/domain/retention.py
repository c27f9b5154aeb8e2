"""Step 8 of a refresh, decided: which snapshots are forgotten, and which rows nobody can ask for any more. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosslook.contracts.manifests import BUILDS_A_RUN, Manifest
from crosslook.contracts.positions import Positions, covers, lowest
from services.snapshot_service.domain.parts import Part


@dataclass(frozen=True, slots=True)
class Day:
    """One day's partition of staging, and up to which positions it reaches."""

    partition: int
    last_received: datetime
    reaches: Positions


def to_forget(manifests: Sequence[Manifest], keep: int, pins: Collection[str] = ()) -> list[Manifest]:
    """All but the `keep` snapshots published last and those pinned. `manifests` stand in the order of publication."""
    return [one for one in manifests[: max(0, len(manifests) - keep)] if one.snapshot not in pins]


def in_peace(manifests: Sequence[Manifest], now: datetime, grace_seconds: float) -> bool:
    """Whether rows may be dropped: a query that still names a snapshot forgotten by the run before has ended by now.

    `manifests` stand in the order of publication, the current one last.
    """
    before = manifests[-2].published_at if len(manifests) > 1 else None
    return before is None or now - before >= timedelta(seconds=grace_seconds)


def unnamed(parts: Iterable[Part], named: Collection[Part], current: Manifest) -> list[Part]:
    """Builds that no retained snapshot names; never what a later run is writing, whose builds are greater."""
    beyond = current.build + BUILDS_A_RUN
    return sorted(part for part in parts if part not in named and part.build < beyond)


def consumed(days: Iterable[Day], watermarks: Iterable[Positions], horizon: datetime) -> list[Day]:
    """Days of staging that no refresh will read again: received before the exactness horizon, and below the oldest
    watermark that a retained entry names."""
    oldest = lowest(list(watermarks))
    return [day for day in days if day.last_received < horizon and covers(oldest, day.reaches)]


def reach_of(rows: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """Positions behind the last offsets: (partition, greatest offset) pairs."""
    return {partition: offset + 1 for partition, offset in rows}
