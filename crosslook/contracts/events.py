"""Record events on the wire: CloudEvents 1.0 in structured and binary mode (CONTRACTS 3; Kafka binding 1.0.3)."""

from collections.abc import Iterable
from typing import Any

import orjson

from crosslook.contracts.ids import EVENT_ID_MAX, RECORD_ID_MAX
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.records import Kind, RecordEvent, Refused
from crosslook.contracts.values import MAX_INTEGER, BadValue, instant, milliseconds

UPSERTED = "crosslook.record.upserted.v1"
PATCHED = "crosslook.record.patched.v1"
DELETED = "crosslook.record.deleted.v1"
STRUCTURED = "application/cloudevents+json"
MAX_EVENT_BYTES = 1024 * 1024

KINDS: dict[str, Kind] = {UPSERTED: Kind.UPSERT, DELETED: Kind.DELETE}
"""The types that are taken. `crosslook.record.patched.v1` joins with the refresh that can apply it: until then it
waits in quarantine, where it can be replayed from, instead of being staged and silently left out."""

_DATA = frozenset({"tenant", "object", "record", "sequence", "fields", "relationships", "external_ids"})
_ATTRIBUTES = ("specversion", "id", "source", "type", "time")


class NotAdmitted(Exception):
    """Carries the `Refused` from the place that found the problem to the function that answers it."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.problem.code)
        self.refused = refused


def read_kafka(value: bytes | None, headers: Iterable[tuple[str, bytes | None]], received_ms: int) -> RecordEvent:
    """The event a Kafka message carries. A content type `application/cloudevents…` means structured mode, `ce_`
    headers binary mode; a bare JSON event without either is taken as structured. Raises NotAdmitted."""
    if value is not None and len(value) > MAX_EVENT_BYTES:
        raise NotAdmitted(Refused(Problem("too_large", values={"limit": MAX_EVENT_BYTES})))
    attributes: dict[str, Any] = {}
    structured = False
    for name, raw in headers:
        lowered = name.lower()
        if lowered.startswith("ce_"):
            attributes[lowered[3:]] = raw.decode("utf-8", "replace") if raw is not None else ""
        elif lowered == "content-type" and raw is not None:
            structured = raw[:23].lower() == b"application/cloudevents"
    body = _parse(value)
    if structured or not attributes:
        return read_structured(body, received_ms)
    return _read(attributes, body, received_ms)


def read_structured(body: Any, received_ms: int) -> RecordEvent:
    """The event of a structured CloudEvent already parsed from JSON. Raises NotAdmitted."""
    if type(body) is not dict:
        raise NotAdmitted(Refused(Problem("not_cloudevent", values={"name": "specversion"})))
    return _read(body, body.get("data"), received_ms)


def _parse(value: bytes | None) -> Any:
    if value is None:
        raise NotAdmitted(Refused(Problem("not_json", text="not_json.event", values={"reason": "no data"})))
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        problem = Problem("not_json", text="not_json.event", values={"reason": error.msg[:200]})
        raise NotAdmitted(Refused(problem)) from None


def _read(attributes: dict[str, Any], data: Any, received_ms: int) -> RecordEvent:
    known = _identity(attributes, data)

    def refuse(code: str, where: str, text: str = "", **values: str | int) -> NotAdmitted:
        return NotAdmitted(Refused(Problem(code, where, text, values), **known))

    if attributes.get("specversion") != "1.0":
        raise refuse("not_cloudevent", "/specversion", name="specversion")
    for name in ("id", "source"):
        text = attributes.get(name)
        if type(text) is not str or not text:
            raise refuse("not_cloudevent", f"/{name}", name=name)
        if len(text) > EVENT_ID_MAX:
            raise refuse("too_long", f"/{name}", limit=EVENT_ID_MAX)
    kind = KINDS.get(attributes["type"]) if type(attributes.get("type")) is str else None
    if kind is None:
        raise refuse("not_cloudevent", "/type", "not_cloudevent.type", name=str(attributes.get("type"))[:100])
    if type(data) is not dict:
        raise refuse("wrong_type", "/data", "wrong_type.object")
    for name in data.keys() - _DATA:
        raise refuse("unknown_field", pointer("data", name), name=name[:100], object="data")
    for name, limit in (("tenant", 63), ("object", 63), ("record", RECORD_ID_MAX)):
        text = data.get(name)
        if text is None or text == "":
            raise refuse("required_missing", f"/data/{name}", name=name)
        if type(text) is not str:
            raise refuse("wrong_type", f"/data/{name}", "wrong_type.text")
        if len(text) > limit:
            raise refuse("too_long", f"/data/{name}", limit=limit)
    try:
        time_ms = milliseconds(instant(attributes["time"])) if attributes.get("time") is not None else received_ms
    except BadValue as bad:
        raise refuse(bad.code, "/time", bad.text, **bad.values) from None
    sequence = data.get("sequence")
    if sequence is None:
        sequence = 0
    elif type(sequence) is not int:
        raise refuse("wrong_type", "/data/sequence", "wrong_type.integer")
    elif abs(sequence) > MAX_INTEGER:
        raise refuse("out_of_range", "/data/sequence", limit="±2^53")
    fields, relationships, external_ids = (data.get(n) for n in ("fields", "relationships", "external_ids"))
    for name, part, wanted in (("fields", fields, dict), ("relationships", relationships, dict)):
        if part is not None and type(part) is not wanted:
            raise refuse("wrong_type", f"/data/{name}", "wrong_type.object")
    if external_ids is not None and type(external_ids) is not list:
        raise refuse("wrong_type", "/data/external_ids", "wrong_type.array")
    return RecordEvent(
        attributes["id"],
        attributes["source"],
        kind,
        time_ms,
        data["tenant"],
        data["object"],
        data["record"],
        sequence,
        fields or {},
        relationships or {},
        external_ids or [],
    )


def _identity(attributes: dict[str, Any], data: Any) -> dict[str, str]:
    """What is readable of an event that may be refused, so that its quarantine row can be found by it."""
    body = data if type(data) is dict else {}
    named = {name: body.get(name) for name in ("tenant", "object", "record")}
    named |= {"source": attributes.get("source"), "event_id": attributes.get("id")}
    return {name: value[:EVENT_ID_MAX] if type(value) is str else "" for name, value in named.items()}
