"""Which events of a batch are published, and how the others are told."""

from typing import Any

import orjson
import pytest

from crosslook.contracts import exact_json
from crosslook.contracts.admission import Admission
from crosslook.contracts.events import MAX_EVENT_BYTES, read_kafka, refuse_odd
from crosslook.contracts.records import Admitted
from crosslook.platform.bodies import parse_elements
from crosslook.platform.feeds import SchemaFeed
from services.schema_service.intake import AdmittedBatch, decide_batch, decide_on_news
from tests.helpers.replicas import Lagging
from tests.unit.schema_service.dataset import Dataset
from tests.unit.schema_service.samples import TICKET

NOW_MS = 1_795_000_000_000


@pytest.fixture
async def admission() -> Admission:
    dataset = await Dataset().start()
    await dataset.registry.create("acme", TICKET, None)
    return Admission(dataset.feed)


def event(number: int = 1, **members: Any) -> dict[str, Any]:
    data = {"tenant": "acme", "object": "ticket", "record": f"t{number}", "fields": {"status": "open", "csat": 4.5}}
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/integrations/zendesk",
        "type": "crosslook.record.upserted.v1",
        "time": "2026-11-18T09:30:00Z",
        "data": data,
        **members,
    }


def with_data(number: int = 1, **members: Any) -> dict[str, Any]:
    sent = event(number)
    return {**sent, "data": {**sent["data"], **members}}


def refused(batch: AdmittedBatch) -> list[tuple[int, str, str, str]]:
    found = [(refusal.index, refusal.refused) for refusal in batch.refused]
    return [(index, item.event_id, item.problem.code, item.problem.pointer) for index, item in found]


def test_an_admitted_event_is_published_as_it_was_sent(admission: Admission) -> None:
    sent = event(traceparent="00-1-2-01")
    batch = decide_batch(admission, "acme", [sent], NOW_MS)
    ((key, value, headers),) = batch.messages
    assert key == b"acme/ticket/t1"
    assert value is not None
    assert orjson.loads(value) == sent
    assert dict(headers)["content-type"].startswith(b"application/cloudevents+json")
    assert read_kafka(value, headers, NOW_MS).record == "t1"


@pytest.mark.parametrize("amount", ["99999999999999.99", "123456789012345.6789", "10000000000000.0001", "12.5"])
def test_an_amount_keeps_its_digits_from_the_request_to_the_topic(admission: Admission, amount: str) -> None:
    body = orjson.dumps([with_data(fields={"amount": 7})]).replace(b":7", f":{amount}".encode())
    ((_, value, headers),) = decide_batch(admission, "acme", exact_json.loads(body), NOW_MS).messages
    assert value is not None
    assert f'"amount":{amount}'.encode() in value
    admitted = admission.admit(read_kafka(value, headers, NOW_MS), NOW_MS)
    assert isinstance(admitted, Admitted)
    assert admitted.fields == orjson.dumps({"amount": amount})


@pytest.mark.parametrize(
    ("written", "code"),
    [("1e400", "out_of_range"), ("1" + "0" * 5000, "out_of_range"), ('"\\ud800"', "wrong_type")],
)
def test_one_value_that_nothing_can_hold_refuses_its_event_and_no_other(
    admission: Admission, written: str, code: str
) -> None:
    exact = "99999999999999.99"
    sent = [with_data(1, fields={"amount": 7}), with_data(2, fields={"csat": 8}), 9, event(4)]
    body = orjson.dumps(sent).replace(b":7", f":{exact}".encode()).replace(b":8", f":{written}".encode())
    batch = decide_batch(admission, "acme", parse_elements(body, refuse_odd), NOW_MS)
    assert [key for key, _, _ in batch.messages] == [b"acme/ticket/t1", b"acme/ticket/t4"]
    assert f'"amount":{exact}'.encode() in (batch.messages[0][1] or b"")
    assert refused(batch) == [(1, "e2", code, "/data/fields/csat"), (2, "", "not_cloudevent", "")]
    assert batch.refused[0].refused.record == "t2"


CASES: list[tuple[Any, tuple[int, str, str, str]]] = [
    (7, (1, "", "not_cloudevent", "")),
    ({}, (1, "", "not_cloudevent", "/specversion")),
    (event(specversion="0.3"), (1, "e1", "not_cloudevent", "/specversion")),
    (event(type="crosslook.record.merged.v1"), (1, "e1", "not_cloudevent", "/type")),
    (event(data=None), (1, "e1", "wrong_type", "/data")),
    (event(time="2036-01-01T00:00:00Z"), (1, "e1", "from_the_future", "/time")),
    (with_data(tenant="globex"), (1, "e1", "wrong_tenant", "/data/tenant")),
    (with_data(object="case"), (1, "e1", "unknown_object", "/data/object")),
    (with_data(fields={"statsu": "open"}), (1, "e1", "unknown_field", "/data/fields/statsu")),
    (with_data(fields={"status": "shut"}), (1, "e1", "unknown_option", "/data/fields/status")),
    (with_data(fields={"csat": "many"}), (1, "e1", "wrong_type", "/data/fields/csat")),
    (event(extension="x" * MAX_EVENT_BYTES), (1, "e1", "too_large", "")),
]


@pytest.mark.parametrize(("bad", "expected"), CASES, ids=[f"{e[2]}-{n}" for n, (_, e) in enumerate(CASES)])
def test_the_good_are_taken_when_others_are_refused(
    admission: Admission, bad: Any, expected: tuple[int, str, str, str]
) -> None:
    batch = decide_batch(admission, "acme", [event(2), bad, event(3)], NOW_MS)
    assert [key for key, _, _ in batch.messages] == [b"acme/ticket/t2", b"acme/ticket/t3"]
    assert refused(batch) == [expected]


def test_an_extension_that_cannot_be_written_again_is_refused(admission: Admission) -> None:
    deep: Any = 1
    for _ in range(600):
        deep = [deep]
    batch = decide_batch(admission, "acme", [event(extension=deep)], NOW_MS)
    assert refused(batch) == [(0, "e1", "not_cloudevent", "")]


def test_an_empty_batch_is_nothing_and_no_problem(admission: Admission) -> None:
    assert decide_batch(admission, "acme", [], NOW_MS) == AdmittedBatch()


async def test_nothing_is_refused_as_unknown_that_another_replica_has_just_made() -> None:
    replica = Lagging("schemas")
    await replica.start()
    dataset = await Dataset(replica.shared).start()
    behind = Admission(SchemaFeed(replica, tenants_open=True))
    replica.lags = True
    await dataset.registry.create("acme", TICKET, None)
    assert refused(decide_batch(behind, "acme", [event()], NOW_MS)) == [(0, "e1", "unknown_object", "/data/object")]
    batch = await decide_on_news(behind, replica, "acme", [event(), event(2, data={})], NOW_MS)
    assert len(batch.messages) == 1
    assert [index for index, *_ in refused(batch)] == [1]


async def test_a_batch_without_unknown_names_is_decided_without_asking_the_broker() -> None:
    dataset = await Dataset().start()
    await dataset.registry.create("acme", TICKET, None)
    replica = Lagging(dataset.schemas_topic)
    await replica.start()
    known = Admission(SchemaFeed(replica, tenants_open=True))
    batch = await decide_on_news(known, replica, "acme", [event(), event(2, data={})], NOW_MS)
    assert (len(batch.messages), len(batch.refused)) == (1, 1)
    assert replica.caught_up == 0
