"""Stored values as answers show them (CONTRACTS 5, meaning 7). Instants are in UTC here; reports put them in a zone."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any

_CENTS = Decimal("0.01")
_EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
"""More digits than any product of two amounts that a column can hold."""


def money(value: Decimal) -> str:
    """A decimal string with two to four digits after the point."""
    with localcontext(_EXACT):
        amount = value.normalize()
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or exponent > -2:
            amount = amount.quantize(_CENTS)
    return f"{amount:f}" if amount else "0.00"


def shown_instant_utc(moment: datetime) -> str:
    """An instant in RFC 3339, in UTC, to the second or, where it has them, to the millisecond."""
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def shown_value(value: Any) -> Any:
    """A field's value as the engine gives it: JSON numbers, amounts as decimal strings, no minus zero."""
    match value:
        case datetime():
            return shown_instant_utc(value)
        case date():
            return value.isoformat()
        case Decimal():
            return money(value)
        case float():
            return value + 0.0
        case list() | tuple():
            return list(value)
        case _:
            return value
