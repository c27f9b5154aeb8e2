"""The file of plans, and what each plan allows."""

from typing import Any

import pytest

from crosslook.contracts.plans import Feature, Needs, Plan, PlanTable, parse_plans
from crosslook.contracts.quotas import TenantQuotas

ALL: dict[str, Any] = {
    "own_objects": True,
    "custom_reports": True,
    "integrations": True,
    "exports": True,
    "refresh_on_demand": True,
}
NOTHING: dict[str, Any] = dict.fromkeys(ALL, False)
SMALL: dict[str, Any] = {**NOTHING, "name": "small", "integrations": 2, "rows": 100}
LARGE: dict[str, Any] = {**ALL, "name": "large"}
FILE: dict[str, Any] = {"default": "small", "plan": [SMALL, LARGE]}
SWITCHES = ("own_objects", "custom_reports", "exports", "refresh_on_demand")


def table(document: Any) -> PlanTable:
    """The plans of a file that is right."""
    found, problems = parse_plans(document)
    assert found is not None, list(problems)
    return found


def wrong(document: Any) -> list[tuple[str, str, str | None]]:
    """(place, code, suggestion) of every problem with a file."""
    found, problems = parse_plans(document)
    assert found is None
    return [(problem.pointer, problem.code, problem.suggested()) for problem in problems]


@pytest.mark.parametrize("feature", Feature)
@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("nothing", {}),
        *((feature, {feature: 1_000_000_000}) for feature in SWITCHES),
        ("two integrations", {"integrations": 2}),
        ("a hundred rows", {"rows": 100}),
    ],
)
@pytest.mark.parametrize("count", [1, 2, 3, 100, 101])
def test_a_plan_allows_what_its_file_says(name: str, allowed: dict[str, int], count: int, feature: Feature) -> None:
    switches = {switch: switch in allowed for switch in SWITCHES}
    limits = {"integrations": allowed.get("integrations", False), "rows": allowed.get("rows", 0)}
    plan = table({"default": name, "plan": [{"name": name, **switches, **limits}]}).plan(name)
    assert plan.allows(feature, count) == (count <= allowed.get(feature, 0))


@pytest.mark.parametrize("feature", Feature)
def test_a_plan_without_limits_allows_any_number(feature: Feature) -> None:
    assert table(FILE).plan("large").allows(feature, 10**15)


@pytest.mark.parametrize("feature", Feature)
def test_without_a_file_every_name_is_a_plan_that_allows_everything(feature: Feature) -> None:
    assert PlanTable().plan("gold").allows(feature, 10**15)
    assert (PlanTable().plan("gold").name, PlanTable().names) == ("gold", ())


def test_the_smallest_plan_in_the_order_of_the_file_is_named() -> None:
    middle = {**ALL, "name": "middle", "own_objects": False, "integrations": 5}
    plans = table({"default": "small", "plan": [SMALL, middle, LARGE]})
    asked: list[tuple[Needs, str]] = [
        ({Feature.CUSTOM_REPORTS: 1}, "middle"),
        ({Feature.OWN_OBJECTS: 1}, "large"),
        ({Feature.INTEGRATIONS: 2}, "small"),
        ({Feature.INTEGRATIONS: 3}, "middle"),
        ({Feature.INTEGRATIONS: 6}, "large"),
        ({Feature.ROWS: 101}, "middle"),
        ({Feature.ROWS: 100, Feature.INTEGRATIONS: 1}, "small"),
        ({Feature.CUSTOM_REPORTS: 1, Feature.INTEGRATIONS: 6}, "large"),
    ]
    for needs, expected in asked:
        smallest = plans.smallest(needs)
        assert smallest is not None
        assert smallest.name == expected, needs
    assert table({"default": "small", "plan": [SMALL]}).smallest({Feature.EXPORTS: 1}) is None


def test_the_first_feature_that_a_plan_lacks_is_named() -> None:
    plan = table(FILE).plan("small")
    assert plan.lacks({Feature.INTEGRATIONS: 1, Feature.ROWS: 101, Feature.EXPORTS: 1}) is Feature.ROWS
    assert plan.lacks({Feature.INTEGRATIONS: 2, Feature.ROWS: 100}) is None
    assert [table(FILE).limits(feature) for feature in (Feature.ROWS, Feature.EXPORTS)] == [True, True]
    assert not PlanTable((Plan("large"),)).limits(Feature.ROWS)


def test_a_tenant_without_a_plan_or_with_one_that_is_gone_has_the_default_one() -> None:
    plans = table(FILE)
    assert [plans.plan(name).name for name in ("default", "gone", "large")] == ["small", "small", "large"]
    assert plans.names == ("small", "large", "default")


def test_a_plan_may_be_called_default() -> None:
    plans = table({"default": "large", "plan": [{**LARGE, "name": "default"}, LARGE]})
    assert (plans.plan("default").name, plans.names) == ("default", ("default", "large"))


def test_a_plan_names_quotas() -> None:
    plans = table({"default": "large", "plan": [{**LARGE, "quotas": {"objects": 0, "reports": 3}}]})
    assert plans.plan("large") == Plan("large", {}, TenantQuotas(objects=0, reports=3))


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ([], [("", "wrong_type", None)]),
        ({}, [("/default", "required_missing", None), ("/plan", "required_missing", None)]),
        ({"default": "small", "plan": []}, [("/plan", "required_missing", None)]),
        ({"default": "small", "plan": {}}, [("/plan", "wrong_type", None)]),
        ({"default": "smal", "plan": [SMALL]}, [("/default", "unknown_plan", "small")]),
        ({"default": "small", "plan": [SMALL, LARGE, SMALL]}, [("/plan/2/name", "bad_value", None)]),
        ({**FILE, "plans": []}, [("/plans", "unknown_property", "plan")]),
        (
            {"default": "x", "plan": [{"name": "x"}]},
            [(f"/plan/0/{name}", "required_missing", None) for name in (*SWITCHES, "integrations")],
        ),
        (
            {"default": "x", "plan": [{**ALL, "name": "x", "exports": "yes", "integrations": "two", "rows": -1}]},
            [
                ("/plan/0/exports", "wrong_type", None),
                ("/plan/0/integrations", "wrong_type", None),
                ("/plan/0/rows", "out_of_range", None),
            ],
        ),
        (
            {"default": "x", "plan": [{**ALL, "name": "x", "export": True, "quotas": {"object": 1, "reports": 0}}]},
            [
                ("/plan/0/quotas/reports", "out_of_range", None),
                ("/plan/0/quotas/object", "unknown_property", "objects"),
                ("/plan/0/export", "unknown_property", "exports"),
            ],
        ),
        (
            {"default": "x", "plan": [{**ALL, "name": ""}]},
            [("/plan/0/name", "required_missing", None), ("/default", "unknown_plan", None)],
        ),
    ],
)
def test_every_problem_of_a_file_has_its_place(document: Any, expected: list[tuple[str, str, str | None]]) -> None:
    assert wrong(document) == expected
