"""The object that an integration brings: how its definition and the tenant's own changes become one.

The integration owns the fields and relationships that it fills. The tenant owns labels and descriptions, and what it
has added.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.schemas import Definition, FieldDef, OptionDef, RelationshipDef

_Part = TypeVar("_Part", FieldDef, RelationshipDef, OptionDef)


@dataclass(frozen=True, slots=True)
class ManagedObject:
    """An object that connected integrations fill. `name`: of the first of them; `bundled`: what it brings, None where
    the tenant brought the object."""

    name: str
    bundled: Definition | None


def joined_definition(current: Definition, before: Definition | None, bundled: Definition) -> Definition:
    """The definition of an object after its integration was connected again or changed.

    `current`: as it is, with the tenant's changes; `before`: what the integration brought by its options until now,
    None where nobody knows; `bundled`: what it brings from now on. What it brings no more goes; what the tenant added
    stays, and so do its labels. New parts come last.
    """
    old_fields = before.field_by_slug if before is not None else {}
    old_links = before.relationship_by_slug if before is not None else {}
    fields = _joined(current.field_by_slug, old_fields, bundled.field_by_slug, _field)
    links = _joined(current.relationship_by_slug, old_links, bundled.relationship_by_slug, _described)
    # No copy: it would keep what the current definition has computed of its fields.
    kept = {name: getattr(current, name) for name in current.model_fields_set}
    return Definition(**{**kept, "fields": tuple(fields), "relationships": tuple(links)})


def _joined(
    current: Mapping[str, _Part],
    before: Mapping[str, _Part],
    new: Mapping[str, _Part],
    join: Callable[[_Part, _Part | None, _Part], _Part],
) -> Iterator[_Part]:
    for name, part in current.items():
        if name in new:
            yield join(part, before.get(name), new[name])
        elif name not in before:
            yield part
    yield from (part for name, part in new.items() if name not in current)


def _described(current: _Part, before: _Part | None, new: _Part) -> _Part:
    """The new part with the label and description that the tenant gave it: those unlike what the integration brought
    before."""
    own = {
        name: text
        for name in ("label", "description")
        if (text := getattr(current, name, "")) and text != getattr(before, name, "")
    }
    return new.model_copy(update=own)


def _field(current: FieldDef, before: FieldDef | None, new: FieldDef) -> FieldDef:
    options = _joined(_options(current), _options(before), _options(new), _described)
    made = _described(current, before, new)
    own = {"options": tuple(options)} if new.options or current.options else {}
    return made.model_copy(update={**own, **({"personal": True} if current.personal else {})})


def _options(field: FieldDef | None) -> dict[str, OptionDef]:
    return {option.value: option for option in field.options} if field is not None else {}


def missing_parts(managed: ManagedObject, new: Definition) -> Iterator[Problem]:
    """What a tenant's definition must not do to an object of a connected integration: each with its pointer into it.

    Types, targets and `many` never change for any object (`compatibility`)."""
    bundled = managed.bundled
    if bundled is None:
        return
    for field in bundled.fields:
        if field.slug not in new.field_by_slug:
            yield _part_missing(managed, "fields", field.slug)
    for link in bundled.relationships:
        if link.slug not in new.relationship_by_slug:
            yield _part_missing(managed, "relationships", link.slug)
    for index, field in enumerate(new.fields):
        yield from _missing_options(managed, bundled.field_by_slug.get(field.slug), field, index)


def _part_missing(managed: ManagedObject, part: str, slug: str) -> Problem:
    values = {"name": managed.name, "slug": slug}
    return Problem("managed_by_integration", pointer(part), "managed_by_integration.part", values)


def _missing_options(managed: ManagedObject, own: FieldDef | None, field: FieldDef, index: int) -> Iterator[Problem]:
    values = {"name": managed.name, "slug": field.slug}
    if field.required and not (own is not None and own.required):
        where, text = pointer("fields", index, "required"), "managed_by_integration.required"
        yield Problem("managed_by_integration", where, text, values)
    there = {option.value for option in field.options}
    for option in own.options if own is not None else ():
        if option.value not in there:
            where, text = pointer("fields", index, "options"), "managed_by_integration.option"
            yield Problem("managed_by_integration", where, text, {**values, "value": option.value})
