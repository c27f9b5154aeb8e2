"""Step 7 of a refresh, decided: which entries the new snapshot has and what its manifest says. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.manifests import BUILDS_A_RUN, Entry, FailedTenant, Manifest, Run, StepTime
from crosslook.contracts.positions import Positions
from services.snapshot_service.domain.decision import Decision


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has done: decided, built (`entries` by object), and failed (`failures` by tenant, with the reason)."""

    decision: Decision
    entries: Mapping[ObjectKey, Entry]
    failures: Mapping[str, str]
    watermark: Positions
    schema_offset: int
    as_of: datetime

    def spared(self, key: ObjectKey) -> bool:
        """Whether the object's tenant did not fail."""
        return key.tenant not in self.failures


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot before; `manifest` is None before the first one. `sequence`: the greatest number given so far, which
    is another's than the snapshot before where an older one was restored."""

    manifest: Manifest | None
    entries: Mapping[ObjectKey, Entry]
    sequence: int

    def watermark_of(self, tenant: str) -> Positions:
        """Up to where the tenant's entries cover the records topic."""
        if self.manifest is None:
            return {}
        failed = self.manifest.failure_of(tenant)
        return failed.watermark if failed is not None else self.manifest.watermark


def snapshot_entries(outcome: Outcome, previous: Previous) -> list[Entry]:
    """Every entry of the new snapshot. A failed tenant keeps all it had, marked with the reason."""
    entries = [entry for key, entry in outcome.entries.items() if outcome.spared(key)]
    for one in outcome.decision.carry:
        if outcome.spared(one.key):
            news = {"watermark": dict(outcome.watermark), "schema_version": one.state.version, "failed": ""}
            entries.append(one.previous.model_copy(update={**news, "definition": one.definition, "too_late": 0}))
    for key, entry in previous.entries.items():
        if not outcome.spared(key):
            entries.append(entry.model_copy(update={"failed": outcome.failures[key.tenant], "too_late": 0}))
    return entries


def snapshot_id(outcome: Outcome, run: Run) -> str:
    """Names the snapshot by its instant and its run: entries that a run wrote and never published are no other's."""
    return f"{outcome.as_of:%Y%m%dT%H%M%SZ}-{run.build // BUILDS_A_RUN}"


def snapshot_manifest(
    outcome: Outcome, previous: Previous, entries: Sequence[Entry], run: Run, now: datetime, steps: Sequence[StepTime]
) -> Manifest:
    """The document whose publication makes the snapshot current."""
    decision = outcome.decision
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
        rows=sum(entry.rows for entry in entries),
        rebuilt=sum(outcome.spared(one.key) for one in decision.rebuild),
        carried=sum(outcome.spared(one.key) for one in decision.carry),
        dropped=sum(outcome.spared(key) for key in decision.drop),
        waiting_patches=sum(entry.waiting for entry in entries),
        ignored_patches=sum(entry.ignored for entry in entries),
        too_late=sum(entry.too_late for entry in entries),
        shared_references=sum(entry.shared for entry in entries),
        failed=tuple(
            FailedTenant(tenant=tenant, reason=reason, watermark=dict(previous.watermark_of(tenant)))
            for tenant, reason in sorted(outcome.failures.items())
        ),
        steps=tuple(steps),
    )
