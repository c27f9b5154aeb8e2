"""What a tenant may do and have: its plan, its quotas, and the sentence that refuses."""

from collections.abc import Callable
from functools import partial

import pytest
import structlog

from crosslook.contracts.plans import Feature, Plan, PlanTable
from crosslook.contracts.quotas import TenantQuotas
from crosslook.contracts.schemas import TenantState
from crosslook.platform.errors import PlanRequired
from crosslook.platform.plan_settings import QuotaSettings
from crosslook.platform.plans import Plans

NONE = dict.fromkeys(Feature, 0)
SMALL = Plan("small", {**NONE, Feature.INTEGRATIONS: 2, Feature.ROWS: 100}, TenantQuotas(objects=1, reports=1))
LARGE = Plan("large")
TABLE = PlanTable((SMALL, LARGE), "small")


def plans(table: PlanTable = TABLE, deployment: QuotaSettings | None = None, **tenants: TenantState) -> Plans:
    """The plans of these tenants."""
    return Plans(table, deployment or QuotaSettings(), tenants.get)


def on(plan: str, **quotas: int) -> TenantState:
    """A tenant on a plan."""
    return TenantState(tenant="acme", plan=plan, quotas=TenantQuotas(**quotas))


def refused(call: Callable[[], None]) -> PlanRequired:
    """The refusal of a call."""
    with pytest.raises(PlanRequired) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("feature", Feature)
def test_a_smaller_plan_is_refused_by_naming_the_one_that_would_do(feature: Feature) -> None:
    asked = plans(acme=on("small"), globex=on("large"))
    found = refused(lambda: asked.require("acme", feature, 1_000))
    assert (found.status, found.problem.code, found.problem.suggestion) == (403, "plan_required", "large")
    for language in ("en", "fr"):
        assert {"small", "large"} <= set(found.problem.message(language).replace(";", " ").split())
    asked.require("globex", feature, 1_000)


def test_a_limited_number_is_allowed_up_to_the_limit() -> None:
    asked = plans(acme=on("small"))
    asked.require("acme", Feature.INTEGRATIONS, 2)
    asked.require("acme", Feature.ROWS, 100)
    third = refused(lambda: asked.require("acme", Feature.INTEGRATIONS, 3)).problem
    assert third.message() == "The plan small includes 2 integrations; the plan large includes more."
    assert third.message("fr") == "Le plan small comprend 2 intégrations ; le plan large en comprend davantage."
    rows = refused(lambda: asked.require("acme", Feature.ROWS, 101)).problem
    assert rows.message().startswith("This tenant has 101 records, and the plan small includes 100;")


def test_of_several_features_the_first_is_refused_and_the_plan_named_has_all() -> None:
    middle = Plan("middle", {Feature.ROWS: 100, Feature.EXPORTS: 0})
    asked = plans(PlanTable((SMALL, middle, LARGE), "small"), acme=on("small"), globex=on("middle"))
    needs = {Feature.CUSTOM_REPORTS: 1, Feature.ROWS: 101}
    found = [refused(partial(asked.require_all, tenant, needs)).problem for tenant in ("acme", "globex")]
    assert [(problem.text, problem.suggestion) for problem in found] == [
        ("plan_required.custom_reports", "large"),
        ("plan_required.rows", "large"),
    ]
    assert refused(lambda: asked.require("acme", Feature.CUSTOM_REPORTS)).problem.suggestion == "middle"


def test_where_no_plan_would_do_the_operator_is_named() -> None:
    found = refused(lambda: plans(PlanTable((SMALL,), "small"), acme=on("small")).require("acme", Feature.EXPORTS))
    assert found.problem.suggestion is None
    assert found.problem.message().endswith("Ask your operator.")


def test_a_tenant_that_was_never_made_is_on_the_default_plan() -> None:
    assert plans().plan("acme") == SMALL


def test_a_plan_that_the_file_lost_is_logged_once_and_replaced_by_the_default_one() -> None:
    asked = plans(acme=on("gold"))
    with structlog.testing.capture_logs() as logs:
        assert [asked.plan("acme"), asked.plan("acme")] == [SMALL, SMALL]
    assert [(line["event"], line["plan"], line["applies"]) for line in logs] == [("unknown_plan", "gold", "small")]


def test_without_a_file_every_plan_allows_everything() -> None:
    for feature in Feature:
        plans(PlanTable(), acme=on("gold")).require("acme", feature, 10**12)
        Plans.everything().require("acme", feature, 10**12)


def test_a_tenants_own_quota_wins_over_its_plans_and_that_over_the_deployments() -> None:
    deployment = QuotaSettings(objects=10, reports=10, exports=10)
    found = plans(deployment=deployment, acme=on("small", objects=5)).quotas("acme")
    assert (found.objects, found.reports, found.exports) == (5, 1, 10)


def test_a_plan_counts_as_soon_as_the_tenant_is_on_it() -> None:
    tenants = {"acme": on("large")}
    asked = Plans(TABLE, QuotaSettings(), tenants.get)
    asked.require("acme", Feature.CUSTOM_REPORTS)
    tenants["acme"] = on("small")
    refused(lambda: asked.require("acme", Feature.CUSTOM_REPORTS))
    assert asked.quotas("acme").objects == 1
