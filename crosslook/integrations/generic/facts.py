"""What one message states: the values at the places that the options name, and when they were true.

A fact keeps what was found, by place; what it means is decided by the fold. So a changed label, replacement or type of
a field counts for everything that was ever received, and only a new place needs the messages again (replay).
"""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.ids import RECORD_ID_MAX
from crosslook.contracts.problems import Problem
from crosslook.contracts.references import REFERENCES_MAX
from crosslook.contracts.values import TEXT_MAX, TEXTAREA_MAX, BadValue
from crosslook.integrations.generic.mapping import WebhookMapping, generic_mapping
from crosslook.integrations.generic.sources import ABSENT, ValueSource
from crosslook.integrations.generic.texts import VendorInstant, scalar_text, vendor_instant
from crosslook.integrations.interface import Fact, Unmappable, WebhookMessage

MESSAGE_KIND = "message"
_EVENT_MAX = 100
_SEQUENCES = 9 * 10**12
"""Sequence numbers below one nanosecond: together with 999,999 of these they fit into 63 bits."""


def webhook_facts(message: WebhookMessage) -> Sequence[Fact]:
    """The one fact of a message, none for a message that the options ignore. Raises Unmappable."""
    mapping = generic_mapping(message.connection.options)
    body = _body(message.body)
    tests = _scalars(mapping, body, message)
    if mapping.unread(tests):
        return ()
    record = _record(mapping, body, message)
    values = {**tests, **_values(mapping, body, message, record)}
    moment = _moment(mapping, body, message, record, deletes=mapping.deletes(values))
    order = _order(mapping, body, message, record)
    event = _event(mapping, body, message)
    data = {"event": event, "values": values, **({} if moment else {"untimed": True})}
    return (
        Fact(
            record=record,
            key=f"{event}~{_digest(orjson.dumps(sorted(values)))[:8]}",
            kind=MESSAGE_KIND,
            time_ms=moment.time_ms if moment else message.received_ms,
            data=data,
            order=(moment.nanoseconds if moment else 0) * _SEQUENCES + order,
        ),
    )


def _body(body: bytes) -> Any:
    try:
        return exact_json.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unmappable(Problem("not_json", text="not_json.webhook", values={"reason": error.msg})) from None


def _record(mapping: WebhookMapping, body: Any, message: WebhookMessage) -> str:
    found = mapping.record.find(body, message.headers)
    if isinstance(found, dict | list):
        raise Unmappable(_wrong(mapping.record, "wrong_type.webhook_value"))
    text = scalar_text(found)
    if not text:
        raise Unmappable(_missing(mapping.record))
    if len(text) > RECORD_ID_MAX:
        raise Unmappable(Problem("too_long", mapping.record.pointer or "", values={"limit": RECORD_ID_MAX}))
    return text


def _scalars(mapping: WebhookMapping, body: Any, message: WebhookMessage) -> dict[str, Any]:
    """What the message has at the places that say what it means; an object or a list equals nothing."""
    found = {source.address or "": source.find(body, message.headers) for source in mapping.tests()}
    return {
        address: value
        for address, value in found.items()
        if value is not ABSENT and not isinstance(value, dict | list) and len(scalar_text(value)) <= TEXT_MAX
    }


def _values(mapping: WebhookMapping, body: Any, message: WebhookMessage, record: str) -> dict[str, Any]:
    """What the message has at the places of fields and relationships, without those where it has nothing."""
    values: dict[str, Any] = {}
    for source in mapping.contents():
        address = source.address
        if address is None or address in values:
            continue
        found = source.find(body, message.headers)
        if found is not ABSENT:
            values[address] = _storable(source, found, record)
    return values


def _storable(source: ValueSource, found: Any, record: str) -> Any:
    """A value, or a list of values, of bounded size. Raises Unmappable for objects: a place inside them is meant."""
    if isinstance(found, list):
        return [_storable_scalar(source, item, record) for item in found[:REFERENCES_MAX]]
    return _storable_scalar(source, found, record)


def _storable_scalar(source: ValueSource, found: Any, record: str) -> Any:
    if isinstance(found, dict | list):
        raise Unmappable(_wrong(source, "wrong_type.webhook_value"), record)
    return found[:TEXTAREA_MAX] if isinstance(found, str) else found


def _moment(
    mapping: WebhookMapping, body: Any, message: WebhookMessage, record: str, *, deletes: bool
) -> VendorInstant | None:
    """Since when it is true; None where the vendor does not say: of every message, or of a deletion."""
    if mapping.time is None:
        return None
    found = mapping.time.find(body, message.headers)
    if found is ABSENT or found is None or found == "":
        if deletes:
            return None
        raise Unmappable(_missing(mapping.time), record)
    try:
        return vendor_instant(found)
    except BadValue as error:
        raise Unmappable(
            Problem(error.code, mapping.time.pointer or "", text=error.text, values=error.values), record
        ) from None


def _order(mapping: WebhookMapping, body: Any, message: WebhookMessage, record: str) -> int:
    """What orders messages of one time; 0 where the options or the message do not say."""
    if mapping.sequence is None:
        return 0
    found = mapping.sequence.find(body, message.headers)
    if mapping.sequence.values is not None:
        found = mapping.sequence.values.get(scalar_text(found), 0)
    if found is ABSENT or found is None:
        return 0
    text = scalar_text(found)
    if not (text.isascii() and text.isdecimal() and len(text) <= 13 and int(text) < _SEQUENCES):
        raise Unmappable(_wrong(mapping.sequence, "wrong_type.webhook_sequence"), record)
    return int(text)


def _event(mapping: WebhookMapping, body: Any, message: WebhookMessage) -> str:
    """The vendor's name of the event, so that a repeat is the same fact; a hash of the body where there is none."""
    text = "" if mapping.event is None else scalar_text(mapping.event.find(body, message.headers))
    if text and len(text) <= _EVENT_MAX:
        return text
    return _digest(text.encode() or message.body)[:32]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _missing(source: ValueSource) -> Problem:
    return Problem("required_missing", source.pointer or "", values={"name": source.address or ""})


def _wrong(source: ValueSource, text: str) -> Problem:
    return Problem("wrong_type", source.pointer or "", text=text, values={"place": source.address or ""})
