"""The names that saved reports rest on, and the names in formulas."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crosslook.contracts.expression_tokens import EXPRESSION_MAX, names_in
from crosslook.contracts.report_uses import Impact, uses_of_dashboard, uses_of_look
from crosslook.contracts.reports import Dashboard, Look, SavedKind, Tile

NOW = datetime(2026, 11, 24, tzinfo=UTC)
COUNT = {"object": "ticket", "measures": ["ticket.count"]}
FRENCH = {"or": [{"field": "contact.country", "op": "is_empty"}, {"and": [{"field": "ticket.csat", "op": "is_empty"}]}]}
MOVED = {"field": "ticket.due_on", "shift": [1, "month"]}


def look(request: dict[str, Any], relationship: str | None = None) -> Look:
    """A Look of acme's."""
    saved = {"tenant": "acme", "id": "l1", "version": 1, "name": "A", "created_at": NOW, "updated_at": NOW}
    return Look.model_validate({**saved, "request": request, "relationship": relationship})


@pytest.mark.parametrize(
    ("request_body", "relationship", "uses"),
    [
        (COUNT, None, {"ticket", "ticket.count"}),
        (COUNT, "requester", {"ticket", "ticket.count", "ticket.requester"}),
        (COUNT | {"relationship": "owner"}, "requester", {"ticket", "ticket.count", "ticket.owner"}),
        (COUNT | {"filters": FRENCH}, None, {"ticket", "ticket.count", "contact.country", "ticket.csat"}),
        (COUNT | {"compare": MOVED}, None, {"ticket", "ticket.count", "ticket.due_on"}),
        (COUNT | {"compare": "previous"}, None, {"ticket", "ticket.count"}),
        ({"object": "ticket", "list": ["ticket._id"], "moved": MOVED}, None, {"ticket", "ticket._id", "ticket.due_on"}),
        (
            {"object": "ticket", "measures": [{"measure": "ticket.csat.avg", "name": "mean", "filters": FRENCH}]},
            None,
            {"ticket", "ticket.csat", "contact.country"},
        ),
        (
            COUNT
            | {
                "formulas": [{"name": "late", "expression": 'if([ticket.due_on] > ticket.at, "ticket.no", null)'}],
                "pivot": ["late"],
                "dimensions": [{"field": "ticket.csat", "name": "size", "bins": [1]}],
                "filters": {"field": "size", "op": "eq", "values": ["..1"]},
            },
            None,
            {"ticket", "ticket.count", "ticket.due_on", "ticket.at", "ticket.csat"},
        ),
        (
            {"object": "contact", "measures": ["contact.count"], "records": {"object": "ticket", "match": "without"}},
            "requester",
            {"contact", "contact.count", "ticket", "ticket.requester"},
        ),
    ],
)
def test_a_look_rests_on_every_name_in_its_request(
    request_body: dict[str, Any], relationship: str | None, uses: set[str]
) -> None:
    assert uses_of_look(look(request_body, relationship)) == uses


def test_a_dashboard_rests_on_its_tiles_the_looks_they_show_and_its_filters() -> None:
    tiles = (Tile(look="l1"), Tile(look="gone"), Tile(request={"object": "booking", "measures": ["booking.price.sum"]}))
    saved = {"tenant": "acme", "id": "d1", "version": 1, "name": "D", "created_at": NOW, "updated_at": NOW}
    board = Dashboard.model_validate({**saved, "tiles": tiles, "filters": FRENCH})
    shown = {"l1": look(COUNT, "requester")}
    assert uses_of_dashboard(board, shown.get) == {
        "ticket",
        "ticket.count",
        "ticket.requester",
        "booking",
        "booking.price",
        "contact.country",
        "ticket.csat",
    }


def test_impacts_are_listed_dashboards_first_then_by_name_whatever_its_case() -> None:
    found = [
        Impact(kind, "1", name, ())
        for kind, name in ((SavedKind.LOOK, "a"), (SavedKind.DASHBOARD, "b"), (SavedKind.DASHBOARD, "A"))
    ]
    assert [impact.name for impact in sorted(found, key=lambda impact: impact.place)] == ["A", "b", "a"]


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("ticket.amount / [ticket.csat] + 1", ("ticket.amount", "ticket.csat")),
        ("month(ticket.opened_at) + booking", ("ticket.opened_at", "booking")),
        ("NOT (a.b = null) AND true or False", ("a.b",)),
        ("[Tickets, late] × [a ]] b]", ("Tickets, late", "a ] b")),  # noqa: RUF001  # people paste it
        ("concat(a.b, 'it''s c.d', \"e.f\")", ("a.b",)),
        ("if (a.b > 1, 2, 3)", ("a.b",)),
        ("[and] - -a.b", ("and", "a.b")),
        ("a.b + 'open", ()),
        ("a.b # 1", ()),
        ("a.b" + " " * EXPRESSION_MAX, ()),
        ("", ()),
    ],
)
def test_the_names_in_a_formula_are_those_of_fields_and_formulas(expression: str, names: tuple[str, ...]) -> None:
    assert names_in(expression) == names
