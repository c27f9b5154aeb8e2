"""The fast path admits what the ordinary path admits, to the byte, and takes ordinary events."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS, Admission
from crosslook.contracts.events import DELETED, PATCHED, STRUCTURED, UPSERTED, NotAdmitted, read_kafka
from crosslook.contracts.records import Admitted, Refused
from crosslook.contracts.schemas import SchemaState
from services.snapshot_service.ingest import message_admission
from services.snapshot_service.ingest.message_admission import MessageAdmission
from tests.helpers.examples import examples
from tests.helpers.odd_events import ALL_REQUIRED, RECEIVED_MS, Schemas, Sent, broken, future_times, messages, ordinary

_ADMISSION = MessageAdmission(Schemas())
_ORDINARY = Admission(Schemas())
_JSON = (("content-type", STRUCTURED.encode()),)


def by_the_ordinary_way(message: Sent) -> Admitted | Refused:
    try:
        event = read_kafka(message.value, message.headers, message.timestamp)
    except NotAdmitted as error:
        return error.refused
    return _ORDINARY.admit(event, message.timestamp)


def event(**changes: Any) -> dict[str, Any]:
    data = {"tenant": "acme", "object": "ticket", "record": "1", "fields": {"text": "a"}}
    return {"specversion": "1.0", "id": "e", "source": "/s", "type": UPSERTED, "data": data | changes}


def sent(body: Any, key: bytes | None = None) -> Sent:
    return Sent(key, body if isinstance(body, bytes) else orjson.dumps(body), _JSON)


_OTHERS = [sent(event(object=name, fields={})) for name in ("ticket", "bare", "contact")]


def is_never_otherwise(message: Sent) -> None:
    expected = by_the_ordinary_way(message)
    if (admitted := _ADMISSION.admit_fast(message)) is not None:
        assert repr(admitted) == repr(expected)  # 1, 1.0 and true are equal, and not the same
    # Behind others of its batch an event may be taken by its key for what it is not.
    assert repr(_ADMISSION.admit_all([*_OTHERS, message])[-1]) == repr(expected)


@settings(max_examples=examples(150, 20_000), deadline=None)
@given(messages(ordinary()))
def test_every_ordinary_event_is_taken_the_quick_way(message: Sent) -> None:
    assert _ADMISSION.admit_fast(message) is not None
    is_never_otherwise(message)


@settings(max_examples=examples(300, 20_000), deadline=None)
@given(messages(broken(), odd=True))
def test_what_is_odd_is_decided_as_the_ordinary_way_decides_it(message: Sent) -> None:
    is_never_otherwise(message)


@settings(max_examples=examples(50, 5_000), deadline=None)
@given(st.integers(-3, 3), st.data())
def test_the_future_begins_at_the_same_millisecond_both_ways(after: int, data: st.DataObject) -> None:
    message = sent(event() | {"time": data.draw(future_times(after, after))})
    decided = by_the_ordinary_way(message)
    assert isinstance(decided, Admitted if after <= 0 else Refused)
    assert (_ADMISSION.admit_fast(message) is None) is (after > 0)
    is_never_otherwise(message)


@pytest.mark.parametrize("micros", ["0001", "000999", "9999"])
def test_a_part_of_a_millisecond_beyond_the_limit_is_decided_the_same_way(micros: str) -> None:
    at = datetime.fromtimestamp((RECEIVED_MS + FUTURE_TOLERANCE_MS) / 1000, UTC)
    is_never_otherwise(sent(event() | {"time": f"{at:%Y-%m-%dT%H:%M:%S}.{micros}Z"}))


@settings(max_examples=examples(50, 5_000), deadline=None)
@given(st.none() | st.binary(max_size=100), st.none() | st.binary(max_size=20))
def test_rubbish_is_left_to_the_ordinary_way(value: bytes | None, key: bytes | None) -> None:
    for headers in (_JSON, (), (("ce_type", UPSERTED.encode()),)):
        assert _ADMISSION.admit_fast(Sent(key, value, headers)) is None
        is_never_otherwise(Sent(key, value, headers))


@pytest.mark.parametrize(
    "message",
    [
        sent(event() | {"type": PATCHED}),
        sent(event() | {"type": DELETED}),
        sent(event() | {"unheardof": 1}),
        sent(event(no_such=1)),
        sent(event(object="twice", fields={"a": "b"})),
        sent(event(fields={"text": ""})),
        sent(event(fields={"text": "x" * 1025})),
        sent(event(fields={"no_such": 1})),
        sent(event(fields={"nothing": "open"})),
        sent(event(fields={"number": 2**53 + 1})),
        sent(event(fields={"multiselect": ["open", "open"]})),
        sent(event(relationships={"no_such": []})),
        sent(event(relationships={"followers": [{"id": f"{n}"} for n in range(1001)]})),
        sent(event(external_ids=["zendesk:1"])),
        sent(event(object="contact", fields={}, external_ids=["  "])),
        sent(event(object="contact", fields={}, merged_into="c-9")),
        sent(event(object="contact", fields={}, merged_into="c-9") | {"type": DELETED}),
        sent(event(tenant="gone")),
        sent(event(tenant="nobody")),
        sent(event(tenant="nobody"), b"acme/ticket/1"),
        sent(event(object="unheardof"), b"acme/ticket/1"),
        sent(event(sequence=2**53 + 1)),
        sent(event(record="x" * 201)),
        sent(event() | {"time": "2027-02-01T00:00:00Z"}),
        sent(orjson.dumps(event()).replace(b'"a"', b'"\\ud800"')),
        sent(orjson.dumps(event()).replace(b'"a"', b'"\xff"')),
        sent(b'{"data":' * 5000),
        sent(orjson.dumps(event()) + b" " * 1024 * 1024),
        sent(event(object="contact", fields={}, external_ids=[f"zendesk:{n}" for n in range(1001)])),
        sent(event(object="order"), b"acme/ticket/1"),
    ],
)
def test_what_is_not_plainly_good_is_left_to_the_ordinary_way(message: Sent) -> None:
    assert _ADMISSION.admit_fast(message) is None
    is_never_otherwise(message)


def test_what_only_a_member_written_twice_hides_is_seen() -> None:
    raw = orjson.dumps(event())
    for first in (b'"fields":{"text":"\xff"}', b'"fields":{"no_such":1}', b'"fields":01', b'"record":"\\x"'):
        is_never_otherwise(sent(raw.replace(b'"data":{', b'"data":{' + first + b",")))


def test_a_required_value_that_comes_out_empty_is_left_to_the_ordinary_way() -> None:
    good = {"text": "a", "textarea": "a", "number": 1, "currency": "1", "date": "2026-01-01", "boolean": True}
    good |= {"datetime": "2026-01-01T00:00:00Z", "dropdown": "open", "multiselect": ["open"]}
    assert good.keys() == {field.slug for field in ALL_REQUIRED.fields}
    assert _ADMISSION.admit_fast(sent(event(object="order", fields=good))) is not None
    for slug in good:
        for empty in (None, [] if slug == "multiselect" else ""):
            message = sent(event(object="order", fields={**good, slug: empty}))
            assert _ADMISSION.admit_fast(message) is None
            is_never_otherwise(message)


@pytest.mark.parametrize(
    ("written", "staged"),
    [
        ("99999999999999.99", "99999999999999.99"),
        ("123456789012345.6789", "123456789012345.6789"),
        ("10000000000000.0001", "10000000000000.0001"),
        ("-999999999999999.9999", "-999999999999999.9999"),
        ("12.50", "12.5"),
        ("1.2500000000000000000000", "1.25"),
        ("123456789012345e0", "123456789012345"),
        ("9999999999999999e-4", "999999999999.9999"),
        ("-0.0000000000000000000", "0"),
    ],
)
def test_an_amount_sent_as_a_number_keeps_its_digits(written: str, staged: str) -> None:
    message = sent(orjson.dumps(event(fields={"currency": 7})).replace(b":7", f":{written}".encode()))
    admitted = _ADMISSION.admit_fast(message)
    assert admitted is not None
    assert admitted.fields == orjson.dumps({"currency": staged})
    is_never_otherwise(message)


@pytest.mark.parametrize(
    "written",
    [
        "1.00000000000000000001",
        "999999999999999.99999",
        "1000000000000000.0",
        "1e15",
        "1e400",
        "1e99999999999999999999",
    ],
)
def test_an_amount_that_does_not_fit_is_refused_rather_than_rounded(written: str) -> None:
    message = sent(orjson.dumps(event(fields={"currency": 7})).replace(b":7", f":{written}".encode()))
    assert _ADMISSION.admit_fast(message) is None
    assert isinstance(by_the_ordinary_way(message), Refused)


@pytest.mark.parametrize("written", ["9007199254740993", "-36893488147419103233", "1" + "0" * 5000])
def test_a_sequence_beyond_the_limit_is_out_of_range_however_large(written: str) -> None:
    message = sent(orjson.dumps(event(sequence=7)).replace(b":7", f":{written}".encode()))
    refused = by_the_ordinary_way(message)
    assert isinstance(refused, Refused)
    assert (refused.problem.code, refused.problem.pointer) == ("out_of_range", "/data/sequence")
    is_never_otherwise(message)


@pytest.mark.parametrize(
    ("written", "code"),
    [("1e400", "out_of_range"), ("1" + "0" * 5000, "out_of_range"), ('"\\ud800"', "wrong_type")],
)
@pytest.mark.parametrize("binary", [False, True])
def test_json_that_nothing_can_hold_is_refused_at_its_place(written: str, code: str, binary: bool) -> None:
    body = event(fields={"text": 7})
    value = orjson.dumps(body["data"] if binary else body).replace(b":7", f":{written}".encode())
    attributes = tuple((f"ce_{name}", body[name].encode()) for name in ("specversion", "id", "source", "type"))
    message = Sent(b"acme/ticket/1", value, attributes if binary else _JSON)
    refused = by_the_ordinary_way(message)
    assert isinstance(refused, Refused)
    assert (refused.problem.code, refused.problem.pointer) == (code, "/data/fields/text")
    assert (refused.tenant, refused.object, refused.record) == ("acme", "ticket", "1")
    assert (refused.source, refused.event_id) == ("/s", "e")
    assert _ADMISSION.admit_fast(message) is None
    is_never_otherwise(message)


def test_the_last_of_members_with_one_name_counts_both_ways() -> None:
    raw = orjson.dumps(event(fields={"text": "a"})).replace(b'"text":"a"', b'"text":"z","text":"a"')
    admitted = _ADMISSION.admit_fast(sent(raw))
    assert admitted is not None
    assert admitted.fields == orjson.dumps({"text": "a"})
    is_never_otherwise(sent(raw))


def test_fields_are_staged_in_the_order_of_the_schema() -> None:
    written = [{"boolean": True, "text": "a"}, {"text": "a", "boolean": True}]
    staged = [by_the_ordinary_way(sent(event(fields=fields))) for fields in written]
    assert staged[0] == staged[1] == _ADMISSION.admit_fast(sent(event(fields=written[0])))


def test_a_changed_schema_counts_from_the_next_batch_on() -> None:
    schemas = Schemas()
    admission = MessageAdmission(schemas)
    message = sent(event(), b"acme/ticket/1")
    versions = [admission.admit_fast(message)]
    before = schemas.states["ticket"]
    schemas.states["ticket"] = SchemaState(tenant="acme", object="ticket", version=4, definition=before.definition)
    versions.append(admission.admit_fast(message))
    assert [version.schema_version for version in versions if version is not None] == [3, 4]


def test_objects_of_more_shapes_than_are_kept_are_admitted_the_ordinary_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_admission, "DECODERS_MAX", 1)
    admission = MessageAdmission(Schemas())
    assert admission.admit_fast(sent(event())) is not None
    other = sent(event(object="contact", fields={}))
    assert admission.admit_fast(other) is None
    assert admission.admit_all([other]) == [by_the_ordinary_way(other)]
    assert by_the_ordinary_way(other).tenant == "acme"


def test_a_batch_is_answered_in_its_order() -> None:
    batch = [sent(event(record=f"{n}", fields={"text": "a" if n % 2 else 1})) for n in range(10)]
    decided = _ADMISSION.admit_all(batch)
    assert [outcome.record for outcome in decided] == [f"{n}" for n in range(10)]
    assert [isinstance(outcome, Admitted) for outcome in decided] == [False, True] * 5
