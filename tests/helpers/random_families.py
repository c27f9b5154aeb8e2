"""Random good requests by what they are about, each family with a generator of its own."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.helpers.random_conditions import GRANULARITIES, UNITS, Conditions
from tests.helpers.random_dataset import World
from tests.helpers.random_formulas import formulas_of
from tests.helpers.random_groupings import inline, random_grouping
from tests.helpers.random_reports import FEW, Draft, Reports, measures_of

Family = Callable[[Random, World], dict[str, Any]]
_NEW = (".p90", ".p95", ".stddev", "body.count_distinct", "note.count_distinct", "s.count_distinct")
_DEFAULTED = ("timezone", "week_start")
_SHIFTS = (1, 1, 1, 2, 3, 4, 6, 12, 13, 24, 52, 365, 1000)


def built_in_fields(dice: Random, world: World) -> dict[str, Any]:
    """Reports that group, measure, filter and sort by `_id` and `_updated_at`."""
    reports = Reports(dice, world)
    draft = reports.report()
    objects = sorted({draft.base, "contact"})
    for _ in range(dice.choice([1, 2])):
        name, slug = dice.choice(objects), dice.choice(["_id", "_updated_at"])
        term = f"{name}.{slug}"
        match dice.choice(["dimension", "measure", "filter"]):
            case "dimension":
                reports.add_dimension(draft, *reports.dimension(term, draft.terms[term]))
            case "measure":
                function = "count_distinct" if slug == "_id" else dice.choice(["min", "max"])
                reports.add_measure(draft, f"{term}.{function}", "integer" if slug == "_id" else "datetime")
            case _:
                also(draft, reports.conditions.condition({term: draft.terms[term]}))
    return reports.finish(draft)


def lists(dice: Random, world: World) -> dict[str, Any]:
    """Lists of fields of all types."""
    reports = Reports(dice, world)
    draft = reports.start()
    if reports.chance(0.3):
        _formulas(reports, draft)
    own = [name for name in draft.terms if name.startswith((f"{draft.base}.", f"of_{draft.base}"))]
    named = own if reports.chance(0.5) else sorted(draft.terms)
    draft.request["list"] = dice.sample(named, dice.choice([1, 2, 3, 5]))
    if reports.chance(0.6):
        draft.request["filters"] = reports.conditions.tree(draft.terms)
    return _ordered_list(reports, draft)


def _ordered_list(reports: Reports, draft: Draft) -> dict[str, Any]:
    listed, dice = draft.request["list"], reports.dice
    if reports.chance(0.7):
        chosen = dice.sample(listed, min(len(listed), dice.choice([1, 1, 2])))
        draft.request["sort"] = [{"field": name, "direction": dice.choice(["asc", "desc"])} for name in chosen]
    draft.request["limit"] = dice.choice([1, 3, 7, 20, 500, 500])
    return reports.about_contacts(draft)


def measures(dice: Random, world: World) -> dict[str, Any]:
    """Reports with quantiles, deviations, distinct values of lists and moving averages."""
    reports = Reports(dice, world)
    draft = reports.report()
    if not draft.dimensions and reports.chance(0.7):
        reports.dimensions(draft, 1)
    known = reports.known_measures(draft)
    new = [name for name in known if name.endswith(_NEW)]
    for _ in range(dice.choice([1, 2, 3])):
        source = dice.choice(new)
        reports.add_measure(draft, source, known[source])
    spread(reports, draft)
    return composed(reports, draft)


def filtered_measures(dice: Random, world: World) -> dict[str, Any]:
    """Reports with measures of the rows that pass filters of their own."""
    reports = Reports(dice, world)
    draft = reports.report()
    if not draft.dimensions and reports.chance(0.7):
        reports.dimensions(draft, 1)
    for number in range(dice.choice([1, 2, 3])):
        filtered(reports, draft, f"part_{number}")
    spread(reports, draft)
    return composed(reports, draft)


def spread(reports: Reports, draft: Draft) -> None:
    """Add a pivot, a comparison and calculations, at times."""
    _pivot(reports, draft)
    _compare(reports, draft, 0.2)
    _calculate(reports, draft)


def bins_and_groups(dice: Random, world: World) -> dict[str, Any]:
    """Reports that group values into bins, widths and named groups, in rows and pivots, and filter by them."""
    reports = Reports(dice, world)
    draft = reports.start()
    if reports.chance(0.3):
        _formulas(reports, draft)
    made = {}
    for number in range(dice.choice([1, 1, 2])):
        term, name = dice.choice(sorted(draft.terms)), f"band_{number}"
        made[name] = random_grouping(dice, world, name, term, draft.terms[term])
    reports.measures(draft, dice.choice([1, 2]))
    for name, (asked, kind, _) in made.items():
        if reports.chance(0.75):
            reports.add_dimension(draft, asked, name, "text" if kind == "multiselect" else kind)
        else:
            draft.request.setdefault("pivot", []).append(asked)
    if reports.chance(0.4):
        reports.dimensions(draft, 1)
    conditions = Conditions(dice, world, extra={name: keys for name, (_, _, keys) in made.items()})
    for name, (asked, kind, _) in made.items():
        if reports.chance(0.4):
            condition = conditions.condition({name: kind})
            also(draft, condition if reports.chance(0.5) else inline(asked, condition))
    _compare(reports, draft, 0.15)
    return composed(reports, draft)


def formulas(dice: Random, world: World) -> dict[str, Any]:
    """Reports of values that are computed for each record."""
    reports = Reports(dice, world)
    draft = reports.start()
    kinds = _formulas(reports, draft)
    for name in dice.sample(sorted(kinds), min(2, len(kinds))):
        if reports.chance(0.6):
            reports.add_dimension(draft, *reports.dimension(name, kinds[name]))
    _measured(reports, draft, kinds)
    if reports.chance(0.5):
        also(draft, reports.conditions.tree(kinds if reports.chance(0.5) else draft.terms))
    _pivot(reports, draft)
    _compare(reports, draft, 0.1)
    return composed(reports, draft)


def _formulas(reports: Reports, draft: Draft) -> dict[str, str]:
    """Give the request formulas of the base, of the contact or of both; what they are, by name."""
    kinds: dict[str, str] = {}
    for name in {draft.base: None, reports.dice.choice([draft.base, "contact"]): None}:
        written, of_object = formulas_of(reports.dice, name, reports.dice.choice([1, 2, 3]))
        draft.request.setdefault("formulas", []).extend(written)
        kinds |= of_object
    draft.terms |= kinds
    return kinds


def _measured(reports: Reports, draft: Draft, kinds: Mapping[str, str]) -> None:
    known = measures_of(kinds)
    for name in reports.dice.sample(sorted(known), min(len(known), reports.dice.choice([1, 2]))):
        reports.add_measure(draft, name, known[name])
    if not draft.measures:
        reports.measures(draft, 1)


def periods(dice: Random, world: World) -> dict[str, Any]:
    """Reports with conditions on periods, and weeks that begin on any day."""
    return _about_time(Reports(dice, world, periods=True))


def truncated_conditions(dice: Random, world: World) -> dict[str, Any]:
    """Reports with conditions on truncated values."""
    return _about_time(Reports(dice, world, periods=True, truncated=True))


def tenant_defaults(dice: Random, world: World) -> dict[str, Any]:
    """Reports about periods that mostly leave the zone or the first day of the week to the tenant's settings."""
    asked = _about_time(Reports(dice, world, periods=True, truncated=True))
    return {name: item for name, item in asked.items() if name not in _DEFAULTED or dice.random() < 0.3}


def _about_time(reports: Reports) -> dict[str, Any]:
    dice = reports.dice
    draft = reports.report()
    times = {name: kind for name, kind in draft.terms.items() if kind in GRANULARITIES}
    for _ in range(dice.choice([1, 1, 2])):
        also(draft, reports.conditions.condition(times))
    if reports.chance(0.5):
        name = dice.choice(sorted(times))
        reports.add_dimension(draft, *reports.dimension(name, times[name]))
    return reports.finish(draft)


def comparisons(dice: Random, world: World) -> dict[str, Any]:
    """Reports compared with one or several earlier periods."""
    reports = Reports(dice, world, periods=True, truncated=True)
    draft = reports.report()
    if not draft.measures:
        reports.measures(draft, 2)
    own = {name: kind for name, kind in draft.terms.items() if name.startswith(draft.base) and kind in GRANULARITIES}
    shifts = [_shifted(dice, own) for _ in range(dice.choice([1, 1, 2, 3]))]
    if len(shifts) == 1 and reports.chance(0.6):
        draft.request["compare"] = shifts[0]
    else:
        draft.request["compare"] = [{**shift, "name": f"before_{n}"} for n, shift in enumerate(shifts)]
    term = shifts[0]["field"]
    if reports.chance(0.7):
        reports.add_dimension(draft, *reports.dimension(term, own[term]))
    if reports.chance(0.4):
        also(draft, reports.conditions.condition({term: own[term]}))
    if reports.chance(0.3):
        filtered(reports, draft, "filtered")
    _pivot(reports, draft)
    _calculate(reports, draft)
    return composed(reports, draft)


def _shifted(dice: Random, named: Mapping[str, str]) -> dict[str, Any]:
    name = dice.choice(sorted(named))
    return {"field": name, "shift": [dice.choice(_SHIFTS), dice.choice(UNITS[named[name]])]}


def also(draft: Draft, condition: dict[str, Any]) -> None:
    """Let the report's filter ask for the condition, too."""
    known = draft.request.get("filters")
    draft.request["filters"] = {"and": [known, condition]} if known else condition


def filtered(reports: Reports, draft: Draft, name: str) -> None:
    """Add a measure with filters of its own."""
    known = reports.known_measures(draft)
    source = reports.dice.choice(sorted(known))
    asked = {"measure": source, "name": name, "filters": reports.conditions.tree(draft.terms)}
    reports.add_measure(draft, asked, known[source])


def _pivot(reports: Reports, draft: Draft) -> None:
    free = [name for name in FEW if name in draft.terms and name not in draft.dimensions]
    if free and draft.measures and reports.chance(0.25):
        draft.request["pivot"] = reports.dice.sample(free, min(len(free), reports.dice.choice([1, 1, 2])))


def _compare(reports: Reports, draft: Draft, share: float) -> None:
    if reports.world.number > 1 and draft.measures and reports.chance(share):
        draft.request["compare"] = "previous"


def _calculate(reports: Reports, draft: Draft) -> None:
    figures = [name for name, kind in draft.measures.items() if kind in ("integer", "number", "currency")]
    if not figures or not reports.chance(0.4):
        return
    name, width = reports.dice.choice(figures), reports.dice.choice([1, 2, 3, 7])
    expressions = [f"moving_average({name}, {width})", f"moving_average({name}, {width}) - {name}", f"total({name})"]
    others = [name + suffix for suffix in _suffixes(draft)]
    expressions += [f"{name} - {other}" for other in others] + [f"if({name} > {other}, 1, 0)" for other in others]
    draft.request["calculations"] = [{"name": "calculated", "expression": reports.dice.choice(expressions)}]


def composed(reports: Reports, draft: Draft) -> dict[str, Any]:
    """The finished request, with subtotals at times; conditions and an order name columns that it has."""
    pivoted, compared = bool(draft.request.get("pivot")), bool(draft.request.get("compare"))
    draft.request["subtotals"] = reports.chance(0.3)
    known = dict(draft.measures)
    if pivoted:
        draft.measures.clear()
    elif compared and reports.chance(0.5):
        draft.measures |= {name + suffix: kind for suffix in _suffixes(draft) for name, kind in known.items()}
    return reports.finish(draft, having=not pivoted or bool(draft.dimensions))


def _suffixes(draft: Draft) -> list[str]:
    """Of the figures that the report is compared with."""
    compare = draft.request.get("compare")
    if isinstance(compare, list):
        return [f"@{shift['name']}" for shift in compare]
    return ["@previous"] if compare else []


FAMILIES: Mapping[str, Family] = {
    "built-in fields": built_in_fields,
    "lists": lists,
    "measures": measures,
    "filtered measures": filtered_measures,
    "bins and groups": bins_and_groups,
    "formulas": formulas,
    "periods": periods,
    "truncated conditions": truncated_conditions,
    "tenant defaults": tenant_defaults,
    "comparisons": comparisons,
}
