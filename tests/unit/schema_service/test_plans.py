"""What a tenant's plan allows of objects: whose an object is decides."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from crosslook.contracts.plans import Feature, Plan, PlanTable
from crosslook.contracts.schemas import SCHEMA_CREATED, Definition, SchemaState
from crosslook.platform.errors import Invalid, PlanRequired
from tests.helpers.builders import schema_event
from tests.unit.schema_service.dataset import NOW, Dataset, contact, create
from tests.unit.schema_service.samples import TICKET

BROUGHT = {**TICKET, "object": "zendesk_ticket"}
NOTE = {"slug": "note", "label": "Note", "type": "text"}
PLANS = PlanTable(
    (
        Plan("nothing", dict.fromkeys(Feature, 0)),
        Plan("bringing", {Feature.OWN_OBJECTS: 0}),
        Plan("owning", {Feature.INTEGRATIONS: 0}),
        Plan("all"),
    ),
    "all",
)
SMALLEST = {"ticket": "owning", "zendesk_ticket": "bringing"}


@pytest.fixture
async def dataset() -> Dataset:
    """acme has an own object and one that an integration brought."""
    made = await Dataset(plans=PLANS).start()
    await create(made)
    definition = Definition.model_validate(BROUGHT)
    state = SchemaState(
        tenant="acme", object=definition.object, version=1, definition=definition, integration="zendesk"
    )
    brought = schema_event(state, id="b", type=SCHEMA_CREATED, time=NOW)
    await made.store.put(str(state.key), brought.encode())
    return made


async def allowed(call: Callable[[], Awaitable[Any]]) -> str | None:
    """None where the call is allowed, else the plan that the refusal names."""
    try:
        await call()
    except PlanRequired as refused:
        return refused.problem.suggested()
    return None


@pytest.mark.parametrize("plan", ["nothing", "bringing", "owning", "all"])
@pytest.mark.parametrize("slug", ["ticket", "zendesk_ticket"])
async def test_an_object_is_changed_by_whoever_may_have_it(dataset: Dataset, plan: str, slug: str) -> None:
    await dataset.tenants.put("acme", {"plan": plan})
    body = {**TICKET, "object": slug, "fields": [*TICKET["fields"], NOTE]}
    expected = None if plan in (SMALLEST[slug], "all") else SMALLEST[slug]
    assert await allowed(lambda: dataset.registry.preview("acme", slug, body, None)) == expected
    assert await allowed(lambda: dataset.registry.change("acme", slug, body, '"1"')) == expected
    assert dataset.objects.get("acme", slug).record.state.version == (1 if expected else 2)


@pytest.mark.parametrize(("plan", "expected"), [("nothing", "owning"), ("bringing", "owning"), ("owning", None)])
async def test_only_who_may_have_own_objects_makes_one(dataset: Dataset, plan: str, expected: str | None) -> None:
    await dataset.tenants.put("acme", {"plan": plan})
    assert await allowed(lambda: create(dataset, {**TICKET, "object": "asset"})) == expected


@pytest.mark.parametrize("plan", ["nothing", "all"])
async def test_contact_is_changed_and_objects_are_deleted_on_every_plan(dataset: Dataset, plan: str) -> None:
    await dataset.tenants.put("acme", {"plan": plan})
    await dataset.registry.change("acme", "contact", contact(NOTE, dataset=dataset), '"1"')
    for slug in ("ticket", "zendesk_ticket"):
        assert (await dataset.registry.delete("acme", slug, None)).record.deleted


async def test_the_plan_is_named_before_anything_is_said_of_the_body(dataset: Dataset) -> None:
    await dataset.tenants.put("acme", {"plan": "nothing"})
    assert await allowed(lambda: create(dataset, {})) == "owning"
    await dataset.tenants.put("acme", {"plan": "all"})
    with pytest.raises(Invalid):
        await create(dataset, {})


async def test_a_plan_that_is_not_in_the_file_is_not_given(dataset: Dataset) -> None:
    with pytest.raises(Invalid) as refused:
        await dataset.tenants.put("acme", {"plan": "everything"})
    assert [problem.code for problem in refused.value.found] == ["unknown_plan"]
    assert (await dataset.tenants.put("acme", {})).plan == "default"
