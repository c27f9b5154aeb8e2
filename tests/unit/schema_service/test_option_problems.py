"""Problems with options, by each keyword of their JSON Schema."""

from typing import Any

import pytest

from services.schema_service.domain.option_problems import OptionsSchema


def found(schema: dict[str, Any], value: Any) -> list[tuple[str, str, str]]:
    problems = OptionsSchema({"properties": {"a": schema}, "additionalProperties": False}).problems({"a": value})
    assert all(problem.message("fr") != problem.message("en") for problem in problems)
    return [(problem.pointer, problem.code, problem.text) for problem in problems]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        ({"type": "string"}, 5, ("", "wrong_type", "wrong_type.text")),
        ({"type": "object"}, [], ("", "wrong_type", "wrong_type.object")),
        ({"type": "array"}, {}, ("", "wrong_type", "wrong_type.array")),
        ({"type": "boolean"}, 0, ("", "wrong_type", "wrong_type.boolean")),
        ({"type": "integer"}, 0.5, ("", "wrong_type", "wrong_type.integer")),
        ({"type": "number"}, "1", ("", "wrong_type", "wrong_type.number")),
        ({"type": "null"}, 1, ("", "wrong_type", "wrong_type.null")),
        ({"type": ["string", "null"]}, 1, ("", "wrong_type", "wrong_type.several")),
        ({"enum": ["yes", "no"]}, "yess", ("", "bad_value", "bad_value.choice")),
        ({"const": "yes"}, "no", ("", "bad_value", "bad_value.as_described")),
        ({"minimum": 1}, 0, ("", "out_of_range", "")),
        ({"maximum": 1}, 2, ("", "out_of_range", "")),
        ({"exclusiveMinimum": 1}, 1, ("", "out_of_range", "")),
        ({"exclusiveMaximum": 1}, 1, ("", "out_of_range", "")),
        ({"maxLength": 1}, "ab", ("", "too_long", "")),
        ({"minLength": 1}, "", ("", "too_short", "")),
        ({"maxItems": 1}, [1, 2], ("", "too_long", "too_long.items")),
        ({"minItems": 1}, [], ("", "too_short", "too_short.items")),
        ({"uniqueItems": True}, [1, 1], ("", "bad_value", "bad_value.repeated_item")),
        ({"maxProperties": 1}, {"b": 1, "c": 1}, ("", "too_long", "too_long.members")),
        ({"minProperties": 1}, {}, ("", "too_short", "too_short.members")),
        ({"pattern": "^b$"}, "c", ("", "bad_value", "bad_value.pattern")),
        ({"required": ["b"]}, {}, ("/b", "required_missing", "")),
        ({"properties": {"b": {}}, "additionalProperties": False}, {"c~/": 1}, ("/c~0~1", "unknown_property", "")),
        ({"propertyNames": {"pattern": "^b$"}}, {"c": 1}, ("/c", "bad_value", "bad_value.member_name")),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, ("", "bad_value", "bad_value.as_described")),
        ({"items": {"type": "string"}}, ["x", 1], ("/1", "wrong_type", "wrong_type.text")),
    ],
)
def test_each_keyword_has_its_code(schema: dict[str, Any], value: Any, expected: tuple[str, str, str]) -> None:
    pointer, code, text = expected
    assert found(schema, value) == [(f"/options/a{pointer}", code, text)]


def test_a_suggestion_names_what_was_meant() -> None:
    nested = {"type": "array", "items": {"properties": {"slug": {}}, "additionalProperties": False}}
    schema = OptionsSchema({"properties": {"fields": nested, "mode": {"enum": ["fast"]}}})
    problems = schema.problems({"fields": [{"slog": 1}], "mode": "fasst"})
    assert {problem.pointer: problem.suggested() for problem in problems} == {
        "/options/fields/0/slog": "slug",
        "/options/mode": "fast",
    }


def test_good_options_have_no_problem() -> None:
    assert not OptionsSchema({"type": "object"}).problems({"a": [1, {"b": None}]})
    with pytest.raises(ValueError, match="nothing"):
        OptionsSchema({"type": "nothing"})
