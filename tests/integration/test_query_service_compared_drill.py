"""The records behind a figure of an earlier period: the list that drilling answers with has as many rows as the figure
counts, and shows them as they are stored."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.compared_reports import REPORTS, SIDES
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish
from tests.scenarios.dataset import AS_OF, NOW

_ROWS = 5


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_compared_drill") as running:
        await publish(running.clickhouse, running.snapshots, {"acme": NOW}, as_of=AS_OF)
        yield running


async def _behind(stack: QueryStack, request: Any, row: list[Any] | None, column: str) -> dict[str, Any]:
    sent = {"request": request, "row": row, "column": column}
    drilled = await stack.client.post("/v1/tenants/acme/query/drill", json=sent)
    assert drilled.status_code == 200, drilled.text
    answer = await stack.ask(drilled.json()["request"])
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("name", REPORTS)
async def test_a_compared_count_is_that_of_the_records_behind_it(stack: QueryStack, name: str) -> None:
    side, report = REPORTS[name]
    field, *shift = SIDES[side]
    asked = {"object": "ticket", "limit": 500, **report}
    count = f"{asked['object']}.count@"
    if name == "by day":
        asked["measures"] = [*asked["measures"], "ticket.count"]
    periods = [{"field": field, "shift": shift, "name": "before"}, {"field": field, "shift": [1, "year"], "name": "b"}]
    for compare in ({"field": field, "shift": shift}, periods):
        request = {**asked, "compare": compare}
        answer = (await stack.ask(request)).json()
        columns = [column["name"] for column in answer["columns"]]
        places = [place for place, column in enumerate(columns) if column.startswith(count) and "delta" not in column]
        keys = len(asked.get("dimensions", []))
        for row in answer["rows"][:_ROWS]:
            for place in places[:3]:
                found = await _behind(stack, request, row[:keys], columns[place])
                assert found["matching"] == (row[place] or 0), (row, columns[place])
        if answer["totals"] is not None:
            found = await _behind(stack, request, None, columns[places[0]])
            assert found["matching"] == answer["totals"][places[0]]
