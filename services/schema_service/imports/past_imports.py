"""Past imports of tenants: documents on the schemas topic, a bounded number of each tenant."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crosslook.contracts.imports import IMPORT_PREFIX, ImportEvent, ImportFacts, ImportState
from crosslook.contracts.problems import Problem
from crosslook.platform.clock import Clock
from crosslook.platform.errors import Conflict, NotFound
from crosslook.platform.log_store.protocol import ElectedStore, LogChange, LogUnavailable, WriteUnconfirmed
from services.schema_service.domain.imports.history import last_undone, next_time, outdated, unfinished
from services.schema_service.object_log import SOURCE

_SHOWN_MOST = 63


@dataclass(frozen=True, slots=True)
class NewImport:
    """A call that imports a file. `fingerprint` is the same for the same call."""

    tenant: str
    object: str
    mode: str
    format: str
    parameter: str
    by: str
    fingerprint: str


class PastImports:
    """The imports that are known, and the only writer of their documents. Writes raise what LogStore.put raises.

    `most`: how many of a tenant are kept.
    """

    def __init__(self, store: ElectedStore, clock: Clock, most: int) -> None:
        self._store = store
        self._clock = clock
        self._most = most
        self._imports: dict[str, dict[str, ImportFacts]] = {}
        self._live: set[str] = set()
        for entry in store.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        store.on_change(self._apply)

    def page(self, tenant: str, after: tuple[str, str] | None, most: int) -> list[ImportFacts]:
        """The first imports of a tenant by start, the newest first, from behind the one with the order `after`."""
        found = sorted(self._of(tenant), key=order_of, reverse=True)
        behind = [facts for facts in found if after is None or order_of(facts) < after]
        return [self._shown(facts) for facts in behind[:most]]

    def get(self, tenant: str, import_id: str) -> ImportFacts:
        """One import. Raises NotFound `unknown_import`."""
        found = self._imports.get(tenant, {}).get(import_id)
        if found is None:
            raise NotFound(Problem("unknown_import", values={"import": import_id[:_SHOWN_MOST]}))
        return self._shown(found)

    @contextmanager
    def working(self, facts: ImportFacts) -> Iterator[None]:
        """Work on an import; one call at a time. Raises Conflict `import_running`."""
        if facts.key in self._live:
            raise Conflict(Problem("import_running", values={"import": facts.id}))
        self._live.add(facts.key)
        try:
            yield
        finally:
            self._live.discard(facts.key)

    def begun(self, call: NewImport) -> ImportFacts:
        """The import that a call begins, or continues where an equal call before it did not end; not stored yet."""
        known = self._of(call.tenant)
        time = next_time(known, call.object, self._clock.now())
        before = unfinished(known, call.object, call.fingerprint)
        if before is not None:
            fresh = {"state": ImportState.RUNNING, "reason": None, "finished_at": None, "by": call.by}
            return before.model_copy(update={**fresh, "attempts": (*before.attempts, time)})
        return ImportFacts.model_validate(
            {
                "tenant": call.tenant,
                "id": uuid.uuid4().hex,
                "object": call.object,
                "mode": call.mode,
                "format": call.format,
                "parameter": call.parameter,
                "by": call.by,
                "state": ImportState.RUNNING,
                "attempts": (time,),
                "fingerprint": call.fingerprint,
                "salt": self.salt(call.tenant, call.object),
            }
        )

    def salt(self, tenant: str, object_slug: str) -> str:
        """The id of the import of an object that was undone last, after which rows are new again; "" for none."""
        undone = last_undone(self._of(tenant), object_slug)
        return undone.id if undone is not None else ""

    def undo_time(self, facts: ImportFacts) -> datetime:
        """The time of the events with which an import is undone; the same when that is continued."""
        return facts.undone_at or next_time(self._of(facts.tenant), facts.object, self._clock.now())

    def finished(self) -> datetime:
        """The instant at which something ended, to the millisecond."""
        now = self._clock.now()
        return now - timedelta(microseconds=now.microsecond % 1000)

    async def put(self, facts: ImportFacts) -> ImportFacts:
        """Store an import as it stands now, and remove the tenant's oldest beyond those that are kept. Where it is not
        known whether that was stored the call is repeated as it was: that is a LogUnavailable like any other, and the
        repeat continues this import."""
        event = ImportEvent(id=uuid.uuid4().hex, source=SOURCE, time=self._clock.now(), data=facts)
        try:
            await self._store.put(facts.key, event.encode())
            for old in outdated(self._of(facts.tenant), self._most):
                if old.key not in self._live:
                    await self._store.put(old.key, None)
        except WriteUnconfirmed as error:
            self._imports.setdefault(facts.tenant, {}).setdefault(facts.id, facts)
            raise LogUnavailable(str(error)) from error
        return facts

    def _of(self, tenant: str) -> list[ImportFacts]:
        return list(self._imports.get(tenant, {}).values())

    def _shown(self, facts: ImportFacts) -> ImportFacts:
        """An import as it is shown: one that nobody works on any more has failed. Only the writer works on imports, and
        so knows."""
        interrupted = facts.state is ImportState.RUNNING and self._store.writes and facts.key not in self._live
        update = {"state": ImportState.FAILED, "reason": "interrupted"}
        return facts.model_copy(update=update) if interrupted else facts

    def _apply(self, change: LogChange) -> None:
        if not change.key.startswith(IMPORT_PREFIX):
            return
        tenant, _, import_id = change.key.removeprefix(IMPORT_PREFIX).partition("/")
        if change.entry is None:
            self._imports.get(tenant, {}).pop(import_id, None)
            return
        read = change.document
        event = read if isinstance(read, ImportEvent) else ImportEvent.decode(change.entry.value)
        self._imports.setdefault(tenant, {})[import_id] = event.data


def order_of(facts: ImportFacts) -> tuple[str, str]:
    """By what imports are listed: their start, then their id."""
    return facts.started_at.astimezone(UTC).isoformat(timespec="milliseconds"), facts.id
