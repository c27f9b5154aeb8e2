"""Random good reports whose figures are drilled into: everything that a cell can be computed from."""

from random import Random
from typing import Any

from tests.helpers.random_dataset import World
from tests.helpers.random_families import also, comparisons, composed, filtered, formulas, spread
from tests.helpers.random_reports import Draft, Reports

_NUMBERS = ("ticket.score", "ticket.amount", "contact.age", "contact.spent")
_TEXTS = ("ticket.status", "ticket.tags", "ticket.subject", "contact.country", "contact.segments")
_EDGES = ([0], [2, 4], [-3, 0, 2.5, 10], [1.5])
_WIDTHS = (1, 2.5, 10, "0.5")


def drills(dice: Random, world: World) -> dict[str, Any]:
    """Reports with filtered measures, pivots, comparisons, formulas, bins, totals and subtotals, of truncated times and
    of empty values. Each has a total, and so a cell."""
    if dice.random() < 0.25:
        return comparisons(dice, world) | {"totals": True}
    if dice.random() < 0.25:
        of_formulas = formulas(dice, world)
        return of_formulas if "list" in of_formulas else of_formulas | {"totals": True}
    reports = Reports(dice, world, periods=True, truncated=True)
    draft = reports.report()
    if not draft.dimensions:
        reports.dimensions(draft, dice.choice([0, 1, 2]))
    if reports.chance(0.4):
        _grouped(reports, draft)
    if all(name.endswith("count_distinct") for name in draft.measures):
        reports.add_measure(draft, f"{draft.base}.count", "integer")
    if reports.chance(0.4):
        filtered(reports, draft, "part")
    spread(reports, draft)
    return composed(reports, draft) | {"totals": True}


def _grouped(reports: Reports, draft: Draft) -> None:
    """Add bins or groups, which filters may name."""
    dice = reports.dice
    if reports.chance(0.5):
        term = dice.choice([name for name in _NUMBERS if name in draft.terms])
        if reports.chance(0.5):
            reports.add_dimension(
                draft, {"field": term, "name": "band", "width": dice.choice(_WIDTHS)}, "band", "number"
            )
            return
        edges = dice.choice(_EDGES)
        reports.add_dimension(draft, {"field": term, "name": "band", "bins": edges}, "band", "text")
        keys = [f"..{edges[0]}", f"{edges[-1]}.."]
    else:
        term = dice.choice([name for name in _TEXTS if name in draft.terms])
        asked = {"field": term, "name": "band", "groups": _groups(reports, term)}
        reports.add_dimension(draft, asked | ({"others": "rest"} if reports.chance(0.5) else {}), "band", "text")
        keys = ["one", "a", "rest"]
    if reports.chance(0.3) and draft.terms[term] != "multiselect":
        op = dice.choice(["eq", "neq", "is_empty", "in"])
        also(draft, {"field": "band", "op": op, "values": [] if op == "is_empty" else [dice.choice(keys)]})


def _groups(reports: Reports, term: str) -> list[dict[str, Any]]:
    """Two groups; one may be called as a value that is not in it."""
    known = [
        item for value in reports.world.pool.get(term, ()) for item in (value if isinstance(value, list) else [value])
    ]
    values = sorted({item for item in known if item} or {"a", "b"})
    some = reports.dice.sample(values, min(len(values), 3))
    groups = [{"name": "one", "values": some[:1]}]
    return [*groups, {"name": reports.dice.choice(["a", "two"]), "values": some[1:]}] if some[1:] else groups
