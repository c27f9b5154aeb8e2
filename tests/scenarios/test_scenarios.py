"""Questions that people ask, each held to a query that somebody wrote by hand over the same tables.

A scenario is `question`, `request` (a report request) and `check` (SQL). Rows are compared in their order where the
request sorts, else as a set; numbers to nine digits."""

import math
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish
from tests.scenarios.dataset import AS_OF, BEFORE, EARLIER, NOW, create_views

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
SCENARIOS: list[dict[str, Any]] = [item for path in FILES for item in yaml.safe_load(path.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "scenarios") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": EARLIER}, as_of=BEFORE)
        await publish(running.clickhouse, running.snapshots, {"acme": NOW}, number=2, as_of=AS_OF)
        await create_views(running.clickhouse)
        yield running


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: item["question"])
async def test_a_question_is_answered_as_somebody_would_by_hand(stack: QueryStack, scenario: dict[str, Any]) -> None:
    response = await stack.ask(scenario["request"])
    assert response.status_code == 200, response.text
    answer = response.json()
    kinds = [column["type"] for column in answer["columns"]]
    found = [[_of_json(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in answer["rows"]]
    checked = (await stack.clickhouse.query(scenario["check"])).rows
    expected = [[_of_engine(cell) for cell in row] for row in checked]
    assert expected, "a check that finds nothing proves nothing"
    if not scenario["request"].get("sort"):
        found, expected = sorted(found, key=_order), sorted(expected, key=_order)
    assert _alike(found, expected), f"by hand {expected}, by report {found}"


def test_there_are_sixty_questions_and_each_is_asked_once() -> None:
    asked = [scenario["question"] for scenario in SCENARIOS]
    assert len(set(asked)) == len(asked) >= 60


def _of_json(cell: Any, kind: str) -> Any:
    if cell is None:
        return None
    if kind == "currency":
        return float(cell)
    return datetime.fromisoformat(cell).astimezone(UTC).isoformat() if kind == "datetime" else cell


def _of_engine(cell: Any) -> Any:
    match cell:
        case Decimal():
            return float(cell)
        case datetime():
            return cell.astimezone(UTC).isoformat()
        case date():
            return cell.isoformat()
        case _:
            return cell


def _order(row: list[Any]) -> list[tuple[bool, str]]:
    return [(cell is None, f"{cell:.4f}" if isinstance(cell, int | float) else str(cell)) for cell in row]


def _alike(found: list[list[Any]], expected: list[list[Any]]) -> bool:
    return len(found) == len(expected) and all(
        len(row) == len(other) and all(_same(*both) for both in zip(row, other, strict=True))
        for row, other in zip(found, expected, strict=True)
    )


def _same(found: Any, expected: Any) -> bool:
    if isinstance(found, int | float) and isinstance(expected, int | float):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return type(found) is type(expected) and bool(found == expected)
