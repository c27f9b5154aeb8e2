"""What saved reports rest on, and so would lose."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crosslook.contracts.reports import Dashboard, Look, Tile
from services.query_service.domain.impact import of_dashboard, of_look

NOW = datetime(2026, 11, 24, tzinfo=UTC)
F = {"or": [{"field": "contact.country", "op": "is_empty"}, {"and": [{"field": "ticket.status", "op": "is_empty"}]}]}


def look(request: dict[str, Any], relationship: str | None = None, identity: str = "l1") -> Look:
    """A Look of acme's."""
    return Look(
        tenant="acme",
        id=identity,
        version=1,
        name="A",
        created_at=NOW,
        updated_at=NOW,
        request=request,
        relationship=relationship,
    )


def dashboard(*tiles: Tile, filters: Any = None) -> Dashboard:
    """A dashboard of acme's."""
    return Dashboard(
        tenant="acme", id="d1", version=1, name="D", created_at=NOW, updated_at=NOW, tiles=tiles, filters=filters
    )


COUNT = {"object": "ticket", "measures": ["ticket.count"]}
WIDE = {
    "object": "ticket",
    "dimensions": ["ticket.status", {"field": "ticket.opened_at", "granularity": "month"}, "contact.country"],
    "measures": ["ticket.csat.avg", "contact.count"],
    "filters": F,
    "sort": [{"field": "ticket.csat.avg"}],
    "relationship": "requester",
}
FILTERED = {"object": "ticket", "measures": [{"measure": "ticket.csat.avg", "name": "mean", "filters": F}]}
FORMULAS = {
    "object": "ticket",
    "formulas": [
        {"name": "booking", "expression": "ticket.amount / [ticket.csat] + 1"},
        {"name": "month", "expression": "month(ticket.opened_at) + booking"},
    ],
    "dimensions": ["month"],
    "measures": ["booking.avg"],
    "filters": {"field": "booking", "op": "gt", "values": [1]},
}
BINS = COUNT | {
    "dimensions": [{"field": "ticket.csat", "name": "booking", "bins": [1]}],
    "filters": {"field": "booking", "op": "eq", "values": ["..1"]},
}
CHOSEN = {"object": "contact", "measures": ["contact.count"], "records": {"object": "ticket", "match": "without"}}


MOVED = {"field": "ticket.due_on", "shift": [1, "month"]}


@pytest.mark.parametrize(
    ("request_body", "relationship", "object_slug", "field", "loses"),
    [
        (COUNT, None, "ticket", None, ("ticket.count",)),
        (COUNT, None, "ticket", "csat", ()),
        (COUNT, None, "booking", None, ()),
        (COUNT, None, "contact", None, ()),
        (COUNT, None, "tick", None, ()),
        (WIDE, None, "ticket", None, ("ticket.csat", "ticket.opened_at", "ticket.requester", "ticket.status")),
        (FILTERED, None, "ticket", None, ("ticket.csat", "ticket.status")),
        (FILTERED, None, "contact", "country", ("contact.country",)),
        (WIDE, None, "ticket", "opened_at", ("ticket.opened_at",)),
        (WIDE, None, "ticket", "csat", ("ticket.csat",)),
        (WIDE, None, "ticket", "requester", ("ticket.requester",)),
        (WIDE, None, "contact", None, ("contact.count", "contact.country")),
        (COUNT | {"dimensions": ["contact.country"]}, "requester", "ticket", "requester", ("ticket.requester",)),
        ({"object": "ticket", "dimensions": ["contact.country"]}, None, "ticket", None, ("ticket",)),
        (COUNT | {"compare": MOVED}, None, "ticket", "due_on", ("ticket.due_on",)),
        (COUNT | {"compare": [MOVED | {"name": "a"}]}, None, "ticket", None, ("ticket.count", "ticket.due_on")),
        ({"object": "ticket", "list": ["ticket._id"], "moved": MOVED}, None, "ticket", "due_on", ("ticket.due_on",)),
        (COUNT | {"compare": "previous"}, None, "ticket", None, ("ticket.count",)),
        (COUNT | {"pivot": ["ticket.status"]}, None, "ticket", "status", ("ticket.status",)),
        (
            COUNT | {"pivot": [{"field": "contact.created_at", "granularity": "month"}]},
            None,
            "contact",
            None,
            ("contact.created_at",),
        ),
        (FORMULAS, None, "ticket", None, ("ticket.amount", "ticket.csat", "ticket.opened_at")),
        (FORMULAS, None, "ticket", "amount", ("ticket.amount",)),
        (FORMULAS, None, "booking", None, ()),
        (BINS, None, "ticket", None, ("ticket.count", "ticket.csat")),
        (BINS, None, "booking", None, ()),
        (COUNT | {"measures": ["ticket._updated_at.max"]}, None, "ticket", None, ("ticket",)),
        (COUNT | {"dimensions": ["ticket._id"]}, None, "ticket", None, ("ticket.count",)),
        (COUNT | {"dimensions": ["ticket._id"]}, None, "ticket", "_id", ()),
        (CHOSEN, None, "ticket", None, ("ticket",)),
        (CHOSEN, "requester", "ticket", "requester", ("ticket.requester",)),
        (CHOSEN, "requester", "contact", None, ("contact.count",)),
    ],
)
def test_a_look_loses_what_it_names(
    request_body: dict[str, Any], relationship: str | None, object_slug: str, field: str | None, loses: tuple[str, ...]
) -> None:
    assert of_look(look(request_body, relationship), object_slug, field).loses == loses


@pytest.mark.parametrize(
    ("object_slug", "field", "loses"),
    [
        ("ticket", None, ("ticket.count", "ticket.csat", "ticket.status")),
        ("ticket", "status", ("ticket.status",)),
        ("contact", "country", ("contact.country",)),
        ("booking", None, ("booking.price",)),
        ("asset", None, ()),
    ],
)
def test_a_dashboard_loses_what_its_tiles_and_filters_name(
    object_slug: str, field: str | None, loses: tuple[str, ...]
) -> None:
    shown = look(COUNT | {"measures": ["ticket.count", "ticket.csat.sum"]})
    board = dashboard(
        Tile(look="l1"),
        Tile(look="gone"),
        Tile(request={"object": "booking", "measures": ["booking.price.sum"]}),
        filters=F,
    )
    assert of_dashboard(board, object_slug, field, {"l1": shown}.get).loses == loses
