"""What a new definition changes, and the state that follows."""

from typing import Any

import pytest

from crosslook.contracts.schemas import FieldType, RemovedSlug, SchemaEvent, SchemaState
from services.schema_service.domain.changes import changed, changes, created, deleted
from tests.helpers.builders import schema_event
from tests.unit.schema_service.samples import TICKET, definition, state, ticket, with_field, without

FIELDS = TICKET["fields"]
BEFORE = SchemaState(tenant="acme", object="ticket", version=6)
STATUS, REQUESTER = FIELDS[0], TICKET["relationships"][0]


def altered(index: int, **members: Any) -> dict[str, Any]:
    return ticket(fields=[{**field, **members} if n == index else field for n, field in enumerate(FIELDS)])


CASES: list[tuple[str, dict[str, Any], list[tuple[str, str, str]]]] = [
    ("nothing", ticket(), []),
    ("labels", ticket(labels={"singular": "Case", "plural": "Cases"}), [("labels_changed", "/labels", "")]),
    ("description", ticket(description="x"), [("description_changed", "/description", "")]),
    ("new field", with_field(slug="note", type="text"), [("field_added", "/fields/5", "note")]),
    ("no csat", without("csat"), [("field_removed", "/fields/1", "csat")]),
    ("label", altered(1, label="Score"), [("field_changed", "/fields/1", "csat")]),
    ("scale", altered(1, scale=2), [("field_changed", "/fields/1", "csat")]),
    ("required", altered(1, required=True), [("field_changed", "/fields/1", "csat")]),
    ("personal", altered(1, personal=True), [("field_changed", "/fields/1", "csat")]),
    ("not personal, written out", altered(1, personal=False), []),
    ("currency", altered(2, currency="EUR"), [("field_changed", "/fields/2", "amount")]),
    (
        "new option",
        altered(0, options=[*STATUS["options"], {"value": "new"}]),
        [("option_added", "/fields/0/options/2", "status")],
    ),
    ("no open", altered(0, options=STATUS["options"][1:]), [("option_removed", "/fields/0/options/0", "status")]),
    (
        "option's label",
        altered(0, options=[{"value": "open", "label": "Ouvert"}, STATUS["options"][1]]),
        [("option_changed", "/fields/0/options/0", "status")],
    ),
    (
        "options turned",
        altered(0, options=STATUS["options"][::-1]),
        [("order_changed", "/fields/0/options", "status")],
    ),
    ("fields turned", ticket(fields=FIELDS[::-1]), [("order_changed", "/fields", "")]),
    (
        "new relationship",
        ticket(relationships=[REQUESTER, {"slug": "agent", "target": "contact"}]),
        [("relationship_added", "/relationships/1", "agent")],
    ),
    ("no requester", without("requester"), [("relationship_removed", "/relationships/0", "requester")]),
    (
        "relationship's label",
        ticket(relationships=[{**REQUESTER, "label": "Client"}]),
        [("relationship_changed", "/relationships/0", "requester")],
    ),
]


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_kind_of_change_is_told_with_its_place(body: Any, expected: list[tuple[str, str, str]]) -> None:
    found = changes(definition(TICKET), definition(body))
    assert [(problem.kind.value, problem.pointer, problem.slug) for problem in found] == expected


def test_removals_point_into_the_definition_that_still_has_them() -> None:
    body = without("status", "opened_at")
    body["fields"].append({"slug": "note", "type": "text"})
    assert [(change.kind.value, change.pointer) for change in changes(definition(TICKET), definition(body))] == [
        ("field_added", "/fields/3"),
        ("field_removed", "/fields/0"),
        ("field_removed", "/fields/3"),
    ]


def test_a_new_object_counts_from_its_first_version() -> None:
    again = created("acme", definition(TICKET), BEFORE)
    assert (again.version, again.since_version, again.reportable_since) == (7, 7, 7)


def test_an_object_without_contact_is_reportable_from_no_version() -> None:
    assert created("acme", definition(without("requester"))).reportable_since is None


def test_a_change_raises_the_version_and_keeps_where_the_object_began() -> None:
    before = created("acme", definition(TICKET), BEFORE)
    after = changed(before, definition(without("csat")), 0)
    assert (after.version, after.since_version, after.reportable_since) == (8, 7, 7)
    assert after.definition == definition(without("csat"))


def test_reportable_counts_without_a_break() -> None:
    first = state()
    second = changed(first, definition(without("requester")), 0)
    third = changed(second, definition(TICKET), 0)
    fourth = changed(third, definition(without("csat")), 0)
    assert [item.reportable_since for item in (first, second, third, fourth)] == [1, None, 3, 3]


def test_removed_slugs_are_remembered_with_what_they_were() -> None:
    after = changed(state(), definition(without("csat", "requester")), 0)
    assert after.removed == (
        RemovedSlug(slug="csat", version=2, type=FieldType.NUMBER),
        RemovedSlug(slug="requester", version=2, target="contact", many=False),
    )


def test_a_slug_that_comes_back_is_no_longer_removed() -> None:
    removed = changed(state(), definition(without("csat")), 0)
    assert changed(removed, definition(TICKET), 0).removed == ()


def test_removed_slugs_are_forgotten_once_every_retained_snapshot_has_passed_them() -> None:
    removed = changed(state(), definition(without("csat")), 0)
    more = without("csat", "tags")
    assert [field.slug for field in changed(removed, definition(more), 1).removed] == ["csat", "tags"]
    assert [field.slug for field in changed(removed, definition(more), 2).removed] == ["tags"]


def test_a_deleted_object_keeps_its_count_and_nothing_else() -> None:
    after = deleted(changed(state(), definition(without("csat")), 0))
    assert (after.version, after.definition, after.reportable_since, after.removed) == (3, None, None, ())


def marked(*slugs: str) -> dict[str, Any]:
    fields = [{**field, "personal": field["slug"] in slugs} for field in TICKET["fields"]]
    return {**TICKET, "fields": fields}


def removed_personal(of: SchemaState) -> dict[str, int]:
    """Read again from its event."""
    read = SchemaEvent.decode(schema_event(of).encode())
    return {removal.slug: removal.version for removal in read.data.removed_personal}


def test_what_was_personal_when_it_went_is_never_forgotten() -> None:
    before = changed(state(), definition(marked("csat", "status")), 1)
    gone = changed(before, definition(without("csat", "opened_at")), 2)
    assert removed_personal(gone) == {"csat": 3}
    assert removed_personal(changed(gone, definition(TICKET), 9)) == {"csat": 3}
    later = deleted(changed(gone, definition(marked("csat", "status")), 9))
    assert removed_personal(later) == {"csat": 5, "status": 5}
    assert removed_personal(created("acme", definition(TICKET), later)) == {"csat": 5, "status": 5}


def test_a_state_without_such_a_field_is_written_as_before() -> None:
    assert b"removed" not in schema_event(state()).encode()
