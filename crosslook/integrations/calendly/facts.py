"""What a message of Calendly states: about an invitee, the meeting, a cancellation, a reschedule, a no-show.

Every event about an invitee carries the whole invitee, and so does the export. So what a message states depends on what
it carries and hardly on its event: a cancellation alone makes the booking known, too. Only members that reports show
are read; cancel and join addresses, passwords and notes of a meeting never become facts.
"""

from collections.abc import Iterator, Sequence

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.problems import Problem
from crosslook.integrations.calendly.details import invitee_details, meeting_details
from crosslook.integrations.calendly.events import IGNORED_EVENTS, CalendlyEvent
from crosslook.integrations.calendly.links import link_facts
from crosslook.integrations.calendly.no_shows import no_show_facts
from crosslook.integrations.calendly.parts import CalendlyInstant, CalendlyPart, parse_body
from crosslook.integrations.calendly.vocabulary import BookingFact
from crosslook.integrations.interface import Fact, MessageOrigin, Unmappable, WebhookMessage

_EVENT_SHOWN = 100
_OLD_SHAPE = ("invitee", "event_type")
"""Members of a payload of the first API, which Calendly has switched off."""


def calendly_facts(message: WebhookMessage) -> Sequence[Fact]:
    """The facts of one message; those of its own invitee first. Raises Unmappable."""
    envelope = parse_body(message.body)
    event = None if message.origin is MessageOrigin.HISTORY else _event(envelope)
    if event is None and message.origin is MessageOrigin.WEBHOOK:
        return ()
    invitee = envelope.required("payload")
    if all(type(invitee.members.get(name)) is dict for name in _OLD_SHAPE):
        raise Unmappable(Problem("vendor_shape", "/payload", values={"integration": "Calendly", "shape": "API v2"}))
    record = invitee.present("uri", invitee.last_segment("uri"))
    try:
        return _in_time(list(_invitee_facts(invitee, record, event, envelope.instant("created_at"))), message)
    except Unmappable as error:
        raise Unmappable(error.problem, record) from None


def _event(envelope: CalendlyPart) -> CalendlyEvent | None:
    """The event of an envelope; None for one that says nothing about a booking. Raises Unmappable."""
    name = envelope.present("event", envelope.text("event"))
    if name in IGNORED_EVENTS:
        return None
    try:
        return CalendlyEvent(name)
    except ValueError:
        values = {"event": name[:_EVENT_SHOWN]}
        raise Unmappable(Problem("unknown_vendor_event", "/event", values=values)) from None


def _in_time(facts: Sequence[Fact], message: WebhookMessage) -> Sequence[Fact]:
    """The facts, unless one is from the future: no event of its record would be admitted."""
    if any(fact.time_ms > message.received_ms + FUTURE_TOLERANCE_MS for fact in facts):
        raise Unmappable(Problem("from_the_future"))
    return facts


def _invitee_facts(
    invitee: CalendlyPart, record: str, event: CalendlyEvent | None, sent: CalendlyInstant | None
) -> Iterator[Fact]:
    booked = invitee.present("created_at", invitee.instant("created_at"))
    changed = invitee.instant("updated_at") or booked
    details = invitee_details(invitee, booked)
    yield Fact(record, BookingFact.INVITEE, BookingFact.INVITEE, changed.ms, details, changed.nanoseconds)
    meeting = invitee.part("scheduled_event")
    if meeting is not None:
        known = meeting.instant("updated_at") or meeting.instant("created_at") or changed
        details = meeting_details(meeting)
        yield Fact(record, BookingFact.MEETING, BookingFact.MEETING, known.ms, details, known.nanoseconds)
    if event is CalendlyEvent.CANCELED or invitee.text("status") == "canceled":
        yield _cancellation(invitee, meeting, record, changed)
    yield from link_facts(invitee, record, booked, changed)
    yield from no_show_facts(invitee, record, event, sent, changed)


def _cancellation(invitee: CalendlyPart, meeting: CalendlyPart | None, record: str, changed: CalendlyInstant) -> Fact:
    """That the invitee is canceled; of several statements one with the time of the cancellation counts. When a whole
    event is canceled, the export names the reason at the event."""
    cancellation = invitee.part("cancellation") or (meeting and meeting.part("cancellation"))
    made = cancellation and cancellation.instant("created_at")
    data = {
        "by": cancellation and cancellation.text("canceler_type"),
        "reason": cancellation and cancellation.text("reason"),
    }
    since = made or changed
    version = 2 if made else 1 if cancellation else 0
    return Fact(record, BookingFact.CANCELED, BookingFact.CANCELED, since.ms, data, since.nanoseconds, version)
