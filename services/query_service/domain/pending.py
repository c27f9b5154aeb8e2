"""Pending changes, and objects that reports cannot use (R2, R3, R5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldType, SchemaState
from services.query_service.domain.catalog import Catalog, Explore

PendingChange = Literal["created", "changed", "deleted"]


@dataclass(frozen=True, slots=True)
class PendingPart:
    """A field or a relationship to contact that an object gets or loses; its `name` is `ticket.status`."""

    name: str
    label: str
    type: FieldType | Literal["relationship"]


@dataclass(frozen=True, slots=True)
class Pending:
    """A change of an object that the next refresh shows.

    `label`: the plural of the schema as it stands; for a deleted object, that of the snapshot. `reportable`: whether
    the object has a relationship to contact afterwards. `added`, `removed`: what a changed one gets and loses."""

    object: str
    change: PendingChange
    label: str
    reportable: bool = True
    added: tuple[PendingPart, ...] = ()
    removed: tuple[PendingPart, ...] = ()


def pending(catalog: Catalog | None, live: Mapping[str, SchemaState]) -> list[Pending]:
    """Changes between the snapshot and the current schemas, by object. Without a snapshot, everything is new."""
    explores = catalog.explores if catalog is not None else {}
    found = []
    for name in sorted({*explores, *live}):
        explore, state = explores.get(name), live.get(name)
        change = _change(explore, state)
        if change is not None:
            before = explore.definition if explore is not None else BUILT_IN_CONTACT
            found.append(_pending(change, before, state.definition if state is not None else None))
    return found


def _pending(change: PendingChange, before: Definition, after: Definition | None) -> Pending:
    """`before` counts where the object was there before."""
    if after is None:
        return Pending(before.object, change, before.labels.plural, reportable=False)
    if change != "changed":
        return Pending(after.object, change, after.labels.plural)
    old, new = _parts(before), _parts(after)
    added = tuple(new[part] for part in sorted(new.keys() - old.keys()))
    removed = tuple(old[part] for part in sorted(old.keys() - new.keys()))
    return Pending(after.object, change, after.labels.plural, after.reportable, added, removed)


def _parts(definition: Definition) -> dict[tuple[str, str], PendingPart]:
    """What reports know of an object, by slug and type."""
    name = definition.object
    over = () if name == CONTACT else definition.contact_relationships
    fields = [PendingPart(f"{name}.{field.slug}", field.label or field.slug, field.type) for field in definition.fields]
    links = [PendingPart(f"{name}.{link.slug}", link.label or link.slug, "relationship") for link in over]
    return {(part.name, str(part.type)): part for part in (*fields, *links)}


def _change(explore: Explore | None, state: SchemaState | None) -> PendingChange | None:
    built = explore is not None and explore.source is not None
    definition = state.definition if state is not None else None
    if state is None or definition is None:
        return "deleted" if built else None
    if explore is not None and built:
        return "changed" if explore.version != state.version else None
    if state.object == CONTACT:
        # The built-in contact is there from the start; only what a tenant added to it waits.
        return "changed" if state.version > 1 else None
    return "created" if definition.reportable else None


def not_reportable(catalog: Catalog | None, live: Mapping[str, SchemaState]) -> list[Definition]:
    """Objects without a relationship to contact, by name: as they stand now, or as the snapshot has them."""
    now = {name: state.definition for name, state in live.items() if state.definition is not None}
    found = {name: definition for name, definition in now.items() if not definition.reportable}
    if catalog is not None:
        found |= {name: then for name, then in catalog.not_reportable.items() if name not in live}
    offered = set(catalog.explores) if catalog is not None else set()
    return [found[name] for name in sorted(found.keys() - offered)]
