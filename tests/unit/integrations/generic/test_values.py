"""Near misses are fitted to a field, and everything else is left for admission to refuse."""

from decimal import Decimal
from typing import Any

import pytest

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.schemas import FieldDef, FieldType, OptionDef
from crosslook.contracts.values import BadValue
from crosslook.integrations.generic.coercion import replaced, suited
from crosslook.integrations.generic.sources import ABSENT, ValueSource, is_pointer, pointed, read_source
from crosslook.integrations.generic.texts import scalar_text, vendor_instant

DOCUMENT = {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, 'k"l': 6, " ": 7, "m~n": 8}
OPTIONS = (OptionDef(value="paid", label="Paid in full"), OptionDef(value="a,b"), OptionDef(value="1"))
TWO_HALVES = (OptionDef(value="first", label="Half"), OptionDef(value="second", label="half"))


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
        ("/foo/2", ABSENT),
        ("/foo/-", ABSENT),
        ("/foo/01", ABSENT),
        ("/foo/0/x", ABSENT),
        ("/nothing", ABSENT),
    ],
)
def test_pointers_are_those_of_rfc_6901(pointer: str, value: Any) -> None:
    assert is_pointer(pointer)
    assert pointed(DOCUMENT, pointer) == value


@pytest.mark.parametrize("text", ["foo", "foo/bar", "/~", "/~2", "#/foo"])
def test_what_is_not_a_pointer(text: str) -> None:
    assert not is_pointer(text)


@pytest.mark.parametrize(
    ("type_", "value", "fitted"),
    [
        (FieldType.TEXT, 12, "12"),
        (FieldType.TEXT, True, "true"),
        (FieldType.TEXT, 2.0, "2"),
        (FieldType.TEXT, Decimal("12345678901234567890"), "12345678901234567890"),
        (FieldType.TEXT, ["a", 1], "a, 1"),
        (FieldType.TEXT, "x" * 2000, "x" * 1024),
        (FieldType.TEXTAREA, "x" * 70_000, "x" * 65_536),
        (FieldType.TEXT, "", None),
        (FieldType.NUMBER, " 12.5 ", "12.5"),
        (FieldType.NUMBER, 7, 7),
        (FieldType.CURRENCY, "19.99", "19.99"),
        (FieldType.DATE, "2026-11-23", "2026-11-23"),
        (FieldType.DATE, "2026-11-23T23:30:00-05:00", "2026-11-23"),
        (FieldType.DATE, 1_796_083_199, "2026-11-30"),
        (FieldType.DATETIME, 1_796_083_200, "2026-12-01T00:00:00.000Z"),
        (FieldType.DATETIME, 1_796_083_200_123, "2026-12-01T00:00:00.123Z"),
        (FieldType.DATETIME, "1796083200", "2026-12-01T00:00:00.000Z"),
        (FieldType.DATETIME, "2026-12-01T00:00Z", "2026-12-01T00:00:00Z"),
        (FieldType.DATETIME, "2026-12-01T00:00:00.5+0100", "2026-12-01T00:00:00.5+01:00"),
        (FieldType.DROPDOWN, "PAID", "paid"),
        (FieldType.DROPDOWN, "paid in full", "paid"),
        (FieldType.DROPDOWN, 1, "1"),
        (FieldType.MULTISELECT, "paid, 1", ["paid", "1"]),
        (FieldType.MULTISELECT, "a,b", ["a,b"]),
        (FieldType.MULTISELECT, ["Paid", "paid", "", "1"], ["paid", "1"]),
        (FieldType.MULTISELECT, 1, ["1"]),
        (FieldType.MULTISELECT, " , ", None),
        (FieldType.BOOLEAN, "Yes", True),
        (FieldType.BOOLEAN, 0, False),
    ],
)
def test_a_near_miss_is_fitted(type_: FieldType, value: Any, fitted: Any) -> None:
    field = FieldDef(slug="f", type=type_, options=OPTIONS)
    assert suited(value, field) == fitted
    FIELD_TYPES[type_].converter(field)(fitted)  # and admitted


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (FieldType.NUMBER, "a dozen"),
        (FieldType.NUMBER, True),
        (FieldType.DATE, "11/23/2026"),
        (FieldType.DATETIME, "2026-11-23 10:00:00"),
        (FieldType.DATETIME, "2026-11-23"),
        (FieldType.DATETIME, 10**17),
        (FieldType.DROPDOWN, "unknown"),
        (FieldType.DROPDOWN, "Half"),
        (FieldType.MULTISELECT, ["paid", "unknown"]),
        (FieldType.BOOLEAN, "perhaps"),
    ],
)
def test_what_can_mean_several_things_is_refused_by_admission(type_: FieldType, value: Any) -> None:
    field = FieldDef(slug="f", type=type_, options=OPTIONS + TWO_HALVES)
    with pytest.raises(BadValue):
        FIELD_TYPES[type_].converter(field)(suited(value, field))


def test_values_are_replaced_by_their_text() -> None:
    source = ValueSource(pointer="/a", values={"1": "one", "true": "yes", "x": None})
    assert [replaced(value, source) for value in (1, True, "x", "other", None)] == ["one", "yes", None, "other", None]
    assert replaced([1, "x", "other"], source) == ["one", "other"]


def test_amounts_in_cents_are_divided_exactly() -> None:
    source = ValueSource(pointer="/a", divide_by=100)
    found = [replaced(value, source) for value in (1999, "5", 0, Decimal("12345678901234567"), "n/a", None, True)]
    assert found == ["19.99", "0.05", "0", "123456789012345.67", "n/a", None, True]


def test_a_source_is_named_by_where_it_is() -> None:
    assert read_source("/a").address == "/a"
    assert read_source({"header": "X-Topic"}).address == "header x-topic"
    assert read_source({"pointer": "/a", "each": "/b"}).address == "/a each /b"
    assert read_source({"constant": "web"}).address is None
    assert read_source({"pointer": "/a", "each": "/b"}).find({"a": [{"b": 1}, {}, 2, {"b": None}]}, {}) == [1]


def test_instants_keep_their_nanoseconds() -> None:
    assert vendor_instant("2026-12-01T00:00:00.123456789Z") == (1_796_083_200_123, 456_789)
    assert vendor_instant("2026-12-01T00:00:00Z") == (1_796_083_200_000, 0)
    assert vendor_instant(1_796_083_200.5) == (1_796_083_200_500, 0)
    assert vendor_instant(-1) == (-1000, 0)
    assert scalar_text(None) == scalar_text({}) == scalar_text([]) == ""
