"""Numbers and days as other countries write them, where a call says that its file does."""

from typing import Any

import pytest

from crosslook.contracts.values import BadValue, read_decimal
from services.schema_service.domain.imports.cells import DateOrder, DecimalMark
from services.schema_service.domain.imports.rows import RowRefusal
from tests.unit.schema_service.imports import drafts, read_file, refusals
from tests.unit.schema_service.samples import with_field

BODY = with_field(slug="due", label="Due", type="date")


def cell(column: str, text: str, **forms: Any) -> object:
    """What a cell becomes."""
    (row,) = drafts(read_file(f"_id;{column}\n7;{text}\n", body=BODY, **forms))
    return row.fields[column]


@pytest.mark.parametrize("column", ["csat", "amount"])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u00a0567,8", "1234567.8"),
        ("-1\u202f234", "-1234"),
        ("1.234.567,89", "1234567.89"),
        ("1.234", "1234"),
        (" +0,5 ", "+0.5"),
        ("12", "12"),
    ],
)
def test_a_comma_stands_before_decimals_and_spaces_or_points_between_thousands(
    column: str, text: str, number: str
) -> None:
    assert cell(column, text, decimal=DecimalMark.COMMA) == number


@pytest.mark.parametrize(
    "text",
    [
        "1234.56",
        "0.5",
        "0.500",
        "012.345",
        "1.23",
        "12.34,5",
        "1 234.567,8",
        "1234 567",
        "1,5e3",
        ",5",
        "5,",
        "12,50 €",
        "x",
        "1,2,3",
    ],
)
def test_what_a_number_with_a_comma_cannot_be_is_refused_by_name(text: str) -> None:
    rows = read_file(f"_id;csat\n7;{text}\n", decimal=DecimalMark.COMMA)
    assert refusals(rows) == [(2, "csat", "wrong_type")]
    (row,) = rows
    assert isinstance(row, RowRefusal)
    assert "1 234,56" in row.problem.message("en")


@pytest.mark.parametrize("mark", [DecimalMark.POINT, DecimalMark.EITHER])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.56", "1234.56"),
        ("-1'234'567.8", "-1234567.8"),
        ("1\u202f234.5", "1234.5"),
        ("1 234", "1234"),
        ("1,234,567", "1234567"),
        ("1234.5", "1234.5"),
        ("0.500", "0.500"),
        ("12", "12"),
    ],
)
def test_a_point_stands_before_decimals_and_commas_spaces_or_apostrophes_between_thousands(
    text: str, number: str, mark: DecimalMark
) -> None:
    assert cell("csat", text, decimal=mark) == number


@pytest.mark.parametrize(("text", "number"), [("1,500", "1500"), ("1.500", "1.500")])
def test_a_file_with_a_point_before_decimals_has_a_comma_between_thousands_only(text: str, number: str) -> None:
    assert cell("csat", text, decimal=DecimalMark.POINT) == number


@pytest.mark.parametrize(
    ("text", "number"), [("1,5", "1.5"), ("0,500", "0.500"), ("1.234.567", "1234567"), ("1.234,5", "1234.5")]
)
def test_each_number_shows_by_itself_what_stands_before_its_decimals(text: str, number: str) -> None:
    assert cell("csat", text, decimal=DecimalMark.EITHER) == number


@pytest.mark.parametrize("text", ["1.500", "1,500", "-12.345", "999,000"])
def test_a_number_that_could_have_decimals_or_thousands_is_refused_by_name(text: str) -> None:
    (row,) = read_file(f"_id;csat\n7;{text}\n", decimal=DecimalMark.EITHER)
    assert isinstance(row, RowRefusal)
    assert "two ways" in row.problem.message("en")


@pytest.mark.parametrize("text", ["1,500", "1,234.56", "1 234"])
def test_a_file_that_nothing_is_said_of_leaves_its_numbers_to_admission(text: str) -> None:
    assert cell("csat", text) == text


@pytest.mark.parametrize("text", ["1,5", "12,34.5", "1,23", "1 234,567.8", "1,2345"])
def test_what_a_number_with_a_point_cannot_be_is_left_to_admission_which_refuses_it(text: str) -> None:
    assert cell("csat", text, decimal=DecimalMark.POINT) == text
    with pytest.raises(BadValue):
        read_decimal(text)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("31/12/2026", DateOrder.DMY, "2026-12-31"),
        ("6.1.2026", DateOrder.DMY, "2026-01-06"),
        ("06-01-2026", DateOrder.MDY, "2026-06-01"),
        ("2026-12-31", DateOrder.DMY, "2026-12-31"),
        ("2026-12-31", DateOrder.MDY, "2026-12-31"),
        (" 29/02/2028 ", DateOrder.DMY, "2028-02-29"),
    ],
)
def test_days_are_read_in_their_order_and_always_with_the_year_first(text: str, order: DateOrder, day: str) -> None:
    assert cell("due", text, dates=order) == day


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("31/12/2026 9:05", "2026-12-31T15:05:00.000Z"),
        ("31/12/2026 23:05:06", "2027-01-01T05:05:06.000Z"),
        ("1/7/2026", "2026-07-01T05:00:00.000Z"),
        ("2026-07-01T00:00:00Z", "2026-07-01T00:00:00Z"),
    ],
)
def test_times_of_days_are_local_times_of_the_tenant(text: str, instant: str) -> None:
    assert cell("opened_at", text, dates=DateOrder.DMY) == instant


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("12/31/2026", DateOrder.DMY),
        ("31/12/2026", DateOrder.MDY),
        ("31/12/26", DateOrder.DMY),
        ("29/02/2026", DateOrder.DMY),
        ("31/12.2026", DateOrder.DMY),
        ("1/1/0000", DateOrder.DMY),
        ("tomorrow", DateOrder.MDY),
    ],
)
@pytest.mark.parametrize("column", ["due", "opened_at"])
def test_a_day_that_does_not_exist_in_that_order_is_refused_by_name(text: str, order: DateOrder, column: str) -> None:
    rows = read_file(f"_id;{column}\n7;{text}\n", body=BODY, dates=order)
    assert refusals(rows) == [(2, column, "wrong_type")]
    (row,) = rows
    assert isinstance(row, RowRefusal)
    assert ("31/12/2026" if order is DateOrder.DMY else "12/31/2026") in row.problem.message("en")


def test_without_a_word_cells_are_left_as_they_are_for_admission_to_judge() -> None:
    assert cell("csat", "1,5") == "1,5"
    assert cell("due", "31/12/2026") == "31/12/2026"
