"""Percentiles, deviations, distinct counts and filtered measures, as written down here."""

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


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_measures") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": EARLIER}, as_of=BEFORE)
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD}, number=2, as_of=AS_OF)
        yield running


def filtered(name: str, measure: str, filters: Any) -> dict[str, Any]:
    return {"measure": measure, "name": name, "filters": filters}


async def answer(stack: QueryStack, **request: Any) -> dict[str, Any]:
    response = await stack.ask({"object": "ticket", **request})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def test_14_percentiles_and_deviations(stack: QueryStack) -> None:
    kinds = ("p90", "p95", "stddev")
    measures = [f"ticket.{field}.{kind}" for field in ("csat", "amount") for kind in kinds]
    found = await answer(stack, measures=measures)
    # Of 1, 2 and 4; of -3.50, 0.0001 and 10.00.
    assert found["rows"] == [[3.6, 3.8, 1.5275252316519468, "8.00", "9.00", "7.0059"]]
    assert [column["type"] for column in found["columns"]] == ["number"] * 3 + ["currency"] * 3
    none = {"field": "ticket.csat", "op": "gt", "values": [100]}
    assert (await answer(stack, measures=measures, filters=none))["rows"] == [[None] * 6]
    single = {"field": "ticket.csat", "op": "eq", "values": [4]}
    assert (await answer(stack, measures=measures, filters=single))["rows"] == [
        [4.0, 4.0, None, "10.00", "10.00", None]
    ]


async def test_14_a_distinct_count_of_a_multiselect_is_of_its_values(stack: QueryStack) -> None:
    request = {"measures": ["ticket.tags.count_distinct", "ticket.count"]}
    assert (await answer(stack, **request))["rows"] == [[2, 4]]
    # A record under vip still has its other values (meaning 3).
    rows = (await answer(stack, **request, dimensions=["ticket.tags"]))["rows"]
    assert rows == [["bug", 2, 1], ["vip", 2, 2], [None, 0, 2]]
    watched = await answer(stack, **request, dimensions=["contact.country"], relationship="watchers")
    assert watched["rows"] == [["FR", 2, 2], ["US", 2, 2], [None, 0, 1]]


async def test_a_group_in_which_nothing_passes_stays(stack: QueryStack) -> None:
    found = await answer(
        stack,
        dimensions=["ticket.status"],
        measures=[
            "ticket.count",
            filtered("opened", "ticket.count", OPEN),
            filtered("amount", "ticket.amount.sum", OPEN),
            filtered("tags", "ticket.tags.count_distinct", {"field": "ticket.csat", "op": "eq", "values": [1]}),
        ],
        totals=True,
        sort=[{"field": "opened", "direction": "desc"}],
    )
    assert found["rows"] == [["open", 2, 2, "10.0001", 1], ["solved", 1, 0, None, 0], [None, 1, 0, None, 0]]
    assert found["totals"] == [None, 4, 2, "10.0001", 1]
    assert [column["label"] for column in found["columns"]] == ["status", "Tickets", "opened", "amount", "tags"]


async def test_filters_of_a_measure_are_tested_pair_by_pair_at_its_own_grain(stack: QueryStack) -> None:
    measures = [
        "ticket.count",
        filtered("french", "ticket.count", FRENCH),
        filtered("french_points", "ticket.csat.sum", FRENCH),
        filtered("french_median", "ticket.csat.p90", FRENCH),
        filtered("american_points", "ticket.csat.sum", {**FRENCH, "values": ["US"]}),
        "ticket.csat.sum",
        filtered("contacts", "contact.count", OPEN),
    ]
    found = await answer(stack, measures=measures, relationship="watchers")
    # t1 (4 points) has ann, bob and cid, t2 (1) has bob, t3 (2) has cid and dee; French are ann and bob.
    assert found["rows"] == [[3, 2, 5.0, 3.7, 6.0, 7.0, 3]]
    assert found["join"] == {"relationship": "watchers", "kept": 3, "dropped": 1}


async def test_a_comparison_tests_the_filters_on_each_side(stack: QueryStack) -> None:
    measures = [filtered("opened", "ticket.count", OPEN)]
    found = await answer(stack, measures=measures, compare="previous")
    assert [column["name"] for column in found["columns"]] == ["opened", "opened@previous", "opened@delta"]
    assert found["rows"] == [[2, 1, 1]]


async def test_a_pivot_a_calculation_and_a_subtotal_take_a_filtered_measure(stack: QueryStack) -> None:
    request: dict[str, Any] = {
        "dimensions": ["ticket.status", "ticket.urgent"],
        "measures": [
            filtered("tagged", "ticket.count", {"field": "ticket.tags", "op": "is_not_empty"}),
            "ticket.count",
        ],
        "calculations": [{"name": "share", "expression": "tagged / ticket.count"}],
        "subtotals": True,
    }
    found = await answer(stack, **request)
    assert found["subtotals"][0]["rows"] == [
        ["open", None, 2, 2, 1.0],
        ["solved", None, 0, 1, 0.0],
        [None, None, 0, 1, 0.0],
    ]
    pivoted = await answer(
        stack, pivot=["ticket.urgent"], measures=request["measures"][:1], dimensions=["ticket.status"]
    )
    assert [column["name"] for column in pivoted["columns"]][1:] == ["tagged|false", "tagged|true", "tagged|null"]
    assert pivoted["rows"] == [["open", 0, 1, 1], ["solved", 0, 0, 0], [None, 0, 0, 0]]


async def test_a_completed_request_with_a_filtered_measure_has_the_same_answer(stack: QueryStack) -> None:
    measures = ["ticket.count", filtered("opened", "ticket.count", OPEN), filtered("every", "ticket.count", None)]
    request = {"object": "ticket", "dimensions": ["ticket.status"], "measures": measures}
    completed = (await stack.ask(request, params={"dry_run": "true"})).json()["request"]
    assert completed["measures"] == measures
    assert (await stack.ask(completed)).json()["rows"] == (await stack.ask(request)).json()["rows"]


async def test_files_have_the_column_under_its_name(stack: QueryStack) -> None:
    request = {
        "object": "ticket",
        "dimensions": ["ticket.status"],
        "measures": [filtered("opened", "ticket.count", OPEN), filtered("spread", "ticket.amount.stddev", OPEN)],
    }
    response = await stack.ask(request, headers={"Accept": Format.CSV.value})
    assert response.text.splitlines()[:2] == ["ticket.status,opened,spread", "open,2,7.071"]


async def test_two_requests_that_differ_in_the_filters_of_a_measure_are_two(stack: QueryStack) -> None:
    def request(value: str) -> dict[str, Any]:
        return {"object": "ticket", "measures": [filtered("n", "ticket.count", {**OPEN, "values": [value]})]}

    first, second = await stack.ask(request("open")), await stack.ask(request("solved"))
    assert first.headers["etag"] != second.headers["etag"]
    assert (first.json()["rows"], second.json()["rows"]) == ([[2]], [[1]])
