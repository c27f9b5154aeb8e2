"""What each filter operator makes of its values, and what it refuses (CONTRACTS 5, meanings 4 to 6)."""

from decimal import Decimal
from typing import Any

import pytest

from crosslook.contracts.schemas import FieldDef, FieldType
from services.query_service.domain.condition_reading import InvalidCondition
from services.query_service.domain.operators import FILTER_OPERATORS, meant_operator, operators_of, predicate
from services.query_service.domain.predicates import (
    ColumnOf,
    Compare,
    Comparison,
    Every,
    Holds,
    IsEmpty,
    Matches,
    Not,
    OneOf,
    Operand,
    Predicate,
    Some,
    Value,
)
from services.query_service.domain.query import Condition, FilterOperator, Name
from services.query_service.domain.row_terms import FieldOf, Side
from services.query_service.domain.terms import ColumnType
from tests.unit.query_service.dataset import MOMENT


def field(kind: FieldType) -> FieldOf:
    return FieldOf(Side.BASE, "ticket", FieldDef(slug="f", type=kind))


def predicate_of(operand: Operand, op: str, *values: Any) -> Predicate:
    """The predicate of a condition."""
    return predicate(operand, Condition(Name("ticket.f", "/f"), Name(op, "/op"), values, "/filters"), MOMENT)


TEXT, NUMBER, TAGS = field(FieldType.TEXT), field(FieldType.NUMBER), field(FieldType.MULTISELECT)
DUE, OPENED, AMOUNT = field(FieldType.DATE), field(FieldType.DATETIME), field(FieldType.CURRENCY)
_INSTANT = "DateTime64(3, 'UTC')"
CASES: list[tuple[FieldOf, str, tuple[Any, ...], Predicate]] = [
    (TEXT, "eq", ("a",), Compare(TEXT, Comparison.EQ, Value("a", "String"))),
    (TEXT, "neq", ("a",), Not(Compare(TEXT, Comparison.EQ, Value("a", "String")))),
    (TEXT, "in", ("a", "b"), OneOf(TEXT, Value(("a", "b"), "Array(String)"))),
    (TEXT, "not_in", ("a",), Not(OneOf(TEXT, Value(("a",), "Array(String)")))),
    (TEXT, "contains", ("a",), Matches(TEXT, "contains", Value("a", "String"))),
    (TEXT, "not_contains", ("a",), Not(Matches(TEXT, "contains", Value("a", "String")))),
    (TEXT, "starts_with", ("a",), Matches(TEXT, "starts_with", Value("a", "String"))),
    (TEXT, "ends_with", ("a",), Matches(TEXT, "ends_with", Value("a", "String"))),
    (TEXT, "is_empty", (), IsEmpty(TEXT)),
    (TEXT, "is_not_empty", (), Not(IsEmpty(TEXT))),
    (NUMBER, "gt", (1,), Compare(NUMBER, Comparison.GT, Value(1.0, "Float64"))),
    (NUMBER, "gte", (1,), Compare(NUMBER, Comparison.GTE, Value(1.0, "Float64"))),
    (NUMBER, "lt", (1,), Compare(NUMBER, Comparison.LT, Value(1.0, "Float64"))),
    (NUMBER, "lte", (1,), Compare(NUMBER, Comparison.LTE, Value(1.0, "Float64"))),
    (
        NUMBER,
        "between",
        (1, 2),
        Every(
            (
                Compare(NUMBER, Comparison.GTE, Value(1.0, "Float64")),
                Compare(NUMBER, Comparison.LTE, Value(2.0, "Float64")),
            )
        ),
    ),
    (TAGS, "any_of", ("a", "b"), Holds(TAGS, False, Value(("a", "b"), "Array(String)"))),
    (TAGS, "all_of", ("a", "b"), Holds(TAGS, True, Value(("a", "b"), "Array(String)"))),
    (TAGS, "none_of", ("a",), Not(Holds(TAGS, False, Value(("a",), "Array(String)")))),
    (DUE, "before", ("2026-11-01",), Compare(DUE, Comparison.LT, Value("2026-11-01", "Date32"))),
    (DUE, "after", ("2026-11-01",), Compare(DUE, Comparison.GT, Value("2026-11-01", "Date32"))),
    (DUE, "on", ("2026-11-01",), Compare(DUE, Comparison.EQ, Value("2026-11-01", "Date32"))),
    (
        DUE,
        "in_last",
        (2, "day"),
        Every(
            (
                Compare(DUE, Comparison.GTE, Value("2026-11-21", "Date32")),
                Compare(DUE, Comparison.LTE, Value("2026-11-23", "Date32")),
            )
        ),
    ),
    (
        OPENED,
        "in_next",
        (1, "hour"),
        Every(
            (
                Compare(OPENED, Comparison.GTE, Value("2026-11-23 11:30:00.000", _INSTANT)),
                Compare(OPENED, Comparison.LTE, Value("2026-11-23 12:30:00.000", _INSTANT)),
            )
        ),
    ),
    (
        OPENED,
        "in_this",
        ("hour",),
        Every(
            (
                Compare(OPENED, Comparison.GTE, Value("2026-11-23 11:00:00.000", _INSTANT)),
                Compare(OPENED, Comparison.LT, Value("2026-11-23 12:00:00.000", _INSTANT)),
            )
        ),
    ),
    (
        DUE,
        "in_previous",
        (2, "month"),
        Every(
            (
                Compare(DUE, Comparison.GTE, Value("2026-09-01", "Date32")),
                Compare(DUE, Comparison.LT, Value("2026-11-01", "Date32")),
            )
        ),
    ),
    (
        OPENED,
        "to_date",
        ("month",),
        Every(
            (
                Compare(OPENED, Comparison.GTE, Value("2026-11-01 05:00:00.000", _INSTANT)),
                Compare(OPENED, Comparison.LTE, Value("2026-11-23 11:30:00.000", _INSTANT)),
            )
        ),
    ),
]


@pytest.mark.parametrize(("operand", "op", "values", "expected"), CASES)
def test_an_operator_means_its_predicate(
    operand: FieldOf, op: str, values: tuple[Any, ...], expected: Predicate
) -> None:
    assert predicate_of(operand, op, *values) == expected


def test_every_operator_is_tested_above() -> None:
    assert {op for _, op, _, _ in CASES} == set(FilterOperator)


def test_an_instant_is_tested_against_a_day_in_the_zone_of_the_report() -> None:
    day = Value("2026-11-01", "Date32")
    assert predicate_of(OPENED, "gt", "2026-11-01") == Compare(OPENED, Comparison.GT, day, by_day=True)
    assert predicate_of(OPENED, "on", "2026-11-01") == Compare(OPENED, Comparison.EQ, day, by_day=True)
    # Five hours behind: in Chicago it is still the day before.
    assert predicate_of(OPENED, "on", "2026-11-02T04:59:59Z") == Compare(OPENED, Comparison.EQ, day, by_day=True)
    noon = Value("2026-11-01 12:00:00.000", _INSTANT)
    assert predicate_of(OPENED, "eq", "2026-11-01T12:00:00Z") == Compare(OPENED, Comparison.EQ, noon)


def test_days_and_instants_in_one_list_are_tested_each_in_its_way() -> None:
    assert predicate_of(OPENED, "in", "2026-11-01", "2026-11-01T12:00:00Z") == Some(
        (
            OneOf(OPENED, Value(("2026-11-01 12:00:00.000",), f"Array({_INSTANT})")),
            OneOf(OPENED, Value(("2026-11-01",), "Array(Date32)"), by_day=True),
        )
    )


def test_a_sum_may_be_tested_against_more_than_a_field_can_hold() -> None:
    total, amount = ColumnOf("ticket.f.sum", ColumnType.CURRENCY), "1" + "0" * 20
    assert predicate_of(total, "gt", amount) == Compare(total, Comparison.GT, Value(Decimal(amount), "Decimal(38, 4)"))
    with pytest.raises(InvalidCondition) as refused:
        predicate_of(AMOUNT, "gt", amount)
    assert [problem.text for problem in refused.value.problems] == ["out_of_range.currency"]


@pytest.mark.parametrize(
    ("op", "values", "text"),
    [
        ("eq", (), "bad_value.count"),
        ("eq", ("a", "b"), "bad_value.count_one"),
        ("contains", ("a", "b"), "bad_value.count"),
        ("in", (), "bad_value.count_any"),
        ("is_empty", ("a",), "bad_value.count"),
        ("eq", (None,), "bad_value.empty"),
        ("in", ("", "a", None), "bad_value.empty"),
        ("eq", (1,), "wrong_type.text"),
        ("between", ("a", "b"), ""),
    ],
)
def test_what_an_operator_refuses(op: str, values: tuple[Any, ...], text: str) -> None:
    """Of several wrong values each is refused."""
    with pytest.raises(InvalidCondition) as refused:
        predicate_of(TEXT, op, *values)
    wrong = max(1, sum(value in ("", None) for value in values))
    assert [problem.text for problem in refused.value.problems] == [text] * wrong


@pytest.mark.parametrize(("count", "unit"), [(0, "day"), (10_001, "day"), (True, "day"), (1, "hour"), (1, "fortnight")])
def test_a_period_that_a_date_does_not_have_is_refused(count: int, unit: str) -> None:
    with pytest.raises(InvalidCondition):
        predicate_of(DUE, "in_last", count, unit)


@pytest.mark.parametrize(
    ("operand", "op", "values", "place"),
    [
        (DUE, "in_this", ("hour",), 0),
        (DUE, "in_this", ("months",), 0),
        (OPENED, "in_this", ("minute",), 0),
        (OPENED, "in_this", (1,), 0),
        (OPENED, "to_date", (["day"],), 0),
        (DUE, "to_date", ("hour",), 0),
        (OPENED, "in_previous", (0, "day"), 0),
        (OPENED, "in_previous", (10_001, "day"), 0),
        (OPENED, "in_previous", (1.0, "day"), 0),
        (OPENED, "in_previous", (1, "minute"), 1),
        (DUE, "in_previous", (1, "hour"), 1),
    ],
)
def test_a_whole_period_that_does_not_exist_is_refused_in_its_place(
    operand: FieldOf, op: str, values: tuple[Any, ...], place: int
) -> None:
    with pytest.raises(InvalidCondition) as refused:
        predicate_of(operand, op, *values)
    (problem,) = refused.value.problems
    assert (problem.code, problem.pointer.rpartition("/")[2]) == ("bad_value", str(place))


@pytest.mark.parametrize(
    ("operand", "written", "meant"),
    [
        (TEXT, "=", "eq"),
        (TAGS, "=", "any_of"),
        (TEXT, "<>", "neq"),
        (TAGS, "not", "none_of"),
        (TAGS, "IN", "any_of"),
        (TEXT, "LIKE", "contains"),
        (TAGS, "contains", "any_of"),
        (NUMBER, ">=", "gte"),
        (NUMBER, "betwen", "between"),
        (TEXT, ">", None),
    ],
)
def test_which_operator_was_meant(operand: FieldOf, written: str, meant: str | None) -> None:
    assert meant_operator(written, operators_of(operand)) == meant


def test_no_operator_is_written_like_another_one_of_its_group() -> None:
    for name, spec in FILTER_OPERATORS.items():
        others = [other for other, its in FILTER_OPERATORS.items() if its.group is spec.group and other is not name]
        assert [other for other in others if set(FILTER_OPERATORS[other].synonyms) & set(spec.synonyms)] == []
