"""The brute-force model's formulas against values worked out by hand (CONTRACTS 5, *Formulas*)."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from crosslook.contracts.zones import zone_of
from tests.helpers.oracle_calculations import Column
from tests.helpers.oracle_calendar import Calendar
from tests.helpers.oracle_formulas import formula_values

OPENED = datetime.fromisoformat("2026-10-31T23:30:00-05:00")
SOLVED = datetime.fromisoformat("2026-11-01T01:30:00-06:00")
KNOWN: dict[str, tuple[str, Any]] = {
    "ticket.opened_at": ("datetime", OPENED),
    "ticket.solved_at": ("datetime", SOLVED),
    "ticket.score": ("number", 2.5),
    "ticket.amount": ("currency", Decimal("10.0001")),
    "ticket.large": ("currency", Decimal("999999999999999.9999")),
    "ticket.nothing": ("number", None),
    "ticket.subject": ("text", "Ж𝒳"),  # two code points, one of them outside the basic plane
}


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("hours_between(ticket.opened_at, ticket.solved_at)", "number", 3.0),
        ("days_between(ticket.opened_at, ticket.solved_at)", "integer", 1),
        ("days_between(ticket.solved_at, ticket.opened_at)", "integer", -1),
        ("year(ticket.opened_at) * 100 + month(ticket.opened_at)", "integer", 202610),
        ("ticket.score / 0", "number", None),
        ("ticket.nothing + 1", "number", None),
        ("coalesce(ticket.nothing, ticket.score)", "number", 2.5),
        ("if(ticket.nothing > 1, 1, 2)", "integer", 2),
        ("ticket.nothing > 1 or ticket.score > 1", "boolean", True),
        ("ticket.nothing > 1 and ticket.score > 1", "boolean", None),
        ("ticket.amount / 2", "currency", Decimal("5.0000")),
        ("ticket.amount / ticket.amount", "number", 1.0),
        ("12.25 / (ticket.amount - 9.5002)", "number", 24.50490098019604),
        ("ticket.score / (ticket.amount - 0.005)", "number", 0.2501225600544267),
        ("ticket.large + 1", "currency", None),
        ("(ticket.large + 1) - 1", "currency", None),
        ("ticket.score * 9007199254740992", "number", None),
        ("length(ticket.subject)", "integer", 2),
        ("concat(ticket.subject, '-', 7)", "text", "Ж𝒳-7"),
        ("concat('', '')", "text", None),
        ("lower('ABC')", "text", "abc"),
        ("round(12.345, 2)", "number", 12.34),
        ("ticket.opened_at < '2026-11-01'", "boolean", True),
        ("ticket.solved_at = '2026-11-01'", "boolean", True),
        ("ticket.solved_at = '2026-11-01T07:30:00Z'", "boolean", True),
    ],
)
def test_a_formula_is_computed_for_each_record(expression: str, kind: str, value: Any) -> None:
    def find(name: str) -> Column:
        return Column(KNOWN[name][0], [KNOWN[name][1]])

    found = formula_values(expression, find, 1, Calendar(zone_of("America/Chicago")))
    assert (found.kind, found.values) == (kind, [value])
