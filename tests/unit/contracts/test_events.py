"""Record events on the wire: both CloudEvents modes, and a defined answer for everything else (CONTRACTS 3)."""

import contextlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.events import DELETED, PATCHED, UPSERTED, NotAdmitted, read_kafka, read_structured
from crosslook.contracts.records import EventKind, RecordEvent, Refused

RECEIVED_MS = 1_800_000_000_000


def data(**changes: Any) -> dict[str, Any]:
    body = {"tenant": "acme", "object": "ticket", "record": "35436", "sequence": 7, "fields": {"status": "open"}}
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


def event(**changes: Any) -> dict[str, Any]:
    attributes = {
        "specversion": "1.0",
        "id": "01J",
        "source": "/integrations/zendesk",
        "type": UPSERTED,
        "time": "2026-11-23T09:30:00.5Z",
        "datacontenttype": "application/json",
        "data": data(),
    }
    return {name: value for name, value in {**attributes, **changes}.items() if value is not ...}


def merge(**changes: Any) -> dict[str, Any]:
    return data(object="contact", record="c-7", fields=..., **changes)


def refused(body: Any) -> Refused:
    with pytest.raises(NotAdmitted) as caught:
        read_structured(body, RECEIVED_MS)
    return caught.value.refused


READ = RecordEvent(
    id="01J",
    source="/integrations/zendesk",
    kind=EventKind.UPSERT,
    time_ms=1_795_426_200_500,
    tenant="acme",
    object="ticket",
    record="35436",
    sequence=7,
    fields={"status": "open"},
    relationships={},
    external_ids=None,
)
BINARY = [
    ("ce_specversion", b"1.0"),
    ("ce_id", b"01J"),
    ("ce_source", b"/integrations/zendesk"),
    ("ce_type", UPSERTED.encode()),
    ("ce_time", b"2026-11-23T09:30:00.5Z"),
    ("content-type", b"application/json"),
]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (event(), [("content-type", b"application/cloudevents+json")]),
        (event(), [("Content-Type", b"Application/CloudEvents+JSON; charset=UTF-8")]),
        (event(), []),
        (event(), [("traceparent", b"00-x"), ("content-type", b"application/json")]),
        (event(), [("content-type", b"application/cloudevents+json"), ("ce_id", b"another")]),
        (event(subject="35436", dataschema="/x", anextension=5), []),
        (data(), BINARY),
        (data(), [(name.upper(), value) for name, value in BINARY]),
        (data(), [*BINARY, ("ce_subject", "é".encode()), ("other", None)]),
        (data(), [("ce_id", b"the last header of a name counts"), *BINARY]),
    ],
)
def test_structured_and_binary_mode_read_the_same(body: Any, headers: list[tuple[str, bytes | None]]) -> None:
    assert read_kafka(orjson.dumps(body), headers, RECEIVED_MS) == READ


@pytest.mark.parametrize("time", [..., None])
def test_an_event_without_a_time_has_the_time_of_its_arrival(time: Any) -> None:
    assert read_structured(event(time=time), RECEIVED_MS).time_ms == RECEIVED_MS


@pytest.mark.parametrize(
    ("sequence", "read"), [(..., 0), (None, 0), (0, 0), (-3, -3), (2**53, 2**53), (-(2**53), -(2**53))]
)
def test_no_sequence_counts_as_zero(sequence: Any, read: int) -> None:
    assert read_structured(event(data=data(sequence=sequence)), RECEIVED_MS).sequence == read


def test_a_deletion_names_its_record_and_nothing_else() -> None:
    read = read_structured(event(type=DELETED, data=data(fields=..., sequence=...)), RECEIVED_MS)
    assert (read.kind, read.record, read.fields) == (EventKind.DELETE, "35436", {})


@pytest.mark.parametrize(
    ("named", "read"), [({}, None), ({"merged_into": None}, None), ({"merged_into": "c-9"}, "c-9")]
)
def test_the_deletion_of_a_contact_names_the_one_that_it_was_merged_into(
    named: dict[str, Any], read: str | None
) -> None:
    assert read_structured(event(type=DELETED, data=merge(**named)), RECEIVED_MS).merged_into == read


def test_an_event_of_a_contact_carries_its_foreign_ids() -> None:
    read = read_structured(event(data=data(object="contact", external_ids=["zendesk:88"])), RECEIVED_MS)
    assert read.external_ids == ["zendesk:88"]


@pytest.mark.parametrize(
    ("type_", "kind"), [(UPSERTED, EventKind.UPSERT), (PATCHED, EventKind.PATCH), (DELETED, EventKind.DELETE)]
)
def test_the_type_says_what_an_event_does_to_its_record(type_: str, kind: EventKind) -> None:
    assert read_structured(event(type=type_), RECEIVED_MS).kind is kind


@pytest.mark.parametrize(("named", "read"), [({}, None), ({"external_ids": None}, []), ({"external_ids": []}, [])])
def test_naming_no_foreign_id_is_not_the_same_as_not_naming_them(named: dict[str, Any], read: list[str] | None) -> None:
    assert read_structured(event(data=data(object="contact", **named)), RECEIVED_MS).external_ids == read


@pytest.mark.parametrize("name", ["fields", "relationships", "external_ids"])
def test_an_absent_part_is_an_empty_one(name: str) -> None:
    read = read_structured(event(data=data(**{name: None})), RECEIVED_MS)
    assert not getattr(read, name)


_DEEP = b"[" * 900 + b"]" * 900
REFUSED: list[tuple[Any, str, str]] = [
    ([], "not_cloudevent", ""),
    ([event()], "not_cloudevent", ""),
    ("text", "not_cloudevent", ""),
    (None, "not_cloudevent", ""),
    ({}, "not_cloudevent", "/specversion"),
    (event(specversion="0.3"), "not_cloudevent", "/specversion"),
    (event(specversion=1.0), "not_cloudevent", "/specversion"),
    (event(id=...), "not_cloudevent", "/id"),
    (event(id=""), "not_cloudevent", "/id"),
    (event(id=17), "not_cloudevent", "/id"),
    (event(id="x" * 257), "too_long", "/id"),
    (event(source=...), "not_cloudevent", "/source"),
    (event(source=""), "not_cloudevent", "/source"),
    (event(source="x" * 257), "too_long", "/source"),
    (event(type=...), "not_cloudevent", "/type"),
    (event(type=orjson.loads(_DEEP)), "not_cloudevent", "/type"),
    (event(type="com.example.other"), "not_cloudevent", "/type"),
    (event(type="crosslook.record.upserted.v2"), "not_cloudevent", "/type"),
    (event(data=...), "wrong_type", "/data"),
    (event(data="text"), "wrong_type", "/data"),
    (event(data=[]), "wrong_type", "/data"),
    (event(data=data(feilds={})), "unknown_field", "/data/feilds"),
    (event(data=data(**{"a/b~c": 1})), "unknown_field", "/data/a~1b~0c"),
    (event(data=data(tenant=...)), "required_missing", "/data/tenant"),
    (event(data=data(tenant="")), "required_missing", "/data/tenant"),
    (event(data=data(tenant=5)), "wrong_type", "/data/tenant"),
    (event(data=data(tenant="t" * 64)), "too_long", "/data/tenant"),
    (event(data=data(object=None)), "required_missing", "/data/object"),
    (event(data=data(object=["ticket"])), "wrong_type", "/data/object"),
    (event(data=data(object="o" * 64)), "too_long", "/data/object"),
    (event(data=data(record=...)), "required_missing", "/data/record"),
    (event(data=data(record=35436)), "wrong_type", "/data/record"),
    (event(data=data(record="r" * 201)), "too_long", "/data/record"),
    (event(time="yesterday"), "wrong_type", "/time"),
    (event(time=""), "wrong_type", "/time"),
    (event(time=1_700_000_000), "wrong_type", "/time"),
    (event(time="2026-12-31T23:59:60Z"), "out_of_range", "/time"),
    (event(time="1899-12-31T00:00:00Z"), "out_of_range", "/time"),
    (event(data=data(sequence="7")), "wrong_type", "/data/sequence"),
    (event(data=data(sequence=7.0)), "wrong_type", "/data/sequence"),
    (event(data=data(sequence=True)), "wrong_type", "/data/sequence"),
    (event(data=data(sequence=2**53 + 1)), "out_of_range", "/data/sequence"),
    (event(data=data(fields=[])), "wrong_type", "/data/fields"),
    (event(data=data(relationships="x")), "wrong_type", "/data/relationships"),
    (event(data=data(external_ids={})), "wrong_type", "/data/external_ids"),
    (event(data=merge(merged_into="c-9")), "unknown_field", "/data/merged_into"),
    (event(data=merge(merged_into=None)), "unknown_field", "/data/merged_into"),
    (event(type=PATCHED, data=merge(merged_into="c-9")), "unknown_field", "/data/merged_into"),
    (event(type=DELETED, data=data(merged_into="35437")), "unknown_field", "/data/merged_into"),
    (event(type=DELETED, data=merge(merged_into="")), "wrong_type", "/data/merged_into"),
    (event(type=DELETED, data=merge(merged_into=" ")), "wrong_type", "/data/merged_into"),
    (event(type=DELETED, data=merge(merged_into=9)), "wrong_type", "/data/merged_into"),
    (event(type=DELETED, data=merge(merged_into="c" * 201)), "too_long", "/data/merged_into"),
    (event(type=DELETED, data=merge(merged_into="c-7")), "out_of_range", "/data/merged_into"),
]


@pytest.mark.parametrize(("body", "code", "where"), REFUSED)
def test_what_is_no_record_event_is_refused_at_its_place(body: Any, code: str, where: str) -> None:
    problem = refused(body).problem
    assert (problem.code, problem.pointer) == (code, where)
    assert problem.message("en")
    assert problem.message("fr")


@pytest.mark.parametrize("size", [1, 200])
def test_a_record_id_has_one_to_two_hundred_characters(size: int) -> None:
    assert read_structured(event(data=data(record="é" * size)), RECEIVED_MS).record == "é" * size


def test_misspelt_members_get_a_suggestion() -> None:
    assert refused(event(data=data(feilds={}))).problem.suggested() == "fields"
    assert refused(event(type="crosslook.record.upsert.v1")).problem.suggested() == UPSERTED


def test_what_is_readable_of_a_refused_event_is_kept_to_find_it_by() -> None:
    found = refused(event(specversion="0.3", data=data(object=5, record="r" * 300)))
    assert (found.tenant, found.object, found.source, found.event_id) == ("acme", "", "/integrations/zendesk", "01J")
    assert found.record == "r" * 256


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "not_json"),
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b'{"specversion": NaN}', "not_json"),
        (b'{"a": "\\ud800"}', "wrong_type"),
        (b'{"a": "\xed\xa0\x80"}', "not_json"),
        (b'{"a": 1e999}', "out_of_range"),
        (b"[" * 100_000, "not_json"),
        (b"x" * (1024 * 1024 + 1), "too_large"),
    ],
)
def test_bytes_that_are_no_event_are_refused(value: bytes | None, code: str) -> None:
    with pytest.raises(NotAdmitted) as caught:
        read_kafka(value, [], RECEIVED_MS)
    assert caught.value.refused.problem.code == code
    assert caught.value.refused.problem.message("fr")


def test_an_event_may_have_exactly_one_mebibyte() -> None:
    raw = orjson.dumps(event(data=data(fields={"note": ""})))
    full = raw.replace(b'"note":""', b'"note":"' + b"x" * (1024 * 1024 - len(raw)) + b'"')
    assert len(full) == 1024 * 1024
    assert read_kafka(full, [], RECEIVED_MS).record == "35436"
    with pytest.raises(NotAdmitted):
        read_kafka(full + b" ", [], RECEIVED_MS)


def test_the_last_of_two_equal_keys_counts() -> None:
    raw = orjson.dumps(event()).replace(b'"id":"01J"', b'"id":"first","id":"01J"')
    assert read_kafka(raw, [], RECEIVED_MS) == READ


def test_a_zero_character_is_a_character() -> None:
    assert read_structured(event(data=data(record="a\u0000b")), RECEIVED_MS).record == "a\u0000b"


@pytest.mark.parametrize("broken", [b"\xff", b"\xed\xa0\x80", None])
def test_an_attribute_that_is_no_text_is_refused(broken: bytes | None) -> None:
    headers = [(name, broken if name == "ce_id" else value) for name, value in BINARY]
    with pytest.raises(NotAdmitted) as caught:
        read_kafka(orjson.dumps(data()), headers, RECEIVED_MS)
    assert (caught.value.refused.problem.code, caught.value.refused.problem.pointer) == ("not_cloudevent", "/id")


_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["ce_id", "CE_Source", "ce_type", "ce_time", "ce_specversion", "content-type", "x"]),
        st.none() | st.binary(max_size=30) | st.sampled_from([b"1.0", UPSERTED.encode(), b"application/cloudevents"]),
    ),
    max_size=7,
)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_MUTANT = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("specversion", "id", "source", "type", "time", "data"), _JSON)
)
_MUTANT_DATA = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("tenant", "object", "record", "sequence", "fields", "external_ids", "x"), _JSON)
)


@given(st.none() | st.binary(max_size=200), _HEADERS)
def test_rubbish_is_never_worse_than_not_admitted(value: bytes | None, headers: list[tuple[str, bytes | None]]) -> None:
    with contextlib.suppress(NotAdmitted):
        assert read_kafka(value, headers, RECEIVED_MS).record


@given(_MUTANT, _MUTANT_DATA)
def test_a_mutated_event_is_never_worse_than_not_admitted(mutant: dict[str, Any], inner: dict[str, Any]) -> None:
    for body in ({**event(), **mutant}, event(data={**data(), **inner})):
        with contextlib.suppress(NotAdmitted):
            read = read_structured(body, RECEIVED_MS)
            assert type(read.time_ms) is type(read.sequence) is int
            assert 1 <= len(read.record) <= 200
