"""JSON whose numbers keep every digit that was sent.

A double holds 15 significant digits of any decimal number. A number with more becomes a Decimal, so that an amount is
admitted exactly or refused; all other numbers are int and float as ever.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

_EXACT_DIGITS = 15
_INTEGER_DIGITS = 19
"""An integer of so many digits fits into 64 bits with its sign; orjson makes a double of a larger one."""
_DIGITS = bytes(ord("0") if chr(byte) in "0123456789." else ord(" ") for byte in range(256))
_LONG = b"0" * (_EXACT_DIGITS + 1)


def loads(data: bytes) -> Any:
    """The value of a JSON document. Raises orjson.JSONDecodeError."""
    value = orjson.loads(data)
    digits = data.translate(_DIGITS)
    if _LONG not in digits or not _long_number(data, digits):
        return value
    try:
        return _DECODER.decode(data.decode())
    except RecursionError:  # deeper than any event of ours, and refused for that
        return value


def _long_number(data: bytes, digits: bytes) -> bool:
    """Whether there is a long run of digits that does not begin a text, as the ids of many vendors do."""
    start = digits.find(_LONG)
    while start >= 0:
        if data[start - 1 : start] != b'"':
            return True
        start = digits.find(_LONG, digits.find(b" ", start))
    return False


def dumps(value: Any, *, sorted_keys: bool = False) -> bytes:
    """JSON of what `loads` gave, with the same digits. Raises orjson.JSONEncodeError."""
    return orjson.dumps(value, default=number_fragment, option=orjson.OPT_SORT_KEYS if sorted_keys else None)


def decimal_or_float(text: str) -> Decimal | float:
    """A JSON number with a fraction or an exponent: a Decimal where a double might not hold its digits."""
    if len(text) <= _EXACT_DIGITS:
        return float(text)
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent that not even a Decimal has
        return float(text)


def integer_or_decimal(text: str) -> int | Decimal:
    """A JSON number of digits only: a Decimal where 64 bits might not hold it, and never converted beyond."""
    return int(text) if len(text) <= _INTEGER_DIGITS else Decimal(text)


_DECODER = json.JSONDecoder(parse_float=decimal_or_float, parse_int=integer_or_decimal)


def number_fragment(value: Any) -> orjson.Fragment:
    """A Decimal as the JSON number that it was read from: what `orjson.dumps` takes as `default`."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value))
    return orjson.Fragment(str(value))
