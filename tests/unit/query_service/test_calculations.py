"""What calculations may say, what they come to, and how a refusal points at the mistake."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from crosslook.contracts.expression_tokens import EXPRESSION_MAX
from services.query_service.domain.composition import Fetched, compose
from services.query_service.domain.formula import Reference, subformulas
from services.query_service.domain.formula_syntax import MAX_NESTING
from services.query_service.domain.plan import plan
from services.query_service.domain.terms import ColumnType
from tests.unit.query_service.dataset import problems_of, resolved

ASKED: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["ticket.status", {"field": "ticket.due_on", "granularity": "month"}],
    "measures": ["ticket.count", "ticket.amount.sum", "ticket.csat.avg"],
}
WHERE = "/calculations/0/expression"


def asked(*expressions: str, **more: Any) -> dict[str, Any]:
    """Calculations `a`, `b`, … over status, month, count, amount and csat."""
    calculations = [{"name": "abcdefgh"[n], "expression": expression} for n, expression in enumerate(expressions)]
    return {**ASKED, "calculations": calculations, **more}


def type_of(expression: str) -> ColumnType:
    report, problems = resolved(asked(expression))
    assert report is not None, problems
    assert problems == []
    return report.calculations[0].type


def values_of(*expressions: str, rows: list[list[Any]], total: tuple[Any, ...] = (0, None, None)) -> list[Any]:
    """The last calculation over rows of (status, month, count, amount, csat)."""
    report, problems = resolved(asked(*expressions, sort=[{"field": "ticket.count", "direction": "desc"}]))
    assert report is not None, problems
    assert problems == []
    made = compose(report, plan(report), Fetched({"rows": rows, "totals": [total]}))
    return [row[-1] for row in made.rows]


def row(count: int, amount: str | None = None, csat: float | None = None, status: str = "") -> list[Any]:
    return [status or f"s{count}", None, count, None if amount is None else Decimal(amount), csat]


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("ticket.count + 1", ColumnType.INTEGER),
        ("ticket.count / 2", ColumnType.NUMBER),
        ("ticket.amount.sum - 1.5", ColumnType.CURRENCY),
        ("ticket.amount.sum / ticket.count", ColumnType.CURRENCY),
        ("ticket.amount.sum / ticket.amount.sum", ColumnType.NUMBER),
        ("ticket.amount.sum * ticket.amount.sum", ColumnType.NUMBER),
        ("2 / ticket.amount.sum", ColumnType.NUMBER),
        ("-ticket.csat.avg", ColumnType.NUMBER),
        ("ticket.count > 3 and not ticket.status = 'open'", ColumnType.BOOLEAN),
        ("if(ticket.count > 3, ticket.amount.sum, 0)", ColumnType.CURRENCY),
        ("coalesce(ticket.status, 'none')", ColumnType.TEXT),
        ("previous(ticket.due_on:month)", ColumnType.DATE),
        ("moving_average(ticket.count, 3)", ColumnType.NUMBER),
        ("moving_average(ticket.amount.sum, 3)", ColumnType.CURRENCY),
        ("rank(ticket.amount.sum)", ColumnType.INTEGER),
        ("total(ticket.csat.avg)", ColumnType.NUMBER),
        ("ticket.due_on:month >= '2026-11-01'", ColumnType.BOOLEAN),
        ("coalesce(ticket.due_on:month, '2026-11-01')", ColumnType.DATE),
        ("IF(TRUE, [ticket.status], null)", ColumnType.TEXT),
        ("ticket.count × 2 − 1 ÷ 1 ≥ 0", ColumnType.BOOLEAN),  # noqa: RUF001  # signs that people paste
    ],
)
def test_a_calculation_has_a_type(expression: str, kind: ColumnType) -> None:
    assert type_of(expression) is kind


@pytest.mark.parametrize(
    ("expression", "code", "said"),
    [
        ("ticket.count +", "bad_expression", "At character 15"),
        ("ticket.count $ 2", "bad_expression", "At character 14: $"),
        ("'open", "bad_expression", "At character 1"),
        ("(ticket.count", "bad_expression", "closing parenthesis"),
        ("ticket.count 2", "bad_expression", "before 2"),
        ("1 < 2 < 3", "bad_expression", "At character 7: <"),
        ("averge(ticket.count)", "bad_expression", "there is no function averge"),
        ("round()", "bad_expression", "round takes 1-2"),
        ("round(ticket.count, ticket.count)", "bad_expression", "from 0 to 10"),
        ("moving_average(ticket.count, 0)", "bad_expression", "from 1 to 1000"),
        ("moving_average(ticket.count, ticket.count)", "bad_expression", "from 1 to 1000"),
        ("moving_average(ticket.count, 1001)", "bad_expression", "from 1 to 1000"),
        ("moving_average(ticket.count)", "bad_expression", "moving_average takes 2"),
        ("moving_average(ticket.status, 2)", "bad_expression", "text, integer"),
        ("ticket.status + 1", "bad_expression", "At character 15: + cannot be applied to text, integer"),
        ("ticket.count = 'open'", "bad_expression", "integer, text"),
        ("ticket.due_on:month < '2026-13-01'", "bad_expression", "date, text"),
        ("if(ticket.count, 1, 2)", "bad_expression", "At character 1: if"),
        ("total(ticket.status)", "bad_expression", "ticket.status is a dimension"),
        ("total(rank(ticket.count))", "bad_expression", "have no total"),
        ("null", "bad_expression", "always empty"),
        ("not", "bad_expression", "At character 4"),
        ("1" * 40, "bad_expression", "at most 30 digits"),
        ("1+" * 600, "bad_expression", f"at most {EXPRESSION_MAX} characters"),
        ("1+" * 100 + "1", "bad_expression", "levels"),
        ("(" * (MAX_NESTING + 1) + "1", "bad_expression", "nested deeper"),
        ("-" * 400 + "1", "bad_expression", "nested deeper"),
        ("ticket.cout", "unknown_field", "At character 1: ticket.cout is not a column"),
        ("ticket.due_on", "unknown_field", "ticket.due_on is not a column"),
        ("ticket.csat.sum", "unknown_field", "add it to measures to calculate with it"),
        ("a + 1", "unknown_field", "declared here or later"),
        ("b + 1", "unknown_field", "declared here or later"),
        ("[ticket.count|open]", "unknown_field", "is not a column"),
        ("__import__('os')", "bad_expression", "there is no function __import__"),
    ],
)
def test_a_mistake_is_pointed_at(expression: str, code: str, said: str) -> None:
    (problem,) = resolved(asked(expression, "1"))[1]
    assert (problem.code, problem.pointer) == (code, WHERE)
    assert said in problem.message("en")
    assert problem.message("fr") != problem.message("en")


@pytest.mark.parametrize(
    ("expression", "suggestion"),
    [("ticket.cout", "ticket.count"), ("lookup(1)", None), ("runing_total(1)", "running_total")],
)
def test_a_mistake_in_a_name_says_what_was_probably_meant(expression: str, suggestion: str | None) -> None:
    assert [problem.suggestion for problem in resolved(asked(expression))[1]] == [suggestion]


def test_a_dimension_without_its_granularity_is_suggested_with_it() -> None:
    assert [problem.suggestion for problem in resolved(asked("ticket.due_on"))[1]] == ["ticket.due_on:month"]


@pytest.mark.parametrize("name", ["", "1st", "=cmd()", "a|b", "a.b", "a@b", "x" * 101, "and", "Null", "-a", "a\n"])
def test_a_name_that_would_be_mistaken_is_refused(name: str) -> None:
    ((_, where),) = problems_of({**ASKED, "calculations": [{"name": name, "expression": "1"}]})
    assert where == "/calculations/0/name"


@pytest.mark.parametrize(
    "column", ["ticket.count|open", "ticket.count|2026-11-01", "ticket.count|4.5", "[ticket.count|a b]"]
)
def test_a_column_under_a_pivot_is_named_as_it_is_called(column: str) -> None:
    request = {**ASKED, "dimensions": [], "pivot": ["ticket.status"]}
    report, problems = resolved({**request, "calculations": [{"name": "a", "expression": f"{column} - 1"}]})
    assert report is not None
    assert problems == []
    named = [
        subformula for subformula in subformulas(report.calculations[0].formula) if isinstance(subformula, Reference)
    ]
    assert [(item.name, item.fixed) for item in named] == [(column.strip("[]"), True)]
    assert not report.calculations[0].pivoted


def test_two_calculations_have_two_names() -> None:
    twice = [{"name": "a", "expression": "1"}, {"name": "a", "expression": "2"}]
    assert problems_of({**ASKED, "calculations": twice}) == [("bad_value", "/calculations/1/name")]


def test_what_rests_on_a_refused_calculation_is_no_problem_of_its_own() -> None:
    request = asked("ticket.cout", "a + 1", sort=[{"field": "a"}], having={"field": "b", "op": "gt", "values": [1]})
    assert problems_of(request) == [("unknown_field", WHERE)]


def test_rows_are_not_sorted_by_what_depends_on_their_order() -> None:
    request = asked("running_total(ticket.count)", "a / 2", sort=[{"field": "b"}])
    assert problems_of(request) == [("bad_value", "/sort/0/field")]


def test_each_row_is_calculated_by_itself() -> None:
    rows = [row(3, "10.00", 4.5), row(2, None, None), row(1, "0.10", 1.0)]
    assert values_of("ticket.amount.sum / ticket.count", rows=rows) == [Decimal("3.3333"), None, Decimal("0.1000")]
    assert values_of("round(ticket.csat.avg / 2, 1)", rows=rows) == [2.2, None, 0.5]
    assert values_of("if(ticket.amount.sum > 1, 'much', 'little')", rows=rows) == ["much", "little", "little"]
    assert values_of("coalesce(ticket.csat.avg, 0)", rows=rows) == [4.5, 0.0, 1.0]
    assert values_of("abs(1 - ticket.count)", rows=rows) == [2, 1, 0]


def test_a_calculation_may_name_an_earlier_one() -> None:
    assert values_of("ticket.count * 2", "a + 1", rows=[row(3)]) == [7]


def test_a_division_by_zero_is_empty() -> None:
    rows = [row(0, "0.00", 0.0)]
    for divided in ("1 / ticket.count", "ticket.amount.sum / ticket.amount.sum", "1 / ticket.csat.avg"):
        assert values_of(divided, rows=rows) == [None]


def test_what_no_column_can_hold_is_empty() -> None:
    rows = [row(2**52, "900000000000000000000000000000000.00", 1e308)]
    for enormous in ("ticket.count * 4", "ticket.amount.sum * 100", "ticket.csat.avg * 10"):
        assert values_of(enormous, rows=rows) == [None]


def test_money_is_exact_and_rounded_once() -> None:
    rows = [row(3, "0.10")]
    assert values_of("ticket.amount.sum * 3 = 0.3", rows=rows) == [True]
    assert values_of("ticket.amount.sum / ticket.count * 3", rows=rows) == [Decimal("0.1000")]
    assert values_of("ticket.amount.sum / 16", rows=[row(1, "0.0008")]) == [Decimal("0.0000")]


def test_a_text_beside_a_date_is_a_day() -> None:
    rows: list[list[Any]] = [["open", date(2026, 11, 1), 2, None, None], ["open", None, 1, None, None]]
    assert values_of("ticket.due_on:month >= '2026-11-01'", rows=rows) == [True, None]
    assert values_of("coalesce(ticket.due_on:month, '2027-01-01')", rows=rows) == [date(2026, 11, 1), date(2027, 1, 1)]


def test_an_empty_value_is_neither_true_nor_false() -> None:
    rows = [row(1)]
    assert values_of("ticket.csat.avg > 1", rows=rows) == [None]
    assert values_of("not ticket.csat.avg > 1", rows=rows) == [None]
    assert values_of("ticket.csat.avg > 1 and false", rows=rows) == [False]
    assert values_of("ticket.csat.avg > 1 or true", rows=rows) == [True]
    assert values_of("if(ticket.csat.avg > 1, 1, 2)", rows=rows) == [2]


def test_other_rows_are_those_of_the_order_shown() -> None:
    rows = [row(1), row(4), row(2), row(2, status="solved")]
    assert values_of("previous(ticket.count)", rows=rows) == [None, 4, 2, 2]
    assert values_of("running_total(ticket.count)", rows=rows) == [4, 6, 8, 9]
    assert values_of("rank(ticket.count)", rows=rows) == [1, 2, 2, 4]


def test_empty_values_have_no_rank_and_add_nothing() -> None:
    rows = [row(4), row(3, "1.50"), row(2), row(1, "2.00")]
    assert values_of("rank(ticket.amount.sum)", rows=rows) == [None, 2, None, 1]
    assert values_of("running_total(ticket.amount.sum)", rows=rows) == [
        None,
        Decimal("1.5000"),
        Decimal("1.5000"),
        Decimal("3.5000"),
    ]


def test_a_moving_average_is_of_what_is_not_empty_in_this_row_and_those_before() -> None:
    rows = [row(4, None, 0.1), row(3, "1.0000", 0.2), row(2, None, None), row(1, "0.0001", 0.3)]
    assert values_of("moving_average(ticket.count, 2)", rows=rows) == [4.0, 3.5, 2.5, 1.5]
    assert values_of("moving_average(ticket.csat.avg, 2)", rows=rows) == [0.1, (0.1 + 0.2) / 2, 0.2, 0.3]
    money = [None, Decimal("1.0000"), Decimal("1.0000"), Decimal("0.5000")]
    assert values_of("moving_average(ticket.amount.sum, 1000)", rows=rows) == money
    assert values_of("moving_average(ticket.amount.sum, 1)", rows=rows) == [
        *(None, Decimal("1.0000"), None, Decimal("0.0001"))
    ]


def test_a_moving_average_forgets_what_has_left_it_exactly() -> None:
    rows = [row(4, None, 1e15), row(3, None, 0.1), row(2, None, 0.2)]
    assert values_of("moving_average(ticket.csat.avg, 2)", rows=rows)[2] == float((Fraction(0.1) + Fraction(0.2)) / 2)


def test_a_total_is_that_of_all_data_and_not_of_the_rows_shown() -> None:
    assert (
        values_of("ticket.count / total(ticket.count)", rows=[row(1), row(1, status="open")], total=(8, None, None))
        == [0.125] * 2
    )
    assert values_of("total(ticket.count + 1)", rows=[row(1)], total=(8, None, None)) == [9]


def test_a_long_chain_of_calculations_is_computed() -> None:
    request = {**ASKED, "calculations": [{"name": "n0", "expression": "ticket.count"}]}
    request["calculations"] += [{"name": f"n{n}", "expression": f"n{n - 1} + n{n - 1}"} for n in range(1, 90)]
    report, problems = resolved(request)
    assert report is not None, problems
    assert problems == []
    made = compose(report, plan(report), Fetched({"rows": [row(1)]}))
    assert made.rows[0][-89:-36] == tuple(2**n for n in range(1, 54))
    assert set(made.rows[0][-36:]) == {None}
