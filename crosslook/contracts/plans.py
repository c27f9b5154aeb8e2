"""Plans: what each one allows, and which is the smallest that allows something (R9).

The file of plans lists them from the smallest to the largest; it is read strictly, with every problem at its place.
Without a file every plan name is a plan that allows everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from crosslook.contracts.problems import Problems
from crosslook.contracts.quotas import TenantQuotas, read_quotas
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.schemas import DEFAULT_PLAN
from crosslook.contracts.suggestions import guess

PLAN_NAME_MAX = 63
PLANS_MAX = 100
_MOST = 1_000_000_000_000


class Feature(StrEnum):
    """What a plan allows or not. `integrations` and `rows` may be limited in number."""

    OWN_OBJECTS = "own_objects"
    CUSTOM_REPORTS = "custom_reports"
    INTEGRATIONS = "integrations"
    EXPORTS = "exports"
    ROWS = "rows"
    REFRESH_ON_DEMAND = "refresh_on_demand"


Needs = Mapping[Feature, int]
"""How many of each feature something takes: 1 of those that a plan has or has not."""
_SWITCHES = (Feature.OWN_OBJECTS, Feature.CUSTOM_REPORTS, Feature.EXPORTS, Feature.REFRESH_ON_DEMAND)
_MEMBERS = ("name", *Feature, "quotas")


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan. `limits`: how many of a feature it allows, 0 where it does not have it; a feature that is missing there
    has no limit. `quotas`: those that it sets in place of the deployment's."""

    name: str
    limits: Mapping[Feature, int] = field(default_factory=dict)
    quotas: TenantQuotas = field(default_factory=TenantQuotas)

    def limit(self, feature: Feature) -> int | None:
        """How many it allows; None without a limit."""
        return self.limits.get(feature)

    def allows(self, feature: Feature, count: int = 1) -> bool:
        """Whether a tenant on it may have `count` of a feature."""
        limit = self.limit(feature)
        return limit is None or count <= limit

    def lacks(self, needs: Needs) -> Feature | None:
        """The first feature of which it does not allow enough; None where it allows all."""
        return next((feature for feature, count in needs.items() if not self.allows(feature, count)), None)


@dataclass(frozen=True, slots=True)
class PlanTable:
    """Every plan from the smallest to the largest; none where there is no file. `default`: the name of the plan that
    applies to tenants without one, and to those whose plan the file does not have."""

    plans: tuple[Plan, ...] = ()
    default: str = DEFAULT_PLAN

    @property
    def names(self) -> tuple[str, ...]:
        """What a tenant's plan may be called; none where every name is good."""
        names = tuple(plan.name for plan in self.plans)
        return names if not names or DEFAULT_PLAN in names else (*names, DEFAULT_PLAN)

    def plan(self, name: str) -> Plan:
        """The plan that applies to tenants on the plan of this name."""
        by_name = {plan.name: plan for plan in self.plans}
        return by_name.get(name) or by_name.get(self.default) or Plan(name)

    def smallest(self, needs: Needs) -> Plan | None:
        """The first plan that allows all of it."""
        return next((plan for plan in self.plans if plan.lacks(needs) is None), None)

    def limits(self, feature: Feature) -> bool:
        """Whether a plan limits the feature."""
        return any(plan.limit(feature) is not None for plan in self.plans)


def parse_plans(document: Any) -> tuple[PlanTable | None, Problems]:
    """The plans of a file, and every problem with it."""
    table, problems = read_object(document, _table)
    return (None if problems else table), problems


def _table(root: Reader) -> PlanTable:
    default = root.text("default", PLAN_NAME_MAX, required=True)
    root.value("plan", required=True)
    readers = root.items("plan", PLANS_MAX) or ()
    plans: list[Plan] = []
    for index, reader in readers:
        plan = _plan(reader)
        if plan.name in (known.name for known in plans):
            root.refuse("bad_value", "plan", index, "name", text="bad_value.plan_twice", values={"name": plan.name})
        plans.append(plan)
    if root.sent.get("plan") == []:
        root.refuse("required_missing", "plan", values={"name": "plan"})
    names = [plan.name for plan in plans]
    if default is not None and names and default not in names:
        values = {"name": default, "known": ", ".join(names)}
        root.refuse("unknown_plan", "default", values=values, suggestion=guess(default, names))
    root.close(("default", "plan"))
    return PlanTable(tuple(plans), default or DEFAULT_PLAN)


def _plan(reader: Reader) -> Plan:
    name = reader.text("name", PLAN_NAME_MAX, required=True) or ""
    limits: dict[Feature, int] = {}
    for switch in _SWITCHES:
        reader.value(switch, required=True)
        if reader.boolean(switch) is False:
            limits[switch] = 0
    integrations = reader.value(Feature.INTEGRATIONS, required=True)
    if type(integrations) is bool:
        limits |= {} if integrations else {Feature.INTEGRATIONS: 0}
    elif (most := reader.integer(Feature.INTEGRATIONS, 0, _MOST)) is not None:
        limits[Feature.INTEGRATIONS] = most
    if (rows := reader.integer(Feature.ROWS, 0, _MOST)) is not None:
        limits[Feature.ROWS] = rows
    quotas = read_quotas(reader)
    reader.close(_MEMBERS)
    return Plan(name, limits, quotas)
