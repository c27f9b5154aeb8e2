"""Operations on saved reports of any kind. Each call gathers, lets the domain decide, then saves."""

from abc import ABC, abstractmethod
from typing import Any, Generic

from crosslook.platform.preconditions import check_match
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.saved.store import CreateRequest, S, SavedReportStore


class SavedReports(ABC, Generic[S]):
    """Creates, changes and deletes saved reports.

    Every method raises NotFound for an unknown tenant or report. Writes raise what SavedReportStore does, Invalid
    with every problem that the catalog finds, or Conflict `no_snapshot`.
    """

    def __init__(self, store: SavedReportStore[S], catalogs: CatalogFeed) -> None:
        self._store: SavedReportStore[S] = store
        self._catalogs = catalogs

    @abstractmethod
    async def content(self, tenant: str, body: Any) -> dict[str, Any]:
        """The members of a report from what was sent, checked against the catalog. Raises Invalid."""

    def get(self, tenant: str, identity: str) -> S:
        """One report."""
        self._catalogs.require_tenant(tenant)
        return self._store.get(tenant, identity)

    def all(self, tenant: str) -> list[S]:
        """Every report of the tenant by name."""
        self._catalogs.require_tenant(tenant)
        return self._store.all(tenant)

    async def create(self, tenant: str, body: Any, key: str | None) -> S:
        """Save a report. `key` is the request's Idempotency-Key: repeated with the same body it makes nothing and
        answers the report it made, for as long as that lives."""
        self._catalogs.require_tenant(tenant)
        creation = CreateRequest(key, body)
        made = self._store.made_by(tenant, creation)
        if made is not None:
            return made
        return await self._store.add(tenant, creation, await self.content(tenant, body))

    async def change(self, tenant: str, identity: str, body: Any, if_match: str | None) -> S:
        """Replace a report; an unchanged one writes nothing. Raises PreconditionRequired, PreconditionFailed."""
        before = self.get(tenant, identity)
        check_match(if_match, before.version, required=True)
        return await self._store.replace(before, await self.content(tenant, body), if_match)

    async def delete(self, tenant: str, identity: str, if_match: str | None) -> None:
        """Delete a report. Raises PreconditionFailed."""
        await self._store.remove(self.get(tenant, identity), if_match)
