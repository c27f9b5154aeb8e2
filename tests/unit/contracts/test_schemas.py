"""Schema events: what is published can be read back, and what is none of ours is None."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.documents import UnreadableDocument
from crosslook.contracts.schemas import (
    BUILT_IN_CONTACT,
    SCHEMA_CREATED,
    SCHEMA_DELETED,
    Definition,
    FieldDef,
    FieldType,
    Labels,
    OptionDef,
    RelationshipDef,
    SchemaEvent,
    SchemaState,
    TenantEvent,
    TenantState,
    built_in_contact,
    decode_tenant,
    definition_json,
)
from tests.helpers.builders import state

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TICKET = Definition(
    object="ticket",
    labels=Labels(singular="Ticket", plural="Tickets"),
    fields=(
        FieldDef(slug="status", type=FieldType.DROPDOWN, options=(OptionDef(value="open", label="Open"),)),
        FieldDef(slug="csat", type=FieldType.NUMBER, scale=1),
    ),
    relationships=(
        RelationshipDef(slug="requester", target="contact"),
        RelationshipDef(slug="parent", target="ticket"),
    ),
)


def schema_event(**changes: Any) -> SchemaEvent:
    state = SchemaState(tenant="acme", object="ticket", version=3, definition=TICKET)
    parts = {"id": "1", "source": "/schema_service", "type": SCHEMA_CREATED, "time": AT, "data": state}
    return SchemaEvent(**{**parts, **changes})


_NAMES = st.text(min_size=1, max_size=8)
_FIELDS = st.builds(
    FieldDef,
    slug=_NAMES,
    label=_NAMES,
    type=st.sampled_from(FieldType),
    required=st.booleans(),
    options=st.lists(st.builds(OptionDef, value=_NAMES, label=_NAMES), max_size=3).map(tuple),
    scale=st.none() | st.integers(0, 10),
)
_DEFINITIONS = st.builds(
    Definition,
    object=_NAMES,
    labels=st.builds(Labels, singular=_NAMES, plural=_NAMES),
    fields=st.lists(_FIELDS, max_size=3).map(tuple),
    relationships=st.lists(st.builds(RelationshipDef, slug=_NAMES, target=_NAMES, many=st.booleans()), max_size=2).map(
        tuple
    ),
)


@given(_DEFINITIONS, st.integers(1, 2**31), st.none() | st.just(AT))
def test_a_schema_event_can_be_read_back(definition: Definition, version: int, created: datetime | None) -> None:
    state = SchemaState(tenant="acme", object=definition.object, version=version, definition=definition)
    event = schema_event(data=state, createdtime=created)
    assert SchemaEvent.decode(event.encode()) == event


def test_a_deletion_has_no_definition() -> None:
    event = schema_event(type=SCHEMA_DELETED, data=SchemaState(tenant="acme", object="ticket", version=4))
    assert "definition" not in orjson.loads(event.encode())["data"]
    assert SchemaEvent.decode(event.encode()) == event


def test_members_that_a_reader_does_not_know_are_ignored() -> None:
    body = orjson.loads(schema_event().encode())
    body["subject"] = "later"
    body["data"]["colour"] = "blue"
    body["data"]["definition"]["fields"][0]["hint"] = "later"
    assert SchemaEvent.decode(orjson.dumps(body)) == schema_event()


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("specversion", "0.3"),
        ("type", "crosslook.tenant.changed.v1"),
        ("type", None),
        ("time", "yesterday"),
        ("data", None),
        ("data", {"tenant": "acme", "object": "ticket"}),
        ("data", {"tenant": "acme", "object": "ticket", "version": 0}),
        ("data", {"tenant": "acme", "object": "t", "version": 1, "definition": {"fields": [{"type": "colour"}]}}),
    ],
)
def test_what_is_not_a_schema_event_cannot_be_read(member: str, value: Any) -> None:
    body = orjson.loads(schema_event().encode())
    with pytest.raises(UnreadableDocument):
        SchemaEvent.decode(orjson.dumps({**body, member: value}))


@given(st.binary(max_size=100))
def test_rubbish_cannot_be_read(value: bytes) -> None:
    for decode in (SchemaEvent.decode, decode_tenant):
        with pytest.raises(UnreadableDocument):
            decode(value)


@pytest.mark.parametrize("value", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 5000, b'"text"', b"1e999"])
def test_json_that_is_not_an_event_cannot_be_read(value: bytes) -> None:
    for decode in (SchemaEvent.decode, decode_tenant):
        with pytest.raises(UnreadableDocument):
            decode(value)


def test_a_definition_is_shown_with_the_members_that_were_sent_and_no_others() -> None:
    sent = {
        "object": "ticket",
        "labels": {"singular": "Ticket", "plural": "Tickets"},
        "fields": [
            {"slug": "csat", "type": "number", "scale": 1},
            {"slug": "tags", "type": "multiselect", "options": []},
        ],
    }
    definition = Definition.model_validate(sent)
    assert definition_json(definition) == sent
    event = schema_event(data=state(definition))
    read = SchemaEvent.decode(event.encode())
    assert read.data.definition is not None
    assert definition_json(read.data.definition) == sent


def test_only_an_object_with_a_relationship_to_contact_is_reportable() -> None:
    assert TICKET.reportable
    assert [relationship.slug for relationship in TICKET.contact_relationships] == ["requester"]
    assert not TICKET.model_copy(update={"relationships": TICKET.relationships[1:]}).reportable
    assert BUILT_IN_CONTACT.reportable


def test_fields_and_relationships_are_found_by_slug_and_do_not_change_equality() -> None:
    other = TICKET.model_copy(deep=True)
    assert TICKET.field_by_slug["csat"].scale == 1
    assert TICKET.relationship_by_slug["parent"].target == "ticket"
    assert other == TICKET


def test_every_tenant_has_the_built_in_contact_from_the_start() -> None:
    state = built_in_contact("acme")
    assert (str(state.key), state.version) == ("acme/contact", 1)
    assert state.definition is not None
    assert [(field.slug, field.type.value) for field in state.definition.fields] == [
        ("email", "text"),
        ("first_name", "text"),
        ("last_name", "text"),
        ("phone", "text"),
        ("country", "text"),
        ("created_at", "datetime"),
    ]


def test_a_tenant_event_can_be_read_back() -> None:
    state = TenantState(tenant="acme", plan="enterprise", status="suspended")
    event = TenantEvent(id="1", source="/schema_service", time=AT, data=state)
    assert decode_tenant(event.encode()) == state
    with pytest.raises(UnreadableDocument):
        SchemaEvent.decode(event.encode())
    with pytest.raises(UnreadableDocument):
        decode_tenant(schema_event().encode())
