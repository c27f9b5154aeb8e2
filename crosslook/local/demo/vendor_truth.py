"""The reports about tickets and bookings of vendors that the demonstration prints, and what they must answer."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from crosslook.local.demo.dataset import Dataset
from crosslook.local.demo.truth import Truth
from crosslook.local.demo.vendors import CALENDLY, ZENDESK, VendorRecord, VendorStory

_BY_COUNTRY: Final[dict[str, Any]] = {"dimensions": ["contact.country"], "totals": True, "limit": 50}
VENDOR_REPORTS: Final[Mapping[str, dict[str, Any]]] = {
    ZENDESK: {
        **_BY_COUNTRY,
        "object": "zendesk_ticket",
        "measures": [
            "zendesk_ticket.count",
            "contact.count",
            "zendesk_ticket.replies.sum",
            "zendesk_ticket.reopens.sum",
            "zendesk_ticket.first_reply_minutes.median",
        ],
        "sort": [{"field": "zendesk_ticket.count", "direction": "desc"}],
    },
    CALENDLY: {
        **_BY_COUNTRY,
        "object": "calendly_booking",
        "measures": [
            "calendly_booking.count",
            "contact.count",
            "calendly_booking.reschedules.sum",
            {
                "measure": "calendly_booking.count",
                "name": "moved",
                "filters": {"field": "calendly_booking.reschedules", "op": "gte", "values": [1]},
            },
            {
                "measure": "calendly_booking.count",
                "name": "canceled",
                "filters": {"field": "calendly_booking.status", "op": "eq", "values": ["canceled"]},
            },
        ],
        "sort": [{"field": "calendly_booking.count", "direction": "desc"}],
    },
}
"""By vendor. Tickets with their replies, reopens and minutes to the first reply; bookings with their reschedules."""

_Records = Sequence[Mapping[str, Any]]
_Measure = Callable[[_Records], Any]


def vendor_truth(dataset: Dataset, story: VendorStory, tenant: str, vendor: str) -> Truth:
    """The answer of the vendor's report for one tenant."""
    contacts = dataset.truth.get((tenant, "contact"), {})
    known = {data["fields"]["email"].strip().lower(): record for record, data in contacts.items()}
    groups: dict[str | None, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    records = story.truth[tenant, vendor]
    kept = [(contact, record.fields) for record in records if (contact := _contact_of(record, known)) is not None]
    for contact, fields in kept:
        groups[contacts[contact]["fields"]["country"]].append((contact, fields))
    rows = {country: _row(vendor, group) for country, group in groups.items()}
    return Truth(rows, _row(vendor, kept), len(kept), len(records) - len(kept))


def _contact_of(record: VendorRecord, known: Mapping[str, str]) -> str | None:
    return next((known[email.lower()] for email in record.emails if email.lower() in known), None)


def _row(vendor: str, group: Sequence[tuple[str, Mapping[str, Any]]]) -> tuple[Any, ...]:
    """The group's measures: records, distinct contacts, then the vendor's own."""
    records = [fields for _, fields in group]
    return len(records), len({contact for contact, _ in group}), *(measure(records) for measure in _MEASURES[vendor])


def _sum(slug: str) -> _Measure:
    def of(records: _Records) -> Any:
        values = [fields[slug] for fields in records if fields.get(slug) is not None]
        return sum(values) if values else None

    return of


def _median(slug: str) -> _Measure:
    def of(records: _Records) -> Any:
        values = sorted(fields[slug] for fields in records if fields.get(slug) is not None)
        middle = len(values) // 2
        return (values[middle] + values[-1 - middle]) / 2 if values else None

    return of


_MEASURES: Final[Mapping[str, Sequence[_Measure]]] = {
    ZENDESK: (_sum("replies"), _sum("reopens"), _median("first_reply_minutes")),
    CALENDLY: (
        _sum("reschedules"),
        lambda records: sum(fields["reschedules"] >= 1 for fields in records),
        lambda records: sum(fields["status"] == "canceled" for fields in records),
    ),
}
