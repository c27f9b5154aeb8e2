"""Which names saved reports rest on: fields, relationships and objects, such as `ticket.status` and `ticket`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.expression_tokens import names_in
from crosslook.contracts.reports import Dashboard, Look, SavedKind, Tile

FindLook = Callable[[str], Look | None]


@dataclass(frozen=True, slots=True)
class Impact:
    """A saved report and the names it would lose: fields, relationships, `<object>.count`, or the object itself."""

    kind: SavedKind
    id: str
    name: str
    loses: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str, str]:
        """Its position in a list: dashboards, then Looks, by name."""
        return self.kind, self.name.casefold(), self.id


def uses_of_look(look: Look) -> frozenset[str]:
    """The names that a Look rests on."""
    return frozenset(_uses(look.request, look.relationship))


def uses_of_dashboard(dashboard: Dashboard, look: FindLook) -> frozenset[str]:
    """The names that a dashboard rests on, in its tiles, the Looks they show, its filters, and the fields that
    tiles map these to."""
    used = set(_conditions(dashboard.filters))
    for tile in dashboard.tiles:
        used |= set(_of_tile(tile, look))
        used |= {name for name in (tile.filter_fields or {}).values() if name is not None}
    return frozenset(used)


def conditions_in(tree: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every condition of a tree of filters, with its place; `where` is that of the tree."""
    if isinstance(tree, dict) and "field" in tree:
        yield where, tree
    elif isinstance(tree, dict):
        for kind in ("and", "or"):
            for index, condition in enumerate(tree.get(kind, ())):
                yield from conditions_in(condition, f"{where}/{kind}/{index}")


def is_of(object_slug: str, name: str) -> bool:
    """Whether the name is that of something of the object."""
    return name.partition(".")[0] == object_slug


def _of_tile(tile: Tile, look: FindLook) -> Iterator[str]:
    shown = look(tile.look) if tile.look is not None else tile
    if shown is not None and shown.request is not None:
        yield from _uses(shown.request, shown.relationship)


def _conditions(filters: Any) -> Iterator[str]:
    yield from (str(condition["field"]) for _, condition in conditions_in(filters, ""))


def _named(request: Mapping[str, Any]) -> Iterator[str]:
    """The names in the columns and filters of a request, of fields and of formulas."""
    yield from request.get("list") or ()
    for asked in (*(request.get("dimensions") or ()), *(request.get("pivot") or ())):
        yield asked["field"] if isinstance(asked, dict) else asked
    for measure in request.get("measures") or ():
        filtered = isinstance(measure, dict)
        yield ".".join((measure["measure"] if filtered else measure).split(".")[:2])
        yield from _conditions(measure.get("filters")) if filtered else ()
    yield from _conditions(request.get("filters"))
    compared = request.get("compare")
    for period in (*(compared if isinstance(compared, list) else [compared]), request.get("moved")):
        if isinstance(period, dict):
            yield period["field"]


def _uses(request: Mapping[str, Any], relationship: str | None) -> Iterator[str]:
    """Every name that a request rests on. A measure rests on its field; `sort`, `having` and calculations name columns
    that are there already."""
    base = request["object"]
    yield base
    formulas = request.get("formulas") or ()
    dimensions = (*(request.get("dimensions") or ()), *(request.get("pivot") or ()))
    declared = {part["name"] for part in (*formulas, *dimensions) if isinstance(part, dict) and part.get("name")}
    yield from (name for name in _named(request) if name.partition(".")[0] not in declared)
    for formula in formulas:
        yield from (name for name in names_in(formula["expression"]) if name not in declared)
    elsewhere = request.get("records")
    if elsewhere is not None:
        base = elsewhere["object"]
        yield base
    over = (elsewhere or request).get("relationship") or relationship
    if over is not None:
        yield f"{base}.{over}"
