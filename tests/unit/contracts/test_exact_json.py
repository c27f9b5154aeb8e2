"""Numbers of JSON keep every digit, and what has few digits is read as ever."""

from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts import exact_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("99999999999999.99", Decimal("99999999999999.99")),
        ("[1.5, 10000000000000.0001]", [1.5, Decimal("10000000000000.0001")]),
        ('{"a": 1234567890123456, "b": 36893488147419103233}', {"a": 1234567890123456, "b": Decimal(2**65 + 1)}),
        ('{"id": "1234567890123456.78", "a": 2.5}', {"id": "1234567890123456.78", "a": 2.5}),
        ('["1234567890123456789", 1234567890123456.5]', ["1234567890123456789", Decimal("1234567890123456.5")]),
        ('["1234567890123456 1234567890123456", 0.1]', ["1234567890123456 1234567890123456", 0.1]),
        ("1e-5", 1e-5),
        ("1.00000000000000000001", Decimal("1.00000000000000000001")),
    ],
)
def test_a_number_of_many_digits_becomes_a_decimal(text: str, value: Any) -> None:
    assert repr(exact_json.loads(text.encode())) == repr(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**300), max_value=10**300))
def test_every_number_is_read_and_written_without_loss(number: Decimal) -> None:
    text = f'{{"n": {number}}}'.encode()
    read = exact_json.loads(text)
    again = exact_json.loads(exact_json.dumps(read))
    for found in (read["n"], again["n"]):
        exact = found if isinstance(found, Decimal) else Decimal(repr(found))
        assert exact == number or float(number) == found == 0  # below the least double


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_JSON)
def test_what_orjson_writes_is_read_as_orjson_reads_it(value: Any) -> None:
    def rounded(value: Any) -> Any:
        match value:
            case Decimal():
                return (
                    float(value)
                    if value != value.to_integral_value() or "E" in str(value) or "." in str(value)
                    else int(value)
                )
            case list():
                return [rounded(inner) for inner in value]
            case dict():
                return {name: rounded(inner) for name, inner in value.items()}
            case _:
                return value

    data = orjson.dumps(value)
    assert rounded(exact_json.loads(data)) == orjson.loads(data)


@pytest.mark.parametrize("data", [b"", b"{", b"NaN", b"[1,]", b"\xff", b"1e400", b"[" * 100_000, b'"\\ud800"', b"01"])
def test_what_is_not_json_is_refused_as_ever(data: bytes) -> None:
    for document in (data, b'{"a": 12345678901234567.5, "b": ' + data + b"}"):
        with pytest.raises(orjson.JSONDecodeError):
            exact_json.loads(document)


def test_deep_nesting_is_read_with_ordinary_numbers() -> None:
    deep = b"[" * 1000 + b"12345678901234567.5" + b"]" * 1000
    value = exact_json.loads(deep)
    while isinstance(value, list):
        (value,) = value
    assert repr(value) == "1.2345678901234568e+16"
