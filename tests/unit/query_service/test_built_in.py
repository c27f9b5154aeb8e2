"""The fields that every object has without its schema naming them."""

from typing import Any

import pytest

from crosslook.contracts.problems import Language
from crosslook.contracts.schemas import BUILT_IN_CONTACT, FieldDef, FieldType, SchemaState
from services.query_service.answering.rendering import label_of
from services.query_service.domain.built_in import label_text
from services.query_service.domain.catalog import build_catalog
from services.query_service.domain.result import heads
from services.query_service.domain.warnings import lacking, warnings_of
from tests.helpers.builders import definition, state
from tests.unit.query_service.dataset import TICKET, catalog, problems_of, resolved, statements


@pytest.mark.parametrize("name", ["ticket._id", "ticket._updated_at", "contact._id", "contact._updated_at"])
def test_built_in_fields_are_dimensions_of_the_object_and_of_contact(name: str) -> None:
    assert problems_of({"object": "ticket", "dimensions": [name]}) == []


@pytest.mark.parametrize("name", ["contact._id", "contact._updated_at"])
def test_a_contact_that_was_never_built_has_them(name: str) -> None:
    assert problems_of({"object": "contact", "dimensions": [name]}, build_catalog("acme", "s1", ())) == []


def test_the_id_is_text_and_the_time_an_instant() -> None:
    report, problems = resolved(
        {
            "object": "ticket",
            "dimensions": ["ticket._id", {"field": "ticket._updated_at", "granularity": "week"}],
            "measures": ["ticket._id.count_distinct", "ticket._updated_at.min"],
        }
    )
    assert report is not None, problems
    assert [(head.name, head.type.value, head.label) for head in heads(report)] == [
        ("ticket._id", "text", "_id"),
        ("ticket._updated_at:week", "date", "_updated_at"),
        ("ticket._id.count_distinct", "integer", "_id"),
        ("ticket._updated_at.min", "datetime", "_updated_at"),
    ]
    assert {head.text for head in heads(report)} == {"field.id", "field.updated_at"}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "grouped",
    [
        {"field": "ticket._updated_at", "bins": ["2026-11-28"]},
        {"field": "ticket._id", "groups": [{"name": "Some", "values": ["t1"]}]},
    ],
)
def test_bins_and_groups_of_them_are_labelled_with_their_own_name(language: Language, grouped: dict[str, Any]) -> None:
    report, problems = resolved({"object": "ticket", "dimensions": [{**grouped, "name": "b"}]})
    assert report is not None, problems
    assert [label_of(head, language) for head in heads(report)] == ["b"]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ({"dimensions": ["ticket.id"]}, "ticket._id"),
        ({"dimensions": ["ticket.updated_at"]}, "ticket._updated_at"),
        ({"measures": ["ticket.updated_at.max"]}, "ticket._updated_at.max"),
        ({"measures": ["ticket._id.distinct"]}, "ticket._id.count_distinct"),
        ({"dimensions": ["contact.Updated_at"]}, "contact._updated_at"),
    ],
)
def test_names_close_to_them_get_them_as_suggestions(sent: dict[str, Any], meant: str) -> None:
    _, (problem,) = resolved({"object": "ticket", **sent})
    assert (problem.code, problem.as_json("en")["suggestion"]) == ("unknown_field", meant)


def test_a_measure_that_their_type_does_not_have_says_which_it_has() -> None:
    _, (problem,) = resolved({"object": "ticket", "measures": ["ticket._id.max"]})
    assert (problem.code, problem.text) == ("unknown_field", "measures_of.text")


def test_an_object_without_fields_of_its_own_has_them() -> None:
    bare = definition(relationships=TICKET.relationships)
    assert problems_of({"object": "ticket", "dimensions": ["ticket._id"]}, catalog(BUILT_IN_CONTACT, bare)) == []


def test_no_change_of_a_schema_takes_them_away() -> None:
    report, _ = resolved({"object": "ticket", "dimensions": ["ticket._id"], "measures": ["ticket._updated_at.max"]})
    live: dict[str, SchemaState] = {"ticket": state(TICKET, version=2)}
    assert report is not None
    assert warnings_of(report, live, {}) == ()
    assert lacking(report, catalog()) == ()


def test_an_id_is_compared_with_the_column_itself() -> None:
    """So the engine finds it by its key."""
    asked = {"field": "ticket._id", "op": "eq", "values": ["t1"]}
    sql = statements({"object": "ticket", "measures": ["ticket.count"], "filters": asked}).rows.sql
    assert '"base"."record" = {p' in sql
    assert "nullIf" not in sql


def test_of_an_object_that_was_never_built_they_are_empty() -> None:
    request = {"object": "contact", "dimensions": ["contact._id", "contact._updated_at"]}
    sql = statements(request, build_catalog("acme", "s1", ())).rows.sql
    assert """CAST(NULL, 'Nullable(DateTime64(3, ''UTC''))') AS "event_time\"""" in sql


ASKED_OF_CONTACTS = {
    "object": "contact",
    "dimensions": ["contact.country", {"field": "contact.created_at", "granularity": "month"}],
    "measures": ["contact.count", "contact.email.count_distinct"],
}


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("en", ["Country", "Created (month)", "Contacts", "Email, distinct values"]),
        ("fr", ["Pays", "Création (mois)", "Contacts", "E-mail, valeurs distinctes"]),
    ],
)
def test_the_fields_of_every_contact_are_named_in_the_readers_language(language: Language, labels: list[str]) -> None:
    report, problems = resolved(ASKED_OF_CONTACTS, build_catalog("acme", "s1", ()))
    assert report is not None, problems
    assert [label_of(head, language) for head in heads(report)] == labels


@pytest.mark.parametrize(
    ("object_slug", "label", "text"),
    [("contact", "Country", "contact.country"), ("contact", "Land", None), ("ticket", "Country", None)],
)
def test_a_field_keeps_the_name_that_its_tenant_gave_it(object_slug: str, label: str, text: str | None) -> None:
    assert label_text(object_slug, FieldDef(slug="country", label=label, type=FieldType.TEXT)) == text
