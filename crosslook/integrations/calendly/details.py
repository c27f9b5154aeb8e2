"""The parts of an invitee and of a meeting that reports show."""

from typing import Any

from crosslook.integrations.calendly.location import location_text
from crosslook.integrations.calendly.parts import CalendlyInstant, CalendlyPart
from crosslook.integrations.interface import JsonObject

_INVITEE_TEXTS = ("email", "name", "first_name", "last_name", "timezone")
_UTM = ("utm_source", "utm_medium", "utm_campaign")


def invitee_details(invitee: CalendlyPart, booked: CalendlyInstant) -> JsonObject:
    """Who booked, when, and with which answers; empty members are left out. Raises Unmappable."""
    payment, tracking = invitee.part("payment"), invitee.part("tracking")
    details: dict[str, Any] = {name: invitee.text(name) for name in _INVITEE_TEXTS}
    details |= {"booked_ms": booked.ms, "phone": invitee.text("text_reminder_number"), "questions": _questions(invitee)}
    if tracking is not None:
        details |= {name: tracking.text(name) for name in _UTM}
    if payment is not None:
        details |= {"payment_amount": payment.number("amount"), "payment_currency": payment.text("currency")}
    return _known(details)


def meeting_details(meeting: CalendlyPart) -> JsonObject:
    """What was booked: its name, type, hosts, time and place; empty members are left out. Raises Unmappable."""
    starts, ends = meeting.instant("start_time"), meeting.instant("end_time")
    return _known(
        {
            "name": meeting.text("name"),
            "type": meeting.last_segment("event_type"),
            "host": _hosts(meeting),
            "starts_ms": starts and starts.ms,
            "ends_ms": ends and ends.ms,
            "location": location_text(meeting.part("location")),
        }
    )


def _known(details: dict[str, Any]) -> JsonObject:
    return {name: value for name, value in details.items() if value is not None}


def _questions(invitee: CalendlyPart) -> str | None:
    """`Question: answer`, a line each by position; those without an answer are left out."""
    lines = []
    for index, asked in enumerate(invitee.parts("questions_and_answers")):
        question, answer, position = asked.text("question"), asked.text("answer"), asked.number("position")
        if answer is not None:
            text = f"{question}: {answer}" if question else answer
            lines.append((index if position is None else position, index, " ".join(text.split())))
    return "\n".join(text for _, _, text in sorted(lines)) or None


def _hosts(meeting: CalendlyPart) -> str | None:
    """The hosts by name, else by e-mail, else by id."""
    hosts = {
        member.text("user_name") or member.text("user_email") or member.last_segment("user") or ""
        for member in meeting.parts("event_memberships")
    }
    return ", ".join(sorted(hosts - {""})) or None
