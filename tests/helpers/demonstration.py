"""The records of the demonstration as plain rows: what a refresh makes of its events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef
from crosslook.local.demo.dataset import make_dataset
from crosslook.local.demo.schemas import BOOKING, SEGMENT, TICKET
from tests.helpers.snapshots import PlainObject, PlainRow


def demonstration(now: datetime, records: int) -> list[PlainObject]:
    """What the demonstration's first tenant has, as told at an instant."""
    dataset = make_dataset(now, records)
    truth, updated = dataset.truth, dict[tuple[str, str], datetime]()
    for event in dataset.good:
        key = event["data"]["object"], event["data"]["record"]
        if event["data"]["tenant"] == "acme":
            at = datetime.fromisoformat(event["time"])
            updated[key] = max(at, updated.get(key, at))
    contacts = truth["acme", "contact"]
    known = {"id": {record: record for record in contacts}}
    known["email"] = {data["fields"]["email"].lower(): record for record, data in contacts.items()}
    known["external"] = {name: record for record, data in contacts.items() for name in data["external_ids"]}
    contact = Definition(
        object=BUILT_IN_CONTACT.object,
        labels=BUILT_IN_CONTACT.labels,
        fields=(*BUILT_IN_CONTACT.fields, FieldDef.model_validate(SEGMENT)),
    )
    definitions = {"contact": contact} | {item["object"]: Definition.model_validate(item) for item in (TICKET, BOOKING)}
    return [
        PlainObject(
            definition,
            [_row(record, data, known, updated[name, record]) for record, data in truth["acme", name].items()],
        )
        for name, definition in definitions.items()
    ]


def _row(
    record: str, data: Mapping[str, Any], known: Mapping[str, Mapping[str, str]], updated_at: datetime
) -> PlainRow:
    links = {
        slug: [found for reference in references if (found := _resolved(reference, known)) is not None]
        for slug, references in data.get("relationships", {}).items()
    }
    return PlainRow(record, data["fields"], links, updated_at=updated_at)


def _resolved(reference: Mapping[str, str], known: Mapping[str, Mapping[str, str]]) -> str | None:
    ((form, value),) = reference.items()
    return known[form].get(value.strip().lower() if form == "email" else value)
