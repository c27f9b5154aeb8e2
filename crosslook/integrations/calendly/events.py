"""The events that Calendly's webhooks know (developer.calendly.com, read November 2026)."""

from enum import StrEnum
from typing import Final


class CalendlyEvent(StrEnum):
    """The events that say something about a booking. Each carries the whole invitee."""

    BOOKED = "invitee.created"
    CANCELED = "invitee.canceled"
    NO_SHOW_MARKED = "invitee_no_show.created"
    NO_SHOW_REMOVED = "invitee_no_show.deleted"


IGNORED_EVENTS: Final = frozenset(
    {
        "routing_form_submission.created",
        "event_type.created",
        "event_type.updated",
        "event_type.deleted",
        "meeting_recap.created",
        "meeting_recap.updated",
        "meeting_recap.deleted",
        "contact.created",
        "contact.updated",
        "contact.deleted",
    }
)
"""Events that are known and say nothing about a booking."""
