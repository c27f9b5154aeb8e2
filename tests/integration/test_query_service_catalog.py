"""The catalog: what can be asked, what cannot and why, what is coming, and which values a field has."""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from crosslook.contracts.failures import FailedObject
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import state, without_fields
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import ASSET, BOOKING, TICKET

COUNT = {"object": "ticket", "measures": ["ticket.count"]}
TICKETS = [
    PlainRow("t1", {"status": "open", "tags": ["a", "b"]}, {"requester": ["ann"]}),
    PlainRow("t2", {"status": "solved", "tags": ["b"]}),
    PlainRow("t3", {"status": "open"}),
]
WORLD = [PlainObject(BUILT_IN_CONTACT, [PlainRow("ann")]), PlainObject(TICKET, TICKETS), PlainObject(ASSET, [])]
DUE = "2026-11-24T11:30:00Z"
_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    """A service that has snapshot s1, and the schemas of it."""
    async with query_stack(clickhouse, f"query_catalog_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD})
        for definition in (TICKET, ASSET):
            await running.define(state(definition))
        yield running


async def _catalog(stack: QueryStack, **options: Any) -> dict[str, Any]:
    response = await stack.client.get("/v1/tenants/acme/catalog", **options)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_the_catalog_lists_what_can_be_asked(stack: QueryStack) -> None:
    body = await _catalog(stack)
    contact, ticket = body["explores"]
    assert (contact["object"], contact["joinable"], ticket["object"], ticket["joinable"]) == (
        "contact",
        [],
        "ticket",
        ["contact"],
    )
    assert {name: ticket[name] for name in ("label", "singular", "description", "integration")} == {
        **{"label": "Tickets", "singular": "Ticket"},
        **{"description": "", "integration": None},
    }
    assert ticket["relationships"] == [{"slug": "requester", "label": "requester", "many": False}]
    assert ticket["dimensions"][1] == {
        "name": "ticket.status",
        "label": "Status",
        "type": "dropdown",
        "measures": ["ticket.status.count_distinct"],
        "measures_note": (
            "Options cannot be added up or averaged; the only measure of a dropdown is count_distinct, the number of "
            "distinct values."
        ),
        "options": [{"value": "open", "label": "Open"}],
    }
    assert ticket["dimensions"][5]["granularities"][:2] == ["hour", "day"]
    assert ticket["measures"][0] == {"name": "ticket.count", "label": "Tickets", "type": "integer"}
    assert {"name": "ticket.csat.avg", "label": "CSAT, average", "type": "number"} in ticket["measures"]
    assert (body["pending"], body["warnings"]) == ([], [])
    assert [(object_["object"], object_["label"]) for object_ in body["not_reportable"]] == [("asset", "Assets")]


async def test_the_catalog_speaks_french(stack: QueryStack) -> None:
    body = await _catalog(stack, headers={"Accept-Language": "fr"})
    assert {"name": "ticket.csat.avg", "label": "CSAT, moyenne", "type": "number"} in body["explores"][1]["measures"]
    assert body["not_reportable"][0]["reason"].startswith("asset n'a pas de relation")


async def test_what_waits_for_the_refresh_is_shown_with_its_time(stack: QueryStack) -> None:
    await stack.define(state(BOOKING))
    await stack.define(state(None, version=2))
    due = "2026-11-24T11:30:00Z"
    assert (await _catalog(stack))["pending"] == [
        {"object": "booking", "label": "Bookings", "change": "created", "from": due, "reportable": True},
        {"object": "ticket", "label": "Tickets", "change": "deleted", "from": due, "reportable": False},
    ]
    answer = (await stack.ask(COUNT)).json()
    assert answer["rows"] == [[3]]
    assert answer["warnings"] == [
        {
            "pointer": "/object",
            "code": "leaving",
            "message": "ticket was deleted; it leaves the reports with the next refresh.",
        }
    ]


async def test_before_the_first_snapshot_there_is_a_catalog_of_what_is_coming(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, f"query_catalog_{next(_databases)}") as stack:
        await stack.define(state(TICKET))
        body = await _catalog(stack)
        assert (body["snapshot"], body["explores"]) == (None, [])
        assert [(change["object"], change["change"], change["from"]) for change in body["pending"]] == [
            ("ticket", "created", DUE)
        ]
        response = await stack.ask(COUNT)
        assert (response.status_code, response.json()["code"]) == (409, "no_snapshot")
        assert (await stack.client.get("/readyz")).status_code == 200


async def test_every_type_of_field_says_which_measures_it_has_and_why_not_others(stack: QueryStack) -> None:
    for language in ("en", "fr"):
        dimensions = (await _catalog(stack, headers={"Accept-Language": language}))["explores"][1]["dimensions"]
        found = {
            dimension["type"]: (len(dimension["measures"]), dimension["measures_note"]) for dimension in dimensions
        }
        assert {kind: many for kind, (many, _) in found.items()} == {
            **{"text": 1, "dropdown": 1, "number": 8, "currency": 8, "date": 2, "datetime": 2},
            **{"multiselect": 1, "boolean": 0},
        }
        assert all(note for _, note in found.values())


async def test_formats_and_descriptions_are_those_of_the_schema(stack: QueryStack) -> None:
    fields = [
        {"slug": "csat", "type": "number", "scale": 1, "description": "From 1 to 5"},
        {"slug": "amount", "type": "currency", "currency": "USD"},
    ]
    shown = Definition.model_validate({**TICKET.model_dump(exclude_unset=True), "fields": fields})
    await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(shown, [])]}, number=2)
    explore = (await _catalog(stack))["explores"][1]
    csat, amount, *_ = explore["dimensions"]
    assert (csat["scale"], csat["description"], amount["currency"]) == (1, "From 1 to 5", "USD")
    measures = {measure["name"]: measure for measure in explore["measures"]}
    assert (measures["ticket.csat.avg"]["scale"], measures["ticket.amount.sum"]["currency"]) == (1, "USD")
    assert measures["ticket.count"].keys() == {"name", "label", "type"}


async def test_a_changed_object_says_what_comes_and_what_goes(stack: QueryStack) -> None:
    sent = without_fields(TICKET, "csat").model_dump(exclude_unset=True)
    later = Definition.model_validate({**sent, "fields": [*sent["fields"], {"slug": "severity", "type": "number"}]})
    await stack.define(state(later, version=2))
    assert (await _catalog(stack))["pending"] == [
        {
            **{"object": "ticket", "label": "Tickets", "change": "changed", "from": DUE, "reportable": True},
            **{"added": ["ticket.severity"], "removed": ["ticket.csat"]},
            "added_fields": [{"name": "ticket.severity", "label": "severity", "type": "number"}],
            "removed_fields": [{"name": "ticket.csat", "label": "CSAT", "type": "number"}],
        }
    ]


async def test_an_object_of_an_integration_names_its_connection(stack: QueryStack) -> None:
    described = Definition.model_validate({**TICKET.model_dump(exclude_unset=True), "description": "From Zendesk"})
    await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(described, [])]}, number=2)
    await stack.define(state(described, integration="help_desk"))
    contact, ticket = (await _catalog(stack))["explores"]
    assert (ticket["integration"], ticket["description"]) == ("help_desk", "From Zendesk")
    assert (contact["integration"], contact["singular"]) == (None, "Contact")


async def test_a_tenant_is_told_which_objects_fell_behind(stack: QueryStack) -> None:
    failed = [
        FailedObject(tenant="acme", object=name, reason="verify: too few", watermark={}) for name in ("ticket", "order")
    ]
    await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD}, number=2, failed=failed)
    warnings = (await _catalog(stack))["warnings"]
    assert [(warning["code"], warning["message"]) for warning in warnings] == [
        (
            "refresh_failed",
            "The last refresh failed for order, so it is not in the reports yet: verify: too few.",
        ),
        (
            "refresh_failed",
            "The last refresh failed for ticket, so its previous data are shown: verify: too few.",
        ),
    ]


async def test_who_has_the_catalog_is_not_sent_it_again_until_it_changes(stack: QueryStack) -> None:
    path = "/v1/tenants/acme/catalog"
    tag = (await stack.client.get(path)).headers["etag"]
    again = await stack.client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    french = await stack.client.get(path, headers={"If-None-Match": tag, "Accept-Language": "fr"})
    assert french.status_code == 200
    await stack.define(state(BOOKING))
    assert (await stack.client.get(path, headers={"If-None-Match": tag})).status_code == 200


async def _values(stack: QueryStack, **asked: Any) -> Any:
    return await stack.client.get("/v1/tenants/acme/catalog/values", params=asked)


async def test_the_values_of_a_field_come_with_the_most_frequent_first(stack: QueryStack) -> None:
    body = (await _values(stack, field="ticket.status")).json()
    assert (body["field"], body["type"], body["truncated"]) == ("ticket.status", "text", False)
    assert body["values"] == [{"value": "open", "records": 2}, {"value": "solved", "records": 1}]
    assert body["snapshot"]["id"] == "s1"
    tags = (await _values(stack, field="ticket.tags", limit=1)).json()
    assert (tags["values"], tags["truncated"]) == ([{"value": "b", "records": 2}], True)


async def test_values_can_be_searched_and_are_not_sent_again(stack: QueryStack) -> None:
    found = await _values(stack, field="ticket.status", contains="OLV")
    assert found.json()["values"] == [{"value": "solved", "records": 1}]
    again = await stack.client.get(
        "/v1/tenants/acme/catalog/values",
        params={"field": "ticket.status", "contains": "OLV"},
        headers={"If-None-Match": found.headers["etag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"field": "ticket.sttus"}, ("unknown_field", "/field", "ticket.status")),
        ({"field": "tickt.status"}, ("unknown_object", "/field", "ticket")),
        ({"field": "asset.name"}, ("not_reportable", "/field", None)),
        ({"field": "ticket.count"}, ("unknown_field", "/field", None)),
        ({"field": ""}, ("bad_parameter", "/field", None)),
        ({"field": "ticket.csat", "contains": "x"}, ("bad_operator", "/contains", None)),
        ({"field": "ticket.status", "limit": 0}, ("bad_parameter", "/limit", None)),
        ({}, ("bad_parameter", "/field", None)),
    ],
)
async def test_a_field_that_has_no_values_is_refused_with_its_reason(
    stack: QueryStack, asked: dict[str, Any], problem: tuple[str, str, str | None]
) -> None:
    response = await _values(stack, **asked)
    assert response.status_code == 422
    ((code, pointer, suggestion),) = [
        (error["code"], error["pointer"], error.get("suggestion")) for error in response.json()["errors"]
    ]
    assert (code, pointer) == problem[:2]
    assert suggestion == problem[2]
