"""The event intake: admits the events of a batch, publishes the valid ones, and describes the others' problems."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.admission import MAY_BE_NEWS, Admission
from crosslook.contracts.events import MAX_EVENT_BYTES, STRUCTURED, NotAdmitted, read_structured, refuse_odd
from crosslook.contracts.ids import record_key
from crosslook.contracts.problems import Problem, Suggestions
from crosslook.contracts.records import Admitted, Refused
from crosslook.contracts.topics import RECORDS
from crosslook.contracts.values import milliseconds
from crosslook.platform.bodies import LARGE_BYTES, aside, parse_elements
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError, Invalid
from crosslook.platform.kafka import Publisher
from crosslook.platform.log_store.protocol import LogView
from crosslook.platform.metrics import EVENTS_ACCEPTED, EVENTS_REFUSED, Meters
from crosslook.platform.rate_limit import RateLimit
from services.schema_service.objects import Objects
from services.schema_service.settings import IntakeSettings
from services.schema_service.tenants import Tenants

_HEADERS = (("content-type", f"{STRUCTURED}; charset=UTF-8".encode()),)

_EVENTS_AT_ONCE = 25
"""After so many events other requests have their turns: 200 amounts in each take half a millisecond."""
OutMessage = tuple[bytes, bytes | None, Sequence[tuple[str, bytes]]]
"""What a Publisher takes: key, value, headers."""


@dataclass(frozen=True, slots=True)
class RefusedEvent:
    """One refused event of a batch. `index` is its position in the batch."""

    index: int
    refused: Refused


@dataclass(slots=True)
class AdmittedBatch:
    """A batch after admission: events to publish and refused ones. Only the first refusals have suggestions."""

    messages: list[OutMessage] = field(default_factory=list)
    refused: list[RefusedEvent] = field(default_factory=list)
    _suggestions: Suggestions = field(default_factory=Suggestions, compare=False, repr=False)

    def refuse(self, event: Refused) -> None:
        """The next event of the batch is not taken."""
        settled = replace(event, problem=self._suggestions.settle(event.problem))
        self.refused.append(RefusedEvent(len(self.messages) + len(self.refused), settled))


class Intake:
    """Takes batches of record events for one tenant at a time."""

    def __init__(
        self,
        admission: Admission,
        schemas: LogView,
        publisher: Publisher,
        objects: Objects,
        tenants: Tenants,
        clock: Clock,
        meters: Meters,
        settings: IntakeSettings,
        rate: RateLimit,
    ) -> None:
        self._admission = admission
        self._schemas = schemas
        self._publisher = publisher
        self._objects = objects
        self._tenants = tenants
        self._clock = clock
        self._meters = meters
        self._settings = settings
        self._rate = rate

    async def take(self, tenant: str, body: bytes) -> AdmittedBatch:
        """Publish the admitted events of a batch; returns when the broker has acknowledged them all.

        Raises NotFound `unknown_tenant`, RateLimited (429), AppError `not_json` (400), `body_too_large` or `too_large`
        (413), Invalid for what is not an array or is nested too deep, StateUnreadable where an event needs a schema
        that cannot be read, LogUnavailable or NotTheWriter before anything is published, KafkaUnavailable: then some
        may have been published all the same, and sending the batch again is harmless, because a repeat changes nothing.
        """
        self._objects.check_tenant(tenant)
        events = await aside(len(body) > LARGE_BYTES, lambda: self._read(body))
        now_ms = milliseconds(self._clock.now())
        self._rate.take(tenant, len(events))
        batch = await decide_on_news(self._admission, self._schemas, tenant, events, now_ms)
        for refusal in batch.refused:
            if refusal.refused.problem.code in MAY_BE_NEWS:
                self._objects.require_readable(tenant, refusal.refused.object)
        if batch.messages:
            await self._tenants.ensure(tenant)
            await self._publisher.publish(RECORDS.name, batch.messages)
        self._count(batch)
        return batch

    def _read(self, body: bytes) -> list[Any]:
        if len(body) > self._settings.max_bytes:
            raise AppError(Problem("body_too_large", values={"limit": self._settings.max_bytes}), status=413)
        events = parse_elements(body, refuse_odd)
        if type(events) is not list:
            raise Invalid([Problem("wrong_type", text="wrong_type.array")])
        if len(events) > self._settings.max_events:
            problem = Problem("too_large", text="too_large.batch", values={"limit": self._settings.max_events})
            raise AppError(problem, status=413)
        return events

    def _count(self, batch: AdmittedBatch) -> None:
        self._meters.add(EVENTS_ACCEPTED, len(batch.messages))
        for refusal in batch.refused:
            self._meters.add(EVENTS_REFUSED, code=refusal.refused.problem.code)


async def decide_on_news(
    admission: Admission, schemas: LogView, tenant: str, events: list[Any], now_ms: int
) -> AdmittedBatch:
    """As `decide`, but nothing is refused as unknown before all is read that any replica has written by now.

    Raises LogUnavailable.
    """
    position = schemas.position
    batch = await _in_turns(admission, tenant, events, now_ms)
    unknown = any(refused.refused.problem.code in MAY_BE_NEWS for refused in batch.refused)
    if unknown and await schemas.catch_up() > position:
        batch = await _in_turns(admission, tenant, events, now_ms)
    return batch


async def _in_turns(admission: Admission, tenant: str, events: list[Any], now_ms: int) -> AdmittedBatch:
    """As `decide`; other requests have their turns meanwhile."""
    batch = AdmittedBatch()
    for start in range(0, len(events), _EVENTS_AT_ONCE):
        decide_batch(admission, tenant, events[start : start + _EVENTS_AT_ONCE], now_ms, batch)
        await asyncio.sleep(0)
    return batch


def decide_batch(
    admission: Admission, tenant: str, events: list[Any], now_ms: int, before: AdmittedBatch | None = None
) -> AdmittedBatch:
    """Admit each event of a tenant's batch at an instant, in milliseconds since the epoch. `before`: what its first
    events have become, where these are the next ones."""
    batch = before or AdmittedBatch()
    for event in events:
        decided = _admit(admission, tenant, event, now_ms)
        if isinstance(decided, Refused):
            batch.refuse(decided)
        else:
            batch.messages.append(decided)
    return batch


def _admit(admission: Admission, tenant: str, event: Any, now_ms: int) -> OutMessage | Refused:
    if isinstance(event, Refused):  # it could not be read from the body
        return event
    decided = admit_event(admission, tenant, event, now_ms)
    return decided if isinstance(decided, Refused) else admitted_message(decided, event)


def admit_event(admission: Admission, tenant: str, event: Any, now_ms: int) -> Admitted | Refused:
    """A CloudEvent of a tenant as it would be staged, at an instant in milliseconds since the epoch."""
    try:
        read = read_structured(event, now_ms)
    except NotAdmitted as error:
        return error.refused
    return admission.admit(read, now_ms, tenant)


def admitted_message(decided: Admitted, event: Any) -> OutMessage | Refused:
    """The Kafka message of an event that was admitted; its refusal where it cannot be one."""
    try:
        value = exact_json.dumps(event)
    except orjson.JSONEncodeError:
        # Only an extension attribute can still be nested too deep to be written: CloudEvents' are plain values.
        return _refuse(decided, Problem("not_cloudevent", values={"name": "extension"}))
    if len(value) > MAX_EVENT_BYTES:
        return _refuse(decided, Problem("too_large", values={"limit": MAX_EVENT_BYTES}))
    return record_key(decided.tenant, decided.object, decided.record), value, _HEADERS


def _refuse(event: Admitted, problem: Problem) -> Refused:
    return Refused(problem, event.tenant, event.object, event.record, event.source, event.event_id)
