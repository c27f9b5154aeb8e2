"""Pivots, comparisons, calculations and subtotals (CONTRACTS 5, meanings 3, 4, 8, 9, 11): each answer as written down
here, and as the brute-force model has it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.meanings import AS_OF, BEFORE, EARLIER, WORLD, Asked
from tests.helpers.query_service import query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET as OTHER_TICKET

MANY = [PlainRow(f"t{n}", {"subject": f"s{n:03}", "status": "open"}) for n in range(203)]


@pytest.fixture(scope="module")
async def asked(clickhouse: ClickHouseSettings) -> AsyncIterator[Asked]:
    async with query_stack(clickhouse, "query_composed") as stack:
        many = {"many": [PlainObject(BUILT_IN_CONTACT, []), PlainObject(OTHER_TICKET, MANY)]}
        await publish(stack.clickhouse, stack.snapshots, {"acme": EARLIER}, as_of=BEFORE)
        await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD, **many}, number=2, as_of=AS_OF)
        yield Asked(stack)


def _names(answer: dict[str, Any]) -> list[str]:
    return [column["name"] for column in answer["columns"]]


async def test_8_a_pivot_spreads_each_measure_over_its_values(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["ticket.urgent"], pivot=["ticket.status"], measures=["ticket.count", "ticket.csat.avg"], totals=True
    )
    assert [(column["name"], column.get("pivot")) for column in answer["columns"]] == [
        ("ticket.urgent", None),
        ("ticket.count|open", ["open"]),
        ("ticket.csat.avg|open", ["open"]),
        ("ticket.count|solved", ["solved"]),
        ("ticket.csat.avg|solved", ["solved"]),
        ("ticket.count|null", [None]),
        ("ticket.csat.avg|null", [None]),
    ]
    # A count of nothing is 0, any other measure of nothing is empty (meaning 4).
    assert answer["rows"] == [
        [True, 1, 4.0, 0, None, 0, None],
        [None, 1, 1.0, 0, None, 1, None],
        [False, 0, None, 1, 2.0, 0, None],
    ]
    assert (answer["totals"], answer["pivot_omitted"]) == ([None, 2, 2.5, 1, 2.0, 1, None], 0)
    assert answer["columns"][1]["label"] == "Tickets: open"
    assert answer["columns"][5]["label"] == "Tickets: (empty)"


async def test_8_two_dimensions_pivot_together_in_a_granularity(asked: Asked) -> None:
    opened = {"field": "ticket.opened_at", "granularity": "day"}
    answer = await asked.answer(pivot=["ticket.tags", opened], measures=["ticket.amount.sum"])
    assert (_names(answer)[0], answer["columns"][0]["pivot"]) == (
        "ticket.amount.sum|bug|2026-11-01",
        ["bug", "2026-11-01"],
    )
    assert answer["rows"] == [["10.00", "10.0001", "-3.50", None]]


async def test_8_having_and_sort_name_the_columns_of_a_pivot_and_limit_counts_rows(asked: Asked) -> None:
    request = {
        "dimensions": ["ticket.tags"],
        "pivot": ["ticket.status"],
        "measures": ["ticket.count"],
        "sort": [{"field": "ticket.count|open", "direction": "desc"}, {"field": "ticket.tags", "direction": "desc"}],
    }
    assert await asked.rows(**request) == [["vip", 2, 0, 0], ["bug", 1, 0, 0], [None, 0, 1, 1]]
    cut = await asked.answer(**request, limit=1, totals=True)
    assert (cut["rows"], cut["truncated"], cut["totals"]) == ([["vip", 2, 0, 0]], True, [None, 2, 1, 1])
    having = {"field": "ticket.count|open", "op": "eq", "values": [1]}
    assert await asked.rows(**request, having=having) == [["bug", 1, 0, 0]]


async def test_8_a_column_that_a_pivot_does_not_have_today_is_empty(asked: Asked) -> None:
    request = {"dimensions": ["ticket.urgent"], "pivot": ["ticket.status"], "measures": ["ticket.count"]}
    absent = {"field": "ticket.count|pending", "op": "is_empty"}
    assert len(await asked.rows(**request, having=absent, sort=[{"field": "ticket.count|pending"}])) == 3


async def test_8_at_most_two_hundred_columns_stand_under_a_pivot(asked: Asked) -> None:
    request = {"object": "ticket", "pivot": ["ticket.subject"], "measures": ["ticket.count"]}
    answer = (await asked.stack.ask(request, tenant="many")).json()
    assert (len(answer["columns"]), answer["pivot_omitted"]) == (200, 3)
    assert (answer["columns"][0]["pivot"], answer["columns"][-1]["pivot"]) == (["s000"], ["s199"])
    both = {**request, "dimensions": ["ticket.status"], "measures": ["ticket.count", "ticket.csat.sum"]}
    answer = (await asked.stack.ask(both, tenant="many")).json()
    assert (len(answer["columns"]), answer["pivot_omitted"]) == (201, 206)


async def test_8_a_pivot_of_nothing_is_one_row_without_columns(asked: Asked) -> None:
    nothing = {"field": "ticket.status", "op": "eq", "values": ["no such"]}
    request = {"pivot": ["ticket.status"], "measures": ["ticket.count"], "filters": nothing, "totals": True}
    answer = await asked.answer(**request)
    assert (answer["columns"], answer["rows"], answer["totals"]) == ([], [[]], [])


async def test_3_subtotals_are_asked_at_their_own_grain(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["contact.country", "ticket.tags", "ticket.status"],
        measures=["ticket.count", "contact.count"],
        relationship="watchers",
        subtotals=True,
        totals=True,
        limit=1,
    )
    first, second = answer["subtotals"]
    assert first == {
        "dimensions": ["contact.country"],
        "rows": [["FR", None, None, 2, 2], ["US", None, None, 2, 1], [None, None, None, 1, 1]],
    }
    assert second["rows"][:2] == [["FR", "bug", None, 1, 2], ["FR", "vip", None, 2, 2]]
    assert answer["totals"] == [None, None, None, 3, 4]


async def test_11_a_comparison_keeps_what_either_snapshot_has(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["ticket.status"], measures=["ticket.count", "ticket.amount.sum"], compare="previous", totals=True
    )
    assert _names(answer)[1:4] == ["ticket.count", "ticket.count@previous", "ticket.count@delta"]
    assert answer["rows"] == [
        ["open", 2, 1, 1, "10.0001", "4.00", "6.0001"],
        ["solved", 1, None, None, None, None, None],
        [None, 1, None, None, "-3.50", None, None],
        ["closed", None, 1, None, None, "1.00", None],
    ]
    assert answer["totals"] == [None, 4, 2, 2, "6.5001", "5.00", "1.5001"]
    assert answer["previous"] == {"id": "s1", "as_of": "2026-11-22T11:30:00Z"}
    assert answer["columns"][3]["label"] == "Tickets, change"


async def test_11_columns_of_a_comparison_can_be_sorted_and_tested(asked: Asked) -> None:
    request = {"dimensions": ["ticket.status"], "measures": ["ticket.count"], "compare": "previous"}
    rows = await asked.rows(**request, sort=[{"field": "ticket.count@previous"}], limit=2)
    assert rows == [["closed", None, 1, None], ["open", 2, 1, 1]]
    grown = {"field": "ticket.count@delta", "op": "gte", "values": [1]}
    assert await asked.rows(**request, having=grown) == [["open", 2, 1, 1]]


async def test_11_relative_times_are_those_of_each_snapshot(asked: Asked) -> None:
    request = {
        "measures": ["contact.count"],
        "object": "contact",
        "compare": "previous",
        "filters": {"field": "contact.created_at", "op": "in_last", "values": [1, "day"]},
    }
    assert await asked.rows(**request) == [[0, 0, 0]]


async def test_11_a_field_that_the_snapshot_before_lacks_is_empty_there(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["ticket.urgent"],
        measures=["ticket.count"],
        filters={"field": "ticket.urgent", "op": "neq", "values": [True]},
        compare="previous",
    )
    assert answer["rows"] == [[None, 2, 2, 0], [False, 1, None, None]]
    assert [(warning["code"], warning["pointer"]) for warning in answer["warnings"]] == [
        ("not_in_previous", "/dimensions/0"),
        ("not_in_previous", "/filters"),
    ]
    sentence = "The previous snapshot has no ticket.urgent, so its values are empty there."
    assert answer["warnings"][0]["message"] == sentence


async def test_11_an_object_that_the_snapshot_before_lacks_has_no_rows_there(asked: Asked) -> None:
    request = {
        "object": "ticket",
        "dimensions": ["ticket.status", "ticket.tags", "contact.country"],
        "measures": ["ticket.count", "ticket.amount.avg"],
        "filters": {"field": "ticket.tags", "op": "none_of", "values": ["vip"]},
        "compare": "previous",
        "totals": True,
    }
    whole = await asked.stack.ask({**request, "dimensions": ["ticket.status"]}, tenant="many")
    assert whole.json()["rows"] == [["open", 203, None, None, None, None, None]]
    assert [warning["code"] for warning in whole.json()["warnings"]] == ["not_in_previous"]
    joined = await asked.stack.ask(request, tenant="many")
    assert (joined.status_code, joined.json()["rows"]) == (200, [])
    assert joined.json()["totals"] == [None, None, None, 0, 0, 0, None, None, None]


async def test_11_both_snapshots_belong_to_the_identity_of_an_answer(asked: Asked) -> None:
    request = {"object": "ticket", "measures": ["ticket.count"]}
    plain, compared = await asked.stack.ask(request), await asked.stack.ask({**request, "compare": "previous"})
    assert plain.headers["etag"] != compared.headers["etag"]
    again = await asked.stack.ask(
        {**request, "compare": "previous"}, headers={"If-None-Match": compared.headers["etag"]}
    )
    assert again.status_code == 304


async def test_11_without_a_snapshot_before_there_is_nothing_to_compare_with(asked: Asked) -> None:
    request = {"object": "ticket", "measures": ["ticket.count"], "snapshot": "s1", "compare": "previous"}
    refused = (await asked.stack.ask(request)).json()
    assert (refused["status"], refused["code"]) == (404, "unknown_snapshot")
    saved = await asked.stack.client.post("/v1/tenants/acme/looks", json={"name": "Growth", "request": request})
    assert saved.status_code == 201
    result = await asked.stack.client.get(f"{saved.headers['location']}/result")
    assert (result.status_code, result.json()["code"]) == (404, "unknown_snapshot")


async def test_a_pivot_of_a_comparison_spreads_all_three(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["ticket.tags"], pivot=["ticket.status"], measures=["ticket.count"], compare="previous"
    )
    assert _names(answer)[:4] == [
        "ticket.tags",
        "ticket.count|closed",
        "ticket.count@previous|closed",
        "ticket.count@delta|closed",
    ]
    assert [row[:4] for row in answer["rows"]] == [["bug", 0, 1, -1], ["vip", 0, None, None], [None, 0, 0, 0]]


async def test_a_share_is_of_all_data_whatever_the_limit(asked: Asked) -> None:
    request = {
        "dimensions": ["ticket.status"],
        "measures": ["ticket.count"],
        "calculations": [{"name": "share", "expression": "ticket.count / total(ticket.count)"}],
    }
    answer = await asked.answer(**request, limit=1, totals=True)
    assert (answer["rows"], answer["totals"], answer["truncated"]) == ([["open", 2, 0.5]], [None, 4, 1.0], True)
    assert answer["columns"][2] == {"name": "share", "label": "share", "kind": "calculation", "type": "number"}
    least = {"field": "share", "op": "lt", "values": [0.5]}
    rows = await asked.rows(**request, having=least, sort=[{"field": "share"}, {"field": "ticket.status"}])
    assert rows == [["solved", 1, 0.25], [None, 1, 0.25]]


async def test_calculations_are_computed_over_the_rows_that_their_own_conditions_do_not_choose(asked: Asked) -> None:
    request = {
        "dimensions": ["ticket.subject"],
        "measures": ["ticket.csat.sum"],
        "sort": [{"field": "ticket.csat.sum", "direction": "desc"}],
        "calculations": [
            {"name": "place", "expression": "rank(ticket.csat.sum)"},
            {"name": "so far", "expression": "running_total(ticket.csat.sum)"},
        ],
    }
    filled = {"field": "ticket.subject", "op": "is_not_empty"}
    assert await asked.rows(**request, having=filled) == [
        ["Refund for STRASSE", 4.0, 1, 4.0],
        ["straße", 2.0, 2, 6.0],
    ]
    last = {"and": [filled, {"field": "place", "op": "eq", "values": [2]}]}
    assert await asked.rows(**request, having=last, limit=1) == [["straße", 2.0, 2, 6.0]]


async def test_under_a_pivot_a_calculation_stands_once_for_each_value(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["ticket.tags"],
        pivot=["ticket.urgent"],
        measures=["ticket.count"],
        calculations=[
            {"name": "share", "expression": "ticket.count / total(ticket.count)"},
            {"name": "urgent part", "expression": "[ticket.count|true] / ([ticket.count|true] + [ticket.count|null])"},
        ],
        sort=[{"field": "share|true", "direction": "desc"}, {"field": "ticket.tags"}],
    )
    assert _names(answer)[1:] == [
        *("ticket.count|false", "share|false", "ticket.count|true", "share|true", "ticket.count|null", "share|null"),
        "urgent part",
    ]
    assert answer["rows"] == [
        ["bug", 0, 0.0, 1, 1.0, 0, 0.0, 1.0],
        ["vip", 0, 0.0, 1, 1.0, 1, 0.5, 0.5],
        [None, 1, 1.0, 0, 0.0, 1, 0.5, 0.0],
    ]


async def test_a_result_of_too_many_groups_is_refused_and_not_cut(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.query_service.answering.runner.MOST_GROUPS", 2)
    request = {"object": "ticket", "dimensions": ["ticket.csat"], "measures": ["ticket.count"]}
    ranked = {**request, "calculations": [{"name": "place", "expression": "rank(ticket.count)"}]}
    refused = (await asked.stack.ask(ranked)).json()
    assert (refused["status"], refused["code"]) == (422, "too_many_groups")
    by_row = {**request, "calculations": [{"name": "half", "expression": "ticket.count / 2"}]}
    assert (await asked.stack.ask(by_row)).status_code == 200


async def test_a_file_of_a_composed_report_has_its_columns(asked: Asked) -> None:
    request = {
        "object": "ticket",
        "dimensions": ["ticket.status"],
        "pivot": ["ticket.urgent"],
        "measures": ["ticket.amount.sum"],
        "calculations": [{"name": "half", "expression": "ticket.amount.sum / 2"}],
    }
    response = await asked.stack.ask(request, headers={"Accept": "text/csv"})
    lines = response.text.splitlines()
    assert lines[0].startswith("ticket.status,ticket.amount.sum|false,half|false,ticket.amount.sum|true,half|true")
    assert lines[1] == "open,,,10.00,5.00,0.0001,0.00"
