"""An answer from the rows of the store: what is cut, and what totals stand under."""

from typing import Any

from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.result import result_set
from tests.unit.query_service.dataset import resolved


def asked(**more: Any) -> ResolvedReport:
    report, problems = resolved(
        {"object": "ticket", "dimensions": ["ticket.status"], "measures": ["ticket.count"], **more}
    )
    assert report is not None, problems
    return report


def test_the_row_beyond_the_limit_is_not_shown_but_told_of() -> None:
    rows = [["a", 1], ["b", 2], ["c", 3]]
    cut = result_set(asked(limit=2), rows, None, None)
    assert (cut.rows, cut.truncated) == ((("a", 1), ("b", 2)), True)
    whole = result_set(asked(limit=3), rows, None, None)
    assert (len(whole.rows), whole.truncated) == (3, False)


def test_totals_stand_under_the_measures_and_nothing_under_dimensions() -> None:
    assert result_set(asked(totals=True), [["a", 1]], [7], None).totals == (None, 7)
    assert result_set(asked(), [["a", 1]], None, None).totals is None
