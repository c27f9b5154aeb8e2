"""Near misses: what a vendor sends, as the field of the object takes it.

Only what can be meant in one way is changed: a number in a text field, seconds since 1970 in a datetime. All else stays
as it is, so that admission refuses it with its reason.
"""

from collections.abc import Callable, Mapping
from decimal import InvalidOperation
from typing import Any

from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.values import TEXT_MAX, TEXTAREA_MAX, BadValue, read_decimal
from crosslook.integrations.generic.sources import ValueSource
from crosslook.integrations.generic.texts import regular_instant, rfc3339_text, scalar_text, vendor_instant

_DAY = len("YYYY-MM-DD")
_TRUTH = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


def replaced(value: Any, source: ValueSource) -> Any:
    """The value after the replacements and the division that an option asks for."""
    if isinstance(value, list):
        return [item for item in (replaced(item, source) for item in value) if item is not None]
    if source.values is not None and value is not None:
        value = source.values.get(scalar_text(value), value)
    return value if source.divide_by == 1 else _divided(value, source.divide_by)


def suited(value: Any, field: FieldDef) -> Any:
    """The value as a field takes it, None for an empty one."""
    if value is None or value in ("", []):
        return None
    return _SUITED[field.type](value, field)


def _divided(value: Any, divisor: int) -> Any:
    """A quotient as a decimal text, exact to 28 digits; what is not a number stays."""
    try:
        quotient = read_decimal(scalar_text(value)) / divisor
    except (BadValue, InvalidOperation):
        return value
    return f"{quotient.normalize():f}"


def _text_of_at_most(limit: int) -> Callable[[Any, FieldDef], Any]:
    def text(value: Any, _: FieldDef) -> Any:
        shown = ", ".join(map(scalar_text, value)) if isinstance(value, list) else scalar_text(value)
        return shown[:limit] or None

    return text


def _number(value: Any, _: FieldDef) -> Any:
    return (value.strip() or None) if isinstance(value, str) else value


def _date(value: Any, field: FieldDef) -> Any:
    """The day as the vendor wrote it; the day in UTC of a number."""
    text = _datetime(value, field)
    written = value.strip() if isinstance(value, str) and not value.strip().isdecimal() else text
    if isinstance(written, str) and len(written) > _DAY and written[_DAY] in "Tt ":
        return written[:_DAY]
    return written


def _datetime(value: Any, _: FieldDef) -> Any:
    if isinstance(value, str) and not value.strip().isdecimal():
        return regular_instant(value)
    try:
        return rfc3339_text(vendor_instant(value))
    except BadValue:
        return value


def _dropdown(value: Any, field: FieldDef) -> Any:
    text = scalar_text(value)
    return _option(text, field) if text else value


def _multiselect(value: Any, field: FieldDef) -> Any:
    """A list; a text is a list with commas, unless an option is called so."""
    if isinstance(value, list):
        texts = list(map(scalar_text, value))
    else:
        whole = scalar_text(value)
        known = any(option.value == whole for option in field.options)
        texts = [whole] if known else whole.split(",")
    chosen = [_option(text.strip()[:TEXT_MAX], field) for text in texts if text.strip()]
    return list(dict.fromkeys(chosen)) or None


def _boolean(value: Any, _: FieldDef) -> Any:
    return value if isinstance(value, bool) else _TRUTH.get(scalar_text(value).strip().lower(), value)


def _option(text: str, field: FieldDef) -> str:
    """The value of the option that is meant: by its value, else by value or label whatever the case, where that is
    one option only."""
    if any(option.value == text for option in field.options):
        return text
    folded = text.strip().casefold()
    meant = [option.value for option in field.options if folded in (option.value.casefold(), option.label.casefold())]
    return meant[0] if len(meant) == 1 else text


_SUITED: Mapping[FieldType, Callable[[Any, FieldDef], Any]] = {
    FieldType.TEXT: _text_of_at_most(TEXT_MAX),
    FieldType.TEXTAREA: _text_of_at_most(TEXTAREA_MAX),
    FieldType.NUMBER: _number,
    FieldType.CURRENCY: _number,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.DROPDOWN: _dropdown,
    FieldType.MULTISELECT: _multiselect,
    FieldType.BOOLEAN: _boolean,
}
