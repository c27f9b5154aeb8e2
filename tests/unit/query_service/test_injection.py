"""No text of a request gets into SQL: whatever stands in it is a parameter or a refusal."""

from typing import Any

import pytest

from tests.unit.query_service.dataset import problems_of, resolved, statements

CORPUS = (
    "'; DROP TABLE records; --",
    '"; DROP TABLE records; --',
    "` OR 1=1 --",
    "{p0:String}",
    "%(p0)s",
    "\\'); SELECT 1; --",
    "*/ UNION ALL SELECT",
    "x\x00y",
    "ticket.status' OR '1'='1",
    "$$tail$$",
    "¡ñ😀'",
)
COUNT: dict[str, Any] = {"object": "ticket", "measures": ["ticket.count"]}


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("op", ["eq", "neq", "in", "not_in", "contains", "not_contains", "starts_with", "ends_with"])
def test_a_value_of_a_text_filter_is_a_parameter(text: str, op: str) -> None:
    for field in ("ticket.subject", "contact.country"):
        made = statements({**COUNT, "filters": {"field": field, "op": op, "values": [text]}}).rows
        assert text not in made.sql
        assert text in made.parameters.values() or [text] in made.parameters.values()


@pytest.mark.parametrize("text", CORPUS)
def test_a_value_of_a_choice_or_of_having_is_a_parameter(text: str) -> None:
    asked = {
        **COUNT,
        "dimensions": ["ticket.status"],
        "filters": {"field": "ticket.tags", "op": "any_of", "values": [text]},
        "having": {"field": "ticket.status", "op": "neq", "values": [text]},
    }
    made = statements(asked).rows
    assert text not in made.sql
    assert text in made.parameters.values()


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize(
    "where",
    [
        lambda text: {**COUNT, "object": text},
        lambda text: {**COUNT, "dimensions": [text]},
        lambda text: {**COUNT, "dimensions": [f"ticket.{text}"]},
        lambda text: {**COUNT, "dimensions": [{"field": "ticket.opened_at", "granularity": text}]},
        lambda text: {**COUNT, "measures": [text]},
        lambda text: {**COUNT, "measures": [f"ticket.csat.{text}"]},
        lambda text: {**COUNT, "filters": {"field": text, "op": "eq", "values": ["x"]}},
        lambda text: {**COUNT, "filters": {"field": "ticket.status", "op": text, "values": ["x"]}},
        lambda text: {**COUNT, "filters": {"field": "ticket.csat", "op": "eq", "values": [text]}},
        lambda text: {**COUNT, "filters": {"field": "ticket.due_on", "op": "eq", "values": [text]}},
        lambda text: {**COUNT, "filters": {"field": "ticket.due_on", "op": "in_last", "values": [1, text]}},
        lambda text: {**COUNT, "having": {"field": text, "op": "eq", "values": ["x"]}},
        lambda text: {**COUNT, "sort": [{"field": text}]},
        lambda text: {**COUNT, "sort": [{"field": "ticket.count", "direction": text}]},
        lambda text: {**COUNT, "relationship": text},
        lambda text: {**COUNT, "pivot": [text]},
        lambda text: {**COUNT, "pivot": [{"field": "ticket.opened_at", "granularity": text}]},
        lambda text: {**COUNT, "compare": text},
        lambda text: {**COUNT, "calculations": [{"name": text, "expression": "1"}]},
        lambda text: {**COUNT, "calculations": [{"name": "x", "expression": text}]},
        lambda text: {**COUNT, "calculations": [{"name": "x", "expression": f"ticket.count + [{text}]"}]},
        lambda text: {**COUNT, "pivot": ["ticket.status"], "sort": [{"field": f"{text}|open"}]},
        lambda text: {**COUNT, "contacts": text},
        lambda text: {"object": "contact", "measures": ["contact.count"], "records": {"object": text}},
        lambda text: {**COUNT, text: 1},
    ],
)
def test_a_name_that_is_none_of_ours_is_refused(where: Any, text: str) -> None:
    assert problems_of(where(text)) != []


@pytest.mark.parametrize("text", CORPUS)
def test_a_text_in_a_calculation_or_under_a_pivot_never_reaches_the_store(text: str) -> None:
    quoted = text.replace("'", "''")
    asked = {
        **COUNT,
        "dimensions": ["ticket.subject"],
        "pivot": ["ticket.status"],
        "calculations": [
            {"name": "hits", "expression": f"if(ticket.subject = '{quoted}', ticket.count, null)"},
            {"name": "part", "expression": f"[ticket.count|{text.replace(']', ']]')}] / 2"},
        ],
        "having": {"field": f"ticket.count|{text}", "op": "gt", "values": [1]},
        "sort": [{"field": f"hits|{text}"}],
        "totals": True,
    }
    for made in statements(asked).parts().values():
        assert text not in made.sql
        assert text not in made.parameters.values()


@pytest.mark.parametrize("text", [*CORPUS, "{0}", "{name}", "{object.__class__}"])
def test_a_sentence_shows_a_name_as_it_was_sent(text: str) -> None:
    (problem,) = resolved({**COUNT, "dimensions": [text]})[1]
    assert text in problem.message("en")
