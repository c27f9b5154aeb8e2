"""Comparison with an earlier period (CONTRACTS 5, meaning 13): the compared side is what the same request answers for
records whose values were moved by hand, whatever the request is made of."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import FieldType
from crosslook.contracts.zones import zone_of
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.compared_reports import OPENED_MONTH, REPORTS, SIDES
from tests.helpers.moved_values import moved_day, moved_instant
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.scenarios.dataset import AS_OF, NOW

ZONE = "America/Chicago"
MONTH: dict[str, Any] = {"field": "ticket.opened_at", "shift": [1, "month"]}


def _moved_row(row: PlainRow, slug: str, kind: FieldType, shift: tuple[int, str]) -> PlainRow | None:
    sent = row.values.get(slug)
    if sent is None:
        return row
    if kind is FieldType.DATE:
        day = moved_day(datetime.fromisoformat(sent).date(), *shift)
        return replace(row, values={**row.values, slug: day.isoformat()}) if day is not None else None
    at = moved_instant(datetime.fromisoformat(sent), shift, zone_of(ZONE))
    return replace(row, values={**row.values, slug: at.isoformat()}) if at is not None else None


def _moved_dataset(field: str, *shift: Any) -> list[PlainObject]:
    name, slug = field.split(".")
    found = []
    for plain in NOW:
        if plain.definition.object == name:
            kind = plain.definition.field_by_slug[slug].type
            rows = [_moved_row(row, slug, kind, shift) for row in plain.rows]
            plain = replace(plain, rows=[row for row in rows if row is not None])
        found.append(plain)
    return found


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_compared") as running:
        moved = {name: _moved_dataset(*side) for name, side in SIDES.items()}
        await publish(running.clickhouse, running.snapshots, {"acme": NOW, **moved}, as_of=AS_OF)
        yield running


async def _answer(stack: QueryStack, request: Any, tenant: str = "acme") -> dict[str, Any]:
    response = await stack.ask({"timezone": ZONE, "limit": 5000, **request}, tenant)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


@pytest.mark.parametrize("name", REPORTS)
async def test_the_compared_side_is_the_same_request_over_moved_records(stack: QueryStack, name: str) -> None:
    tenant, report = REPORTS[name]
    field, *shift = SIDES[tenant]
    asked = {"object": "ticket", **report}
    compared = await _answer(stack, {**asked, "compare": {"field": field, "shift": shift}})
    now, then = await _answer(stack, asked), await _answer(stack, asked, tenant)
    keys = len(asked.get("dimensions", []))
    _assert_side(compared, now, keys, "")
    _assert_side(compared, then, keys, "@previous")
    assert compared["join"] == now["join"]
    assert len(compared["rows"]) == len({tuple(row[:keys]) for row in (*now["rows"], *then["rows"])})


def _assert_side(compared: dict[str, Any], plain: dict[str, Any], keys: int, variant: str) -> None:
    """Every figure of a plain answer stands in the compared one, and no other does."""
    columns = [column["name"] for column in compared["columns"]]
    places = {}
    for column in plain["columns"][keys:]:
        measure, sign, value = column["name"].partition("|")
        places[column["name"]] = columns.index(f"{measure}{variant}{sign}{value}")
    blocks = [("rows", compared["rows"], plain["rows"])]
    if plain["totals"] is not None:
        blocks.append(("totals", [compared["totals"]], [plain["totals"]]))
    levels = zip(compared.get("subtotals", []), plain.get("subtotals", []), strict=True)
    blocks += [("subtotals", mine["rows"], theirs["rows"]) for mine, theirs in levels]
    for block, found, expected in blocks:
        figures = {tuple(row[:keys]): [row[place] for place in places.values()] for row in found}
        wanted = {tuple(row[:keys]): row[keys:] for row in expected}
        for key, row in wanted.items():
            assert figures.pop(key) == row, (block, key)
        assert all(value in (None, 0) for row in figures.values() for value in row), (block, figures)


async def test_several_periods_stand_side_by_side(stack: QueryStack) -> None:
    periods = [
        {**MONTH, "name": "month_before"},
        {"field": "ticket.due_on", "shift": [2, "week"], "name": "due_later"},
    ]
    asked = {"object": "ticket", "dimensions": [OPENED_MONTH], "measures": ["ticket.count"]}
    answer = await _answer(stack, {**asked, "compare": periods})
    assert [column["name"] for column in answer["columns"][1:]] == [
        *("ticket.count", "ticket.count@month_before", "ticket.count@month_before:delta"),
        *("ticket.count@due_later", "ticket.count@due_later:delta"),
    ]
    assert [column["label"] for column in answer["columns"][1:]] == [
        *("Tickets", "Tickets, month_before", "Tickets, month_before, change"),
        *("Tickets, due_later", "Tickets, due_later, change"),
    ]
    moved = dict(map(tuple, (await _answer(stack, asked, "opened"))["rows"]))
    for month, count, before, delta, same, none in answer["rows"]:
        assert before == moved.get(month)
        assert delta == (count - before if None not in (count, before) else None)
        assert (same, none) == (count, 0 if count is not None else None)
    assert [(warning["code"], warning["pointer"]) for warning in answer["warnings"]] == [
        ("compare_without_effect", "/compare/1/field")
    ]


async def test_rows_are_sorted_tested_and_calculated_over_both_sides(stack: QueryStack) -> None:
    asked = {"object": "ticket", "dimensions": [OPENED_MONTH], "measures": ["ticket.count"], "compare": MONTH}
    rows = (await _answer(stack, asked))["rows"]
    growth = {"name": "growth", "expression": "ticket.count / [ticket.count@previous] - 1"}
    answer = await _answer(
        stack,
        {
            **asked,
            "calculations": [growth],
            "having": {"field": "ticket.count@previous", "op": "is_not_empty"},
            "sort": [{"field": "ticket.count@delta", "direction": "desc"}],
            "limit": 2,
        },
    )
    kept = [row for row in rows if row[2] is not None]
    kept.sort(key=lambda row: (row[3] is None, -(row[3] or 0)))
    assert [row[:4] for row in answer["rows"]] == kept[:2]
    assert [row[4] for row in answer["rows"]] == [row[1] / row[2] - 1 for row in kept[:2]]
    assert answer["truncated"] is (len(kept) > 2)
    named = {
        **asked,
        "compare": [{**MONTH, "name": "before"}],
        "calculations": [{"name": "gone", "expression": "coalesce([ticket.count@before:delta], 0)"}],
    }
    assert [row[4] for row in (await _answer(stack, named))["rows"]] == [row[3] or 0 for row in rows]


@pytest.mark.parametrize(
    ("compare", "english", "french"),
    [
        (MONTH, "Tickets, previous month", "Tickets, mois précédent"),
        ({**MONTH, "shift": [2, "year"]}, "Tickets, 2 years earlier", "Tickets, 2 ans plus tôt"),
        ({**MONTH, "shift": [1, "hour"]}, "Tickets, previous hour", "Tickets, heure précédente"),
        ([{**MONTH, "name": "then"}], "Tickets, then", "Tickets, then"),
    ],
)
async def test_labels_say_which_period_it_is(stack: QueryStack, compare: Any, english: str, french: str) -> None:
    asked = {"object": "ticket", "dimensions": [OPENED_MONTH], "measures": ["ticket.count"], "compare": compare}
    for language, label in (("en", english), ("fr", french)):
        answer = (await stack.ask(asked, headers={"Accept-Language": language})).json()
        assert answer["columns"][2]["label"] == label


@pytest.mark.parametrize(
    "compare", [MONTH, [{**MONTH, "name": "a"}, {"field": "ticket.due_on", "shift": [1, "year"], "name": "b"}]]
)
async def test_a_dry_run_shows_the_statements_and_the_request_again(stack: QueryStack, compare: Any) -> None:
    asked = {"object": "ticket", "dimensions": [OPENED_MONTH], "measures": ["ticket.count"], "compare": compare}
    dry = (await stack.client.post("/v1/tenants/acme/query?dry_run=true", json={**asked, "totals": True})).json()
    names = [period["name"] for period in compare] if isinstance(compare, list) else ["previous"]
    parts = [statement["part"] for statement in dry["statements"]]
    assert parts == ["rows", "totals", *(f"{name}_{part}" for name in names for part in ("rows", "totals"))]
    assert dry["request"]["compare"] == compare
    again = await _answer(stack, dry["request"])
    assert again["rows"] == (await _answer(stack, {**asked, "totals": True}))["rows"]
    assert "previous" not in again, "no other snapshot is compared"


@pytest.mark.parametrize("file", [Format.CSV, Format.ARROW, Format.PARQUET, Format.XLSX])
async def test_files_hold_both_sides(stack: QueryStack, file: Format) -> None:
    asked = {"object": "ticket", "dimensions": [OPENED_MONTH], "measures": ["ticket.count"], "compare": MONTH}
    answer = await stack.ask(asked, headers={"Accept": file.value})
    assert answer.status_code == 200
    assert "crosslook-previous" not in answer.headers
    if file is Format.CSV:
        head, *lines = answer.text.strip().splitlines()
        assert head.count(",") == 3
        assert len(lines) == len((await _answer(stack, asked))["rows"])


async def test_a_list_shows_the_stored_records_of_a_compared_figure(stack: QueryStack) -> None:
    """Its filters read moved values, its columns the stored ones."""
    asked = {"object": "ticket", "dimensions": [OPENED_MONTH], "measures": ["ticket.count"], "compare": MONTH}
    listed = {"object": "ticket", "list": ["ticket._id", "ticket.opened_at"]}
    stored = dict(map(tuple, (await _answer(stack, listed))["rows"]))
    for month, _, before, _ in (await _answer(stack, asked))["rows"]:
        filters = {**OPENED_MONTH, "op": "eq", "values": [month]}
        answer = await _answer(stack, {**listed, "filters": filters, "moved": MONTH})
        assert answer["matching"] == (before or 0)
        assert {row[0]: row[1] for row in answer["rows"]}.items() <= stored.items()


MOVED_LISTS: Mapping[str, dict[str, Any]] = {
    "formulas": {
        "formulas": [
            {"name": "opened_month", "expression": "month(ticket.opened_at)"},
            {"name": "late", "expression": "opened_month >= 10"},
        ],
        "list": ["ticket._id", "opened_month"],
        "filters": {"field": "late", "op": "eq", "values": [True]},
    },
    "a contact that passes": {
        "relationship": "watchers",
        "list": ["ticket._id", "ticket.opened_at"],
        "filters": {
            "and": [
                {"field": "contact.country", "op": "in", "values": ["FR", "US"]},
                {"field": "ticket.opened_at", "op": "in_this", "values": ["month"]},
            ]
        },
    },
    "a filter across the join": {
        "relationship": "watchers",
        "list": ["ticket._id"],
        "filters": {
            "or": [
                {"field": "contact.country", "op": "eq", "values": ["FR"]},
                {"field": "ticket.opened_at", "op": "in_this", "values": ["month"]},
            ]
        },
    },
    "pairs": {
        "relationship": "watchers",
        "list": ["ticket._id", "contact._id", "ticket.opened_at"],
        "filters": {"field": "ticket.opened_at", "op": "in_previous", "values": [2, "month"]},
        "sort": [{"field": "ticket.opened_at", "direction": "desc"}],
    },
}


@pytest.mark.parametrize("name", MOVED_LISTS)
async def test_moved_lists_have_the_records_that_pass_when_they_are_moved(stack: QueryStack, name: str) -> None:
    asked = {"object": "ticket", **MOVED_LISTS[name]}
    answer, there = await _answer(stack, {**asked, "moved": MONTH}), await _answer(stack, asked, "opened")
    plain = await _answer(stack, {**asked, "filters": None})
    ids = 2 if name == "pairs" else 1
    assert {tuple(row[:ids]) for row in answer["rows"]} == {tuple(row[:ids]) for row in there["rows"]}
    assert answer["matching"] == there["matching"] > 0
    stored = {tuple(row[:ids]): row for row in plain["rows"]}
    assert [stored[tuple(row[:ids])] for row in answer["rows"]] == answer["rows"], "as they are stored"
    rows, page = [], await _answer(stack, {**asked, "moved": MONTH, "limit": 3})
    while page["next"] is not None:
        rows += page["rows"]
        page = await _answer(stack, {**asked, "moved": MONTH, "limit": 3, "after": page["next"]})
    assert [*rows, *page["rows"]] == answer["rows"]


async def test_a_token_of_a_list_without_moved_values_is_not_one_of_a_list_with_them(stack: QueryStack) -> None:
    asked = {"object": "ticket", **MOVED_LISTS["pairs"], "timezone": ZONE, "limit": 1}
    token = (await _answer(stack, asked))["next"]
    refused = await stack.ask({**asked, "moved": MONTH, "after": token})
    assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == [("bad_value", "/after")]
    dry = await stack.client.post("/v1/tenants/acme/query?dry_run=true", json={**asked, "moved": MONTH})
    assert dry.json()["request"]["moved"] == MONTH
    assert (await _answer(stack, dry.json()["request"]))["rows"] == (await _answer(stack, {**asked, "moved": MONTH}))[
        "rows"
    ]
