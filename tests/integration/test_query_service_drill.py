"""From cells to lists of records: what the list behind each kind of cell shows, and what is refused."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.contracts.formats import Format
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.meanings import AS_OF, BEFORE, EARLIER, WORLD
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish

OPEN: dict[str, Any] = {"field": "ticket.status", "op": "eq", "values": ["open"]}
FRENCH: dict[str, Any] = {"field": "contact.country", "op": "eq", "values": ["FR"]}
BY_STATUS: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["ticket.status"],
    "measures": ["ticket.count", "ticket.amount.sum"],
}


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_drill") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": EARLIER}, as_of=BEFORE)
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD}, number=2, as_of=AS_OF)
        yield running


async def drilled(stack: QueryStack, request: Any, row: Any, column: Any) -> dict[str, Any]:
    body = {"request": request, "row": row, "column": column}
    response = await stack.client.post("/v1/tenants/acme/query/drill", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()["request"]
    return found


async def behind(stack: QueryStack, request: Any, row: Any, column: str) -> dict[str, Any]:
    """The answer to the list request of a cell."""
    response = await stack.ask(await drilled(stack, request, row, column))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


async def refused(stack: QueryStack, body: Any) -> list[tuple[str, str, str | None]]:
    response = await stack.client.post("/v1/tenants/acme/query/drill", json=body)
    assert response.status_code == 422, response.text
    return [(problem["code"], problem["pointer"], problem.get("suggestion")) for problem in response.json()["errors"]]


def ids(answer: dict[str, Any]) -> list[str]:
    assert answer["matching"] == len(answer["rows"])
    return [row[0] for row in answer["rows"]]


async def test_the_records_of_a_cell_are_counted_and_add_up(stack: QueryStack) -> None:
    answer = await behind(stack, BY_STATUS, ["open"], "ticket.amount.sum")
    assert [column["name"] for column in answer["columns"]] == ["ticket._id", "ticket.status", "ticket.amount"]
    assert answer["rows"] == [["t1", "open", "10.00"], ["t2", "open", "0.0001"]]
    assert ids(await behind(stack, BY_STATUS, [None], "ticket.count")) == ["t4"]
    assert ids(await behind(stack, BY_STATUS, None, "ticket.count")) == ["t1", "t2", "t3", "t4"]
    assert ids(await behind(stack, BY_STATUS, ["no such"], "ticket.count")) == []


async def test_having_sort_and_limit_do_not_count(stack: QueryStack) -> None:
    request = {**BY_STATUS, "having": {"field": "ticket.count", "op": "gt", "values": [1]}, "limit": 1}
    assert ids(await behind(stack, request, ["solved"], "ticket.count")) == ["t3"]


async def test_everything_is_written_out(stack: QueryStack) -> None:
    request = {**BY_STATUS, "filters": {"field": "ticket.opened_at", "op": "in_last", "values": [30, "day"]}}
    found = await drilled(stack, request, ["open"], "ticket.count")
    assert found == {
        "object": "ticket",
        "list": ["ticket._id", "ticket.status", "ticket.amount"],
        "filters": {"and": [request["filters"], OPEN]},
        "timezone": "America/Chicago",
        "week_start": "monday",
        "snapshot": "s2",
        "limit": 50_000,
    }
    assert ids((await stack.ask(found)).json()) == ["t1", "t2"]


async def test_a_truncated_time_and_a_value_of_several(stack: QueryStack) -> None:
    month = {"field": "ticket.opened_at", "granularity": "month"}
    request = {"object": "ticket", "dimensions": [month, "ticket.tags"], "measures": ["ticket.count"]}
    assert ids(await behind(stack, request, ["2026-11-01", "vip"], "ticket.count")) == ["t1", "t2"]
    assert ids(await behind(stack, request, ["2026-11-01"], "ticket.count")) == ["t1", "t2", "t4"]
    hour = {"field": "ticket.opened_at", "granularity": "hour"}
    for instant, record in (("2026-11-01T01:00:00-05:00", "t1"), ("2026-11-01T01:00:00-06:00", "t2")):
        assert ids(await behind(stack, {**request, "dimensions": [hour]}, [instant], "ticket.count")) == [record]


async def test_a_pivoted_column_is_known_by_its_name_in_the_result(stack: QueryStack) -> None:
    request = {**BY_STATUS, "pivot": ["ticket.urgent"]}
    assert ids(await behind(stack, request, ["open"], "ticket.count|true")) == ["t1"]
    assert ids(await behind(stack, request, ["open"], "ticket.amount.sum|null")) == ["t2"]
    assert ids(await behind(stack, request, None, "ticket.count|null")) == ["t2", "t4"]
    body = {"request": request, "row": ["open"], "column": "ticket.count|tru"}
    assert await refused(stack, body) == [("unknown_field", "/column", "ticket.count|true")]
    body = {"request": request, "row": ["open"], "column": "ticket.count"}
    assert [problem[:2] for problem in await refused(stack, body)] == [("unknown_field", "/column")]


async def test_a_filtered_measure_lists_the_rows_that_pass(stack: QueryStack) -> None:
    measures = ["ticket.count", {"measure": "ticket.count", "name": "french", "filters": FRENCH}]
    request = {"object": "ticket", "measures": measures, "relationship": "watchers"}
    assert ids(await behind(stack, request, [], "french")) == ["t1", "t2"]
    # The report uses the contact, so the other column counts associated records, too.
    assert ids(await behind(stack, request, [], "ticket.count")) == ["t1", "t2", "t3"]


async def test_a_contact_measure_lists_the_pairs(stack: QueryStack) -> None:
    request = {
        "object": "ticket",
        "dimensions": ["contact.country"],
        "measures": ["ticket.count", "contact.count"],
        "relationship": "watchers",
    }
    answer = await behind(stack, request, ["FR"], "contact.count")
    assert [column["name"] for column in answer["columns"]] == ["ticket._id", "contact._id", "contact.country"]
    assert [row[:2] for row in answer["rows"]] == [["t1", "ann"], ["t1", "bob"], ["t2", "bob"]]
    assert ids(await behind(stack, request, ["FR"], "ticket.count")) == ["t1", "t2"]


async def test_the_earlier_side_lists_the_snapshot_before(stack: QueryStack) -> None:
    request = {**BY_STATUS, "dimensions": ["ticket.urgent", "ticket.status"], "compare": "previous"}
    found = await drilled(stack, request, [None, "open"], "ticket.amount.sum@previous")
    # The snapshot before has no field urgent: all its tickets are under the empty value.
    assert (found["snapshot"], found["list"]) == ("s1", ["ticket._id", "ticket.status", "ticket.amount"])
    assert (await stack.ask(found)).json()["rows"] == [["t1", "open", "4.00"]]
    assert ids(await behind(stack, request, [True], "ticket.count@previous")) == []
    body = {"request": request, "row": None, "column": "ticket.count@delta"}
    assert [problem[:2] for problem in await refused(stack, body)] == [("not_drillable", "/column")]


async def test_contacts_kept_by_records_elsewhere(stack: QueryStack) -> None:
    request = {
        "object": "contact",
        "dimensions": ["contact.country"],
        "measures": ["contact.count"],
        "records": {"object": "ticket", "relationship": "requester", "match": "without"},
    }
    assert ids(await behind(stack, request, ["FR"], "contact.count")) == ["bob"]


@pytest.mark.parametrize("how", ["dry_run", "file"])
async def test_the_list_can_be_run_dry_and_exported(stack: QueryStack, how: str) -> None:
    found = await drilled(stack, BY_STATUS, ["open"], "ticket.count")
    if how == "dry_run":
        assert (await stack.ask(found, params={"dry_run": "true"})).status_code == 200
    else:
        response = await stack.ask(found, headers={"Accept": Format.CSV.value})
        assert response.text.splitlines()[1:] == ["t1,open,10.00", "t2,open,0.0001"]


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        (
            {"request": {**BY_STATUS, "measures": ["ticket.cout"]}, "row": None, "column": "ticket.count"},
            [("unknown_field", "/request/measures/0", "ticket.count")],
        ),
        (
            {"request": BY_STATUS, "row": ["open", "FR"], "column": "ticket.count"},
            [("bad_value", "/row", None)],
        ),
        ({"request": BY_STATUS, "row": [5], "column": "ticket.count"}, [("bad_value", "/row/0", None)]),
        ({"request": BY_STATUS, "row": ["open"], "column": "ticket.status"}, [("not_drillable", "/column", None)]),
        (
            {"request": BY_STATUS, "row": ["open"], "column": "ticket.cout"},
            [("unknown_field", "/column", "ticket.count")],
        ),
    ],
)
async def test_what_is_wrong_is_pointed_at(stack: QueryStack, body: Any, problems: list[Any]) -> None:
    assert await refused(stack, body) == problems


async def test_a_report_of_the_most_conditions_can_be_drilled_into(stack: QueryStack) -> None:
    deep: dict[str, Any] = OPEN
    for _ in range(9):
        deep = {"or": [deep]}
    filters = {"or": [deep["or"][0], *[OPEN] * 190]}
    request = {**BY_STATUS, "filters": filters, "dimensions": ["ticket.status", "ticket.tags"]}
    assert ids(await behind(stack, request, ["open", "bug"], "ticket.count")) == ["t1"]
