"""The service's answers compared with those of the brute-force model."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tests.helpers.oracle_measures import INEXACT
from tests.helpers.oracle_truth import Truth, same
from tests.helpers.query_service import QueryStack
from tests.helpers.snapshots import PlainObject


class Difference(AssertionError):
    """The service does not answer as the model does; the text before the colon says in what."""


def neighbours(dataset: Iterable[PlainObject]) -> list[PlainObject]:
    """The same rows the other way round, as another tenant's: seen once, they would spoil every count."""
    return [
        PlainObject(dataset_object.definition, [replace(row, deleted=not row.deleted) for row in dataset_object.rows])
        for dataset_object in dataset
    ]


async def answered(stack: QueryStack, question: Mapping[str, Any], tenant: str = "acme") -> dict[str, Any]:
    """The service's answer. Raises Difference where it refuses."""
    response = await stack.ask(question, tenant)
    if response.status_code != 200:
        codes = [problem["code"] for problem in response.json().get("errors") or [response.json()]]
        raise Difference(f"refused as {codes}: {response.text}")
    answer: dict[str, Any] = response.json()
    return answer


async def compared(
    stack: QueryStack, question: Mapping[str, Any], truth: Truth, tenant: str = "acme"
) -> dict[str, Any]:
    """The service's answer, which must be the truth, cell by cell. Raises Difference."""
    answer = await answered(stack, question, tenant)
    subtotals = [subtotal["rows"] for subtotal in answer["subtotals"]] if "subtotals" in answer else None
    exact = {
        "columns": (truth.columns, [column["name"] for column in answer["columns"]]),
        "truncated": (truth.truncated, answer["truncated"]),
        "join": (truth.join, answer["join"]),
        "pivot_omitted": (truth.omitted, answer.get("pivot_omitted")),
        "whether totals": (truth.totals is None, answer["totals"] is None),
        "levels of subtotals": (truth.subtotals and len(truth.subtotals), subtotals and len(subtotals)),
    }
    for name, (expected, found) in exact.items():
        if expected != found:
            raise Difference(f"{name}: expected {expected}, found {found}")
    tables = {"rows": (truth.rows, answer["rows"]), "totals": ([truth.totals or []], [answer["totals"] or []])}
    for level, both in enumerate(zip(truth.subtotals or [], subtotals or [], strict=True), 1):
        tables[f"subtotals of level {level}"] = both
    nearly = any(function in repr(question) for function in INEXACT)
    for name, (expected, found) in tables.items():
        if not same(expected, found, nearly):
            raise Difference(f"{name}: expected {expected}, found {found}")
    return answer


async def assert_answer(stack: QueryStack, question: Mapping[str, Any], truth: Truth) -> dict[str, Any]:
    """The same, with the question in the error."""
    try:
        return await compared(stack, question, truth)
    except Difference as difference:
        raise AssertionError(f"{question}: {difference}") from None
