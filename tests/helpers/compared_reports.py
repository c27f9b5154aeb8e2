"""Reports that are compared with an earlier period, of every shape: over the dataset of the scenarios."""

from collections.abc import Mapping
from typing import Any

OPENED_MONTH = {"field": "ticket.opened_at", "granularity": "month"}
SIDES: Mapping[str, tuple[str, int, str]] = {
    "opened": ("ticket.opened_at", 1, "month"),
    "due": ("ticket.due_on", 2, "week"),
    "booked": ("booking.starts_at", 36, "hour"),
    "created": ("contact.created_at", 1, "quarter"),
}
"""What is moved, and by how much, for the tenant of each name."""

REPORTS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "by month": ("opened", {"dimensions": [OPENED_MONTH], "measures": ["ticket.count", "ticket.amount.sum"]}),
    "by day": (
        "opened",
        {"dimensions": [{"field": "ticket.opened_at", "granularity": "day"}], "measures": ["ticket.opened_at.min"]},
    ),
    "this month": (
        "opened",
        {"measures": ["ticket.count"], "filters": {"field": "ticket.opened_at", "op": "in_this", "values": ["month"]}},
    ),
    "month to date": (
        "opened",
        {
            "dimensions": ["ticket.status"],
            "measures": ["ticket.count", "ticket.csat.median"],
            "filters": {"field": "ticket.opened_at", "op": "to_date", "values": ["month"]},
            "totals": True,
        },
    ),
    "on the contact": (
        "opened",
        {
            "relationship": "watchers",
            "dimensions": ["contact.country", OPENED_MONTH],
            "measures": ["ticket.count", "contact.count", "ticket.amount.sum", "contact.spent.sum"],
            "totals": True,
            "subtotals": True,
        },
    ),
    "of contacts that pass": (
        "opened",
        {
            "relationship": "requester",
            "dimensions": [OPENED_MONTH],
            "measures": ["ticket.count"],
            "filters": {
                "and": [
                    {"field": "contact.country", "op": "eq", "values": ["FR"]},
                    {"field": "ticket.opened_at", "op": "in_last", "values": [60, "day"]},
                ]
            },
        },
    ),
    "with a filter across the join": (
        "opened",
        {
            "relationship": "requester",
            "measures": ["ticket.count"],
            "filters": {
                "or": [
                    {"field": "contact.country", "op": "eq", "values": ["FR"]},
                    {"field": "ticket.opened_at", "op": "in_this", "values": ["week"]},
                ]
            },
        },
    ),
    "without a contact": (
        "opened",
        {
            "relationship": "requester",
            "contacts": "without",
            "dimensions": [OPENED_MONTH],
            "measures": ["ticket.count"],
        },
    ),
    "pivoted": (
        "opened",
        {"dimensions": [OPENED_MONTH], "pivot": ["ticket.status"], "measures": ["ticket.count"], "totals": True},
    ),
    "pivoted by the field": (
        "due",
        {
            "dimensions": ["ticket.urgent"],
            "pivot": [{"field": "ticket.due_on", "granularity": "month"}],
            "measures": ["ticket.count", "ticket.due_on.max"],
        },
    ),
    "filtered measures": (
        "due",
        {
            "dimensions": ["ticket.status"],
            "measures": [
                {
                    "measure": "ticket.count",
                    "name": "soon",
                    "filters": {"field": "ticket.due_on", "op": "in_next", "values": [3, "week"]},
                },
                "ticket.count",
            ],
        },
    ),
    "by parts of the date": (
        "due",
        {
            "dimensions": [{"field": "ticket.due_on", "granularity": "day_of_week"}],
            "measures": ["ticket.count"],
            "filters": {"field": "ticket.due_on", "granularity": "month_of_year", "op": "in", "values": [10, 11, 12]},
        },
    ),
    "of hours": (
        "booked",
        {
            "object": "booking",
            "dimensions": [{"field": "booking.starts_at", "granularity": "hour_of_day"}, "contact.plan"],
            "measures": ["booking.count", "booking.price.sum"],
            "filters": {"field": "booking.starts_at", "op": "after", "values": ["2026-10-30"]},
        },
    ),
    "of contacts": (
        "created",
        {
            "object": "contact",
            "dimensions": [{"field": "contact.created_at", "granularity": "quarter"}],
            "measures": ["contact.count", "contact.spent.avg"],
            "records": {"object": "ticket", "relationship": "requester", "match": "with"},
        },
    ),
    "formulas": (
        "opened",
        {
            "formulas": [
                {"name": "opened_month", "expression": "month(ticket.opened_at)"},
                {"name": "days_open", "expression": "days_between(ticket.opened_at, ticket.due_on)"},
            ],
            "dimensions": ["opened_month"],
            "measures": ["ticket.count", "days_open.avg"],
            "filters": {"field": "days_open", "op": "lt", "values": [10]},
        },
    ),
    "weeks from Sunday": (
        "due",
        {
            "dimensions": [{"field": "ticket.due_on", "granularity": "week"}],
            "measures": ["ticket.count"],
            "week_start": "sunday",
        },
    ),
}
"""By name: what is moved, and the request."""
