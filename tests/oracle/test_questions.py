"""The common questions of docs/how-to/twenty-questions.md, asked of the records of the demonstration."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.architecture.sources import ROOT
from tests.helpers.demonstration import demonstration
from tests.helpers.differential import answered, assert_answer
from tests.helpers.oracle import Oracle
from tests.helpers.oracle_truth import same
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish

PAGE = (ROOT / "docs/how-to/twenty-questions.md").read_text(encoding="utf-8")
ZONE, AS_OF = "America/Chicago", datetime(2026, 11, 26, 11, 30, tzinfo=UTC)
BEFORE = AS_OF - timedelta(days=1)
RECORDS = 4000
REQUESTS: dict[int, dict[str, Any]] = {
    int(number): json.loads(body)
    for number, body in re.findall(
        r"^## (\d+)\.[^`]*(?:`[^`]+`[^`]*)*^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
    )
}
(DRILLED,) = (json.loads(body) for body in re.findall(r"-d '(\{.*\})'$", PAGE, re.MULTILINE))


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    """The model of today's and of yesterday's records."""
    return Oracle(demonstration(AS_OF, RECORDS), AS_OF, ZONE, (demonstration(BEFORE, RECORDS), BEFORE))


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_questions") as running:
        for number, as_of in enumerate((BEFORE, AS_OF), 1):
            objects = demonstration(as_of, RECORDS)
            await publish(running.clickhouse, running.snapshots, {"acme": objects}, number=number, as_of=as_of)
        yield running


@pytest.mark.parametrize("number", REQUESTS)
async def test_a_question_is_answered_from_the_demonstration(stack: QueryStack, oracle: Oracle, number: int) -> None:
    request = REQUESTS[number]
    if "list" in request:
        answer, truth = await answered(stack, request), oracle.listed(request)
        assert same(truth.rows[: request.get("limit", 500)], answer["rows"])
        assert answer["matching"] == truth.matching
    else:
        answer = await assert_answer(stack, request, oracle.answer(request))
    assert answer["rows"] != [], "the answer shows nothing"


async def test_the_list_behind_a_cell_is_as_long_as_its_figure(stack: QueryStack) -> None:
    response = await stack.client.post("/v1/tenants/acme/query/drill", json=DRILLED)
    assert response.status_code == 200, response.text
    rows = (await answered(stack, DRILLED["request"]))["rows"]
    (figure,) = (count for country, count, _ in rows if [country] == DRILLED["row"])
    assert (await answered(stack, response.json()["request"]))["matching"] == figure > 0


def test_every_question_has_a_request_or_a_command() -> None:
    assert sorted({*REQUESTS, 18, 20}) == list(range(1, 21))
