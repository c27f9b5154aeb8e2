"""The brute-force model's measures against figures worked out by hand (meanings 3, 4, 7, 14)."""

from decimal import Decimal
from typing import Any

import pytest

from tests.helpers.oracle_measures import kind_of_measure, measured


@pytest.mark.parametrize(
    ("function", "kind", "values", "figure"),
    [
        ("median", "number", [1.0, 2.0, 4.0, 10.0], 3.0),
        ("p90", "number", [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0], 9.1),
        ("p95", "number", [0.0, 100.0], 95.0),
        ("p95", "number", [7.0], 7.0),
        # The rank is 0.9 of 3 = 2.7: between 0.0003 and 0.0010, 0.00079, and 0.0008 to four places.
        (
            "p90",
            "currency",
            [Decimal("0.0001"), Decimal("0.0002"), Decimal("0.0003"), Decimal("0.0010")],
            Decimal("0.0008"),
        ),
        ("median", "currency", [Decimal("0.0001"), Decimal("0.0002")], Decimal("0.0002")),
        ("median", "currency", [Decimal("0.0002"), Decimal("0.0003")], Decimal("0.0002")),
        ("stddev", "number", [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0], 2.138089935299395),
        ("stddev", "number", [3.0], None),
        ("stddev", "currency", [Decimal("1"), Decimal("2")], Decimal("0.7071")),
        ("avg", "currency", [Decimal("10.0000"), Decimal("0.0001")], Decimal("5.0000")),
        ("count_distinct", "multiselect", [["a", "b"], ["b", "c"]], 3),
        ("count_distinct", "textarea", [], 0),
        ("sum", "number", [], None),
        ("p90", "integer", [1, 2], 1.9),
    ],
)
def test_a_figure_is_what_the_definition_gives(function: str, kind: str, values: list[Any], figure: Any) -> None:
    assert measured(function, kind, values) == figure


def test_whole_numbers_are_measured_as_numbers() -> None:
    assert kind_of_measure("sum", "integer") == kind_of_measure("avg", "integer") == "number"
    assert kind_of_measure("count_distinct", "integer") == "integer"
    assert repr(measured("max", "integer", [1, 3])) == "3.0"
