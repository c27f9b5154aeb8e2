"""Numbers of an answer: sums are exact whatever cancels out, zero has no sign, `having` takes what a sum can be."""

import csv
import io
import math
from collections.abc import AsyncIterator, Iterator, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from random import Random
from statistics import variance
from typing import Any

import orjson
import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.examples import examples
from tests.helpers.excel import read_sheet
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

LARGEST = 2.0**53
GIVEN: dict[str, list[float]] = {
    "cancels": [1e12, 0.01, -1e12],
    "cancels more": [1e15, 0.3, -1e15],
    "largest": [LARGEST - 1, 0.1, 0.1, 1 - LARGEST],
    "many small": [0.1] * 1000,
    "small beside large": [LARGEST, *[2.0**-30] * 1000, -LARGEST],
    "tiny": [1e-40, 3e-40],
    "least": [5e-324],
    "tiny beside large": [-LARGEST, 1e-40, LARGEST],
    "beyond": [LARGEST] * 3000,
    "to zero": [1.5, -0.5, -1.0],
}
NUMBERS = Definition.model_validate(
    {
        "object": "reading",
        "labels": {"singular": "Reading", "plural": "Readings"},
        "fields": [
            {"slug": "sensor", "type": "text"},
            {"slug": "half", "type": "text"},
            {"slug": "value", "type": "number"},
            {"slug": "price", "type": "currency"},
        ],
        "relationships": [{"slug": "owner", "target": "contact", "many": True}],
    }
)
LARGE_AMOUNT = "999999999999999.9999"


def drawn(random: Random) -> list[float]:
    """Values of very different sizes, and some of them again with the other sign."""
    values = []
    for _ in range(random.randint(1, 40)):
        value = math.ldexp(random.uniform(-1, 1), random.randint(-60, 53))
        values += [value, *([-value] if random.random() < 0.7 else [])]
    random.shuffle(values)
    return values


def groups() -> dict[str, list[float]]:
    random = Random(7)  # noqa: S311  # repeatable data, not secrets
    return GIVEN | {f"random {number}": drawn(random) for number in range(examples(200, 20_000))}


def within(found: Any, values: Sequence[float], divisor: int = 1) -> bool:
    """Whether a result is as near to the exact one as the aggregates promise."""
    exact = sum(map(Fraction, values), Fraction(0)) / divisor
    return abs(Fraction(found) - exact) <= Fraction(2 * math.ulp(float(exact))) + Fraction(5e-35) * len(values)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    def rows() -> Iterator[PlainRow]:
        for sensor, values in groups().items():
            for number, value in enumerate(values):
                fields = {"sensor": sensor, "half": str(number % 2), "value": value, "price": LARGE_AMOUNT}
                yield PlainRow(f"{sensor} {number}", fields, {"owner": ["ann", "bob"]})

    async with query_stack(clickhouse, "query_numbers") as running:
        contacts = PlainObject(BUILT_IN_CONTACT, [PlainRow("ann"), PlainRow("bob")])
        await publish(running.clickhouse, running.snapshots, {"acme": [contacts, PlainObject(NUMBERS, list(rows()))]})
        yield running


BY_SENSOR: dict[str, Any] = {
    "object": "reading",
    "dimensions": ["reading.sensor"],
    "measures": ["reading.value.sum", "reading.value.avg"],
    "limit": 50_000,
}


async def test_sums_and_averages_are_exact_in_every_group_and_over_all(stack: QueryStack) -> None:
    answer = (await stack.ask({**BY_SENSOR, "totals": True})).json()
    found = {sensor: (total, average) for sensor, total, average in answer["rows"]}
    assert found["cancels"][0] == 0.01
    assert found["cancels more"][0] == 0.3
    assert found["largest"][0] == 0.2
    assert found["beyond"][0] == 3000 * LARGEST
    assert found["tiny beside large"][0] == 1e-40
    assert found["least"] == (5e-324, 5e-324)
    wrong = [
        (sensor, values, found[sensor])
        for sensor, values in groups().items()
        if not (within(found[sensor][0], values) and within(found[sensor][1], values, len(values)))
    ]
    assert wrong == []
    everything = [value for values in groups().values() for value in values]
    assert within(answer["totals"][1], everything)


def _percentile(values: Sequence[float], share: Fraction) -> Fraction:
    ordered = sorted(map(Fraction, values))
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def _deviation(values: Sequence[float]) -> Fraction | None:
    if len(values) < 2:
        return None
    square = variance(map(Fraction, values))
    with localcontext(prec=120):
        return Fraction((Decimal(square.numerator) / square.denominator).sqrt())


def _near(found: Any, exact: Fraction | None, size: float, error: Fraction = Fraction(0)) -> bool:
    """Whether a result is within two units in the last place of numbers of that size."""
    if exact is None or found is None:
        return found is None and exact is None
    return abs(Fraction(found) - exact) <= Fraction(2 * math.ulp(size)) + error


async def test_percentiles_and_deviations_are_exact_in_every_group_also_where_records_repeat(stack: QueryStack) -> None:
    measures = [f"reading.value.{aggregate}" for aggregate in ("p90", "p95", "stddev")]
    asked = {**BY_SENSOR, "measures": [*measures, "reading.price.p95", "reading.price.stddev"]}
    found = {row[0]: row[1:] for row in await stack.rows(asked)}
    wrong = []
    for sensor, values in groups().items():
        p90, p95, deviation, _, no_deviation = found[sensor]
        size, exact = max(map(abs, values)), _deviation(values)
        right = _near(p90, _percentile(values, Fraction(9, 10)), size) and _near(
            p95, _percentile(values, Fraction(19, 20)), size
        )
        right = right and _near(deviation, exact, float(exact or 0), Fraction(1, 2**60))
        # Amounts that are all the same do not deviate, however large they are.
        if not right or no_deviation != (None if len(values) < 2 else "0.00"):
            wrong.append((sensor, values, found[sensor]))
    assert wrong == []
    assert {row[3] for row in found.values()} == {LARGE_AMOUNT}
    pairs = await stack.rows({**asked, "measures": [*asked["measures"], "contact.count"]})
    assert {row[0]: row[1:6] for row in pairs} == found


async def test_a_join_that_repeats_records_does_not_change_their_sums(stack: QueryStack) -> None:
    plain = {row[0]: row[1:] for row in await stack.rows(BY_SENSOR)}
    filters = {"field": "contact.email", "op": "is_empty"}
    joined = await stack.rows({**BY_SENSOR, "contacts": "with", "filters": filters})
    pairs = await stack.rows({**BY_SENSOR, "measures": [*BY_SENSOR["measures"], "contact.count"]})
    assert {row[0]: row[1:] for row in joined} == plain
    assert {row[0]: row[1:3] for row in pairs} == plain


async def test_composed_reports_add_up_exactly_too(stack: QueryStack) -> None:
    asked = {
        **BY_SENSOR,
        "dimensions": ["reading.sensor", "reading.half"],
        "measures": ["reading.value.sum"],
        "subtotals": True,
        "totals": True,
        "calculations": [{"name": "running", "expression": "running_total(reading.value.sum)"}],
        "sort": [{"field": "reading.half"}, {"field": "reading.sensor"}],
    }
    answer = (await stack.ask(asked)).json()
    (level,) = answer["subtotals"]
    assert [row[0] for row in level["rows"] if not within(row[2], groups()[row[0]])] == []
    ordered = [value for _, _, value, _ in answer["rows"]]
    for place, (*_, running) in enumerate(answer["rows"]):
        assert running == float(sum(map(Fraction, ordered[: place + 1]), Fraction(0)))
    pivoted = {**BY_SENSOR, "pivot": ["reading.half"], "measures": ["reading.value.sum"]}
    for sensor, *halves in await stack.rows(pivoted):
        for half, found in enumerate(halves):
            values = groups()[sensor][half::2]
            assert (found is None) if not values else within(found, values)


async def test_no_answer_shows_minus_zero(stack: QueryStack) -> None:
    asked = {
        **BY_SENSOR,
        "filters": {"field": "reading.sensor", "op": "in", "values": ["to zero", "least"]},
        "calculations": [
            {"name": "minus", "expression": "-(0.0 * reading.value.sum)"},
            {"name": "rounded", "expression": "round(reading.value.sum - 0.2)"},
            {"name": "product", "expression": "reading.value.sum * -1"},
        ],
        "sort": [{"field": "reading.sensor", "direction": "desc"}],
    }
    response = await stack.ask(asked)
    assert response.json()["rows"][0] == ["to zero", 0.0, 0.0, 0.0, 0.0, 0.0]
    assert "-0.0" not in response.text
    text = (await stack.ask(asked, headers={"Accept": Format.CSV.value})).text
    assert list(csv.reader(io.StringIO(text)))[1][1:] == ["0.0"] * 5
    sheet = read_sheet((await stack.ask(asked, headers={"Accept": Format.XLSX.value})).content)
    assert [math.copysign(1, cell) for cell in sheet.rows[1][1:]] == [1.0] * 5


async def test_pivot_columns_of_small_numbers_are_named_as_json_shows_them(stack: QueryStack) -> None:
    filters = {"field": "reading.value", "op": "in", "values": [1e-40, 0.01, 1e15, 0.3]}
    asked = {"object": "reading", "measures": ["reading.count"], "pivot": ["reading.value"], "filters": filters}
    response = await stack.ask(asked)
    columns, texts = response.json()["columns"], ("1e-40", "0.01", "0.3", "1000000000000000.0")
    assert [column["name"] for column in columns] == [f"reading.count|{text}" for text in texts]
    assert columns[0]["label"] == "Readings: 1e-40"
    assert b'"pivot":[1e-40]' in response.content


@pytest.mark.parametrize("composed", [False, True])
@pytest.mark.parametrize(
    ("column", "op", "values", "kept"),
    [
        ("reading.price.sum", "gte", ["2999999999999999999.6999"], {"beyond"}),
        ("reading.price.sum", "eq", ["2999999999999999999.7"], {"beyond"}),
        ("reading.price.sum", "in", ["2999999999999999999.7", "2999999999999999.9997"], {"beyond", "cancels"}),
        ("reading.price.sum", "lt", ["1000000000000000.0000"], {"least"}),
        ("reading.price.sum", "gt", [10**30], set()),
        ("reading.value.sum", "gte", [2e16], {"beyond"}),
        ("reading.value.sum", "between", ["27021597764222975999", 27021597764222976001], {"beyond"}),
        ("reading.value.sum", "lt", ["1e308"], {"beyond", "cancels", "least"}),
        ("reading.count", "lt", [2**60], {"beyond", "cancels", "least"}),
        ("doubled", "gte", [5.4e19], {"beyond"}),
        ("price", "gte", ["5999999999999999999.4"], {"beyond"}),
    ],
)
async def test_having_takes_whatever_its_column_can_hold(
    stack: QueryStack, composed: bool, column: str, op: str, values: list[Any], kept: set[str]
) -> None:
    calculations = [
        {"name": "doubled", "expression": "reading.value.sum * 2"},
        {"name": "price", "expression": "reading.price.sum * 2"},
    ]
    calculated = column in ("doubled", "price")
    asked = {
        "object": "reading",
        "dimensions": ["reading.sensor"],
        "measures": ["reading.count", "reading.value.sum", "reading.price.sum"],
        "filters": {"field": "reading.sensor", "op": "in", "values": ["beyond", "cancels", "least"]},
        "having": {"field": column, "op": op, "values": values},
        "calculations": calculations if composed or calculated else [],
    }
    assert {row[0] for row in await stack.rows(asked)} == kept


async def test_amounts_of_conditions_keep_their_digits_as_json_numbers(stack: QueryStack) -> None:
    asked = orjson.dumps(
        {
            "object": "reading",
            "dimensions": ["reading.sensor"],
            "filters": {"field": "reading.price", "op": "eq", "values": [7]},
            "having": {"field": "reading.price.sum", "op": "eq", "values": [8]},
            "measures": ["reading.price.sum"],
        }
    )
    for price, total, kept in ((LARGE_AMOUNT, "2999999999999999999.7", 1), ("999999999999999.9998", "1.5", 0)):
        body = asked.replace(b"[7]", f"[{price}]".encode()).replace(b"[8]", f"[{total}]".encode())
        response = await stack.client.post("/v1/tenants/acme/query", content=body)
        assert (response.status_code, len(response.json()["rows"])) == (200, kept)
    told = await stack.client.post("/v1/tenants/acme/query", content=body, params={"dry_run": "true"})
    assert b'"op":"eq","values":[999999999999999.9998]' in told.content


@pytest.mark.parametrize("value", ["1" + "0" * 34, "0.00001", "x", True, [1], "1e400"])
async def test_having_refuses_what_no_column_can_hold(stack: QueryStack, value: Any) -> None:
    asked = {"object": "reading", "measures": ["reading.price.sum"]}
    response = await stack.ask({**asked, "having": {"field": "reading.price.sum", "op": "gt", "values": [value]}})
    assert response.status_code == 422
    (problem,) = response.json()["errors"]
    assert (problem["code"], problem["pointer"]) == ("bad_value", "/having/values/0")
