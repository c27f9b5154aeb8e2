"""Values of fields: every boundary of CONTRACTS 3, and one canonical form for what means the same."""

from typing import Any

import pytest

from crosslook.contracts.field_types import converter
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldDef, FieldType, OptionDef
from crosslook.contracts.values import BadValue

OPTIONS = (OptionDef(value="open"), OptionDef(value="solved"), OptionDef(value="Ünïcode ✓"))


def convert(kind: str, value: Any, options: tuple[OptionDef, ...] = ()) -> Any:
    return converter(FieldDef(slug="f", type=FieldType(kind), options=options))(value)


ACCEPTED: list[tuple[str, Any, Any]] = [
    ("text", "x", "x"),
    ("text", " ", " "),
    ("text", "a\u0000b", "a\u0000b"),
    ("text", "é" * 1024, "é" * 1024),
    ("text", "😀" * 1024, "😀" * 1024),
    ("textarea", "x" * 65_536, "x" * 65_536),
    ("number", 0, 0),
    ("number", 4.5, 4.5),
    ("number", "4.5", 4.5),
    ("number", "+1e3", 1000.0),
    ("number", ".5", 0.5),
    ("number", "1e-400", 0.0),
    ("number", 2**53, 2**53),
    ("number", -(2**53), -(2**53)),
    ("number", str(2**53), 2.0**53),
    ("number", "9" * 15 + "." + "9" * 300, 1e15),
    ("number", 5e-324, 5e-324),
    ("currency", "12.50", "12.5"),
    ("currency", 12.5, "12.5"),
    ("currency", 100, "100"),
    ("currency", "1e2", "100"),
    ("currency", "-0.0001", "-0.0001"),
    ("currency", "12.50000000", "12.5"),
    ("currency", 0.1, "0.1"),
    ("currency", "-0.00", "0"),
    ("currency", "0e9999", "0"),
    ("currency", "0e-9999", "0"),
    ("currency", "9" * 15 + ".9999", "9" * 15 + ".9999"),
    ("currency", "-" + "9" * 15 + ".9999", "-" + "9" * 15 + ".9999"),
    ("date", "1900-01-01", "1900-01-01"),
    ("date", "2299-12-31", "2299-12-31"),
    ("date", "2024-02-29", "2024-02-29"),
    ("datetime", "2026-11-20T10:00:00Z", "2026-11-20 10:00:00.000"),
    ("datetime", "2026-11-20t10:00:00z", "2026-11-20 10:00:00.000"),
    ("datetime", "2026-11-20 10:00:00+00:00", "2026-11-20 10:00:00.000"),
    ("datetime", "2026-11-20T10:00:00-00:00", "2026-11-20 10:00:00.000"),
    ("datetime", "2026-11-20T23:30:00+14:00", "2026-11-20 09:30:00.000"),
    ("datetime", "2026-11-20T10:00:00.1239Z", "2026-11-20 10:00:00.123"),
    ("datetime", "2026-11-20T10:00:00.123999999999999Z", "2026-11-20 10:00:00.123"),
    ("datetime", "1969-12-31T23:59:59.9999Z", "1969-12-31 23:59:59.999"),
    ("datetime", "1900-01-01T00:00:00Z", "1900-01-01 00:00:00.000"),
    ("datetime", "1899-12-31T23:00:00-01:00", "1900-01-01 00:00:00.000"),
    ("datetime", "2299-12-31T23:59:59.999999Z", "2299-12-31 23:59:59.999"),
    ("boolean", True, True),
    ("boolean", False, False),
]


@pytest.mark.parametrize(("kind", "sent", "canonical"), ACCEPTED)
def test_what_a_field_holds_is_taken_in_its_canonical_form(kind: str, sent: Any, canonical: Any) -> None:
    got = convert(kind, sent)
    assert got == canonical
    assert type(got) is type(canonical)


REFUSED: list[tuple[str, Any, str]] = [
    ("text", 5, "wrong_type"),
    ("text", True, "wrong_type"),
    ("text", ["x"], "wrong_type"),
    ("text", {}, "wrong_type"),
    ("text", "x" * 1025, "too_long"),
    ("textarea", "x" * 65_537, "too_long"),
    ("number", "NaN", "wrong_type"),
    ("number", "Infinity", "wrong_type"),
    ("number", "nan", "wrong_type"),
    ("number", "0x10", "wrong_type"),
    ("number", "1_000", "wrong_type"),
    ("number", "1,5", "wrong_type"),
    ("number", "5\n", "wrong_type"),
    ("number", " 5", "wrong_type"),
    ("number", "\u0665", "wrong_type"),
    ("number", "e5", "wrong_type"),
    ("number", ".", "wrong_type"),
    ("number", True, "wrong_type"),
    ("number", [1], "wrong_type"),
    ("number", float("nan"), "out_of_range"),
    ("number", float("inf"), "out_of_range"),
    ("number", "1e9999", "out_of_range"),
    ("number", 2**53 + 1, "out_of_range"),
    ("number", -(2**53) - 1, "out_of_range"),
    ("number", str(2**53 + 1), "out_of_range"),
    ("number", "9007199254740992.5", "out_of_range"),
    ("number", 1e300, "out_of_range"),
    ("number", "1" * 10_000, "out_of_range"),
    ("number", "0." + "3" * 10_000, "out_of_range"),
    ("currency", "1.23456", "out_of_range"),
    ("currency", 0.00001, "out_of_range"),
    ("currency", "123.40000000000000000000000000000000001", "out_of_range"),
    ("currency", "1" + "0" * 15, "out_of_range"),
    ("currency", 10**15, "out_of_range"),
    ("currency", 1e22, "out_of_range"),
    ("currency", float("nan"), "out_of_range"),
    ("currency", "1e9999", "out_of_range"),
    ("currency", "1e-9999", "out_of_range"),
    ("currency", "7" * 10_000, "out_of_range"),
    ("currency", "12.50 USD", "wrong_type"),
    ("currency", "$12", "wrong_type"),
    ("currency", "12\n", "wrong_type"),
    ("currency", False, "wrong_type"),
    ("date", "1899-12-31", "out_of_range"),
    ("date", "2300-01-01", "out_of_range"),
    ("date", "2026-02-29", "out_of_range"),
    ("date", "0000-01-01", "out_of_range"),
    ("date", "2026-1-1", "wrong_type"),
    ("date", "2026-01-01\n", "wrong_type"),
    ("date", "2026-01-01T00:00:00Z", "wrong_type"),
    ("date", 20260101, "wrong_type"),
    ("datetime", "2026-11-20T10:00:00", "wrong_type"),
    ("datetime", "2026-11-20", "wrong_type"),
    ("datetime", "2026-11-20T10:00Z", "wrong_type"),
    ("datetime", "2026-11-20T10:00:00+0100", "wrong_type"),
    ("datetime", "2026-11-20T10:00:00+14:60", "wrong_type"),
    ("datetime", "2026-11-20T10:00:00.Z", "wrong_type"),
    ("datetime", "2026-11-20T10:00:00Z\n", "wrong_type"),
    ("datetime", "20261120T100000Z", "wrong_type"),
    ("datetime", 1_700_000_000, "wrong_type"),
    ("datetime", "2026-12-31T23:59:60Z", "out_of_range"),
    ("datetime", "2026-11-20T24:00:00Z", "out_of_range"),
    ("datetime", "2026-11-20T10:00:00+24:00", "out_of_range"),
    ("datetime", "1900-01-01T00:00:00+14:00", "out_of_range"),
    ("datetime", "2299-12-31T23:59:59-00:01", "out_of_range"),
    ("datetime", "0001-01-01T00:00:00+14:00", "out_of_range"),
    ("datetime", "9999-12-31T23:59:59-14:00", "out_of_range"),
    ("boolean", 1, "wrong_type"),
    ("boolean", "true", "wrong_type"),
    ("boolean", "", "wrong_type"),
]


@pytest.mark.parametrize(("kind", "sent", "code"), REFUSED)
def test_what_a_field_cannot_hold_is_refused_with_a_sentence(kind: str, sent: Any, code: str) -> None:
    with pytest.raises(BadValue) as caught:
        convert(kind, sent)
    bad = caught.value
    assert bad.code == code
    assert Problem(bad.code, "", bad.text, bad.values).message("fr")


@pytest.mark.parametrize("kind", [kind for kind in FieldType if kind is not FieldType.BOOLEAN])
def test_null_and_empty_text_are_empty(kind: FieldType) -> None:
    assert convert(kind, None, OPTIONS) is None
    assert convert(kind, "", OPTIONS) is None


@pytest.mark.parametrize("value", ["open", "Ünïcode ✓"])
def test_a_dropdown_takes_the_value_of_an_option(value: str) -> None:
    assert convert("dropdown", value, OPTIONS) == value


@pytest.mark.parametrize(
    ("kind", "sent", "code", "suggestion"),
    [
        ("dropdown", "Open", "unknown_option", "open"),
        ("dropdown", "xyz", "unknown_option", None),
        ("dropdown", "open ", "unknown_option", "open"),
        ("dropdown", "o" * 5000, "unknown_option", None),
        ("dropdown", ["open"], "wrong_type", None),
        ("dropdown", 1, "wrong_type", None),
        ("multiselect", ["open", "sloved"], "unknown_option", "solved"),
        ("multiselect", ["open", "open"], "wrong_type", None),
        ("multiselect", ["open", None], "wrong_type", None),
        ("multiselect", [["open"]], "wrong_type", None),
        ("multiselect", "open", "wrong_type", None),
        ("multiselect", {"open": 1}, "wrong_type", None),
        ("multiselect", [""], "unknown_option", None),
    ],
)
def test_what_is_no_option_is_refused(kind: str, sent: Any, code: str, suggestion: str | None) -> None:
    with pytest.raises(BadValue) as caught:
        convert(kind, sent, OPTIONS)
    guess = caught.value.suggestion
    assert (caught.value.code, guess and guess.text()) == (code, suggestion)
    assert len(str(caught.value.values)) < 200


def test_a_dropdown_without_options_holds_nothing() -> None:
    with pytest.raises(BadValue):
        convert("dropdown", "open")


def test_a_multiselect_keeps_the_order_it_was_sent_in() -> None:
    assert convert("multiselect", ["solved", "open"], OPTIONS) == ["solved", "open"]
    assert convert("multiselect", [], OPTIONS) is None


@pytest.mark.parametrize(
    ("sent", "code"),
    [(["vip", "vip"], "wrong_type"), ([""], "wrong_type"), ([5], "wrong_type"), (["x" * 1025], "too_long")],
)
def test_a_multiselect_without_options_is_open_but_not_to_anything(sent: list[Any], code: str) -> None:
    assert convert("multiselect", ["vip", "x" * 1024]) == ["vip", "x" * 1024]
    with pytest.raises(BadValue) as caught:
        convert("multiselect", sent)
    assert caught.value.code == code
