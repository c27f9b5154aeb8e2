"""Past imports as services store them: one document an import, on the schemas topic."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

import orjson
from pydantic import Field

from crosslook.contracts.documents import read_document
from crosslook.contracts.schemas import Contract

IMPORT_CHANGED: Literal["crosslook.import.changed.v1"] = "crosslook.import.changed.v1"
IMPORT_PREFIX: Final = "~import/"
"""Imports stand under `~import/<tenant>/<id>` on the schemas topic. Releases before imports skip such keys."""

ATTEMPTS_MAX: Final = 100
"""An import that was interrupted so often is not continued; the next call begins another one."""


class ImportState(StrEnum):
    """How far an import is. What a dead process left `running` or `undoing` is continued by the same call."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportFacts(Contract):
    """The `data` of an import event: the whole state of one import.

    `attempts`: the times of its events, one for each call that worked on it, the first is its start. They name the
    import in staging, so no two imports and undos of an object share one. `parameter`: the request's `import`.
    `fingerprint`: a hash of the request and of the beginning of the file, by which the same call is recognised.
    `salt`: the id of the undone import after which rows were new again. `undone_at`: the time of the events that
    delete its records. `deleted`, `kept_changed`, `kept_existed`: what undoing did.
    """

    tenant: str
    id: str
    object: str
    mode: Literal["upsert", "patch"]
    format: Literal["csv", "ndjson"]
    parameter: str = ""
    by: str = ""
    state: ImportState
    reason: str | None = None
    attempts: Annotated[tuple[datetime, ...], Field(min_length=1)]
    finished_at: datetime | None = None
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    fingerprint: str = ""
    salt: str = ""
    undone_at: datetime | None = None
    deleted: int = 0
    kept_changed: int = 0
    kept_existed: int = 0

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return f"{IMPORT_PREFIX}{self.tenant}/{self.id}"

    @property
    def started_at(self) -> datetime:
        """When its first call began."""
        return self.attempts[0]


class ImportEvent(Contract):
    """A structured CloudEvent about an import; the last one of a key is its state."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: Literal["crosslook.import.changed.v1"] = IMPORT_CHANGED
    time: datetime
    datacontenttype: str = "application/json"
    data: ImportFacts

    def encode(self) -> bytes:
        """The value on the topic: without the members that are not set."""
        return orjson.dumps(self.model_dump(mode="json", exclude_none=True))

    @staticmethod
    def decode(value: bytes) -> "ImportEvent":
        """The event. Raises UnreadableDocument."""
        return read_document(ImportEvent, value)


def names_import(key: str) -> bool:
    """Whether a key of the schemas topic names an import."""
    tenant, slash, import_id = key.removeprefix(IMPORT_PREFIX).partition("/")
    return key.startswith(IMPORT_PREFIX) and bool(tenant and slash and import_id)
