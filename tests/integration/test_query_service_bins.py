"""Bins and groups on the engine: every record has the key that a reference in Python gives it."""

import math
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

CHICAGO = ZoneInfo("America/Chicago")
ITEM = Definition.model_validate(
    {
        "object": "item",
        "labels": {"singular": "Item", "plural": "Items"},
        "fields": [
            {"slug": "size", "type": "number"},
            {"slug": "price", "type": "currency"},
            {"slug": "day", "type": "date"},
            {"slug": "at", "type": "datetime"},
            {"slug": "status", "type": "dropdown", "options": [{"value": value} for value in ("new", "open", "done")]},
            {"slug": "tags", "type": "multiselect"},
            {"slug": "flag", "type": "boolean"},
        ],
        "relationships": [{"slug": "owner", "target": "contact", "many": True}],
    }
)
SIZES = [
    *(
        None,
        0.0,
        -0.0,
        0.1,
        0.3,
        0.7,
        0.30000000000000004,
        0.29999999999999993,
        1.1,
        2.0,
        3.9999999999999996,
        4.0,
        -0.1,
    ),
    *(-0.05, 123456789.3, 2.0**53, -(2.0**53), 9e15 + 1, 5e-324, 1e-10, 900719925474099.3, 45035996273704.95),
]
PRICES = [None, "0", "0.0001", "-0.0001", "2.5", "2.4999", "7", "999999999999999.9999", "-999999999999999.9999"]
DAYS = [None, "1900-01-01", "2025-12-31", "2026-01-01", "2026-06-30", "2299-12-31"]
INSTANTS = [None, "2026-01-01T05:59:59Z", "2026-01-01T06:00:00Z", "2026-07-01T05:00:00Z"]
TAGS = [[], ["a"], ["b"], ["a", "b"], ["c"], ["a", "c", "d"], ["d"]]
STATUSES = [None, "new", "open", "done"]


def items() -> list[PlainRow]:
    random = Random(5)  # noqa: S311  # repeatable data, not secrets
    drawn = [
        random.choice((1, -1)) * round(random.uniform(0, 10 ** random.randint(0, 6)), random.randint(0, 4))
        for _ in range(300)
    ]
    rows = []
    for index, size in enumerate([*SIZES, *drawn]):
        values: dict[str, Any] = {
            "size": size,
            "price": PRICES[index % len(PRICES)],
            "day": DAYS[index % len(DAYS)],
            "at": INSTANTS[index % len(INSTANTS)],
            "status": STATUSES[index % len(STATUSES)],
            "tags": TAGS[index % len(TAGS)],
            "flag": (None, True, False)[index % 3],
        }
        owners = {"owner": ["ann", "bob"] if index % 2 else ["ann"]}
        rows.append(PlainRow(f"{index:03}", {key: value for key, value in values.items() if value is not None}, owners))
    return rows


ROWS = items()


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_bins") as running:
        contacts = PlainObject(BUILT_IN_CONTACT, [PlainRow("ann", {"country": "FR"}), PlainRow("bob")])
        dataset = {"acme": [contacts, PlainObject(ITEM, ROWS)]}
        await publish(running.clickhouse, running.snapshots, dataset)
        await publish(running.clickhouse, running.snapshots, dataset, number=2)
        yield running


def report(dimension: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A report on items by a dimension called `it`."""
    asked = {"object": "item", "dimensions": [{"name": "it", **dimension}], "measures": ["item.count"], "limit": 5000}
    return {**asked, "timezone": "America/Chicago", **more}


async def keys_of(stack: QueryStack, dimension: dict[str, Any]) -> dict[str, Any]:
    """The key of every record."""
    asked = {**report(dimension), "dimensions": ["item._id", {"name": "it", **dimension}], "measures": []}
    return dict(await stack.rows(asked))


def nearest(width: str, step: int) -> float:
    return float(Fraction(width) * step)


def lower_edge(size: float, width: str) -> float:
    """The greatest edge up to a number."""
    step = math.floor(Fraction(size) / Fraction(width))
    return next(edge for edge in (nearest(width, step + one_more) for one_more in (1, 0, -1)) if edge <= size) + 0.0


@pytest.mark.parametrize(
    "width", ["0.1", "0.25", "1", "10", "2.5", "0.0001", "1000000000000000", "33.3", "0.0000000001"]
)
async def test_a_number_is_in_the_bin_of_the_greatest_edge_up_to_it(stack: QueryStack, width: str) -> None:
    found = await keys_of(stack, {"field": "item.size", "width": width})
    expected = {row.record: lower_edge(row.values["size"], width) if "size" in row.values else None for row in ROWS}
    assert {key: (value, found[key]) for key, value in expected.items() if found[key] != value} == {}
    assert not any(str(value) == "-0.0" for value in found.values())


@pytest.mark.parametrize("width", ["2.5", "0.0001", "7", "1000000"])
async def test_the_edges_of_amounts_are_exact(stack: QueryStack, width: str) -> None:
    found = await keys_of(stack, {"field": "item.price", "width": width})
    for row in ROWS:
        price = row.values.get("price")
        step = None if price is None else math.floor(Fraction(price) / Fraction(width))
        key = found[row.record]
        assert (key is None) if step is None else Fraction(key) == step * Fraction(width)


def between(value: Any, edges: list[Any], texts: list[str]) -> Any:
    if value is None:
        return None
    place = sum(edge <= value for edge in edges)
    keys = [f"..{texts[0]}", *(f"{low}..{high}" for low, high in pairwise(texts)), f"{texts[-1]}.."]
    return keys[place]


@pytest.mark.parametrize(
    ("field", "edges", "texts"),
    [
        ("size", [0, 0.3, "4.0", 1e3], ["0", "0.3", "4", "1000"]),
        ("size", [-0.0], ["0"]),
        ("price", ["-0.0001", 2.5, "7.00"], ["-0.0001", "2.5", "7"]),
        ("day", ["2026-01-01", "2026-06-30"], ["2026-01-01", "2026-06-30"]),
        ("at", ["2026-01-01", "2026-07-01"], ["2026-01-01", "2026-07-01"]),
    ],
)
async def test_a_value_is_in_the_range_between_its_edges(
    stack: QueryStack, field: str, edges: list[Any], texts: list[str]
) -> None:
    found = await keys_of(stack, {"field": f"item.{field}", "bins": edges})

    def read(value: Any) -> Any:
        match field:
            case "day":
                return value
            case "at":
                return datetime.fromisoformat(value).astimezone(CHICAGO).date().isoformat()
            case "price":
                return Decimal(str(value))
            case _:
                return float(value)

    known = edges if field in ("day", "at") else [read(edge) for edge in edges]
    expected = {
        row.record: between(read(row.values[field]), known, texts) if field in row.values else None for row in ROWS
    }
    assert {key: (value, found[key]) for key, value in expected.items() if found[key] != value} == {}


BANDS = {"field": "item.size", "bins": [-5, 0, 10, 100]}
IN_ORDER = ["..-5", "-5..0", "0..10", "10..100", "100..", None]


async def test_bins_are_sorted_by_their_edges_in_every_kind_of_answer(stack: QueryStack) -> None:
    by_key = [{"field": "it"}]
    plain = await stack.rows(report(BANDS, sort=by_key))
    assert [key for key, _ in plain] == IN_ORDER
    down = await stack.rows(report(BANDS, sort=[{"field": "it", "direction": "desc"}]))
    assert [key for key, _ in down] == [*IN_ORDER[-2::-1], None]
    calculated = [{"name": "place", "expression": "rank(item.count)"}]
    assert [row[0] for row in await stack.rows(report(BANDS, sort=by_key, calculations=calculated))] == IN_ORDER
    compared = await stack.rows(report(BANDS, sort=by_key, compare="previous"))
    assert [row[0] for row in compared] == IN_ORDER
    assert all(row[3] == 0 for row in compared)
    two = report(BANDS, sort=by_key, subtotals=True)
    two["dimensions"].append("item.flag")
    (level,) = (await stack.ask(two)).json()["subtotals"]
    assert [row[0] for row in level["rows"]] == IN_ORDER
    pivoted = report(BANDS, pivot=[{"name": "it", **BANDS}])
    pivoted["dimensions"] = []
    columns = (await stack.ask(pivoted)).json()["columns"]
    assert [column["pivot"] for column in columns] == [[key] for key in IN_ORDER]
    filed = await stack.ask(report(BANDS, sort=by_key), headers={"Accept": Format.CSV.value})
    shown = [line.partition(",")[0].lstrip("'") for line in filed.text.split()[1:]]  # a minus may begin a formula
    assert shown == [key or "" for key in IN_ORDER]


GROUPS = [{"name": "Early", "values": ["a", "b"]}, {"name": "c", "values": ["d"]}]


@pytest.mark.parametrize("others", [None, "Rest"])
async def test_a_record_counts_once_in_each_group_of_its_values(stack: QueryStack, others: str | None) -> None:
    named = {"a": "Early", "b": "Early", "d": "c"}
    dimension = {"field": "item.tags", "groups": GROUPS, **({"others": others} if others else {})}
    expected: Counter[str | None] = Counter()
    for row in ROWS:
        expected.update({named.get(tag, others or tag) for tag in row.values["tags"]} or {None})
    assert dict(await stack.rows(report(dimension))) == dict(expected)
    pairs = report(dimension, measures=["item.count", "item.price.sum", "contact.count"])
    plain = report(dimension, measures=["item.count", "item.price.sum"])
    assert [row[:3] for row in await stack.rows(pairs)] == await stack.rows(plain)
    for key, count in expected.items():
        condition = {"field": "it", "op": "any_of", "values": [key]} if key else {"field": "it", "op": "is_empty"}
        asked = report(dimension, filters=condition, totals=True)
        assert (await stack.ask(asked)).json()["totals"] == [None, count]
        alone = {"object": "item", "measures": ["item.count"], "filters": {**condition, **dimension}}
        assert await stack.rows(alone) == [[count]]


async def test_groups_of_options_and_of_true_and_false(stack: QueryStack) -> None:
    groups = {"field": "item.status", "groups": [{"name": "Busy", "values": ["new", "open"]}]}
    counted = Counter(row.values.get("status") for row in ROWS)
    expected = {"Busy": counted["new"] + counted["open"], "done": counted["done"], None: counted[None]}
    assert dict(await stack.rows(report(groups))) == expected
    named = await stack.ask(report({**groups, "groups": [{"name": "Busy", "values": ["opne"]}]}))
    (warning,) = named.json()["warnings"]
    assert (warning["code"], warning["pointer"]) == ("unknown_option", "/dimensions/0/groups/0/values/0")
    flags = {"field": "item.flag", "groups": [{"name": "Yes", "values": [True]}]}
    assert {key for key, _ in await stack.rows(report(flags))} == {"Yes", "false", None}


async def test_a_key_is_tested_in_filters_in_having_and_in_filters_of_measures(stack: QueryStack) -> None:
    counts = dict(await stack.rows(report(BANDS)))
    wanted = {"field": "it", "op": "in", "values": ["0..10", "100.."]}
    expected = {key: counts[key] for key in ("0..10", "100..")}
    assert dict(await stack.rows(report(BANDS, filters=wanted))) == expected
    assert dict(await stack.rows(report(BANDS, having=wanted))) == expected
    filtered = report(BANDS, measures=[{"measure": "item.count", "name": "some", "filters": wanted}])
    assert {key: count for key, count in await stack.rows(filtered) if count} == expected
    above = {"field": "it", "op": "gte", "values": [10]}
    width = {"field": "item.size", "width": 10}
    rows = await stack.rows(report(width, filters=above))
    assert sum(count for _, count in rows) == sum(row.values.get("size", 0) >= 10 for row in ROWS)


async def test_bins_of_a_formula_and_of_the_contact(stack: QueryStack) -> None:
    formulas = [{"name": "double", "expression": "item.size * 2"}]
    doubled = await stack.rows(report({**BANDS, "field": "double"}, formulas=formulas, sort=[{"field": "it"}]))
    assert [key for key, _ in doubled] == IN_ORDER
    country = {"field": "contact.country", "groups": [{"name": "EU", "values": ["FR", "DE"]}]}
    assert dict(await stack.rows(report(country))) == {
        "EU": len(ROWS),
        None: sum(index % 2 for index in range(len(ROWS))),
    }


async def test_the_completed_request_and_the_columns_describe_bins(stack: QueryStack) -> None:
    asked = report({"field": "item.tags", "groups": GROUPS, "others": "Rest"}, pivot=[{"name": "band", **BANDS}])
    told = (await stack.ask(asked, params={"dry_run": "true"})).json()
    assert [told["columns"][0][name] for name in ("name", "label", "type")] == ["it", "it", "text"]
    completed = told["request"]
    assert completed["dimensions"][0]["groups"] == GROUPS
    assert (await stack.ask(completed)).json()["rows"] == (await stack.ask(asked)).json()["rows"]


async def test_groups_of_a_built_in_field_are_labelled_with_their_name(stack: QueryStack) -> None:
    groups = {"field": "item._id", "name": "who", "groups": [{"name": "None", "values": ["x"]}], "others": "Rest"}
    answer = (await stack.ask({"object": "item", "dimensions": [groups], "measures": ["item.count"]})).json()
    assert (answer["columns"][0]["label"], answer["rows"]) == ("who", [["Rest", len(items())]])
