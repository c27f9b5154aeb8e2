"""A list whose filters read moved values shows the stored ones, of formulas with a warning."""

from typing import Any

from tests.unit.query_service.dataset import resolved

SHIFT = {"field": "ticket.opened_at", "shift": [1, "month"]}
FORMULAS = [
    {"name": "opened", "expression": "month(ticket.opened_at)"},
    {"name": "next", "expression": "opened + 1"},
    {"name": "due", "expression": "month(ticket.due_on)"},
]
LISTED = ["ticket._id", "ticket.opened_at", "due", "next"]


def warned(**request: Any) -> list[tuple[str, str]]:
    report, problems = resolved({"object": "ticket", "list": LISTED, "formulas": FORMULAS, **request})
    assert report is not None
    assert problems == []
    return [(warning.code, warning.pointer) for warning in report.warnings]


def test_a_formula_that_reads_the_moved_field_is_a_warning() -> None:
    assert warned(moved=SHIFT) == [("moved_in_filters_only", "/list/3")]


def test_without_moved_values_or_with_others_there_is_none() -> None:
    assert warned() == []
    assert warned(moved={**SHIFT, "field": "ticket.due_on"}, list=["ticket._id", "ticket.due_on", "next"]) == []
