"""Pages of lists: any order, any size, and together they are the list; tokens that are of no use say why."""

import random
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import orjson
import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.domain.after_token import AfterToken, RowPosition
from tests.helpers.builders import REPORTED_FIELDS, WATCHERS, definition
from tests.helpers.lists import ListModel, pages
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

SEED = random.Random(12)  # noqa: S311  # test data
TICKET = definition(*REPORTED_FIELDS, relationships=(WATCHERS,))
CONTACTS = [
    PlainRow(f"c{number}", {"country": SEED.choice(["FR", "US", "", None]), "email": f"é{number % 3}@x.example"})
    for number in range(12)
]
TYPES: dict[str, list[Any]] = {
    "status": ["open", "solved", "", None],
    "subject": ["a", "A", "é", "z; a", "ab", None],
    "csat": [-1.5, -0.0, 0.0, 0.1, 0.30000000000000004, 9007199254740991.0, None],
    "amount": ["-3.5000", "0.0001", "99999999999.9999", None],
    "due_on": ["1900-01-01", "2026-11-02", "2299-12-31", None],
    "opened_at": ["1969-12-31T22:59:59.999Z", "2026-11-01T07:30:00Z", "2026-11-01T07:30:00.001Z", None],
    "tags": [["b"], ["a"], ["a", "b"], ["b", "a"], []],
    "urgent": [True, False, None],
}


def _ticket(number: int) -> PlainRow:
    linked = SEED.sample([contact.record for contact in CONTACTS], SEED.choice([0, 1, 1, 3]))
    values = {slug: SEED.choice(known) for slug, known in TYPES.items()}
    return PlainRow(f"t{number:03}", values, {"watchers": linked}, deleted=number % 9 == 0)


TICKETS = [_ticket(number) for number in range(90)]
MODEL = ListModel("ticket", TICKETS, {contact.record: contact for contact in CONTACTS}, "watchers")
WORLD = [PlainObject(BUILT_IN_CONTACT, CONTACTS), PlainObject(TICKET, TICKETS)]
PAGED = {"object": "ticket", "list": ["ticket._id", "ticket.status"], "limit": 10, "timezone": "UTC"}


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_list_pages") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD})
        yield running


def _comparable(slug: str, cell: Any) -> Any:
    if slug == "ticket.amount" and cell is not None:
        return Decimal(cell)
    return cell.replace("+00:00", "Z") if slug == "ticket.opened_at" and cell is not None else cell


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("slug", TYPES)
@pytest.mark.parametrize("paired", [False, True])
async def test_pages_sorted_by_any_type_are_the_list(
    stack: QueryStack, slug: str, direction: str, paired: bool
) -> None:
    fields = ["ticket._id", f"ticket.{slug}", *(["contact.country", "contact._id"] if paired else [])]
    keys = [(f"ticket.{slug}", direction == "desc"), *([("contact.country", direction == "asc")] if paired else [])]
    sort = [{"field": name, "direction": "desc" if descending else "asc"} for name, descending in keys]
    request = {**PAGED, "list": fields, "sort": sort}
    rows = [row for page in await pages(stack, request, 7) for row in page]
    got = [[_comparable(name, cell) for name, cell in zip(fields, row, strict=True)] for row in rows]
    wanted = MODEL.rows(fields, keys)
    assert got == [[_comparable(name, cell) for name, cell in zip(fields, row, strict=True)] for row in wanted]


async def test_pages_of_one_row_and_of_all_rows_are_the_same_list(stack: QueryStack) -> None:
    sort = [{"field": "ticket.status", "direction": "desc"}]
    single = [row for page in await pages(stack, {**PAGED, "sort": sort}, 1) for row in page]
    (whole,) = await pages(stack, {**PAGED, "sort": sort}, 1000)
    assert single == whole


async def test_a_page_that_ends_with_the_list_is_the_last_one(stack: QueryStack) -> None:
    live = sum(not ticket.deleted for ticket in TICKETS)
    assert [len(page) for page in await pages(stack, PAGED, live // 2)] == [live // 2, live // 2]


async def test_many_sort_columns_fit_into_a_statement(stack: QueryStack) -> None:
    fields = ["ticket._id", *(f"ticket.{slug}" for slug in TYPES), "ticket._updated_at"]
    sort = [{"field": name} for name in [*fields[1:], "ticket._id"]] * 10
    rows = [row for page in await pages(stack, {**PAGED, "list": fields, "sort": sort}, 30) for row in page]
    assert len({row[0] for row in rows}) == len(rows) == sum(not ticket.deleted for ticket in TICKETS)


async def _token(stack: QueryStack, **request: Any) -> str:
    token = (await stack.ask({**PAGED, **request})).json()["next"]
    assert isinstance(token, str)
    return token


@pytest.mark.parametrize(
    "other",
    [
        {"list": ["ticket._id"]},
        {"sort": [{"field": "ticket._id", "direction": "desc"}]},
        {"filters": {"field": "ticket.status", "op": "is_empty"}},
        {"contacts": "with"},
        {"timezone": "America/Chicago"},
        {"snapshot": "s9"},
    ],
)
async def test_a_token_is_refused_with_another_question(stack: QueryStack, other: dict[str, Any]) -> None:
    token = await _token(stack)
    refused = await stack.ask({**PAGED, **other, "after": token})
    assert refused.status_code == 422
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [("/after", "bad_value")]
    assert "another list" in refused.json()["errors"][0]["message"]


async def test_a_token_is_good_for_pages_of_any_size_and_an_equal_question(stack: QueryStack) -> None:
    token = await _token(stack, relationship="watchers")
    equal: list[dict[str, Any]] = [
        {"limit": 3},
        {"relationship": "watchers"},
        {"snapshot": "s1"},
        {"filters": {}},
        {"totals": False},
    ]
    for same in equal:
        page = await stack.ask({**PAGED, **same, "after": token})
        assert page.status_code == 200, page.text
        assert page.json()["rows"][0][0] == MODEL.rows(["ticket._id"])[10][0]


@pytest.mark.parametrize("changed", [lambda token: token[:-3], lambda token: token[3:], lambda token: token + "A"])
async def test_a_token_that_was_damaged_is_refused(stack: QueryStack, changed: Any) -> None:
    refused = await stack.ask({**PAGED, "after": changed(await _token(stack))})
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "bad_value")


@pytest.mark.parametrize("garbage", ["", "x", "W10", "é" * 50, "A" * 100_000, 7, ["x"], {"a": 1}])
async def test_what_is_no_token_is_refused(stack: QueryStack, garbage: Any) -> None:
    refused = await stack.ask({**PAGED, "after": garbage})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/after"


async def test_a_token_made_up_for_another_row_finds_that_row_or_nothing(stack: QueryStack) -> None:
    """Only what the caller may ask for anyway."""
    genuine = AfterToken.decode(await _token(stack))
    made_up = AfterToken(genuine.snapshot, genuine.question, RowPosition("'; DROP TABLE x --"))
    answered = await stack.ask({**PAGED, "after": made_up.encode()})
    assert answered.status_code == 200
    nobody = AfterToken("s'0", genuine.question, genuine.position)
    gone = await stack.ask({**PAGED, "after": nobody.encode()})
    assert (gone.status_code, gone.json()["code"]) == (410, "snapshot_expired")


async def test_a_token_stays_with_its_snapshot(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, "query_list_pinned") as own:
        await publish(own.clickhouse, own.snapshots, {"acme": WORLD})
        token = await _token(own)
        fewer = [PlainObject(BUILT_IN_CONTACT, CONTACTS), PlainObject(TICKET, TICKETS[:3])]
        await publish(own.clickhouse, own.snapshots, {"acme": fewer}, number=2)
        page = (await own.ask({**PAGED, "after": token})).json()
        assert (page["snapshot"]["id"], len(page["rows"])) == ("s1", 10)
        assert (await own.ask({**PAGED, "snapshot": "s2", "after": token})).status_code == 422
        await own.snapshots.put("snapshot/s1", None)
        gone = await own.ask({**PAGED, "after": token})
        assert (gone.status_code, gone.json()["code"]) == (410, "snapshot_expired")


async def test_a_token_holds_no_value_of_a_field(stack: QueryStack) -> None:
    token = await _token(stack, sort=[{"field": "ticket.status"}])
    read = AfterToken.decode(token)
    assert read.position.contact is None
    assert b"open" not in orjson.dumps([read.snapshot, read.question, read.position.record])
    assert len(token) < 400
