"""The brute-force model's keys of bins and groups, as CONTRACTS 5 writes them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from crosslook.contracts.zones import zone_of
from tests.helpers.oracle_calendar import Calendar
from tests.helpers.oracle_groupings import Grouping

UTC = Calendar(zone_of("UTC"))
BANDS: dict[str, Any] = {"field": "ticket.csat", "name": "csat_band", "bins": [2, 4]}
WIDTHS: dict[str, Any] = {"field": "ticket.csat", "name": "tens", "width": 10}
PHASES: dict[str, Any] = {
    "field": "ticket.status",
    "name": "phase",
    "groups": [{"name": "Done", "values": ["solved", "closed"]}],
}


@pytest.mark.parametrize(
    ("asked", "value", "key"),
    [
        (BANDS, 1.99, "..2"),
        (BANDS, 2.0, "2..4"),
        (BANDS, 4.0, "4.."),
        (BANDS, None, None),
        ({**BANDS, "bins": [1e-07, 2.50]}, 0.5, "0.0000001..2.5"),
        ({**BANDS, "bins": [0.3, 100]}, 100.0, "100.."),
        ({**BANDS, "bins": ["2026-01-01", "2026-10-10"]}, date(2026, 10, 9), "2026-01-01..2026-10-10"),
        ({**WIDTHS, "width": 0.1}, 0.3, 0.3),
        (WIDTHS, -0.5, -10.0),
        (WIDTHS, 10.0, 10.0),
        (WIDTHS, Decimal("9.9999"), Decimal(0)),
        (PHASES, "closed", "Done"),
        (PHASES, "open", "open"),
        (PHASES, None, None),
        ({**PHASES, "others": "Rest"}, "open", "Rest"),
        ({**PHASES, "others": "Rest"}, None, None),
    ],
)
def test_a_value_has_one_key(asked: dict[str, Any], value: Any, key: Any) -> None:
    assert Grouping.of(asked).keys(value, UTC) == [key]


def test_bands_are_ranked_from_low_to_high() -> None:
    grouping = Grouping.of({**BANDS, "bins": [2, 10]})
    assert sorted(["10..", "2..10", "..2"], key=grouping.rank) == ["..2", "2..10", "10.."]


def test_a_column_is_named_as_the_request_says() -> None:
    assert [
        Grouping.of(asked).column for asked in (BANDS, "ticket.status", {"field": "a.b", "granularity": "day"})
    ] == [
        "csat_band",
        "ticket.status",
        "a.b:day",
    ]
