"""What is not in the reports yet, no longer will be, or never can be (R2, R3, R5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import SchemaState
from services.query_service.domain.catalog import Catalog

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
        explore, state = explores.get(name), live.get(name)
        definition = state.definition if state is not None else None
        built = explore is not None and explore.source is not None
        if built and definition is None:
            found.append(Pending(name, "deleted"))
        elif definition is None or state is None or not definition.reportable:
            continue
        elif explore is None or (not built and state.version > 1):
            found.append(Pending(name, "created" if name != CONTACT else "changed"))
        elif explore.version != state.version and built:
            found.append(Pending(name, "changed"))
    return found


def not_reportable(catalog: Catalog | None, live: Mapping[str, SchemaState]) -> list[str]:
    """Objects without a relationship to contact, in the snapshot or as they stand now, by name."""
    now = {name for name, state in live.items() if state.definition is not None and not state.definition.reportable}
    then = set(catalog.not_reportable) if catalog is not None else set()
    gone = {name for name, state in live.items() if state.definition is None}
    offered = set(catalog.explores) if catalog is not None else set()
    return sorted((now | (then - gone)) - offered)
