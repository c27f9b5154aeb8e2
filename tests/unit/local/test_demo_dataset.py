"""The demonstration's dataset: the same for the same seed, as messy as it says, its truth what the rules make of it."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import NotAdmitted, read_kafka
from crosslook.contracts.records import Address, Admitted, RecordEvent, Refused
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, SchemaState, definition_json
from crosslook.local.demo.dataset import BAD_SHARE, DUPLICATE_SHARE, LATE_SHARE, Dataset, Event, make_dataset
from crosslook.local.demo.schemas import BOOKING, SEGMENT, TENANTS, TICKET
from crosslook.local.demo.truth import ticket_truth
from services.snapshot_service.domain.compaction import BuiltRecord, ContactReferences, compact, first_occurrences

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
RECORDS = 3000


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset(NOW, RECORDS)


class Schemas:
    """What the demonstration defines."""

    def __init__(self) -> None:
        contact = definition_json(BUILT_IN_CONTACT)
        definitions = [TICKET, BOOKING, {**contact, "fields": [*contact["fields"], SEGMENT]}]
        self._states = {
            (tenant, body["object"]): SchemaState(
                tenant=tenant, object=body["object"], version=1, definition=Definition.model_validate(body)
            )
            for tenant in TENANTS
            for body in definitions
        }

    def tenant_known(self, tenant: str) -> bool:
        return tenant in TENANTS

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return self._states.get((tenant, object_slug))

    def links(self, tenant: str, object_slug: str) -> dict[str, bool]:
        definition = self._states[tenant, object_slug].definition
        assert definition is not None
        return {link.slug: link.many for link in definition.contact_relationships}


def read(event: Event) -> RecordEvent:
    return read_kafka(orjson.dumps(event), [], NOW_MS)


def decide(admission: Admission, event: Event) -> Admitted | Refused:
    try:
        return admission.admit(read(event), NOW_MS)
    except NotAdmitted as error:
        return error.refused


def test_the_same_seed_tells_the_same_story_and_another_seed_another(dataset: Dataset) -> None:
    assert make_dataset(NOW, RECORDS) == dataset
    assert make_dataset(NOW, RECORDS, seed=8).good != dataset.good


def test_it_tells_of_about_as_many_records_as_asked_for(dataset: Dataset) -> None:
    assert sum(dataset.records.values()) == pytest.approx(RECORDS, rel=0.01)
    assert dataset.records["ticket"] > dataset.records["booking"] > dataset.records["contact"]
    assert dataset.size == len(dataset.good) + len(dataset.bad)
    told = {(event["data"]["tenant"], event["data"]["object"]) for event in dataset.good}
    assert told == {(tenant, name) for tenant in TENANTS for name in ("contact", "ticket", "booking")}


def test_nothing_happens_after_now(dataset: Dataset) -> None:
    assert all(datetime.fromisoformat(event["time"]) <= NOW for event in dataset.good)


def test_it_is_as_late_as_repeated_and_as_bad_as_it_says(dataset: Dataset) -> None:
    events = len(dataset.good) - dataset.repeats
    assert dataset.late / events == pytest.approx(LATE_SHARE, rel=0.25)
    assert dataset.repeats / events == pytest.approx(DUPLICATE_SHARE, rel=0.25)
    assert len(dataset.bad) / events == pytest.approx(BAD_SHARE, rel=0.4)
    ids = Counter((event["source"], event["id"]) for event in dataset.good)
    assert sum(count - 1 for count in ids.values()) == dataset.repeats
    newest: dict[str, datetime] = {}
    overtaken = 0
    for event in dataset.good:
        key = "/".join(event["data"][part] for part in ("tenant", "object", "record"))
        at = datetime.fromisoformat(event["time"])
        overtaken += at < newest.get(key, at)
        newest[key] = max(at, newest.get(key, at))
    assert overtaken > 0


def test_within_a_record_no_two_events_have_the_same_time(dataset: Dataset) -> None:
    times: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for event in dataset.good:
        key = (event["data"]["tenant"], event["data"]["object"], event["data"]["record"])
        assert times[key].setdefault(event["time"], event["id"]) == event["id"]


def test_it_has_what_makes_reports_interesting(dataset: Dataset) -> None:
    tickets = list(dataset.truth["acme", "ticket"].values())
    contacts = dataset.truth["acme", "contact"].values()
    assert any(ticket["fields"]["reopened"] for ticket in tickets)
    assert any(not ticket["relationships"]["requester"] for ticket in tickets)
    assert {key for ticket in tickets for item in ticket["relationships"]["requester"] for key in item} == {
        "id",
        "email",
        "external",
    }
    assert any(contact["fields"]["country"] is None for contact in contacts)
    assert any(event["type"].endswith("deleted.v1") for event in dataset.good)
    patches = {event["id"]: event["data"] for event in dataset.good if event["type"].endswith("patched.v1")}
    assert len(patches) == dataset.patches > len(dataset.good) / 20
    assert any(value is None for data in patches.values() for value in data["fields"].values())
    assert any(booking["fields"]["rescheduled"] for booking in dataset.truth["acme", "booking"].values())
    opened = [datetime.fromisoformat(ticket["fields"]["opened_at"]) for ticket in tickets]
    assert sum(at.weekday() >= 5 for at in opened) / len(opened) < 2 / 7
    assert max(opened) - min(opened) > timedelta(days=365)


def test_every_good_event_is_admitted(dataset: Dataset) -> None:
    admission = Admission(Schemas())
    refused = [
        dataset_object
        for dataset_object in (decide(admission, event) for event in dataset.good)
        if isinstance(dataset_object, Refused)
    ]
    assert refused == []


def test_every_bad_event_is_refused_with_the_code_it_says(dataset: Dataset) -> None:
    admission = Admission(Schemas())
    codes = set()
    for event, code in dataset.bad:
        decided = decide(admission, event)
        assert isinstance(decided, Refused)
        assert decided.problem.code == code
        codes.add(code)
    assert codes == {"unknown_field", "unknown_object", "required_missing", "from_the_future", "not_cloudevent"}


def staged(dataset: Dataset) -> dict[tuple[str, str], list[tuple[Admitted, Address]]]:
    """What ingest would stage, by tenant and object, in the order of arrival."""
    admission = Admission(Schemas())
    rows: dict[tuple[str, str], list[tuple[Admitted, Address]]] = defaultdict(list)
    for offset, event in enumerate(dataset.good):
        decided = decide(admission, event)
        assert isinstance(decided, Admitted)
        rows[decided.tenant, decided.object].append((decided, Address("t", 0, offset, offset)))
    return rows


def compacted(dataset: Dataset) -> dict[tuple[str, str], dict[str, BuiltRecord]]:
    rows, schemas = staged(dataset), Schemas()
    found: dict[tuple[str, str], dict[str, BuiltRecord]] = {}
    for tenant in TENANTS:
        arrived = first_occurrences(rows[tenant, "contact"])
        people = compact({}, arrived, {}, ContactReferences({}))
        contacts = ContactReferences.of(people)
        found[tenant, "contact"] = people
        for name in ("ticket", "booking"):
            events = first_occurrences(rows[tenant, name])
            found[tenant, name] = compact({}, events, schemas.links(tenant, name), contacts)
    return found


def test_the_truth_is_what_the_rules_make_of_the_events(dataset: Dataset) -> None:
    admission = Admission(Schemas())
    for key, rows in compacted(dataset).items():
        live = {record: row.whole for record, row in rows.items() if row.whole is not None}
        assert live.keys() == dataset.truth[key].keys()
        for record, data in dataset.truth[key].items():
            told: dict[str, Any] = {"specversion": "1.0", "id": "x", "source": "x", "data": data}
            expected = decide(admission, {**told, "type": "crosslook.record.upserted.v1"})
            assert isinstance(expected, Admitted)
            assert live[record].fields == orjson.loads(expected.fields)


@pytest.mark.parametrize("tenant", TENANTS)
def test_the_report_keeps_the_tickets_whose_contact_the_rules_resolve(dataset: Dataset, tenant: str) -> None:
    rows = [row for row in compacted(dataset)[tenant, "ticket"].values() if not row.deleted]
    people = dataset.truth[tenant, "contact"]
    by_country = Counter(people[link]["fields"]["country"] for row in rows for link in row.links["requester"])
    truth = ticket_truth(dataset, tenant)
    assert (truth.kept, truth.dropped) == (by_country.total(), len(rows) - by_country.total())
    assert {country: row[0] for country, row in truth.rows.items()} == by_country
    assert truth.dropped > 0


def test_no_two_bad_events_share_a_name_also_of_two_tenants() -> None:
    names = [event["id"] for event, _ in make_dataset(NOW, 30_000).bad]
    assert len(names) == len(set(names))


def test_only_repeats_share_a_name_among_good_events(dataset: Dataset) -> None:
    told = {event["id"]: event["data"] for event in dataset.good}
    assert all(told[event["id"]] == event["data"] for event in dataset.good)
