"""From all facts about a chain of invitees to one booking: moved, never canceled and created again."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crosslook.contracts.references import REFERENCE_LIMITS
from crosslook.contracts.values import TEXT_MAX, TEXTAREA_MAX
from crosslook.integrations.calendly.chain import BookedInvitee, BookingChain, read_chain
from crosslook.integrations.calendly.definition import CANCELERS, INVITEE
from crosslook.integrations.calendly.people import person_fields
from crosslook.integrations.interface import (
    Connection,
    ContactDetails,
    Fact,
    FoldedState,
    JsonObject,
    RecordGone,
    WholeRecord,
)

CREATE_CONTACTS = "create_contacts"
"""The option by which bookings create contacts."""
_MINUTE_MS = 60_000
_UTM = ("utm_source", "utm_medium", "utm_campaign")
_PAYMENT = ("payment_amount", "payment_currency")
_LONG = frozenset({"questions"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def fold_booking(facts: Sequence[Fact], connection: Connection) -> Iterator[FoldedState]:
    """The booking under the id of its first invitee that is known; every other id of the chain is gone, because before
    a link was known it was a booking of its own. With `create_contacts` also the person who booked."""
    chain = read_chain(facts)
    if not any(invitee.details for invitee in chain.path):
        return
    email = _email(chain)
    people = {INVITEE: [{"email": email}]} if email else {}
    yield WholeRecord(chain.first.record, _fields(chain), people)
    yield from map(RecordGone, chain.merged)
    if email and connection.options.get(CREATE_CONTACTS):
        yield ContactDetails(email, person_fields(_latest(chain, "email")))


def _email(chain: BookingChain) -> str | None:
    """The invitee's e-mail address; None where there is none that can name a contact."""
    email: str | None = _latest(chain, "email").get("email")
    return email if email is not None and len(email) <= REFERENCE_LIMITS["email"] else None


def _fields(chain: BookingChain) -> JsonObject:
    fields: dict[str, Any] = {
        "booking_id": chain.first.record,
        **_meeting(next((invitee.meeting for invitee in reversed(chain.path) if invitee.meeting), {})),
        **_end(chain.last),
        "booked_at": _instant(next(invitee.details for invitee in chain.path if invitee.details)["booked_ms"]),
        "reschedules": sum(invitee.moved for invitee in chain.path),
        "timezone": _latest(chain, "timezone").get("timezone"),
        "questions": _latest(chain, "questions").get("questions"),
        **{slug: _first(chain, *_UTM).get(slug) for slug in _UTM},
        **{slug: _latest(chain, *_PAYMENT).get(slug) for slug in _PAYMENT},
    }
    return {slug: _fitting(slug, value) for slug, value in fields.items() if value is not None}


def _meeting(meeting: JsonObject) -> JsonObject:
    starts, ends = meeting.get("starts_ms"), meeting.get("ends_ms")
    return {
        "event_name": meeting.get("name"),
        "event_type": meeting.get("type"),
        "host": meeting.get("host"),
        "location": meeting.get("location"),
        "starts_at": None if starts is None else _instant(starts),
        "ends_at": None if ends is None else _instant(ends),
        "duration_minutes": None if starts is None or ends is None else (ends - starts) / _MINUTE_MS,
    }


def _end(last: BookedInvitee) -> JsonObject:
    """How the booking is now. The cancellation and the mark of one that was moved belong to the earlier meeting."""
    if last.moved:
        return {"status": "active", "no_show": False}
    canceled = last.cancellation
    if canceled is None:
        return {"status": "active", "no_show": last.no_show}
    return {
        "status": "canceled",
        "no_show": last.no_show,
        "canceled_at": _instant(canceled.time_ms),
        "canceled_by": canceled.data["by"] if canceled.data.get("by") in CANCELERS else None,
        "cancel_reason": canceled.data.get("reason"),
    }


def _latest(chain: BookingChain, *members: str) -> JsonObject:
    """The details of the latest invitee that has one of the members: Calendly may leave them out of a later one."""
    return _first_with(reversed(chain.path), members)


def _first(chain: BookingChain, *members: str) -> JsonObject:
    return _first_with(iter(chain.path), members)


def _first_with(path: Iterator[BookedInvitee], members: tuple[str, ...]) -> JsonObject:
    return next((invitee.details for invitee in path if any(name in invitee.details for name in members)), {})


def _fitting(slug: str, value: Any) -> Any:
    """The value, a text cut at what its field can hold."""
    return value[: TEXTAREA_MAX if slug in _LONG else TEXT_MAX] if type(value) is str else value


def _instant(ms: int) -> str:
    moment = _EPOCH + timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
