"""What an operator sends as a tenant, read strictly."""

from typing import Any

from crosslook.contracts.ids import TENANT
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.schemas import TenantState
from crosslook.contracts.suggestions import guess

PLAN_MAX = 63
_MEMBERS = ("tenant", "plan", "status")
_STATUSES = ("active", "suspended")


def parse_tenant(body: Any, tenant: str) -> tuple[TenantState | None, Problems]:
    """The tenant that a PUT to its address means, and every problem with it. Plan and status have defaults."""
    problems = Problems()
    if not TENANT.fullmatch(tenant):
        problems.add(Problem("bad_tenant", "/tenant"))
    state, _ = read_object(body, lambda root: _state(root, tenant), problems)
    return state, problems


def _state(root: Reader, tenant: str) -> TenantState | None:
    named = root.text("tenant", 200)
    if named is not None and named != tenant:
        root.refuse("tenant_mismatch", "tenant", values={"expected": tenant[:63]}, suggestion=tenant[:63])
    root.text("plan", PLAN_MAX)
    status = root.text("status", 200)
    if status is not None and status not in _STATUSES:
        root.refuse("unknown_status", "status", values={"name": status[:63]}, suggestion=guess(status, _STATUSES))
    root.close(_MEMBERS)
    return None if root.problems else TenantState(**{**root.kept, "tenant": tenant})
