"""Formulas are checked before anything runs: names, types, one object, bounds; each problem with its place."""

from typing import Any

import pytest

from crosslook.contracts.problems import Problem
from services.query_service.domain.formula_syntax import MAX_NESTING
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.row_formula_splitting import STEP_DEPTH_MAX, operations_of, steps_of
from services.query_service.domain.row_formulas import OPERATIONS_MAX
from services.query_service.domain.row_terms import FormulaOf
from services.query_service.domain.terms import ColumnType
from tests.unit.query_service.dataset import problems_of, resolved, statements


def report(*expressions: str, **more: Any) -> dict[str, Any]:
    """A report on tickets with formulas `f0`, `f1`, …."""
    formulas = [{"name": f"f{index}", "expression": text} for index, text in enumerate(expressions)]
    return {"object": "ticket", "measures": ["ticket.count"], "formulas": formulas, **more}


def good(asked: dict[str, Any]) -> ResolvedReport:
    found, problems = resolved(asked)
    assert found is not None, problems
    assert problems == []
    return found


def found_problems(asked: dict[str, Any]) -> list[Problem]:
    return resolved(asked)[1]


def formula(expression: str) -> FormulaOf:
    return good(report(expression)).formulas[0]


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("ticket.csat + 1", ColumnType.NUMBER),
        ("length(ticket.subject) * 2", ColumnType.INTEGER),
        ("length(ticket.subject) / 2", ColumnType.NUMBER),
        ("length(ticket.subject) + 0.5", ColumnType.NUMBER),
        ("length(ticket.subject) + 99999999999999999999", ColumnType.NUMBER),
        ("ticket.amount * ticket.csat", ColumnType.CURRENCY),
        ("ticket.amount / ticket.amount", ColumnType.NUMBER),
        ("ticket.amount * ticket.amount", ColumnType.NUMBER),
        ("if(ticket.urgent, ticket.amount, 0)", ColumnType.CURRENCY),
        ("if(ticket.urgent, ticket.csat, null)", ColumnType.NUMBER),
        ("coalesce(length(ticket.subject), ticket.csat)", ColumnType.NUMBER),
        ("round(ticket.amount)", ColumnType.CURRENCY),
        ("ticket.status = 'open' or not ticket.urgent", ColumnType.BOOLEAN),
        ("ticket.opened_at > ticket.due_on", ColumnType.BOOLEAN),
        ("ticket.opened_at > '2026-11-01T10:00:00Z'", ColumnType.BOOLEAN),
        ("days_between(ticket.opened_at, ticket.due_on)", ColumnType.INTEGER),
        ("hours_between(ticket.opened_at, '2026-11-01T10:00:00Z')", ColumnType.NUMBER),
        ("coalesce(ticket.due_on, '2026-11-01')", ColumnType.DATE),
        ("concat(ticket.subject, year(ticket.due_on))", ColumnType.TEXT),
        ("[ticket.subject]", ColumnType.TEXT),
        ("contact.created_at", ColumnType.DATETIME),
    ],
)
def test_a_formula_has_the_type_of_its_value(expression: str, kind: ColumnType) -> None:
    assert formula(expression).type is kind


@pytest.mark.parametrize(
    ("expression", "text", "at"),
    [
        ("ticket.csat +", "bad_expression.end", 14),
        ("ticket.csat + contact.country", "bad_expression.objects", 15),
        ("ticket.csat + ticket.subject", "bad_expression.types", 13),
        ("hours_between(ticket.opened_at, ticket.due_on)", "bad_expression.types", 1),
        ("ticket.opened_at > 'soon'", "bad_expression.types", 18),
        ("concat(ticket.subject, ticket.csat)", "bad_expression.types", 1),
        ("ticket.urgent > true", "bad_expression.types", 15),
        ("length(ticket.tags)", "bad_expression.several", 8),
        ("lower(ticket.nothing)", "unknown_field.in_formula", 7),
        ("f0 + 1", "unknown_field.later_formula", 1),
        ("round(ticket.csat, 11)", "bad_expression.places", 1),
        ("round(ticket.csat, -1)", "bad_expression.places", 1),
        ("round(ticket.csat, ticket.csat)", "bad_expression.places", 1),
        ("running_total(ticket.csat)", "bad_expression.over_rows", 1),
        ("power(ticket.csat)", "bad_expression.function", 1),
        ("month(ticket.due_on, 1)", "bad_expression.arguments", 1),
        ("1 + 1", "bad_expression.no_field", None),
        ("null", "bad_expression.empty", None),
        ("ticket.csat + " + "1" * 1_000, "bad_expression.formula_length", None),
        ("ticket.csat" + " + 1" * 60, "bad_expression.formula_depth", None),
        ("round(" * (MAX_NESTING + 1) + "ticket.csat", "bad_expression.nesting", 127),
    ],
)
def test_a_mistake_is_refused_with_its_place(expression: str, text: str, at: int | None) -> None:
    (problem,) = found_problems(report(expression))
    assert (problem.pointer, problem.text, problem.values.get("at")) == ("/formulas/0/expression", text, at)


def test_a_function_of_formulas_in_a_calculation_is_explained() -> None:
    asked = {**report(), "calculations": [{"name": "x", "expression": "lower(ticket.count)"}]}
    (problem,) = found_problems(asked)
    assert problem.text == "bad_expression.per_record"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ticket", "name_conflict"),
        ("contact", "name_conflict"),
        ("f0", "name_conflict"),
        ("Total", "bad_value"),
        ("a.b", "bad_value"),
        ("null", "bad_value"),
        ("x" * 64, "bad_value"),
    ],
)
def test_a_name_is_a_slug_that_nothing_else_has(name: str, code: str) -> None:
    asked = report("ticket.csat")
    asked["formulas"].append({"name": name, "expression": "ticket.csat"})
    assert problems_of(asked) == [(code, "/formulas/1/name")]


def test_a_calculation_cannot_have_the_name_of_a_formula() -> None:
    asked = {**report("ticket.csat"), "calculations": [{"name": "f0", "expression": "ticket.count"}]}
    assert problems_of(asked) == [("name_conflict", "/calculations/0/name")]


def test_a_formula_that_was_refused_is_one_problem_wherever_it_is_used() -> None:
    asked = report("ticket.nothing", "f0 + 1", dimensions=["f0", "f1"])
    asked["measures"] = ["f0.avg"]
    asked["filters"] = {"field": "f1", "op": "gt", "values": [1]}
    assert problems_of(asked) == [("unknown_field", "/formulas/0/expression")]


def test_a_measure_that_the_type_of_a_formula_does_not_allow_is_answered_with_those_it_does() -> None:
    asked = report("ticket.csat", "ticket.urgent")
    asked["measures"] = ["f0.count_distinct", "f1.sum", "f0"]
    found = found_problems(asked)
    assert [(problem.pointer, problem.text) for problem in found] == [
        ("/measures/0", "unknown_field.formula_as_measure"),
        ("/measures/1", "unknown_field.is_dimension"),
        ("/measures/2", "unknown_field.formula_as_measure"),
    ]
    assert str(found[0].values["known"]).startswith("f0.sum, f0.avg")


def test_a_name_close_to_a_formula_is_answered_with_it() -> None:
    asked = report("ticket.csat", dimensions=["ff0"])
    (problem,) = found_problems(asked)
    assert (problem.pointer, problem.suggested()) == ("/dimensions/0", "f0")


def test_the_operations_of_all_formulas_are_bounded() -> None:
    long = "ticket.csat" + "+1" * 50
    assert problems_of(report(*[long] * (OPERATIONS_MAX // 50))) == []
    assert problems_of(report(*[long] * (OPERATIONS_MAX // 50 + 1))) == [("too_large", "/formulas")]
    assert operations_of(formula("round(ticket.csat) + 1").formula) == 5


def test_values_of_formulas_are_parameters() -> None:
    made = statements(report("concat(ticket.subject, 'x; DROP')", dimensions=["f0"])).rows
    assert "DROP" not in made.sql
    assert "x; DROP" in made.parameters.values()


def test_only_formulas_that_are_used_are_computed() -> None:
    made = statements(report("ticket.csat", "f0 + 1", "ticket.amount", dimensions=["f1"])).rows
    assert "formula_f0" in made.sql
    assert "formula_f2" not in made.sql


def test_a_formula_of_the_contact_uses_the_contact() -> None:
    asked = report("contact.country = 'FR'")
    assert good(asked).contact is None
    assert good({**asked, "dimensions": ["f0"]}).contact is not None


def test_operations_on_written_values_are_computed_before() -> None:
    made = statements(report("ticket.csat * (2 * 3 + 0.5)", dimensions=["f0"])).rows
    assert 6.5 in made.parameters.values()
    assert len(made.parameters) == len(statements(report("ticket.csat * 1", dimensions=["f0"])).rows.parameters)


def test_a_deep_formula_is_computed_in_steps() -> None:
    steps = list(steps_of(formula("ticket.csat" + "+1" * 25)))
    assert [step.name for step in steps] == ["f0.1", "f0.2", "f0"]
    assert [operations_of(step.formula) for step in steps] == [STEP_DEPTH_MAX, STEP_DEPTH_MAX, 5]
    assert steps[2].earlier == {"f0.2"}
