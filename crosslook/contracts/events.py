"""Record events on the wire: CloudEvents 1.0 in structured and binary mode (CONTRACTS 3; Kafka binding 1.0.3)."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.ids import CONTACT, EVENT_ID_MAX, RECORD_ID_MAX, SLUG_MAX
from crosslook.contracts.odd_json import odd_places, read_odd, without_half_pairs
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.records import EventKind, RecordEvent, Refused
from crosslook.contracts.suggestions import guess
from crosslook.contracts.values import MAX_INTEGER, BadValue, instant_ms

UPSERTED = "crosslook.record.upserted.v1"
PATCHED = "crosslook.record.patched.v1"
DELETED = "crosslook.record.deleted.v1"
STRUCTURED = "application/cloudevents+json"
MAX_EVENT_BYTES = 1024 * 1024

KINDS: dict[str, EventKind] = {UPSERTED: EventKind.UPSERT, PATCHED: EventKind.PATCH, DELETED: EventKind.DELETE}
"""What an event of each type does to its record."""

_DATA = frozenset({"tenant", "object", "record", "sequence", "fields", "relationships", "external_ids", "merged_into"})
_ATTRIBUTES = ("id", "source", "type")
_IDENTITY = (("tenant", SLUG_MAX), ("object", SLUG_MAX), ("record", RECORD_ID_MAX))


class NotAdmitted(Exception):
    """Carries a `Refused` from the code that found the problem to the caller."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.problem.code)
        self.refused = refused


def read_kafka(value: bytes | None, headers: Iterable[tuple[str, bytes | None]], received_ms: int) -> RecordEvent:
    """The event a Kafka message carries. A content type `application/cloudevents…` means structured mode, `ce_`
    headers binary mode; a bare JSON event without either is taken as structured. Raises NotAdmitted."""
    if value is not None and len(value) > MAX_EVENT_BYTES:
        raise NotAdmitted(Refused(Problem("too_large", values={"limit": MAX_EVENT_BYTES})))
    attributes = read_headers(headers)
    body = _parse(value, attributes)
    return read_structured(body, received_ms) if attributes is None else _read(attributes, body, received_ms)


def read_headers(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, Any] | None:
    """The attributes of an event in binary mode; None when its headers mean structured mode. Raises NotAdmitted."""
    attributes: dict[str, Any] = {}
    structured = False
    for name, raw in headers:
        lowered = name.lower()
        if lowered == "content-type" and raw is not None:
            structured = raw[:23].lower() == b"application/cloudevents"
        elif lowered.startswith("ce_"):
            attributes[lowered[3:]] = _text(lowered[3:], raw)
    return None if structured or not attributes else attributes


def read_structured(body: Any, received_ms: int) -> RecordEvent:
    """The event of a structured CloudEvent already parsed from JSON. Raises NotAdmitted."""
    if type(body) is not dict:
        raise NotAdmitted(Refused(Problem("not_cloudevent", values={"name": "specversion"})))
    return _read(body, body.get("data"), received_ms)


def read_data(data: Any, event_id: str, source: str, kind: EventKind, time_ms: int) -> RecordEvent:
    """The event of data whose envelope is known to be right, because it is our own. Raises NotAdmitted."""
    try:
        _record(data)
        return _record_event(data, event_id, source, kind, time_ms)
    except _Wrong as wrong:
        raise NotAdmitted(Refused(wrong.problem, **_identity({"id": event_id, "source": source}, data))) from None


def _text(name: str, raw: bytes | None) -> str | None:
    """A header's value; strictly, because two ids that differ in unreadable bytes must not become one."""
    try:
        return raw.decode() if raw is not None else None
    except UnicodeDecodeError:
        raise NotAdmitted(Refused(Problem("not_cloudevent", pointer(name), values={"name": name[:100]}))) from None


def refuse_odd(event: Any, problem: Problem) -> Refused:
    """The refusal of an event, in structured mode, that holds what `odd_json` tells of: `problem`."""
    body = event if type(event) is dict else {}
    return _refuse_odd(body, body.get("data"), problem)


def _refuse_odd(attributes: dict[str, Any], data: Any, problem: Problem) -> Refused:
    named = _identity(attributes, data)
    return Refused(problem, **{name: without_half_pairs(text) for name, text in named.items()})


def _parse(value: bytes | None, attributes: dict[str, Any] | None) -> Any:
    if value is None:
        raise NotAdmitted(Refused(Problem("not_json", text="not_json.event", values={"reason": "no data"})))
    try:
        return exact_json.loads(value)
    except orjson.JSONDecodeError as error:
        raise NotAdmitted(_unparsed(value, attributes, error.msg)) from None


def _unparsed(value: bytes, attributes: dict[str, Any] | None, reason: str) -> Refused:
    try:
        body = read_odd(value)
    except (ValueError, RecursionError):
        body = None
    problem = next(odd_places(body), None)
    if problem is None:
        return Refused(Problem("not_json", text="not_json.event", values={"reason": reason[:200]}))
    if attributes is None:
        return refuse_odd(body, problem)
    return _refuse_odd(attributes, body, replace(problem, pointer=pointer("data") + problem.pointer))


def _read(attributes: dict[str, Any], data: Any, received_ms: int) -> RecordEvent:
    try:
        kind = _envelope(attributes)
        _record(data)
        time_ms = _time_ms(attributes.get("time"), received_ms)
        return _record_event(data, attributes["id"], attributes["source"], kind, time_ms)
    except _Wrong as wrong:
        raise NotAdmitted(Refused(wrong.problem, **_identity(attributes, data))) from None


def _record_event(data: dict[str, Any], event_id: str, source: str, kind: EventKind, time_ms: int) -> RecordEvent:
    sequence, fields, links = data.get("sequence"), data.get("fields"), data.get("relationships")
    return RecordEvent(
        event_id,
        source,
        kind,
        time_ms,
        data["tenant"],
        data["object"],
        data["record"],
        0 if sequence is None else _sequence(sequence),
        fields if type(fields) is dict else _no_part(fields, "fields"),
        links if type(links) is dict else _no_part(links, "relationships"),
        _external_ids(data["external_ids"]) if "external_ids" in data else None,
        _merged_into(kind, data) if "merged_into" in data else None,
    )


class _Wrong(Exception):
    """The first thing that is wrong with an event."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def _wrong(code: str, where: str, text: str = "", **values: str | int) -> _Wrong:
    return _Wrong(Problem(code, where, text, values))


def _envelope(attributes: dict[str, Any]) -> EventKind:
    if attributes.get("specversion") != "1.0":
        raise _wrong("not_cloudevent", "/specversion", name="specversion")
    for name in _ATTRIBUTES:
        text = attributes.get(name)
        if type(text) is not str or not text:
            raise _wrong("not_cloudevent", f"/{name}", name=name)
        if len(text) > EVENT_ID_MAX:
            raise _wrong("too_long", f"/{name}", limit=EVENT_ID_MAX)
    kind = KINDS.get(attributes["type"])
    if kind is None:
        meant = guess(attributes["type"], KINDS)
        raise _Wrong(Problem("not_cloudevent", "/type", "not_cloudevent.type", {"name": attributes["type"]}, meant))
    return kind


def _record(data: Any) -> None:
    if type(data) is not dict:
        raise _wrong("wrong_type", "/data", "wrong_type.object")
    if not data.keys() <= _DATA:
        raise _stranger(next(name for name in data if name not in _DATA))
    for name, limit in _IDENTITY:
        text = data.get(name)
        if type(text) is not str or not 0 < len(text) <= limit:
            raise _no_identity(name, text, limit)


def _stranger(name: str) -> _Wrong:
    values: dict[str, str | int] = {"name": name[:100], "object": "data"}
    return _Wrong(Problem("unknown_field", pointer("data", name), "", values, guess(name, _DATA)))


def _no_identity(name: str, text: Any, limit: int) -> _Wrong:
    if text is None or text == "":
        return _wrong("required_missing", f"/data/{name}", name=name)
    if type(text) is not str:
        return _wrong("wrong_type", f"/data/{name}", "wrong_type.text")
    return _wrong("too_long", f"/data/{name}", limit=limit)


def _merged_into(kind: EventKind, data: dict[str, Any]) -> str | None:
    """The contact that a deleted one was merged into, by its record id."""
    where = "/data/merged_into"
    if kind is not EventKind.DELETE:
        raise _wrong("unknown_field", where, "unknown_field.merged_into", name="merged_into")
    if data["object"] != CONTACT:
        raise _wrong("unknown_field", where, "unknown_field.merged_object", name="merged_into", object=data["object"])
    merged = data["merged_into"]
    if merged is None:
        return None
    if type(merged) is not str or not merged.strip():
        raise _wrong("wrong_type", where, "wrong_type.merged_into")
    if len(merged) > RECORD_ID_MAX:
        raise _wrong("too_long", where, limit=RECORD_ID_MAX)
    if merged == data["record"]:
        raise _wrong("out_of_range", where, "out_of_range.merged_into", record=merged)
    return merged


def _time_ms(time: Any, received_ms: int) -> int:
    if time is None:
        return received_ms
    try:
        return instant_ms(time)
    except BadValue as bad:
        raise _wrong(bad.code, "/time", bad.text, **bad.values) from None


def _sequence(sequence: Any) -> int:
    beyond = type(sequence) is Decimal and sequence == sequence.to_integral_value() and abs(sequence) > MAX_INTEGER
    if beyond or (type(sequence) is int and abs(sequence) > MAX_INTEGER):
        raise _wrong("out_of_range", "/data/sequence", limit="±2^53")
    if type(sequence) is not int:
        raise _wrong("wrong_type", "/data/sequence", "wrong_type.integer")
    return sequence


def _no_part(sent: Any, name: str) -> dict[str, Any]:
    """What stands for a part that is null or not there."""
    if sent is not None:
        raise _wrong("wrong_type", f"/data/{name}", "wrong_type.object")
    return {}


def _external_ids(sent: Any) -> list[Any]:
    if sent is not None and type(sent) is not list:
        raise _wrong("wrong_type", "/data/external_ids", "wrong_type.array")
    return sent or []


def _identity(attributes: dict[str, Any], data: Any) -> dict[str, str]:
    """What is readable of an event that may be refused, so that its quarantine row can be found by it."""
    body = data if type(data) is dict else {}
    named = {name: body.get(name) for name in ("tenant", "object", "record")}
    named |= {"source": attributes.get("source"), "event_id": attributes.get("id")}
    return {name: value[:EVENT_ID_MAX] if type(value) is str else "" for name, value in named.items()}
