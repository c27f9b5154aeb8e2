"""An object's JSON Schema takes exactly what admission takes; what a schema cannot express is listed in
`schema_cases`."""

from decimal import Decimal
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given, settings

from crosslook.contracts.events import DELETED, KINDS, PATCHED, UPSERTED
from crosslook.contracts.record_schemas import JSON_SCHEMA_DIALECT, data_schema
from crosslook.contracts.records import EventKind, Refused
from tests.helpers.examples import examples
from tests.unit.contracts.schema_cases import KNOWN_DIFFERENCES, REFUSED_BY_BOTH, STRICTER, TAKEN_BY_BOTH
from tests.unit.contracts.schema_events import EVERYTHING, OBJECTS, data_of, refusal, upsert

VALIDATORS = {
    (name, kind): jsonschema_rs.Draft202012Validator(data_schema("acme", found, of_kind))
    for name, found in OBJECTS.items()
    for kind, of_kind in KINDS.items()
}


def valid(data: Any, kind: str, name: str = "everything") -> bool:
    return VALIDATORS[name, kind].is_valid(data)


def takes(slug: str, value: Any) -> tuple[bool, bool]:
    """Whether the schema takes a value, and whether admission does."""
    data = upsert("everything", fields={slug: value})
    return valid(data, UPSERTED), refusal(data, UPSERTED) is None


@pytest.mark.parametrize("case", KNOWN_DIFFERENCES)
def test_what_a_schema_cannot_express_admission_refuses(case: str) -> None:
    assert takes(*KNOWN_DIFFERENCES[case]) == (True, False)


@pytest.mark.parametrize("case", STRICTER)
def test_what_a_schema_is_stricter_about(case: str) -> None:
    assert takes(*STRICTER[case]) == (False, True)


@pytest.mark.parametrize("case", REFUSED_BY_BOTH)
def test_both_refuse(case: str) -> None:
    assert takes(*REFUSED_BY_BOTH[case]) == (False, False)


@pytest.mark.parametrize("case", TAKEN_BY_BOTH)
def test_both_take(case: str) -> None:
    assert takes(*TAKEN_BY_BOTH[case]) == (True, True)


def test_a_whole_number_with_a_fraction_of_zero_is_an_integer_to_schemas_only() -> None:
    data = upsert("everything", sequence=1.0)
    assert valid(data, UPSERTED)
    assert refusal(data, UPSERTED) is not None


def test_a_number_with_more_digits_than_a_double_is_rounded_by_admission_only() -> None:
    data = upsert("everything", fields={"number": Decimal("9007199254740992.5")})
    assert refusal(data, UPSERTED) is None


def _documented(refused: Refused, data: Any) -> bool:
    """Whether admission alone refuses for one of the reasons above."""
    problem = refused.problem
    slug = problem.pointer.removeprefix("/data/fields/").removesuffix("_required")
    if problem.pointer == "/data/sequence":
        return isinstance(data["sequence"], float)
    if problem.code != "out_of_range":
        return False
    if problem.pointer == "/data/merged_into":
        return bool(data["merged_into"] == data["record"])
    sent = data["fields"][problem.pointer.rpartition("/")[2]]
    if slug == "number":
        return isinstance(sent, str)
    if slug == "currency":
        return isinstance(sent, float) or "e" in str(sent).lower()
    return slug == "datetime" and sent[:4] in ("1900", "2299")


def _stricter(data: Any) -> bool:
    fields = data.get("fields") if isinstance(data, dict) else None
    sent = [str(fields.get(slug)) for slug in ("datetime", "datetime_required")] if isinstance(fields, dict) else []
    return any(text.startswith("1899-12-31") for text in sent)


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_takes_exactly_what_admission_takes(name: str, kind: str) -> None:
    @given(data_of(OBJECTS[name]))
    @example(upsert(name))
    @settings(max_examples=examples(150, 1000), deadline=None)
    def agree(data: Any) -> None:
        schema_takes, refused = valid(data, kind, name), refusal(data, kind)
        other_object = isinstance(data.get("object"), str) and data["object"] != name
        if refused is None:
            assert schema_takes or _stricter(data) or other_object, list(VALIDATORS[name, kind].iter_errors(data))
        elif schema_takes:
            assert _documented(refused, data), refused.problem

    agree()


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_valid_and_names_the_labels(kind: str) -> None:
    schema = data_schema("acme", EVERYTHING, KINDS[kind])
    jsonschema_rs.meta.validate(schema)
    assert (schema["$schema"], schema["title"]) == (JSON_SCHEMA_DIALECT, EVERYTHING.labels.singular)
    if KINDS[kind] is not EventKind.DELETE:
        assert schema["properties"]["fields"]["properties"]["listed"]["anyOf"][0]["items"]["enum"][0] == "open"
        assert schema["properties"]["fields"]["properties"]["number"]["title"] == "The number"
        assert {"title": "listed"}.items() <= schema["properties"]["fields"]["properties"]["listed"].items()


def test_only_the_deletion_of_a_contact_names_the_one_that_it_was_merged_into() -> None:
    for name in OBJECTS:
        for kind in KINDS:
            data = upsert(name, merged_into="2")
            taken = (name, kind) == ("contact", DELETED)
            assert (valid(data, kind, name), refusal(data, kind) is None) == (taken, taken)


def test_a_patch_need_not_name_required_fields_and_must_not_clear_them() -> None:
    for fields, taken in (({}, True), ({"text_required": None}, False), ({"text_required": "x"}, True)):
        assert valid(upsert("strict", fields=fields), PATCHED, "strict") is taken
        assert (refusal(upsert("strict", fields=fields), PATCHED) is None) is taken
    assert not valid(upsert("strict"), UPSERTED, "strict")
