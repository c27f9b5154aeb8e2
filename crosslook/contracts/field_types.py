"""The field types: one row each, with everything that the services know of a type (CONTRACTS 2 and 3).

| type | accepted | canonical |
|---|---|---|
| text, textarea | string | the string |
| number | JSON number or decimal string, finite, integers to 2^53 | JSON number |
| currency | decimal string or number, 15 digits before the point, 4 after | the shortest decimal string |
| date | YYYY-MM-DD, 1900 to 2299 | the same |
| datetime | RFC 3339 with offset, 1900 to 2299 | `YYYY-MM-DD HH:MM:SS.mmm` in UTC, cut to the millisecond |
| dropdown | the value of an option | the value |
| multiselect | list of option values without repeats; any texts where the field names no options | the list |
| boolean | true, false | the same |

How reports use a type is the row of `services/query_service/domain/column_types.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from crosslook.contracts import value_schemas, values
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.value_schemas import JsonSchema
from crosslook.contracts.values import Convert


class WireForm(Enum):
    """What a JSON decoder can check of a value while it reads it."""

    TEXT = auto()
    """A text that is not empty, of at most `text_max` characters."""
    PARSED_TEXT = auto()
    """A text that only the conversion can check."""
    NUMBER = auto()
    """A number, or a text that only the conversion can check."""
    EXACT_NUMBER = auto()
    """Anything: only numbers without a type of their own keep their digits."""
    OPTION = auto()
    OPTIONS = auto()
    BOOLEAN = auto()


@dataclass(frozen=True, slots=True)
class FieldTypeSpec:
    """One field type.

    `converter` makes the conversion of a field's values from the wire to their canonical form. `wire` is what a decoder
    checks beforehand; `completion` makes the conversion of what it decoded, None where that is canonical already.
    `json_schema` describes the accepted values that are not empty; `empties` are those that mean no value.
    `engine_type` is the type of the column. A refresh extracts a staged value as `json_type` and puts it into
    `expression`, at `{}`, to get a value of the column. `several`: a record holds a list of values.
    `attributes`: which of `options`, `scale` and `currency` a field may have. `closed`: a field without options has no
    values either. `synonyms`: what other systems call the type.
    """

    converter: Callable[[FieldDef], Convert]
    wire: WireForm
    text_max: int | None
    completion: Callable[[FieldDef], Convert | None]
    json_schema: Callable[[FieldDef], JsonSchema]
    empties: tuple[Any, ...]
    engine_type: str
    json_type: str
    expression: str
    several: bool
    attributes: frozenset[str]
    closed: bool
    synonyms: tuple[str, ...]

    @property
    def empty(self) -> str:
        """The empty value of the column, as the engine writes it."""
        return "[]" if self.several else "NULL"


def _always(convert: Convert) -> Callable[[FieldDef], Convert]:
    return lambda _: convert


def _canonical(_: FieldDef) -> None:
    """What the decoder takes is canonical."""


def _option_values(field: FieldDef) -> set[str]:
    return {option.value for option in field.options}


def _choice(field: FieldDef) -> Convert:
    return values.option(_option_values(field))


def _choices(field: FieldDef) -> Convert:
    return values.options(_option_values(field)) if field.options else values.tags


def _decoded_choices(field: FieldDef) -> Convert:
    """Where the field names options the decoder takes nothing else."""
    return values.distinct_texts if field.options else values.tags


def _schema(schema: JsonSchema) -> Callable[[FieldDef], JsonSchema]:
    return lambda _: schema


def _choice_schema(field: FieldDef) -> JsonSchema:
    return value_schemas.option_schema([option.value for option in field.options])


def _choices_schema(field: FieldDef) -> JsonSchema:
    return value_schemas.options_schema([option.value for option in field.options])


_NULLABLE_TEXT = "Nullable(String)"

FIELD_TYPES: Mapping[FieldType, FieldTypeSpec] = {
    FieldType.TEXT: FieldTypeSpec(
        converter=_always(values.text_of_at_most(values.TEXT_MAX)),
        wire=WireForm.TEXT,
        text_max=values.TEXT_MAX,
        completion=_canonical,
        json_schema=_schema(value_schemas.text_schema(values.TEXT_MAX)),
        empties=value_schemas.NULL_OR_EMPTY_TEXT,
        engine_type=_NULLABLE_TEXT,
        json_type=_NULLABLE_TEXT,
        expression="{}",
        several=False,
        attributes=frozenset(),
        closed=False,
        synonyms=("string", "str", "varchar"),
    ),
    FieldType.TEXTAREA: FieldTypeSpec(
        converter=_always(values.text_of_at_most(values.TEXTAREA_MAX)),
        wire=WireForm.TEXT,
        text_max=values.TEXTAREA_MAX,
        completion=_canonical,
        json_schema=_schema(value_schemas.text_schema(values.TEXTAREA_MAX)),
        empties=value_schemas.NULL_OR_EMPTY_TEXT,
        engine_type=_NULLABLE_TEXT,
        json_type=_NULLABLE_TEXT,
        expression="{}",
        several=False,
        attributes=frozenset(),
        closed=False,
        synonyms=(),
    ),
    FieldType.NUMBER: FieldTypeSpec(
        converter=_always(values.number),
        wire=WireForm.NUMBER,
        text_max=None,
        completion=_always(values.number),
        json_schema=_schema(value_schemas.number_schema()),
        empties=value_schemas.NULL_OR_EMPTY_TEXT,
        engine_type="Nullable(Float64)",
        json_type="Nullable(Float64)",
        expression="{}",
        several=False,
        attributes=frozenset({"scale"}),
        closed=False,
        synonyms=("int", "integer", "float", "decimal"),
    ),
    FieldType.CURRENCY: FieldTypeSpec(
        converter=_always(values.currency),
        wire=WireForm.EXACT_NUMBER,
        text_max=None,
        completion=_always(values.currency),
        json_schema=_schema(value_schemas.currency_schema()),
        empties=value_schemas.NULL_OR_EMPTY_TEXT,
        engine_type="Nullable(Decimal(19, 4))",
        json_type=_NULLABLE_TEXT,
        expression="toDecimal128OrNull({}, 4)",
        several=False,
        attributes=frozenset({"scale", "currency"}),
        closed=False,
        synonyms=("money",),
    ),
    FieldType.DATE: FieldTypeSpec(
        converter=_always(values.day),
        wire=WireForm.PARSED_TEXT,
        text_max=None,
        completion=_always(values.day),
        json_schema=_schema(value_schemas.date_schema()),
        empties=value_schemas.NULL_OR_EMPTY_TEXT,
        engine_type="Nullable(Date32)",
        json_type=_NULLABLE_TEXT,
        expression="toDate32OrNull({})",
        several=False,
        attributes=frozenset(),
        closed=False,
        synonyms=(),
    ),
    FieldType.DATETIME: FieldTypeSpec(
        converter=_always(values.canonical_instant),
        wire=WireForm.PARSED_TEXT,
        text_max=None,
        completion=_always(values.canonical_instant),
        json_schema=_schema(value_schemas.instant_schema()),
        empties=value_schemas.NULL_OR_EMPTY_TEXT,
        engine_type="Nullable(DateTime64(3, 'UTC'))",
        json_type=_NULLABLE_TEXT,
        expression="toDateTime64OrNull({}, 3, 'UTC')",
        several=False,
        attributes=frozenset(),
        closed=False,
        synonyms=("timestamp",),
    ),
    FieldType.DROPDOWN: FieldTypeSpec(
        converter=_choice,
        wire=WireForm.OPTION,
        text_max=None,
        completion=_canonical,
        json_schema=_choice_schema,
        empties=value_schemas.NULL_OR_EMPTY_TEXT,
        engine_type=_NULLABLE_TEXT,
        json_type=_NULLABLE_TEXT,
        expression="{}",
        several=False,
        attributes=frozenset({"options"}),
        closed=True,
        synonyms=("enum", "select"),
    ),
    FieldType.MULTISELECT: FieldTypeSpec(
        converter=_choices,
        wire=WireForm.OPTIONS,
        text_max=None,
        completion=_decoded_choices,
        json_schema=_choices_schema,
        empties=value_schemas.NULL_OR_EMPTY_LIST,
        engine_type="Array(String)",
        json_type="Array(String)",
        expression="{}",
        several=True,
        attributes=frozenset({"options"}),
        closed=False,
        synonyms=("tags",),
    ),
    FieldType.BOOLEAN: FieldTypeSpec(
        converter=_always(values.boolean),
        wire=WireForm.BOOLEAN,
        text_max=None,
        completion=_canonical,
        json_schema=_schema(value_schemas.boolean_schema()),
        empties=value_schemas.ONLY_NULL,
        engine_type="Nullable(Bool)",
        json_type="Nullable(Bool)",
        expression="{}",
        several=False,
        attributes=frozenset(),
        closed=False,
        synonyms=("bool",),
    ),
}


def converter(field: FieldDef) -> Convert:
    """The converter of one field, compiled once per schema version."""
    return FIELD_TYPES[field.type].converter(field)


def takes_only_options(field: FieldDef) -> bool:
    """Whether the options of a field are all the values that it can have."""
    return FIELD_TYPES[field.type].closed or bool(field.options)
