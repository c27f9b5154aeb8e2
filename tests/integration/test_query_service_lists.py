"""List reports: one row per record, or per record and contact; sorted, counted, filtered (CONTRACTS 5)."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.meanings import AS_OF, CONTACTS, TICKET, TICKETS
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

TICKETS_AND_A_TWIN = [
    *TICKETS,
    PlainRow("t6", {"status": "open", "csat": 1, "amount": "0.0001"}, {"watchers": ["ann", "dee"]}),
]
WORLD = [PlainObject(BUILT_IN_CONTACT, CONTACTS), PlainObject(TICKET, TICKETS_AND_A_TWIN)]
FRENCH = {"field": "contact.country", "op": "eq", "values": ["FR"]}
KNOWN = {"field": "contact.email", "op": "is_not_empty"}


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_lists") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD}, as_of=AS_OF)
        yield running


async def answer(stack: QueryStack, fields: list[str], **request: Any) -> dict[str, Any]:
    response = await stack.ask({"object": "ticket", "relationship": "requester", "list": fields, **request})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    assert body["matching"] == len(body["rows"])
    assert (body["next"], body["truncated"], body["totals"]) == (None, False, None)
    return body


async def ids(stack: QueryStack, **request: Any) -> list[str]:
    return [row[0] for row in (await answer(stack, ["ticket._id"], **request))["rows"]]


async def test_each_record_is_a_row_with_its_values_as_they_are(stack: QueryStack) -> None:
    slugs = ("subject", "csat", "amount", "due_on", "opened_at", "tags", "urgent", "_updated_at")
    body = await answer(stack, [f"ticket.{slug}" for slug in slugs], timezone="America/Chicago")
    updated = "2025-12-31T18:00:00-06:00"
    assert body["rows"] == [
        [
            *("Refund for STRASSE", 4, "10.00", "2026-11-02", "2026-11-01T01:30:00-05:00", ["vip", "bug"]),
            *(True, updated),
        ],
        [None, 1, "0.0001", None, "2026-11-01T01:30:00-06:00", ["vip"], None, updated],
        ["straße", 2, None, "2026-12-31", None, None, False, updated],
        [None, None, "-3.50", None, "2026-11-22T23:59:59.999-06:00", None, None, updated],
        [None, 1, "0.0001", None, None, None, None, updated],
    ]
    heads = [(column["name"], column["kind"], column["type"]) for column in body["columns"]]
    assert heads[0] == ("ticket.subject", "field", "text")
    assert heads[5] == ("ticket.tags", "field", "multiselect")
    assert body["join"] is None


async def test_equal_rows_stay_rows(stack: QueryStack) -> None:
    body = await answer(
        stack, ["ticket.status", "ticket.csat"], filters={"field": "ticket.csat", "op": "eq", "values": [1]}
    )
    assert body["rows"] == [["open", 1], ["open", 1]]


async def test_a_listed_contact_makes_a_row_of_each_pair(stack: QueryStack) -> None:
    body = await answer(stack, ["ticket._id", "contact._id", "contact.country"], relationship="watchers")
    assert body["rows"] == [
        *(["t1", "ann", "FR"], ["t1", "bob", "FR"], ["t1", "cid", "US"]),
        *(["t2", "bob", "FR"], ["t3", "cid", "US"], ["t3", "dee", None], ["t6", "ann", "FR"], ["t6", "dee", None]),
    ]
    assert body["join"] == {"relationship": "watchers", "kept": 4, "dropped": 1}


async def test_a_listed_contact_drops_records_without_one_over_a_single_relationship_too(stack: QueryStack) -> None:
    body = await answer(stack, ["ticket._id", "contact.email"])
    assert body["rows"] == [["t1", "ann@example.com"], ["t2", "ann@example.com"], ["t3", None]]


async def test_a_contact_in_filters_alone_lists_a_record_once(stack: QueryStack) -> None:
    assert await ids(stack, relationship="watchers", filters=FRENCH) == ["t1", "t2", "t6"]
    both = {"and": [FRENCH, KNOWN]}
    assert await ids(stack, relationship="watchers", filters=both) == ["t1", "t6"]


async def test_one_contact_must_pass_all_conditions_together(stack: QueryStack) -> None:
    """t3 has a contact without a country, and another one who is American; none is both."""
    american = {"field": "contact.country", "op": "eq", "values": ["US"]}
    no_country = {"field": "contact.country", "op": "is_empty"}
    assert await ids(stack, relationship="watchers", filters={"and": [american, no_country]}) == []
    open_ticket = {"field": "ticket.status", "op": "eq", "values": ["open"]}
    mixed = {"and": [american, {"or": [no_country, open_ticket]}]}
    assert await ids(stack, relationship="watchers", filters=mixed) == ["t1"]


async def test_a_condition_on_either_side_lists_a_record_once(stack: QueryStack) -> None:
    solved = {"field": "ticket.status", "op": "eq", "values": ["solved"]}
    assert await ids(stack, relationship="watchers", filters={"or": [FRENCH, solved]}) == ["t1", "t2", "t3", "t6"]
    assert await ids(stack, filters={"or": [FRENCH, solved]}) == ["t1", "t2", "t3"]
    only_open = {"and": [{"or": [FRENCH, solved]}, {"field": "ticket.csat", "op": "lte", "values": [2]}]}
    assert await ids(stack, relationship="watchers", filters=only_open) == ["t2", "t3", "t6"]
    pairs = await answer(stack, ["ticket._id", "contact._id"], relationship="watchers", filters=only_open)
    assert pairs["rows"] == [["t2", "bob"], ["t3", "cid"], ["t3", "dee"], ["t6", "ann"]]


async def test_records_are_kept_by_whether_they_have_a_contact(stack: QueryStack) -> None:
    assert await ids(stack, contacts="with") == ["t1", "t2", "t3"]
    body = await answer(stack, ["ticket._id"], contacts="without")
    assert body["rows"] == [["t4"], ["t6"]]
    assert body["join"] == {"relationship": "requester", "kept": 3, "dropped": 2}
    refused = await stack.ask(
        {"object": "ticket", "relationship": "requester", "list": ["contact.email"], "contacts": "without"}
    )
    assert refused.json()["errors"][0]["code"] == "contacts_conflict"


async def test_contacts_are_listed_themselves(stack: QueryStack) -> None:
    async def contacts(**request: Any) -> list[list[Any]]:
        response = await stack.ask({"object": "contact", "list": ["contact._id", "contact.country"], **request})
        rows: list[list[Any]] = response.json()["rows"]
        return rows

    assert await contacts() == [["ann", "FR"], ["bob", "FR"], ["cid", "US"], ["dee", None]]
    records = {"object": "ticket", "relationship": "requester"}
    assert await contacts(records=records) == [["ann", "FR"], ["cid", "US"]]
    assert await contacts(records={**records, "match": "without"}) == [["bob", "FR"], ["dee", None]]


async def test_a_list_is_sorted_by_what_it_shows_with_empty_values_last(stack: QueryStack) -> None:
    async def sorted_by(*sort: tuple[str, str]) -> list[Any]:
        fields = ["ticket._id", *(f"ticket.{slug}" for slug, _ in sort)]
        keys = [{"field": f"ticket.{slug}", "direction": direction} for slug, direction in sort]
        return [row[0] for row in (await answer(stack, fields, sort=keys))["rows"]]

    assert await sorted_by(("amount", "asc")) == ["t4", "t2", "t6", "t1", "t3"]
    assert await sorted_by(("amount", "desc")) == ["t1", "t2", "t6", "t4", "t3"]
    assert await sorted_by(("tags", "asc")) == ["t2", "t1", "t3", "t4", "t6"]
    assert await sorted_by(("tags", "desc")) == ["t1", "t2", "t3", "t4", "t6"]
    assert await sorted_by(("urgent", "desc")) == ["t1", "t3", "t2", "t4", "t6"]
    assert await sorted_by(("status", "desc"), ("csat", "desc")) == ["t3", "t1", "t2", "t6", "t4"]


async def test_matching_counts_beyond_the_limit(stack: QueryStack) -> None:
    asked = {"object": "ticket", "relationship": "watchers", "list": ["contact._id"], "limit": 3}
    body = (await stack.ask(asked)).json()
    assert (len(body["rows"]), body["matching"], body["truncated"]) == (3, 8, True)


async def test_what_no_snapshot_has_built_is_an_empty_list(stack: QueryStack) -> None:
    body = (await stack.ask({"object": "contact", "list": ["contact._id", "contact._updated_at"]}, "other")).json()
    assert (body["rows"], body["matching"], body["next"]) == ([], 0, None)


async def test_a_dry_run_completes_the_request(stack: QueryStack) -> None:
    asked = {
        "object": "ticket",
        "list": ["ticket._id", "ticket.tags"],
        "contacts": "with",
        "relationship": "watchers",
        "sort": [{"field": "ticket.tags"}],
        "limit": 2,
    }
    first = (await stack.ask(asked)).json()
    for request in (asked, {**asked, "after": first["next"]}):
        told = (await stack.ask(request, params={"dry_run": "true"})).json()
        assert {statement["part"] for statement in told["statements"]} == {"rows", "join", "matching"}
        again, whole = (await stack.ask(told["request"])).json(), (await stack.ask(request)).json()
        for member in ("columns", "rows", "matching", "next", "join", "truncated"):
            assert again[member] == whole[member]
