"""What an operator sends as a tenant, read strictly."""

from collections.abc import Collection
from typing import Any

from crosslook.contracts.ids import TENANT
from crosslook.contracts.plans import PLAN_NAME_MAX
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.quotas import read_quotas
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.schemas import TenantState
from crosslook.contracts.suggestions import guess

_MEMBERS = ("tenant", "plan", "status", "quotas", "effective")
"""`effective` is what answers add: it may be sent back and changes nothing."""
_STATUSES = ("active", "suspended")


def parse_tenant(body: Any, tenant: str, plans: Collection[str] = ()) -> tuple[TenantState | None, Problems]:
    """The tenant that a PUT to its address means, and every problem with it. Plan, status and quotas have defaults.
    `plans`: what a plan may be called; none where every name is good."""
    problems = Problems()
    if not TENANT.fullmatch(tenant):
        problems.add(Problem("bad_tenant", "/tenant"))
    state, _ = read_object(body, lambda root: _state(root, tenant, plans), problems)
    return state, problems


def _state(root: Reader, tenant: str, plans: Collection[str]) -> TenantState | None:
    named = root.text("tenant", 200)
    if named is not None and named != tenant:
        root.refuse("tenant_mismatch", "tenant", values={"expected": tenant[:63]}, suggestion=tenant[:63])
    plan = root.text("plan", PLAN_NAME_MAX)
    if plan is not None and plans and plan not in plans:
        values = {"name": plan, "known": ", ".join(plans)}
        root.refuse("unknown_plan", "plan", values=values, suggestion=guess(plan, plans))
    status = root.text("status", 200)
    if status is not None and status not in _STATUSES:
        root.refuse("unknown_status", "status", values={"name": status[:63]}, suggestion=guess(status, _STATUSES))
    quotas = read_quotas(root)
    root.close(_MEMBERS)
    return None if root.problems else TenantState(**{**root.kept, "tenant": tenant, "quotas": quotas})
