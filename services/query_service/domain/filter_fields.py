"""A dashboard's filters as one of its tiles is asked under them: on the fields that the tile maps them to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crosslook.contracts.problems import Problem
from crosslook.contracts.report_uses import conditions_in
from services.query_service.domain.degrade import LeftOut, Lesser, within, without

FilterFields = Mapping[str, str | None]
"""The tile's field for a field of the filters; None where the filters on it do not apply to the tile."""

NOT_APPLIED = "filter_not_applied"
_FILTERS = "/filters"


@dataclass(frozen=True, slots=True)
class TileFilters:
    """The filters of a tile. `whole`: those of the dashboard; `mapped`: them on the tile's own fields; `left`: the
    places of conditions that the tile leaves out, in `whole`."""

    whole: Mapping[str, Any] | None
    mapped: Lesser
    left: frozenset[str]

    @property
    def asked(self) -> Mapping[str, Any] | None:
        """The filters that the tile is asked under, None where there are none."""
        found: Mapping[str, Any] | None = self.mapped.body.get("filters")
        return found

    def original(self, problem: Problem) -> Problem:
        """A problem or warning with its place, and the name of its field, in the filters of the dashboard."""
        if not within(problem.pointer, _FILTERS):
            return problem
        placed = self.mapped.original(problem)
        if placed.code != NOT_APPLIED:
            return placed
        named = {where: condition["field"] for where, condition in conditions_in(self.whole, _FILTERS)}
        return replace(placed, values={**placed.values, "name": named.get(placed.pointer, placed.values["name"])})

    def fields(self, warnings: Iterable[Problem]) -> tuple[list[str], list[str]]:
        """The fields of the dashboard's filters that apply to the tile, and those that do not; one with conditions of
        both kinds is in both. `warnings`: those of the tile, as `original` answers them."""
        left = self.left | {warning.pointer for warning in warnings if warning.code == NOT_APPLIED}
        found: tuple[dict[str, None], dict[str, None]] = {}, {}
        for where, condition in conditions_in(self.whole, _FILTERS):
            found[where in left][condition["field"]] = None
        return list(found[False]), list(found[True])


def tile_filters(filters: Mapping[str, Any] | None, fields: FilterFields | None) -> TileFilters:
    """The filters of a dashboard, whose shape is right, for a tile that maps them to these fields."""
    mapping = fields or {}
    left = [
        LeftOut(where, "filters", condition["field"])
        for where, condition in conditions_in(filters, _FILTERS)
        if mapping.get(condition["field"], "") is None
    ]
    mapped = without({"filters": _mapped(filters, mapping)}, left)
    return TileFilters(filters, mapped, frozenset(part.pointer for part in left))


def _mapped(tree: Any, fields: FilterFields) -> Any:
    if not isinstance(tree, Mapping):
        return tree
    if "field" in tree:
        return {**tree, "field": fields.get(tree["field"]) or tree["field"]}
    return {kind: [_mapped(part, fields) for part in parts] for kind, parts in tree.items()}
