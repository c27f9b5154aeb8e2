"""Decoders of ordinary events: one pair for the fields of an object, from bytes to values in one go.

A decoder takes only what it knows, and every part of what it takes it has read: nothing is skipped. So what it answers
is what any strict JSON parser would; of repeated members the last one counts, as everywhere here.
"""

from types import GenericAlias
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, defstruct
from msgspec.json import Decoder

from crosslook.contracts.exact_json import decimal_or_float
from crosslook.contracts.ids import EVENT_ID_MAX, RECORD_ID_MAX, SLUG_MAX
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.values import MAX_INTEGER, TEXT_MAX, TEXTAREA_MAX, Convert, converter, distinct_texts

_Slug = Annotated[str, Meta(min_length=1, max_length=SLUG_MAX)]
_RecordId = Annotated[str, Meta(min_length=1, max_length=RECORD_ID_MAX)]
_EventId = Annotated[str, Meta(min_length=1, max_length=EVENT_ID_MAX)]
_Integer = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
_NEVER = Annotated[str, Meta(min_length=1, max_length=0)]
_CONVERTED = frozenset(
    {FieldType.NUMBER, FieldType.CURRENCY, FieldType.DATE, FieldType.DATETIME, FieldType.MULTISELECT}
)


class Envelope(Struct, gc=False, kw_only=True):
    """The attributes of a CloudEvent that upserts a record."""

    specversion: Literal["1.0"]
    id: _EventId
    source: _EventId
    type: Literal["crosslook.record.upserted.v1"]
    time: str | None = None


class Data(Struct, gc=False, kw_only=True, forbid_unknown_fields=True):
    """The data of such an event. `fields` has a type of its own in each shape."""

    tenant: _Slug
    object: _Slug
    record: _RecordId
    sequence: _Integer | None = None
    fields: Any = None
    relationships: dict[str, list[dict[str, str]] | None] | None = None
    external_ids: list[_EventId] | None = None


class Structured(Envelope, gc=False, kw_only=True, forbid_unknown_fields=True):
    """An event in structured mode, with the usual attributes that mean nothing to us."""

    data: Data
    datacontenttype: str | None = None
    dataschema: str | None = None
    subject: str | None = None
    partitionkey: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None


class EventDecoder:
    """What decodes the events of all objects with these fields. Raises ValueError where they cannot be decoded so.

    `conversions`: the members whose decoded values are not canonical yet, and how they become it. `required`: those of
    them that may not come out empty. Members are numbered, so that any slug will do.
    """

    def __init__(self, fields: tuple[FieldDef, ...]) -> None:
        members = {f"f{number}": field for number, field in enumerate(fields)}
        kind = defstruct(
            "Fields",
            [_member(name, field) for name, field in members.items()],
            rename={name: field.slug for name, field in members.items()},
            gc=False,
            kw_only=True,
            forbid_unknown_fields=True,
            omit_defaults=True,
        )
        required = any(field.required for field in fields)
        data = _with("Data", Data, "fields", kind, optional=not required)
        converted = {name: field for name, field in members.items() if field.type in _CONVERTED}
        structured = _with("Structured", Structured, "data", data)
        self.structured: Decoder[Structured] = Decoder(structured, float_hook=decimal_or_float)
        self.binary: Decoder[Data] = Decoder(data, float_hook=decimal_or_float)
        self.conversions = tuple((name, _conversion(field)) for name, field in converted.items())
        self.required = tuple(name for name, field in converted.items() if field.required)


def _member(name: str, field: FieldDef) -> tuple[str, Any] | tuple[str, Any, None]:
    kind = _type(field)
    return (name, kind) if field.required else (name, kind | None, None)


def _with(name: str, base: type[Struct], member: str, kind: Any, *, optional: bool = False) -> type[Struct]:
    """`base` with one member's type made exact."""
    exact = (member, kind | None, None) if optional else (member, kind)
    return defstruct(name, [exact], bases=(base,), gc=False, kw_only=True)


def _type(field: FieldDef) -> Any:
    match field.type:
        case FieldType.TEXT:
            return Annotated[str, Meta(min_length=1, max_length=TEXT_MAX)]
        case FieldType.TEXTAREA:
            return Annotated[str, Meta(min_length=1, max_length=TEXTAREA_MAX)]
        case FieldType.NUMBER:
            return _Integer | float | str
        case FieldType.CURRENCY:
            return Any  # only numbers without a type of their own keep their digits
        case FieldType.DATE | FieldType.DATETIME:
            return str
        case FieldType.DROPDOWN:
            return _one_of(field)
        case FieldType.MULTISELECT:
            return GenericAlias(list, (_one_of(field) if field.options else str,))
        case FieldType.BOOLEAN:
            return bool


def _conversion(field: FieldDef) -> Convert:
    known = field.type is FieldType.MULTISELECT and field.options  # of these only options are decoded
    return distinct_texts if known else converter(field)


def _one_of(field: FieldDef) -> Any:
    options = tuple(option.value for option in field.options if option.value)
    return Literal[options] if options else _NEVER
