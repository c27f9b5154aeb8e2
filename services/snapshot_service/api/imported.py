"""What undoing an import deletes: asked for by schema_service, with the token of its caller."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import AwareDatetime, BaseModel

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.imports import ATTEMPTS_MAX
from crosslook.platform.auth import authorize
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.http import PageToken, decode_page_token, encode_page_token
from crosslook.platform.openapi import refused_with
from services.snapshot_service.api.records import known_state
from services.snapshot_service.records.imported import ImportedRecords, ImportTimes

_OBJECT_MAX = 200
_PAGE_MAX = 10_000

ImportTimesParameter = Annotated[
    list[AwareDatetime],
    Query(alias="time", min_length=1, max_length=ATTEMPTS_MAX, description="The times of the import's events."),
]
UndoneAt = Annotated[AwareDatetime | None, Query(description="The time of the events that undo it.")]
RecordsPageSize = Annotated[int, Query(alias="page_size", ge=1, le=_PAGE_MAX, description="Maximum number of records.")]


class ImportedRecordsPage(BaseModel):
    """A page of the records that an import has events of. `items`: those that exist only because of it. `changed`,
    `existed`: how many others were changed after it, or existed before it."""

    items: list[str]
    changed: int
    existed: int
    next_page_token: str | None


def imported_router(imported: ImportedRecords, schemas: SchemaFeed) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["records"], responses=refused_with(409))

    @api.get(
        "/tenants/{tenant}/objects/{object}/imported",
        summary="The records that exist only because of an import",
        dependencies=[Depends(authorize("records:write"))],
    )
    async def get_imported(
        tenant: str,
        object: Annotated[str, Path(max_length=_OBJECT_MAX)],
        times: ImportTimesParameter,
        undone_at: UndoneAt = None,
        page_size: RecordsPageSize = 1_000,
        page_token: PageToken = None,
    ) -> ImportedRecordsPage:
        """Waits until everything on Kafka is staged, and answers 503 where that takes too long. 409 `import_too_old`
        where staging, or the snapshots, do not reach back to the import."""
        key = ObjectKey(TenantId(tenant), ObjectSlug(object))
        known_state(schemas, key)
        after = decode_page_token(page_token, str)
        page, last = await imported.page(key, ImportTimes(times, undone_at), after[0] if after else None, page_size)
        token = encode_page_token(last) if last is not None else None
        return ImportedRecordsPage(
            items=list(page.deleted), changed=page.changed, existed=page.existed, next_page_token=token
        )

    return api
