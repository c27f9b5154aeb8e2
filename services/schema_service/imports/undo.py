"""Undoes an import: deletes the records that exist only because of it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from crosslook.contracts.events import DELETED, STRUCTURED
from crosslook.contracts.ids import record_key
from crosslook.contracts.imports import ImportFacts, ImportState
from crosslook.contracts.problems import Problem
from crosslook.platform.errors import Conflict
from crosslook.platform.peer import Peer
from services.schema_service.domain.imports.identity import IMPORT_SOURCE, undo_id
from services.schema_service.imports.importer import OpenPublication
from services.schema_service.imports.past_imports import PastImports
from services.schema_service.intake import OutMessage
from services.schema_service.objects import Objects

_PAGE = 5_000
_HEADERS = (("content-type", f"{STRUCTURED}; charset=UTF-8".encode()),)


@dataclass(slots=True)
class _Counts:
    deleted: int = 0
    changed: int = 0
    existed: int = 0

    def members(self) -> dict[str, int]:
        """As an import's document names them."""
        return {"deleted": self.deleted, "kept_changed": self.changed, "kept_existed": self.existed}


class ImportUndo:
    """Undoes imports, one call an import at a time. `snapshots`: snapshot_service, which knows what is staged."""

    def __init__(self, past: PastImports, objects: Objects, snapshots: Peer, publish: OpenPublication) -> None:
        self._past = past
        self._objects = objects
        self._snapshots = snapshots
        self._open_publication = publish

    async def undo(self, tenant: str, import_id: str, authorization: str | None) -> ImportFacts:
        """1. ask for the first records, 2. store that the undo has begun, and its time, 3. publish a deletion of each
        record, page by page, 4. store what was done. `authorization`: the caller's header, which is passed on.

        A call that ends in between is repeated: its events have the same ids and the same time. An import that was
        undone is answered again. Raises NotFound, Conflict (`import_running`, `import_too_old`, `object_deleted`),
        Unavailable, KafkaUnavailable, LogUnavailable, NotTheWriter.
        """
        self._objects.check_tenant(tenant)
        facts = self._past.get(tenant, import_id)
        if facts.state is ImportState.UNDONE:
            return facts
        with self._past.working(facts):
            self._objects.live(tenant, facts.object)
            page = await self._page(facts, None, authorization)
            begun = facts.model_copy(update={"state": ImportState.UNDOING, "undone_at": self._past.undo_time(facts)})
            await self._past.put(begun)
            counts = await self._delete(begun, page, authorization)
            over = {**counts.members(), "state": ImportState.UNDONE, "reason": None}
            return await self._past.put(begun.model_copy(update=over))

    async def _delete(self, facts: ImportFacts, page: dict[str, Any], authorization: str | None) -> _Counts:
        counts, publication = _Counts(), self._open_publication(facts.tenant)
        try:
            while True:
                counts.deleted += len(page["items"])
                counts.changed += page["changed"]
                counts.existed += page["existed"]
                for record in page["items"]:
                    if publication.add(_deletion(facts, record)):
                        await publication.send()
                if page["next_page_token"] is None:
                    break
                page = await self._page(facts, page["next_page_token"], authorization)
            await publication.end()
        except BaseException:
            await publication.abandon()
            raise
        return counts

    async def _page(self, facts: ImportFacts, token: str | None, authorization: str | None) -> dict[str, Any]:
        path = f"/v1/tenants/{quote(facts.tenant, safe='')}/objects/{quote(facts.object, safe='')}/imported"
        query: dict[str, Any] = {"time": [time.isoformat() for time in facts.attempts], "page_size": _PAGE}
        if facts.undone_at is not None:
            query["undone_at"] = facts.undone_at.isoformat()
        if token is not None:
            query["page_token"] = token
        found: dict[str, Any] = await self._snapshots.get(path, query, authorization)
        return found


def _deletion(facts: ImportFacts, record: str) -> OutMessage:
    if facts.undone_at is None:
        raise Conflict(Problem("import_running", values={"import": facts.id}))
    event = {
        "specversion": "1.0",
        "id": undo_id(facts.id, record),
        "source": IMPORT_SOURCE,
        "type": DELETED,
        "time": facts.undone_at,
        "datacontenttype": "application/json",
        "data": {"tenant": facts.tenant, "object": facts.object, "record": record},
    }
    return record_key(facts.tenant, facts.object, record), orjson.dumps(event, option=orjson.OPT_UTC_Z), _HEADERS
