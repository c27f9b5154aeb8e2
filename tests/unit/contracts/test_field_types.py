"""One row for each field type, and every row complete: a dataclass without defaults, so that mypy says what is left."""

import re
from dataclasses import MISSING, fields

import pytest

from crosslook.contracts.field_types import FIELD_TYPES, FieldTypeSpec, WireForm, converter, takes_only_options
from crosslook.contracts.schemas import FieldDef, FieldType, OptionDef
from crosslook.contracts.values import TEXT_MAX, BadValue

OPTIONS = (OptionDef(value="open"), OptionDef(value="closed"))


def test_every_type_has_one_row() -> None:
    assert list(FIELD_TYPES) == list(FieldType)


def test_no_member_of_a_row_has_a_default() -> None:
    assert [
        member.name
        for member in fields(FieldTypeSpec)
        if (member.default, member.default_factory) != (MISSING, MISSING)
    ] == []


@pytest.mark.parametrize("kind", FieldType)
def test_a_type_is_extracted_into_its_own_column(kind: FieldType) -> None:
    """A value takes part in the expression exactly once, and the empty one fits the column."""
    spec = FIELD_TYPES[kind]
    assert spec.expression.format("value").count("value") == 1
    assert re.match(r"Array\(" if spec.several else r"Nullable\(", spec.engine_type)
    assert spec.empty == ("[]" if spec.several else "NULL")


@pytest.mark.parametrize("kind", FieldType)
def test_a_text_has_a_limit_where_the_decoder_checks_it(kind: FieldType) -> None:
    spec = FIELD_TYPES[kind]
    assert (spec.text_max is not None) == (spec.wire is WireForm.TEXT)


@pytest.mark.parametrize("kind", FieldType)
def test_options_are_for_types_that_are_chosen_from(kind: FieldType) -> None:
    spec = FIELD_TYPES[kind]
    assert ("options" in spec.attributes) == (spec.wire in (WireForm.OPTION, WireForm.OPTIONS))
    assert spec.attributes <= {"options", "scale", "currency"}


def test_no_synonym_is_that_of_two_types() -> None:
    synonyms = [synonym for spec in FIELD_TYPES.values() for synonym in spec.synonyms]
    assert len(synonyms) == len({*synonyms, *FieldType}) - len(FieldType)


@pytest.mark.parametrize("kind", FieldType)
def test_a_field_of_every_type_is_empty_and_refuses_an_object(kind: FieldType) -> None:
    convert = converter(FieldDef(slug="f", type=kind, options=OPTIONS))
    assert convert(None) is None
    with pytest.raises(BadValue, match="wrong_type"):
        convert({})


@pytest.mark.parametrize(
    ("kind", "options", "only"),
    [
        (FieldType.DROPDOWN, OPTIONS, True),
        (FieldType.DROPDOWN, (), True),
        (FieldType.MULTISELECT, OPTIONS, True),
        (FieldType.MULTISELECT, (), False),
        (FieldType.TEXT, (), False),
    ],
)
def test_which_fields_take_only_options(kind: FieldType, options: tuple[OptionDef, ...], only: bool) -> None:
    assert takes_only_options(FieldDef(slug="f", type=kind, options=options)) is only


@pytest.mark.parametrize("tags", [[""], ["x" * (TEXT_MAX + 1)], ["a", "a"]])
def test_open_choices_are_checked_after_a_decoder_took_them(tags: list[str]) -> None:
    """The decoder of a field that names no options takes any texts."""
    convert = FIELD_TYPES[FieldType.MULTISELECT].completion(FieldDef(slug="f", type=FieldType.MULTISELECT))
    assert convert is not None
    assert convert(["a", "b"]) == ["a", "b"]
    with pytest.raises(BadValue):
        convert(tags)
