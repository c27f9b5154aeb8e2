"""The limits of a report request at their maximum, all together, in one request of the largest body that is taken."""

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.clickhouse_parameters import STATEMENT_BYTES
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.domain.column_parsing import MAX_COLUMNS
from services.query_service.domain.condition_parsing import FILTER_DEPTH_MAX, MAX_CONDITIONS, MAX_VALUES
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

LONGEST_SLUG = 63
LONGEST_TEXT = 1024
OBJECT = "o" * LONGEST_SLUG
NOTE = "n" * LONGEST_SLUG
FIELDS = [f"f{number:03}".ljust(LONGEST_SLUG, "x") for number in range(MAX_COLUMNS)]
SMILE = "😀" * LONGEST_TEXT
OBJECT_DEFINITION = Definition.model_validate(
    {
        "object": OBJECT,
        "labels": {"singular": "Object", "plural": "Objects"},
        "fields": [
            {"slug": NOTE, "type": "text"},
            {"slug": "long", "type": "textarea"},
            *({"slug": slug, "type": "currency" if number % 2 else "datetime"} for number, slug in enumerate(FIELDS)),
        ],
        "relationships": [{"slug": "owner", "target": "contact", "many": True}],
    }
)
ROWS = [
    PlainRow("r1", {NOTE: SMILE, "long": "é" * 65_536}, {"owner": ["ann"]}),
    PlainRow("r2", {NOTE: "it's \\ a \t note"}, {"owner": ["ann"]}),
    PlainRow("r3", {NOTE: "another"}, {"owner": ["ann"]}),
]


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_maximum") as running:
        dataset = [PlainObject(BUILT_IN_CONTACT, [PlainRow("ann")]), PlainObject(OBJECT_DEFINITION, ROWS)]
        await publish(running.clickhouse, running.snapshots, {"acme": dataset})
        yield running


def one_of(values: list[str], field: str = NOTE) -> dict[str, Any]:
    return {"field": f"{OBJECT}.{field}", "op": "in", "values": values}


def largest() -> dict[str, Any]:
    """As many conditions with as many values as may be, one of them with the longest texts, up to the last byte."""
    texts = [SMILE[: LONGEST_TEXT - 4] + f"{number:04}" for number in range(MAX_VALUES - 1)]
    conditions = [one_of([*texts, SMILE])]
    for number in range(MAX_CONDITIONS - 1):
        conditions.append(one_of([f"{number:03}{value:04}" for value in range(MAX_VALUES - 1)] + ["it's \\ a \t note"]))
    body: dict[str, Any] = {"object": OBJECT, "dimensions": [f"{OBJECT}.{NOTE}"], "measures": [f"{OBJECT}.count"]}
    body["filters"] = {"or": conditions}
    spare = HttpSettings().max_body_bytes - len(orjson.dumps(body))
    conditions[-1]["values"][0] += "x" * spare
    assert len(orjson.dumps(body)) == HttpSettings().max_body_bytes
    return body


@pytest.mark.parametrize("form", [Format.JSON, Format.PARQUET])
async def test_the_largest_request_is_answered(stack: QueryStack, form: Format) -> None:
    response = await stack.ask(largest(), headers={"Accept": form.value})
    assert response.status_code == 200, response.text
    if form is Format.JSON:
        assert [row[0] for row in response.json()["rows"]] == ["it's \\ a \t note", SMILE]


@pytest.mark.parametrize("length", [4_000, 4_017, 40_000, 65_536])
async def test_one_value_may_be_as_long_as_the_longest_text(stack: QueryStack, length: int) -> None:
    report = {"object": OBJECT, "measures": [f"{OBJECT}.count"]}
    for text, count in (("é" * length, length == 65_536), ("x" * length, False)):
        filters = one_of([text], "long")
        assert await stack.rows({**report, "filters": filters}) == [[int(count)]]
        assert await stack.rows({**report, "filters": {**filters, "op": "eq"}}) == [[int(count)]]
        part = {"field": f"{OBJECT}.long", "op": "contains", "values": [text]}
        assert await stack.rows({**report, "filters": part}) == [[int(text[0] == "é")]]


async def test_the_longest_statement_takes_large_values(stack: QueryStack) -> None:
    def nested(alternatives: list[dict[str, Any]]) -> dict[str, Any]:
        """A chain of groups down to the greatest depth, with the conditions in the innermost one."""
        group: dict[str, Any] = {"or": alternatives}
        for level in range(FILTER_DEPTH_MAX - 3):
            group = {"or" if level % 2 else "and": [group]}
        return group

    between = ["2026-01-01", "2026-12-31T00:00:00Z"]
    conditions = [
        {"field": f"{OBJECT}.{FIELDS[number % 50 * 2]}", "op": "not_in", "values": between}
        for number in range(MAX_CONDITIONS - 1)
    ]
    chains = (MAX_CONDITIONS - 1) // (FILTER_DEPTH_MAX - 2)  # as many groups as there may be, with the outermost one
    measures = [f"{OBJECT}.{slug}.{kind}" for slug in FIELDS[1::2] for kind in ("avg", "median")]
    report = {
        "object": OBJECT,
        "dimensions": ["contact.email"],
        "measures": measures[: MAX_COLUMNS - 1],
        "filters": {
            "and": [
                *(nested(conditions[number::chains]) for number in range(chains)),
                one_of(["x" * 1000] * 400 + [SMILE]),
            ]
        },
    }
    told = (await stack.ask(report, params={"dry_run": "true"})).json()
    assert 70_000 < len(told["sql"]) < STATEMENT_BYTES
    response = await stack.ask(report, headers={"Accept": Format.ARROW.value})
    assert response.status_code == 200, response.text
