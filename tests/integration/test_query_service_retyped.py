"""A report compared with a snapshot in which a field of its had another type (CONTRACTS 5, meaning 11): the field is
empty there, and a warning says so."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import REQUESTER, definition, fields
from tests.helpers.meanings import AS_OF, BEFORE, Asked
from tests.helpers.query_service import query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

NOW_TYPES = {"kind": "number", "price": "text", "tags": "dropdown", "due": "datetime", "marks": "multiselect"}
THEN_TYPES = {"kind": "text", "price": "currency", "tags": "multiselect", "due": "date", "marks": "boolean"}
THEN_VALUES = {"kind": "7", "price": "7.00", "tags": ["a"], "due": "2026-11-20", "marks": True}
NOW_VALUES = {"kind": 7, "price": "7.00", "tags": "a", "due": "2026-11-20T12:00:00Z", "marks": ["a"]}


@pytest.fixture(scope="module")
async def retyped(clickhouse: ClickHouseSettings) -> AsyncIterator[Asked]:
    """A report on tickets of which each field has come back under another type."""
    async with query_stack(clickhouse, "query_retyped") as stack:
        for number, (types, values) in enumerate(((THEN_TYPES, THEN_VALUES), (NOW_TYPES, NOW_VALUES)), 1):
            ticket = PlainObject(definition(*fields(**types), relationships=(REQUESTER,)), [PlainRow("t1", values)])
            contacts = PlainObject(BUILT_IN_CONTACT, [])
            as_of = (BEFORE, AS_OF)[number - 1]
            await publish(stack.clickhouse, stack.snapshots, {"acme": [contacts, ticket]}, number=number, as_of=as_of)
        yield Asked(stack)


@pytest.mark.parametrize(
    ("slug", "shown"),
    [("kind", 7.0), ("price", "7.00"), ("tags", "a"), ("due", "2026-11-20T06:00:00-06:00"), ("marks", "a")],
)
async def test_11_a_field_that_had_another_type_is_empty_in_the_snapshot_before(
    retyped: Asked, slug: str, shown: Any
) -> None:
    request: dict[str, Any] = {"object": "ticket", "dimensions": [f"ticket.{slug}"], "measures": ["ticket.count"]}
    answer = (await retyped.stack.ask({**request, "compare": "previous"})).json()
    assert sorted(answer["rows"], key=str) == sorted([[shown, 1, None, None], [None, None, 1, None]], key=str)
    assert [(warning["code"], warning["pointer"]) for warning in answer["warnings"]] == [
        ("not_in_previous", "/dimensions/0")
    ]


async def test_11_a_measure_or_a_condition_on_a_field_that_had_another_type_finds_nothing_before(
    retyped: Asked,
) -> None:
    measures = ["ticket.kind.sum", "ticket.due.max", "ticket.price.count_distinct"]
    request = {"object": "ticket", "measures": measures, "compare": "previous"}
    answer = (await retyped.stack.ask(request)).json()
    assert answer["rows"] == [[7.0, None, None, "2026-11-20T06:00:00-06:00", None, None, 1, 0, 1]]
    pointers = [warning["pointer"] for warning in answer["warnings"]]
    assert pointers == ["/measures/0", "/measures/1", "/measures/2"]
    seven = {"field": "ticket.kind", "op": "eq", "values": [7]}
    answer = (await retyped.stack.ask({**request, "measures": ["ticket.count"], "filters": seven})).json()
    assert (answer["rows"], answer["warnings"][0]["pointer"]) == ([[1, 0, 1]], "/filters")
