"""The manifests and entries that a recovery publishes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from crosslook.contracts.manifests import BUILDS_A_RUN, Entry, Manifest, Run, UnreadableEntry
from crosslook.contracts.positions import lowest
from services.snapshot_service.domain.consistency import InstallationIdentity
from services.snapshot_service.domain.decision import failed_object
from services.snapshot_service.domain.publication import KeptEntry, total
from services.snapshot_service.domain.retention import number_of


@dataclass(frozen=True, slots=True)
class Damage:
    """The remaining rows of an object in a snapshot."""

    entry: Entry
    live: int
    deleted: int

    @property
    def missing(self) -> int:
        """How many records are lost."""
        return self.entry.rows + self.entry.deleted - self.live - self.deleted

    def salvaged(self) -> Entry:
        """The entry of what is left: the next refresh reads everything that is staged of the object."""
        return self.entry.model_copy(update={"rows": self.live, "deleted": self.deleted, "watermark": {}})


def rebuilt_manifest(snapshot: str, entries: Sequence[KeptEntry], schema_offset: int, now: datetime) -> Manifest:
    """The manifest of a snapshot from its entries alone. Its number stands for its sequence, which is not greater."""
    failed = [(entry, reason) for entry in entries if (reason := _failure(entry))]
    whole = [entry.watermark for entry in entries if not _failure(entry)]
    number = number_of(snapshot)
    return Manifest(
        snapshot=snapshot,
        run=f"recovered-{number}",
        sequence=number,
        build=number * BUILDS_A_RUN,
        as_of=_instant_of(snapshot) or now,
        published_at=now,
        watermark=lowest(list(whole)),
        schema_offset=schema_offset,
        objects=len(entries),
        rows=total(entries, "rows"),
        rebuilt=0,
        carried=len(entries),
        waiting_patches=total(entries, "waiting"),
        ignored_patches=total(entries, "ignored"),
        too_late=total(entries, "too_late"),
        shared_references=total(entries, "shared"),
        failed_objects=tuple(
            failed_object(entry.key, reason, entry.watermark)
            for entry, reason in sorted(failed, key=lambda pair: pair[0].key)
        ),
    )


def carried_entries(entries: Iterable[KeptEntry]) -> list[KeptEntry]:
    """The same rows for a new records topic of which nothing is read yet."""
    return [_carried(entry) for entry in entries]


def _carried(entry: KeptEntry) -> KeptEntry:
    if isinstance(entry, UnreadableEntry):
        return replace(entry, row={**entry.row, "watermark": "{}"})
    return entry.model_copy(update={"watermark": {}})


def _failure(entry: KeptEntry) -> str:
    """Why an entry is not as of its snapshot; "" where it is."""
    return f"entry_unreadable: {entry.cause}" if isinstance(entry, UnreadableEntry) else entry.failed


def carried(base: Manifest, identity: InstallationIdentity) -> Manifest:
    """The manifest of those entries: the base's rows, to which everything on the new topic is news."""
    failed = tuple(failure.model_copy(update={"watermark": {}}) for failure in base.failed_objects)
    identified: dict[str, Any] = {"database": identity.database, "kafka": identity.kafka, "watermark": {}}
    return base.model_copy(update={**identified, "failed_objects": failed})


def renamed(base: Manifest, run: Run, entries: Sequence[KeptEntry], now: datetime) -> Manifest:
    """The base's manifest as that of a run which published these entries instead."""
    names = {"snapshot": renamed_snapshot(base, run), "run": run.run, "build": run.build, "previous": base.snapshot}
    news = {"sequence": base.sequence + 1, "published_at": now, "rows": total(entries, "rows")}
    return base.model_copy(update={**names, **news})


def renamed_snapshot(base: Manifest, run: Run) -> str:
    """Names that snapshot: by the base's instant, up to which it covers events, and the run."""
    return f"{base.as_of:%Y%m%dT%H%M%SZ}-{run.build // BUILDS_A_RUN}"


def _instant_of(snapshot: str) -> datetime | None:
    """When the watermark of a snapshot was frozen, which its name begins with."""
    try:
        return datetime.strptime(snapshot.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
