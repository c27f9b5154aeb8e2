"""JSON Schemas of record events as a whole: what holds for every tenant's objects. An object's own schema says more
(`record_schemas`)."""

from crosslook.contracts.events import DELETED
from crosslook.contracts.ids import EVENT_ID_MAX, SLUG_MAX, TENANT_MAX
from crosslook.contracts.record_schemas import (
    external_ids_schema,
    identity_schema,
    ignored_content,
    merged_into_schema,
    reference_schema,
    references_schema,
)
from crosslook.contracts.value_schemas import JsonSchema, instant_schema
from crosslook.contracts.values import TEXTAREA_MAX


def attributes_schema(kind: str) -> JsonSchema:
    """The CloudEvents attributes of an event of one type, by name."""
    return {
        "specversion": {"const": "1.0"},
        "id": {**_attribute(), "description": "With `source` the identity of the event: a repeat changes nothing."},
        "source": {**_attribute(), "description": "Who sends it, such as `/integrations/zendesk`."},
        "type": {"const": kind},
        "time": {
            **instant_schema(),
            "type": ["string", "null"],
            "description": "When it happened; where it is left out, when the broker received it.",
        },
        "datacontenttype": {"type": "string", "examples": ["application/json"]},
        "dataschema": {
            "type": "string",
            "format": "uri-reference",
            "description": "Address of the JSON Schema of `data`, such as "
            "`/v1/tenants/acme/schemas/ticket/json-schema`. It is not read: events are checked against the current "
            "schema.",
        },
    }


def record_event_schema(kind: str) -> JsonSchema:
    """A record event of one type in structured mode. Extension attributes are allowed and not read."""
    return {
        "type": "object",
        "properties": {**attributes_schema(kind), "data": record_data_schema(kind)},
        "required": ["specversion", "id", "source", "type", "data"],
    }


def record_data_schema(kind: str) -> JsonSchema:
    """The data of a record event of one type, whatever its object."""
    return {
        "type": "object",
        "description": "The exact schema of an object's data is at "
        "`GET /v1/tenants/{tenant}/schemas/{object}/json-schema`.",
        "properties": {
            "tenant": {"type": "string", "minLength": 1, "maxLength": TENANT_MAX},
            "object": {"type": "string", "minLength": 1, "maxLength": SLUG_MAX},
            **identity_schema(),
            **(_deletion() if kind == DELETED else _content()),
        },
        "required": ["tenant", "object", "record"],
        "additionalProperties": False,
    }


def _deletion() -> JsonSchema:
    merged = merged_into_schema()
    return {
        **ignored_content(),
        "merged_into": {**merged, "description": f"Of contacts only. {merged['description']}"},
    }


def _content() -> JsonSchema:
    return {
        "fields": {
            "type": ["object", "null"],
            "description": "Values by the slug of their field; null and empty texts mean no value.",
            "additionalProperties": _value(),
        },
        "relationships": {
            "type": ["object", "null"],
            "description": "Contacts by the slug of the relationship.",
            "additionalProperties": references_schema(reference_schema()),
        },
        "external_ids": external_ids_schema(),
    }


def _value() -> JsonSchema:
    """A value of some field type."""
    text = {"type": "string", "maxLength": TEXTAREA_MAX}
    scalar = {"type": ["number", "boolean", "null"]}
    return {"anyOf": [text, scalar, {"type": "array", "items": {"type": "string"}, "uniqueItems": True}]}


def _attribute() -> JsonSchema:
    return {"type": "string", "minLength": 1, "maxLength": EVENT_ID_MAX}
