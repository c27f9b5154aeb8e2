"""The options of a connection as frozen values: what its messages mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.integrations.generic.sources import ABSENT, ValueSource, read_source
from crosslook.integrations.generic.texts import scalar_text
from crosslook.integrations.interface import JsonObject

REFERENCE_FORMS = ("id", "external", "email")
"""How a relationship names a contact, the most exact first."""


@dataclass(frozen=True, slots=True)
class MessageCondition:
    """That a message has one of these texts at a place."""

    source: ValueSource
    equals: frozenset[str]

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it does, by what was found at the addresses."""
        found = values.get(self.source.address or "", ABSENT)
        return found is not ABSENT and scalar_text(found) in self.equals


@dataclass(frozen=True, slots=True)
class WebhookMapping:
    """What messages mean. `relationships`: by slug, where each form of reference is. `parts`: whether a message names
    only what changed. `types`: the types that are read, None for all."""

    record: ValueSource
    time: ValueSource | None
    sequence: ValueSource | None
    event: ValueSource | None
    type: ValueSource | None
    types: frozenset[str] | None
    fields: Mapping[str, ValueSource]
    relationships: Mapping[str, Mapping[str, ValueSource]]
    deleted: tuple[MessageCondition, ...]
    ignored: tuple[MessageCondition, ...]
    parts: bool

    def contents(self) -> Iterator[ValueSource]:
        """Where fields and relationships are."""
        yield from self.fields.values()
        for forms in self.relationships.values():
            yield from forms.values()

    def tests(self) -> Iterator[ValueSource]:
        """Where a message shows what it means: its type, a deletion, that it is ignored."""
        yield from (condition.source for condition in (*self.deleted, *self.ignored))
        if self.type is not None:
            yield self.type

    def sources(self) -> Iterator[ValueSource]:
        """Every source that is read."""
        yield from self.contents()
        yield from self.tests()
        yield from (source for source in (self.record, self.time, self.sequence, self.event) if source is not None)

    def unread(self, values: Mapping[str, Any]) -> bool:
        """Whether the tenant does not want such a message."""
        if any(condition.holds(values) for condition in self.ignored):
            return True
        if self.types is None or self.type is None:
            return False
        return scalar_text(values.get(self.type.address or "", ABSENT)) not in self.types

    def deletes(self, values: Mapping[str, Any]) -> bool:
        """Whether such a message means that the record is deleted."""
        return any(condition.holds(values) for condition in self.deleted)


def generic_mapping(options: JsonObject) -> WebhookMapping:
    """The mapping that options describe; they are valid by their JSON Schema."""
    types = options.get("types")
    relationships = options.get("relationships", {})
    return WebhookMapping(
        record=read_source(options["record"]),
        time=_optional(options, "time"),
        sequence=_optional(options, "sequence"),
        event=_optional(options, "event"),
        type=_optional(options, "type"),
        types=None if types is None else frozenset(types),
        fields={slug: read_source(option) for slug, option in options.get("fields", {}).items()},
        relationships={slug: _forms(forms) for slug, forms in relationships.items()},
        deleted=_conditions(options, "deleted"),
        ignored=_conditions(options, "ignored"),
        parts=options.get("state", "whole") == "parts",
    )


def mapped_headers(options: JsonObject) -> tuple[str, ...]:
    """The headers that the mapping reads, in lower case, sorted: they are stored with a message, and no others."""
    headers = {source.header for source in generic_mapping(options).sources() if source.header is not None}
    return tuple(sorted(headers))


def _optional(options: JsonObject, name: str) -> ValueSource | None:
    return read_source(options[name]) if name in options else None


def _forms(forms: Mapping[str, Any]) -> dict[str, ValueSource]:
    return {form: read_source(forms[form]) for form in REFERENCE_FORMS if form in forms}


def _conditions(options: JsonObject, name: str) -> tuple[MessageCondition, ...]:
    return tuple(
        MessageCondition(read_source(option), frozenset(scalar_text(value) for value in option["equals"]))
        for option in options.get(name, ())
    )
