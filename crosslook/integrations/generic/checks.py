"""What the JSON Schema of the options cannot say, and whether the options suit the object that they name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.schemas import Definition, FieldDef
from crosslook.contracts.suggestions import guess
from crosslook.contracts.values import BadValue
from crosslook.integrations.generic.coercion import suited
from crosslook.integrations.generic.mapping import REFERENCE_FORMS
from crosslook.integrations.generic.signatures import PLACEHOLDER
from crosslook.integrations.generic.sources import is_pointer
from crosslook.integrations.interface import JsonObject

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)
_SECRET_HEADERS = {"authorization", "cookie", "proxy-authorization", "set-cookie"}
_PLACES = ("record", "time", "sequence", "event", "type")
_BRACED = re.compile(r"\{[^{}]*\}")


def check_options(options: JsonObject) -> Iterable[Problem]:
    """The problems of options that are valid by their JSON Schema."""
    yield from _check_signature(options["signature"])
    for place, option in _sources(options):
        yield from _check_source(place, option, options["signature"]["header"])
    if "types" in options and "type" not in options:
        yield Problem("required_missing", "/type", values={"name": "type"})
    if options.get("state") == "parts" and "time" not in options and "sequence" not in options:
        yield Problem("required_missing", "/time", text="required_missing.order", values={})
    for slug in sorted(set(options["fields"]) & set(options.get("relationships", {}))):
        yield Problem("duplicate_slug", pointer("relationships", slug), values={"name": slug})


def check_against_object(options: JsonObject, definition: Definition) -> Iterable[Problem]:
    """Why records by these options would be refused: fields that the object does not have or that it requires, values
    that a field cannot hold."""
    for slug, option in options["fields"].items():
        field = definition.field_by_slug.get(slug)
        if field is None:
            yield _unknown(slug, "fields", definition.field_by_slug, definition)
        elif isinstance(option, Mapping):
            yield from _check_values(option, field)
    for slug in options.get("relationships", {}):
        if slug not in definition.relationship_by_slug:
            yield _unknown(slug, "relationships", definition.relationship_by_slug, definition)
    for field in definition.fields:
        if field.required and field.slug not in options["fields"]:
            yield Problem("required_missing", pointer("fields", field.slug), values={"name": field.slug})


def _sources(options: JsonObject) -> Iterator[tuple[str, Any]]:
    """Every option that names a place, with its pointer."""
    yield from ((pointer(name), options[name]) for name in _PLACES if name in options)
    yield from ((pointer("fields", slug), option) for slug, option in options["fields"].items())
    for slug, forms in options.get("relationships", {}).items():
        yield from ((pointer("relationships", slug, form), forms[form]) for form in REFERENCE_FORMS if form in forms)
    for name in ("deleted", "ignored"):
        yield from ((pointer(name, index), option) for index, option in enumerate(options.get(name, ())))


def _check_source(place: str, option: Any, signature_header: str) -> Iterator[Problem]:
    if isinstance(option, str):
        yield from _check_pointer(place, option)
        return
    named = [name for name in ("pointer", "header", "constant") if name in option]
    if len(named) != 1:
        yield Problem("wrong_place", place)
        return
    if "pointer" in option:
        yield from _check_pointer(f"{place}/pointer", option["pointer"])
    if "header" in option:
        yield from _check_header(f"{place}/header", option["header"], signature_header)
    if "each" in option and "pointer" in option:
        yield from _check_pointer(f"{place}/each", option["each"])
    elif "each" in option:
        yield Problem("required_missing", f"{place}/pointer", values={"name": "pointer"})


def _check_pointer(place: str, text: str) -> Iterator[Problem]:
    if not is_pointer(text):
        meant = f"/{text}" if is_pointer(f"/{text}") else None
        yield Problem("not_a_pointer", place, values={"text": text[:100]}, suggestion=meant)


def _check_header(place: str, name: str, signature_header: str) -> Iterator[Problem]:
    if not _TOKEN.fullmatch(name):
        yield Problem("not_a_header", place, values={"name": name[:100]})
    elif name.lower() in _SECRET_HEADERS | {signature_header.lower()}:
        yield Problem("secret_header", place, values={"name": name})


def _check_signature(option: JsonObject) -> Iterator[Problem]:
    if not _TOKEN.fullmatch(option["header"]):
        yield Problem("not_a_header", "/signature/header", values={"name": option["header"]})
    timestamp: Mapping[str, str] = option.get("timestamp", {})
    if "header" in timestamp and not _TOKEN.fullmatch(timestamp["header"]):
        yield Problem("not_a_header", "/signature/timestamp/header", values={"name": timestamp["header"]})
    content = option.get("signed", "{body}")
    names = [found[1] for found in PLACEHOLDER.finditer(content)]
    place = "/signature/signed"
    for braced in _BRACED.findall(content):
        if not PLACEHOLDER.fullmatch(braced):
            yield Problem("unknown_placeholder", place, values={"name": braced})
    if names.count("body") != 1:
        yield Problem("required_missing", place, values={"name": "{body}"})
    if bool(timestamp) != ("timestamp" in names):
        yield Problem("unsigned_timestamp", place)
    for name in names:
        if name.startswith("header:") and not _TOKEN.fullmatch(name.removeprefix("header:")):
            yield Problem("not_a_header", place, values={"name": name.removeprefix("header:")})


def _unknown(slug: str, kind: str, known: Iterable[str], definition: Definition) -> Problem:
    values = {"name": slug, "object": definition.object}
    return Problem("unknown_field", pointer(kind, slug), values=values, suggestion=guess(slug, known))


def _check_values(option: Mapping[str, Any], field: FieldDef) -> Iterator[Problem]:
    """The constant and the replacements of a field, as admission would read them."""
    if "constant" in option:
        yield from _check_value(option["constant"], field, pointer("fields", field.slug, "constant"))
    for stated, value in option.get("values", {}).items():
        yield from _check_value(value, field, pointer("fields", field.slug, "values", stated))


def _check_value(value: Any, field: FieldDef, place: str) -> Iterator[Problem]:
    try:
        FIELD_TYPES[field.type].converter(field)(suited(value, field))
    except BadValue as error:
        yield Problem(error.code, place, text=error.text, values=error.values, suggestion=error.suggestion)
