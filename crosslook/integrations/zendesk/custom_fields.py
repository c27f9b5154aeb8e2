"""Custom fields of tickets that the options name: which field of our object each is, and its values in that type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from crosslook.contracts.field_types import converter
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.values import TEXT_MAX, TEXTAREA_MAX, BadValue
from crosslook.integrations.interface import JsonObject

CUSTOM_TYPES: Final = (
    FieldType.TEXT,
    FieldType.TEXTAREA,
    FieldType.NUMBER,
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.BOOLEAN,
    FieldType.MULTISELECT,
)
"""Types that a custom field can have here. The choices of a drop-down field are texts: Zendesk's tags."""
_DAY = len("YYYY-MM-DD")
_CHECKED: Mapping[str, bool] = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class CustomField:
    """A custom field of Zendesk, by its id, and the field of our object that shows it."""

    vendor: str
    field: FieldDef

    def value(self, stated: Any) -> Any:
        """The value in the field's type; None where it has none of that type."""
        suited = _suited(stated, self.field.type)
        try:
            converter(self.field)(suited)
        except BadValue:
            return None
        return suited


def custom_fields(options: JsonObject) -> Iterator[CustomField]:
    """The custom fields of valid options."""
    for option in options.get("custom_fields", ()):
        kind = FieldType(option["type"])
        extra = {"options": ()} if kind is FieldType.MULTISELECT else {}
        yield CustomField(str(option["id"]), FieldDef(slug=option["slug"], label=option["label"], type=kind, **extra))


def _suited(stated: Any, kind: FieldType) -> Any:
    match kind:
        case FieldType.TEXT:
            return _text(stated, TEXT_MAX)
        case FieldType.TEXTAREA:
            return _text(stated, TEXTAREA_MAX)
        case FieldType.DATE:
            return stated[:_DAY] if isinstance(stated, str) else stated
        case FieldType.BOOLEAN:
            return _CHECKED.get(stated.lower()) if isinstance(stated, str) else stated
        case FieldType.MULTISELECT:
            tags = stated.split() if isinstance(stated, str) else stated
            return sorted({tag[:TEXT_MAX] for tag in tags if tag}) if isinstance(tags, list) else None
        case _:
            return stated


def _text(stated: Any, most: int) -> str | None:
    if isinstance(stated, bool):
        return "true" if stated else "false"
    if isinstance(stated, list):
        return ", ".join(stated)[:most]
    if isinstance(stated, int | float | Decimal):
        return str(stated)
    return stated[:most] if isinstance(stated, str) else None
