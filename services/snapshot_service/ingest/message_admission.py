"""Admits Kafka messages: ordinary events on a fast path, all others by `read_kafka` and `Admission`.

The fast path admits an event or leaves it to the other one; it refuses nothing. So one piece of code finds the problems
of an event, and tests prove that both paths admit the same, to the byte
(tests/unit/snapshot_service/test_message_admission.py).
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol
from weakref import WeakValueDictionary

from msgspec import MsgspecError, Struct, convert
from msgspec.json import Decoder, Encoder

from crosslook.contracts.admission import EMPTY_JSON, FUTURE_TOLERANCE_MS, Admission, SchemaLookup
from crosslook.contracts.events import MAX_EVENT_BYTES, STRUCTURED, UPSERTED, NotAdmitted, read_headers, read_kafka
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.records import Admitted, EventKind, Refused
from crosslook.contracts.references import REFERENCES_MAX, distinct, reference
from crosslook.contracts.schemas import FieldDef, SchemaState
from crosslook.contracts.values import instant_ms
from services.snapshot_service.ingest.event_decoder import Data, Envelope, EventDecoder

DECODERS_MAX = 500
"""So many decoders at once, 10 to 65 KiB each; objects with further sets of fields take the ordinary path."""


class KafkaMessage(Protocol):
    """A Kafka message. `timestamp`: the broker's append time, milliseconds since the epoch."""

    @property
    def key(self) -> bytes | None:
        """What the message is partitioned by."""

    @property
    def value(self) -> bytes | None:
        """The body."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Names and values as they were sent."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since the epoch."""


class _Named(Struct, gc=False):
    """What an event is about. It is read by skipping the rest, so nothing is believed that only this has seen."""

    tenant: str
    object: str


class _Head(Struct, gc=False):
    data: _Named


class _NotOrdinary(Exception):
    """An event that the ordinary path must decide."""


_DECLINED = (_NotOrdinary, NotAdmitted, MsgspecError, ValueError, RecursionError)
_STRUCTURED_HEADERS = (("content-type", STRUCTURED.encode()),)
_head = Decoder(_Head).decode
_named = Decoder(_Named).decode
_encode = Encoder().encode


class _Target(NamedTuple):
    """An object whose events may take the fast path, as of one state of its schema."""

    tenant: str
    object: str
    version: int
    decoder: EventDecoder
    relationships: frozenset[str]
    is_contact: bool


_Key = tuple[bytes, ...]
_Targets = dict[_Key, _Target]
_UPSERT = EventKind.UPSERT  # a member of an enumeration is looked up in 0.1 µs each time


class MessageAdmission:
    """Admits Kafka messages against a schema view. No I/O, no clock: a message's append time stands for "now", so that
    a second decision is the same."""

    def __init__(self, schemas: SchemaLookup) -> None:
        self._schemas = schemas
        self._admission = Admission(schemas)
        self._known: dict[_Key, tuple[SchemaState, _Target | None]] = {}
        self._decoders: WeakValueDictionary[tuple[FieldDef, ...], EventDecoder] = WeakValueDictionary()

    def admit_all(self, messages: Iterable[KafkaMessage]) -> list[Admitted | Refused]:
        """Decide messages, by the schemas as they are now; never raises for anything that they can hold."""
        now: _Targets = {}
        return [self._fast(message, now) or self._ordinary(message) for message in messages]

    def admit_fast(self, message: KafkaMessage) -> Admitted | None:
        """What `admit_all` returns for an ordinary event; None for any other message."""
        return self._fast(message, {})

    def _ordinary(self, message: KafkaMessage) -> Admitted | Refused:
        try:
            event = read_kafka(message.value, message.headers, message.timestamp)
        except NotAdmitted as error:
            return error.refused
        return self._admission.admit(event, message.timestamp)

    def _fast(self, message: KafkaMessage, now: _Targets) -> Admitted | None:
        value, headers = message.value, message.headers
        if value is None or len(value) > MAX_EVENT_BYTES:
            return None
        try:
            if headers != _STRUCTURED_HEADERS and (attributes := read_headers(headers)) is not None:
                return self._binary(message, value, attributes, now)
            target = now.get(_hint(message.key)) or self._target(_head(value).data, now)
            event = target.decoder.structured.decode(value)
            return _admitted(event, event.data, target, message.timestamp)
        except _DECLINED:
            return None

    def _binary(
        self, message: KafkaMessage, value: bytes, attributes: dict[str, Any], now: _Targets
    ) -> Admitted | None:
        if attributes.get("type") != UPSERTED:
            return None
        target = now.get(_hint(message.key)) or self._target(_named(value), now)
        event, data = convert(attributes, Envelope), target.decoder.binary.decode(value)
        return _admitted(event, data, target, message.timestamp)

    def _target(self, named: _Named, now: _Targets) -> _Target:
        state = self._schemas.schema(named.tenant, named.object)
        if state is None or not self._schemas.tenant_known(named.tenant):
            raise _NotOrdinary
        key = (named.tenant.encode(), named.object.encode())
        known, target = self._known.get(key, (None, None))
        if known is not state:
            target = self._new_target(state)
            self._known[key] = state, target  # also that there is none: finding that out takes long
        if target is None:
            raise _NotOrdinary
        now[key] = target
        return target

    def _new_target(self, state: SchemaState) -> _Target | None:
        definition = state.definition
        decoder = self._decoder(definition.fields) if definition is not None else None
        if definition is None or decoder is None:
            return None
        relationships = frozenset(definition.relationship_by_slug)
        is_contact = definition.object == CONTACT
        return _Target(state.tenant, state.object, state.version, decoder, relationships, is_contact)

    def _decoder(self, fields: tuple[FieldDef, ...]) -> EventDecoder | None:
        decoder = self._decoders.get(fields)
        if decoder is None and len(self._decoders) < DECODERS_MAX:
            try:
                decoder = self._decoders[fields] = EventDecoder(fields)
            except ValueError:
                return None
        return decoder


def _hint(key: bytes | None) -> _Key:
    """The object that a message is about by its key. It is only a hint: the event itself names its object."""
    return tuple(key.split(b"/", 2)[:2]) if key else ()


def _admitted(event: Envelope, data: Data, target: _Target, received_ms: int) -> Admitted:
    time = event.time
    time_ms = received_ms if time is None else instant_ms(time)
    if data.tenant != target.tenant or data.object != target.object or time_ms > received_ms + FUTURE_TOLERANCE_MS:
        raise _NotOrdinary
    relationships, external_ids = data.relationships, data.external_ids
    return Admitted(
        target.tenant,
        target.object,
        data.record,
        _UPSERT,
        time_ms,
        data.sequence or 0,
        event.source,
        event.id,
        target.version,
        _fields(data.fields, target.decoder),
        _references(relationships, target.relationships) if relationships else EMPTY_JSON,
        _external_ids(external_ids, target) if external_ids else [],
    )


def _fields(fields: Any, decoder: EventDecoder) -> bytes:
    if fields is None:
        return EMPTY_JSON
    for member, conversion in decoder.conversions:
        value = getattr(fields, member)
        if value is not None:
            setattr(fields, member, conversion(value))
    for member in decoder.required:
        if getattr(fields, member) is None:
            raise _NotOrdinary
    return _encode(fields)


def _references(sent: dict[str, list[dict[str, str]] | None], known: frozenset[str]) -> bytes:
    named: dict[str, list[str]] = {}
    for slug, contacts in sent.items():
        if slug not in known:
            raise _NotOrdinary
        if not contacts:
            continue
        if len(contacts) == 1:
            named[slug] = [reference(contacts[0])]
        elif len(contacts) <= REFERENCES_MAX:
            named[slug] = distinct([reference(contact) for contact in contacts])
        else:
            raise _NotOrdinary
    return _encode(named)


def _external_ids(sent: list[str], target: _Target) -> list[str]:
    if not target.is_contact or len(sent) > REFERENCES_MAX or not all(map(str.strip, sent)):
        raise _NotOrdinary
    return distinct(sent)
