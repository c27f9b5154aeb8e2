"""CONTRACTS 5, "Exact meanings", one by one: each answer as written down here, and as the brute-force model has it."""

from collections.abc import AsyncIterator

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.meanings import AS_OF, WORLD, Asked
from tests.helpers.query_service import query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

OLD = [PlainObject(BUILT_IN_CONTACT, [PlainRow("a", {"created_at": "1969-12-31T22:59:59.999Z"})])]


@pytest.fixture(scope="module")
async def asked(clickhouse: ClickHouseSettings) -> AsyncIterator[Asked]:
    async with query_stack(clickhouse, "query_meanings") as stack:
        await publish(stack.clickhouse, stack.snapshots, {"acme": WORLD, "old": OLD}, as_of=AS_OF)
        yield Asked(stack)


async def test_1_a_report_that_names_no_contact_counts_every_record(asked: Asked) -> None:
    assert await asked.rows(measures=["ticket.count"]) == [[4]]


async def test_1_a_report_that_uses_the_contact_takes_associated_records_only(asked: Asked) -> None:
    rows = await asked.rows(measures=["ticket.count"], dimensions=["contact.country"], relationship="requester")
    assert rows == [["FR", 2], ["US", 1]]


async def test_1_a_contact_in_a_filter_is_a_use_of_the_contact(asked: Asked) -> None:
    empty = {"field": "contact.email", "op": "is_empty"}
    assert await asked.rows(measures=["ticket.count"], filters=empty, relationship="requester") == [[1]]


async def test_1_records_are_kept_by_whether_they_have_a_contact(asked: Asked) -> None:
    for contacts, count in (("any", 4), ("with", 3), ("without", 1)):
        assert await asked.rows(measures=["ticket.count"], contacts=contacts, relationship="watchers") == [[count]]


async def test_2_contacts_are_kept_by_whether_they_have_a_record(asked: Asked) -> None:
    request = {"object": "contact", "dimensions": ["contact.country"], "measures": ["contact.count"]}
    records = {"object": "ticket", "relationship": "requester"}
    assert await asked.rows(**request) == [["FR", 2], ["US", 1], [None, 1]]
    assert await asked.rows(**request, records={**records, "match": "with"}) == [["FR", 1], ["US", 1]]
    assert await asked.rows(**request, records={**records, "match": "without"}) == [["FR", 1], [None, 1]]


async def test_3_a_join_never_inflates_a_measure(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["contact.country"],
        measures=["ticket.count", "ticket.csat.sum", "ticket.amount.avg", "ticket.csat.median", "contact.count"],
        relationship="watchers",
        totals=True,
    )
    assert answer["rows"] == [
        ["FR", 2, 5.0, "5.00", 2.5, 2],
        ["US", 2, 6.0, "10.00", 3.0, 1],
        [None, 1, 2.0, None, 2.0, 1],
    ]
    assert answer["totals"] == [None, 3, 7.0, "5.00", 2.0, 4]


async def test_3_a_filter_is_tested_per_pair(asked: Asked) -> None:
    rows = await asked.rows(
        measures=["ticket.count", "contact.count"],
        relationship="watchers",
        filters={"field": "contact.country", "op": "neq", "values": ["FR"]},
    )
    assert rows == [[2, 2]]


async def test_3_totals_run_before_having_and_limit(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["ticket.tags"],
        measures=["ticket.count", "ticket.csat.avg"],
        having={"field": "ticket.count", "op": "gte", "values": [2]},
        limit=1,
        totals=True,
    )
    assert (answer["rows"], answer["truncated"]) == ([["vip", 2, 2.5]], True)
    assert answer["totals"] == [None, 4, 7 / 3]


async def test_4_missing_null_and_empty_are_one_thing(asked: Asked) -> None:
    assert await asked.rows(
        dimensions=["ticket.subject", "ticket.status", "ticket.tags"],
        limit=1,
        sort=[{"field": "ticket.status", "direction": "desc"}],
    ) == [["straße", "solved", None]]
    assert await asked.rows(dimensions=["ticket.status"], measures=["ticket.count"]) == [
        ["open", 2],
        ["solved", 1],
        [None, 1],
    ]


async def test_4_only_negations_keep_empties(asked: Asked) -> None:
    assert await asked.kept("ticket.status", "eq", "open") == ["t2", "t1"]
    assert await asked.kept("ticket.status", "neq", "open") == ["t3", "t4"]
    assert await asked.kept("ticket.status", "not_in", "open", "solved") == ["t4"]
    assert await asked.kept("ticket.subject", "not_contains", "refund") == ["t2", "t3", "t4"]
    assert await asked.kept("ticket.tags", "none_of", "bug") == ["t2", "t3", "t4"]
    assert await asked.kept("ticket.amount", "lt", "5") == ["t2", "t4"]


async def test_4_measures_of_nothing(asked: Asked) -> None:
    nothing = {"field": "ticket.status", "op": "eq", "values": ["closed"]}
    measures = [
        "ticket.count",
        "ticket.status.count_distinct",
        "ticket.csat.sum",
        "ticket.amount.avg",
        "ticket.due_on.min",
    ]
    assert await asked.rows(measures=measures, filters=nothing) == [[0, 0, None, None, None]]
    assert await asked.rows(dimensions=["ticket.status"], measures=measures, filters=nothing) == []


async def test_5_parts_of_texts_ignore_case_whole_texts_do_not(asked: Asked) -> None:
    assert await asked.kept("ticket.subject", "contains", "STRASSE") == ["t3", "t1"]
    assert await asked.kept("ticket.subject", "ends_with", "Straße") == ["t3", "t1"]
    assert await asked.kept("ticket.subject", "starts_with", "refund") == ["t1"]
    assert await asked.kept("ticket.subject", "eq", "STRASSE") == []
    assert await asked.kept("ticket.subject", "in", "straße") == ["t3"]


async def test_5_a_record_counts_once_under_each_of_its_values(asked: Asked) -> None:
    answer = await asked.answer(dimensions=["ticket.tags"], measures=["ticket.count"], totals=True)
    assert (answer["rows"], answer["totals"]) == ([["vip", 2], [None, 2], ["bug", 1]], [None, 4])


async def test_5_choices_are_tested_as_sets(asked: Asked) -> None:
    assert await asked.kept("ticket.tags", "any_of", "bug", "x") == ["t1"]
    assert await asked.kept("ticket.tags", "all_of", "bug", "vip") == ["t1"]
    assert await asked.kept("ticket.tags", "is_empty") == ["t3", "t4"]


async def test_6_both_hours_of_an_autumn_night_are_told_apart(asked: Asked) -> None:
    hour = {"field": "ticket.opened_at", "granularity": "hour"}
    assert await asked.rows(dimensions=[hour], measures=["ticket.count"]) == [
        ["2026-11-01T01:00:00-05:00", 1],
        ["2026-11-01T01:00:00-06:00", 1],
        ["2026-11-22T23:00:00-06:00", 1],
        [None, 1],
    ]


async def test_6_an_hour_before_the_epoch_begins_before_its_instants(asked: Asked) -> None:
    created = {"field": "contact.created_at", "granularity": "hour"}
    request = {"object": "contact", "dimensions": [created], "timezone": "UTC"}
    answer = (await asked.stack.ask(request, tenant="old")).json()
    assert answer["rows"] == [["1969-12-31T22:00:00+00:00"]]


async def test_6_periods_are_named_by_their_first_day(asked: Asked) -> None:
    for granularity, first in (("week", "2026-10-26"), ("month", "2026-11-01"), ("quarter", "2026-10-01")):
        opened = {"field": "ticket.opened_at", "granularity": granularity}
        assert (await asked.rows(dimensions=[opened]))[0] == [first]
    assert (await asked.rows(dimensions=[{"field": "ticket.due_on", "granularity": "year"}]))[0] == ["2026-01-01"]


async def test_6_parts_of_times_are_numbers(asked: Asked) -> None:
    parts = [
        {"field": "ticket.opened_at", "granularity": item} for item in ("hour_of_day", "day_of_week", "month_of_year")
    ]
    assert await asked.rows(dimensions=parts) == [[1, 7, 11], [23, 7, 11], [None, None, None]]


async def test_6_days_follow_the_zone_of_the_report(asked: Asked) -> None:
    assert await asked.kept("ticket.opened_at", "on", "2026-11-22") == ["t4"]
    assert await asked.kept("ticket.opened_at", "on", "2026-11-22T12:00:00Z") == ["t4"]
    assert await asked.kept("ticket.opened_at", "after", "2026-11-01") == ["t4"]
    assert await asked.kept("ticket.opened_at", "before", "2026-11-01") == []
    assert await asked.kept("ticket.opened_at", "lte", "2026-11-01") == ["t2", "t1"]
    assert await asked.kept("ticket.opened_at", "gt", "2026-11-01T06:30:00Z") == ["t2", "t4"]
    assert await asked.kept("ticket.opened_at", "in", "2026-11-22", "2026-11-01T07:30:00Z") == ["t2", "t4"]
    day = {"field": "ticket.opened_at", "granularity": "day"}
    assert (await asked.rows(dimensions=[day], timezone="Asia/Kolkata"))[-2] == ["2026-11-23"]


async def test_6_relative_times_count_back_from_the_snapshot(asked: Asked) -> None:
    assert await asked.kept("ticket.opened_at", "in_last", 6, "hour") == ["t4"]
    assert await asked.kept("ticket.opened_at", "in_last", 4, "week") == ["t2", "t1", "t4"]
    assert await asked.kept("ticket.due_on", "in_last", 21, "day") == ["t1"]
    assert await asked.kept("ticket.due_on", "in_next", 2, "month") == ["t3"]


async def test_7_values_have_their_json_types(asked: Asked) -> None:
    rows = await asked.rows(
        dimensions=["ticket.csat", "ticket.amount", "ticket.opened_at", "ticket.due_on", "ticket.urgent"],
        measures=["ticket.count"],
        sort=[{"field": "ticket.csat", "direction": "desc"}],
        limit=1,
    )
    assert rows == [[4.0, "10.00", "2026-11-01T01:30:00-05:00", "2026-11-02", True, 1]]


async def test_7_an_instant_is_shown_in_the_zone_that_was_asked(asked: Asked) -> None:
    latest = [await asked.rows(measures=["ticket.opened_at.max"], timezone=zone) for zone in ("UTC", "Asia/Kolkata")]
    assert latest == [[["2026-11-23T05:59:59.999+00:00"]], [["2026-11-23T11:29:59.999+05:30"]]]


async def test_7_currency_is_rounded_half_to_even_and_medians_are_exact(asked: Asked) -> None:
    with_amount = {"field": "ticket.status", "op": "eq", "values": ["open"]}
    measures = ["ticket.amount.avg", "ticket.amount.median", "ticket.amount.sum", "ticket.csat.median"]
    # (10.0000 + 0.0001) / 2 = 5.00005 lies between two: the even one is taken.
    assert await asked.rows(measures=measures, filters=with_amount) == [["5.00", "5.00", "10.0001", 2.5]]


async def test_8_columns_are_named_by_what_was_asked(asked: Asked) -> None:
    answer = await asked.answer(
        dimensions=["ticket.status", {"field": "ticket.opened_at", "granularity": "month"}],
        measures=["ticket.csat.avg", "contact.count"],
        relationship="requester",
    )
    assert [(column["name"], column["kind"], column["type"]) for column in answer["columns"]] == [
        ("ticket.status", "dimension", "text"),
        ("ticket.opened_at:month", "dimension", "date"),
        ("ticket.csat.avg", "measure", "number"),
        ("contact.count", "measure", "integer"),
    ]


async def test_8_having_and_sort_name_columns(asked: Asked) -> None:
    month = {"field": "ticket.opened_at", "granularity": "month"}
    rows = await asked.rows(
        dimensions=[month],
        measures=["ticket.count"],
        having={"field": "ticket.opened_at:month", "op": "on", "values": ["2026-11-01"]},
        sort=[{"field": "ticket.opened_at:month", "direction": "desc"}],
    )
    assert rows == [["2026-11-01", 3]]


async def test_9_nulls_come_last_in_both_directions(asked: Asked) -> None:
    for direction, first in (("asc", "open"), ("desc", "solved")):
        rows = await asked.rows(dimensions=["ticket.status"], sort=[{"field": "ticket.status", "direction": direction}])
        assert (rows[0], rows[-1]) == ([first], [None])


async def test_9_ties_are_broken_by_all_dimensions(asked: Asked) -> None:
    assert await asked.rows(dimensions=["ticket.urgent", "ticket.status"], measures=["ticket.count"]) == [
        [False, "solved", 1],
        [True, "open", 1],
        [None, "open", 1],
        [None, None, 1],
    ]


async def test_9_a_dated_dimension_orders_a_report_by_time(asked: Asked) -> None:
    rows = await asked.rows(dimensions=["ticket.status", "ticket.due_on"], measures=["ticket.count"])
    assert [row[1] for row in rows] == ["2026-11-02", "2026-12-31", None, None]


async def test_10_the_join_block_counts_before_filters(asked: Asked) -> None:
    nothing = {"field": "ticket.status", "op": "eq", "values": ["closed"]}
    answer = await asked.answer(measures=["contact.count"], filters=nothing, relationship="requester")
    assert answer["join"] == {"relationship": "requester", "kept": 3, "dropped": 1}
    assert (await asked.answer(measures=["ticket.count"], contacts="without", relationship="watchers"))["join"] == {
        "relationship": "watchers",
        "kept": 3,
        "dropped": 1,
    }
    assert (await asked.answer(measures=["ticket.count"]))["join"] is None


async def test_12_an_answer_carries_its_warnings_and_its_freshness(asked: Asked) -> None:
    answer = await asked.answer(measures=["ticket.count"])
    assert answer["warnings"] == []
    assert answer["snapshot"] == {
        "id": "s1",
        "as_of": "2026-11-23T11:30:00Z",
        "next_refresh_at": "2026-11-24T11:30:00Z",
        "zone": "America/Chicago",
        "waiting_events": 0,
        "stale": False,
        "due_at": None,
    }
