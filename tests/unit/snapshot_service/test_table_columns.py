"""What is said of a table whose columns are not those that this release expects."""

import pytest

from services.snapshot_service.domain.table_columns import Columns, difference, differences

EXPECTED = (("tenant", "String"), ("offsets", "Array(UInt64) CODEC(Delta, ZSTD)"), ("rows", "UInt64"))
THERE = (("rows", "UInt64"), ("offsets", "Array(UInt64)"), ("tenant", "String"))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (THERE, None),
        (THERE[1:], "lacks column rows UInt64"),
        ((*THERE, ("more", "UInt8")), "column more UInt8 is not expected"),
        ((("rows", "UInt32"), *THERE[1:]), "column rows is UInt32, expected UInt64"),
        (
            (("row", "UInt64"), *THERE[1:]),
            "lacks column rows UInt64; column row UInt64 is not expected",
        ),
    ],
)
def test_every_difference_is_named_with_its_column_and_type(found: Columns, said: str | None) -> None:
    assert difference(EXPECTED, found) == said


def test_of_many_differences_the_first_ones_are_named() -> None:
    said = difference([(f"c{n}", "String") for n in range(9)], [])
    assert said is not None
    assert said.startswith("lacks column c0 String; lacks column c1 String;")
    assert said.endswith("c4 String (and 4 more)")


def test_a_table_that_is_not_there_does_not_differ() -> None:
    assert differences({"a": EXPECTED, "b": EXPECTED}, {"b": THERE[1:]}) == {"b": "lacks column rows UInt64"}
