"""Writes the states of objects to the schemas topic: what creates, changes and deletes them shares it."""

import uuid
from dataclasses import dataclass

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import SCHEMA_CREATED, SchemaEvent, SchemaEventType, SchemaState
from crosslook.contracts.topics import COMPACTED_MESSAGE_MAX
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError, Conflict
from crosslook.platform.feeds import SchemaRecord
from crosslook.platform.log_store.protocol import LogStore
from services.schema_service.domain.reports import has_left
from services.schema_service.objects import Objects, ObjectView, shown_instant

SOURCE = "/schema_service"
MAX_STATE_BYTES = COMPACTED_MESSAGE_MAX - 64 * 1024
"""One state is one Kafka message; the rest is for its key and headers."""


@dataclass(frozen=True, slots=True)
class Creation:
    """The request that made an object: its Idempotency-Key and its body's fingerprint, None where it had no key."""

    key: str | None = None
    digest: str | None = None


class ObjectLog:
    """The objects on their topic, for who changes them."""

    def __init__(self, store: LogStore, objects: Objects, clock: Clock) -> None:
        self._store = store
        self._objects = objects
        self._clock = clock

    def free(self, tenant: str, slug: str) -> SchemaState | None:
        """The state that a free name stands at: none, or that of an object that left. Raises Conflict `slug_taken`."""
        record = self._objects.record(tenant, slug)
        if record is None:
            return None
        if has_left(record.state, self._objects.seen(record)):
            return record.state
        text = "slug_taken.built_in" if slug == CONTACT else "slug_taken.leaving" if record.deleted else ""
        values: dict[str, str | int] = {"object": slug, "until": shown_instant(self._objects.next_refresh())}
        raise Conflict(Problem("slug_taken", "/object", text, values))

    def event(
        self,
        kind: SchemaEventType,
        state: SchemaState,
        before: SchemaRecord | None = None,
        creation: Creation | None = None,
    ) -> SchemaEvent:
        """The event that says so; it hands on how the object was made. Raises AppError `body_too_large`."""
        made = creation or _creation(before)
        event = SchemaEvent(
            id=uuid.uuid4().hex,
            source=SOURCE,
            type=kind,
            time=self._clock.now(),
            createdtime=before.created_at if before is not None else None,
            idempotencykey=made.key,
            idempotencyhash=made.digest,
            data=state,
        )
        if len(event.encode()) > MAX_STATE_BYTES:
            raise AppError(Problem("body_too_large", values={"limit": MAX_STATE_BYTES}), status=413)
        return event

    async def lay_down(self, record: SchemaRecord) -> None:
        """The built-in contact stands at version 1 without being on the topic: put it there before version 2. Raises
        as LogStore.put."""
        if record.entry is None:
            event = self.event(SCHEMA_CREATED, record.state, record)
            await self._store.put(str(record.state.key), event.encode(), expected_version=0)

    async def write(self, event: SchemaEvent, expected_version: int) -> ObjectView:
        """Append it. Raises as LogStore.put."""
        entry = await self._store.put(str(event.data.key), event.encode(), expected_version=expected_version)
        record = SchemaRecord(event.data, entry, event.createdtime or event.time, event.time)
        return self._objects.view(record, self._objects.seen(record))


def _creation(record: SchemaRecord | None) -> Creation:
    event = SchemaEvent.decode(record.entry.value) if record is not None and record.entry is not None else None
    return Creation(event.idempotencykey, event.idempotencyhash) if event is not None else Creation()
