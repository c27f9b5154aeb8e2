"""What becomes of a Look when something that it names goes, changes or comes back."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import state, without_fields
from tests.helpers.looks import BY_STATUS, CONTACTS, LOOKS, ROWS, dataset, reopened, saved
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import BOOKING, TICKET

_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_degraded_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        await running.define(state(TICKET))
        yield running


async def test_a_look_without_one_of_its_fields_shows_the_rest_and_says_so(stack: QueryStack) -> None:
    look = await saved(stack)
    tag = (await stack.client.get(f"{LOOKS}/{look['id']}/result")).headers["etag"]
    later = without_fields(TICKET, "csat")
    await publish(stack.clickhouse, stack.snapshots, dataset(later), number=2)
    response = await stack.client.get(f"{LOOKS}/{look['id']}/result", headers={"If-None-Match": tag})
    found = response.json()
    assert [column["name"] for column in found["columns"]] == ["ticket.status", "contact.country", "ticket.count"]
    assert sorted(found["rows"]) == [["open", "FR", 2], ["solved", "DE", 1]]
    assert found["warnings"] == [
        {
            "pointer": "/request/measures/1",
            "code": "left_out",
            "message": "ticket.csat.avg is no longer available in this snapshot, so this measure was left out.",
        },
        {
            "pointer": "/request/having",
            "code": "left_out",
            "message": "ticket.csat.avg is no longer in this result, so this condition was left out; other rows may "
            "be shown.",
        },
        {
            "pointer": "/request/sort/0",
            "code": "left_out",
            "message": "ticket.csat.avg is no longer in this result, so the rows are not sorted by it.",
        },
    ]
    assert (await stack.client.get(f"{LOOKS}/{look['id']}")).json()["request"] == BY_STATUS


async def test_a_look_whose_compared_field_is_gone_is_not_compared(stack: QueryStack) -> None:
    counted = {"object": "ticket", "dimensions": ["ticket.status"], "measures": ["ticket.count"]}
    moved = {"field": "ticket.due_on", "shift": [1, "month"]}
    sorted_by = {"field": "ticket.count@previous", "direction": "desc"}
    alone = await saved(stack, {"name": "A", "request": {**counted, "compare": moved, "sort": [sorted_by]}})
    periods = [{**moved, "name": "a"}, {"field": "ticket.opened_at", "shift": [1, "year"], "name": "b"}]
    several = await saved(stack, {"name": "B", "request": {**counted, "compare": periods}})
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "due_on")), number=2)
    found = await reopened(stack, alone)
    assert [column["name"] for column in found["columns"]] == ["ticket.status", "ticket.count"]
    assert [(warning["pointer"], warning["code"]) for warning in found["warnings"]] == [
        ("/request/compare", "left_out"),
        ("/request/sort/0", "left_out"),
    ]
    assert found["warnings"][0]["message"].startswith("ticket.due_on is no longer available in this snapshot, so the")
    found = await reopened(stack, several)
    assert [column["name"] for column in found["columns"][2:]] == ["ticket.count@b", "ticket.count@b:delta"]
    assert [(warning["pointer"], warning["code"]) for warning in found["warnings"]] == [
        ("/request/compare/0", "left_out"),
        ("/request/compare/1/field", "compare_without_effect"),
    ]


async def test_a_filtered_measure_goes_as_one_when_its_filter_lost_a_field(stack: QueryStack) -> None:
    rated = {"field": "ticket.csat", "op": "is_not_empty"}
    measures = ["ticket.count", {"measure": "ticket.count", "name": "rated", "filters": {"and": [rated]}}]
    share = {"name": "share", "expression": "rated / ticket.count"}
    request = {"object": "ticket", "measures": measures, "calculations": [share], "sort": [{"field": "rated"}]}
    look = await saved(stack, {"name": "Rated", "request": request})
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    found = await reopened(stack, look)
    assert ([column["name"] for column in found["columns"]], found["rows"]) == (["ticket.count"], [[3]])
    assert [(warning["pointer"], warning["code"]) for warning in found["warnings"]] == [
        ("/request/measures/1", "left_out"),
        ("/request/calculations/0", "left_out"),
        ("/request/sort/0", "left_out"),
    ]
    assert found["warnings"][0]["message"].startswith("The filtered measure rated uses something")


async def test_a_field_that_comes_back_is_shown_again(stack: QueryStack) -> None:
    look = await saved(stack)
    for number, ticket in ((2, without_fields(TICKET, "csat")), (3, TICKET)):
        await publish(stack.clickhouse, stack.snapshots, dataset(ticket), number=number)
    found = await reopened(stack, look)
    assert (found["rows"], found["warnings"]) == (ROWS, [])


async def test_a_look_of_which_nothing_is_left_is_refused(stack: QueryStack) -> None:
    look = await saved(stack, {"name": "CSAT", "request": {"object": "ticket", "measures": ["ticket.csat.avg"]}})
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    response = await stack.client.get(f"{LOOKS}/{look['id']}/result")
    assert response.status_code == 422
    assert [(error["pointer"], error["code"]) for error in response.json()["errors"]] == [
        ("/request/measures/0", "pending_field")
    ]


async def test_a_look_on_an_object_that_is_gone_is_refused(stack: QueryStack) -> None:
    look = await saved(stack)
    await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(BUILT_IN_CONTACT, CONTACTS)]}, number=2)
    await stack.define(state(None, version=2))
    response = await stack.client.get(f"{LOOKS}/{look['id']}/result")
    errors = response.json()["errors"]
    assert (response.status_code, [(error["pointer"], error["code"]) for error in errors]) == (
        422,
        [("/request/object", "unknown_object")],
    )


async def test_a_field_that_will_leave_is_warned_of(stack: QueryStack) -> None:
    look = await saved(stack)
    await stack.define(state(without_fields(TICKET, "csat"), version=2))
    found = await reopened(stack, look)
    assert [(warning["code"], warning["pointer"]) for warning in found["warnings"]] == [
        ("leaving", "/request/measures/1")
    ]


def _guests_added(number: int) -> Definition:
    """Bookings with one, then two relationships to contact."""
    return BOOKING.model_copy(update={"relationships": BOOKING.relationships[:number]})


async def test_a_second_relationship_does_not_make_a_look_ambiguous(stack: QueryStack) -> None:
    def bookings(number: int) -> dict[str, list[PlainObject]]:
        row = PlainRow("b1", {}, {"invitee": ["ann"], "guests": ["bob"]})
        return {"acme": [PlainObject(BUILT_IN_CONTACT, CONTACTS), PlainObject(_guests_added(number), [row])]}

    report = {"object": "booking", "dimensions": ["contact.country"], "measures": ["booking.count"]}
    await publish(stack.clickhouse, stack.snapshots, bookings(1), number=2)
    look = await saved(stack, {"name": "Bookings", "request": report})
    await publish(stack.clickhouse, stack.snapshots, bookings(2), number=3)
    assert (await stack.ask(report)).json()["errors"][0]["code"] == "relationship_required"
    assert (await reopened(stack, look))["rows"] == [["FR", 1]]
    assert look["request"] == report
