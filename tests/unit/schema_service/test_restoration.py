"""Objects that were lost with the schemas topic are put back as a snapshot knows them."""

from typing import Any

import pytest

from crosslook.contracts.ids import TenantId
from crosslook.contracts.schemas import BUILT_IN_CONTACT, FieldDef, FieldType, definition_json
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.clock import SystemClock
from crosslook.platform.errors import Invalid
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.log_store.memory import MemoryLog
from services.schema_service.restoration import LostSchema, Restoration, Restored, read_lost
from services.schema_service.tenants import Tenants
from tests.helpers.builders import definition

ACME = TenantId("acme")
TICKET = definition()
SITE = FieldDef(slug="site", type=FieldType.TEXT)
CONTACT = BUILT_IN_CONTACT.model_copy(update={"fields": (*BUILT_IN_CONTACT.fields, SITE)})


@pytest.fixture
async def log() -> MemoryLog:
    made = MemoryLog(SCHEMAS.name)
    await made.start()
    return made


@pytest.fixture
def feed(log: MemoryLog) -> SchemaFeed:
    """Where tenants have to be made."""
    return SchemaFeed(log, tenants_open=False)


@pytest.fixture
def restoration(log: MemoryLog, feed: SchemaFeed) -> Restoration:
    return Restoration(log, Tenants(log, feed, SystemClock()), SystemClock())


async def test_a_lost_object_begins_at_version_one_and_its_tenant_is_made(
    restoration: Restoration, feed: SchemaFeed
) -> None:
    lost = [LostSchema(ACME, TICKET), LostSchema(TenantId("other"), BUILT_IN_CONTACT)]
    assert await restoration.restore(lost) == Restored(1, 1)
    record = feed.record("acme", "ticket")
    assert record is not None
    assert record.entry is not None
    assert (record.state.version, record.entry.version, record.state.definition) == (1, 1, TICKET)
    assert (feed.tenant_known("acme"), feed.tenant_known("other")) == (True, True)
    assert await restoration.restore(lost) == Restored(0, 2)


async def test_a_changed_contact_stands_above_the_built_in_one(restoration: Restoration, feed: SchemaFeed) -> None:
    assert await restoration.restore([LostSchema(ACME, CONTACT)]) == Restored(1, 0)
    record = feed.record("acme", "contact")
    assert record is not None
    assert record.entry is not None
    assert (record.state.version, record.entry.version) == (2, 2)
    assert record.state.definition == CONTACT


async def test_what_somebody_made_anew_is_left_as_it_is(restoration: Restoration, feed: SchemaFeed) -> None:
    anew = TICKET.model_copy(update={"description": "anew"})
    await restoration.restore([LostSchema(ACME, anew)])
    assert await restoration.restore([LostSchema(ACME, TICKET)]) == Restored(0, 1)
    record = feed.record("acme", "ticket")
    assert record is not None
    assert record.state.definition == anew


def test_a_page_of_the_other_service_is_read_as_it_is() -> None:
    page = {"items": [{"tenant": "acme", "definition": definition_json(TICKET)}], "next_page_token": None}
    assert read_lost(page) == [LostSchema(ACME, TICKET)]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({}, "/items"),
        ({"items": {}}, "/items"),
        ({"items": [None]}, "/items/0"),
        ({"items": [{"tenant": "a/b", "definition": definition_json(TICKET)}]}, "/items/0/tenant"),
        ({"items": [{"tenant": "acme"}]}, "/items/0/definition"),
        ({"items": [], "itemz": 2}, "/itemz"),
        ({"items": [{"tenant": "acme", "definition": definition_json(TICKET), "bogus": 1}]}, "/items/0/bogus"),
    ],
)
def test_anything_else_is_refused_at_its_place(body: Any, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_lost(body)
    assert [problem.pointer for problem in refused.value.errors] == [pointer]


def test_every_problem_of_a_page_is_told_at_once() -> None:
    items = [{"tenant": "acme", "definition": {"object": "Ticket"}}, None, {"tenant": 1, "definition": {}}]
    with pytest.raises(Invalid) as refused:
        read_lost({"items": items})
    places = {problem.pointer for problem in refused.value.errors}
    assert {"/items/1", "/items/2/tenant"} < places
    assert any(place.startswith("/items/0/definition/") for place in places)
