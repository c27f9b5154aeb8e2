"""Field values: converts what is accepted on the wire to the canonical form that is staged (CONTRACTS 3, "Values").

Which of these conversions a field has, its type says (`field_types.py`).
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from crosslook.contracts.suggestions import Guess, guess

MAX_INTEGER = 2**53
FIRST_YEAR, LAST_YEAR = 1900, 2299
TEXT_MAX, TEXTAREA_MAX = 1024, 65536
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:[0-5]\d)", re.ASCII)
_CENTURIES = frozenset(f"{year // 100}" for year in range(FIRST_YEAR, LAST_YEAR + 1))
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_CANONICAL_AMOUNT = re.compile(r"(?:0|[1-9]\d{0,14})(?:\.\d{0,3}[1-9])?", re.ASCII).fullmatch
_FOUR_PLACES = Decimal("0.0001")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND_DIGITS = 6
_TO_THE_SECOND = len("YYYY-MM-DDTHH:MM:SSZ")
_TO_THE_MILLISECOND = len("YYYY-MM-DDTHH:MM:SS.mmmZ")
_CANONICAL_INSTANT = len("YYYY-MM-DD HH:MM:SS.mmm")
_DIGITS_BEFORE_POINT = 15
_ONLY_TEXT = {str}
_NUMBERS = (int, float, Decimal)
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
EMAIL_TRIMMED = " \t\n\r\f\v"
NUMBER_TEXT_MAX = 400  # the longest decimal string worth reading: no double needs more digits

Convert = Callable[[Any], Any]
"""Wire value to canonical value, None when empty. Raises BadValue."""


class BadValue(ValueError):
    """A value that its field cannot hold. `text` names the message, `values` its placeholders."""

    def __init__(self, code: str, text: str = "", *, suggestion: Guess[Any] | None = None, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.text = text
        self.suggestion = suggestion
        self.values: dict[str, str | int] = values


def text_of_at_most(limit: int) -> Convert:
    """A text of at most `limit` characters."""

    def convert(value: Any) -> Any:
        if value is None or value == "":
            return None
        if type(value) is not str:
            raise BadValue("wrong_type", "wrong_type.text")
        if len(value) > limit:
            raise BadValue("too_long", limit=limit)
        return value

    return convert


def number(value: Any) -> int | float | None:
    """A double. Raises BadValue if it is not a number, not finite, or an integer beyond 2^53."""
    if type(value) is str:
        if value == "":
            return None
        value = _read_number(value)
    if value is None:
        return None
    if type(value) is Decimal:
        value = float(value)
    if type(value) is int:
        if -MAX_INTEGER <= value <= MAX_INTEGER:
            return value
    elif type(value) is not float:
        raise BadValue("wrong_type", "wrong_type.number")
    elif math.isfinite(value) and abs(value) <= MAX_INTEGER:  # every double beyond is an integer
        return value + 0.0  # -0.0 becomes 0.0: the engine would group them apart
    raise BadValue("out_of_range", limit="±2^53")


def _read_number(text: str) -> float:
    amount = read_decimal(text)
    # Before a double rounds it: 9007199254740993 would become its even neighbour, 2^53.
    if not -MAX_INTEGER <= amount <= MAX_INTEGER:
        raise BadValue("out_of_range", limit="±2^53")
    return float(text)


def read_decimal(text: str) -> Decimal:
    """A decimal number written as text, of at most 400 characters. Raises BadValue."""
    if not _DECIMAL.fullmatch(text):
        raise BadValue("wrong_type", "wrong_type.number")
    if len(text) > NUMBER_TEXT_MAX:
        raise BadValue("out_of_range", "out_of_range.digits", limit=NUMBER_TEXT_MAX)
    return Decimal(text)


def currency(value: Any) -> str | None:
    """A decimal string with at most 15 digits before the point and 4 after. Raises BadValue."""
    if value is None or value == "":
        return None
    if type(value) is str:
        if _CANONICAL_AMOUNT(value):
            return value
        amount = read_decimal(value)
    elif type(value) in _NUMBERS:
        # The repr of a float is the shortest text that means it: up to 15 digits it is what the sender wrote.
        amount = value if type(value) is Decimal else Decimal(repr(value))
    else:
        raise BadValue("wrong_type", "wrong_type.number")
    if not amount:
        return "0"
    if not amount.is_finite() or amount.adjusted() > _DIGITS_BEFORE_POINT - 1:
        raise BadValue("out_of_range", "out_of_range.currency")
    exact = amount.quantize(_FOUR_PLACES)
    if exact != amount:
        raise BadValue("out_of_range", "out_of_range.currency")
    return f"{exact.normalize():f}"


def day(value: Any, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> str | None:
    """A calendar date as `YYYY-MM-DD`, by default from 1900 to 2299. Raises BadValue."""
    if value is None or value == "":
        return None
    if type(value) is not str or not _DATE.fullmatch(value):
        raise BadValue("wrong_type", "wrong_type.date")
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        raise BadValue("out_of_range", "out_of_range.calendar") from None
    if not first_year <= parsed.year <= last_year:
        raise BadValue("out_of_range", limit=f"{first_year}-01-01 … {last_year}-12-31")
    return value


def instant(value: Any, first_year: int = FIRST_YEAR, last_year: int = LAST_YEAR) -> datetime:
    """An RFC 3339 instant in UTC, cut to the millisecond, by default from 1900 to 2299. Raises BadValue; a
    leap second is `out_of_range`, because the engine has none."""
    if type(value) is not str or not (match := _INSTANT.fullmatch(value)):
        raise BadValue("wrong_type", "wrong_type.datetime")
    fraction = match.group(1)
    if fraction and len(fraction) > _MICROSECOND_DIGITS + 1:
        start = match.start(1)
        value = value[: start + 1 + _MICROSECOND_DIGITS] + value[match.end(1) :]
    try:
        parsed = datetime.fromisoformat(value.upper())
        if parsed.tzinfo is not UTC:
            parsed = parsed.astimezone(UTC)
    except OverflowError:
        raise BadValue("out_of_range", limit=f"{first_year} … {last_year}") from None
    except ValueError:
        raise BadValue("out_of_range", "out_of_range.calendar") from None
    if not first_year <= parsed.year <= last_year:
        raise BadValue("out_of_range", limit=f"{first_year} … {last_year}")
    beyond = parsed.microsecond % 1000
    return parsed.replace(microsecond=parsed.microsecond - beyond) if beyond else parsed


def email_key(address: str) -> str:
    """The form in which e-mail addresses are compared: trimmed, with ASCII letters in lower case.

    Only ASCII is folded, so that the engine's `lower` and this function agree on every text there is."""
    return address.strip(EMAIL_TRIMMED).translate(_ASCII_LOWER)


def milliseconds(moment: datetime) -> int:
    """Milliseconds since the epoch, exact."""
    since = moment - _EPOCH
    return (since.days * 86400 + since.seconds) * 1000 + since.microseconds // 1000


def instant_ms(value: Any) -> int:
    """`instant` in milliseconds since the epoch. Raises BadValue."""
    return milliseconds(_plain_utc(value) or instant(value))


def _plain_utc(value: Any) -> datetime | None:
    """Nearly all instants come in UTC to the second or millisecond. What stands between their digits is every third
    character; that the rest are digits, and the day exists, is what `fromisoformat` sees to."""
    if type(value) is not str or value[:2] not in _CENTURIES:
        return None
    size = len(value)
    to_the_second = size == _TO_THE_SECOND and value[4::3] == "--T::Z"
    if to_the_second or (size == _TO_THE_MILLISECOND and value[4:20:3] == "--T::." and value[-1] == "Z"):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    return None


def canonical_instant(value: Any) -> str | None:
    """An `instant` as `YYYY-MM-DD HH:MM:SS.mmm` in UTC. Raises BadValue."""
    if value is None or value == "":
        return None
    if _plain_utc(value):
        return f"{value[:10]} {value[11:19]}.000" if len(value) == _TO_THE_SECOND else f"{value[:10]} {value[11:23]}"
    return instant(value).isoformat(" ", "milliseconds")[:_CANONICAL_INSTANT]


def boolean(value: Any) -> bool | None:
    """True or false. Raises BadValue."""
    if value is None or type(value) is bool:
        return value
    raise BadValue("wrong_type", "wrong_type.boolean")


def option(known: set[str]) -> Convert:
    """One of the known texts."""

    def convert(value: Any) -> Any:
        if value is None or value == "":
            return None
        if type(value) is not str:
            raise BadValue("wrong_type", "wrong_type.option")
        if value not in known:
            raise _unknown_option(value, known)
        return value

    return convert


def options(known: set[str]) -> Convert:
    """Known texts without repeats, as a list."""

    def convert(value: Any) -> Any:
        texts = distinct_texts(value)
        if texts is not None and not known.issuperset(texts):
            raise _unknown_option(next(text for text in texts if text not in known), known)
        return texts

    return convert


def tags(value: Any) -> list[str] | None:
    """A multiselect that names no options is open: it takes any texts (the `tags` of CONTRACTS 2 and 3)."""
    texts = distinct_texts(value)
    for tag in texts or ():
        if not tag:
            raise BadValue("wrong_type", "wrong_type.options")
        if len(tag) > TEXT_MAX:
            raise BadValue("too_long", limit=TEXT_MAX)
    return texts


def distinct_texts(value: Any) -> list[str] | None:
    """Texts without repeats, as a list; None when empty. Raises BadValue."""
    if value is None or value == "":
        return None
    if type(value) is not list:
        raise BadValue("wrong_type", "wrong_type.options")
    if not value:
        return None
    if {*map(type, value)} != _ONLY_TEXT or len({*value}) < len(value):
        raise BadValue("wrong_type", "wrong_type.options")
    return value


def _unknown_option(value: str, known: set[str]) -> BadValue:
    return BadValue("unknown_option", suggestion=guess(value, known), value=value[:100])
