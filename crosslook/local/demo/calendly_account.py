"""A simulated Calendly account: people book, move and cancel, hosts mark no-shows.

It makes the messages and the history in their documented shapes, and knows what each booking is in truth.

Everything follows from the dice and the instant at which it begins; nothing here reads a clock.
"""

import copy
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

from crosslook.local.demo.calendly_payloads import CALENDLY_API, as_of_2020, invitee_resource, scheduled_event, stamp

_MICROSECOND = timedelta(microseconds=1)
ACCOUNT_BEGINS = datetime(2026, 11, 2, 8, tzinfo=UTC)
"""When an account begins unless it is given another instant."""


@dataclass(slots=True)
class TrueBooking:
    """A booking as it is. `fields`: what its record must show."""

    record: str
    fields: dict[str, Any]
    email: str


@dataclass(slots=True)
class SimulatedInvitee:
    """An invitee as the API shows it, without its event; `event`: the scheduled event; `booking`: whose part it is."""

    resource: dict[str, Any]
    event: dict[str, Any]
    booking: TrueBooking


@dataclass(slots=True)
class CalendlyAccount:
    """`messages`: in the order in which they happened; twice where two subscriptions deliver them. `now`: when the next
    thing happens, at the earliest; `pace`: at most so much later. `old_payloads`: without the parts that payloads of
    2020 lack. `bump`: whether a mark changes the invitee's `updated_at`. `named_marks`: whether the message about a
    removed mark names it."""

    dice: Random
    now: datetime = ACCOUNT_BEGINS
    pace: timedelta = timedelta(hours=1)
    old_payloads: bool = False
    bump: bool = True
    named_marks: bool = True
    messages: list[dict[str, Any]] = field(default_factory=list)
    invitees: list[SimulatedInvitee] = field(default_factory=list)
    bookings: list[TrueBooking] = field(default_factory=list)
    _ids: int = 0

    def book(self, email: str, name: str = "Ada King Lovelace", **changes: Any) -> SimulatedInvitee:
        """Somebody books. `changes`: of the invitee's resource."""
        now = self._tick()
        event, location = scheduled_event(self.dice, self._id(), now)
        resource = invitee_resource(self.dice, self._id(), event["uri"], email, name, now) | changes
        resource |= {"payment": None} if self.old_payloads else {}
        booking = TrueBooking(resource["uri"].rpartition("/")[2], {}, email)
        self.bookings.append(booking)
        booking.fields = {
            "booking_id": booking.record,
            "status": "active",
            "booked_at": _shown(now),
            "reschedules": 0,
            "no_show": False,
            **_details(resource),
            **_meeting(event, location),
        }
        return self._add(SimulatedInvitee(resource, event, booking))

    def move(self, old: SimulatedInvitee, by: str = "invitee") -> SimulatedInvitee:
        """Host or invitee chooses another time: a new invitee in a new event, and the old one is canceled."""
        now = self._tick()
        event, location = scheduled_event(self.dice, self._id(), now)
        sent = old.resource
        resource = invitee_resource(self.dice, self._id(), event["uri"], sent["email"], sent["name"], now)
        resource |= {"old_invitee": sent["uri"], "tracking": dict.fromkeys(sent["tracking"])}
        resource |= {"questions_and_answers": sent["questions_and_answers"]}
        resource |= {"payment": self.dice.choice((sent["payment"], None))}
        moved = SimulatedInvitee(resource, event, old.booking)
        old.resource |= {"rescheduled": True, "new_invitee": resource["uri"]}
        self._end(old, by, "Another day, please")
        fields = old.booking.fields
        fields |= {"reschedules": fields["reschedules"] + 1, "no_show": False, **_details(resource)}
        fields |= _meeting(event, location)
        if self.dice.random() < 0.5:
            self._send("invitee.canceled", old)
            return self._add(moved)
        self._add(moved)
        self._send("invitee.canceled", old)
        return moved

    def cancel(self, invitee: SimulatedInvitee, by: str = "invitee", reason: str | None = None) -> None:
        """Host or invitee cancels for good."""
        self._tick()
        self._end(invitee, by, reason)
        fields = invitee.booking.fields
        fields |= {"status": "canceled", "canceled_at": _shown(self.now)}
        fields |= {} if self.old_payloads else {"canceled_by": by}
        fields |= {"cancel_reason": reason} if reason else {}
        self._send("invitee.canceled", invitee)

    def mark(self, invitee: SimulatedInvitee) -> None:
        """The host marks a no-show."""
        mark = {"uri": f"{CALENDLY_API}/invitee_no_shows/{self._id()}", "created_at": stamp(self._tick())}
        invitee.resource["no_show"] = mark
        invitee.booking.fields["no_show"] = True
        self._touch(invitee)
        self._send("invitee_no_show.created", invitee)

    def unmark(self, invitee: SimulatedInvitee) -> None:
        """The host takes the mark back."""
        self._tick()
        mark, invitee.resource["no_show"] = invitee.resource["no_show"], None
        invitee.booking.fields["no_show"] = False
        self._touch(invitee)
        self._send("invitee_no_show.deleted", invitee, no_show=mark if self.named_marks else None)

    def truth(self) -> dict[str, dict[str, Any]]:
        """The fields of every booking by its id."""
        return {
            booking.record: {slug: value for slug, value in booking.fields.items() if value is not None}
            for booking in self.bookings
        }

    def pages(self, size: int = 2) -> Iterator[bytes]:
        """The history as it is now: events with their invitees, a page each."""
        events = [{**invitee.event, "invitees": [self._as_sent(invitee.resource)]} for invitee in self.invitees]
        for start in range(0, len(events), size):
            page = {"collection": events[start : start + size], "pagination": {"count": size, "next_page": None}}
            yield orjson.dumps(page)

    def _add(self, invitee: SimulatedInvitee) -> SimulatedInvitee:
        self.invitees.append(invitee)
        self._send("invitee.created", invitee)
        return invitee

    def _send(self, event: str, invitee: SimulatedInvitee, **changes: Any) -> None:
        """A message as it is sent: late at times, and twice where two subscriptions are about the same booking."""
        resource = self._as_sent({**invitee.resource, **changes})
        payload = copy.deepcopy({**resource, "scheduled_event": invitee.event})
        for number in range(self.dice.choice((1, 1, 2))):
            sent = self.now + timedelta(milliseconds=7 * number + 1)
            message = {"event": event, "created_at": stamp(sent), "created_by": f"{CALENDLY_API}/users/U{number}"}
            self.messages.append({**message, "payload": payload})

    def _as_sent(self, resource: dict[str, Any]) -> dict[str, Any]:
        return as_of_2020(resource) if self.old_payloads else resource

    def _end(self, invitee: SimulatedInvitee, by: str, reason: str | None) -> None:
        cancellation = {"canceled_by": "Grace Hopper", "reason": reason, "canceler_type": by}
        cancellation["created_at"] = stamp(self.now)
        changes = {"status": "canceled", "updated_at": stamp(self.now)}
        invitee.resource |= {**changes, "cancellation": cancellation}
        invitee.event |= changes if self.old_payloads else {**changes, "cancellation": cancellation}

    def _touch(self, invitee: SimulatedInvitee) -> None:
        if self.bump:
            invitee.resource["updated_at"] = stamp(self.now)

    def _tick(self) -> datetime:
        self.now += timedelta(microseconds=self.dice.randint(1, self.pace // _MICROSECOND))
        return self.now

    def _id(self) -> str:
        self._ids += 1
        return f"{self.dice.getrandbits(48):012X}{self._ids:04d}"


def simulate_days(account: CalendlyAccount, steps: int, emails: Sequence[str]) -> None:
    """Random things happen, so many."""
    dice = account.dice
    for _ in range(steps):
        live = [invitee for invitee in account.invitees if invitee.resource["status"] == "active"]
        action = dice.choice(("book", "move", "move", "cancel", "mark", "unmark"))
        if action == "book" or not live:
            account.book(dice.choice(emails))
            continue
        invitee, by = dice.choice(live), dice.choice(("host", "invitee"))
        marked = invitee.resource["no_show"] is not None
        if action == "move":
            account.move(invitee, by)
        elif action == "cancel":
            account.cancel(invitee, by, dice.choice((None, "No time")))
        elif action == "mark" and not marked:
            account.mark(invitee)
        elif action == "unmark" and marked:
            account.unmark(invitee)


def calendly_signature(body: bytes, now: datetime, key: str) -> str:
    """The value of the header `Calendly-Webhook-Signature`."""
    seconds = str(int(now.timestamp()))
    return f"t={seconds},v1={hmac.digest(key.encode(), f'{seconds}.'.encode() + body, 'sha256').hex()}"


def _details(resource: dict[str, Any]) -> dict[str, Any]:
    """What reports show of the invitee."""
    tracking, payment = resource["tracking"], resource["payment"] or {}
    shown = {
        "timezone": resource["timezone"],
        "payment_amount": payment.get("amount"),
        "payment_currency": payment.get("currency"),
        "questions": "What is it about?: A demo of reports" if resource["questions_and_answers"] else None,
        **{name: tracking[name] for name in ("utm_source", "utm_medium", "utm_campaign")},
    }
    return {slug: value for slug, value in shown.items() if value is not None}


def _meeting(event: dict[str, Any], location: str | None) -> dict[str, Any]:
    starts, ends = (datetime.fromisoformat(event[name]) for name in ("start_time", "end_time"))
    return {
        "event_name": event["name"],
        "event_type": event["event_type"].rpartition("/")[2],
        "host": event["event_memberships"][0]["user_name"],
        "starts_at": _shown(starts),
        "ends_at": _shown(ends),
        "duration_minutes": (ends - starts) / timedelta(minutes=1),
        "location": location,
    }


def _shown(moment: datetime) -> str:
    """As a record's field has it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
