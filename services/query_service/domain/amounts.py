"""Arithmetic of calculations: exact as long as no double takes part, and empty where there is no result to show."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any, cast

import orjson

from services.query_service.domain.catalog import ColumnType
from services.query_service.domain.formula import FormulaFunction, Type

_EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
"""More digits than any product of two amounts that a column can hold."""
_MONEY_MAX = Decimal(10) ** 34
_WHOLE_MAX = 2**53
_PLACES = Decimal("0.0001")
_CENTS = Decimal("0.01")
_COMPARE: Mapping[FormulaFunction, Callable[[Any, Any], bool]] = {
    FormulaFunction.EQ: lambda left, right: left == right,
    FormulaFunction.NEQ: lambda left, right: left != right,
    FormulaFunction.LT: lambda left, right: left < right,
    FormulaFunction.LTE: lambda left, right: left <= right,
    FormulaFunction.GT: lambda left, right: left > right,
    FormulaFunction.GTE: lambda left, right: left >= right,
}


def held(value: Any, kind: Type) -> Any:
    """The value as its type has it; None where it has no value that JSON or the engine could hold."""
    if value is None or kind not in (ColumnType.INTEGER, ColumnType.NUMBER, ColumnType.CURRENCY):
        return value
    if kind is ColumnType.INTEGER:
        return value if abs(value) <= _WHOLE_MAX else None
    if kind is ColumnType.NUMBER:
        number = float(value) + 0.0  # minus zero is zero
        return number if math.isfinite(number) else None
    amount = _decimal(value)
    return amount if abs(amount) < _MONEY_MAX else None


def applied(operator: FormulaFunction, left: Any, right: Any, kind: Type) -> Any:
    """A sum, difference, product or quotient."""
    if left is None or right is None or (operator is FormulaFunction.DIVIDE and right == 0):
        return None
    left, right = _alike(left, right, kind)
    with localcontext(_EXACT):
        match operator:
            case FormulaFunction.ADD:
                result = left + right
            case FormulaFunction.SUBTRACT:
                result = left - right
            case FormulaFunction.MULTIPLY:
                result = left * right
            case _:
                result = left / right
        return held(result, kind)


def compared(operator: FormulaFunction, left: Any, right: Any) -> bool | None:
    """A comparison, empty where a side is."""
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)
    return _COMPARE[operator](left, right)


def change(now: Any, before: Any) -> Any:
    """What was added since: in days between dates, in seconds between instants."""
    if now is None or before is None:
        return None
    if isinstance(now, datetime):
        return cast(float, (now - before).total_seconds())
    if isinstance(now, date):
        return cast(int, (now - before).days)
    kind = ColumnType.CURRENCY if isinstance(now, Decimal) else None
    return applied(FormulaFunction.SUBTRACT, now, before, kind)


def negated(value: Any) -> Any:
    """Minus the value; the sign of an amount changes and no digit of it."""
    return value.copy_negate() if isinstance(value, Decimal) else -value


def absolute(value: Any) -> Any:
    """The value without its sign."""
    return value.copy_abs() if isinstance(value, Decimal) else abs(value)


def rounded(value: Any, places: int) -> Any:
    """The value with so many decimals, half to even like everything that we round."""
    if isinstance(value, Decimal):
        with localcontext(_EXACT):
            return value.quantize(Decimal(1).scaleb(-places))
    return value if value is None or isinstance(value, int) else round(value, places)


def settled(value: Any, kind: Type) -> Any:
    """The result of a whole calculation: an amount is rounded to the four decimals that amounts have."""
    amount = held(value, kind)
    if amount is None or kind is not ColumnType.CURRENCY:
        return amount
    with localcontext(_EXACT):
        return amount.quantize(_PLACES)


def _alike(left: Any, right: Any, kind: Type) -> tuple[Any, Any]:
    if kind is ColumnType.CURRENCY:
        return _decimal(left), _decimal(right)
    if isinstance(left, float) or isinstance(right, float):
        return float(left), float(right)
    return left, right


def _decimal(value: Any) -> Decimal:
    """The shortest decimal that stands for a double is what its reader sees."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def number_text(value: float) -> str:
    """A number as JSON shows it."""
    return orjson.dumps(value + 0.0).decode()


def money(value: Decimal) -> str:
    """A decimal string with two to four digits after the point."""
    with localcontext(_EXACT):
        amount = value.normalize()
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or exponent > -2:
            amount = amount.quantize(_CENTS)
    return f"{amount:f}" if amount else "0.00"
