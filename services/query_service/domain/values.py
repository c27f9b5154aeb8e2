"""One value: as a condition gives it, as JSON shows it, and as a file of each kind holds it."""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import orjson

from crosslook.contracts.values import FIRST_YEAR, LAST_YEAR, BadValue, currency, day, instant, number, read_decimal

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
    """A number that a field can hold; zero has no sign. Raises BadValue."""
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
    """Any double; zero has no sign. Raises BadValue."""
    try:
        found = float(_read(sent))
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise BadValue("out_of_range", limit="±1.8e308")
    return found + 0.0  # the engine's IN tells minus zero from zero


def any_amount(sent: Any) -> Decimal:
    """A sum of amounts: 34 digits before the point, 4 after it. Raises BadValue."""
    amount = _read(sent)
    if not amount.is_finite() or (amount and amount.adjusted() >= _DIGITS_BEFORE_POINT):
        raise BadValue("out_of_range", "out_of_range.sum")
    exact = amount.quantize(_FOUR_PLACES, context=_EXACT)
    if exact != amount:
        raise BadValue("out_of_range", "out_of_range.sum")
    return exact


def any_day(sent: Any) -> str | None:
    """A day that is the beginning of a period, or on a local clock: up to a year beyond those that a field can hold.
    Raises BadValue."""
    return day(sent, FIRST_YEAR - 1, LAST_YEAR + 1)


def any_instant_text(sent: Any) -> str:
    """An instant that may be the beginning of a local hour, before those that a field can hold. Raises BadValue."""
    return engine_text(instant(sent, FIRST_YEAR - 1))


def _read(sent: Any) -> Decimal:
    if type(sent) is str:
        return read_decimal(sent)
    if type(sent) not in (int, float, Decimal):
        raise BadValue("wrong_type", "wrong_type.number")
    return sent if type(sent) is Decimal else Decimal(repr(sent))


SingleCell = str | int | float | bool | None
"""A single value as an answer shows it."""
Cell = SingleCell | list[str]
"""A value as an answer shows it; of a multiselect in a list of records, all its values."""
SEVERAL_SEPARATOR = "; "
"""What stands between the values of a multiselect where they are one text."""

EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN)
"""More digits than any product of two amounts that a column can hold."""
_MONEY_MAX = Decimal(10) ** 34
WHOLE_MAX = 2**53
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


def double(value: Any) -> float:
    """A double; no answer shows minus zero."""
    return float(value) + 0.0


def held_integer(value: Any) -> Any:
    """A computed whole number; None where JSON could not hold it."""
    return value if abs(value) <= WHOLE_MAX else None


def held_number(value: Any) -> float | None:
    """A computed double; None where it is not finite."""
    computed = double(value)
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


def harmless(value: Cell) -> Cell:
    """Text that a spreadsheet would run, with an apostrophe before it."""
    if not isinstance(value, str):
        return value
    return f"'{value}" if value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA) else value


def single(value: Cell) -> SingleCell:
    """A value that is not a list of them. Raises TypeError."""
    if isinstance(value, list):
        raise TypeError("a list of values stands only in rows of lists")
    return value


def texts(value: Any) -> list[str] | None:
    """The values of a multiselect; none at all are an empty value (meaning 4)."""
    return [str(text) for text in value] or None


def joined_texts(value: Cell) -> str:
    """The values of a multiselect as one text."""
    return SEVERAL_SEPARATOR.join(value) if isinstance(value, list) else str(value)


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
