"""What is wrong with an integration's options, by the JSON Schema of its manifest.

jsonschema-rs finds the problems; their codes and sentences are ours, as for every other body.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError

from crosslook.contracts.problems import Problem, Problems, pointer
from crosslook.contracts.suggestions import guess

AT = "options"
_SHOWN = 100
_TYPES = {
    "object": "wrong_type.object",
    "array": "wrong_type.array",
    "string": "wrong_type.text",
    "boolean": "wrong_type.boolean",
    "integer": "wrong_type.integer",
    "number": "wrong_type.number",
    "null": "wrong_type.null",
}
_BOUNDS = {
    "minimum": "≥ {limit}",
    "maximum": "≤ {limit}",
    "exclusiveMinimum": "> {limit}",
    "exclusiveMaximum": "< {limit}",
}
_SIZES = {
    "maxLength": "too_long",
    "maxItems": "too_long.items",
    "maxProperties": "too_long.members",
    "minLength": "too_short",
    "minItems": "too_short.items",
    "minProperties": "too_short.members",
}


class OptionsSchema:
    """The JSON Schema (2020-12) of one integration's options, compiled. Raises ValueError for what is not one."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        self._validator = Draft202012Validator(dict(schema))

    def problems(self, options: Mapping[str, Any]) -> Problems:
        """Every problem, each with its pointer below `/options`."""
        found = Problems()
        with found.reading():
            for error in self._validator.iter_errors(dict(options)):
                found.extend(_problems(error, self._schema))
        return found


def _problems(error: ValidationError, schema: Mapping[str, Any]) -> Iterator[Problem]:
    kind: Any = error.kind
    place = (AT, *error.instance_path)
    match kind.name:
        case "required":
            yield Problem("required_missing", pointer(*place, kind.property), values={"name": kind.property})
        case "additionalProperties" | "unevaluatedProperties":
            known = _properties(schema, error.schema_path)
            for name in kind.unexpected:
                values = {"name": name[:_SHOWN]}
                yield Problem("unknown_property", pointer(*place, name), values=values, suggestion=guess(name, known))
        case "propertyNames":
            yield Problem("bad_value", pointer(*place, str(kind.error.instance)), "bad_value.member_name")
        case "type":
            yield _wrong_type(kind.types, pointer(*place))
        case "enum":
            known = [str(option) for option in kind.options]
            sent, values = str(error.instance), {"known": ", ".join(known)}
            yield Problem("bad_value", pointer(*place), "bad_value.choice", values, guess(sent, known))
        case name if name in _BOUNDS:
            yield Problem("out_of_range", pointer(*place), values={"limit": _BOUNDS[name].format(limit=kind.limit)})
        case name if name in _SIZES:
            code, _, variant = _SIZES[name].partition(".")
            yield Problem(code, pointer(*place), f"{code}.{variant}" if variant else "", {"limit": kind.limit})
        case "pattern":
            yield Problem("bad_value", pointer(*place), "bad_value.pattern", {"pattern": str(kind.pattern)})
        case "uniqueItems":
            yield Problem("bad_value", pointer(*place), "bad_value.repeated_item")
        case _:
            yield Problem("bad_value", pointer(*place), "bad_value.as_described")


def _wrong_type(types: Sequence[str], where: str) -> Problem:
    if len(types) == 1:
        return Problem("wrong_type", where, _TYPES[types[0]])
    return Problem("wrong_type", where, "wrong_type.several", {"types": ", ".join(types)})


def _properties(schema: Mapping[str, Any], path: Sequence[str | int]) -> list[str]:
    """The names of the members that the schema knows where it refuses others."""
    part: Any = schema
    for step in path[:-1]:
        part = part[step]
    return list(part.get("properties", ()))
