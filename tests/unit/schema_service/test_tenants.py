"""Tenants: what an operator sends, and tenants that exist from their first use."""

from typing import Any

import orjson
import pytest

from crosslook.contracts.quotas import TenantQuotas
from crosslook.contracts.schemas import TenantState
from crosslook.platform.errors import Invalid, NotFound
from services.schema_service.domain.tenant import parse_tenant
from tests.unit.schema_service.dataset import Dataset
from tests.unit.schema_service.samples import TICKET

Expected = tuple[str, str, str | None]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, TenantState(tenant="acme", plan="default", status="active")),
        ({"tenant": "acme", "plan": "enterprise"}, TenantState(tenant="acme", plan="enterprise")),
        ({"status": "suspended"}, TenantState(tenant="acme", status="suspended")),
        ({"quotas": {"objects": 3}}, TenantState(tenant="acme", quotas=TenantQuotas(objects=3))),
        ({"quotas": None, "effective": {"plan": {}}}, TenantState(tenant="acme")),
    ],
)
def test_plan_status_and_quotas_have_defaults(body: Any, expected: TenantState) -> None:
    state, problems = parse_tenant(body, "acme")
    assert (state, list(problems)) == (expected, [])


@pytest.mark.parametrize(
    ("tenant", "body", "expected"),
    [
        ("acme", [], [("", "wrong_type", None)]),
        ("acme", {"tenant": "globex"}, [("/tenant", "tenant_mismatch", "acme")]),
        ("acme", {"plan": 3}, [("/plan", "wrong_type", None)]),
        ("acme", {"plan": "p" * 64}, [("/plan", "too_long", None)]),
        ("acme", {"status": "activ"}, [("/status", "unknown_status", "active")]),
        ("acme", {"status": "off"}, [("/status", "unknown_status", None)]),
        ("acme", {"plann": "x"}, [("/plann", "unknown_property", "plan")]),
        ("acme", {"quotas": []}, [("/quotas", "wrong_type", None)]),
        (
            "acme",
            {"quotas": {"objects": -1, "reports": "8", "object": 1}},
            [
                ("/quotas/objects", "out_of_range", None),
                ("/quotas/reports", "wrong_type", None),
                ("/quotas/object", "unknown_property", "objects"),
            ],
        ),
        ("a b", {}, [("/tenant", "bad_tenant", None)]),
        ("a\n", {}, [("/tenant", "bad_tenant", None)]),
        (
            "-",
            {"status": 1, "x": 1},
            [("/tenant", "bad_tenant", None), ("/status", "wrong_type", None), ("/x", "unknown_property", None)],
        ),
    ],
)
def test_a_tenant_is_refused_with_every_problem(tenant: str, body: Any, expected: list[Expected]) -> None:
    state, refused = parse_tenant(body, tenant)
    assert state is None
    assert [(problem.pointer, problem.code, problem.suggested()) for problem in refused] == expected


@pytest.mark.parametrize(("plan", "meant"), [("enterprize", "enterprise"), ("gold", None)])
def test_a_plan_that_the_file_does_not_have_is_refused(plan: str, meant: str | None) -> None:
    state, refused = parse_tenant({"plan": plan}, "acme", ("starter", "enterprise", "default"))
    assert state is None
    assert [(problem.pointer, problem.code, problem.suggested()) for problem in refused] == [
        ("/plan", "unknown_plan", meant)
    ]
    assert parse_tenant({"plan": "default"}, "acme", ("starter", "enterprise", "default"))[0] is not None


async def test_a_tenant_is_published_as_an_event() -> None:
    dataset = await Dataset(tenants_open=False).start()
    await dataset.tenants.put("acme", {"plan": "enterprise"})
    entry = dataset.store.get("~tenant/acme")
    assert entry is not None
    event = orjson.loads(entry.value)
    assert event["type"] == "crosslook.tenant.changed.v1"
    assert event["data"] == {"tenant": "acme", "plan": "enterprise", "status": "active"}


async def test_the_same_tenant_again_writes_nothing() -> None:
    dataset = await Dataset().start()
    await dataset.tenants.put("acme", {"plan": "enterprise"})
    position = dataset.store.position
    await dataset.tenants.put("acme", {"plan": "enterprise"})
    assert dataset.store.position == position


async def test_a_refused_tenant_is_not_made() -> None:
    dataset = await Dataset().start()
    with pytest.raises(Invalid):
        await dataset.tenants.put("acme", {"status": "x"})
    with pytest.raises(NotFound):
        dataset.tenants.get("acme")


async def test_a_tenant_exists_from_its_first_object_where_tenants_are_open() -> None:
    dataset = await Dataset().start()
    with pytest.raises(NotFound) as caught:
        dataset.tenants.get("acme")
    assert caught.value.problem.code == "unknown_tenant"
    await dataset.registry.create("acme", TICKET, None)
    assert dataset.tenants.get("acme") == TenantState(tenant="acme")
    assert dataset.tenants.page(None, 10) == [TenantState(tenant="acme")]


async def test_a_tenant_that_only_sends_events_leaves_one_trace() -> None:
    dataset = await Dataset().start()
    await dataset.tenants.ensure("acme")
    position = dataset.store.position
    await dataset.tenants.ensure("acme")
    assert dataset.store.position == position
    assert dataset.tenants.get("acme") == TenantState(tenant="acme")


async def test_what_an_operator_said_is_not_overwritten_by_use() -> None:
    dataset = await Dataset().start()
    await dataset.tenants.put("acme", {"plan": "enterprise"})
    await dataset.tenants.ensure("acme")
    assert dataset.tenants.get("acme").plan == "enterprise"


async def test_tenants_are_listed_by_name() -> None:
    dataset = await Dataset().start()
    for name in ("globex", "acme", "zeta"):
        await dataset.tenants.put(name, {})
    assert [dataset_object.tenant for dataset_object in dataset.tenants.page(None, 2)] == ["acme", "globex"]
    assert [dataset_object.tenant for dataset_object in dataset.tenants.page("acme", 5)] == ["globex", "zeta"]
