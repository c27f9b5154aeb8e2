"""Options that cannot work are refused when they are connected, each at its place and with a reason."""

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from crosslook.contracts.schemas import Definition, FieldDef, FieldType, Labels, OptionDef, RelationshipDef
from crosslook.integrations.catalog import integrations, kept_headers, localized
from tests.helpers.webhook_pages import GENERIC

OPTIONS: dict[str, Any] = {
    "object": "thing",
    "signature": {"header": "X-Signature"},
    "record": "/id",
    "time": "/at",
    "fields": {"name": "/name"},
}
SCHEMA = dict(GENERIC.manifest.options)
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA)
THING = Definition(
    object="thing",
    labels=Labels(singular="Thing", plural="Things"),
    fields=(
        FieldDef(slug="name", type=FieldType.TEXT, required=True),
        FieldDef(slug="state", type=FieldType.DROPDOWN, options=(OptionDef(value="open"),)),
        FieldDef(slug="size", type=FieldType.NUMBER),
    ),
    relationships=(RelationshipDef(slug="owner", target="contact"),),
)


def test_the_least_options_are_valid() -> None:
    assert VALIDATOR.is_valid(OPTIONS)
    assert list(GENERIC.check(OPTIONS)) == []
    assert kept_headers(GENERIC, OPTIONS) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {**OPTIONS, "object": "Thing"},
        {**OPTIONS, "colour": "red"},
        {**OPTIONS, "record": 7},
        {**OPTIONS, "record": {"constant": "x"}},
        {**OPTIONS, "fields": {"Name": "/name"}},
        {**OPTIONS, "fields": {"name": {"pointer": "/name", "unit": "kg"}}},
        {**OPTIONS, "fields": {"name": {"pointer": "/name", "divide_by": 0}}},
        {**OPTIONS, "signature": {}},
        {**OPTIONS, "signature": {"header": "x", "algorithm": "md5"}},
        {**OPTIONS, "signature": {"header": "x", "timestamp": {}}},
        {**OPTIONS, "signature": {"header": "x", "timestamp": {"header": "a", "part": "t"}}},
        {**OPTIONS, "deleted": [{"pointer": "/gone"}]},
        {**OPTIONS, "state": "some"},
        {**OPTIONS, "relationships": {"owner": {}}},
    ],
)
def test_the_schema_is_strict(wrong: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid(wrong)


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"record": "id"}, "not_a_pointer", "/record"),
        ({"time": {"pointer": "/~x"}}, "not_a_pointer", "/time/pointer"),
        ({"fields": {"name": {"pointer": "/a", "each": "b"}}}, "not_a_pointer", "/fields/name/each"),
        ({"fields": {"name": {"pointer": "/a", "header": "b"}}}, "wrong_place", "/fields/name"),
        ({"fields": {"name": {"values": {}}}}, "wrong_place", "/fields/name"),
        ({"fields": {"name": {"header": "b", "each": "/c"}}}, "required_missing", "/fields/name/pointer"),
        ({"event": {"header": "X Event"}}, "not_a_header", "/event/header"),
        ({"event": {"header": "Authorization"}}, "secret_header", "/event/header"),
        ({"event": {"header": "x-signature"}}, "secret_header", "/event/header"),
        ({"ignored": [{"equals": ["x"]}]}, "wrong_place", "/ignored/0"),
        ({"types": ["a"]}, "required_missing", "/type"),
        ({"relationships": {"name": {"email": "/e"}}}, "duplicate_slug", "/relationships/name"),
        ({"relationships": {"owner": {"email": "e"}}}, "not_a_pointer", "/relationships/owner/email"),
        ({"signature": {"header": "X Y"}}, "not_a_header", "/signature/header"),
        ({"signature": {"header": "x", "signed": "{time}{body}"}}, "unknown_placeholder", "/signature/signed"),
        ({"signature": {"header": "x", "signed": "body"}}, "required_missing", "/signature/signed"),
        ({"signature": {"header": "x", "signed": "{body}{body}"}}, "required_missing", "/signature/signed"),
        ({"signature": {"header": "x", "signed": "{timestamp}{body}"}}, "unsigned_timestamp", "/signature/signed"),
        ({"signature": {"header": "x", "timestamp": {"header": "t"}}}, "unsigned_timestamp", "/signature/signed"),
        ({"signature": {"header": "x", "signed": "{header:a b}{body}"}}, "not_a_header", "/signature/signed"),
    ],
)
def test_what_the_schema_cannot_say_is_checked(change: dict[str, Any], code: str, pointer: str) -> None:
    wrong = {**OPTIONS, **change}
    assert VALIDATOR.is_valid(wrong)
    (problem,) = GENERIC.check(wrong)
    assert (problem.code, problem.pointer) == (code, pointer)
    assert problem.message("en") != problem.message("fr")


def test_a_pointer_without_its_slash_is_suggested_with_it() -> None:
    (problem,) = GENERIC.check({**OPTIONS, "record": "order/id"})
    assert problem.suggested() == "/order/id"


def test_parts_need_an_order() -> None:
    unordered = {name: value for name, value in OPTIONS.items() if name != "time"}
    assert [problem.pointer for problem in GENERIC.check({**unordered, "state": "parts"})] == ["/time"]
    assert list(GENERIC.check({**unordered, "state": "parts", "sequence": "/n"})) == []
    assert list(GENERIC.check(unordered)) == []


def test_options_that_do_not_suit_the_object_are_refused() -> None:
    wrong = {
        **OPTIONS,
        "fields": {
            "nmae": "/name",
            "state": {"pointer": "/state", "values": {"o": "open", "p": "paid"}},
            "size": {"constant": "large"},
        },
        "relationships": {"ownr": {"email": "/e"}},
    }
    found = [(problem.code, problem.pointer, problem.suggested()) for problem in GENERIC.suits(wrong, THING)]
    assert found == [
        ("unknown_field", "/fields/nmae", "name"),
        ("unknown_option", "/fields/state/values/p", None),
        ("wrong_type", "/fields/size/constant", None),
        ("unknown_field", "/relationships/ownr", "owner"),
        ("required_missing", "/fields/name", None),
    ]
    assert list(GENERIC.suits(OPTIONS, THING)) == []


def properties(schema: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every named property of a schema, at any depth, with its place."""
    if isinstance(schema, dict):
        for name, found in schema.get("properties", {}).items():
            yield f"{place}/{name}", found
            yield from properties(found, f"{place}/{name}")
        for name in ("items", "additionalProperties"):
            yield from properties(schema.get(name), f"{place}/{name}")


@pytest.mark.parametrize("kind", list(integrations()))
def test_every_option_of_every_integration_is_described_in_both_languages(kind: str) -> None:
    for place, found in properties(integrations()[kind].manifest.options):
        english = (found.get("title"), found.get("description"))
        french = (found.get("x-fr", {}).get("title"), found.get("x-fr", {}).get("description"))
        assert all(english), place
        assert all(french), place
        assert english[1] != french[1], place


def test_the_schema_is_shown_in_one_language() -> None:
    english, french = localized(SCHEMA, "en"), localized(SCHEMA, "fr")
    assert english["properties"]["record"]["title"] == "Record id"
    assert french["properties"]["record"]["title"] == "Identifiant de la fiche"
    assert "x-fr" not in str(english) + str(french)
    assert jsonschema_rs.Draft202012Validator(french).is_valid(OPTIONS)
