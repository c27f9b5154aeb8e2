"""Output forms of one value: in JSON and in each file format."""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from typing import Any

import orjson

Cell = str | int | float | bool | None
"""A value as an answer shows it."""

EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
"""More digits than any product of two amounts that a column can hold."""
_CENTS = Decimal("0.01")
_MONEY_MAX = Decimal(10) ** 34
_WHOLE_MAX = 2**53
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # full-width signs are meant
"""What a spreadsheet may take for the beginning of a formula; it ignores white space before a sign."""
_EXCEL_DIGITS = 15
"""Excel's numbers: what needs more digits is written as text rather than rounded."""
_EXCEL_FIRST_DAY = "1900-01-01"
"""Before it Excel knows no days."""

ExcelCell = str | float | bool | date | datetime


def same(value: Any) -> Any:
    """The value as it is."""
    return value


def number(value: Any) -> float:
    """A double; no answer shows minus zero."""
    return float(value) + 0.0


def held_integer(value: Any) -> Any:
    """A computed whole number; None where JSON could not hold it."""
    return value if abs(value) <= _WHOLE_MAX else None


def held_number(value: Any) -> float | None:
    """A computed double; None where it is not finite."""
    computed = number(value)
    return computed if math.isfinite(computed) else None


def held_amount(value: Any) -> Decimal | None:
    """A computed amount; None where no column of the engine could hold it."""
    amount = shortest_decimal(value)
    return amount if abs(amount) < _MONEY_MAX else None


def shortest_decimal(value: Any) -> Decimal:
    """The shortest decimal that stands for a double is what its reader sees."""
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def number_text(value: float) -> str:
    """A number as JSON shows it."""
    return orjson.dumps(value + 0.0).decode()


def money(value: Decimal) -> str:
    """A decimal string with two to four digits after the point."""
    with localcontext(EXACT):
        amount = value.normalize()
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or exponent > -2:
            amount = amount.quantize(_CENTS)
    return f"{amount:f}" if amount else "0.00"


def harmless(value: Cell) -> Cell:
    """Text that a spreadsheet would run, with an apostrophe before it."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else value


def lower_case(value: Cell) -> Cell:
    """`true` or `false`."""
    return str(value).lower()


def excel_amount(value: Cell) -> ExcelCell:
    """An amount; as text where Excel would round it."""
    text = str(value)
    return float(text) if len(Decimal(text).as_tuple().digits) <= _EXCEL_DIGITS else text


def excel_day(value: Cell) -> ExcelCell:
    """A day; as text where Excel has no such day."""
    text = str(value)
    return date.fromisoformat(text) if text >= _EXCEL_FIRST_DAY else text


def excel_instant(value: Cell) -> ExcelCell:
    """An instant as the clock of its zone showed it; as text where Excel has no such day."""
    text = str(value)
    # XlsxWriter writes the first day as a bare time.
    later = text[: len(_EXCEL_FIRST_DAY)] > _EXCEL_FIRST_DAY
    return datetime.fromisoformat(text).replace(tzinfo=None) if later else text
