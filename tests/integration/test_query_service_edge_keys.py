"""Keys outside of what a field can hold, which the first and last values of a field are grouped under: every key that a
result shows can be drilled into and tested."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

ITEM = Definition.model_validate(
    {
        "object": "item",
        "labels": {"singular": "Item", "plural": "Items"},
        "fields": [
            {"slug": "size", "type": "number"},
            {"slug": "price", "type": "currency"},
            {"slug": "due", "type": "date"},
            {"slug": "at", "type": "datetime"},
        ],
        "relationships": [{"slug": "owner", "target": "contact"}],
    }
)
ROWS = [
    PlainRow(
        "first",
        {
            "size": -(2.0**53),
            "price": "-999999999999999.9999",
            "due": "1900-01-01",
            "at": "1900-01-01T00:00:00Z",
        },
    ),
    PlainRow("middle", {"size": 5, "price": "5", "due": "2026-11-20", "at": "2026-11-20T10:30:00Z"}),
    PlainRow(
        "last",
        {
            "size": 2.0**53,
            "price": "999999999999999.9999",
            "due": "2299-12-31",
            "at": "2299-12-31T23:59:59Z",
        },
    ),
    PlainRow("empty"),
]


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_edge_keys") as running:
        await publish(
            running.clickhouse,
            running.snapshots,
            {"acme": [PlainObject(BUILT_IN_CONTACT, []), PlainObject(ITEM, ROWS)]},
        )
        yield running


def of_time(field: str, granularity: str, zone: str, week_start: str = "monday") -> dict[str, Any]:
    dimension = {"field": field, "granularity": granularity}
    return {"dimensions": [dimension], "timezone": zone, "week_start": week_start}


def of_width(field: str, width: Any) -> dict[str, Any]:
    return {"dimensions": [{"field": field, "name": "band", "width": width}], "timezone": "UTC"}


CASES: dict[str, tuple[dict[str, Any], Any]] = {
    "weeks from Sunday": (of_time("item.due", "week", "UTC", "sunday"), "1899-12-31"),
    "weeks from Saturday": (of_time("item.due", "week", "UTC", "saturday"), "1899-12-30"),
    "western days": (of_time("item.at", "day", "America/Chicago"), "1899-12-31"),
    "western weeks": (of_time("item.at", "week", "America/Chicago"), "1899-12-25"),
    "western months": (of_time("item.at", "month", "America/Chicago"), "1899-12-01"),
    "western quarters": (of_time("item.at", "quarter", "America/Chicago"), "1899-10-01"),
    "western years": (of_time("item.at", "year", "America/Chicago"), "1899-01-01"),
    "eastern days": (of_time("item.at", "day", "Asia/Tokyo"), "2300-01-01"),
    "eastern years": (of_time("item.at", "year", "Asia/Tokyo"), "2300-01-01"),
    "hours of local mean time": (of_time("item.at", "hour", "Asia/Kolkata"), "1900-01-01T05:00:50+05:22"),
    "amounts": (of_width("item.price", 10), "-1000000000000000.00"),
    "wide amounts": (of_width("item.price", "700000000000000"), "-1400000000000000.00"),
    "numbers": (of_width("item.size", 10), -9007199254741000.0),
    "wide numbers": (of_width("item.size", 600000000000000), -9600000000000000.0),
}


@pytest.mark.parametrize("name", CASES)
async def test_every_key_can_be_drilled_into_and_tested(stack: QueryStack, name: str) -> None:
    grouped, beyond = CASES[name]
    asked = {"object": "item", "measures": ["item.count"], **grouped}
    answer = (await stack.ask(asked)).json()
    keys = [row[0] for row in answer["rows"]]
    assert beyond in keys
    column, (dimension,) = answer["columns"][0]["name"], grouped["dimensions"]
    described = {part: value for part, value in dimension.items() if part != "name"}
    for key, count in answer["rows"]:
        body = {"request": asked, "row": [key], "column": "item.count"}
        drilled = await stack.client.post("/v1/tenants/acme/query/drill", json=body)
        assert drilled.status_code == 200, drilled.text
        assert (await stack.ask(drilled.json()["request"])).json()["matching"] == count
        tested: dict[str, Any] = {"op": "in", "values": [key]} if key is not None else {"op": "is_empty"}
        assert await stack.rows({**asked, "filters": {**tested, **described}}) == [[key, count]]
        assert await stack.rows({**asked, "having": {**tested, "field": column}}) == [[key, count]]


async def test_a_local_day_before_the_first_one_of_a_field_can_be_asked_for(stack: QueryStack) -> None:
    condition = {"field": "item.at", "op": "on", "values": ["1899-12-31"]}
    asked = {"object": "item", "list": ["item._id"], "filters": condition, "timezone": "America/Chicago"}
    assert await stack.rows(asked) == [["first"]]


@pytest.mark.parametrize("value", ["1898-12-31", "2301-01-01"])
async def test_days_far_beyond_are_refused(stack: QueryStack, value: str) -> None:
    condition = {"field": "item.due", "granularity": "week", "op": "eq", "values": [value]}
    response = await stack.ask({"object": "item", "measures": ["item.count"], "filters": condition})
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [
        ("bad_value", "/filters/values/0")
    ]
    stored = await stack.ask(
        {"object": "item", "measures": ["item.count"], "filters": {**condition, "granularity": None}}
    )
    assert "1900-01-01" in stored.json()["errors"][0]["message"]
