"""A patch whose record did not come is quarantined as the event that it was."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import orjson

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import read_kafka
from crosslook.contracts.layouts import field_column, layout_of, refs_column
from crosslook.contracts.records import FOREIGN_IDS, Address, Admitted, EventKind, Quarantined
from crosslook.contracts.schemas import BUILT_IN_CONTACT, SchemaState
from services.snapshot_service.domain.orphans import orphan
from tests.helpers import builders
from tests.helpers.builders import REQUESTER, WATCHERS, fields

RECEIVED = datetime(2026, 11, 20, 9, 0, 0, 250000, tzinfo=UTC)
FIELDS: dict[str, tuple[Any, Any]] = {
    "status": ("open", "open"),
    "csat": (4.5, 4.5),
    "amount": (Decimal("12.5000"), "12.5"),
    "due_on": (date(2026, 11, 30), "2026-11-30"),
    "opened_at": (datetime(2026, 11, 1, 11, 0, tzinfo=timezone(timedelta(hours=2))), "2026-11-01T09:00:00.000Z"),
    "tags": (["a", "b"], ["a", "b"]),
    "urgent": (False, False),
}
"""As the engine gives a value, and as it is sent."""
TICKET = builders.definition(
    *fields(
        status="text",
        csat="number",
        amount="currency",
        due_on="date",
        opened_at="datetime",
        tags="multiselect",
        urgent="boolean",
    ),
    relationships=(REQUESTER, WATCHERS),
)


def row(*named: str, **columns: Any) -> dict[str, Any]:
    """A staged patch that names these fields and relationships."""
    return {
        "tenant": "acme",
        "object": "ticket",
        "record": "7",
        "source": "/desk",
        "event_id": "e1",
        "partition": 3,
        "offset": 41,
        "sequence": 5,
        "event_time": datetime(2026, 11, 19, 8, 0, 0, 1000, tzinfo=UTC),
        "received_at": RECEIVED,
        "named": list(named),
        **{field_column(slug): stored for slug, (stored, _) in FIELDS.items()},
        refs_column("requester"): ["external:zendesk:88"],
        refs_column("watchers"): ["id:c1", "email:a@x.example"],
        **columns,
    }


def data_of(held: Quarantined) -> dict[str, Any]:
    assert held.payload is not None
    data: dict[str, Any] = orjson.loads(held.payload)["data"]
    return data


def test_only_what_the_patch_named_is_in_the_event_in_the_form_it_is_sent_in() -> None:
    data = data_of(orphan(row("csat", "amount"), layout_of(TICKET), 7))
    assert data == {
        "tenant": "acme",
        "object": "ticket",
        "record": "7",
        "sequence": 5,
        "fields": {"csat": 4.5, "amount": "12.5"},
    }
    assert data_of(orphan(row(*FIELDS), layout_of(TICKET), 7))["fields"] == {
        slug: sent for slug, (_, sent) in FIELDS.items()
    }


def test_a_field_that_the_patch_emptied_is_sent_empty() -> None:
    emptied = row("status", "tags", f_status=None, f_tags=[])
    assert data_of(orphan(emptied, layout_of(TICKET), 7))["fields"] == {"status": None, "tags": []}


def test_references_come_back_as_they_were_given() -> None:
    data = data_of(orphan(row("requester", "watchers"), layout_of(TICKET), 7))
    assert data["relationships"] == {
        "requester": [{"external": "zendesk:88"}],
        "watchers": [{"id": "c1"}, {"email": "a@x.example"}],
    }
    assert data["fields"] == {}


def test_foreign_ids_of_a_contact_are_in_the_event_where_the_patch_named_them() -> None:
    contact = {**row(FOREIGN_IDS), "object": "contact", "external_ids": ["zendesk:88"]}
    contact |= {field_column(field.slug): None for field in BUILT_IN_CONTACT.fields}
    assert data_of(orphan(contact, layout_of(BUILT_IN_CONTACT), 7))["external_ids"] == ["zendesk:88"]
    assert "external_ids" not in data_of(orphan({**contact, "named": []}, layout_of(BUILT_IN_CONTACT), 7))


def test_it_is_quarantined_under_its_address_with_how_long_it_was_waited_for() -> None:
    held = orphan(row("status"), layout_of(TICKET), 9)
    assert held.address == Address("crosslook-records", 3, 41, round(RECEIVED.timestamp() * 1000))
    assert held.key == b"acme/ticket/7"
    refused = held.refused
    assert (refused.tenant, refused.object, refused.record) == ("acme", "ticket", "7")
    assert (refused.source, refused.event_id) == ("/desk", "e1")
    assert (refused.problem.code, refused.problem.pointer) == ("orphan_patch", "/data/record")
    assert refused.problem.values == {"record": "7", "days": 9}


class Schemas:
    """A moment's view in which acme has tickets."""

    def tenant_known(self, tenant: str) -> bool:
        return tenant == "acme"

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return {"ticket": builders.state(TICKET), "contact": builders.state(BUILT_IN_CONTACT)}.get(object_slug)


def test_what_is_quarantined_would_be_admitted_again_as_the_same_patch() -> None:
    held = orphan(row(*FIELDS, "requester"), layout_of(TICKET), 7)
    event = read_kafka(held.payload, held.headers, held.address.received_ms)
    assert (event.kind, event.id, event.source, event.sequence) == (EventKind.PATCH, "e1", "/desk", 5)
    assert event.time_ms == round(datetime(2026, 11, 19, 8, 0, 0, 1000, tzinfo=UTC).timestamp() * 1000)
    again = Admission(Schemas()).admit(event, held.address.received_ms)
    assert isinstance(again, Admitted), again
    assert orjson.loads(again.references) == {"requester": ["external:zendesk:88"]}
