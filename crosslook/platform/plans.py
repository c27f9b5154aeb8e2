"""What a tenant may do and have at this moment: by its plan, and by quotas of its own."""

from collections.abc import Callable

from pydantic import BaseModel, Field

from crosslook.contracts.plans import Feature, Needs, Plan, PlanTable
from crosslook.contracts.schemas import DEFAULT_PLAN, TenantState
from crosslook.platform.errors import PlanRequired
from crosslook.platform.logging import get_logger
from crosslook.platform.plan_settings import QuotaSettings

_LOG = get_logger(__name__)
QuotasOf = Callable[[str], QuotaSettings]
"""The quotas of a tenant as they are now."""


class Plans:
    """The plans of all tenants. A change of a tenant's plan or quotas counts as soon as this process has read it.

    `tenant`: what is known of a tenant; None of one that was never made, which is on the default plan. An operator who
    acts for a tenant has that tenant's plan. Who asks has found out before that the tenant may be used.
    """

    def __init__(
        self, table: PlanTable, deployment: QuotaSettings, tenant: Callable[[str], TenantState | None]
    ) -> None:
        self._table = table
        self._deployment = deployment
        self._tenant = tenant
        self._unknown: set[str] = set()
        """Plans of tenants that are not in the file, each logged once."""

    @staticmethod
    def everything(deployment: QuotaSettings | None = None) -> "Plans":
        """One plan for all, which allows everything, with the quotas of the deployment."""
        return Plans(PlanTable(), deployment or QuotaSettings(), lambda _: None)

    @property
    def table(self) -> PlanTable:
        """Every plan that there is."""
        return self._table

    def plan(self, tenant: str) -> Plan:
        """The plan that applies to a tenant."""
        state = self._tenant(tenant)
        name = state.plan if state is not None else DEFAULT_PLAN
        plan = self._table.plan(name)
        if name not in (plan.name, DEFAULT_PLAN, *self._unknown):
            self._unknown.add(name)
            _LOG.warning("unknown_plan", plan=name, tenant=tenant, applies=plan.name)
        return plan

    def require(self, tenant: str, feature: Feature, count: int = 1) -> None:
        """Raises PlanRequired (403) where the tenant's plan does not allow `count` of a feature: how many the tenant
        has then, such as the integrations that are connected with the one that is to be."""
        self.require_all(tenant, {feature: count})

    def require_all(self, tenant: str, needs: Needs) -> None:
        """As `require`, for what takes several features: the refusal is about the first that is not allowed, and names
        the smallest plan that allows them all."""
        plan = self.plan(tenant)
        lacking = plan.lacks(needs)
        if lacking is None:
            return
        required, limit = self._table.smallest(needs), plan.limit(lacking) or 0
        limited = "_limit" if lacking is Feature.INTEGRATIONS and limit else ""
        name = required.name if required is not None else None
        raise PlanRequired(f"plan_required.{lacking}{limited}", plan.name, name, limit, needs[lacking])

    def quotas(self, tenant: str) -> QuotaSettings:
        """The tenant's own quotas; those of its plan where it has none, then those of the deployment."""
        state, plan = self._tenant(tenant), self.plan(tenant)
        return self._deployment.with_quotas(plan.quotas, *((state.quotas,) if state is not None else ()))


class PlanBody(BaseModel):
    """A plan and what it allows. Integrations and records may be limited: null means any number, 0 none."""

    name: str
    own_objects: bool
    custom_reports: bool
    integrations: int | None
    exports: bool
    rows: int | None = Field(description="Most records of the tenant, not counting contacts.")
    refresh_on_demand: bool

    @classmethod
    def of(cls, plan: Plan) -> "PlanBody":
        """As it is answered."""
        return cls(
            name=plan.name,
            own_objects=plan.allows(Feature.OWN_OBJECTS),
            custom_reports=plan.allows(Feature.CUSTOM_REPORTS),
            integrations=plan.limit(Feature.INTEGRATIONS),
            exports=plan.allows(Feature.EXPORTS),
            rows=plan.limit(Feature.ROWS),
            refresh_on_demand=plan.allows(Feature.REFRESH_ON_DEMAND),
        )
