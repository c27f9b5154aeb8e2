"""What a stored data folder holds beside the demonstration: every field type, both kinds of relationship, patches,
deletions, what waits and what was refused; and the steps in which it is sent."""

from datetime import UTC, datetime
from typing import Any

Event = dict[str, Any]

TENANT = "initech"
DEMO = ("acme", "globex")
RECORDS = 120
"""About how many records the demonstration has."""


def _options(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "label": value.capitalize()} for value in values]


SAMPLE: dict[str, Any] = {
    "object": "sample",
    "labels": {"singular": "Sample", "plural": "Samples"},
    "description": "Every field type and both kinds of relationship",
    "fields": [
        {"slug": "title", "label": "Title", "type": "text"},
        {"slug": "notes", "label": "Notes", "type": "textarea"},
        {"slug": "weight", "label": "Weight", "type": "number"},
        {"slug": "price", "label": "Price", "type": "currency", "currency": "EUR"},
        {"slug": "day", "label": "Day", "type": "date"},
        {"slug": "at", "label": "At", "type": "datetime"},
        {"slug": "grade", "label": "Grade", "type": "dropdown", "options": _options("good", "fair", "poor")},
        {"slug": "tags", "label": "Tags", "type": "multiselect", "options": _options("red", "green", "blue")},
        {"slug": "passed", "label": "Passed", "type": "boolean"},
    ],
    "relationships": [
        {"slug": "owner", "label": "Owner", "target": "contact", "many": False},
        {"slug": "testers", "label": "Testers", "target": "contact", "many": True},
    ],
}
RANKED = {**SAMPLE, "fields": [*SAMPLE["fields"], {"slug": "rank", "label": "Rank", "type": "number"}]}
"""Samples with one more field: another layout."""

NOTE: dict[str, Any] = {
    "object": "note",
    "labels": {"singular": "Note", "plural": "Notes"},
    "description": "Without a relationship to contact, and so not in reports",
    "fields": [{"slug": "text", "label": "Text", "type": "text"}],
    "relationships": [],
}
VISIT: dict[str, Any] = {
    "object": "visit",
    "labels": {"singular": "Visit", "plural": "Visits"},
    "description": "Defined only after its first event was refused",
    "fields": [{"slug": "branch", "label": "Branch", "type": "text"}],
    "relationships": [{"slug": "visitor", "label": "Visitor", "target": "contact", "many": False}],
}


def sample(number: int) -> Event:
    """A sample, with values that follow from its number."""
    fields = {
        "title": f"Sample {number:02d}",
        "notes": f"First line\nline {number}" if number % 3 else None,
        "weight": number * 0.5 if number % 5 else None,
        "price": f"{number}.{number % 100:02d}",
        "day": f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        "at": f"2026-10-{number % 28 + 1:02d}T{number % 24:02d}:30:00.125Z",
        "grade": ("good", "fair", "poor", None)[number % 4],
        "tags": [tag for place, tag in enumerate(("red", "green", "blue")) if number >> place & 1],
        "passed": (True, False, None)[number % 3],
    }
    links = {
        "owner": [{"id": f"c{number % 6 + 1}"}],
        "testers": [
            {"email": f"person{number % 6 + 1}@initech.example"},
            {"external": f"crm:{(number + 1) % 6 + 1}"},
        ],
    }
    return _event("upserted", "sample", f"s{number}", fields=fields, relationships=links)


def contact(number: int, **fields: Any) -> Event:
    """A contact with a foreign id."""
    known = {
        "email": f"person{number}@initech.example",
        "first_name": f"Person {number}",
        "country": ("FR", "DE", "US")[number % 3],
        "created_at": f"2025-0{number}-01T00:00:00Z",
    }
    return _event("upserted", "contact", f"c{number}", fields=known | fields, external_ids=[f"crm:{number}"])


def patch(record: str, name: str = "sample", **data: Any) -> Event:
    """A patch."""
    return _event("patched", name, record, **data)


def deletion(record: str, name: str = "sample") -> Event:
    """A deletion."""
    return _event("deleted", name, record)


def _event(kind: str, name: str, record: str, **data: Any) -> Event:
    at = datetime.now(UTC)
    return {
        "specversion": "1.0",
        "id": f"{record}-{kind}-{at:%Y%m%dT%H%M%S.%f}",
        "source": "/upgrade",
        "type": f"crosslook.record.{kind}.v1",
        "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {"tenant": TENANT, "object": name, "record": record, **data},
    }


def refreshed_first() -> list[Event]:
    """Sent before the first refresh. `s7` to `s12` have patches; those of `ghost` and `late` wait for their record; the
    patch of `s14` is for a deleted one. `c1` and `c5` share an e-mail address. `s15` names a contact that is missing.
    """
    stranger = {"owner": [{"email": "person9@initech.example"}]}
    events = [contact(number) for number in range(1, 7)]
    events.append(contact(5, email="person1@initech.example"))
    events += [sample(number) for number in range(1, 17)]
    events += [patch(f"s{number}", fields={"grade": "fair", "notes": None}) for number in range(7, 13)]
    events.append(patch("s12", relationships={"owner": [{"id": "c1"}], "testers": None}))
    events.append(patch("s15", relationships=stranger))
    events += [deletion("s13"), deletion("s14"), patch("s14", fields={"price": "1"})]
    events += [patch("ghost", fields={"price": "1000"}), patch("late", fields={"price": "2000"})]
    events.append(_event("upserted", "note", "n1", fields={"text": "remember"}))
    return events


def refreshed_second() -> list[Event]:
    """Sent before the second refresh, so that rows of several builds are in use."""
    return [sample(17), patch("s1", fields={"price": "100.5"}), deletion("s2"), patch("s7", fields={"passed": True})]


def staged() -> list[Event]:
    """Staged when the folder is stored, and in no snapshot; the samples are ranked by then. `late` is there now, and so
    is the contact whom `s15` names."""
    ranked = sample(18)
    ranked["data"]["fields"]["rank"] = 3
    late = _event("upserted", "sample", "late", fields={"title": "Late", "price": "1"})
    late["time"] = late["time"][:10] + "T00:00:00.000Z"
    events = [ranked, sample(19), patch("s3", fields={"rank": 1, "price": "7.25"}), deletion("s4"), late]
    return [*events, contact(9), contact(2, country="GB"), patch("s8", fields={"grade": None})]


def news() -> list[Event]:
    """Sent to the release that continues with the folder."""
    return [
        sample(20),
        patch("s5", fields={"price": "55.55"}),
        patch("s9", fields={"rank": 9}),
        deletion("s6"),
        contact(7),
    ]


def refused() -> list[tuple[Event, str]]:
    """Put on Kafka, and refused there, with the code. The visit is admitted once its object is defined."""
    visit = _event("upserted", "visit", "v1", fields={"branch": "Lyon"}, relationships={"visitor": [{"id": "c1"}]})
    wrong = patch("s1", fields={"price": "a lot"})
    unknown = patch("s1", fields={"colour": "red"})
    return [(visit, "unknown_object"), (wrong, "wrong_type"), (unknown, "unknown_field")]


LOOK: dict[str, Any] = {
    "name": "Samples by grade",
    "description": "Weights and prices",
    "request": {
        "object": "sample",
        "relationship": "owner",
        "dimensions": ["sample.grade", "contact.country"],
        "measures": ["sample.count", "sample.weight.sum", "sample.price.sum"],
        "totals": True,
    },
}
REPORTS: dict[str, dict[str, Any]] = {
    "samples": {
        "object": "sample",
        "relationship": "owner",
        "dimensions": ["sample.title", "sample.grade", "sample.passed", "sample.day", "contact.email"],
        "measures": ["sample.price.sum", "sample.weight.sum", "sample.at.max"],
        "totals": True,
    },
    "all samples": {"object": "sample", "dimensions": ["sample.title"], "measures": ["sample.count"], "totals": True},
    "samples by tester": {
        "object": "sample",
        "relationship": "testers",
        "dimensions": ["contact.country"],
        "measures": ["sample.count", "contact.count", "sample.price.sum"],
        "totals": True,
    },
    "samples by tag": {
        "object": "sample",
        "relationship": "owner",
        "dimensions": ["sample.tags"],
        "measures": ["sample.count"],
    },
    "samples by month": {
        "object": "sample",
        "relationship": "owner",
        "dimensions": [{"field": "sample.at", "granularity": "month"}],
        "measures": ["sample.count", "sample.price.avg"],
        "pivot": ["sample.grade"],
    },
    "samples with notes": {
        "object": "sample",
        "relationship": "owner",
        "measures": ["sample.count"],
        "filters": {"field": "sample.notes", "op": "contains", "values": ["First"]},
    },
    "contacts": {
        "object": "contact",
        "dimensions": ["contact.email", "contact.country"],
        "measures": ["contact.count"],
        "totals": True,
    },
}
"""Asked of `TENANT`. Together they read every field."""

LATER_REPORTS: dict[str, dict[str, Any]] = {
    "ranks": {"object": "sample", "dimensions": ["sample.title"], "measures": ["sample.rank.sum"]},
    "visits": {"object": "visit", "dimensions": ["visit.branch", "contact.email"], "measures": ["visit.count"]},
}
"""Asked of `TENANT` once the news are refreshed."""

DEMO_REPORTS: dict[str, dict[str, Any]] = {
    "tickets": {
        "object": "ticket",
        "dimensions": ["ticket.status", "contact.segment"],
        "measures": ["ticket.count", "ticket.amount.sum", "ticket.csat.avg", "contact.count"],
        "totals": True,
    },
    "bookings": {
        "object": "booking",
        "relationship": "guests",
        "dimensions": ["booking.event_name"],
        "measures": ["booking.count", "booking.price.sum", "booking.duration.sum", "contact.count"],
        "totals": True,
    },
    "contacts": {"object": "contact", "dimensions": ["contact.country"], "measures": ["contact.count"], "totals": True},
}
"""Asked of the tenants of the demonstration."""
