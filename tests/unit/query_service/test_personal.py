"""Which fields are personal, and what is left of them in the statements of a caller who may not read them."""

from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef, FieldType, RemovedPersonal
from services.query_service.answering.preparation import question_of
from services.query_service.domain.catalog import build_catalog
from services.query_service.domain.personal import NOT_PERSONAL, hidden_in, hidden_of, personal_fields
from services.query_service.domain.plan import plan
from services.query_service.domain.sql import render
from services.query_service.domain.tenancy import scope
from tests.helpers.builders import entry, state
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


@pytest.mark.parametrize(
    ("now", "hidden"),
    [
        (None, True),
        (without(TICKET, "csat"), True),
        (without(TICKET, "csat", FieldDef(slug="csat", type=FieldType.TEXT)), True),
        (marked(TICKET, "csat"), True),
        (TICKET, False),
    ],
)
def test_what_was_personal_when_it_went_is_so_in_snapshots_without_the_mark(
    now: Definition | None, hidden: bool
) -> None:
    gone = (RemovedPersonal(slug="csat", version=3),)
    live = {"ticket": state(now, version=4, removed_personal=gone)}
    before, after = (
        build_catalog("acme", "s1", [entry(BUILT_IN_CONTACT), entry(TICKET, schema_version=version)])
        for version in (2, 3)
    )
    assert (("ticket", "csat") in personal_fields(after, live)) is hidden
    assert ("ticket", "csat") in personal_fields(before, live), "it came back after this snapshot's definition"


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


@pytest.mark.parametrize(("hidden", "read"), [(EMAIL, True), (AMOUNT, True), (("ticket", "csat"), False)])
def test_a_list_with_a_hidden_field_among_its_columns_or_filters_is_another_question(
    hidden: tuple[str, str], read: bool
) -> None:
    listed = {"object": "ticket", "list": ["ticket.status", "contact.email"], "filters": REPORT["filters"]}
    report, problems = resolved(listed, SNAPSHOT)
    assert report is not None, problems
    questions = {question_of(report, "acme", hidden_of(report, of)) for of in (NOT_PERSONAL, frozenset({hidden}))}
    assert len(questions) == 1 + read
