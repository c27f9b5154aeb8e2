"""Built-in fields in answers: `_id` and `_updated_at` wherever a field may stand."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

LATE = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
"""In Chicago still October."""
CONTACTS = [PlainRow("ann", {"country": "FR"}, updated_at=LATE), PlainRow("bob", {"country": "US"})]
TICKETS = [
    PlainRow("t1", {"status": "open"}, {"requester": ["ann"]}, updated_at=LATE),
    PlainRow("t2", {"status": "open"}, {"requester": ["bob"]}, updated_at=LATE + timedelta(hours=1)),
    PlainRow("t3", {"status": "solved"}, updated_at=LATE + timedelta(days=1, milliseconds=5)),
]
WORLD = [PlainObject(BUILT_IN_CONTACT, CONTACTS), PlainObject(TICKET, TICKETS)]
ZONE = {"timezone": "America/Chicago"}


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_built_in") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD})
        yield running


async def test_they_group_filter_sort_and_measure(stack: QueryStack) -> None:
    month = {"field": "ticket._updated_at", "granularity": "month"}
    rows = await stack.rows(
        {
            "object": "ticket",
            "dimensions": [month],
            "measures": ["ticket._id.count_distinct", "ticket._updated_at.max"],
            "sort": [{"field": "ticket._updated_at:month", "direction": "desc"}],
            **ZONE,
        }
    )
    assert rows == [
        ["2026-11-01", 2, "2026-11-01T22:30:00.005-06:00"],
        ["2026-10-01", 1, "2026-10-31T23:30:00-05:00"],
    ]


async def test_records_are_found_by_their_id(stack: QueryStack) -> None:
    asked = {"field": "ticket._id", "op": "in", "values": ["t1", "t3"]}
    rows = await stack.rows({"object": "ticket", "dimensions": ["ticket._id", "ticket.status"], "filters": asked})
    assert rows == [["t1", "open"], ["t3", "solved"]]
    for op, kept in (("is_empty", 0), ("is_not_empty", 3), ("neq", 2)):
        values = {"values": ["t1"]} if op == "neq" else {}
        condition = {"field": "ticket._id", "op": op, **values}
        assert await stack.rows({"object": "ticket", "measures": ["ticket.count"], "filters": condition}) == [[kept]]


async def test_those_of_contact_join_it(stack: QueryStack) -> None:
    rows = await stack.rows({"object": "ticket", "dimensions": ["contact._id"], "measures": ["ticket.count"]})
    assert rows == [["ann", 1], ["bob", 1]]
    changed = {"field": "contact._updated_at", "op": "on", "values": ["2026-10-31"]}
    asked = {"object": "ticket", "dimensions": ["ticket._id"], "filters": changed, **ZONE}
    assert await stack.rows(asked) == [["t1"]]
    assert await stack.rows({"object": "contact", "dimensions": ["contact._id"], "sort": []}) == [["ann"], ["bob"]]


async def test_figures_of_no_records_are_empty(stack: QueryStack) -> None:
    nobody = {"field": "ticket._id", "op": "eq", "values": ["nobody"]}
    measures = ["ticket._updated_at.max", "ticket._updated_at.min", "ticket._id.count_distinct"]
    assert await stack.rows({"object": "ticket", "measures": measures, "filters": nobody}) == [[None, None, 0]]


async def test_they_are_pivoted_and_tested_by_column(stack: QueryStack) -> None:
    answer = await stack.ask(
        {
            "object": "ticket",
            "dimensions": ["ticket.status"],
            "pivot": [{"field": "ticket._updated_at", "granularity": "hour_of_day"}],
            "measures": ["ticket._updated_at.max"],
            "having": {"field": "ticket._updated_at.max|4", "op": "is_empty"},
            "timezone": "UTC",
        }
    )
    assert answer.json()["rows"] == []
    having = {"field": "ticket._id", "op": "gte", "values": ["t1"]}
    refused = await stack.ask({"object": "ticket", "dimensions": ["ticket._id"], "having": having})
    assert refused.json()["errors"][0]["code"] == "bad_operator"
    kept = {"field": "ticket._id", "op": "starts_with", "values": ["T3"]}
    assert await stack.rows({"object": "ticket", "dimensions": ["ticket._id"], "having": kept}) == [["t3"]]


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ("Record ID", "Last updated")),
        ("fr", ("Identifiant de l'enregistrement", "Dernière mise à jour")),
    ],
)
async def test_the_catalog_shows_them_as_built_in(stack: QueryStack, language: str, labels: tuple[str, str]) -> None:
    spoken = {"Accept-Language": language}
    body = (await stack.client.get("/v1/tenants/acme/catalog", headers=spoken)).json()
    for explore in body["explores"]:
        built_in = [dimension for dimension in explore["dimensions"] if dimension.get("built_in")]
        name = explore["object"]
        assert [(field["name"], field["label"], field["type"]) for field in built_in] == [
            (f"{name}._id", labels[0], "text"),
            (f"{name}._updated_at", labels[1], "datetime"),
        ]
        measures = [measure["name"] for measure in explore["measures"] if measure.get("built_in")]
        wanted = ["_id.count_distinct", "_updated_at.min", "_updated_at.max"]
        assert measures == [f"{name}.{measure}" for measure in wanted]
        assert "options" not in built_in[0]
        assert "hour" in built_in[1]["granularities"]
    answer = await stack.ask({"object": "ticket", "dimensions": ["ticket._id"]}, headers=spoken)
    assert answer.json()["columns"][0]["label"] == labels[0]


async def test_their_values_are_found_by_a_part_of_them(stack: QueryStack) -> None:
    async def values(**asked: Any) -> Any:
        return (await stack.client.get("/v1/tenants/acme/catalog/values", params=asked)).json()

    assert (await values(field="ticket._id", contains="T2"))["values"] == [{"value": "t2", "records": 1}]
    some = await values(field="ticket._id", limit=2)
    assert (some["values"][0]["value"], some["truncated"]) == ("t1", True)
    times = await values(field="contact._updated_at")
    assert [value["records"] for value in times["values"]] == [1, 1]
