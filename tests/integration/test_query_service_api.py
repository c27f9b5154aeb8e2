"""The calls of query_service as CONTRACTS 5 has them: catalog, formats, dry run, caching, snapshots, freshness."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pyarrow as pa
import pytest

from crosslook.contracts.failures import FailedObject
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import state, without_fields
from tests.helpers.query_service import NOON, QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import ASSET, BOOKING, TICKET

COUNT = {"object": "ticket", "measures": ["ticket.count"]}
BY_STATUS = {"object": "ticket", "dimensions": ["ticket.status"], "measures": ["ticket.count"]}
TICKETS = [PlainRow("t1", {"status": "open"}, {"requester": ["ann"]}), PlainRow("t2", {"status": "solved"})]
WORLD = [PlainObject(BUILT_IN_CONTACT, [PlainRow("ann")]), PlainObject(TICKET, TICKETS), PlainObject(ASSET, [])]
_databases = count(1)


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    """A service that has snapshot s1, and the schemas of it."""
    async with query_stack(clickhouse, f"query_api_{next(_databases)}") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD})
        for definition in (TICKET, ASSET):
            await running.define(state(definition))
        yield running


async def test_a_dry_run_answers_the_sql_and_runs_nothing(stack: QueryStack) -> None:
    response = await stack.ask({**BY_STATUS, "totals": True, "contacts": "with"}, params={"dry_run": "true"})
    body = response.json()
    assert [statement["part"] for statement in body["statements"]] == ["rows", "totals", "join"]
    assert body["sql"] == body["statements"][0]["sql"]
    assert "acme" in body["parameters"].values()
    assert "acme" not in body["sql"]
    assert [column["name"] for column in body["columns"]] == ["ticket.status", "ticket.count"]
    assert (await stack.ask({**BY_STATUS, "totals": True, "contacts": "with"})).json()["cached"] is False


async def test_a_dry_run_completes_the_request_and_says_how_much_it_asks_for(stack: QueryStack) -> None:
    filters = {"field": "contact.country", "op": "is_empty"}
    week = {"field": "ticket.opened_at", "granularity": "week"}
    asked = {**BY_STATUS, "dimensions": ["ticket.status", week], "filters": filters, "limit": 7}
    told = (await stack.ask(asked, params={"dry_run": "true"})).json()
    assert told["request"] == {
        **{"object": "ticket", "dimensions": ["ticket.status", week], "measures": ["ticket.count"], "filters": filters},
        **{"having": None, "limit": 7, "totals": False, "subtotals": False, "relationship": "requester"},
        **{"contacts": "any", "records": None, "timezone": "America/Chicago", "snapshot": "s1", "pivot": []},
        **{"calculations": [], "compare": None, "formulas": [], "week_start": "monday"},
        "sort": [{"field": name, "direction": "asc"} for name in ("ticket.opened_at:week", "ticket.status")],
    }
    assert told["estimated_rows"] == {"read": 3, "answer": 7}
    again = (await stack.ask(told["request"], params={"dry_run": "true"})).json()
    assert [again[item] for item in ("request", "sql", "parameters")] == [
        told[item] for item in ("request", "sql", "parameters")
    ]


@pytest.mark.parametrize(
    ("report", "estimate"),
    [
        (COUNT, {"read": 2, "answer": 1}),
        (BY_STATUS, {"read": 2, "answer": 2}),
        ({**BY_STATUS, "dimensions": ["ticket.tags"]}, {"read": 2, "answer": 500}),
        ({**COUNT, "dimensions": ["contact.country"]}, {"read": 3, "answer": 500}),
        (
            {"object": "contact", "measures": ["contact.count"], "records": {"object": "ticket"}},
            {"read": 3, "answer": 1},
        ),
    ],
)
async def test_a_dry_run_estimates_rows(stack: QueryStack, report: dict[str, Any], estimate: dict[str, int]) -> None:
    assert (await stack.ask(report, params={"dry_run": "true"})).json()["estimated_rows"] == estimate


async def test_a_dry_run_refuses_what_a_run_refuses(stack: QueryStack) -> None:
    response = await stack.ask({**COUNT, "dimensions": ["ticket.sttus"]}, params={"dry_run": "true"})
    assert (response.status_code, response.json()["errors"][0]["suggestion"]) == (422, "ticket.status")


async def test_an_answer_is_remembered_for_its_snapshot(stack: QueryStack) -> None:
    first, second = await stack.ask(COUNT), await stack.ask(COUNT)
    assert (first.json()["cached"], second.json()["cached"]) == (False, True)
    assert first.json()["rows"] == second.json()["rows"] == [[2]]
    assert first.headers["etag"] == second.headers["etag"]


@pytest.mark.parametrize("first", [False, True])
async def test_totals_are_in_the_answer_of_who_asked_for_them(stack: QueryStack, first: bool) -> None:
    request = {"object": "ticket", "dimensions": ["ticket.status"]}
    asked = [{**request, "totals": first}, {**request, "totals": not first}]
    answers = [await stack.ask(item) for item in asked]
    assert [answer.json()["totals"] for answer in answers] == [[None] if item["totals"] else None for item in asked]
    assert len({answer.headers["etag"] for answer in answers}) == 2


async def test_who_has_the_answer_is_not_sent_it_again(stack: QueryStack) -> None:
    tag = (await stack.ask(COUNT)).headers["etag"]
    again = await stack.ask(COUNT, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_a_new_snapshot_is_another_answer(stack: QueryStack) -> None:
    tag = (await stack.ask(COUNT)).headers["etag"]
    await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(TICKET, TICKETS[:1])]}, number=2)
    answer = await stack.ask(COUNT, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.json()["rows"], answer.json()["snapshot"]["id"]) == (200, [[1]], "s2")
    assert answer.headers["etag"] != tag


async def test_each_format_and_language_has_an_etag_of_its_own(stack: QueryStack) -> None:
    asked: list[dict[str, str]] = [{}, {"Accept": "text/csv"}, {"Accept-Language": "fr"}]
    tags = {(await stack.ask(COUNT, headers=request)).headers["etag"] for request in asked}
    assert len(tags) == 3


async def test_csv_has_the_names_of_columns_and_says_what_it_is(stack: QueryStack) -> None:
    response = await stack.ask(BY_STATUS, headers={"Accept": "text/csv"})
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == (
        "attachment; filename=\"ticket-s1-America-Chicago.csv\"; filename*=UTF-8''Tickets-s1-America-Chicago.csv"
    )
    assert response.text == "ticket.status,ticket.count\r\nopen,1\r\nsolved,1\r\n"


async def test_an_older_snapshot_can_still_be_asked(stack: QueryStack) -> None:
    later = [PlainObject(without_fields(TICKET, "status"), TICKETS[:1], version=2)]
    await publish(stack.clickhouse, stack.snapshots, {"acme": later}, number=2)
    for name in ("previous", "s1"):
        answer = await stack.ask({**BY_STATUS, "snapshot": name})
        assert (answer.json()["rows"], answer.json()["snapshot"]["id"]) == ([["open", 1], ["solved", 1]], "s1")
    assert (await stack.ask({**BY_STATUS, "snapshot": "s2"})).json()["errors"][0]["pointer"] == "/dimensions/0"


async def test_a_snapshot_that_another_replica_has_just_answered_from_is_found(stack: QueryStack) -> None:
    topic = stack.snapshots.shared
    readers, topic.readers = topic.readers, []  # this replica's reader lags behind
    other = MemoryLog(topic)
    await other.start()
    await publish(stack.clickhouse, other, {"acme": [PlainObject(TICKET, TICKETS[:1])]}, number=2)
    topic.readers = readers
    assert (await stack.ask(COUNT)).json()["snapshot"]["id"] == "s1"
    answer = await stack.ask({**COUNT, "snapshot": "s2"})
    assert (answer.status_code, answer.json()["rows"]) == (200, [[1]])


async def test_a_snapshot_that_left_is_told_from_one_that_never_was(stack: QueryStack) -> None:
    await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD}, number=2)
    await stack.snapshots.put("snapshot/s1", None)
    for name, expected in (("s1", (410, "snapshot_expired")), ("s7", (404, "unknown_snapshot"))):
        response = await stack.ask({**COUNT, "snapshot": name})
        assert (response.status_code, response.json()["code"]) == expected
    assert (await stack.ask({**COUNT, "snapshot": "previous"})).status_code == 410


def _staged(tenant: str, *places: tuple[int, int], name: str = "asset") -> pa.Table:
    """Staged events of a tenant's object at (partition, offset)."""
    texts = {name: [""] * len(places) for name in ("record", "source", "event_id", "fields", "references")}
    at = pa.array([NOON] * len(places), pa.timestamp("ms", tz="UTC"))
    return pa.table(
        {
            **texts,
            "tenant": [tenant] * len(places),
            "object": [name] * len(places),
            "kind": pa.array([1] * len(places), pa.uint8()),
            "event_time": at,
            "received_at": at,
            "sequence": pa.array([0] * len(places), pa.int64()),
            "partition": pa.array([item for item, _ in places], pa.uint16()),
            "offset": pa.array([item for _, item in places], pa.uint64()),
            "schema_version": pa.array([1] * len(places), pa.uint32()),
            "external_ids": pa.array([[]] * len(places), pa.list_(pa.string())),
        }
    )


async def test_events_above_the_watermark_are_waiting_each_once(stack: QueryStack) -> None:
    await stack.clickhouse.insert_arrow("record_log", _staged("acme", (0, 4), (0, 5), (0, 5), (3, 0), (1, 9)))
    await stack.clickhouse.insert_arrow("record_log", _staged("globex", (0, 50), (0, 51)))
    await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD}, number=2, watermark={0: 5, 1: 10})
    assert (await stack.ask(COUNT)).json()["snapshot"]["waiting_events"] == 2


async def test_an_object_that_fell_behind_is_warned_of_and_counts_from_its_own_watermark(stack: QueryStack) -> None:
    await stack.clickhouse.insert_arrow("record_log", _staged("acme", (0, 2), (0, 3), (0, 4), (7, 1), name="ticket"))
    await stack.clickhouse.insert_arrow("record_log", _staged("acme", (0, 1), (0, 9), name="order"))
    await stack.clickhouse.insert_arrow("record_log", _staged("acme", (1, 3), (1, 4), (0, 6), name="asset"))
    failed = [
        FailedObject(tenant="acme", object="ticket", reason="build: TOO_DEEP (306) at field csat", watermark={0: 3}),
        FailedObject(tenant="acme", object="order", reason="build: TOO_DEEP (306)", watermark={0: 1, 1: 2}),
        FailedObject(tenant="globex", object="asset", reason="build: TOO_DEEP (306)", watermark={}),
    ]
    watermark = {0: 10, 1: 4, 7: 1}
    await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD}, number=2, watermark=watermark, failed=failed)
    answer = (await stack.ask(COUNT)).json()
    assert answer["snapshot"]["waiting_events"] == 2 + 1 + 2 + 1
    sentence = (
        "The last refresh failed for ticket, so its previous data are shown: build: TOO_DEEP (306) at field csat."
    )
    assert [(warning["code"], warning["message"]) for warning in answer["warnings"]] == [("refresh_failed", sentence)]
    untouched = (await stack.ask({"object": "contact", "measures": ["contact.count"]})).json()
    assert untouched["warnings"] == []


@pytest.mark.parametrize(
    ("now", "stale", "due"),
    [
        ("2026-11-24T11:29:59Z", False, None),
        ("2026-11-24T11:30:00Z", False, "2026-11-24T11:30:00Z"),
        ("2026-11-24T11:59:00Z", False, "2026-11-24T11:30:00Z"),
        ("2026-11-24T12:01:00Z", True, "2026-11-24T11:30:00Z"),
        ("2026-11-26T00:00:00Z", True, "2026-11-24T11:30:00Z"),
    ],
)
async def test_data_are_stale_when_a_refresh_is_half_an_hour_late(
    stack: QueryStack, now: str, stale: bool, due: str | None
) -> None:
    stack.clock.at = datetime.fromisoformat(now).astimezone(UTC)
    snapshot = (await stack.ask(COUNT)).json()["snapshot"]
    assert (snapshot["stale"], snapshot["due_at"]) == (stale, due)


async def test_the_refresh_of_a_summer_day_is_an_hour_earlier_in_utc(stack: QueryStack) -> None:
    stack.clock.at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert (await stack.ask(COUNT)).json()["snapshot"]["next_refresh_at"] == "2026-07-02T10:30:00Z"


@pytest.mark.parametrize(
    ("report", "rows"),
    [
        ({"object": "contact", "measures": ["contact.count", "contact.created_at.min"]}, [[0, None]]),
        ({"object": "contact", "dimensions": ["contact.country", "contact.created_at"]}, []),
        ({"object": "contact", "measures": ["contact.count"], "records": {"object": "ticket"}}, [[0]]),
        ({**COUNT, "dimensions": ["contact.country"]}, []),
        ({**COUNT, "filters": {"field": "contact.country", "op": "eq", "values": ["FR"]}}, [[0]]),
        ({**COUNT, "contacts": "without"}, [[1]]),
    ],
)
async def test_a_tenant_that_never_had_a_contact_has_reports_without(
    stack: QueryStack, report: dict[str, Any], rows: list[list[Any]]
) -> None:
    await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(TICKET, TICKETS[1:])]}, number=2)
    assert await stack.rows(report) == rows


async def test_a_restored_snapshot_is_the_current_one_again(stack: QueryStack) -> None:
    first = stack.snapshots.get("snapshot/s1")
    await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(TICKET, TICKETS[:1])]}, number=2)
    assert first is not None
    await stack.snapshots.put("snapshot/s1", first.value)
    answer = (await stack.ask(COUNT)).json()
    assert (answer["rows"], answer["snapshot"]["id"]) == ([[2]], "s1")


async def test_another_tenant_has_its_own_data_and_no_names_of_ours(stack: QueryStack) -> None:
    await publish(
        stack.clickhouse,
        stack.snapshots,
        {"acme": WORLD, "globex": [PlainObject(BOOKING, [PlainRow("b1")])]},
        number=2,
        as_of=datetime(2026, 11, 23, 11, 30, tzinfo=UTC) + timedelta(hours=1),
    )
    response = await stack.ask({"object": "tickets", "measures": ["ticket.count"]}, tenant="globex")
    assert response.json()["errors"] == [
        {
            "pointer": "/object",
            "code": "unknown_object",
            "message": "There is no object tickets in this snapshot; the catalog lists the objects.",
        }
    ]
    assert (await stack.ask({"object": "booking", "measures": ["booking.count"]}, tenant="globex")).json()["rows"] == [
        [1]
    ]
