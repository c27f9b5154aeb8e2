"""The documents of the snapshots topic, runs and manifests, and the rows of `snapshot_entries`.

The topic is a log store. A manifest stands under `snapshot/<id>`; the *current* snapshot is the manifest appended last,
so publishing is one record, and restoring an older snapshot is appending its manifest again. What is said about a
snapshot later must therefore not stand in its manifest: `pin/<id>` says that it is kept, `expired/<id>` since when it
is not retained any more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson
from pydantic import Field, RootModel, model_validator

from crosslook.contracts.documents import UnreadableDocument, parse_stored_json, read_document, read_parsed
from crosslook.contracts.failures import FailedObject, with_failed_tenants
from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.layouts import format_of
from crosslook.contracts.schemas import Contract, Definition, definition_json

SNAPSHOT_PREFIX = "snapshot/"
RUN_PREFIX = "run/"
PIN_PREFIX = "pin/"
"""`pin/<id>`: this snapshot is kept whatever its age."""
EXPIRED_PREFIX = "expired/"
"""`expired/<id>`: an `Expiry`, until the rows that only this snapshot names are dropped."""
BUILDS_A_RUN = 1_000_000

ENTRY_COLUMNS: tuple[tuple[str, str], ...] = (
    ("snapshot", "String"),
    ("tenant", "String"),
    ("object", "String"),
    ("layout", "String"),
    ("build", "UInt64"),
    ("rows", "UInt64"),
    ("deleted", "UInt64"),
    ("unresolved", "UInt64"),
    ("patches", "UInt64"),
    ("waiting", "UInt64"),
    ("ignored", "UInt64"),
    ("too_late", "UInt64"),
    ("shared", "UInt64"),
    ("schema_version", "UInt32"),
    ("definition", "String"),
    ("watermark", "String"),
    ("failed", "String"),
)
"""The table `snapshot_entries`, `ORDER BY (snapshot, tenant, object)`: written by snapshot_service, read by
query_service. `definition` and `watermark` are JSON texts."""

RunState = Literal["claimed", "waiting", "building", "verifying", "published", "failed"]
Trigger = Literal["cron", "catch_up", "manual"]


class StepTime(Contract):
    """How long one numbered step of a run took."""

    name: str
    seconds: float


class Manifest(Contract):
    """The document whose message publishes a snapshot.

    `watermark`: positions in the records topic that the snapshot fully covers. `schema_offset`: the cut, i.e. the
    position in the schemas topic; a schema state at a lower offset is in, one at or above is not. `as_of`: the
    instant the watermark was frozen. `build`: the run's first partition number (see `Run`). `sequence` grows by one a
    snapshot. `failed_objects`: those whose rows are not as of the watermark. `waiting_patches`, `ignored_patches`,
    `too_late`, `shared_references`: the entries' sums. `database`, `kafka`: which database holds the entries and rows,
    which Kafka the positions are of; older manifests do not say.
    """

    type: Literal["crosslook.snapshot.published.v1"] = "crosslook.snapshot.published.v1"
    snapshot: str
    run: str
    sequence: int
    build: int
    as_of: datetime
    published_at: datetime
    previous: str | None = None
    watermark: dict[int, int]
    schema_offset: int
    objects: int
    rows: int
    rebuilt: int
    carried: int
    dropped: int = 0
    waiting_patches: int = 0
    ignored_patches: int = 0
    too_late: int = 0
    shared_references: int = 0
    failed_objects: tuple[FailedObject, ...] = ()
    steps: tuple[StepTime, ...] = ()
    database: str = ""
    kafka: KafkaIdentity | None = None

    @model_validator(mode="before")
    @classmethod
    def _with_failed_tenants(cls, sent: Any) -> Any:
        return with_failed_tenants(sent)

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return f"{SNAPSHOT_PREFIX}{self.snapshot}"

    def failures_of(self, tenant: str) -> dict[str, FailedObject]:
        """The tenant's objects that still show an older build, or none, by their names."""
        return {failed.object: failed for failed in self.failed_objects if failed.tenant == tenant}

    def encode(self) -> bytes:
        """The value on the topic."""
        return orjson.dumps(self.model_dump(mode="json"), option=orjson.OPT_NON_STR_KEYS)


class Run(Contract):
    """One attempt at a refresh, as `GET /v1/runs/{run}` answers it. `due` is the scheduled instant it stands for.

    `build`: the first of the `BUILDS_A_RUN` partition numbers that belong to this run alone, whatever becomes of it.
    `owner` names the worker that runs it, `moved_at` when that worker last said that it was still at it. `frozen_at`:
    written before the watermark is read, so that a run without it covers every request that was made until then.
    `idempotency_keys`: the names under which it was asked for; a repeat of one is answered with it. `joined_late`:
    those of them that came after the watermark was frozen.
    """

    type: Literal["crosslook.refresh.run.v1"] = "crosslook.refresh.run.v1"
    run: str
    build: int
    state: RunState
    trigger: Trigger
    progress: float = 0.0
    due: datetime | None = None
    snapshot: str | None = None
    reason: str | None = None
    owner: str = ""
    started_at: datetime
    moved_at: datetime | None = None
    frozen_at: datetime | None = None
    finished_at: datetime | None = None
    steps: tuple[StepTime, ...] = ()
    idempotency_keys: tuple[str, ...] = ()
    joined_late: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return f"{RUN_PREFIX}{self.run}"

    @property
    def over(self) -> bool:
        """Whether the run has ended, well or not."""
        return self.state in ("published", "failed")

    def encode(self) -> bytes:
        """The value on the topic."""
        return orjson.dumps(self.model_dump(mode="json"))


class Expiry(Contract):
    """When a snapshot stopped being retained: a query that began before may still read its rows."""

    type: Literal["crosslook.snapshot.expired.v1"] = "crosslook.snapshot.expired.v1"
    at: datetime

    def encode(self) -> bytes:
        """The value on the topic."""
        return orjson.dumps(self.model_dump(mode="json"))


def decode_manifest(value: bytes) -> Manifest:
    """The manifest. Raises UnreadableDocument."""
    return read_document(Manifest, value)


def decode_run(value: bytes) -> Run:
    """The run. Raises UnreadableDocument."""
    return read_document(Run, value)


def decode_expiry(value: bytes) -> Expiry:
    """The expiry. Raises UnreadableDocument."""
    return read_document(Expiry, value)


class Entry(Contract):
    """One row of `snapshot_entries`: the build and rows that an object has in a snapshot.

    `definition`, `schema_version`: the schema as of the cut, kept here because the compacted topic may forget it.
    `rows` counts live records, `deleted` tombstones kept for the horizon, `unresolved` links whose contact is not
    known yet; `patches` the patches kept for the horizon, of which `waiting` have no record yet and `ignored` fell on a
    deleted one; `too_late` the events of this refresh that came after the horizon and were left out; `shared`, of
    contact, the e-mail addresses and foreign ids that name several contacts. `watermark`: positions these rows cover.
    `failed`: why the entry is older than its snapshot ("" if not).
    """

    tenant: str
    object: str
    layout: str
    build: int
    rows: int
    deleted: int
    unresolved: int
    patches: int = 0
    waiting: int = 0
    ignored: int = 0
    too_late: int = 0
    shared: int = 0
    schema_version: int
    definition: Definition
    watermark: dict[int, int] = Field(default_factory=dict)
    failed: str = ""

    @property
    def key(self) -> ObjectKey:
        """Which object of which tenant."""
        return ObjectKey(TenantId(self.tenant), ObjectSlug(self.object))

    def as_row(self, snapshot: str) -> dict[str, Any]:
        """The row of `snapshot_entries` for a snapshot (`ENTRY_COLUMNS`)."""
        row = self.model_dump(mode="json", exclude={"definition", "watermark"})
        row["definition"] = orjson.dumps(definition_json(self.definition)).decode()
        row["watermark"] = orjson.dumps(self.watermark, option=orjson.OPT_NON_STR_KEYS).decode()
        return {"snapshot": snapshot, **row}

    @staticmethod
    def of_row(row: Mapping[str, Any], known: dict[str, Definition] | None = None) -> "Entry":
        """The inverse of `as_row`; columns we do not know are ignored. Raises UnreadableDocument, also where its rows
        have a layout format that this release does not read.

        `known` holds definitions by their texts and takes further ones: most of many entries have the same few.
        """
        text = str(row.get("definition"))
        definition = known.get(text) if known is not None else None
        if definition is None:
            definition = read_document(Definition, text.encode())
        if known is not None:
            known[text] = definition
        watermark = parse_stored_json(str(row.get("watermark")).encode())
        format_of(str(row.get("layout")))
        return read_parsed(Entry, {**row, "definition": definition, "watermark": watermark})


@dataclass(frozen=True, slots=True)
class UnreadableEntry:
    """A row of `snapshot_entries` that this release cannot read: a refresh keeps it as it is. `cause`: why."""

    row: Mapping[str, Any]
    cause: str

    @property
    def key(self) -> ObjectKey:
        """Which object of which tenant."""
        return ObjectKey(TenantId(self.row["tenant"]), ObjectSlug(self.row["object"]))

    @property
    def watermark(self) -> dict[int, int]:
        """Positions that its rows cover; none where not even that can be read."""
        try:
            return read_document(_Positions, str(self.row["watermark"]).encode()).root
        except UnreadableDocument:
            return {}

    def as_row(self, snapshot: str) -> dict[str, Any]:
        """The same row in another snapshot."""
        return {**self.row, "snapshot": snapshot}


class _Positions(RootModel[dict[int, int]]):
    """A watermark as `snapshot_entries` holds it."""


def read_entries(rows: Iterable[Mapping[str, Any]]) -> tuple[list[Entry], list[UnreadableEntry]]:
    """The entries of these rows of `snapshot_entries`, and those that this release cannot read."""
    known: dict[str, Definition] = {}
    entries: list[Entry] = []
    unreadable: list[UnreadableEntry] = []
    for row in rows:
        try:
            entries.append(Entry.of_row(row, known))
        except UnreadableDocument as error:
            unreadable.append(UnreadableEntry(row, str(error)))
    return entries, unreadable
