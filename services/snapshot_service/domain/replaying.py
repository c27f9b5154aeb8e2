"""What a replay does with a quarantined event: the message to publish again, and the result of admission."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.admission import Admission
from crosslook.contracts.events import MAX_EVENT_BYTES, NotAdmitted, read_kafka
from crosslook.contracts.integrations import RECEIVED_HEADER
from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Quarantined, Refused
from crosslook.contracts.topics import RECORD_MESSAGE_MAX, WEBHOOKS
from services.snapshot_service.domain.diverting import DIVERTED
from services.snapshot_service.domain.limits import Sender

ReplayMessage = tuple[bytes | None, bytes, tuple[tuple[str, bytes], ...]]
"""Key, value, headers."""
RefuseHeld = Callable[["Held", int], Refused | None]
"""How a message of a vendor would be refused now (milliseconds since the epoch); None if it would be mapped."""
_ENVELOPE_BYTES = 64 * 1024
"""Room that the client needs beside what we publish, so that a message it takes is one the broker takes."""
_NOT_WHOLE = ("too_large", "unreadable")
"""Refused because of what is not in quarantine, so that nothing else can be said of them."""


@dataclass(frozen=True, slots=True)
class Held:
    """An event in quarantine. `received_ms`: when the broker appended it, milliseconds since the epoch."""

    id: str
    tenant: str
    code: str
    topic: str
    partition: int
    offset: int
    received_ms: int
    payload: bytes
    headers: tuple[tuple[str, bytes], ...]
    key: bytes | None

    @property
    def fits(self) -> bool:
        """Whether it can be published again; an event that is too large stays refused."""
        size = len(self.payload) + len(self.key or b"") + sum(len(name) + len(value) for name, value in self.headers)
        return len(self.payload) <= MAX_EVENT_BYTES and size <= RECORD_MESSAGE_MAX - _ENVELOPE_BYTES


@dataclass(frozen=True, slots=True)
class Judged:
    """An event with the message that a replay publishes, and how it would be refused, None if it would be admitted."""

    held: Held
    message: ReplayMessage
    refused: Refused | None

    @property
    def recoded(self) -> Quarantined | None:
        """The event as it waits for another reason than the one it is told with; None where that one holds. That its
        sender is diverted passes, so that it takes no other reason's place."""
        held, refused = self.held, self.refused
        if refused is None or refused.problem.code in (held.code, DIVERTED):
            return None
        address = Address(held.topic, held.partition, held.offset, held.received_ms)
        return Quarantined(refused, address, held.payload, held.headers, held.key)


@dataclass(slots=True)
class Tally:
    """How a replay went, or would go: `matched` events are those that were published again (in a dry run: would be),
    `moved`, and those that stay, `refused` by code."""

    matched: int = 0
    moved: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def judge(self, events: Sequence[Judged]) -> None:
        """Count a batch's verdicts."""
        self.matched += len(events)
        self.refused.update(event.refused.problem.code for event in events if event.refused is not None)

    def by_code(self) -> list[dict[str, Any]]:
        """What is still refused, the most frequent first."""
        ordered = sorted(self.refused.items(), key=lambda item: (-item[1], item[0]))
        return [{"code": code, "count": count} for code, count in ordered]


def message_of(held: Held) -> ReplayMessage:
    """The message to publish: the original bytes, key and headers. An event without a time means the moment of its
    first arrival, so that moment is written into it; else a replay would make an old event a new one."""
    time = datetime.fromtimestamp(held.received_ms / 1000, UTC).isoformat(timespec="milliseconds")
    stamp = time.replace("+00:00", "Z").encode()
    attributes = {name.lower() for name, _ in held.headers}
    structured = any(
        name.lower() == "content-type" and value[:23].lower() == b"application/cloudevents"
        for name, value in held.headers
    )
    if structured or not any(name.startswith("ce_") for name in attributes):
        return held.key, _with_time(held.payload, stamp), held.headers
    added = () if "ce_time" in attributes else (("ce_time", stamp),)
    return held.key, held.payload, (*held.headers, *added)


def vendor_message_of(held: Held) -> ReplayMessage:
    """The message of a vendor to publish: the original bytes, key and headers, and when it arrived, so that a mapper
    reads the same from it."""
    if any(name == RECEIVED_HEADER for name, _ in held.headers):
        return held.key, held.payload, held.headers
    return held.key, held.payload, (*held.headers, (RECEIVED_HEADER, str(held.received_ms).encode()))


def judged(
    admission: Admission,
    held: Iterable[Held],
    now_ms: int,
    diverted: Collection[Sender] = (),
    refuse: RefuseHeld | None = None,
) -> list[Judged]:
    """What would become of each event if it arrived at `now_ms`, in the order given. `diverted`: senders whose events
    ingest would only put back; it looks at no message of a vendor. `refuse`: decides about those."""
    found = []
    for event in held:
        if event.topic == WEBHOOKS.name:
            found.append(Judged(event, vendor_message_of(event), _refused_vendor(event, now_ms, refuse)))
        else:
            message = message_of(event)
            found.append(Judged(event, message, _refused(admission, event, message, now_ms, diverted)))
    return found


def recoded_id(name: str) -> str:
    """The id of an event that waits for another reason now; its address stays its end. An id that is gone never comes
    back, hence the number."""
    number, _, address = name.rpartition(":")
    return f"{int(number or 1) + 1}:{address}"


def _refused_vendor(held: Held, now_ms: int, refuse: RefuseHeld | None) -> Refused | None:
    if not held.fits:
        return Refused(Problem("too_large", values={"limit": MAX_EVENT_BYTES}))
    if refuse is None or held.code in _NOT_WHOLE:
        return Refused(Problem(held.code))
    return refuse(held, now_ms)


def _refused(
    admission: Admission, held: Held, message: ReplayMessage, now_ms: int, diverted: Collection[Sender]
) -> Refused | None:
    if not held.fits:
        return Refused(Problem("too_large", values={"limit": MAX_EVENT_BYTES}))
    try:
        event = read_kafka(message[1], message[2], now_ms)
        decided = admission.admit(event, now_ms)
    except NotAdmitted as error:
        decided = error.refused
    if not isinstance(decided, Refused):
        return Refused(Problem(DIVERTED)) if Sender(decided.tenant, decided.source) in diverted else None
    return Refused(Problem(held.code)) if held.code in _NOT_WHOLE else decided


def _with_time(payload: bytes, stamp: bytes) -> bytes:
    try:
        body = exact_json.loads(payload) if len(payload) <= MAX_EVENT_BYTES else None
    except orjson.JSONDecodeError:
        return payload
    if type(body) is not dict or not body or body.get("time") is not None:
        return payload
    if "time" in body:
        try:
            return exact_json.dumps({**body, "time": stamp.decode()})
        except orjson.JSONEncodeError:  # nested too deep to be written: it is refused with or without its time
            return payload
    # Every other byte stays as it was sent: what parsers make of them differs.
    timed = payload.rstrip()[:-1] + b',"time":"' + stamp + b'"}'
    return timed if len(timed) <= MAX_EVENT_BYTES else payload
