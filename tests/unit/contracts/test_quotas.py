"""The quotas of tenants: which there are, their bounds, and how they stand on the topic."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crosslook.contracts.problems import Problems
from crosslook.contracts.quotas import QUOTA_BOUNDS, TenantQuotas, read_quotas
from crosslook.contracts.reading import read_object
from crosslook.contracts.schemas import TenantEvent, TenantState, decode_tenant
from crosslook.platform.plan_settings import QuotaSettings

AT = datetime(2026, 11, 24, tzinfo=UTC)


def read(sent: Any) -> tuple[TenantQuotas | None, Problems]:
    """What becomes of `quotas` in a body."""
    return read_object({"quotas": sent}, read_quotas)


def test_a_tenant_has_exactly_the_quotas_of_the_deployment() -> None:
    assert [*TenantQuotas.model_fields] == [*QUOTA_BOUNDS] == [*QuotaSettings.model_fields]


@pytest.mark.parametrize("name", QUOTA_BOUNDS)
def test_what_the_reader_takes_the_deployment_takes_too_and_no_more(name: str) -> None:
    least, most = QUOTA_BOUNDS[name]
    for value in (least, most):
        assert getattr(QuotaSettings(**{name: value}), name) == value
        assert read({name: value})[0] == TenantQuotas(**{name: value})
    with pytest.raises(ValueError, match=name):
        QuotaSettings(**{name: least - 1})
    for value in (least - 1, most + 1):
        assert [problem.code for problem in read({name: value})[1]] == ["out_of_range"]


@pytest.mark.parametrize("sent", [None, {}, {"objects": None}])
def test_what_is_left_out_is_not_set(sent: Any) -> None:
    quotas, problems = read(sent)
    assert quotas is not None
    assert (quotas.given, len(problems)) == ({}, 0)


def test_a_later_set_of_quotas_wins_and_nought_is_one() -> None:
    deployment = QuotaSettings(objects=5, reports=6, exports=7)
    plan, own = TenantQuotas(objects=10, reports=10), TenantQuotas(objects=0)
    effective = deployment.with_quotas(plan, own)
    assert (effective.objects, effective.reports, effective.exports) == (0, 10, 7)
    assert deployment.with_quotas(TenantQuotas()) is deployment


def test_a_tenant_without_quotas_stands_on_the_topic_as_it_did_before_there_were_any() -> None:
    event = TenantEvent(id="e", source="s", time=AT, data=TenantState(tenant="acme", plan="pro"))
    assert json.loads(event.encode())["data"] == {"tenant": "acme", "plan": "pro", "status": "active"}
    assert decode_tenant(event.encode()) == event.data


def test_quotas_are_read_back_and_those_of_a_later_release_are_passed_over() -> None:
    state = TenantState(tenant="acme", quotas=TenantQuotas(objects=3))
    stored = json.loads(TenantEvent(id="e", source="s", time=AT, data=state).encode())
    assert stored["data"]["quotas"] == {"objects": 3}
    stored["data"]["quotas"]["dreams"] = 1
    assert decode_tenant(json.dumps(stored).encode()) == state
