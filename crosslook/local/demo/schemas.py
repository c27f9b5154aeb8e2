"""What the demonstration's tenants define: tickets, bookings, and one field of their own on the contact."""

from typing import Any

TENANTS = ("acme", "globex")

SEGMENTS = ("trial", "standard", "premium")
COUNTRIES = (("US", 40), ("FR", 20), ("DE", 12), ("GB", 9), ("CA", 7), ("BR", 4), ("JP", 3), (None, 5))
TICKET_TAGS = ("vip", "billing", "bug", "refund", "onboarding")


def _options(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.replace("_", " ").capitalize()} for value in values]


TICKET: dict[str, Any] = {
    "object": "ticket",
    "labels": {"singular": "Ticket", "plural": "Tickets"},
    "description": "Support tickets of the helpdesk",
    "fields": [
        {
            "slug": "status",
            "label": "Status",
            "type": "dropdown",
            "options": _options("open", "pending", "solved", "closed"),
        },
        {
            "slug": "priority",
            "label": "Priority",
            "type": "dropdown",
            "options": _options("low", "normal", "high", "urgent"),
        },
        {
            "slug": "channel",
            "label": "Channel",
            "type": "dropdown",
            "options": _options("email", "chat", "phone", "web"),
        },
        {"slug": "subject", "label": "Subject", "type": "text"},
        {"slug": "csat", "label": "CSAT", "type": "number", "scale": 1},
        {"slug": "amount", "label": "Amount", "type": "currency", "currency": "USD"},
        {"slug": "opened_at", "label": "Opened", "type": "datetime"},
        {"slug": "solved_at", "label": "Solved", "type": "datetime"},
        {"slug": "due_on", "label": "Due", "type": "date"},
        {"slug": "reopened", "label": "Reopened", "type": "boolean"},
        {"slug": "tags", "label": "Tags", "type": "multiselect", "options": _options(*TICKET_TAGS)},
    ],
    "relationships": [{"slug": "requester", "label": "Requester", "target": "contact", "many": False}],
}

BOOKING: dict[str, Any] = {
    "object": "booking",
    "labels": {"singular": "Booking", "plural": "Bookings"},
    "description": "Appointments of the scheduling page",
    "fields": [
        {
            "slug": "status",
            "label": "Status",
            "type": "dropdown",
            "options": _options("active", "canceled", "no_show"),
        },
        {"slug": "event_name", "label": "Event", "type": "text"},
        {"slug": "starts_at", "label": "Starts", "type": "datetime"},
        {"slug": "duration", "label": "Minutes", "type": "number"},
        {"slug": "price", "label": "Price", "type": "currency", "currency": "EUR"},
        {"slug": "rescheduled", "label": "Rescheduled", "type": "boolean"},
    ],
    "relationships": [
        {"slug": "invitee", "label": "Invitee", "target": "contact", "many": False},
        {"slug": "guests", "label": "Guests", "target": "contact", "many": True},
    ],
}

SEGMENT: dict[str, Any] = {
    "slug": "segment",
    "label": "Segment",
    "type": "dropdown",
    "options": _options(*SEGMENTS),
}
"""The field that each tenant adds to the built-in contact."""
