"""Which fields are personal, and what is left of them in the statements of a caller who may not read them."""

from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef, FieldType
from services.query_service.domain.personal import NOT_PERSONAL, hidden_in, personal_fields
from services.query_service.domain.plan import plan
from services.query_service.domain.sql import render
from services.query_service.domain.tenancy import scope
from tests.helpers.builders import state
from tests.unit.query_service.dataset import TICKET, catalog, resolved

EMAIL, AMOUNT = ("contact", "email"), ("ticket", "amount")


def marked(definition: Definition, *slugs: str) -> Definition:
    """The definition with these fields marked and no others."""
    return _with(
        definition, [field.model_copy(update={"personal": field.slug in slugs}) for field in definition.fields]
    )


def without(definition: Definition, slug: str, *others: FieldDef) -> Definition:
    return _with(definition, [*(field for field in definition.fields if field.slug != slug), *others])


def _with(definition: Definition, fields: list[FieldDef]) -> Definition:
    # A copy would keep the fields by slug that the definition has computed already.
    return Definition.model_validate({**dict(definition), "fields": fields})


SNAPSHOT = catalog(marked(BUILT_IN_CONTACT, "email"), marked(TICKET, "amount"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (None, {EMAIL, AMOUNT}),
        (marked(TICKET, "csat"), {EMAIL, ("ticket", "csat")}),
        (without(TICKET, "amount"), {EMAIL, AMOUNT}),
        (without(TICKET, "amount", FieldDef(slug="amount", type=FieldType.TEXT)), {EMAIL, AMOUNT}),
        (without(TICKET, "csat", FieldDef(slug="csat", type=FieldType.TEXT, personal=True)), {EMAIL}),
    ],
)
def test_the_mark_of_today_counts_and_that_of_the_snapshot_where_the_field_is_gone(
    now: Definition | None, expected: set[tuple[str, str]]
) -> None:
    live = {} if now is None else {"ticket": state(now, version=2)}
    assert personal_fields(SNAPSHOT, live) == expected


def test_a_deleted_object_keeps_the_marks_of_the_snapshot() -> None:
    assert AMOUNT in personal_fields(SNAPSHOT, {"ticket": state(None, version=2)})


REPORT: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["ticket.status", "contact.email"],
    "measures": ["ticket.count", "ticket.amount.sum"],
    "filters": {"and": [{"field": "ticket.amount", "op": "gt", "values": [1]}]},
}


def test_no_statement_reads_the_column_of_a_hidden_field() -> None:
    report, problems = resolved(REPORT, SNAPSHOT)
    assert report is not None, problems
    planned = plan(report)
    shown, hidden = (render(scope(planned, SNAPSHOT, of)).parts() for of in (NOT_PERSONAL, frozenset({EMAIL, AMOUNT})))
    assert shown.keys() == hidden.keys()
    for column in ('"f_amount"', '"f_email"'):
        for sql in (statement.sql for statement in hidden.values()):
            made, used = sql.count(f") AS {column}"), sql.count(f".{column}")
            assert made + used == sql.count(column), "the column is read from the table"
        assert shown["rows"].sql.count(f") AS {column}") == 0
        assert hidden["rows"].sql.count(f") AS {column}") == 1


def test_each_place_of_a_hidden_field_is_a_warning() -> None:
    report, problems = resolved(REPORT, SNAPSHOT)
    assert report is not None, problems
    found = [(problem.pointer, problem.values["name"]) for problem in hidden_in(report, frozenset({EMAIL, AMOUNT}))]
    assert found == [
        ("/dimensions/1", "contact.email"),
        ("/measures/1", "ticket.amount"),
        ("/filters", "ticket.amount"),
    ]
    assert hidden_in(report, NOT_PERSONAL) == ()
