"""An integration's object after its options changed and the tenant changed it too."""

from typing import Any

from crosslook.contracts.schemas import Definition
from services.schema_service.domain.bundled import ManagedObject, joined_definition, missing_parts


def definition(*fields: dict[str, Any], links: tuple[str, ...] = ("requester",)) -> Definition:
    return Definition.model_validate(
        {
            "object": "zendesk_ticket",
            "labels": {"singular": "Ticket", "plural": "Tickets"},
            "fields": fields,
            "relationships": [{"slug": slug, "label": slug.title(), "target": "contact"} for slug in links],
        }
    )


def text(slug: str, label: str = "", **more: Any) -> dict[str, Any]:
    return {"slug": slug, "label": label or slug.title(), "type": "text", **more}


def dropdown(slug: str, **options: str) -> dict[str, Any]:
    shown = [{"value": value, "label": label} for value, label in options.items()]
    return {"slug": slug, "label": slug.title(), "type": "dropdown", "options": shown}


def labels(made: Definition) -> dict[str, str]:
    return {field.slug: field.label for field in made.fields}


def test_new_fields_come_last_and_those_of_the_tenant_stay() -> None:
    before, current = definition(text("subject")), definition(text("subject"), text("mine"))
    made = joined_definition(current, before, definition(text("subject"), text("product")))
    assert [field.slug for field in made.fields] == ["subject", "mine", "product"]


def test_what_the_integration_brings_no_more_goes() -> None:
    before = definition(text("subject"), text("product"), links=("requester", "assignee"))
    made = joined_definition(before, before, definition(text("subject")))
    assert [*made.field_by_slug, *made.relationship_by_slug] == ["subject", "requester"]


def test_nothing_goes_where_nobody_knows_what_was_brought() -> None:
    made = joined_definition(definition(text("product")), None, definition(text("subject")))
    assert [field.slug for field in made.fields] == ["product", "subject"]


def test_labels_of_the_tenant_stay_and_others_follow_the_integration() -> None:
    before = definition(text("subject", "Subject"), text("channel", "Channel", description="How"))
    current = definition(text("subject", "Betreff"), text("channel", "Channel", description="Our words"))
    made = joined_definition(
        current, before, definition(text("subject", "Title"), text("channel", "Via", description="By"))
    )
    assert labels(made) == {"subject": "Betreff", "channel": "Via"}
    assert made.field_by_slug["channel"].description == "Our words"


def test_options_are_those_of_the_integration_and_the_tenants_own() -> None:
    before = definition(dropdown("status", open="Open", old="Old"))
    current = definition(dropdown("status", open="Offen", old="Old", mine="Mine"))
    made = joined_definition(current, before, definition(dropdown("status", open="Open", new="New")))
    shown = {option.value: option.label for option in made.field_by_slug["status"].options}
    assert shown == {"open": "Offen", "mine": "Mine", "new": "New"}


def test_a_personal_field_stays_personal() -> None:
    before = definition(text("subject"))
    made = joined_definition(definition(text("subject", personal=True)), before, before)
    assert made.field_by_slug["subject"].personal


def test_a_definition_is_merged_with_itself_without_a_change() -> None:
    bundled = definition(text("subject"), dropdown("status", open="Open"))
    assert joined_definition(bundled, bundled, bundled) == bundled


def refused(bundled: Definition | None, new: Definition) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.text) for problem in missing_parts(ManagedObject("zendesk", bundled), new)]


def test_the_integrations_parts_cannot_be_removed() -> None:
    bundled = definition(text("subject"), dropdown("status", open="Open", solved="Solved"))
    assert refused(bundled, bundled) == []
    assert refused(bundled, definition(dropdown("status", open="Offen"), links=())) == [
        ("/fields", "managed_by_integration.part"),
        ("/relationships", "managed_by_integration.part"),
        ("/fields/0/options", "managed_by_integration.option"),
    ]


def test_no_field_can_be_required_that_the_integration_may_leave_empty() -> None:
    bundled = definition(text("subject"), text("ticket_id", required=True))
    changed = definition(text("subject", required=True), text("ticket_id", required=True), text("mine", required=True))
    assert refused(bundled, changed) == [
        ("/fields/0/required", "managed_by_integration.required"),
        ("/fields/2/required", "managed_by_integration.required"),
    ]


def test_an_object_that_the_tenant_brought_may_change() -> None:
    assert refused(None, definition(links=())) == []
