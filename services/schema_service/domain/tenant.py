"""What an operator sends as a tenant, read strictly."""

from typing import Any

from crosslook.contracts.ids import TENANT
from crosslook.contracts.problems import Problem, did_you_mean
from crosslook.contracts.schemas import TenantState
from services.schema_service.domain.reading import reader

PLAN_MAX = 63
_MEMBERS = ("tenant", "plan", "status")
_STATUSES = ("active", "suspended")


def parse_tenant(body: Any, tenant: str) -> TenantState | list[Problem]:
    """The tenant that a PUT to its address means, or every problem with it. Plan and status have defaults."""
    problems: list[Problem] = []
    if not TENANT.fullmatch(tenant):
        problems.append(Problem("bad_tenant", "/tenant"))
    root = reader(body, (), problems)
    if root is None:
        return problems
    named = root.text("tenant", 200)
    if named is not None and named != tenant:
        root.refuse("tenant_mismatch", "tenant", values={"expected": tenant[:63]}, suggestion=tenant[:63])
    root.text("plan", PLAN_MAX)
    status = root.text("status", 200)
    if status is not None and status not in _STATUSES:
        suggestion = did_you_mean(status, _STATUSES)
        root.refuse("unknown_status", "status", values={"name": status[:63]}, suggestion=suggestion)
    root.close(_MEMBERS)
    return problems or TenantState(**{**root.kept, "tenant": tenant})
