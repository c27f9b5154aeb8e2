"""The AsyncAPI 3.0 document of all topics: what each carries, who writes and who reads it.

It is made from `TOPICS` and `TOPIC_MESSAGES`, that is from what `crosslook topics` creates, what the models of stored
documents read, and what admission checks.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from crosslook.contracts.event_schemas import attributes_schema, record_data_schema
from crosslook.contracts.events import STRUCTURED
from crosslook.contracts.integrations import ORIGIN_HEADER
from crosslook.contracts.release import RELEASE
from crosslook.contracts.schemas import SCHEMA_DELETED, SchemaEvent
from crosslook.contracts.topic_messages import TOPIC_MESSAGES, TopicMessage
from crosslook.contracts.topics import RECORDS, TOPICS, WEBHOOKS, Topic
from crosslook.contracts.value_schemas import JsonSchema

JSON: Final = "application/json"
BINARY_SUFFIX: Final = ".binary"
"""What the name of a message in binary mode ends with."""
DOCUMENT_HEADERS: Final[Mapping[str, str]] = {
    "version": "The version of the key's value, from 1.",
    "history": "Earlier versions of the key with their offsets: `1:17,2:35`.",
    "format": "The format of the stored document.",
    "written_by": "The release that wrote it.",
}
"""The headers of messages on compacted topics."""
_BINDING_VERSION = "0.5.0"
_MODELS = "#/components/schemas/{model}"
_DESCRIPTION = """Crosslook takes record events from the topic `crosslook-records`, keeps what vendors post on
`crosslook-webhooks`, and keeps its state on four compacted topics, where the last message of a key is its current
value and a message without a value removes the key. Read compacted topics with the isolation level `read_committed`;
only the named service writes them. Skip keys that begin with `~` and are not listed here: they are control messages.

Readers ignore members that they do not know. A message whose header `format` is greater than theirs must not be read.

The data of a record event is described for all objects here, and exactly, for one object of one tenant, by
`GET /v1/tenants/{tenant}/schemas/{object}/json-schema` of schema_service."""

NameOnKafka = Callable[[str], str]
PartitionsOf = Callable[[Topic], int]


def _declared(topic: Topic) -> int:
    return topic.partitions


def asyncapi_document(name_of: NameOnKafka = str, partitions_of: PartitionsOf = _declared) -> dict[str, Any]:
    """The document. `name_of`: what a topic is called on the installation's Kafka, which may have a prefix;
    `partitions_of`: how many partitions it is created with there."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:crosslook:topics",
        "info": {
            "title": "Crosslook topics",
            "version": RELEASE,
            "description": _DESCRIPTION,
        },
        "defaultContentType": JSON,
        "servers": {"kafka": _server()},
        "channels": {topic.name: _channel(topic, name_of, partitions_of(topic)) for topic in TOPICS},
        "operations": dict(operation for topic in TOPICS for operation in _operations(topic)),
        "components": {
            "messages": {name: message for item in TOPIC_MESSAGES for name, message in _messages(item)},
            "schemas": _model_schemas(),
        },
    }


def message_names(topic: Topic) -> list[str]:
    """The names of the messages of a topic, those in binary mode included."""
    return [name for message in TOPIC_MESSAGES if message.topic is topic for name, _ in _messages(message)]


def _server() -> dict[str, Any]:
    brokers = {
        "default": "127.0.0.1:8092",
        "description": "Brokers of the installation; by default those of the embedded stack.",
    }
    return {
        "host": "{brokers}",
        "protocol": "kafka",
        "description": "Security is that of the installation (`CROSSLOOK_KAFKA__SECURITY_PROTOCOL`).",
        "variables": {"brokers": brokers},
    }


def _channel(topic: Topic, name_of: NameOnKafka, partitions: int) -> dict[str, Any]:
    return {
        "address": name_of(topic.name),
        "title": topic.name,
        "description": f"Key: `{topic.key}`. {_cleanup(topic)}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in message_names(topic)},
        "bindings": {
            "kafka": {
                "topic": name_of(topic.name),
                "partitions": partitions,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": _BINDING_VERSION,
            }
        },
    }


def _cleanup(topic: Topic) -> str:
    if topic.cleanup == "compact":
        return "Compacted: the last value of a key is its state."
    return "All events of a record share its key and so a partition: they are read in the order they were sent in."


def _configuration(topic: Topic) -> dict[str, Any]:
    lists = {"cleanup.policy"}
    numbers = {"retention.ms", "retention.bytes", "delete.retention.ms", "max.message.bytes"}
    return {
        name: [value] if name in lists else int(value)
        for name, value in topic.config.items()
        if name in lists | numbers
    }


def _operations(topic: Topic) -> Iterator[tuple[str, dict[str, Any]]]:
    for action, verb, services in (("send", "writes", topic.writers), ("receive", "reads", topic.readers)):
        for service in services:
            yield (
                f"{service}.{action}.{topic.name}",
                {
                    "action": action,
                    "channel": {"$ref": f"#/channels/{topic.name}"},
                    "title": f"{service} {verb} {topic.name}",
                },
            )


def _messages(message: TopicMessage) -> Iterator[tuple[str, dict[str, Any]]]:
    """A message by its name; one of the records topic in both modes of CloudEvents."""
    about = {"title": message.name, "bindings": _key(message)}
    kind = STRUCTURED if message.cloudevent else JSON
    shown = {"name": message.name, **about, "summary": message.summary, "contentType": kind}
    headers = _HEADERS.get(message.topic.name) or _text_headers(DOCUMENT_HEADERS)
    yield message.name, {**shown, "headers": headers, "payload": _payload(message)}
    if message.topic is RECORDS:
        name = f"{message.name}{BINARY_SUFFIX}"
        summary = f"{message.summary} In binary mode: attributes as headers, the data as value."
        binary = {**shown, "name": name, "title": name, "summary": summary, "contentType": JSON}
        yield name, {**binary, "headers": _binary_headers(message.name), "payload": record_data_schema(message.name)}


def _payload(message: TopicMessage) -> JsonSchema:
    if message.model is None:
        return message.schema() if message.schema is not None else {}
    document = {"$ref": _MODELS.format(model=message.model.__name__)}
    if message.model is not SchemaEvent:
        return document
    # One model reads all three: they differ in whether the object has a definition.
    of_data = {"not": {"required": ["definition"]}} if message.name == SCHEMA_DELETED else {"required": ["definition"]}
    return {"allOf": [document, {"properties": {"type": {"const": message.name}, "data": of_data}}]}


def _key(message: TopicMessage) -> dict[str, Any]:
    return {"kafka": {"key": {"type": "string", "description": message.key}, "bindingVersion": _BINDING_VERSION}}


def _text_headers(described: Mapping[str, str]) -> JsonSchema:
    properties = {name: {"type": "string", "description": text} for name, text in described.items()}
    return {"type": "object", "properties": properties}


def _content_type(kind: str) -> JsonSchema:
    described = {"type": "string", "pattern": f"^{kind.replace('+', '[+]')}", "examples": [f"{kind}; charset=UTF-8"]}
    return {"type": "object", "properties": {"content-type": described}}


_HEADERS: Final = {
    RECORDS.name: _content_type(STRUCTURED),
    WEBHOOKS.name: _text_headers({ORIGIN_HEADER: "`webhook`, or `history` for an item of the vendor's export."}),
}
"""The headers of messages that are no stored documents, by topic."""


def _binary_headers(name: str) -> JsonSchema:
    attributes = attributes_schema(name)
    del attributes["datacontenttype"]
    properties = {f"ce_{attribute}": schema for attribute, schema in attributes.items()}
    properties["content-type"] = {"type": "string", "examples": [JSON]}
    required = [f"ce_{attribute}" for attribute in ("specversion", "id", "source", "type")]
    return {"type": "object", "properties": properties, "required": required}


class _Untitled(GenerateJsonSchema):
    """Schemas without titles that only repeat the name of their member."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def _model_schemas() -> dict[str, Any]:
    models = {message.model for message in TOPIC_MESSAGES if message.model is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, found = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=_MODELS, schema_generator=_Untitled
    )
    schemas: dict[str, Any] = found["$defs"]
    return {name: _with_constants(schema) for name, schema in schemas.items()}


def _with_constants(schema: JsonSchema) -> JsonSchema:
    """A document's constant members have defaults for those who write it; whoever reads it finds them."""
    constant = [name for name, member in schema.get("properties", {}).items() if "const" in member]
    return {**schema, "required": sorted({*schema.get("required", ()), *constant})} if constant else schema
