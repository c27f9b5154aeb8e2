"""Properties of field values: whatever is sent is kept exactly or refused."""

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.field_types import converter
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.values import BadValue, email_key, instant, instant_ms, milliseconds
from tests.unit.contracts.test_values import OPTIONS, convert


@given(st.integers(-(2**53), 2**53))
def test_every_whole_number_of_a_double_is_kept_exactly(value: int) -> None:
    assert convert("number", value) == value
    assert convert("number", str(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_kept_exactly_or_refused(value: float) -> None:
    if abs(value) > 2**53:
        with pytest.raises(BadValue):
            convert("number", value)
        return
    for sent in (value, repr(value)):
        got = convert("number", sent)
        assert got == value
        assert math.copysign(1, got) == (math.copysign(1, value) if value else 1)


@given(st.decimals(-(10**15) + 1, 10**15 - 1, places=4))
def test_equal_amounts_have_equal_texts(amount: Decimal) -> None:
    canonical = convert("currency", str(amount))
    assert Decimal(canonical) == amount
    assert convert("currency", f"{amount}000") == convert("currency", canonical) == canonical


@given(st.dates(date(1900, 1, 1), date(2299, 12, 31)))
def test_every_day_of_four_centuries_is_kept(value: date) -> None:
    assert convert("date", value.isoformat()) == value.isoformat()


@given(
    st.datetimes(datetime(1900, 1, 2), datetime(2299, 12, 30)),  # noqa: DTZ001  # hypothesis adds the zone
    st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_is_the_same_in_every_offset(naive: datetime, minutes: int) -> None:
    moment = naive.replace(tzinfo=UTC)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert instant(elsewhere.isoformat()) == cut
    assert timedelta(milliseconds=milliseconds(cut)) == cut - datetime(1970, 1, 1, tzinfo=UTC)
    assert convert("datetime", elsewhere.isoformat()) == f"{cut:%Y-%m-%d %H:%M:%S.%f}"[:-3]


_NEARLY_PLAIN = st.builds(
    lambda text, at, other: text[:at] + other + text[at + 1 :],
    st.sampled_from(
        ["2026-01-31T10:09:08Z", "2026-01-31T10:09:08.123Z", "2026-W05-6T10:09:08Z", "2299-12-31T23:59:59Z"]
    ),
    st.integers(0, 23),
    st.sampled_from([*"0123456789-:.TtZzW+, ٣", ""]),
)


@given(_NEARLY_PLAIN)
def test_the_short_way_for_plain_instants_takes_them_and_no_others(text: str) -> None:
    try:
        moment = instant(text)
    except BadValue as bad:
        with pytest.raises(BadValue, match=bad.code):
            instant_ms(text)
    else:
        assert instant_ms(text) == milliseconds(moment)
        assert convert("datetime", text) == f"{moment:%Y-%m-%d %H:%M:%S.%f}"[:-3]


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(FieldType), _JSON)
def test_nothing_json_can_hold_is_worse_than_a_bad_value(kind: FieldType, value: Any) -> None:
    convert_value = converter(FieldDef(slug="f", type=kind, options=OPTIONS))
    try:
        canonical = convert_value(value)
    except BadValue as bad:
        sentence = Problem(bad.code, "", bad.text, bad.values).message()
    else:
        sentence = "taken"
        assert convert_value(canonical) == canonical or kind is FieldType.DATETIME
    assert sentence


@pytest.mark.parametrize(
    ("sent", "key"), [(" A@X.com\t", "a@x.com"), ("É@x.com", "É@x.com"), ("a@x.com\u00a0", "a@x.com\u00a0")]
)
def test_emails_are_compared_as_the_engine_compares_them(sent: str, key: str) -> None:
    assert email_key(sent) == key


_PRECISIONS = st.sampled_from(["seconds", "milliseconds", "microseconds"])
_ENDINGS = st.sampled_from(["Z", "z", "+00:00", "-05:30"])


@given(st.datetimes(datetime(1890, 1, 1), datetime(2310, 1, 1)), _PRECISIONS, _ENDINGS)  # noqa: DTZ001  # the ending is the zone
def test_a_datetime_field_holds_the_instant_however_it_is_written(naive: datetime, precision: str, ending: str) -> None:
    text = naive.isoformat(timespec=precision) + ending
    assert _read(lambda: convert("datetime", text)) == _read(
        lambda: instant(text).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    )


def _read(reading: Callable[[], str]) -> str:
    """What is read, or the code of the refusal."""
    try:
        return reading()
    except BadValue as bad:
        return bad.code
