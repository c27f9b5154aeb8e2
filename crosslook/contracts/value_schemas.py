"""JSON Schemas (2020-12) of field values as events carry them: what `values` takes, for programs that send.

Each describes the values of a field that is not empty. What a schema cannot express, admission alone refuses; a test
lists those cases one by one (tests/unit/contracts/test_record_schemas.py).
"""

from collections.abc import Sequence
from typing import Any, Final

from crosslook.contracts.values import MAX_INTEGER, NUMBER_TEXT_MAX, TEXT_MAX

JsonSchema = dict[str, Any]

NULL_OR_EMPTY_TEXT: Final[tuple[Any, ...]] = (None, "")
NULL_OR_EMPTY_LIST: Final[tuple[Any, ...]] = (None, "", [])
ONLY_NULL: Final[tuple[Any, ...]] = (None,)

_DIGIT = "[0-9]"
_YEAR = f"(?:19|2[0-2]){_DIGIT}{{2}}"
_LEAP_YEAR = "(?:(?:19|2[0-2])(?:0[48]|[2468][048]|[13579][26])|2000)"
_MONTH_AND_DAY = (
    f"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]{_DIGIT}|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]{_DIGIT}|30)"
    f"|02-(?:0[1-9]|1{_DIGIT}|2[0-8]))"
)
_DAY = f"(?:{_YEAR}-{_MONTH_AND_DAY}|{_LEAP_YEAR}-02-29)"
_HOUR = f"(?:[01]{_DIGIT}|2[0-3])"
_MINUTE = f"[0-5]{_DIGIT}"
_INSTANT = f"{_DAY}[Tt ]{_HOUR}:{_MINUTE}:{_MINUTE}(?:\\.{_DIGIT}+)?(?:[Zz]|[+-]{_HOUR}:{_MINUTE})"
_DECIMAL = f"[+-]?(?:{_DIGIT}+(?:\\.{_DIGIT}*)?|\\.{_DIGIT}+)"
_EXPONENT = f"[eE][+-]?{_DIGIT}{{1,4}}"
_AMOUNT = f"[+-]?0*(?:{_DIGIT}{{1,15}}(?:\\.{_DIGIT}{{0,4}}0*)?|\\.{_DIGIT}{{1,4}}0*)"
_SPACES = "\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
VISIBLE: Final = f"[^{_SPACES}]"
"""The pattern of a text that is not blank. The spaces are written out: dialects disagree about `\\s`."""


def text_schema(limit: int) -> JsonSchema:
    """A text of at most `limit` characters."""
    return {"type": "string", "minLength": 1, "maxLength": limit}


def number_schema() -> JsonSchema:
    """A number, or the same as a decimal text."""
    number = {"type": "number", "minimum": -MAX_INTEGER, "maximum": MAX_INTEGER}
    return {"anyOf": [number, _decimal_text(f"{_DECIMAL}(?:{_EXPONENT})?")]}


def currency_schema() -> JsonSchema:
    """An amount as a decimal text or a number: 15 digits before the point and 4 after it."""
    number = {"type": "number", "exclusiveMinimum": -(10**15), "exclusiveMaximum": 10**15}
    return {"anyOf": [_decimal_text(f"(?:{_AMOUNT}|{_DECIMAL}{_EXPONENT})"), number]}


def date_schema() -> JsonSchema:
    """A calendar date from 1900 to 2299."""
    return {"type": "string", "format": "date", "pattern": f"^{_DAY}$"}


def instant_schema() -> JsonSchema:
    """An instant with its offset, from 1900 to 2299."""
    return {"type": "string", "format": "date-time", "pattern": f"^{_INSTANT}$"}


def boolean_schema() -> JsonSchema:
    """True or false."""
    return {"type": "boolean"}


def option_schema(options: Sequence[str]) -> JsonSchema:
    """One of the options; a field without options takes nothing."""
    return {"enum": list(options)} if options else {"not": {}}


def options_schema(options: Sequence[str]) -> JsonSchema:
    """Options without repeats; where there are none, any texts."""
    element = option_schema(options) if options else text_schema(TEXT_MAX)
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": element}


def visible_text_schema(limit: int) -> JsonSchema:
    """A text that is not blank."""
    return {"type": "string", "maxLength": limit, "pattern": VISIBLE}


def _decimal_text(pattern: str) -> JsonSchema:
    return {"type": "string", "maxLength": NUMBER_TEXT_MAX, "pattern": f"^{pattern}$"}
