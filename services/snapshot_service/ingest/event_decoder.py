"""Decoders of ordinary events: one pair for each set of fields, from bytes to values in one pass.

A decoder takes only what it knows, and every part of what it takes it has read: nothing is skipped. So what it answers
is what any strict JSON parser would; of repeated members the last one counts, as everywhere here.
"""

from types import GenericAlias
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, defstruct
from msgspec.json import Decoder

from crosslook.contracts.exact_json import decimal_or_float
from crosslook.contracts.field_types import FIELD_TYPES, WireForm
from crosslook.contracts.ids import EVENT_ID_MAX, RECORD_ID_MAX, SLUG_MAX
from crosslook.contracts.schemas import FieldDef
from crosslook.contracts.values import MAX_INTEGER

_Slug = Annotated[str, Meta(min_length=1, max_length=SLUG_MAX)]
_RecordId = Annotated[str, Meta(min_length=1, max_length=RECORD_ID_MAX)]
_EventId = Annotated[str, Meta(min_length=1, max_length=EVENT_ID_MAX)]
_Integer = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
_NEVER = Annotated[str, Meta(min_length=1, max_length=0)]


class Envelope(Struct, gc=False, kw_only=True):
    """The attributes of a CloudEvent that upserts a record."""

    specversion: Literal["1.0"]
    id: _EventId
    source: _EventId
    type: Literal["crosslook.record.upserted.v1"]
    time: str | None = None


class Data(Struct, gc=False, kw_only=True, forbid_unknown_fields=True):
    """The data of such an event. `fields` has a type of its own in each decoder."""

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
    """Decodes the events of all objects with these fields. Raises ValueError where they cannot be decoded so.

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
        completions = {name: FIELD_TYPES[field.type].completion(field) for name, field in members.items()}
        conversions = {name: convert for name, convert in completions.items() if convert is not None}
        structured = _with("Structured", Structured, "data", data)
        self.structured: Decoder[Structured] = Decoder(structured, float_hook=decimal_or_float)
        self.binary: Decoder[Data] = Decoder(data, float_hook=decimal_or_float)
        self.conversions = tuple(conversions.items())
        self.required = tuple(name for name in conversions if members[name].required)


def _member(name: str, field: FieldDef) -> tuple[str, Any] | tuple[str, Any, None]:
    kind = _type(field)
    return (name, kind) if field.required else (name, kind | None, None)


def _with(name: str, base: type[Struct], member: str, kind: Any, *, optional: bool = False) -> type[Struct]:
    """`base` with one member's type made exact."""
    exact = (member, kind | None, None) if optional else (member, kind)
    return defstruct(name, [exact], bases=(base,), gc=False, kw_only=True)


def _type(field: FieldDef) -> Any:
    spec = FIELD_TYPES[field.type]
    match spec.wire:
        case WireForm.TEXT:
            return Annotated[str, Meta(min_length=1, max_length=spec.text_max)]
        case WireForm.PARSED_TEXT:
            return str
        case WireForm.NUMBER:
            return _Integer | float | str
        case WireForm.EXACT_NUMBER:
            return Any
        case WireForm.OPTION:
            return _one_of(field)
        case WireForm.OPTIONS:
            return GenericAlias(list, (_one_of(field) if field.options else str,))
        case WireForm.BOOLEAN:
            return bool


def _one_of(field: FieldDef) -> Any:
    options = tuple(option.value for option in field.options if option.value)
    return Literal[options] if options else _NEVER
