"""What a new definition may not do."""

from datetime import UTC, datetime
from typing import Any

import pytest

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import SchemaState, built_in_contact, definition_json
from services.schema_service.domain.changes import changed, deleted
from services.schema_service.domain.compatibility import refuse
from tests.unit.schema_service.samples import TICKET, definition, read, state, ticket, with_field, without

NEXT = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
FIELDS, REQUESTER = TICKET["fields"], TICKET["relationships"][0]


def refused(before: SchemaState, body: Any, shown: int = 0) -> list[Problem]:
    parsed = read(body)
    refuse(before, parsed, shown, NEXT)
    return list(parsed.problems)


@pytest.mark.parametrize(
    "body",
    [
        ticket(),
        without("csat", "tags", "requester"),
        with_field(slug="note", type="text"),
        ticket(relationships=[REQUESTER, {"slug": "agent", "target": "contact", "many": True}]),
        ticket(fields=[{**FIELDS[2], "currency": "EUR", "required": True}, *FIELDS[:2]]),
    ],
)
def test_growing_shrinking_and_relabelling_are_allowed(body: Any) -> None:
    assert refused(state(), body) == []


def test_a_type_never_changes() -> None:
    (problem,) = refused(state(), ticket(fields=[{"slug": "csat", "type": "text"}]))
    assert (problem.code, problem.pointer, problem.suggestion) == ("type_changed", "/fields/0/type", "number")
    assert problem.message("en") == (
        "The field csat has the type number, which cannot change; add a field with another slug instead."
    )


def test_a_target_and_many_never_change() -> None:
    problems = refused(state(), ticket(relationships=[{"slug": "requester", "target": "company", "many": True}]))
    assert [(problem.code, problem.pointer, problem.suggestion) for problem in problems] == [
        ("target_changed", "/relationships/0/target", "contact"),
        ("many_changed", "/relationships/0/many", None),
    ]


def test_left_out_many_means_false() -> None:
    before = state(ticket(relationships=[{"slug": "guests", "target": "contact", "many": True}]))
    problems = refused(before, ticket(relationships=[{"slug": "guests", "target": "contact"}]))
    assert [problem.code for problem in problems] == ["many_changed"]


def test_a_field_cannot_become_a_relationship_nor_the_other_way_round() -> None:
    body = ticket(fields=[{"slug": "requester", "type": "text"}], relationships=[{"slug": "csat", "target": "contact"}])
    assert [(problem.code, problem.pointer) for problem in refused(state(), body)] == [
        ("slug_reused", "/fields/0/slug"),
        ("slug_reused", "/relationships/0/slug"),
    ]


def test_a_removed_slug_means_nothing_else_until_the_reports_have_passed_its_removal() -> None:
    removed = changed(state(), definition(without("csat", "requester")), 0)
    text = without("csat", "requester")
    text["fields"].append({"slug": "csat", "type": "text"})
    text["relationships"] = [{"slug": "requester", "target": "company"}]
    problems = refused(removed, text, shown=1)
    assert [(problem.code, problem.pointer) for problem in problems] == [
        ("slug_reused", "/fields/4/slug"),
        ("slug_reused", "/relationships/0/slug"),
    ]
    assert problems[0].message("en") == (
        "csat named something else, which stays in the reports until the next refresh (2026-11-25T11:30:00Z); choose "
        "another slug, or try again after that."
    )
    assert refused(removed, text, shown=2) == []


def test_a_removed_slug_may_come_back_as_what_it_was() -> None:
    removed = changed(state(), definition(without("csat", "requester")), 0)
    assert refused(removed, TICKET, shown=1) == []


def test_problems_of_form_and_of_compatibility_are_found_together() -> None:
    body = ticket(fields=[{"slug": "x"}, {"slug": "csat", "type": "text", "lable": "x"}])
    assert [problem.pointer for problem in read(body).problems] == ["/fields/0/type", "/fields/1/lable"]
    assert [refusal.pointer for refusal in refused(state(), body)] == [
        "/fields/0/type",
        "/fields/1/lable",
        "/fields/1/type",
    ]


def contact(*fields: dict[str, Any]) -> dict[str, Any]:
    body = definition_json(definition_of_contact())
    return {**body, "fields": [*body["fields"], *fields]}


def definition_of_contact() -> Any:
    return built_in_contact("acme").definition


def test_a_tenant_adds_its_own_fields_to_the_contact() -> None:
    assert refused(built_in_contact("acme"), contact({"slug": "segment", "type": "text"})) == []


def test_built_in_fields_stay() -> None:
    body = contact()
    body["fields"] = body["fields"][2:]
    problems = refused(built_in_contact("acme"), body)
    assert [(problem.code, problem.pointer, problem.values) for problem in problems] == [
        ("built_in_field", "/fields", {"name": "email"}),
        ("built_in_field", "/fields", {"name": "first_name"}),
    ]


def test_a_deleted_object_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="acme/ticket is deleted"):
        refused(deleted(state()), TICKET)


def test_a_built_in_field_of_contact_can_be_marked_personal() -> None:
    body = contact()
    body["fields"] = [{**field, "personal": field["slug"] == "email"} for field in body["fields"]]
    assert refused(built_in_contact("acme"), body) == []
