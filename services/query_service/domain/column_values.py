"""Values that a condition on a column of the result is tested against: whatever such a column can hold.

A field has limits on what may be sent for it; a sum, a count or a calculation is not held to those.
"""

import math
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from typing import Any

from crosslook.contracts.values import BadValue, read_decimal
from services.query_service.domain.catalog import ColumnType

_DIGITS_BEFORE_POINT = 34
_EXACT = Context(prec=100)
_FOUR_PLACES = Decimal("0.0001")


def _number(sent: Any) -> float:
    """Any double. Raises BadValue."""
    try:
        found = float(_read(sent))
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise BadValue("out_of_range", limit="±1.8e308")
    return found


def _amount(sent: Any) -> Decimal:
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


READERS: Mapping[ColumnType, Callable[[Any], Any]] = {
    ColumnType.INTEGER: _number,
    ColumnType.NUMBER: _number,
    ColumnType.CURRENCY: _amount,
}
"""How values are read for columns of these types; all others are read as those of fields."""

ENGINE_TYPES: Mapping[ColumnType, str] = {ColumnType.CURRENCY: "Decimal(38, 4)"}
"""The types of their parameters, where they are not those of fields."""
