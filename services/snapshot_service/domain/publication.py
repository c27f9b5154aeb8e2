"""Step 7 of a refresh, decided: the entries and the manifest of the new snapshot. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosslook.contracts.failures import FailedObject
from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.manifests import (
    BUILDS_A_RUN,
    Entry,
    Manifest,
    Run,
    StepTime,
    UnreadableEntry,
)
from crosslook.contracts.positions import Positions
from services.snapshot_service.domain.decision import Decision, failed_object

KeptEntry = Entry | UnreadableEntry
"""What a snapshot has of an object."""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run has done: decided, built (`entries` by object), and failed to build (`failures`, with the reason)."""

    decision: Decision
    entries: Mapping[ObjectKey, Entry]
    failures: Mapping[ObjectKey, str]
    watermark: Positions
    schema_offset: int
    as_of: datetime

    def failed(self) -> dict[ObjectKey, FailedObject]:
        """Objects that keep what they had, each with the position from which its next build must read staging."""
        built = [
            failed_object(rebuild.key, reason, rebuild.since)
            for rebuild in self.decision.rebuild
            if (reason := self.failures.get(rebuild.key)) is not None
        ]
        return {held.key: held for held in sorted((*self.decision.hold, *built), key=lambda failure: failure.key)}


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot before; `manifest` is None before the first one. `sequence`: the greatest number given so far, which
    is another's than the snapshot before where an older one was restored."""

    manifest: Manifest | None
    entries: Mapping[ObjectKey, Entry]
    unreadable: Mapping[ObjectKey, UnreadableEntry]
    sequence: int


def snapshot_entries(outcome: RunOutcome, previous: Previous) -> list[KeptEntry]:
    """Every entry of the new snapshot. An object that failed keeps the one it had, if any, marked with the reason."""
    failed = outcome.failed()
    entries: list[KeptEntry] = [entry for key, entry in outcome.entries.items() if key not in failed]
    for carried in outcome.decision.carry:
        news = {"watermark": dict(outcome.watermark), "schema_version": carried.state.version, "failed": ""}
        entries.append(carried.previous.model_copy(update={**news, "definition": carried.definition, "too_late": 0}))
    for key, failure in failed.items():
        marked = {"failed": failure.reason, "too_late": 0}
        if key in previous.unreadable:
            kept = previous.unreadable[key]
            entries.append(replace(kept, row={**kept.row, **marked}))
        elif key in previous.entries:
            entries.append(previous.entries[key].model_copy(update=marked))
    return entries


def snapshot_id(outcome: RunOutcome, run: Run) -> str:
    """Names the snapshot by its instant and its run: entries that a run wrote and never published are no other's."""
    return f"{outcome.as_of:%Y%m%dT%H%M%SZ}-{run.build // BUILDS_A_RUN}"


def snapshot_manifest(
    outcome: RunOutcome,
    previous: Previous,
    entries: Sequence[KeptEntry],
    run: Run,
    now: datetime,
    steps: Sequence[StepTime],
) -> Manifest:
    """The document whose publication makes the snapshot current."""
    decision, failed = outcome.decision, outcome.failed()
    return Manifest(
        snapshot=snapshot_id(outcome, run),
        run=run.run,
        sequence=previous.sequence + 1,
        build=run.build,
        as_of=outcome.as_of,
        published_at=now,
        previous=previous.manifest.snapshot if previous.manifest else None,
        watermark=dict(outcome.watermark),
        schema_offset=outcome.schema_offset,
        objects=len(entries),
        rows=total(entries, "rows"),
        rebuilt=sum(rebuild.key not in failed for rebuild in decision.rebuild),
        carried=len(decision.carry),
        dropped=len(decision.drop),
        waiting_patches=total(entries, "waiting"),
        ignored_patches=total(entries, "ignored"),
        too_late=total(entries, "too_late"),
        shared_references=total(entries, "shared"),
        failed_objects=tuple(failed.values()),
        steps=tuple(steps),
    )


def total(entries: Iterable[KeptEntry], figure: str) -> int:
    """The sum of a figure over entries, those included that cannot be read."""
    return sum(entry.row[figure] if isinstance(entry, UnreadableEntry) else getattr(entry, figure) for entry in entries)
