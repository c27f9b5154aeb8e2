"""Formulas on the engine: every value is that of a reference in Python, at the edges of what fields hold, too."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

CHICAGO = ZoneInfo("America/Chicago")
THING = Definition.model_validate(
    {
        "object": "thing",
        "labels": {"singular": "Thing", "plural": "Things"},
        "fields": [
            {"slug": "a", "type": "number"},
            {"slug": "b", "type": "number"},
            {"slug": "price", "type": "currency"},
            {"slug": "other", "type": "currency"},
            {"slug": "text", "type": "text"},
            {"slug": "day", "type": "date"},
            {"slug": "start", "type": "datetime"},
            {"slug": "end", "type": "datetime"},
            {"slug": "flag", "type": "boolean"},
        ],
        "relationships": [{"slug": "owner", "target": "contact", "many": True}],
    }
)
NUMBERS: list[float | None] = [
    *(None, 0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 0.1, 0.3, 2.675, 12.345, 1e-7, -1e-300, 5e-324),
    *(2.0**53, -(2.0**53), 9e15, 123456.789, 1 / 3, 0.045),
]
AMOUNTS = [None, "0", "0.0001", "-0.0001", "0.3", "3", "12.5", "-7.77", "999999999999999.9999", "-999999999999999.9999"]
TEXTS = [None, "", "a", "ÄÖ ß", "😀é", "ΟΔΟΣ", "x" * 1024, "open"]
DAYS = [None, "1900-01-01", "2026-02-28", "2028-02-29", "2299-12-31", "2026-11-20"]
INSTANTS = [
    *(None, "1900-01-01T00:00:00Z", "2026-03-08T07:59:59.999Z", "2026-03-08T08:00:00Z", "2026-11-01T06:30:00Z"),
    *("2026-11-01T07:30:00Z", "2299-12-31T23:59:59.999Z", "2027-01-01T05:59:59Z"),
]
FLAGS = [None, True, False]


def things() -> list[PlainRow]:
    """Each value of every field, beside many of the others."""
    rows = []
    for index in range(440):
        values = {
            "a": NUMBERS[index % len(NUMBERS)],
            "b": NUMBERS[(index // len(NUMBERS) + index) % len(NUMBERS)],
            "price": AMOUNTS[index % len(AMOUNTS)],
            "other": AMOUNTS[(index // len(AMOUNTS) + 3 * index) % len(AMOUNTS)],
            "text": TEXTS[index % len(TEXTS)],
            "day": DAYS[index % len(DAYS)],
            "start": INSTANTS[index % len(INSTANTS)],
            "end": INSTANTS[(index // len(INSTANTS)) % len(INSTANTS)],
            "flag": FLAGS[index % len(FLAGS)],
        }
        sent = {slug: value for slug, value in values.items() if value is not None}
        rows.append(PlainRow(f"{index:03}", sent, {"owner": ["ann", "bob"] if index % 2 else ["ann"]}))
    return rows


ROWS = things()


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_formulas") as running:
        contacts = PlainObject(BUILT_IN_CONTACT, [PlainRow("ann", {"country": "FR"}), PlainRow("bob")])
        await publish(running.clickhouse, running.snapshots, {"acme": [contacts, PlainObject(THING, ROWS)]})
        yield running


async def computed(stack: QueryStack, expression: str) -> dict[str, Any]:
    """The formula of every record by its id."""
    report = {
        "object": "thing",
        "formulas": [{"name": "it", "expression": expression}],
        "dimensions": ["thing._id", "it"],
        "limit": 1000,
        "timezone": "America/Chicago",
    }
    return dict(await stack.rows(report))


def of(row: PlainRow) -> dict[str, Any]:
    """The values of a record as Python calculates with them."""
    read: dict[str, Any] = dict.fromkeys(("a", "b", "price", "other", "text", "day", "start", "end", "flag"))
    read |= {slug: value for slug, value in row.values.items() if value != ""}
    for slug in ("price", "other"):
        read[slug] = None if read[slug] is None else Decimal(read[slug])
    for slug in ("start", "end"):
        read[slug] = None if read[slug] is None else datetime.fromisoformat(read[slug])
    read["day"] = None if read["day"] is None else date.fromisoformat(read["day"])
    return read


def number(value: Any) -> float | None:
    """A number that a field can hold."""
    if value is None or not abs(float(value)) <= 2**53:
        return None
    return float(value) + 0.0


def money(value: Decimal | Fraction | None) -> str | None:
    """An amount as an answer shows it."""
    if value is None:
        return None
    with localcontext(prec=120):
        exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else value
        rounded = exact.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
    if abs(rounded) >= 10**15:
        return None
    text = f"{abs(rounded):.4f}"
    text = text[:-2] if text.endswith("00") else text.rstrip("0")
    return f"-{text}" if rounded < 0 else text


def given(*values: Any) -> bool:
    return all(value is not None for value in values)


REFERENCE: dict[str, Any] = {
    "thing.a + thing.b": lambda r: number(r["a"] + r["b"]) if given(r["a"], r["b"]) else None,
    "thing.a * thing.b": lambda r: number(r["a"] * r["b"]) if given(r["a"], r["b"]) else None,
    "thing.a / thing.b": lambda r: number(r["a"] / r["b"]) if given(r["a"], r["b"]) and finite(r) else None,
    "round(thing.a, 2)": lambda r: number(round(r["a"], 2)) if given(r["a"]) else None,
    "round(thing.a)": lambda r: number(round(r["a"], 0)) if given(r["a"]) else None,
    "abs(-thing.a)": lambda r: number(abs(r["a"])) if given(r["a"]) else None,
    "thing.price + thing.other": lambda r: money(r["price"] + r["other"]) if given(r["price"], r["other"]) else None,
    "thing.price * 0.175": lambda r: money(Fraction(r["price"]) * Fraction(175, 1000)) if given(r["price"]) else None,
    "thing.price / 3": lambda r: money(Fraction(r["price"]) / 3) if given(r["price"]) else None,
    "thing.price / 3 * 3": lambda r: money(r["price"]) if given(r["price"]) else None,
    "round(thing.price, 1)": lambda r: money(r["price"].quantize(Decimal("0.1"))) if given(r["price"]) else None,
    "thing.price / thing.other": lambda r: ratio(r["price"], r["other"]),
    "length(thing.text)": lambda r: len(r["text"]) if given(r["text"]) else None,
    "lower(thing.text)": lambda r: r["text"].lower() if given(r["text"]) else None,
    "concat(thing.text, '-', length(thing.text))": lambda r: f"{r['text']}-{len(r['text'])}" if r["text"] else None,
    "concat(coalesce(thing.text, ''), '')": lambda r: r["text"],
    "days_between('2026-01-01', thing.day)": lambda r: (r["day"] - date(2026, 1, 1)).days if r["day"] else None,
    "days_between(thing.start, thing.end)": lambda r: (
        (local(r["end"]) - local(r["start"])).days if given(r["start"], r["end"]) else None
    ),
    "hours_between(thing.start, thing.end)": lambda r: (
        (r["end"] - r["start"]) // timedelta(milliseconds=1) / 3_600_000 if given(r["start"], r["end"]) else None
    ),
    "year(thing.start) * 100 + month(thing.start)": lambda r: (
        local(r["start"]).year * 100 + local(r["start"]).month if r["start"] else None
    ),
    "thing.a < thing.b": lambda r: r["a"] < r["b"] if given(r["a"], r["b"]) else None,
    "thing.a = thing.price": lambda r: r["a"] == float(r["price"]) if given(r["a"], r["price"]) else None,
    "thing.price > 3": lambda r: r["price"] > 3 if given(r["price"]) else None,
    "thing.start > thing.day": lambda r: local(r["start"]) > r["day"] if given(r["start"], r["day"]) else None,
    "thing.start >= '2026-11-01'": lambda r: local(r["start"]) >= date(2026, 11, 1) if r["start"] else None,
    "thing.flag and thing.a > 0": lambda r: kleene_and(r["flag"], r["a"] > 0 if given(r["a"]) else None),
    "thing.flag or thing.a > 0": lambda r: kleene_or(r["flag"], r["a"] > 0 if given(r["a"]) else None),
    "not thing.flag": lambda r: not r["flag"] if given(r["flag"]) else None,
    "if(thing.a > 0, thing.price, 1)": lambda r: money(r["price"]) if given(r["a"]) and r["a"] > 0 else "1.00",
}


def finite(row: dict[str, Any]) -> bool:
    """Whether the quotient is a finite double."""
    return row["b"] != 0 and abs(Fraction(row["a"]) / Fraction(row["b"])) < Fraction(1.7e308)


def local(instant: datetime) -> date:
    return instant.astimezone(CHICAGO).date()


def ratio(price: Decimal | None, other: Decimal | None) -> float | None:
    if price is None or other is None or other == 0:
        return None
    return number(float(Fraction(price) / Fraction(other)))


def kleene_and(left: bool | None, right: bool | None) -> bool | None:
    return False if False in (left, right) else None if None in (left, right) else True


def kleene_or(left: bool | None, right: bool | None) -> bool | None:
    return True if True in (left, right) else None if None in (left, right) else False


@pytest.mark.parametrize("expression", REFERENCE)
async def test_every_value_is_that_of_the_reference(stack: QueryStack, expression: str) -> None:
    found = await computed(stack, expression)
    expected = {row.record: REFERENCE[expression](of(row)) for row in ROWS}
    wrong = {key: (of(ROWS[int(key)]), found[key], value) for key, value in expected.items() if found[key] != value}
    assert wrong == {}


async def test_no_value_of_a_formula_is_minus_zero_or_an_error(stack: QueryStack) -> None:
    for expression in ("-thing.a", "round(thing.a, 2)", "thing.a * thing.b / thing.b", "1 / thing.a", "-thing.price"):
        values = (await computed(stack, expression)).values()
        assert not any(str(value) in ("-0.0", "-0.00", "inf", "nan") for value in values)


async def test_steps_out_of_range_are_empty_and_never_an_error(stack: QueryStack) -> None:
    always = (
        "if(thing.price > 999999999999999, round(thing.price) - 1, null)",
        "thing.price * 1000000000000000000",
        "length(thing.text) * 9007199254740993 * 9007199254740993 * 9007199254740993 * 9007199254740993 / 0",
        "length(thing.text) * 9007199254740992 * 9007199254740992",
        "thing.price / 0",
        "year(thing.day) / (thing.a - thing.a)",
    )
    for expression in always:
        values = set((await computed(stack, expression)).values())
        assert values <= {None, 0, "0.00"}, expression
    rest = "*".join(["thing.a"] * 30) + "/thing.a" * 25
    assert None in (await computed(stack, rest)).values()


async def test_measures_run_at_the_grain_of_the_formula(stack: QueryStack) -> None:
    formulas = [
        {"name": "gross", "expression": "thing.price * 1.2"},
        {"name": "size", "expression": "length(thing.text)"},
        {"name": "french", "expression": "contact.country = 'FR'"},
    ]
    measures = ["gross.sum", "size.sum", "size.avg", "size.max", "thing.count"]
    asked = {"object": "thing", "formulas": formulas, "measures": measures}
    ((gross, total, average, most, count),) = await stack.rows(asked)
    read = [of(row) for row in ROWS]
    lengths = [len(row["text"]) for row in read if row["text"]]
    prices = (Decimal(money(row["price"] * Decimal("1.2")) or 0) for row in read if row["price"])
    assert gross == money(sum(prices, Decimal(0)))
    assert (total, most, count) == (sum(lengths), 1024, len(ROWS))
    assert average == pytest.approx(sum(lengths) / len(lengths))
    by_contact = await stack.rows({**asked, "dimensions": ["french"]})
    assert [row[0] for row in by_contact] == [True, None]
    assert by_contact[0][1:] == [gross, total, average, most, count]
    both = await stack.rows({**asked, "filters": {"field": "contact._id", "op": "is_not_empty"}, "contacts": "with"})
    assert both == [[gross, total, average, most, count]]


async def test_a_formula_is_a_dimension_a_pivot_a_filter_and_part_of_another_one(stack: QueryStack) -> None:
    asked: dict[str, Any] = {
        "object": "thing",
        "timezone": "UTC",
        "formulas": [
            {"name": "due", "expression": "coalesce(thing.day, thing.day)"},
            {"name": "opened", "expression": "year(due)"},
            {"name": "early", "expression": "opened < 2000"},
        ],
        "dimensions": [{"field": "due", "granularity": "year"}],
        "measures": ["thing.count", "opened.min"],
        "filters": {"field": "opened", "op": "gte", "values": [1900]},
        "totals": True,
        "subtotals": True,
    }
    response = (await stack.ask(asked)).json()
    assert [column["name"] for column in response["columns"]] == ["due:year", "thing.count", "opened.min"]
    assert [column["label"] for column in response["columns"]] == ["due (year)", "Things", "opened, minimum"]
    assert [row[0] for row in response["rows"]] == ["1900-01-01", "2026-01-01", "2028-01-01", "2299-01-01"]
    assert response["totals"] == [None, sum(1 for row in ROWS if "day" in row.values), 1900.0]
    pivoted = (await stack.ask({**asked, "pivot": ["early"], "measures": ["thing.count"]})).json()
    assert [column["name"] for column in pivoted["columns"]] == ["due:year", "thing.count|false", "thing.count|true"]


@pytest.mark.parametrize("form", [Format.CSV, Format.ARROW, Format.PARQUET, Format.XLSX])
async def test_files_hold_formulas_of_every_type(stack: QueryStack, form: Format) -> None:
    expressions = (
        "thing.a / 3",
        "thing.price / 3",
        "length(thing.text)",
        "lower(thing.text)",
        "thing.day",
        "thing.end",
    )
    named = [{"name": f"f{index}", "expression": text} for index, text in enumerate((*expressions, "not thing.flag"))]
    asked = {
        "object": "thing",
        "formulas": named,
        "dimensions": [formula["name"] for formula in named],
        "measures": ["thing.count"],
    }
    response = await stack.ask(asked, headers={"Accept": form.value})
    assert response.status_code == 200, response.text
    assert response.content


async def test_the_request_that_a_dry_run_completes_has_the_same_answer(stack: QueryStack) -> None:
    asked = {
        "object": "thing",
        "formulas": [{"name": "half", "expression": "thing.a / 2"}, {"name": "quarter", "expression": "half / 2"}],
        "dimensions": ["quarter"],
        "measures": ["half.sum"],
    }
    completed = (await stack.ask(asked, params={"dry_run": "true"})).json()["request"]
    assert completed["formulas"] == asked["formulas"]
    assert await stack.rows(completed) == await stack.rows(asked)
