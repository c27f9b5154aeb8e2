"""What the routes work with."""

from dataclasses import dataclass

from crosslook.platform.metrics import Meters
from services.query_service.answering.runner import Prepared, ReportRunner
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.catalog.freshness import Freshness, FreshnessGauge
from services.query_service.exports.export import Exports
from services.query_service.settings import QuerySettings


@dataclass(frozen=True, slots=True)
class QueryParts:
    """The running parts of the service."""

    catalogs: CatalogFeed
    runner: ReportRunner
    exports: Exports
    freshness: FreshnessGauge
    limits: QuerySettings
    meters: Meters

    async def freshness_of(self, prepared: Prepared) -> Freshness:
        """How fresh the snapshot of a prepared report is. Raises AppError."""
        current = self.catalogs.current() or prepared.manifest
        return await self.freshness.read(prepared.tenant, prepared.manifest, current)
