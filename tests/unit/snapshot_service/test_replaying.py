"""What a replay publishes: the original bytes, and never an event made newer than it is."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import MAX_EVENT_BYTES, read_kafka
from crosslook.contracts.schemas import SchemaState
from services.snapshot_service.domain.diverting import DIVERTED
from services.snapshot_service.domain.limits import Sender
from services.snapshot_service.domain.replaying import (
    Held,
    Judged,
    Tally,
    judged,
    message_of,
    recoded_id,
)
from tests.helpers.builders import SCORE, definition, event, state

ARRIVED = datetime(2026, 11, 20, 10, 0, 0, 123000, UTC)
ARRIVED_MS = round(ARRIVED.timestamp() * 1000)
LATER_MS = ARRIVED_MS + 86_400_000
BINARY = (
    ("ce_specversion", b"1.0"),
    ("ce_id", b"1"),
    ("ce_source", b"/a"),
    ("ce_type", b"crosslook.record.upserted.v1"),
)
DATA = {"tenant": "acme", "object": "ticket", "record": "1", "fields": {"score": 1}}
SCHEMA = state(definition(SCORE))


class Schemas:
    def tenant_known(self, tenant: str) -> bool:
        return tenant == "acme"

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return SCHEMA if (tenant, object_slug) == ("acme", "ticket") else None


def held(
    payload: bytes, headers: tuple[tuple[str, bytes], ...] = (), key: bytes | None = b"k", code: str = "wrong_type"
) -> Held:
    return Held("t-0-1", "acme", code, "t", 0, 1, ARRIVED_MS, payload, headers, key)


def structured(**changed: Any) -> bytes:
    body = event("acme", "ticket", "1", {"score": 1}, event_id="1", time=ARRIVED)
    return orjson.dumps({name: value for name, value in {**body, **changed}.items() if value is not ...})


@pytest.mark.parametrize("payload", [structured(), b"{", b"\xff", b"", b"{}", b"[1]", b'"text"', b" {\n} "])
def test_bytes_key_and_headers_stay_as_they_were_sent(payload: bytes) -> None:
    headers = (("Trace", b"\xff"), ("Trace", b"2"))
    assert message_of(held(payload, headers)) == (b"k", payload, headers)


@pytest.mark.parametrize("written", [structured(time=...), structured(time=...) + b" \n", structured(time=None)])
@pytest.mark.parametrize("headers", [(), (("content-type", b"application/cloudevents+json; charset=UTF-8"),)])
def test_an_event_without_a_time_is_given_that_of_its_arrival(
    written: bytes, headers: tuple[tuple[str, bytes], ...]
) -> None:
    _, payload, sent_headers = message_of(held(written, headers))
    assert sent_headers == headers
    assert read_kafka(payload, sent_headers, LATER_MS) == read_kafka(written, headers, ARRIVED_MS)


def test_every_other_byte_of_such_an_event_stays() -> None:
    written = b'{"specversion":"1.0", "a": 1.50, "a": 2}'
    assert message_of(held(written))[1] == written[:-1] + b',"time":"2026-11-20T10:00:00.123Z"}'


def test_an_event_that_the_time_would_make_too_large_stays_as_it_is() -> None:
    written = b'{"a":"' + b"x" * (MAX_EVENT_BYTES - 8) + b'"}'
    assert message_of(held(written))[1] == written


def test_in_binary_mode_the_time_is_a_header() -> None:
    data = orjson.dumps(DATA)
    _, payload, headers = message_of(held(data, BINARY))
    assert payload == data
    assert headers == (*BINARY, ("ce_time", b"2026-11-20T10:00:00.123Z"))
    timed = (*BINARY, ("CE_Time", b"2026-11-01T00:00:00Z"))
    assert message_of(held(data, timed)) == (b"k", data, timed)


def test_each_event_is_judged_by_the_schemas_of_today() -> None:
    admission = Admission(Schemas())
    unknown = structured(data={**DATA, "object": "nothing"})
    future = structured(time="2026-11-20T12:00:00Z")
    events = [held(item) for item in (structured(), b"{", unknown, future)]
    assert codes(judged(admission, events, ARRIVED_MS)) == [None, "not_json", "unknown_object", "from_the_future"]
    assert codes(judged(admission, events[3:], LATER_MS)) == [None]


def codes(events: list[Judged]) -> list[str | None]:
    return [event.refused.problem.code if event.refused is not None else None for event in events]


def test_the_good_events_of_a_diverted_sender_wait_and_its_bad_ones_get_their_reason() -> None:
    diverted = {Sender("acme", event("acme", "ticket", "1", {}, event_id="1", time=ARRIVED)["source"])}
    waiting = [held(structured(), code=DIVERTED), held(structured(data={**DATA, "object": "no"}), code=DIVERTED)]
    good, bad = judged(Admission(Schemas()), waiting, LATER_MS, diverted)
    assert codes([good, bad]) == [DIVERTED, "unknown_object"]
    assert good.recoded is None
    assert bad.recoded is not None
    assert (bad.recoded.payload, bad.recoded.address[1:]) == (waiting[1].payload, (0, 1, ARRIVED_MS))
    (other,) = judged(Admission(Schemas()), [held(structured(), code="from_the_future")], LATER_MS, diverted)
    assert (codes([other]), other.recoded) == ([DIVERTED], None)


@pytest.mark.parametrize("code", ["unreadable", "too_large"])
def test_what_is_not_whole_in_quarantine_keeps_its_reason(code: str) -> None:
    (found,) = judged(Admission(Schemas()), [held(b"{", code=code)], LATER_MS)
    assert (codes([found]), found.recoded) == ([code], None)
    (mended,) = judged(Admission(Schemas()), [held(structured(), code=code)], LATER_MS)
    assert mended.refused is None


def test_an_id_never_comes_back() -> None:
    assert recoded_id("crosslook-records-3-120") == "2:crosslook-records-3-120"
    assert recoded_id("9:crosslook-records-3-120") == "10:crosslook-records-3-120"


def test_what_the_broker_would_not_take_is_known_before() -> None:
    assert held(b"x" * MAX_EVENT_BYTES).fits
    assert not held(b"x" * (MAX_EVENT_BYTES + 1)).fits
    assert not held(b"x", (("large", b"x" * 2 * MAX_EVENT_BYTES),)).fits


def test_what_the_broker_would_not_take_is_refused_as_too_large() -> None:
    large = held(structured(), (("large", b"x" * 2 * MAX_EVENT_BYTES),))
    assert codes(judged(Admission(Schemas()), [large], LATER_MS)) == ["too_large"]


def test_refusals_are_told_the_most_frequent_first() -> None:
    tally = Tally()
    tally.refused.update(["b", "a", "c", "c"])
    assert tally.by_code() == [{"code": "c", "count": 2}, {"code": "a", "count": 1}, {"code": "b", "count": 1}]
