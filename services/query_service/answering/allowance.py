"""What a tenant's plan allows of reports."""

from crosslook.contracts.formats import Format
from crosslook.contracts.plans import Feature
from crosslook.platform.plans import Plans
from services.query_service.catalog.feed import CatalogFeed


class ReportAllowance:
    """Asked before anything is said of a request. What was saved runs on every plan and may be read and deleted."""

    def __init__(self, plans: Plans, catalogs: CatalogFeed) -> None:
        self._plans = plans
        self._catalogs = catalogs

    async def require_custom(self, tenant: str) -> None:
        """For an unsaved question, and to save or change a report: custom reports, and no more records in the current
        snapshot than the plan includes.

        Raises NotFound for a tenant that does not exist, PlanRequired, and where records are limited what
        CatalogFeed.catalog raises."""
        self._catalogs.require_tenant(tenant)
        self._plans.require(tenant, Feature.CUSTOM_REPORTS)
        if self._plans.plan(tenant).limit(Feature.ROWS) is None:
            return
        current = self._catalogs.current()
        if current is not None:
            catalog = await self._catalogs.catalog(tenant, current)
            self._plans.require(tenant, Feature.ROWS, catalog.records)

    def require_file(self, tenant: str, form: Format) -> None:
        """For a report as a file. Raises PlanRequired."""
        if form is not Format.JSON:
            self._plans.require(tenant, Feature.EXPORTS)
