"""The service against a brute-force model: random worlds, random questions, one real engine."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.oracle import Oracle
from tests.helpers.oracle_table import same, same_cell
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.questions import questions, worlds
from tests.helpers.snapshots import PlainObject, publish

ZONE = "America/Chicago"
AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_oracle") as running:
        yield running


def _neighbours(world: list[PlainObject]) -> list[PlainObject]:
    """The same rows the other way round, as another tenant's: seen once, they would spoil every count."""
    return [PlainObject(one.definition, [replace(row, deleted=not row.deleted) for row in one.rows]) for one in world]


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
@given(world=worlds(), question=questions())
async def test_every_answer_is_the_brute_force_answer(
    stack: QueryStack, world: list[PlainObject], question: dict[str, Any]
) -> None:
    tenants = {"acme": world, "globex": _neighbours(world)}
    await publish(stack.clickhouse, stack.snapshots, tenants, number=next(_numbers), as_of=AS_OF)
    response = await stack.ask(question)
    assert response.status_code == 200, response.text
    answer, truth = response.json(), Oracle(world, AS_OF, ZONE).answer(question)
    assert [column["name"] for column in answer["columns"]] == truth.columns
    assert same(truth, answer["rows"]), f"expected {truth.rows}, found {answer['rows']}"
    assert (answer["totals"] is None) == (truth.totals is None)
    assert all(map(same_cell, truth.totals or [], answer["totals"] or [])), (truth.totals, answer["totals"])
    assert answer["truncated"] == truth.truncated
    assert answer["join"] == truth.join
