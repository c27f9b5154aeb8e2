"""The service's answers compared with those of the brute-force model."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tests.helpers.oracle_table import Truth, same
from tests.helpers.query_service import QueryStack
from tests.helpers.snapshots import PlainObject


def neighbours(dataset: Iterable[PlainObject]) -> list[PlainObject]:
    """The same rows the other way round, as another tenant's: seen once, they would spoil every count."""
    return [
        PlainObject(dataset_object.definition, [replace(row, deleted=not row.deleted) for row in dataset_object.rows])
        for dataset_object in dataset
    ]


async def assert_answer(stack: QueryStack, question: Mapping[str, Any], truth: Truth) -> dict[str, Any]:
    """The service's answer, which must be the truth, cell by cell."""
    response = await stack.ask(question)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert [column["name"] for column in answer["columns"]] == truth.columns
    assert same(truth.rows, answer["rows"]), f"{question}: expected {truth.rows}, found {answer['rows']}"
    assert (answer["totals"] is None) == (truth.totals is None)
    assert same([truth.totals or []], [answer["totals"] or []]), (truth.totals, answer["totals"])
    assert answer["truncated"] == truth.truncated
    assert answer["join"] == truth.join
    assert answer.get("pivot_omitted") == truth.omitted
    subtotals = [subtotal["rows"] for subtotal in answer["subtotals"]] if "subtotals" in answer else None
    assert (subtotals is None) == (truth.subtotals is None)
    for expected, found in zip(truth.subtotals or [], subtotals or [], strict=True):
        assert same(expected, found), (expected, found)
    return answer
