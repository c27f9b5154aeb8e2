"""The file of plans: what a service says of a wrong one, and the example against the help article."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from crosslook.contracts.plans import Feature
from crosslook.platform.plan_settings import PlansSettings, read_plans
from tests.architecture.sources import ROOT

EXAMPLE = ROOT / "deploy/plans.example.toml"
PLANS = ("starter", "plus", "pro", "enterprise")
ARTICLE = {
    ("starter", Feature.INTEGRATIONS): True,
    ("plus", Feature.INTEGRATIONS): True,
    ("pro", Feature.INTEGRATIONS): True,
    ("enterprise", Feature.INTEGRATIONS): True,
    ("starter", Feature.OWN_OBJECTS): False,
    ("plus", Feature.OWN_OBJECTS): False,
    ("pro", Feature.OWN_OBJECTS): False,
    ("enterprise", Feature.OWN_OBJECTS): True,
    ("starter", Feature.CUSTOM_REPORTS): False,
    ("plus", Feature.CUSTOM_REPORTS): False,
    ("pro", Feature.CUSTOM_REPORTS): False,
    ("enterprise", Feature.CUSTOM_REPORTS): True,
}
"""What ActiveCampaign's help articles say: all plans get objects that integrations bring, only Enterprise creates its
own, and custom reports are for Enterprise. They give no numbers."""


@pytest.mark.parametrize(("plan", "feature", "allowed"), [(*row, allowed) for row, allowed in ARTICLE.items()])
def test_the_example_allows_what_the_help_article_does(plan: str, feature: Feature, allowed: bool) -> None:
    assert read_plans(EXAMPLE).plan(plan).allows(feature) is allowed


def test_the_example_lists_the_plans_from_the_smallest_to_the_largest_without_numbers() -> None:
    table = PlansSettings(file=EXAMPLE).table
    assert (tuple(plan.name for plan in table.plans), table.default) == (PLANS, "starter")
    assert all(limit == 0 for plan in table.plans for limit in plan.limits.values())
    required = {feature: found.name for feature in Feature if (found := table.smallest({feature: 10})) is not None}
    assert required[Feature.CUSTOM_REPORTS] == required[Feature.OWN_OBJECTS] == "enterprise"


def test_no_file_is_no_plan() -> None:
    assert PlansSettings().table.plans == ()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"default = ", "not TOML: Invalid value (at end of document); compare it with deploy/plans.example.toml"),
        (b"\xff", "the file is not UTF-8; save it as UTF-8"),
        (b"default = 'x'\n[[plan]]\nname = 'x'\n", "/plan/0/own_objects: own_objects is required.; /plan/0/custom"),
        (
            EXAMPLE.read_bytes().replace(b"default = ", b"default = 'sarter' #"),
            "/default: There is no plan sarter; the plans are starter, plus, pro, enterprise. Did you mean starter?",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_place_reason_and_remedy(tmp_path: Path, written: bytes, said: str) -> None:
    file = tmp_path / "plans.toml"
    file.write_bytes(written)
    with pytest.raises(ValidationError, match=re.escape(said)) as caught:
        PlansSettings(file=file)
    assert [error["loc"] for error in caught.value.errors()] == [("file",)]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match=r"cannot be read \(No such file or directory\)"):
        PlansSettings(file=tmp_path / "none.toml")
