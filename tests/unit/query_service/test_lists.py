"""Lists without an engine: what is read, refused and planned; the token of a page."""

from base64 import urlsafe_b64encode
from typing import Any

import orjson
import pytest

from crosslook.contracts.ids import CONTACT
from services.query_service.domain.after_token import AFTER_MAX, AfterToken, BadToken, RowPosition
from services.query_service.domain.column_parsing import MAX_COLUMNS
from services.query_service.domain.list_parsing import LIST_CONFLICTS
from services.query_service.domain.list_plan import ListPlan, plan_of
from services.query_service.domain.plan import Join
from services.query_service.domain.result import heads, list_set
from tests.unit.query_service.dataset import problems_of, resolved, statements

TOKEN = AfterToken("s1", "q" * 32, RowPosition("r", None))
FRENCH = {"field": "contact.country", "op": "eq", "values": ["FR"]}
URGENT = {"field": "ticket.urgent", "op": "eq", "values": [True]}


def plan_for(**request: Any) -> ListPlan:
    report, problems = resolved({"object": "ticket", **request})
    assert report is not None, problems
    assert problems == []
    found = plan_of(report)
    assert isinstance(found, ListPlan)
    return found


@pytest.mark.parametrize("name", LIST_CONFLICTS)
def test_what_groups_rows_cannot_stand_beside_a_list(name: str) -> None:
    asked: dict[str, Any] = {
        "having": {"field": "ticket.count", "op": "gt", "values": [1]},
        "calculations": [{"name": "a", "expression": "1"}],
        "compare": "previous",
        "totals": True,
        "subtotals": True,
        "measures": ["ticket.count"],
    }
    conflicts = problems_of({"object": "ticket", "list": ["ticket._id"], name: asked.get(name, ["ticket.status"])})
    assert ("list_conflict", f"/{name}") in conflicts


@pytest.mark.parametrize("name", LIST_CONFLICTS)
@pytest.mark.parametrize("nothing", [None, [], False, {}])
def test_what_says_nothing_may_stand_beside_a_list(name: str, nothing: Any) -> None:
    found = problems_of({"object": "ticket", "list": ["ticket._id"], name: nothing})
    assert "list_conflict" not in {code for code, _ in found}


def test_a_list_has_no_more_columns_than_a_report() -> None:
    assert problems_of({"object": "ticket", "list": ["ticket._id"] * (MAX_COLUMNS + 1)}) == [
        ("too_many_columns", "/list")
    ]


def test_a_list_of_nothing_is_no_report() -> None:
    assert problems_of({"object": "ticket", "list": []}) == [("required_missing", "/measures")]


def test_a_wrong_field_is_one_problem_even_where_the_list_is_sorted_by_it() -> None:
    request = {"object": "ticket", "list": ["ticket.nothing"], "sort": [{"field": "ticket.nothing"}]}
    assert problems_of(request) == [("unknown_field", "/list/0")]


def test_of_a_field_that_is_sorted_by_twice_the_first_counts() -> None:
    sort = [{"field": "ticket.csat", "direction": "desc"}, {"field": "ticket.csat"}]
    assert [(key.name, key.descending) for key in plan_for(list=["ticket.csat"], sort=sort).order] == [
        ("ticket.csat", True)
    ]


@pytest.mark.parametrize(
    ("fields", "filters", "join"),
    [
        (["ticket._id"], None, Join.NONE),
        (["ticket._id"], URGENT, Join.NONE),
        (["ticket._id", "contact._id"], None, Join.PAIRS),
        (["ticket._id", "contact._id"], FRENCH, Join.PAIRS),
        (["ticket._id"], {"and": [FRENCH, URGENT]}, Join.SEMI),
        (["ticket._id"], {"or": [FRENCH, URGENT]}, Join.NONE),
    ],
)
def test_a_listed_contact_makes_pairs_and_a_filtered_one_does_not(fields: list[str], filters: Any, join: Join) -> None:
    selection = plan_for(list=fields, filters=filters).selection
    assert selection.join is join
    assert (selection.among is not None) == (filters == {"or": [FRENCH, URGENT]})


def test_a_list_may_show_and_sort_by_formulas() -> None:
    formulas = [
        {"name": "days", "expression": "days_between(ticket.opened_at, ticket.due_on)"},
        {"name": "whose", "expression": "lower(contact.email)"},
    ]
    asked = plan_for(list=["days", "whose"], formulas=formulas, sort=[{"field": "days"}])
    assert [column.name for column in asked.listing.columns] == ["days", "whose"]
    assert {formula.name for formula in asked.selection.formulas} == {"days", "whose"}
    assert asked.selection.join is Join.PAIRS


def test_matching_reads_nothing_but_what_is_tested() -> None:
    made = statements({"object": "ticket", "list": ["ticket.subject", "ticket.tags"], "filters": URGENT})
    assert made.matching is not None
    assert "f_urgent" in made.matching.sql
    assert "f_subject" not in made.matching.sql
    assert "ORDER BY" not in made.matching.sql


def test_the_last_row_is_named_only_where_more_follow() -> None:
    report, _ = resolved({"object": "ticket", "list": ["contact._id", "ticket.tags"], "limit": 2})
    assert report is not None
    rows = [("ann", ["a"], "t1", "ann"), ("bob", [], "t1", "bob"), ("cid", ["b"], "t2", "cid")]
    found = list_set(report, rows, 9, None)
    assert (found.rows, found.last) == ((("ann", ["a"]), ("bob", None)), RowPosition("t1", "bob"))
    assert (found.truncated, found.matching) == (True, 9)
    whole = list_set(report, rows[:2], 2, None)
    assert (whole.last, whole.truncated) == (None, False)
    assert [head.kind for head in heads(report)] == ["field", "field"]


@pytest.mark.parametrize(
    "position", [RowPosition("r"), RowPosition("é/\x00'\"", CONTACT), RowPosition("😀" * 200, "x" * 200)]
)
def test_a_token_is_read_as_it_was_made(position: RowPosition) -> None:
    token = AfterToken("snapshot-1", "q" * 32, position)
    assert AfterToken.decode(token.encode()) == token
    assert len(token.encode()) <= AFTER_MAX


@pytest.mark.parametrize("at", range(0, len(TOKEN.encode()), 7))
def test_a_token_with_another_letter_is_no_token(at: int) -> None:
    text = TOKEN.encode()
    other = "A" if text[at] != "A" else "B"
    with pytest.raises(BadToken):
        AfterToken.decode(text[:at] + other + text[at + 1 :])


@pytest.mark.parametrize(
    "content",
    [None, 7, {}, [], [1], [1, "s", "q", "r"], [1, "s", "q", "r", None, "no check"], [1, 2, 3, 4, 5, 6], ["1"] * 6],
)
def test_json_that_is_not_a_token_is_refused(content: Any) -> None:
    with pytest.raises(BadToken):
        AfterToken.decode(urlsafe_b64encode(orjson.dumps(content)).decode())
