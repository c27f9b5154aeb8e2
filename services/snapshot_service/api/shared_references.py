"""Which contacts of a snapshot share an e-mail address or a foreign id: a fault of the data, not of the software."""

from typing import Annotated

from fastapi import APIRouter, Query

from crosslook.contracts.ids import CONTACT, ObjectKey, TenantId
from crosslook.contracts.layouts import recorded_layout
from crosslook.contracts.manifests import UnreadableEntry
from crosslook.contracts.problems import Problem
from crosslook.platform.auth import OpsCaller
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.errors import EntryUnreadable, NotFound
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.http import PageSize, PageToken, decode_page_token, encode_page_token, page
from services.snapshot_service.api.bodies import SharedReference, SharedReferencePage
from services.snapshot_service.api.known import known
from services.snapshot_service.domain.statements import shared_statement
from services.snapshot_service.refresh.entries import Entries

WhoseContacts = Annotated[str, Query(min_length=1, max_length=63, description="The tenant of the contacts.")]


def shared_router(feed: SnapshotFeed, entries: Entries, clickhouse: ClickHouse) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1")

    @api.get(
        "/snapshots/{snapshot}/shared-references",
        tags=["snapshots"],
        summary="List e-mail addresses and foreign ids that several contacts of a tenant have",
    )
    async def list_shared(
        caller: OpsCaller, snapshot: str, tenant: WhoseContacts, page_size: PageSize = 50, page_token: PageToken = None
    ) -> SharedReferencePage:
        if await known(feed.view, lambda: feed.manifest(snapshot)) is None:
            raise NotFound(Problem("unknown_snapshot", values={"snapshot": snapshot[:100]}))
        (after,) = decode_page_token(page_token, str) or ("",)
        items = await _shared(entries, clickhouse, snapshot, tenant, after, page_size + 1)
        return SharedReferencePage(**page(items, page_size, lambda item: encode_page_token(item.reference)))

    return api


async def _shared(
    entries: Entries, clickhouse: ClickHouse, snapshot: str, tenant: str, after: str, limit: int
) -> list[SharedReference]:
    entry = await entries.entry(snapshot, ObjectKey(TenantId(tenant), CONTACT))
    if isinstance(entry, UnreadableEntry):
        raise EntryUnreadable(CONTACT)
    if entry is None or not entry.shared:
        return []
    parameters = {"build": entry.build, "tenant": tenant, "after": after, "limit": limit}
    contacts = recorded_layout(entry.layout, entry.definition)
    rows = await clickhouse.query(shared_statement(contacts), parameters)
    return [SharedReference(reference=reference, contacts=list(contacts)) for reference, contacts in rows.rows]
