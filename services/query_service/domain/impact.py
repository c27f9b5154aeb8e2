"""Which saved reports the removal of an object or field would affect."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.reports import Dashboard, Look, SavedKind, Tile
from services.query_service.domain.built_in import is_built_in
from services.query_service.domain.degrade import conditions, is_of
from services.query_service.domain.row_formulas import names_in


@dataclass(frozen=True, slots=True)
class Impact:
    """A saved report and the names it would lose: fields, relationships, `<object>.count`, or the object itself."""

    kind: SavedKind
    id: str
    name: str
    loses: tuple[str, ...]


def of_look(look: Look, object_slug: str, field: str | None) -> Impact:
    """What a Look would lose."""
    return Impact(SavedKind.LOOK, look.id, look.name, _lost(_uses(look.request, look.relationship), object_slug, field))


def of_dashboard(
    dashboard: Dashboard, object_slug: str, field: str | None, look: Callable[[str], Look | None]
) -> Impact:
    """What a dashboard would lose in its tiles, the Looks they show, and its filters."""
    used = {condition.name for condition in conditions({"filters": dashboard.filters}, "filters")}
    for tile in dashboard.tiles:
        used |= set(_of_tile(tile, look))
    return Impact(SavedKind.DASHBOARD, dashboard.id, dashboard.name, _lost(used, object_slug, field))


def _of_tile(tile: Tile, look: Callable[[str], Look | None]) -> Iterator[str]:
    shown = look(tile.look) if tile.look is not None else tile
    if shown is not None and shown.request is not None:
        yield from _uses(shown.request, shown.relationship)


def _lost(used: "set[str] | Iterator[str]", object_slug: str, field: str | None) -> tuple[str, ...]:
    names = {_at_risk(name) for name in used if is_of(object_slug, name)}
    if field is not None:
        return tuple(sorted(names & {f"{object_slug}.{field}"}))
    return tuple(sorted(names - {object_slug})) or tuple(names)


def _at_risk(name: str) -> str:
    """The name that takes this one along when it goes: a built-in field goes only with its object."""
    object_slug, _, slug = name.partition(".")
    return object_slug if is_built_in(slug) else name


def _named(request: Mapping[str, Any]) -> Iterator[str]:
    """The names in the columns and filters of a request, of fields and of formulas."""
    yield from request.get("list") or ()
    for asked in (*(request.get("dimensions") or ()), *(request.get("pivot") or ())):
        yield asked["field"] if isinstance(asked, dict) else asked
    for measure in request.get("measures") or ():
        filtered = isinstance(measure, dict)
        yield ".".join((measure["measure"] if filtered else measure).split(".")[:2])
        yield from (condition.name for condition in conditions(measure, "filters")) if filtered else ()
    yield from (condition.name for condition in conditions(request, "filters"))
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
