"""The documented shapes of Calendly's resources, filled at random."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

CALENDLY_API = "https://api.calendly.com"
WAY_IN = "s3cr3t-way-in"
"""Occurs in everything that must not leave the message: join addresses, passwords, cancel addresses, notes."""
_LOCATIONS: Sequence[tuple[dict[str, Any] | None, str | None]] = (
    ({"type": "physical", "location": "12 Rue de la Paix", "additional_info": WAY_IN}, "12 Rue de la Paix"),
    ({"type": "inbound_call", "location": "+33 1 23 45 67 89"}, "+33 1 23 45 67 89"),
    ({"type": "outbound_call", "location": "+1 312-555-0100"}, "+1 312-555-0100"),
    ({"type": "custom", "location": f"https://meet.example.com/{WAY_IN}"}, "custom"),
    ({"type": "ask_invitee", "location": "At the office"}, "At the office"),
    ({"type": "zoom", "status": "pushed", "join_url": f"https://zoom.us/j/1?pwd={WAY_IN}",
      "data": {"id": "1", "settings": {}, "password": WAY_IN}}, "zoom"),
    ({"type": "google_conference", "status": "pushed", "join_url": f"https://meet.google.com/{WAY_IN}"},
     "google_conference"),
    (None, None),
)  # fmt: skip


def scheduled_event(dice: Random, id_: str, now: datetime) -> tuple[dict[str, Any], str | None]:
    """A meeting that is booked now, and the location that reports show."""
    location, shown = dice.choice(_LOCATIONS)
    starts = now + timedelta(minutes=15 * dice.randint(4, 400))
    host = dice.choice(("Grace Hopper", "Alan Turing"))
    member = {"user": f"{CALENDLY_API}/users/{host[:5]}", "user_email": "host@example.com", "user_name": host}
    event = {
        "uri": f"{CALENDLY_API}/scheduled_events/{id_}",
        "name": dice.choice(("Intro call", "Demo")),
        "meeting_notes_plain": WAY_IN,
        "status": "active",
        "start_time": stamp(starts),
        "end_time": stamp(starts + timedelta(minutes=dice.choice((15, 30, 45)))),
        "event_type": f"{CALENDLY_API}/event_types/{dice.choice(('GBGBDCAADAEDCRZ2', 'ABCDCAADAEDCRZ22'))}",
        "location": location,
        "invitees_counter": {"total": 1, "active": 1, "limit": 1},
        "created_at": stamp(now),
        "updated_at": stamp(now),
        "event_memberships": [member],
        "event_guests": [],
    }
    return event, shown


def invitee_resource(dice: Random, id_: str, event: str, email: str, name: str, now: datetime) -> dict[str, Any]:
    """Somebody who books the event with this URI now."""
    source = dice.choice(("newsletter", None))
    tracking = {"utm_campaign": source and "spring", "utm_source": source, "utm_medium": source and "email"}
    tracking |= {"utm_content": None, "utm_term": None, "salesforce_uuid": None}
    answered = {"question": "What is it about?", "answer": "A demo\nof reports", "position": 1}
    payment = {"external_id": "ch_1", "provider": "stripe", "amount": 12.5, "currency": "EUR", "successful": True}
    uri = f"{event}/invitees/{id_}"
    return {
        "uri": uri,
        "email": email,
        "name": name,
        "first_name": None,
        "last_name": None,
        "status": "active",
        "timezone": dice.choice(("Europe/Paris", "America/New_York", None)),
        "event": event,
        "created_at": stamp(now),
        "updated_at": stamp(now),
        "rescheduled": False,
        "old_invitee": None,
        "new_invitee": None,
        "cancel_url": f"https://calendly.com/cancellations/{WAY_IN}",
        "reschedule_url": f"https://calendly.com/reschedulings/{WAY_IN}",
        "routing_form_submission": None,
        "text_reminder_number": dice.choice(("+1 312-555-0100", None)),
        "questions_and_answers": dice.choice(([answered], [])),
        "tracking": tracking,
        "payment": dice.choice((payment, None)),
        "no_show": None,
        "reconfirmation": None,
        "scheduling_method": None,
        "invitee_scheduled_by": None,
    }


def as_of_2020(resource: dict[str, Any]) -> dict[str, Any]:
    """An invitee without the parts that came later."""
    late = ("first_name", "last_name", "payment", "no_show", "reconfirmation", "scheduling_method")
    kept = {name: value for name, value in resource.items() if name not in late}
    if "cancellation" in kept:
        kept["cancellation"] = {name: kept["cancellation"][name] for name in ("canceled_by", "reason")}
    return kept


def stamp(moment: datetime) -> str:
    """As Calendly writes it, with microseconds."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
