"""The AsyncAPI document: every topic, and schemas that take what the services take."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crosslook.contracts
from crosslook.contracts.asyncapi import BINARY_SUFFIX, DOCUMENT_HEADERS, asyncapi_document, message_names
from crosslook.contracts.events import KINDS
from crosslook.contracts.logs import documents_of
from crosslook.contracts.record_schemas import data_schema
from crosslook.contracts.schemas import SchemaEvent
from crosslook.contracts.topic_messages import PINNED, TOPIC_MESSAGES, WEBHOOK_MESSAGE
from crosslook.contracts.topics import RECORDS, TOPICS, WEBHOOKS
from crosslook.platform.log_store.messages import written_headers
from tests.helpers.examples import examples
from tests.unit.contracts.schema_events import OBJECTS, data_of, envelope, refusal

EXAMPLES = Path(crosslook.contracts.__file__).parent / "examples"
DOCUMENT = asyncapi_document()
NAMES = [message.name for message in TOPIC_MESSAGES if message.name not in (PINNED, WEBHOOK_MESSAGE)]
FILES = [file for name in NAMES for file in sorted((EXAMPLES / name).glob("*.json"))]
FOR_EVERY_OBJECT = {
    "leap_second",
    "merge_into_nothing",
    "merge_without_deletion",
    "not_cloudevent",
    "required_missing",
    "too_long",
    "two_references_in_one",
    "unknown_type",
}
"""Refused examples whose fault does not depend on their object."""
BY_NO_SCHEMA = {"from_the_future", "merge_into_itself", "unknown_object"}
"""Refused examples that are good data of some object or record at some time."""
DEFINED = {
    "ticket": "crosslook.schema.created.v1/ticket.json",
    "contact": "crosslook.schema.changed.v1/contact.json",
}
"""The schemas that the examples are about."""


def validator(part: str, name: str) -> jsonschema_rs.Validator:
    """Of the payload or the headers of a message."""
    components = {"components": DOCUMENT["components"]}
    schema = {"allOf": [{"$ref": f"#/components/messages/{name}/{part}"}], **components}
    # A format is an annotation; those of RFC 3339 are stricter about its letters than the RFC and than we are.
    return jsonschema_rs.Draft7Validator(schema, validate_formats=False)


PAYLOADS = {name: validator("payload", name) for name in DOCUMENT["components"]["messages"]}


def required_places(value: Any, name: str) -> Iterator[tuple[str, ...]]:
    """Members of an example without which it is not one."""
    yield from (("type",), ("data",)) if "data" in value else (("type",),)
    if name in KINDS:
        yield from (("id",), ("source",), ("specversion",), ("data", "tenant"), ("data", "object"), ("data", "record"))
    elif "data" in value:
        yield from (("id",), ("time",), ("data", "tenant"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_an_example_is_a_message_of_its_type_and_of_no_other(file: Path) -> None:
    value, name = orjson.loads(file.read_bytes()), file.parent.name
    assert list(PAYLOADS[name].iter_errors(value)) == []
    assert [other for other in NAMES if other != name and PAYLOADS[other].is_valid(value)] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_a_broken_example_is_not_a_message(file: Path) -> None:
    value, name = orjson.loads(file.read_bytes()), file.parent.name
    for place in required_places(value, name):
        for damage in (None, 7, {"a": 1}):
            broken = copy.deepcopy(value)
            *path, last = place
            inner = broken
            for part in path:
                inner = inner[part]
            if damage is None:
                del inner[last]
            else:
                inner[last] = damage
            assert not PAYLOADS[name].is_valid(broken), (place, damage)


@pytest.mark.parametrize("file", sorted((EXAMPLES / "refused").glob("*.json")), ids=lambda file: str(file.stem))
def test_a_refused_event_is_refused_by_the_schema_of_all_events_or_by_that_of_its_object(file: Path) -> None:
    event = orjson.loads(file.read_bytes())["event"]
    name = event.get("type")
    is_message = name in KINDS and PAYLOADS[name].is_valid(event)
    assert is_message == (file.stem not in FOR_EVERY_OBJECT)
    if is_message and event["data"]["object"] in DEFINED:
        state = SchemaEvent.decode((EXAMPLES / DEFINED[event["data"]["object"]]).read_bytes()).data
        assert state.definition is not None
        schema = data_schema("acme", state.definition, KINDS[name])
        assert jsonschema_rs.Draft202012Validator(schema).is_valid(event["data"]) == (file.stem in BY_NO_SCHEMA)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_admitted_is_a_message(kind: str) -> None:
    texts = st.one_of(st.sampled_from(["x", "", "x" * 257, None]), st.text(st.characters(codec="utf-8"), max_size=2))
    times = st.sampled_from([None, "2026-11-23T09:30:00+01:00", "2026-11-23 09:30:00.5z", "2026-11-23", 7])
    schemas = st.sampled_from(["/v1/tenants/acme/schemas/ticket/json-schema", "urn:x"])

    @given(st.sampled_from(list(OBJECTS.values())).flatmap(data_of), texts, texts, times, schemas)
    @settings(max_examples=examples(100, 1000), deadline=None)
    def agree(data: Any, identity: Any, source: Any, time: Any, dataschema: str) -> None:
        attributes = {"id": identity, "source": source, "time": time, "dataschema": dataschema, "traceparent": "00"}
        if refusal(data, kind, **attributes) is None:
            event = {**envelope(data, kind), **attributes}
            assert list(PAYLOADS[kind].iter_errors(event)) == []

    agree()


@pytest.mark.parametrize("kind", KINDS)
def test_examples_in_binary_mode_are_messages(kind: str) -> None:
    headers = validator("headers", f"{kind}{BINARY_SUFFIX}")
    for file in (EXAMPLES / kind).glob("*.json"):
        event = orjson.loads(file.read_bytes())
        data, kind_of_data = event.pop("data"), event.pop("datacontenttype")
        assert PAYLOADS[f"{kind}{BINARY_SUFFIX}"].is_valid(data)
        sent = {f"ce_{name}": str(value) for name, value in event.items()}
        assert headers.is_valid({**sent, "content-type": kind_of_data})
        del sent["ce_id"]
        assert not headers.is_valid(sent)


def test_every_topic_is_a_channel_with_its_writers_and_readers() -> None:
    assert list(DOCUMENT["channels"]) == [topic.name for topic in TOPICS]
    operations = {
        f"{service}.{action}.{topic.name}"
        for topic in TOPICS
        for action, services in (("send", topic.writers), ("receive", topic.readers))
        for service in services
    }
    assert DOCUMENT["operations"].keys() == operations
    assert all(message_names(topic) for topic in TOPICS)


def test_every_example_and_every_key_of_a_message_is_ours() -> None:
    folders = {folder.name for folder in EXAMPLES.iterdir()} - {"refused", "snapshot_entries"}
    assert folders == set(NAMES)
    for message in TOPIC_MESSAGES:
        key = message.key.replace("<tenant>", "acme").replace("<object>", "ticket").replace("<id>", "1")
        key = key.replace("<name>", "zendesk").replace("<slot>", "0")
        assert message.topic in (RECORDS, WEBHOOKS) or documents_of(message.topic.name).owns(key), key


def test_the_headers_of_stored_documents_are_those_that_are_written() -> None:
    assert [name for name, _ in written_headers(1, ())] == list(DOCUMENT_HEADERS)


def test_an_installation_shows_its_own_names_and_partitions() -> None:
    document = asyncapi_document(lambda name: f"acme.{name}", lambda topic: 96 if topic.scales else topic.partitions)
    channel = document["channels"][RECORDS.name]
    assert channel["address"] == channel["bindings"]["kafka"]["topic"] == "acme.crosslook-records"
    assert channel["bindings"]["kafka"]["partitions"] == 96
    assert document["channels"]["crosslook-schemas"]["bindings"]["kafka"]["partitions"] == 1
