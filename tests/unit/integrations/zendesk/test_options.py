"""The manifest, the bundled object, and what the options add to it."""

from typing import Any

import pytest

from crosslook.contracts.schemas import definition_json
from crosslook.integrations.catalog import integrations, object_slug
from crosslook.integrations.interface import CircuitBreaker, Connection, Fact, WholeRecord
from crosslook.integrations.zendesk import INTEGRATION
from crosslook.integrations.zendesk.manifest import CUSTOM_FIELDS_MAX
from services.schema_service.domain.definition import Limits, parse_definition
from tests.helpers.zendesk import facts_of, fields_of, folds, history_item, webhook, zendesk_event


def custom(slug: str, type_: str, id_: str = "360") -> dict[str, Any]:
    """The option of one custom field."""
    return {"id": id_, "slug": slug, "label": slug.title(), "type": type_}


def connection(**options: Any) -> Connection:
    """A connection with these options."""
    return Connection("zendesk", "zendesk_ticket", options)


def custom_change(value: Any, at: str = "2025-01-08T10:12:09Z") -> dict[str, Any]:
    """A change of the custom field 360."""
    named = {"custom_field": {"id": "360", "title": "Plan", "type": "text"}}
    return zendesk_event("custom_field_changed", {**named, "current": value, "previous": None}, at=at)


def test_the_folder_is_in_the_catalogue() -> None:
    assert integrations()["zendesk"] is INTEGRATION
    assert object_slug(INTEGRATION, "zendesk") == "zendesk_ticket"
    assert object_slug(INTEGRATION, "helpdesk_eu") == "helpdesk_eu_ticket"


def test_the_limit_is_the_documented_circuit_breaker() -> None:
    assert INTEGRATION.manifest.limit == CircuitBreaker(0.7, 100, 1000, 300)


def test_the_object_is_one_that_a_tenant_could_define() -> None:
    options = {"custom_fields": [custom(f"c{index}", "multiselect", str(index)) for index in range(CUSTOM_FIELDS_MAX)]}
    definition = INTEGRATION.define("zendesk_ticket", options)
    assert definition is not None
    assert not parse_definition(definition_json(definition), Limits(), "zendesk_ticket").problems.shown
    assert definition.reportable


def _titled(schema: dict[str, Any]) -> None:
    for name, inner in schema.get("properties", {}).items():
        assert inner["title"], name
        assert inner["description"], name
        assert inner["x-fr"].keys() == {"title", "description"}, name
        _titled(inner)
    if "items" in schema:
        _titled(schema["items"])


def test_every_option_has_a_title_in_both_languages() -> None:
    _titled(dict(INTEGRATION.manifest.options))
    manifest = INTEGRATION.manifest
    for texts in (manifest.labels, manifest.signed_by, manifest.answers):
        assert texts.keys() == {"en", "fr"}


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ([custom("plan", "text")], []),
        ([custom("plan", "text"), custom("plan", "number", "361")], [("duplicate_slug", "/custom_fields/1/slug")]),
        ([custom("status", "text")], [("duplicate_slug", "/custom_fields/0/slug")]),
        ([custom("requester", "text")], [("duplicate_slug", "/custom_fields/0/slug")]),
        ([custom("count", "text")], [("reserved_word", "/custom_fields/0/slug")]),
        ([custom("a", "text"), custom("b", "text")], [("duplicate_option", "/custom_fields/1/id")]),
    ],
)
def test_custom_fields_have_names_of_their_own(fields: list[Any], problems: list[tuple[str, str]]) -> None:
    found = list(INTEGRATION.check({"custom_fields": fields}))
    assert [(problem.code, problem.pointer) for problem in found] == problems
    assert all(problem.message("fr") for problem in found)


@pytest.mark.parametrize(
    ("type_", "sent", "expected"),
    [
        ("text", {"value": "gold"}, "gold"),
        ("text", {"value": 5}, "5"),
        ("text", {"value": True}, "true"),
        ("text", {"value": ["a", "b"]}, "a, b"),
        ("text", {"value": "x" * 2000}, "x" * 1024),
        ("text", {"value": ""}, None),
        ("text", {"value": None}, None),
        ("text", {"relationship_target": "custom_object:car:7"}, "custom_object:car:7"),
        ("text", {"relationship_target": {"id": "7"}}, "7"),
        ("text", "bare", "bare"),
        ("textarea", {"value": "x" * 2000}, "x" * 2000),
        ("number", {"value": "12.5"}, "12.5"),
        ("number", {"value": 12.5}, 12.5),
        ("number", {"value": "many"}, None),
        ("number", {"value": "1e400"}, None),
        ("date", {"value": "2025-01-08"}, "2025-01-08"),
        ("date", {"value": "2025-01-08T00:00:00Z"}, "2025-01-08"),
        ("date", {"value": "2025-02-30"}, None),
        ("datetime", {"value": "2025-01-08T00:00:00Z"}, "2025-01-08T00:00:00Z"),
        ("datetime", {"value": "2025-01-08"}, None),
        ("boolean", {"value": True}, True),
        ("boolean", {"value": "false"}, False),
        ("boolean", {"value": "perhaps"}, None),
        ("multiselect", {"value": ["b", "a", "b"]}, ["a", "b"]),
        ("multiselect", {"value": "b a"}, ["a", "b"]),
        ("multiselect", {"value": 5}, None),
    ],
)
def test_values_have_the_type_of_the_field_or_are_empty(type_: str, sent: Any, expected: Any) -> None:
    connected = connection(custom_fields=[custom("plan", type_)])
    assert fields_of(custom_change(sent), connection=connected).get("plan") == expected


def test_a_custom_field_that_no_option_names_is_left_out() -> None:
    assert "plan" not in fields_of(custom_change({"value": "gold"}))


def test_an_option_that_comes_later_finds_the_values_that_came_before() -> None:
    item = {"id": 1, "updated_at": "2025-01-08T10:12:07Z", "custom_fields": [{"id": 360, "value": "gold"}]}
    assert plan(facts_of([history_item({"ticket": item})])) == "gold"


def test_an_export_states_all_custom_fields() -> None:
    item = {"ticket": {"id": 5158, "updated_at": "2025-01-08T10:12:20Z", "custom_fields": []}}
    changed = facts_of([history_item(item), webhook(custom_change({"value": "gold"}))])
    assert plan(changed) is None
    later = facts_of([webhook(custom_change({"value": "silver"}, at="2025-01-08T10:12:30Z"))])
    assert plan([*later, *changed]) == "silver"


def plan(facts: list[Fact]) -> Any:
    """The custom field of the one ticket that the facts are about."""
    (state,) = folds(facts, connection(custom_fields=[custom("plan", "text")])).values()
    assert isinstance(state, WholeRecord)
    return state.fields.get("plan")


@pytest.mark.parametrize("field", ["assignee", "group", "organization", "brand", "custom_status"])
def test_names_stand_for_ids(field: str) -> None:
    event = zendesk_event("created")
    id_ = fields_of(event)[field]
    named = connection(names={field: {id_: "Somebody"}})
    assert fields_of(event, connection=named)[field] == "Somebody"
    assert fields_of(event, connection=connection(names={field: {"1": "Else"}}))[field] == id_
