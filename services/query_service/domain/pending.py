"""Pending changes, and objects that reports cannot use (R2, R3, R5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, SchemaState
from services.query_service.domain.catalog import Catalog, Explore

PendingChange = Literal["created", "changed", "deleted"]


@dataclass(frozen=True, slots=True)
class Pending:
    """A change of an object that the next refresh shows. `added`, `removed`: the fields and relationships to contact
    that a changed one gets and loses."""

    object: str
    change: PendingChange
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def pending(catalog: Catalog | None, live: Mapping[str, SchemaState]) -> list[Pending]:
    """Changes between the snapshot and the current schemas, by object. Without a snapshot, everything is new."""
    explores = catalog.explores if catalog is not None else {}
    found = []
    for name in sorted({*explores, *live}):
        change = _change(explores.get(name), live.get(name))
        if change is not None:
            found.append(_pending(name, change, explores.get(name), live.get(name)))
    return found


def _pending(name: str, change: PendingChange, explore: Explore | None, state: SchemaState | None) -> Pending:
    after = state.definition if state is not None else None
    if change != "changed" or after is None:
        return Pending(name, change)
    old, new = _parts(explore.definition if explore is not None else BUILT_IN_CONTACT), _parts(after)
    added, removed = ([f"{name}.{slug}" for slug, _ in sorted(parts)] for parts in (new - old, old - new))
    return Pending(name, change, tuple(added), tuple(removed))


def _parts(definition: Definition) -> set[tuple[str, str]]:
    """What reports know of an object: slugs, and what they are."""
    over = () if definition.object == CONTACT else definition.contact_relationships
    return {(field.slug, field.type.value) for field in definition.fields} | {
        (relationship.slug, CONTACT) for relationship in over
    }


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


def not_reportable(catalog: Catalog | None, live: Mapping[str, SchemaState]) -> list[str]:
    """Objects without a relationship to contact, by name: as they stand now, or as the snapshot has them."""
    now = {name for name, state in live.items() if state.definition is not None and not state.definition.reportable}
    then = set(catalog.not_reportable) - live.keys() if catalog is not None else set()
    offered = set(catalog.explores) if catalog is not None else set()
    return sorted((now | then) - offered)
