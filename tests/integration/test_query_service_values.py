"""The values of a field within filters: what they count, whose they are, and what is refused where."""

import itertools
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldType
from crosslook.platform.settings import AuthSettings, ClickHouseSettings
from tests.helpers.builders import state
from tests.helpers.differential import neighbours
from tests.helpers.examples import NIGHTLY, examples
from tests.helpers.oracle import Oracle
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.questions import askable, datasets, filters_on
from tests.helpers.schema_service import Tokens
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import BOOKING, TICKET

PATH = "/v1/tenants/acme/catalog/values"
ZONE, AS_OF = "America/Chicago", datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
MOST = 500
_numbers = itertools.count(1)
_QUESTIONS = examples(6, 1)
_HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@dataclass(frozen=True, slots=True)
class ValuesQuestion:
    """The parameters of a call, and the base object of its filters."""

    base: str
    field: str
    filters: dict[str, Any] | None
    relationship: str | None
    contains: str | None
    names_base: bool

    def parameters(self, limit: int) -> dict[str, Any]:
        """As the URL has them."""
        sent = {
            "field": self.field,
            "filters": json.dumps(self.filters) if self.filters is not None else None,
            "relationship": self.relationship,
            "contains": self.contains,
            "object": self.base if self.names_base else None,
            "limit": limit,
        }
        return {name: value for name, value in sent.items() if value is not None}


@st.composite
def values_questions(draw: st.DrawFn) -> ValuesQuestion:
    """A call that must be answered."""
    base = draw(st.sampled_from(["ticket", "ticket", "contact"]))
    named = askable(base)
    field = draw(st.sampled_from([*sorted(named), f"{base}._id", "contact._id"]))
    filters = filters_on(draw, named) if draw(st.booleans()) else draw(st.sampled_from([None, {}]))
    relationship = draw(st.sampled_from(["requester", "watchers"])) if base == "ticket" else None
    text = named.get(field, FieldType.TEXT) in (FieldType.TEXT, FieldType.DROPDOWN)
    contains = draw(st.sampled_from(["a", "B", "ss", "1"])) if text and draw(st.booleans()) else None
    implied = field.startswith("ticket.") or '"ticket.' in json.dumps(filters) or base == "contact"
    return ValuesQuestion(base, field, filters, relationship, contains, not implied or draw(st.booleans()))


def truth(oracle: Oracle, asked: ValuesQuestion) -> dict[Any, int]:
    """The distinct records of the field's own object under each value, from the rows that pass, one by one."""
    own = asked.field.partition(".")[0]
    conditions: list[Any] = [asked.filters] if asked.filters else []
    if asked.contains:
        conditions.append({"field": asked.field, "op": "contains", "values": [asked.contains]})
    request: dict[str, Any] = {
        **{"object": asked.base, "list": [f"{own}._id", asked.field]},
        **{"filters": {"and": conditions}, "relationship": asked.relationship},
    }
    found: dict[Any, set[str]] = {}
    for record, cell in oracle.listed(request).rows:
        for value in _values(cell):
            found.setdefault(value, set()).add(record)
    return {value: len(records) for value, records in found.items()}


def _values(cell: Any) -> Iterator[Any]:
    yield from cell if isinstance(cell, list) else [] if cell is None else [cell]


def _shown(values: list[dict[str, Any]], field: str) -> list[tuple[Any, int]]:
    money = field in ("ticket.amount", "contact.spent")
    return [(Decimal(found["value"]) if money else found["value"], found["records"]) for found in values]


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_values") as running:
        yield running


async def _answer(stack: QueryStack, **asked: Any) -> dict[str, Any]:
    response = await stack.client.get(PATH, params=asked)
    assert response.status_code == 200, f"{asked}: {response.text}"
    body: dict[str, Any] = response.json()
    return body


@settings(max_examples=examples(10, 800), deadline=None, derandomize=not NIGHTLY, suppress_health_check=_HEALTH)
@given(dataset=datasets(least=3), questions=st.lists(values_questions(), min_size=_QUESTIONS, max_size=_QUESTIONS))
async def test_the_values_within_filters_are_those_of_the_brute_force_model(
    stack: QueryStack, dataset: list[PlainObject], questions: list[ValuesQuestion]
) -> None:
    tenants = {"acme": dataset, "globex": neighbours(dataset)}
    await publish(stack.clickhouse, stack.snapshots, tenants, number=next(_numbers), as_of=AS_OF)
    oracle = Oracle(dataset, AS_OF, ZONE)
    for question in questions:
        answer = await _answer(stack, **question.parameters(MOST))
        found = _shown(answer["values"], question.field)
        assert (dict(found), len(found)) == (expected := truth(oracle, question), len(expected)), question
        assert [count for _, count in found] == sorted((count for _, count in found), reverse=True)
        first = await _answer(stack, **question.parameters(1))
        assert (first["values"], first["truncated"]) == (answer["values"][:1], len(found) > 1)


OPEN = {"field": "ticket.status", "op": "eq", "values": ["open"]}
FRENCH = {"field": "contact.country", "op": "eq", "values": ["FR"]}
PEOPLE = [
    PlainRow("ann", {"country": "FR", "email": "ann@x.example"}),
    PlainRow("bob", {"country": "DE"}),
    PlainRow("cy", {"country": "FR"}),
]
TICKETS = [
    PlainRow("t1", {"status": "open", "tags": ["a", "b"]}, {"requester": ["ann"]}),
    PlainRow("t2", {"status": "open", "tags": ["b"]}, {"requester": ["ann"]}),
    PlainRow("t3", {"status": "open"}, {"requester": ["bob"]}),
    PlainRow("t4", {"status": "solved"}, {"requester": ["cy"]}),
]


@pytest.fixture(scope="module")
async def small(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    """Four tickets of three contacts, and an object with two relationships to contact."""
    objects = [PlainObject(BUILT_IN_CONTACT, PEOPLE), PlainObject(TICKET, TICKETS), PlainObject(BOOKING, [])]
    async with query_stack(clickhouse, "query_values_small") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": objects})
        yield running


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"field": "ticket.status", "filters": json.dumps(FRENCH)}, [("open", 2), ("solved", 1)]),
        ({"field": "ticket.tags", "filters": json.dumps(OPEN)}, [("b", 2), ("a", 1)]),
        # Ann has two open tickets and is one contact.
        ({"field": "contact.country", "filters": json.dumps(OPEN)}, [("DE", 1), ("FR", 1)]),
        ({"field": "contact.country", "filters": json.dumps({"and": [FRENCH, OPEN]})}, [("FR", 1)]),
        ({"field": "contact.country", "filters": json.dumps(FRENCH)}, [("FR", 2)]),
        ({"field": "contact.country", "object": "ticket"}, [("FR", 2), ("DE", 1)]),
        ({"field": "contact.country", "object": "booking", "relationship": "guests"}, []),
        ({"field": "contact._id", "filters": json.dumps(OPEN)}, [("ann", 1), ("bob", 1)]),
        ({"field": "ticket._id", "filters": json.dumps(FRENCH)}, [("t1", 1), ("t2", 1), ("t4", 1)]),
        ({"field": "ticket.status", "filters": "null"}, [("open", 3), ("solved", 1)]),
        ({"field": "ticket.status", "filters": "{}", "contains": "PEN"}, [("open", 3)]),
    ],
)
async def test_values_are_those_of_the_rows_that_pass(
    small: QueryStack, asked: dict[str, Any], expected: list[tuple[str, int]]
) -> None:
    answer = await _answer(small, **asked)
    assert [(found["value"], found["records"]) for found in answer["values"]] == expected
    assert answer["warnings"] == []


NESTED = {"or": [OPEN, {"and": [{**OPEN, "field": "ticket.sttus"}, {**OPEN, "op": "about"}]}]}


@pytest.mark.parametrize(
    ("asked", "problems"),
    [
        (
            {"filters": json.dumps(NESTED)},
            [("unknown_field", "/filters/or/1/and/0/field"), ("bad_operator", "/filters/or/1/and/1/op")],
        ),
        (
            {"filters": json.dumps({"and": [{**OPEN, "field": "ticket.sttus"}]})},
            [("unknown_field", "/filters/and/0/field")],
        ),
        ({"filters": json.dumps({**OPEN, "vals": []})}, [("unknown_property", "/filters/vals")]),
        ({"filters": json.dumps({**OPEN, "field": "booking.price"})}, [("join_not_allowed", "/filters/field")]),
        ({"filters": "[]"}, [("wrong_type", "/filters")]),
        ({"filters": '{"and": 1}'}, [("wrong_type", "/filters/and")]),
        ({"filters": "{"}, [("not_json", "/filters")]),
        ({"filters": '{"and": [], "and": []}'}, [("bad_value", "/filters/and")]),
        ({"filters": ""}, [("bad_parameter", "/filters")]),
        ({"relationship": "owner"}, [("unknown_field", "/relationship")]),
        ({"field": "contact.country", "relationship": "requester"}, [("bad_value", "/relationship")]),
        ({"field": "contact.country", "object": "booking"}, [("relationship_required", "/relationship")]),
        ({"field": "contact.country", "object": "bookng"}, [("unknown_object", "/object")]),
        ({"field": "ticket.status", "object": "booking"}, [("join_not_allowed", "/field")]),
        (
            {"field": "contact.country", "filters": json.dumps({"and": [{**OPEN, "field": "tickt.status"}]})},
            [("unknown_object", "/filters/and/0/field")],
        ),
        (
            {"field": "ticket.sttus", "contains": "x", "filters": json.dumps({**OPEN, "op": "about"})},
            [("unknown_field", "/field"), ("bad_operator", "/filters/op")],
        ),
        ({"field": "ticket.csat", "contains": "x", "filters": json.dumps(OPEN)}, [("bad_operator", "/contains")]),
    ],
)
async def test_what_is_wrong_is_refused_at_its_parameter(
    small: QueryStack, asked: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    for language in ("en", "fr"):
        response = await small.client.get(
            PATH, params={"field": "ticket.status", **asked}, headers={"Accept-Language": language}
        )
        assert response.status_code == 422, response.text
        assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == problems


async def test_the_entity_tag_is_that_of_the_filters(small: QueryStack) -> None:
    asked = {"field": "ticket.status", "filters": json.dumps(OPEN)}
    tag = {"If-None-Match": (await small.client.get(PATH, params=asked)).headers["etag"]}
    assert (await small.client.get(PATH, params=asked, headers=tag)).status_code == 304
    for other in ({"filters": json.dumps(FRENCH)}, {"filters": "{}"}, {"limit": 1}, {"contains": "o"}):
        assert (await small.client.get(PATH, params={**asked, **other}, headers=tag)).status_code == 200


async def test_a_warning_about_a_filter_is_at_its_place(small: QueryStack) -> None:
    unknown = {"or": [OPEN, {**OPEN, "values": ["closed"]}]}
    answer = await _answer(small, field="contact.country", filters=json.dumps(unknown))
    assert [(warning["code"], warning["pointer"]) for warning in answer["warnings"]] == [
        ("unknown_option", "/filters/or/1/values/0")
    ]


async def test_filters_on_a_personal_field_give_nothing_away(clickhouse: ClickHouseSettings, tmp_path: Path) -> None:
    tokens = Tokens.at(tmp_path)
    auth = AuthSettings(jwks_file=tokens.folder.key_set)
    hidden = [field.model_copy(update={"personal": field.slug == "email"}) for field in BUILT_IN_CONTACT.fields]
    contact = Definition.model_validate({**dict(BUILT_IN_CONTACT), "fields": hidden})
    filters = json.dumps({"field": "contact.email", "op": "eq", "values": ["ann@x.example"]})
    async with query_stack(clickhouse, "query_values_personal", auth=auth) as stack:
        objects = [PlainObject(contact, PEOPLE), PlainObject(TICKET, TICKETS)]
        await publish(stack.clickhouse, stack.snapshots, {"acme": objects})
        await stack.define(state(contact, version=2))
        for field, place in (("ticket.status", "/filters"), ("contact.email", "/field")):
            found = []
            for scope in ("reports:read records:read", "reports:read"):
                asked = {"field": field, "object": "ticket", "filters": filters}
                response = await stack.client.get(PATH, params=asked, headers=tokens.header("acme", scope))
                found.append(response.json())
            shown, withheld = found
            assert (len(shown["values"]), shown["warnings"]) == (1, [])
            assert withheld["values"] == []
            assert {(w["code"], w["pointer"]) for w in withheld["warnings"]} == {("personal_hidden", place)}
