"""Rows of a composed report: sorted, cut, and compared with the snapshot before."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.query_service.domain.amounts import change
from services.query_service.domain.composition import Composed, Fetched, compose
from services.query_service.domain.plan import plan
from tests.unit.query_service.dataset import resolved

BY_STATUS: dict[str, Any] = {"object": "ticket", "dimensions": ["ticket.status"], "measures": ["ticket.count"]}
NUMBERED: dict[str, Any] = {"calculations": [{"name": "place", "expression": "rank(ticket.count)"}]}


def composed(rows: list[list[Any]], before: list[list[Any]] | None = None, **asked: Any) -> Composed:
    """The report over what the store answered, and over what it answered of the snapshot before."""
    report, problems = resolved({**BY_STATUS, **asked})
    assert report is not None, problems
    assert problems == []
    parts = {"rows": rows, **({} if before is None else {"previous_rows": before})}
    return compose(report, plan(report), Fetched(parts))


def test_rows_beyond_the_limit_are_cut_and_an_answer_that_just_fits_is_whole() -> None:
    rows = [["a", 1], ["b", 3], ["c", 2]]
    for limit, shown, truncated in ((2, ["b", "c"], True), (3, ["b", "c", "a"], False)):
        found = composed(rows, limit=limit, **NUMBERED)
        assert ([row[0] for row in found.rows], found.truncated) == (shown, truncated)


@pytest.mark.parametrize(("direction", "shown"), [("asc", ["a", "c", "b", "n"]), ("desc", ["b", "c", "a", "n"])])
def test_rows_are_sorted_as_asked_and_the_empty_come_last_both_ways(direction: str, shown: list[str]) -> None:
    rows = [["b", 3, 30.0], ["n", 4, None], ["a", 1, 10.0], ["c", 2, 20.0]]
    sort = [{"field": "ticket.csat.avg", "direction": direction}]
    found = composed(rows, measures=["ticket.count", "ticket.csat.avg"], sort=sort, limit=10, **NUMBERED)
    assert [row[0] for row in found.rows] == shown


def test_a_comparison_has_the_keys_of_either_snapshot_and_no_difference_where_a_side_is_missing() -> None:
    found = composed([["open", 5], ["new", 1]], [["open", 2], ["gone", 4]], compare="previous", limit=10)
    assert sorted(found.rows, key=str) == [("gone", None, 4, None), ("new", 1, None, None), ("open", 5, 2, 3)]


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (5, 7, -2),
        (Decimal("10.0001"), Decimal("4.00"), Decimal("6.0001")),
        (date(2026, 11, 30), date(2026, 11, 28), 2),
        (datetime(2026, 11, 30, 12, tzinfo=UTC), datetime(2026, 11, 30, 11, tzinfo=UTC), 3600.0),
        (None, 1, None),
        (1, None, None),
    ],
)
def test_a_difference_is_what_was_added_since(now: Any, before: Any, expected: Any) -> None:
    assert change(now, before) == expected
