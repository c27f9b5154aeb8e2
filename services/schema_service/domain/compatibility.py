"""What a new definition must not do: change the meaning of a name that reports or waiting events still use.

Types, targets and `many` never change because the rows of a snapshot, and the events that wait for the next one, were
checked against them. A removed slug is free again once the reports have passed its removal.
"""

from collections.abc import Iterator
from datetime import datetime

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.schemas import (
    BUILT_IN_CONTACT_FIELDS,
    Definition,
    FieldDef,
    RelationshipDef,
    RemovedSlug,
    SchemaState,
)
from services.schema_service.domain.definition import Parsed


def refuse(state: SchemaState, new: Parsed, shown: int, free_at: datetime) -> None:
    """Note in `new.problems` every reason why it cannot replace the state's definition. Raises ValueError for a deleted
    object.

    `shown`: the version that the reports show, 0 when they show none. `free_at`: when removed slugs are free again.
    """
    current = state.definition
    if current is None:
        raise ValueError(f"{state.key} is deleted: there is nothing to change")
    removed = {removal.slug: removal for removal in state.removed if removal.version > shown}
    with new.problems.reading():
        for index, field in new.fields:
            new.problems.extend(_field(index, field, current, removed, free_at))
        for index, relationship in new.relationships:
            new.problems.extend(_relationship(index, relationship, current, removed, free_at))
        if state.object == CONTACT and new.problems.omitted is not None:
            new.problems.extend(_built_in(new))


def _field(
    index: int, field: FieldDef, current: Definition, removed: dict[str, RemovedSlug], free_at: datetime
) -> Iterator[Problem]:
    before = current.field_by_slug.get(field.slug)
    was = removed.get(field.slug)
    if before is not None:
        if before.type is not field.type:
            values: dict[str, str | int] = {"name": field.slug, "was": before.type.value}
            yield Problem("type_changed", pointer("fields", index, "type"), values=values, suggestion=before.type.value)
    elif field.slug in current.relationship_by_slug or (was is not None and was.type is not field.type):
        yield _reused(pointer("fields", index, "slug"), field.slug, free_at)


def _relationship(
    index: int,
    relationship: RelationshipDef,
    current: Definition,
    removed: dict[str, RemovedSlug],
    free_at: datetime,
) -> Iterator[Problem]:
    before = current.relationship_by_slug.get(relationship.slug)
    was = removed.get(relationship.slug)
    if before is not None:
        if before.target != relationship.target:
            values: dict[str, str | int] = {"name": relationship.slug, "was": before.target}
            where = pointer("relationships", index, "target")
            yield Problem("target_changed", where, values=values, suggestion=before.target)
        if before.many != relationship.many:
            yield Problem("many_changed", pointer("relationships", index, "many"), values={"name": relationship.slug})
    elif relationship.slug in current.field_by_slug or (
        was is not None and (was.target, was.many) != (relationship.target, relationship.many)
    ):
        yield _reused(pointer("relationships", index, "slug"), relationship.slug, free_at)


def _reused(where: str, slug: str, free_at: datetime) -> Problem:
    until = free_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Problem("slug_reused", where, values={"name": slug, "until": until})


def _built_in(new: Parsed) -> Iterator[Problem]:
    for field in BUILT_IN_CONTACT_FIELDS:
        if field.slug not in new.slugs:
            yield Problem("built_in_field", "/fields", values={"name": field.slug})
