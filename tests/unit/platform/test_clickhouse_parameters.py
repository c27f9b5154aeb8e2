"""Oversized parameters are taken apart into fields that a server accepts, and mean the same afterwards."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from clickhouse_connect.driver.binding import format_bind_value
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslook.platform.clickhouse_parameters import (
    FIELD_BYTES,
    STATEMENT_BYTES,
    ArrayText,
    fit,
    formatted,
    sendable,
    values_in,
)

SERVER_BYTES = 128 * 1024
"""What a server takes in a form field by default (`http_max_field_value_size`)."""
SQL = "SELECT x IN {p: Array(String)}, {p:Array(String)}[1], {p1:String}"


def joined(sql: str, parameters: dict[str, Any]) -> Any:
    """The value that the one expression of a statement stands for, pieces put together in their order."""
    names = re.findall(r"\{(\w+):", sql)
    pieces = [parameters[name] for name in names]
    if sql.startswith("concat("):
        return "".join(pieces)
    elements: list[Any] = []
    for part in re.findall(r"array\(concat\([^()]*\)\)|\{\w+:[^}]*\}", sql):
        found = [parameters[name] for name in re.findall(r"\{(\w+):", part)]
        elements += ["".join(found)] if part.startswith("array") else found[0]
    return elements


def test_ordinary_values_are_left_alone() -> None:
    values = {"p": ["a"] * 100, "p1": "x" * 1024, "n": 7, "d": Decimal("1.5"), "none": None}
    assert fit(SQL, values) == (SQL, values)


def test_a_large_array_becomes_several_and_every_place_of_it_is_changed() -> None:
    sql, values = fit(SQL, {"p": ["é" * 1024] * 100, "p1": "x"})
    arrays = "arrayConcat({p__0:Array(String)}, {p__1:Array(String)}, {p__2:Array(String)}, {p__3:Array(String)})"
    assert sql == f"SELECT x IN {arrays}, {arrays}[1], {{p1:String}}"
    assert values.keys() == {"p1", "p__0", "p__1", "p__2", "p__3"}


def test_a_large_text_becomes_several() -> None:
    sql, values = fit("SELECT {p: String}", {"p": "ab" * 10_000})
    assert sql == "SELECT concat({p__0:String}, {p__1:String})"
    assert values["p__0"] + values["p__1"] == "ab" * 10_000


@pytest.mark.parametrize("character", ["a", "é", "漢", "😀", "'", "\\", "\t"])
def test_no_piece_is_larger_than_a_field_may_be(character: str) -> None:
    large = [character * length for length in (1, 1024, 65_536, 200_000, 3)]
    for value, kind in ((large, "Array(String)"), (large[3], "String"), (large * 3, "Array(String)")):
        sql, parameters = fit(f"{{p:{kind}}}", {"p": value})
        assert joined(sql, parameters) == value
        sizes = [len(format_bind_value(piece).encode()) for piece in parameters.values()]
        assert max(sizes) <= SERVER_BYTES


@settings(max_examples=50)
@given(st.lists(st.one_of(st.text(max_size=50), st.sampled_from(["x" * 20_000, "\\" * 70_000, "é'" * 9_000]))))
def test_pieces_make_the_same_array(values: list[str]) -> None:
    sql, parameters = fit("{p:Array(String)}", {"p": values})
    found = parameters["p"] if sql == "{p:Array(String)}" else joined(sql, parameters)
    assert found == values


def test_numbers_are_taken_apart_too() -> None:
    places = list(range(10**18, 10**18 + 20_000))
    sql, parameters = fit("{p:Array(UInt64)}", {"p": places})
    assert joined(sql, parameters) == places
    assert all(len(str(piece)) <= FIELD_BYTES for piece in parameters.values())


def test_a_statement_must_fit_into_a_field_beside_large_values() -> None:
    assert sendable("x" * STATEMENT_BYTES, {"p": "y" * 10**6})
    assert sendable("x" * (STATEMENT_BYTES + 1), {"p": "y" * 1000})
    assert not sendable("x" * (STATEMENT_BYTES + 1), {"p": "y" * 10**6})


_ELEMENTS = (
    st.text(st.characters(exclude_categories=["Cs"])),
    st.integers(),
    st.floats(allow_nan=False),
    st.decimals(allow_nan=False),
)


@settings(max_examples=50)
@given(st.one_of(*(st.lists(elements, min_size=1, max_size=20) for elements in _ELEMENTS)))
def test_a_long_array_is_formatted_as_the_driver_would(values: list[Any]) -> None:
    long = values * 100
    sent = formatted({"p": long, "short": values[:1], "n": 1})
    assert isinstance(sent["p"], ArrayText)
    assert format_bind_value(sent["p"]) == format_bind_value(long)
    assert (sent["short"], sent["n"]) == (values[:1], 1)


@pytest.mark.parametrize(
    "values", [[True] * 200, [datetime(2026, 11, 1, tzinfo=UTC)] * 200, [None] * 200, [["x"]] * 200]
)
def test_an_array_of_anything_else_is_left_to_the_driver(values: list[Any]) -> None:
    assert formatted({"p": values}) == {"p": values}


def test_the_values_of_arrays_are_counted() -> None:
    assert values_in({"a": ["x"] * 3, "b": [1, 2], "c": "text", "d": 5}) == 5
