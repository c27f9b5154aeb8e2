"""Arithmetic of calculations: exact unless a double takes part, and empty if there is no result."""

import operator
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import Any, cast

from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.formula import Type
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import EXACT, shortest_decimal

_PLACES = Decimal("0.0001")


def storable(value: Any, kind: Type) -> Any:
    """The value as its type has it; None where it has no value that JSON or the engine could hold."""
    return value if value is None or kind is None else COLUMN_TYPES[kind].held(value)


def applied(apply: Callable[[Any, Any], Any], left: Any, right: Any, kind: Type) -> Any:
    """A sum, difference, product or quotient."""
    if left is None or right is None:
        return None
    left, right = _alike(left, right, kind)
    with localcontext(EXACT):
        return storable(apply(left, right), kind)


def divided(left: Any, right: Any, kind: Type) -> Any:
    """A quotient; empty where the divisor is zero."""
    return None if right == 0 else applied(operator.truediv, left, right, kind)


def compared_values(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool | None:
    """A comparison, empty where a side is."""
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return compare(left, right)


def change(now: Any, before: Any) -> Any:
    """The difference: in days between dates, in seconds between instants."""
    if now is None or before is None:
        return None
    if isinstance(now, datetime):
        return cast(float, (now - before).total_seconds())
    if isinstance(now, date):
        return cast(int, (now - before).days)
    kind = ColumnType.CURRENCY if isinstance(now, Decimal) else None
    return applied(operator.sub, now, before, kind)


def negated(value: Any) -> Any:
    """Minus the value; only the sign of an amount changes."""
    return value.copy_negate() if isinstance(value, Decimal) else -value


def absolute(value: Any) -> Any:
    """The value without its sign."""
    return value.copy_abs() if isinstance(value, Decimal) else abs(value)


def rounded(value: Any, places: int) -> Any:
    """The value with so many decimals, half to even like everything that we round."""
    if isinstance(value, Decimal):
        with localcontext(EXACT):
            return value.quantize(Decimal(1).scaleb(-places))
    return value if value is None or isinstance(value, int) else round(value, places)


def settled(value: Any, kind: Type) -> Any:
    """The result of a whole calculation: an amount is rounded to the four decimals that amounts have."""
    amount = storable(value, kind)
    if amount is None or kind is not ColumnType.CURRENCY:
        return amount
    with localcontext(EXACT):
        return amount.quantize(_PLACES)


def _alike(left: Any, right: Any, kind: Type) -> tuple[Any, Any]:
    if kind is ColumnType.CURRENCY:
        return shortest_decimal(left), shortest_decimal(right)
    if isinstance(left, float) or isinstance(right, float):
        return float(left), float(right)
    return left, right
