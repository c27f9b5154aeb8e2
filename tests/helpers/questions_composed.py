"""Random good requests that are pivoted, compared, calculated or subtotalled; and what was there a snapshot before."""

from collections.abc import Mapping
from random import Random
from typing import Any

from hypothesis import strategies as st

from crosslook.contracts.schemas import Definition
from tests.helpers.oracle_calculations import names_in
from tests.helpers.questions import TICKET, askable, columns_of, condition_on, datasets, questions
from tests.helpers.snapshots import PlainObject

NUMERIC = ("integer", "number", "currency")
_VALUES = [
    "open",
    "open",
    "solved",
    "null",
    "open",
    "solved",
    "null",
    "a",
    "true",
    "false",
    "4",
    "0.5",
    "11",
    "2026-11-01",
    "Ab|null",
    "FR",
]
_NAMES: list[list[str]] = [[], ["share"], ["share", "Late ones"], ["x", "y", "z 2"]]
_KINDS = ["number", "number", "number", "boolean", "text"]
Columns = Mapping[str, str]


@st.composite
def earlier_datasets(draw: st.DrawFn) -> list[PlainObject]:
    """A dataset of the day before, in which tickets may not have had all their fields."""
    contacts, tickets = draw(datasets(least=2))
    gone = draw(st.sets(st.sampled_from([field.slug for field in TICKET.fields]), max_size=3))
    fields = tuple(field for field in TICKET.fields if field.slug not in gone)
    earlier = Definition(object="ticket", labels=TICKET.labels, fields=fields, relationships=TICKET.relationships)
    return [contacts, PlainObject(earlier, tickets.rows)]


@st.composite
def composed_questions(draw: st.DrawFn) -> dict[str, Any]:
    """A request that must be answered, and not from the store's rows alone. Most are about few values of many records:
    what a pivot, a total or a rank does shows only where there are several rows."""
    asked = draw(questions())
    named = askable(asked["object"])
    if draw(st.integers(0, 3)) > 0:
        asked |= _plain(draw, asked["object"])
    dimensions, measures = columns_of(asked, named)
    asked |= {"pivot": [], "compare": "previous" if draw(st.integers(0, 2)) == 0 else None}
    if measures != {} and draw(st.booleans()):
        free = sorted(name for name in named if name not in asked["dimensions"])
        asked["pivot"] = draw(st.lists(st.sampled_from(free), min_size=1, max_size=2, unique=True))
    if "contacts" in asked and '"contact.' in str(asked).replace("'", '"'):
        asked["contacts"] = "any"
    asked["subtotals"] = draw(st.booleans())
    figures = _figures(measures, bool(asked["compare"]))
    # Of expressions every example has its own: drawn piece by piece, most examples repeat those of another.
    dice = Random(f"{draw(st.integers(0, 2**32 - 1))} {asked}")  # noqa: S311  # examples, no secrets
    asked["calculations"], calculated = _calculations(dice, dimensions, figures, len(asked["pivot"]))
    return asked | _over_columns(draw, dice, asked, dimensions, figures, calculated)


def _plain(draw: st.DrawFn, base: str) -> dict[str, Any]:
    """Few values, and every record."""
    few = ["contact.country", "contact.segments"]
    if base == "ticket":
        few += ["ticket.status", "ticket.status", "ticket.urgent", "ticket.tags"]
    own = ["ticket.score.sum", "ticket.amount.sum", "ticket.due_on.max"] if base == "ticket" else ["contact.age.avg"]
    measures = draw(st.lists(st.sampled_from([*own, "contact.count"]), unique=True, max_size=2))
    return {
        "dimensions": draw(st.lists(st.sampled_from(few), unique=True, min_size=1, max_size=2)),
        "measures": [f"{base}.count", *(measure for measure in measures if measure != f"{base}.count")],
        "filters": None,
        "limit": draw(st.sampled_from([1, 2, 500])),
    }


def _figures(measures: Columns, compared: bool) -> dict[str, str]:
    found = dict(measures)
    if compared:
        for name, kind in measures.items():
            found[f"{name}@previous"] = kind
            found[f"{name}@delta"] = {"date": "integer", "datetime": "number"}.get(kind, kind)
    return found


def _under_pivot(dice: Random, name: str, pivots: int) -> str:
    return "|".join([name, *(dice.choice(_VALUES) for _ in range(pivots))])


def _calculations(
    dice: Random, dimensions: Columns, figures: Columns, pivots: int
) -> tuple[list[dict[str, str]], dict[str, tuple[str, str]]]:
    """Calculations, each naming what there is before it; and of each its kind and its expression."""
    known = {**dimensions, **figures}
    asked, made = [], {}
    for name in dice.choice(_NAMES):
        kind = dice.choice(_KINDS)
        expression = _Expressions(dice, known, figures, pivots).of(kind, 3)
        asked.append({"name": name, "expression": expression})
        made[name] = (kind, expression)
        if kind != "number":
            known[name] = kind
    return asked, made


class _Expressions:
    """Writes expressions. `number` is any numeric kind; what comes of mixing them is not needed to write the next."""

    def __init__(self, dice: Random, known: Columns, figures: Columns, pivots: int) -> None:
        self._dice = dice
        self._known = known
        self._figures = figures
        self._pivots = pivots

    def of(self, kind: str, depth: int, total: bool = False) -> str:
        columns = self._columns(kind, total)
        if depth == 0 or self._dice.randrange(4) == 0:
            return self._one_of(columns) if columns else self._constant(kind)
        match kind:
            case "number":
                return self._number(depth - 1, total)
            case "boolean":
                return self._boolean(depth - 1, total)
            case _:
                first, second = (self.of(kind, depth - 1, total) for _ in range(2))
                test = self.of("boolean", depth - 1, total)
                return self._one_of([f"if({test}, {first}, {second})", f"coalesce({first}, {second}, null)"])

    def _one_of(self, choices: list[str]) -> str:
        return self._dice.choice(choices)

    def _columns(self, kind: str, total: bool) -> list[str]:
        kinds = NUMERIC if kind == "number" else (kind,)
        source = self._figures if total else self._known
        found = [name for name, known in source.items() if known in kinds]
        written = [f"[{name}]" if " " in name else name for name in found]
        if self._pivots:
            spread = [name for name in found if name in self._figures][:2]
            written += [f"[{_under_pivot(self._dice, name, self._pivots)}]" for name in spread]
        return written

    def _constant(self, kind: str) -> str:
        constants = {
            "number": ["0", "2", "0.5", "12.25"],
            "boolean": ["true", "false"],
            "text": ["'open'", '"a"'],
        }
        return self._one_of(constants[kind])

    def _number(self, depth: int, total: bool) -> str:
        a, b = (self.of("number", depth, total) for _ in range(2))
        test = self.of("boolean", depth, total)
        forms = [f"({a} {sign} {b})" for sign in "+-*/"]
        forms += [
            f"-{a}",
            f"abs({a})",
            f"round({a}, 1)",
            f"coalesce({a}, {b})",
            f"if({test}, {a}, {b})",
            f"if({test}, {a}, null)",
        ]
        if not total:
            forms += [f"previous({a})", f"running_total({a})", f"rank({a})"]
            forms += [f"total({self.of('number', depth, total=True)})"] * 3
        return self._one_of(forms)

    def _boolean(self, depth: int, total: bool) -> str:
        sign = self._one_of(["=", "!=", "<", "<=", ">", ">=", "<>"])
        kind = self._one_of(["number", "number", "text"])
        a, b = (self.of(kind, depth, total) for _ in range(2))
        forms = [f"{a} {sign} {b}"]
        if depth > 0:
            left, right = (self.of("boolean", depth - 1, total) for _ in range(2))
            forms += [f"({left} and {right})", f"({left} or {right})", f"(not ({left}))"]
        return f"({self._one_of(forms)})"


def _over_columns(
    draw: st.DrawFn,
    dice: Random,
    asked: Mapping[str, Any],
    dimensions: Columns,
    figures: Columns,
    calculated: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """Having and sort over columns of the result."""
    pivots = len(asked["pivot"])
    columns = dict(dimensions)
    for name, kind in figures.items():
        columns[_under_pivot(dice, name, pivots) if pivots else name] = kind
    if not pivots:
        columns |= {name: kind for name, (kind, _) in calculated.items() if kind != "number"}
    sortable = [name for name in columns if not _ordered(name, calculated)]
    found: dict[str, Any] = {"sort": [], "having": None}
    if columns != {} and draw(st.booleans()):
        parts = [condition_on(draw, columns) for _ in range(draw(st.integers(1, 2)))]
        found["having"] = {draw(st.sampled_from(["and", "or"])): parts}
    if sortable != [] and draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(sortable), unique=True, max_size=2))
        found["sort"] = [{"field": item, "direction": draw(st.sampled_from(["asc", "desc"]))} for item in chosen]
    return found


def _ordered(name: str, calculated: Mapping[str, tuple[str, str]]) -> bool:
    """Whether a calculation rests on the order of the rows."""
    if name not in calculated:
        return False
    expression = calculated[name][1]
    inner = [text.partition("|")[0] for text in names_in(expression)]
    return (
        "previous(" in expression or "running_total(" in expression or any(_ordered(item, calculated) for item in inner)
    )
