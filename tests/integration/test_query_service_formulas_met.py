"""Formulas and bins with what else a report has: lists, comparisons, drill-down, saved reports, the largest request."""

from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings
from services.query_service.domain.column_parsing import MAX_FORMULAS
from services.query_service.domain.row_formulas import OPERATIONS_MAX
from tests.helpers.builders import state, without_fields
from tests.helpers.looks import LOOKS, dataset
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish
from tests.unit.query_service.dataset import TICKET

_databases = count(1)
FORMULAS = [
    {"name": "rating", "expression": "ticket.csat * 2"},
    {"name": "kind", "expression": "concat(lower(ticket.status), '!')"},
    {"name": "good", "expression": "rating >= 8"},
]
BAND = {"field": "rating", "name": "band", "bins": [4, 8]}
ASKED: dict[str, Any] = {
    "object": "ticket",
    "formulas": FORMULAS,
    "dimensions": ["kind", BAND],
    "measures": ["ticket.count", "rating.sum"],
    "filters": {"and": [{"field": "kind", "op": "is_not_empty"}, {"field": "band", "op": "neq", "values": ["x"]}]},
    "sort": [{"field": "band"}, {"field": "rating.sum"}],
}


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, f"query_formulas_met_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        await running.define(state(TICKET))
        yield running


async def test_a_look_without_the_field_of_its_formulas_shows_the_rest_and_says_what_is_left_out(
    stack: QueryStack,
) -> None:
    created = await stack.client.post(LOOKS, json={"name": "Ratings", "request": ASKED})
    assert created.status_code == 201, created.text
    where = f"{LOOKS}/{created.json()['id']}/result"
    before = (await stack.client.get(where)).json()
    assert [column["name"] for column in before["columns"]] == ["kind", "band", "ticket.count", "rating.sum"]
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    after = (await stack.client.get(where)).json()
    assert [column["name"] for column in after["columns"]] == ["kind", "ticket.count"]
    places = {warning["pointer"] for warning in after["warnings"]}
    assert places == {
        *(f"/request/formulas/{index}" for index in (0, 2)),
        *(
            "/request/dimensions/1",
            "/request/measures/1",
            "/request/filters/and/1",
            "/request/sort/0",
            "/request/sort/1",
        ),
    }
    assert {warning["code"] for warning in after["warnings"]} == {"left_out"}


async def test_a_snapshot_before_without_the_field_has_no_value_of_the_formula(stack: QueryStack) -> None:
    await publish(stack.clickhouse, stack.snapshots, dataset(without_fields(TICKET, "csat")), number=2)
    await publish(stack.clickhouse, stack.snapshots, dataset(), number=3)
    asked = {**ASKED, "compare": "previous", "dimensions": [], "sort": [], "filters": None}
    response = (await stack.ask(asked)).json()
    ((tickets, before, _, total, missing, change),) = response["rows"]
    assert (tickets, before) == (tickets, tickets)
    assert total is not None
    assert (missing, change) == (None, None)
    assert [(warning["code"], warning["pointer"]) for warning in response["warnings"]] == [
        ("not_in_previous", "/measures/1")
    ]


async def test_a_list_shows_sorts_and_filters_formulas_page_by_page(stack: QueryStack) -> None:
    asked: dict[str, Any] = {
        "object": "ticket",
        "formulas": FORMULAS,
        "list": ["ticket._id", "rating", "kind", "good"],
        "sort": [{"field": "rating", "direction": "desc"}],
        "filters": {"field": "rating", "bins": [4], "op": "eq", "values": ["4.."]},
    }
    whole = (await stack.ask(asked)).json()
    assert whole["matching"] == len(whole["rows"]) > 1
    ratings = [row[1] for row in whole["rows"]]
    assert ratings == sorted(ratings, reverse=True)
    assert all(good is (rating >= 8) for _, rating, _, good in whole["rows"])
    first = (await stack.ask({**asked, "limit": 1})).json()
    rest = (await stack.ask({**asked, "after": first["next"]})).json()
    assert [*first["rows"], *rest["rows"]] == whole["rows"]


async def test_a_cell_of_formulas_and_bins_is_drilled_to_its_records(stack: QueryStack) -> None:
    report = await stack.ask(ASKED)
    rows = report.json()["rows"]
    assert rows
    for kind, band, tickets, total in rows:
        body = {"request": ASKED, "row": [kind, band], "column": "rating.sum"}
        drilled = await stack.client.post("/v1/tenants/acme/query/drill", json=body)
        assert drilled.status_code == 200, drilled.text
        found = drilled.json()
        listed = (await stack.ask(found.get("request", found))).json()
        assert listed["matching"] == tickets
        place = [column["name"] for column in listed["columns"]].index("rating")
        assert sum(row[place] or 0 for row in listed["rows"]) == (total or 0)


async def test_a_moved_date_is_read_by_formulas_and_bins(stack: QueryStack) -> None:
    asked: dict[str, Any] = {
        "object": "ticket",
        "timezone": "UTC",
        "formulas": [{"name": "in_year", "expression": "year(ticket.opened_at)"}],
        "dimensions": ["in_year"],
        "measures": ["ticket.count"],
        "compare": {"field": "ticket.opened_at", "shift": [1, "year"]},
    }
    now = {row[0]: row[1] for row in await stack.rows(asked) if row[1] is not None}
    before = {row[0]: row[2] for row in await stack.rows(asked) if row[2] is not None}
    assert before == {None if year is None else year + 1: tickets for year, tickets in now.items()}
    binned = {**asked, "dimensions": [{"field": "in_year", "name": "years", "width": 1}]}
    shown = {row[0]: row[2] for row in await stack.rows(binned) if row[2] is not None}
    assert shown == before


async def test_the_longest_formulas_are_computed(stack: QueryStack) -> None:
    each = OPERATIONS_MAX // MAX_FORMULAS
    names = [f"f{index}" for index in range(MAX_FORMULAS)]
    chained = [
        {"name": name, "expression": "*".join([names[index - 1] if index else "ticket.amount"] + ["1.01"] * each)}
        for index, name in enumerate(names)
    ]
    asked = {
        "object": "ticket",
        "formulas": chained,
        "dimensions": names[:3],
        "measures": [f"{name}.sum" for name in names],
        "filters": {"field": names[-1], "op": "gt", "values": [0]},
    }
    response = await stack.ask(asked)
    assert response.status_code == 200, response.text
    rounds = "ticket.csat" + "+round(ticket.csat, 1)" * (OPERATIONS_MAX // 5)
    deep = {"object": "ticket", "formulas": [{"name": "x", "expression": rounds}], "measures": ["x.max"]}
    assert (await stack.ask(deep)).status_code == 200, response.text


async def test_a_report_that_is_too_large_for_the_engine_is_refused(stack: QueryStack) -> None:
    groups = [{"name": f"g{index}", "values": [f"v{index}"]} for index in range(100)]
    condition = {"field": "ticket.csat", "width": 0.1, "op": "gt", "values": [1]}
    several = {"field": "ticket.subject", "groups": groups, "op": "eq", "values": ["g1"]}
    asked = {"object": "ticket", "measures": ["ticket.count"], "filters": {"and": [condition] * 199 + [several]}}
    response = await stack.ask(asked)
    assert response.status_code == 422, response.text
    assert [problem["code"] for problem in response.json()["errors"]] == ["too_large"]
