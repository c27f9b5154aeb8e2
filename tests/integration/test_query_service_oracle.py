"""The service against a brute-force model: random datasets, random questions, one real engine."""

import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.differential import assert_answer, neighbours
from tests.helpers.examples import NIGHTLY, examples
from tests.helpers.oracle import Oracle
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.questions import datasets, questions
from tests.helpers.questions_composed import composed_questions, earlier_datasets
from tests.helpers.snapshots import PlainObject, publish

ZONE = "America/Chicago"
AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_oracle") as running:
        yield running


_QUESTIONS = examples(6, 1)
_HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def _several(item: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Questions about one dataset: to publish it takes longer than to ask; at night each is asked about its own."""
    return st.lists(item, min_size=_QUESTIONS, max_size=_QUESTIONS)


@settings(max_examples=examples(15, 1000), deadline=None, derandomize=not NIGHTLY, suppress_health_check=_HEALTH)
@given(dataset=datasets(), asked=_several(questions()))
async def test_every_answer_is_the_brute_force_answer(
    stack: QueryStack, dataset: list[PlainObject], asked: list[dict[str, Any]]
) -> None:
    tenants = {"acme": dataset, "globex": neighbours(dataset)}
    await publish(stack.clickhouse, stack.snapshots, tenants, number=next(_numbers), as_of=AS_OF)
    oracle = Oracle(dataset, AS_OF, ZONE)
    for question in asked:
        await assert_answer(stack, question, oracle.answer(question))


@settings(max_examples=examples(15, 1500), deadline=None, derandomize=not NIGHTLY, suppress_health_check=_HEALTH)
@given(before=earlier_datasets(), dataset=datasets(least=5), asked=_several(composed_questions()))
async def test_every_composed_answer_is_the_brute_force_answer(
    stack: QueryStack, before: list[PlainObject], dataset: list[PlainObject], asked: list[dict[str, Any]]
) -> None:
    earlier = AS_OF - timedelta(days=1)
    for dataset_object, as_of in ((before, earlier), (dataset, AS_OF)):
        tenants = {"acme": dataset_object, "globex": neighbours(dataset_object)}
        await publish(stack.clickhouse, stack.snapshots, tenants, number=next(_numbers), as_of=as_of)
    oracle = Oracle(dataset, AS_OF, ZONE, (before, earlier))
    for question in asked:
        await assert_answer(stack, question, oracle.answer(question))
