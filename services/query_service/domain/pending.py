"""What is not in the reports yet, no longer will be, or never can be (R2, R3, R5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import SchemaState
from services.query_service.domain.catalog import Catalog, Explore

Change = Literal["created", "changed", "deleted"]


@dataclass(frozen=True, slots=True)
class Pending:
    """A change of an object that the next refresh brings."""

    object: str
    change: Change


def pending(catalog: Catalog | None, live: Mapping[str, SchemaState]) -> list[Pending]:
    """Changes between the snapshot and the schemas as they stand, by object. Without a snapshot everything is new."""
    explores = catalog.explores if catalog is not None else {}
    found = []
    for name in sorted({*explores, *live}):
        change = _change(explores.get(name), live.get(name))
        if change is not None:
            found.append(Pending(name, change))
    return found


def _change(explore: Explore | None, state: SchemaState | None) -> Change | None:
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
