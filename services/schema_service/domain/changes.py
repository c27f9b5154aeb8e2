"""What a new definition changes, and the state that follows from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from crosslook.contracts.problems import pointer
from crosslook.contracts.schemas import Definition, FieldDef, RelationshipDef, RemovedPersonal, RemovedSlug, SchemaState


class ChangeKind(StrEnum):
    """The kinds of CONTRACTS 2."""

    LABELS_CHANGED = "labels_changed"
    DESCRIPTION_CHANGED = "description_changed"
    FIELD_ADDED = "field_added"
    FIELD_REMOVED = "field_removed"
    FIELD_CHANGED = "field_changed"
    OPTION_ADDED = "option_added"
    OPTION_REMOVED = "option_removed"
    OPTION_CHANGED = "option_changed"
    RELATIONSHIP_ADDED = "relationship_added"
    RELATIONSHIP_REMOVED = "relationship_removed"
    RELATIONSHIP_CHANGED = "relationship_changed"
    ORDER_CHANGED = "order_changed"


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """One difference. `pointer` leads into the new definition, for what is removed into the current one.

    `slug` names the field or relationship that is concerned, "" where it is the object itself.
    """

    kind: ChangeKind
    pointer: str
    slug: str = ""


_REMOVALS = (ChangeKind.FIELD_REMOVED, ChangeKind.RELATIONSHIP_REMOVED)


def removed_names(object_slug: str, made: Iterable[DefinitionChange]) -> frozenset[str]:
    """The names that reports lose by these changes of an object, such as `ticket.status`."""
    return frozenset(f"{object_slug}.{change.slug}" for change in made if change.kind in _REMOVALS)


def changes(current: Definition, new: Definition) -> list[DefinitionChange]:
    """Every difference between two definitions of one object, in the order of the new one, removals last."""
    found: list[DefinitionChange] = []
    if current.labels != new.labels:
        found.append(DefinitionChange(ChangeKind.LABELS_CHANGED, "/labels"))
    if current.description != new.description:
        found.append(DefinitionChange(ChangeKind.DESCRIPTION_CHANGED, "/description"))
    found += _fields(current, new)
    found += _relationships(current, new)
    return found


def _fields(current: Definition, new: Definition) -> Iterator[DefinitionChange]:
    for index, field in enumerate(new.fields):
        before = current.field_by_slug.get(field.slug)
        where = pointer("fields", index)
        if before is None:
            yield DefinitionChange(ChangeKind.FIELD_ADDED, where, field.slug)
            continue
        if _without_options(before) != _without_options(field):
            yield DefinitionChange(ChangeKind.FIELD_CHANGED, where, field.slug)
        yield from _options(before, field, where, pointer("fields", current.fields.index(before)))
    for index, field in enumerate(current.fields):
        if field.slug not in new.field_by_slug:
            yield DefinitionChange(ChangeKind.FIELD_REMOVED, pointer("fields", index), field.slug)
    yield from _order("/fields", [f.slug for f in current.fields], [f.slug for f in new.fields])


def _without_options(field: FieldDef) -> FieldDef:
    return field.model_copy(update={"options": ()})


def _options(before: FieldDef, after: FieldDef, where: str, was: str) -> Iterator[DefinitionChange]:
    known = {option.value: option for option in before.options}
    kept = {option.value for option in after.options}
    for index, option in enumerate(after.options):
        if option.value not in known:
            yield DefinitionChange(ChangeKind.OPTION_ADDED, f"{where}/options/{index}", after.slug)
        elif option != known[option.value]:
            yield DefinitionChange(ChangeKind.OPTION_CHANGED, f"{where}/options/{index}", after.slug)
    for index, option in enumerate(before.options):
        if option.value not in kept:
            yield DefinitionChange(ChangeKind.OPTION_REMOVED, f"{was}/options/{index}", after.slug)
    yield from _order(f"{where}/options", list(known), [option.value for option in after.options], after.slug)


def _relationships(current: Definition, new: Definition) -> Iterator[DefinitionChange]:
    for index, relationship in enumerate(new.relationships):
        before = current.relationship_by_slug.get(relationship.slug)
        if before is None:
            yield DefinitionChange(ChangeKind.RELATIONSHIP_ADDED, pointer("relationships", index), relationship.slug)
        elif before != relationship:
            yield DefinitionChange(ChangeKind.RELATIONSHIP_CHANGED, pointer("relationships", index), relationship.slug)
    for index, relationship in enumerate(current.relationships):
        if relationship.slug not in new.relationship_by_slug:
            yield DefinitionChange(ChangeKind.RELATIONSHIP_REMOVED, pointer("relationships", index), relationship.slug)
    before_slugs, after_slugs = (
        [relationship.slug for relationship in definition.relationships] for definition in (current, new)
    )
    yield from _order("/relationships", before_slugs, after_slugs)


def _order(where: str, before: list[str], after: list[str], slug: str = "") -> Iterator[DefinitionChange]:
    """Whether what is in both stands in another order."""
    both = set(before) & set(after)
    if [slug for slug in before if slug in both] != [slug for slug in after if slug in both]:
        yield DefinitionChange(ChangeKind.ORDER_CHANGED, where, slug)


def created(tenant: str, definition: Definition, before: SchemaState | None = None) -> SchemaState:
    """A new object's state. `before`: that of an earlier object of its name, which is deleted; the version continues
    from it."""
    version = before.version + 1 if before is not None else 1
    return SchemaState(
        tenant=tenant,
        object=definition.object,
        version=version,
        since_version=version,
        reportable_since=version if definition.reportable else None,
        definition=definition,
        removed_personal=before.removed_personal if before is not None else (),
    )


def changed(state: SchemaState, new: Definition, passed: int) -> SchemaState:
    """The state after a definition was replaced.

    `passed`: the version that every retained snapshot has reached; slugs removed up to it are forgotten.
    """
    version = state.version + 1
    since = (state.reportable_since or version) if new.reportable else None
    names = new.field_by_slug.keys() | new.relationship_by_slug.keys()
    gone = [thing for thing in _things(state.definition) if thing.slug not in names]
    removed = [removal for removal in state.removed if removal.version > passed and removal.slug not in names]
    removed += [_removed(removal, version) for removal in gone]
    return state.model_copy(
        update={
            "version": version,
            "reportable_since": since,
            "definition": new,
            "removed": tuple(removed),
            "removed_personal": _removed_personal(state, gone, version),
        }
    )


def deleted(state: SchemaState) -> SchemaState:
    """The state after the object was deleted."""
    version = state.version + 1
    return state.model_copy(
        update={
            "version": version,
            "definition": None,
            "reportable_since": None,
            "removed": (),
            "removed_personal": _removed_personal(state, _things(state.definition), version),
        }
    )


def _things(definition: Definition | None) -> tuple[FieldDef | RelationshipDef, ...]:
    return () if definition is None else (*definition.fields, *definition.relationships)


def _removed_personal(
    state: SchemaState, gone: Iterable[FieldDef | RelationshipDef], version: int
) -> tuple[RemovedPersonal, ...]:
    known = {removal.slug: removal for removal in state.removed_personal}
    personal = (item.slug for item in gone if isinstance(item, FieldDef) and item.personal)
    known |= {slug: RemovedPersonal(slug=slug, version=version) for slug in personal}
    return tuple(known.values())


def _removed(item: FieldDef | RelationshipDef, version: int) -> RemovedSlug:
    match item:
        case FieldDef():
            return RemovedSlug(slug=item.slug, version=version, type=item.type)
        case RelationshipDef():
            return RemovedSlug(slug=item.slug, version=version, target=item.target, many=item.many)
