"""The bodies that the ops API answers with (CONTRACTS 4)."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from crosslook.contracts.manifests import Manifest, Run, RunState, StepTime, Trigger

_FIGURES = (
    "objects",
    "rows",
    "rebuilt",
    "carried",
    "dropped",
    "waiting_patches",
    "ignored_patches",
    "too_late",
    "shared_references",
)


class FailedObjectAnswer(BaseModel):
    """An object that could not be refreshed: this snapshot shows its previous data, or does not show it."""

    tenant: str
    object: str
    reason: str

    @classmethod
    def of(cls, manifest: Manifest | None) -> "list[Self]":
        """Those of a snapshot; none where there is no snapshot."""
        failed = manifest.failed_objects if manifest is not None else ()
        return [cls(tenant=failure.tenant, object=failure.object, reason=failure.reason) for failure in failed]


class RunAnswer(BaseModel):
    """One attempt at a refresh."""

    run: str
    state: RunState
    progress: float
    snapshot: str | None
    reason: str | None
    started_at: datetime
    frozen_at: datetime | None = Field(
        description="When the watermark was frozen: the snapshot includes events acknowledged before. Null until then."
    )
    finished_at: datetime | None
    steps: list[StepTime]
    trigger: Trigger
    due: datetime | None
    failed_objects: list[FailedObjectAnswer] = Field(
        description="Once it is published: objects that its snapshot shows as they were before, or not at all."
    )

    @classmethod
    def of(cls, run: Run, published: Manifest | None) -> Self:
        """The public members of a run. `published`: its snapshot."""
        return cls(**_members(run), failed_objects=FailedObjectAnswer.of(published))


class RefreshAnswer(RunAnswer):
    """The run that answers a request to refresh."""

    covers_request: bool = Field(
        description="Whether the run reads all that was acknowledged before the request. False where it was under way "
        "and its watermark already frozen: ask again when it has ended."
    )

    @classmethod
    def to(cls, run: Run, published: Manifest | None, *, covers_request: bool) -> Self:
        """The answer to a request."""
        failed = FailedObjectAnswer.of(published)
        return cls(**_members(run), failed_objects=failed, covers_request=covers_request)


def _members(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in RunAnswer.model_fields if name != "failed_objects"}


class SnapshotAnswer(BaseModel):
    """A published snapshot, or a run that failed: then `id` is null and `reason` says why."""

    id: str | None
    run: str
    as_of: datetime | None
    published_at: datetime | None
    watermark: dict[int, int]
    objects: int
    rows: int
    rebuilt: int
    carried: int
    dropped: int
    waiting_patches: int
    ignored_patches: int
    too_late: int
    shared_references: int
    steps: list[StepTime]
    outcome: Literal["published", "failed"]
    reason: str | None
    current: bool
    pinned: bool
    failed_objects: list[FailedObjectAnswer]

    @classmethod
    def of(cls, manifest: Manifest, *, current: bool, pinned: bool) -> Self:
        """A published snapshot."""
        kept = ("run", "as_of", "published_at", "watermark", *_FIGURES)
        return cls(
            id=manifest.snapshot,
            **{name: getattr(manifest, name) for name in kept},
            steps=list(manifest.steps),
            outcome="published",
            reason=None,
            current=current,
            pinned=pinned,
            failed_objects=FailedObjectAnswer.of(manifest),
        )

    @classmethod
    def of_failure(cls, run: Run) -> Self:
        """A run that failed."""
        nothing = dict.fromkeys(_FIGURES, 0)
        return cls(
            id=None,
            run=run.run,
            as_of=None,
            published_at=None,
            watermark={},
            **nothing,
            steps=list(run.steps),
            outcome="failed",
            reason=run.reason,
            current=False,
            pinned=False,
            failed_objects=[],
        )


class SnapshotPage(BaseModel):
    """A page of snapshots and failed runs, the newest first."""

    items: list[SnapshotAnswer]
    next_page_token: str | None


class PartitionAnswer(BaseModel):
    """The state of ingest on one partition. Offsets refer to the next message; `lag` counts messages."""

    partition: int
    end_offset: int
    staged_offset: int
    lag: int
    seconds_behind: float | None


class RatesAnswer(BaseModel):
    """Average rates of this worker since its start."""

    staged_per_second: float
    quarantined_per_second: float
    since: datetime


class DivertedSender(BaseModel):
    """A sender whose events all go to quarantine as `sender_diverted` until an instant, because `refused` of its last
    `of` events were refused."""

    tenant: str
    source: str
    since: datetime
    until: datetime
    refused: int
    of: int


class IngestAnswer(BaseModel):
    """The state of ingest. The diverted senders are those of all workers."""

    state: Literal["running", "paused", "stopped"]
    reason: str | None
    partitions: list[PartitionAnswer]
    rates: RatesAnswer
    last_error: str | None
    diverted: list[DivertedSender]


class SharedReference(BaseModel):
    """An e-mail address (`email:…`) or foreign id (`external:…`) that several contacts have, the oldest contact first:
    links by this reference go to that one."""

    reference: str
    contacts: list[str]


class SharedReferencePage(BaseModel):
    """One page of a tenant's shared references, in their order."""

    items: list[SharedReference]
    next_page_token: str | None
