"""`having` at the limits of sums: amounts of 20 digits and numbers beyond 2^53, one step apart, in every shape."""

import math
import operator
from collections.abc import AsyncIterator, Callable, Mapping
from decimal import Decimal
from typing import Any

import orjson
import pytest

from crosslook.contracts import exact_json
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

MOST = Decimal("999999999999999.9999")
STEP = Decimal("0.0001")
LARGEST = 2.0**53
AMOUNTS: Mapping[str, list[Decimal]] = {
    "most": [MOST] * 3000,
    "most but a step": [*[MOST] * 2999, MOST - STEP],
    "least": [-MOST] * 3000,
    "least and a step": [*[-MOST] * 2999, STEP - MOST],
    "cancels": [MOST, -MOST, STEP],
    "nothing": [Decimal(0)],
}
NUMBERS: Mapping[str, list[float]] = {
    "most": [LARGEST] * 3000,
    "most but a step": [LARGEST] * 2999,
    "least": [-LARGEST] * 3000,
    "least and a step": [-LARGEST] * 2999,
    "cancels": [LARGEST, -LARGEST, 0.1, 0.2],
    "nothing": [0.0],
}
READING = Definition.model_validate(
    {
        "object": "reading",
        "labels": {"singular": "Reading", "plural": "Readings"},
        "fields": [
            {"slug": "sensor", "type": "text"},
            {"slug": "kind", "type": "text"},
            {"slug": "value", "type": "number"},
            {"slug": "price", "type": "currency"},
        ],
        "relationships": [{"slug": "owner", "target": "contact"}],
    }
)
SUMS: Mapping[str, Mapping[str, Any]] = {
    "price": {name: sum(amounts, Decimal(0)) for name, amounts in AMOUNTS.items()},
    "value": {name: math.fsum(numbers) for name, numbers in NUMBERS.items()},
}
COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
SHAPES: Mapping[str, dict[str, Any]] = {
    "plain": {},
    "calculated": {"calculations": [{"name": "same", "expression": "reading.{field}.sum"}]},
    "tested as a calculation": {"calculations": [{"name": "same", "expression": "reading.{field}.sum"}]},
    "pivoted": {"pivot": ["reading.kind"]},
}
COLUMNS = {"tested as a calculation": "same", "pivoted": "reading.{field}.sum|k"}


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    rows = [
        PlainRow(f"{sensor} {slug} {number}", {"sensor": sensor, "kind": "k", slug: value})
        for slug, sums in (("price", AMOUNTS), ("value", NUMBERS))
        for sensor, values in sums.items()
        for number, value in enumerate(values)
    ]
    async with query_stack(clickhouse, "query_having") as running:
        dataset = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(READING, rows)]
        await publish(running.clickhouse, running.snapshots, {"acme": dataset})
        yield running


def _neighbours(value: Any) -> list[Any]:
    if isinstance(value, Decimal):
        return [value - STEP, value, value + STEP]
    return [math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf)]


def _filled(asked: Any, field: str) -> Any:
    return orjson.loads(orjson.dumps(asked).replace(b"{field}", field.encode()))


async def _kept(stack: QueryStack, shape: str, field: str, op: str, values: list[Any]) -> set[str]:
    column = COLUMNS.get(shape, "reading.{field}.sum").format(field=field)
    asked = {
        "object": "reading",
        "dimensions": ["reading.sensor"],
        "measures": [f"reading.{field}.sum"],
        "having": {"field": column, "op": op, "values": values},
        **_filled(SHAPES[shape], field),
    }
    response = await stack.client.post("/v1/tenants/acme/query", content=exact_json.dumps(asked))
    assert response.status_code == 200, response.text
    return {row[0] for row in response.json()["rows"]}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("field", SUMS)
async def test_sums_one_step_apart_are_told_apart(stack: QueryStack, shape: str, field: str) -> None:
    sums = SUMS[field]
    for wanted in {near for value in sums.values() for near in _neighbours(value)}:
        for op, compare in COMPARE.items():
            expected = {name for name, value in sums.items() if compare(value, wanted)}
            for sent in (wanted, str(wanted)):
                assert await _kept(stack, shape, field, op, [sent]) == expected, (op, sent)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("field", SUMS)
async def test_ranges_and_lists_of_such_sums_are_exact(stack: QueryStack, shape: str, field: str) -> None:
    sums = SUMS[field]
    for value in sums.values():
        below, _, above = _neighbours(value)
        within = {name for name, other in sums.items() if below <= other <= above}
        assert await _kept(stack, shape, field, "between", [below, str(above)]) == within
        same = {name for name, other in sums.items() if other == value}
        assert await _kept(stack, shape, field, "in", [str(value), below, above]) >= same
        assert await _kept(stack, shape, field, "not_in", [value]) == set(sums) - same
