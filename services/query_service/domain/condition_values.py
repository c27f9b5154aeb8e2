"""Values of conditions: how they are read, and what the engine receives.

A field has limits on what may be sent for it. A column of the result is not held to those: a sum, a count or a
calculation may be whatever such a column can hold.
"""

import math
from datetime import datetime
from decimal import Context, Decimal
from typing import Any

from crosslook.contracts.values import BadValue, currency, instant, number, read_decimal

_DIGITS_BEFORE_POINT = 34
_EXACT = Context(prec=100)
_FOUR_PLACES = Decimal("0.0001")


def text(sent: Any) -> str:
    """A text. Raises BadValue."""
    if type(sent) is not str:
        raise BadValue("wrong_type", "wrong_type.text")
    return sent


def flag(sent: Any) -> bool:
    """True or false. Raises BadValue."""
    if type(sent) is not bool:
        raise BadValue("wrong_type", "wrong_type.boolean")
    return sent


def field_number(sent: Any) -> float:
    """A number that a field can hold. Raises BadValue."""
    return float(number(sent) or 0)


def field_amount(sent: Any) -> Decimal:
    """An amount that a field can hold. Raises BadValue."""
    return Decimal(currency(sent) or 0)


def instant_text(sent: Any) -> str:
    """An instant. Raises BadValue."""
    return engine_text(instant(sent))


def engine_text(moment: datetime) -> str:
    """An instant in UTC as the engine reads it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def any_number(sent: Any) -> float:
    """Any double. Raises BadValue."""
    try:
        found = float(_read(sent))
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise BadValue("out_of_range", limit="±1.8e308")
    return found


def any_amount(sent: Any) -> Decimal:
    """A sum of amounts: 34 digits before the point, 4 after it. Raises BadValue."""
    amount = _read(sent)
    if not amount.is_finite() or (amount and amount.adjusted() >= _DIGITS_BEFORE_POINT):
        raise BadValue("out_of_range", "out_of_range.sum")
    exact = amount.quantize(_FOUR_PLACES, context=_EXACT)
    if exact != amount:
        raise BadValue("out_of_range", "out_of_range.sum")
    return exact


def _read(sent: Any) -> Decimal:
    if type(sent) is str:
        return read_decimal(sent)
    if type(sent) not in (int, float, Decimal):
        raise BadValue("wrong_type", "wrong_type.number")
    return sent if type(sent) is Decimal else Decimal(repr(sent))
