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

    async def require_custom(self, tenant: str, form: Format = Format.JSON) -> None:
        """For an unsaved question, and to save or change a report: custom reports, and no more records in the current
        snapshot than the plan includes.

        Raises NotFound for a tenant that does not exist, PlanRequired, and where plans limit records what
        CatalogFeed.catalog raises."""
        self._catalogs.require_tenant(tenant)
        needs = {Feature.CUSTOM_REPORTS: 1, **_needs_of(form)}
        plan = self._plans.plan(tenant)
        if plan.lacks(needs) is None and plan.limit(Feature.ROWS) is None:
            return
        current = self._catalogs.current() if self._plans.table.limits(Feature.ROWS) else None
        if current is not None:
            needs[Feature.ROWS] = (await self._catalogs.catalog(tenant, current)).records
        self._plans.require_all(tenant, needs)

    def require_file(self, tenant: str, form: Format) -> None:
        """For a saved report in this format. Raises PlanRequired."""
        self._plans.require_all(tenant, _needs_of(form))


def _needs_of(form: Format) -> dict[Feature, int]:
    return {} if form is Format.JSON else {Feature.EXPORTS: 1}
