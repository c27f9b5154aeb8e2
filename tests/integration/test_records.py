"""Where is my record? Asked over HTTP of the service as it is run, on a real broker and engine."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import REPORTED_FIELDS, REQUESTER, WATCHERS, Event, definition
from tests.helpers.processes import own_topics
from tests.helpers.records import NOW, Records, outcomes_by_id, record_path, ticket_event
from tests.helpers.schema_service import Tokens
from tests.helpers.snapshot_service import Service, only_schema, running_service

TICKET = definition(*(f for f in REPORTED_FIELDS if f.slug != "status"), relationships=(REQUESTER, WATCHERS))
NOTHING = dict.fromkeys(("subject", "csat", "amount", "due_on", "opened_at", "tags", "urgent"))


@pytest.fixture(scope="module")
async def service(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    broker = own_topics(kafka)
    await ensure_topics(broker)
    tokens = Tokens.at(tmp_path_factory.mktemp("record-keys"))
    engine = clickhouse.model_copy(update={"database": "records_api"})
    async with only_schema(broker, TICKET), running_service(broker, engine, tokens) as running:
        yield running


@pytest.fixture
def records(service: Service) -> Records:
    return Records(service)


async def test_nothing_is_known_of_a_record_without_events(records: Records) -> None:
    assert await records.of("nobody") | {"snapshot_id": None, "as_of": None} == {
        "state": "unknown",
        "snapshot": None,
        "external_ids": None,
        "snapshot_id": None,
        "as_of": None,
        "links": [],
        "events": [],
        "events_omitted": 0,
    }


async def test_an_event_that_waits_shows_where_it_is_and_what_is_expected_of_it(records: Records) -> None:
    await records.send(ticket_event("new", "new-1", fields={"subject": "a"}))
    pending = await records.of("new")
    (shown,) = pending["events"]
    assert set(shown.pop("position")) == {"partition", "offset"}
    assert datetime.fromisoformat(shown.pop("received_at")) >= NOW
    assert (pending["state"], pending["snapshot"]) == ("pending", None)
    assert shown == {
        "id": "new-1",
        "source": "/test",
        "type": "crosslook.record.upserted.v1",
        "time": (NOW - timedelta(hours=1)).isoformat().replace("+00:00", "Z"),
        "outcome": "waiting",
        "expected": "winner",
        "code": None,
        "pointer": None,
        "message": None,
        "quarantine_id": None,
    }


async def test_a_record_from_its_first_event_to_its_deletion(records: Records, service: Service) -> None:
    await records.send(ticket_event("life", "life-1", fields={"subject": "a"}))
    assert (await service.refreshed())["state"] == "published"
    found = await records.of("life")
    assert (found["state"], found["snapshot"]["subject"]) == ("in_reports", "a")
    assert outcomes_by_id(found) == {"life-1": "winner"}
    deletion = ticket_event("life", "life-2", 1, "delete")
    await records.send(deletion, ticket_event("life", "life-1", 9, fields={"subject": "b"}))
    found = await records.of("life")
    assert (found["state"], found["snapshot"]["subject"]) == ("in_reports", "a")
    assert [(item["id"], item["outcome"], item["expected"]) for item in found["events"]] == [
        ("life-1", "repeat", None),
        ("life-2", "waiting", "winner"),
        ("life-1", "winner", None),
    ]
    await service.refreshed()
    found = await records.of("life")
    assert (found["state"], found["snapshot"], found["links"]) == ("deleted", None, [])
    assert [item["outcome"] for item in found["events"]] == ["repeat", "winner", "older"]


async def test_values_are_shown_as_answers_show_them_and_what_is_empty_is_null(
    records: Records, service: Service
) -> None:
    fields = {
        "subject": "é",
        "csat": 4.5,
        "amount": "12.5",
        "due_on": "2026-11-20",
        "opened_at": "2026-11-20T10:00:00.250+02:00",
        "tags": ["vip", "new"],
        "urgent": True,
    }
    await records.send(
        ticket_event("values", "values-1", fields=fields), ticket_event("empty", "empty-1", fields={"subject": ""})
    )
    await service.refreshed()
    shown = fields | {"amount": "12.50", "opened_at": "2026-11-20T08:00:00.250Z"}
    assert (await records.of("values"))["snapshot"] == shown
    assert (await records.of("empty"))["snapshot"] == NOTHING


async def test_patches_older_late_and_waiting_events_have_their_outcomes_by_id(
    records: Records, service: Service
) -> None:
    await records.send(
        ticket_event("mixed", "mixed-1", 5, fields={"subject": "a", "csat": 1}),
        ticket_event("mixed", "mixed-2", 6, "patch", fields={"csat": 2}),
        ticket_event("mixed", "mixed-3", 4, fields={"subject": "older"}),
        ticket_event("early", "early-1", 0, "patch", fields={"csat": 2}),
    )
    await service.refreshed()
    await records.send(ticket_event("mixed", "mixed-4", -9 * 1440, "patch", fields={"csat": 9}))
    found = await records.of("mixed")
    assert (found["events"][0]["outcome"], found["events"][0]["expected"]) == ("waiting", "too_late")
    await service.refreshed()
    found = await records.of("mixed")
    assert outcomes_by_id(found) == {
        "mixed-1": "winner",
        "mixed-2": "applied",
        "mixed-3": "older",
        "mixed-4": "too_late",
    }
    assert (found["snapshot"]["subject"], found["snapshot"]["csat"]) == ("a", 2.0)
    early = await records.of("early")
    assert (early["state"], early["events"][0]["outcome"]) == ("pending", "waiting")
    assert (early["events"][0]["code"], early["events"][0]["expected"]) == ("record_missing", "waiting")
    assert early["events"][0]["message"].startswith("The patch waits for the first upsert of its record.")
    await records.send(ticket_event("early", "early-0", -1, fields={"csat": 1}))
    patch = (await records.of("early"))["events"][1]
    assert (patch["outcome"], patch["expected"], patch["code"], patch["message"]) == ("waiting", "applied", None, None)
    await service.refreshed()
    assert outcomes_by_id(await records.of("early")) == {"early-0": "winner", "early-1": "applied"}


async def test_links_say_why_they_did_not_resolve(records: Records, service: Service) -> None:
    def contact(record: str, kind: str = "upsert", **more: Any) -> Event:
        return ticket_event(record, f"{record}-{kind}", int(kind == "delete"), kind, name="contact", **more)

    await records.send(
        contact("c-1", fields={"email": "Ada@x.example"}, external_ids=["z:1"]),
        contact("c-gone"),
        contact("c-gone", "delete"),
    )
    requesters = [{"external": "z:1"}, {"id": "c-1"}]
    names = ("c-gone", "c-new", "c-never")
    watchers = [{"email": "ada@x.example"}, *({"id": name} for name in names), {"email": "b@x.example"}]
    links = {"requester": requesters, "watchers": watchers}
    await records.send(ticket_event("linked", "linked-1", relationships=links))
    await service.refreshed()
    await records.send(contact("c-new"))
    found = [(link["form"], link["value"], link["contact"], link["reason"]) for link in await _links(records)]
    assert found == [
        ("external", "z:1", "c-1", None),
        ("id", "c-1", "c-1", "not_used"),
        ("email", "ada@x.example", "c-1", None),
        ("id", "c-gone", None, "contact_deleted"),
        ("id", "c-new", None, "contact_waiting"),
        ("id", "c-never", None, "no_contact"),
        ("email", "b@x.example", None, "no_contact"),
    ]
    *_, last = await _links(records, headers={"Accept-Language": "fr"})
    assert last["message"].startswith("Aucun contact de l'instantané courant n'a l'adresse e-mail b@x.example.")
    contact_found = await records.of("c-1", "contact")
    assert (contact_found["external_ids"], contact_found["snapshot"]["email"]) == (["z:1"], "Ada@x.example")
    assert (await records.of("linked"))["external_ids"] is None


async def _links(records: Records, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await records.of("linked", **more))["links"]
    return found


async def test_a_refused_event_is_found_with_its_reason_also_for_an_object_that_does_not_exist(
    records: Records, service: Service
) -> None:
    binary = [("ce_specversion", b"1.0"), ("ce_id", b"bad-2"), ("CE_Type", b"crosslook.record.patched.v1")]
    binary += [("ce_source", b"/test"), ("ce_time", b"2026-11-20T10:00:00Z")]
    data = orjson.dumps({"tenant": "acme", "object": "ticket", "record": "bad", "fields": {"csat": "many"}})
    await records.send(ticket_event("bad", "bad-1", fields={"csat": "x"}), ticket_event("bad", "ghost", name="nothing"))
    await service.publisher.publish(RECORDS.name, [(b"acme/ticket/bad", data, tuple(binary))])

    async def arrived() -> bool:
        return len((await records.of("bad"))["events"]) == 2

    await service.until(arrived)
    found = await records.of("bad")
    assert (found["state"], found["events_omitted"]) == ("unknown", 0)
    second, first = found["events"]
    assert (first["outcome"], first["code"], first["pointer"]) == ("quarantined", "wrong_type", "/data/fields/csat")
    assert (second["type"], second["time"]) == ("crosslook.record.patched.v1", "2026-11-20T10:00:00Z")
    listed = (await service.ask("GET", "/v1/quarantine?object=ticket")).json()["items"]
    refused = next(item for item in listed if item["id"] == first["quarantine_id"])
    assert (first["message"], first["id"]) == (refused["message"], refused["event_id"])
    missing = await records.of("bad", "nothing")
    assert (missing["state"], missing["events"][0]["code"]) == ("unknown", "unknown_object")
    reason = {"ids": [first["quarantine_id"]], "reason": "test", "dry_run": False}
    await service.ask("POST", "/v1/quarantine/discard", json=reason)
    assert outcomes_by_id(await records.of("bad")) == {"bad-2": "quarantined"}


async def test_an_id_that_another_record_used_first_is_named(records: Records) -> None:
    await records.send(ticket_event("first", "shared"))
    await records.send(ticket_event("second", "shared"))
    found = await records.of("second")
    assert (found["state"], found["events"][0]["code"]) == ("unknown", "repeated_elsewhere")
    assert "about ticket/first" in found["events"][0]["message"]


ODD_IDS = (
    "a/b",
    "/",
    "a//b/records/c",
    "..",
    "%2F",
    "a b?c#d",
    "line\nbreak",
    "\n",
    "é\u2028😀",
    "x" * 200,
    "😀" * 200,
)


async def test_a_record_is_found_whatever_its_id(records: Records) -> None:
    await records.send(*(ticket_event(record, f"odd-{number}") for number, record in enumerate(ODD_IDS)))
    for number, record in enumerate(ODD_IDS):
        assert outcomes_by_id(await records.of(record)) == {f"odd-{number}": "waiting"}, record


@pytest.mark.parametrize(
    ("tenant", "scope", "status"),
    [
        ("acme", "records:read", 200),
        ("acme", "ops", 200),
        ("*", "ops reports:read", 200),
        ("acme", "reports:read records:write", 403),
        ("other", "records:read", 404),
    ],
)
async def test_who_may_ask(service: Service, tenant: str, scope: str, status: int) -> None:
    answer = await service.ask("GET", record_path("any"), tenant, scope)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["detail"] == "The token lacks the scope records:read."


async def test_an_id_that_no_record_can_have_is_refused(service: Service) -> None:
    answer = await service.ask("GET", record_path("x" * 201), "acme", "records:read")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/record")


async def test_the_newest_500_events_are_shown_and_the_others_counted(records: Records, service: Service) -> None:
    await records.send(*(ticket_event("busy", f"busy-{number}", fields={"csat": number}) for number in range(1_010)))
    found = await records.of("busy")
    assert (len(found["events"]), found["events_omitted"]) == (500, 510)
    assert (found["state"], found["events"][0]["id"], found["events"][0]["expected"]) == ("pending", "busy-1009", None)
    await service.refreshed()
    await records.send(
        *(ticket_event("busy", f"busy-old-{number}", -1, fields={"csat": number}) for number in range(1_010))
    )
    await service.refreshed()
    found = await records.of("busy")
    assert (found["snapshot"]["csat"], found["events_omitted"]) == (1009.0, 1_520)
    assert set(outcomes_by_id(found).values()) == {"older"}


async def test_nothing_false_is_said_of_patches_whose_upsert_is_too_far_back_to_be_compared(records: Records) -> None:
    patches = [ticket_event("long", f"long-{number}", 1, "patch", fields={"csat": 1}) for number in range(1_004)]
    await records.send(ticket_event("long", "long-base", fields={"subject": "a"}), *patches)
    found = await records.of("long")
    said = {(item["outcome"], item["expected"], item["code"], item["message"]) for item in found["events"]}
    assert (found["state"], said) == ("pending", {("waiting", None, None, None)})
