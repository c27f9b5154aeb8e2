"""What a replay makes of a quarantined event: the message that is published again, and what admission says of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.admission import Admission
from crosslook.contracts.events import MAX_EVENT_BYTES, NotAdmitted, read_kafka
from crosslook.contracts.records import Refused
from crosslook.contracts.topics import RECORD_MESSAGE_MAX

Message = tuple[bytes | None, bytes, tuple[tuple[str, bytes], ...]]
"""Key, value, headers."""
REFUSALS_SENT_MAX = 1000
"""Most events that one replay sends although they will be refused again: many more in a row would look to ingest like a
bad deployment, at which it stops."""
_ENVELOPE_BYTES = 64 * 1024
"""Room that the client needs beside what we publish, so that a message it takes is one the broker takes."""


@dataclass(frozen=True, slots=True)
class Held:
    """An event that lies in quarantine. `received_ms`: when the broker appended it, milliseconds since the epoch."""

    id: str
    tenant: str
    partition: int
    offset: int
    received_ms: int
    payload: bytes
    headers: tuple[tuple[str, bytes], ...]
    key: bytes | None

    @property
    def fits(self) -> bool:
        """Whether it can be published again at all; what does not fit was refused as too large and stays that."""
        size = len(self.payload) + len(self.key or b"") + sum(len(name) + len(value) for name, value in self.headers)
        return len(self.payload) <= MAX_EVENT_BYTES and size <= RECORD_MESSAGE_MAX - _ENVELOPE_BYTES


@dataclass(frozen=True, slots=True)
class Judged:
    """An event with the message that a replay publishes, and the code it would be refused with, None if with none."""

    held: Held
    message: Message
    refusal: str | None


@dataclass(slots=True)
class Tally:
    """How a replay went, or would go. `moved` were published again (in a dry run: would be admitted), `returning` of
    them although they will be refused; `refused` counts by code what today's schemas refuse: it comes back, or stays.
    """

    matched: int = 0
    moved: int = 0
    returning: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def judge(self, events: Sequence[Judged]) -> None:
        """Count a batch's verdicts."""
        self.matched += len(events)
        self.refused.update(one.refusal for one in events if one.refusal is not None)

    def by_code(self) -> list[dict[str, Any]]:
        """What is still refused, the most frequent first."""
        ordered = sorted(self.refused.items(), key=lambda one: (-one[1], one[0]))
        return [{"code": code, "count": count} for code, count in ordered]


def message_of(held: Held) -> Message:
    """The message to publish: the original bytes, key and headers. An event that says no time means the moment of its
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


def refusal_of(admission: Admission, message: Message, now_ms: int) -> str | None:
    """With which code the message would be refused if it arrived at `now_ms`; None when it would be admitted."""
    _, value, headers = message
    try:
        event = read_kafka(value, headers, now_ms)
    except NotAdmitted as error:
        return error.refused.problem.code
    decided = admission.admit(event, now_ms)
    return decided.problem.code if isinstance(decided, Refused) else None


def judged(admission: Admission, held: Iterable[Held], now_ms: int) -> list[Judged]:
    """What would become of each event if it arrived at `now_ms`, in the order given."""
    messages = ((one, message_of(one)) for one in held)
    return [Judged(one, message, refusal_of(admission, message, now_ms)) for one, message in messages]


def to_send(events: Iterable[Judged], returning: int) -> list[Judged]:
    """What a replay publishes of a batch, in its order, when it sent `returning` refused ones before. What is left
    stays in quarantine: it would be refused, and is too large to be published or one too many."""
    sent: list[Judged] = []
    for one in events:
        if not one.held.fits or (one.refusal is not None and returning == REFUSALS_SENT_MAX):
            continue
        returning += one.refusal is not None
        sent.append(one)
    return sent


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
