"""JSON Schemas (2020-12) of the `data` of an object's events: what CloudEvents calls their `dataschema`.

They are made from the rows that admission is made from (`FIELD_TYPES`), so that a new type brings its schema. A program
that validates against them before it sends is refused in a few documented cases only; what admission takes, they take.
"""

from collections.abc import Mapping
from typing import Any, Final

from crosslook.contracts.events import DELETED, PATCHED, UPSERTED
from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.ids import CONTACT, EVENT_ID_MAX, RECORD_ID_MAX
from crosslook.contracts.records import EventKind
from crosslook.contracts.references import REFERENCE_LIMITS, REFERENCES_MAX
from crosslook.contracts.schemas import Definition, FieldDef, FieldType
from crosslook.contracts.value_schemas import JsonSchema, visible_text_schema
from crosslook.contracts.values import MAX_INTEGER

JSON_SCHEMA_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE: Final = {"$ref": "#/$defs/reference"}
_DESCRIPTIONS: Mapping[EventKind, str] = {
    EventKind.UPSERT: f"The data of a `{UPSERTED}`: the whole record. A field that is not named is cleared.",
    EventKind.PATCH: f"The data of a `{PATCHED}`: the fields and relationships to change. Null clears one.",
    EventKind.DELETE: f"The data of a `{DELETED}`: the record. Everything else is ignored.",
}
_MERGES: Final = (
    f"The data of a `{DELETED}`: the contact, and the one that it was merged into. Everything else is ignored."
)


def data_schema(tenant: str, definition: Definition, kind: EventKind) -> JsonSchema:
    """The schema of the data of events of one kind about one object."""
    name = definition.labels.singular or definition.object
    schema: JsonSchema = {
        "$schema": JSON_SCHEMA_DIALECT,
        "title": name,
        "description": _MERGES if _may_merge(definition, kind) else _DESCRIPTIONS[kind],
        "type": "object",
        "properties": {**_identity(tenant, definition.object), **_content(definition, kind)},
        "required": ["tenant", "object", "record"],
        "additionalProperties": False,
    }
    if kind is EventKind.UPSERT and any(field.required for field in definition.fields):
        schema["required"].append("fields")
    if kind is not EventKind.DELETE:
        schema["$defs"] = _parts(definition)
    return schema


def reference_schema() -> JsonSchema:
    """A link to a contact, in one of its forms."""
    forms = {
        "id": "The contact's record id.",
        "email": "The contact's e-mail address, compared without case and outer spaces.",
        "external": "One of the contact's foreign ids.",
    }
    return {
        "title": "Reference",
        "description": "A contact, by exactly one of `id`, `email` and `external`.",
        "oneOf": [_form(form, text) for form, text in forms.items()],
    }


def identity_schema() -> JsonSchema:
    """The members of `data` that every event has, whatever its object."""
    return {
        "record": {
            "type": "string",
            "minLength": 1,
            "maxLength": RECORD_ID_MAX,
            "description": "The record's id, unique within its object.",
        },
        "sequence": {
            "type": ["integer", "null"],
            "minimum": -MAX_INTEGER,
            "maximum": MAX_INTEGER,
            "description": "Orders events of one record that have the same `time`; 0 where it is left out.",
        },
    }


def external_ids_schema() -> JsonSchema:
    """The foreign ids of a contact."""
    return {
        "type": ["array", "null"],
        "maxItems": REFERENCES_MAX,
        "items": visible_text_schema(EVENT_ID_MAX),
        "description": "The contact's ids in other systems, such as `zendesk:88`.",
    }


def references_schema(reference: JsonSchema) -> JsonSchema:
    """The contacts that one relationship links to."""
    return {"type": ["array", "null"], "maxItems": REFERENCES_MAX, "items": reference}


def ignored_content() -> JsonSchema:
    """The content that the data of a deletion may have and that nobody reads."""
    ignored = {"type": ["object", "null"], "description": "Ignored."}
    return {"fields": ignored, "relationships": ignored, "external_ids": {**ignored, "type": ["array", "null"]}}


def merged_into_schema() -> JsonSchema:
    """The contact that a deleted contact was merged into."""
    return {
        **visible_text_schema(RECORD_ID_MAX),
        "type": ["string", "null"],
        "description": "The record id of the contact that this one was merged into: links move to it.",
    }


def _may_merge(definition: Definition, kind: EventKind) -> bool:
    return kind is EventKind.DELETE and definition.object == CONTACT


def _identity(tenant: str, object_slug: str) -> JsonSchema:
    return {"tenant": {"const": tenant}, "object": {"const": object_slug}, **identity_schema()}


def _content(definition: Definition, kind: EventKind) -> JsonSchema:
    if kind is EventKind.DELETE:
        merge = {"merged_into": merged_into_schema()} if _may_merge(definition, kind) else {}
        return {**ignored_content(), **merge}
    links = {
        link.slug: _named(references_schema(_REFERENCE), link.label or link.slug, link.description)
        for link in definition.relationships
    }
    is_contact = definition.object == CONTACT
    return {
        "fields": _fields(definition, kind),
        "relationships": {"type": ["object", "null"], "properties": links, "additionalProperties": False},
        "external_ids": external_ids_schema()
        if is_contact
        else {"type": ["array", "null"], "maxItems": 0, "description": "Only contacts have foreign ids."},
    }


def _fields(definition: Definition, kind: EventKind) -> JsonSchema:
    required = [field.slug for field in definition.fields if field.required]
    schema: JsonSchema = {
        "type": ["object", "null"],
        "properties": {field.slug: _field(field) for field in definition.fields},
        "additionalProperties": False,
    }
    return {**schema, "type": "object", "required": required} if required and kind is EventKind.UPSERT else schema


def _field(field: FieldDef) -> JsonSchema:
    spec = FIELD_TYPES[field.type]
    value = spec.json_schema(field) if "options" in spec.attributes else {"$ref": f"#/$defs/{field.type}"}
    schema = value if field.required else _or_empty(value, list(spec.empties))
    return _named(schema, field.label or field.slug, field.description)


def _or_empty(value: JsonSchema, empties: list[Any]) -> JsonSchema:
    """The schema of a value or of one of those that mean no value."""
    if "enum" in value:
        return {"enum": [*value["enum"], *empties]}
    return {"enum": empties} if "not" in value else {"anyOf": [value, {"enum": empties}]}


def _named(schema: JsonSchema, title: str, description: str) -> JsonSchema:
    about = {"title": title, "description": description} if description else {"title": title}
    return {**about, **schema}


def _parts(definition: Definition) -> JsonSchema:
    """What the fields and relationships refer to."""
    plain = [kind for kind in FieldType if "options" not in FIELD_TYPES[kind].attributes]
    used = {field.type for field in definition.fields}
    parts = {str(kind): FIELD_TYPES[kind].json_schema(FieldDef(slug="", type=kind)) for kind in plain if kind in used}
    return {**parts, "reference": reference_schema()} if definition.relationships else parts


def _form(form: str, description: str) -> JsonSchema:
    value = {**visible_text_schema(REFERENCE_LIMITS[form]), "description": description}
    return {"type": "object", "properties": {form: value}, "required": [form], "additionalProperties": False}
