"""What a tenant sends as an object's definition, read strictly (CONTRACTS 2)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.ids import SLUG
from crosslook.contracts.problems import Problems
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.schemas import Definition, FieldDef, FieldType, Labels, OptionDef, RelationshipDef
from crosslook.contracts.suggestions import Guess, did_you_mean

LABEL_MAX = 200
DESCRIPTION_MAX = 2000
OPTION_MAX = 200
SCALE_MAX = 10

RESERVED = frozenset({"count", "id", "object", "record", "tenant"})
"""`<object>.count` is a measure; the others are how events and reports name a record itself."""

DEFINITION_READ_ONLY = frozenset({"version", "status", "created_at", "updated_at", "in_reports", "integration"})
"""What an answer adds to a definition."""

_OBJECT = ("object", "labels", "description", "fields", "relationships")
_FIELD = ("slug", "label", "type", "description", "required", "options", "scale", "currency", "personal")
_RELATIONSHIP = ("slug", "label", "description", "target", "many")
_LABELS = ("singular", "plural")
_OPTION = ("value", "label")
_CURRENCY = re.compile(r"^[A-Z]{3}$")
_TYPE_OF_SYNONYM = {synonym: kind.value for kind, spec in FIELD_TYPES.items() for synonym in spec.synonyms}
_ATTRIBUTES = ("options", "scale", "currency")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large one object may be."""

    fields: int = 200
    relationships: int = 10
    options: int = 500


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed body: its problems, and the parts that could be read.

    `definition` is there when nothing is wrong; it has the members that were sent and no others. `fields` and
    `relationships` stand with their index in the body, so that more can be said about them. `slugs`: every name that
    the body gives, good or not. A list beyond its limit is not read at all.
    """

    problems: Problems
    definition: Definition | None = None
    fields: tuple[tuple[int, FieldDef], ...] = ()
    relationships: tuple[tuple[int, RelationshipDef], ...] = ()
    slugs: frozenset[str] = frozenset()


def parse_definition(body: Any, limits: Limits, expected: str | None = None) -> Parsed:
    """Read a body to its end. `expected` is the object's slug where the address names it."""
    parsed, problems = read_object(body, lambda root: _definition(root, limits, expected))
    return parsed or Parsed(problems)


def _definition(root: Reader, limits: Limits, expected: str | None) -> Parsed:
    _name(root, expected)
    _labels(root)
    root.text("description", DESCRIPTION_MAX)
    fields = _fields(root, limits)
    relationships = _relationships(root, limits)
    slugs = _unique(root, limits)
    root.close(_OBJECT, DEFINITION_READ_ONLY)
    definition = None if root.problems else Definition(**root.kept)
    return Parsed(root.problems, definition, fields, relationships, slugs)


def _name(root: Reader, expected: str | None) -> None:
    slug = _slug(root, "object", reserved=RESERVED)
    if slug is not None and expected is not None and slug != expected:
        root.refuse("object_mismatch", "object", values={"expected": expected}, suggestion=expected)


def _slug(reader: Reader, name: str, reserved: frozenset[str]) -> str | None:
    value = reader.text(name, 200, required=True)
    if value is None:
        return None
    if not SLUG.fullmatch(value):
        reader.refuse("bad_slug", name, suggestion=_as_slug(value))
    elif value in reserved:
        reader.refuse("reserved_word", name, values={"name": value})
    else:
        return value
    del reader.kept[name]
    return None


def _as_slug(text: str) -> str | None:
    """`Opened At` becomes `opened_at`; None when nothing remains."""
    slug = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_").lstrip("0123456789_")[:63]
    return slug or None


def _labels(root: Reader) -> None:
    labels = root.child("labels", required=True)
    if labels is None:
        return
    for name in _LABELS:
        labels.text(name, LABEL_MAX, required=True)
    labels.close(_LABELS)
    if len(labels.kept) == len(_LABELS):
        root.kept["labels"] = Labels(**labels.kept)


def _fields(root: Reader, limits: Limits) -> tuple[tuple[int, FieldDef], ...]:
    items = root.items("fields", limits.fields, "too_many_fields", "")
    if items is None:
        return ()
    fields = tuple((index, field) for index, item in items if (field := _field(item, limits)) is not None)
    root.kept["fields"] = tuple(field for _, field in fields)
    return fields


def _field(reader: Reader, limits: Limits) -> FieldDef | None:
    _slug(reader, "slug", RESERVED)
    reader.text("label", LABEL_MAX)
    reader.text("description", DESCRIPTION_MAX)
    reader.boolean("required")
    reader.boolean("personal")
    reader.integer("scale", 0, SCALE_MAX)
    _currency(reader)
    _options(reader, limits)
    _type(reader)
    reader.close(_FIELD)
    return FieldDef(**reader.kept) if {"slug", "type"} <= reader.kept.keys() else None


def _type(reader: Reader) -> None:
    sent = reader.text("type", 200, required=True)
    if sent is None:
        return
    known = [kind.value for kind in FieldType]
    if sent not in known:
        values = {"name": sent[:100], "known": ", ".join(known)}
        reader.refuse("unknown_type", "type", values=values, suggestion=Guess(sent, known, _meant_type))
        del reader.kept["type"]
        return
    kind = reader.kept["type"] = FieldType(sent)
    attributes = FIELD_TYPES[kind].attributes
    for name in _ATTRIBUTES:
        if name not in attributes and reader.sent.get(name) not in (None, []):
            reader.refuse("not_for_type", name, values={"type": sent, "name": name})
    if "options" in attributes and reader.sent.get("options") is None:
        reader.refuse("options_missing", "options", values={"type": sent})


def _meant_type(sent: str, known: list[str]) -> str | None:
    close = did_you_mean(sent, [*known, *_TYPE_OF_SYNONYM])
    return _TYPE_OF_SYNONYM.get(close, close) if close is not None else None


def _currency(reader: Reader) -> None:
    sent = reader.text("currency", 200)
    if sent is None or _CURRENCY.fullmatch(sent):
        return
    meant = sent.strip().upper()
    reader.refuse("bad_currency", "currency", suggestion=meant if _CURRENCY.fullmatch(meant) else None)


def _options(reader: Reader, limits: Limits) -> None:
    items = reader.items("options", limits.options, "too_many_options", "")
    if items is None:
        return
    options: dict[str, OptionDef] = {}
    for _, item in items:
        value = item.text("value", OPTION_MAX, required=True)
        item.text("label", LABEL_MAX)
        item.close(_OPTION)
        if value in options:
            item.refuse("duplicate_option", "value", values={"name": value})
        elif value is not None:
            options[value] = OptionDef(**item.kept)
    reader.kept["options"] = tuple(options.values())


def _relationships(root: Reader, limits: Limits) -> tuple[tuple[int, RelationshipDef], ...]:
    items = root.items("relationships", limits.relationships, "too_many_relationships", "")
    if items is None:
        return ()
    found = tuple((index, kept) for index, item in items if (kept := _relationship(item)) is not None)
    root.kept["relationships"] = tuple(relationship for _, relationship in found)
    return found


def _relationship(reader: Reader) -> RelationshipDef | None:
    _slug(reader, "slug", RESERVED)
    reader.text("label", LABEL_MAX)
    reader.text("description", DESCRIPTION_MAX)
    _slug(reader, "target", RESERVED)
    reader.boolean("many")
    reader.close(_RELATIONSHIP)
    return RelationshipDef(**reader.kept) if {"slug", "target"} <= reader.kept.keys() else None


def _unique(root: Reader, limits: Limits) -> frozenset[str]:
    """Every name the object gives; fields and relationships share their names."""
    seen: set[str] = set()
    for part, index, slug in _slugs(root.sent, limits):
        if slug in seen:
            root.refuse("duplicate_slug", part, index, "slug", values={"name": slug[:100]})
        seen.add(slug)
    return frozenset(seen)


def _slugs(sent: Mapping[str, Any], limits: Limits) -> Iterator[tuple[str, int, str]]:
    for part, most in (("fields", limits.fields), ("relationships", limits.relationships)):
        items = sent.get(part)
        for index, item in enumerate(items if type(items) is list and len(items) <= most else ()):
            slug = item.get("slug") if type(item) is dict else None
            if type(slug) is str:
                yield part, index, slug
