"""Random good formulas of the fields of one object."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from crosslook.contracts.zones import zone_of
from tests.helpers.oracle_calculations import Column
from tests.helpers.oracle_calendar import Calendar
from tests.helpers.oracle_formulas import formula_values
from tests.helpers.random_conditions import terms_of

NUMERIC = ("integer", "number", "currency")
_TEXTS = ("text", "textarea", "dropdown")
_KINDS: Mapping[str, tuple[str, ...]] = {
    "number": NUMERIC,
    "boolean": ("boolean",),
    "text": _TEXTS,
    "date": ("date",),
    "datetime": ("datetime",),
    "day": ("date", "datetime"),
}
_CONSTANTS: Mapping[str, list[str]] = {
    "number": ["0", "1", "2", "0.5", "12.25", "1000000"],
    "boolean": ["true", "false"],
    "text": ["'open'", '"a"', "'Ж'", "''"],
}
_ANY_CALENDAR = Calendar(zone_of("UTC"))


def formulas_of(dice: Random, name: str, count: int) -> tuple[list[dict[str, str]], dict[str, str]]:
    """So many formulas of an object, each of what there is before it; and what they are, by name."""
    known = {term: kind for term, kind in terms_of(name).items() if kind != "multiselect"}
    written, kinds = [], dict[str, str]()
    for number in range(count):
        kind = dice.choice(["number", "number", "number", "text", "boolean", "date", "datetime"])
        formula = f"of_{name}_{number}"
        expression = _about_a_field(Writer(dice, {**known, **kinds}), kind)
        written.append({"name": formula, "expression": expression})
        kinds[formula] = kind_of_formula(expression, {**known, **kinds})
    return written, kinds


def _about_a_field(writer: "Writer", kind: str) -> str:
    """An expression that names a field: one of constants is about no object."""
    while True:
        expression = writer.of(kind, 3)
        if "." in expression.replace("0.5", "").replace("12.25", "") or "of_" in expression:
            return expression


def kind_of_formula(expression: str, terms: Mapping[str, str]) -> str:
    """What a formula's values are."""

    def nothing(term: str) -> Column:
        return Column("text" if terms[term] in _TEXTS else terms[term], [])

    return formula_values(expression, nothing, 0, _ANY_CALENDAR).kind or "number"


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes expressions of terms. `number` is any numeric kind."""

    dice: Random
    terms: Mapping[str, str]

    def of(self, kind: str, depth: int) -> str:
        """An expression of that kind, so deep at most."""
        fields = sorted(term for term, known in self.terms.items() if known in _KINDS[kind])
        if kind == "date" and not fields:
            return self.of("datetime", depth)
        if depth == 0 or self.dice.random() < 0.2:
            return self.dice.choice([*fields * 2, *_CONSTANTS.get(kind, [])] or fields)
        match kind:
            case "number":
                return self._number(depth - 1)
            case "boolean":
                return self._boolean(depth - 1)
            case "day":
                return self.of(self.dice.choice(["date", "datetime"]), depth)
        return self._chosen(kind, depth - 1) if kind != "text" else self._text(depth - 1)

    def _chosen(self, kind: str, depth: int) -> str:
        a, b, test = self.of(kind, depth), self.of(kind, depth), self.of("boolean", depth)
        return self.dice.choice([f"if({test}, {a}, {b})", f"if({test}, {a}, null)", f"coalesce({a}, {b})"])

    def _number(self, depth: int) -> str:
        a, b = self.of("number", depth), self.of("number", depth)
        days, instants = [self.of("day", 1) for _ in range(2)], [self.of("datetime", 1) for _ in range(2)]
        forms = [f"({a} {sign} {b})" for sign in "+-*/"]
        forms += [f"-{a}", f"abs({a})", f"round({a})", f"round({a}, {self.dice.choice([1, 2])})"]
        forms += [f"days_between({', '.join(days)})", f"hours_between({', '.join(instants)})"] * 2
        forms += [f"year({days[0]})", f"month({days[1]})", f"length({self.of('text', depth)})"]
        return self.dice.choice([*forms, self._chosen("number", depth)])

    def _text(self, depth: int) -> str:
        a, b = self.of("text", depth), self.of("text", depth)
        forms = [f"concat({a}, {b})", f"concat({a}, '-', year({self.of('day', 0)}))", f"lower({a})"]
        return self.dice.choice([*forms, self._chosen("text", depth)])

    def _boolean(self, depth: int) -> str:
        sign = self.dice.choice(["=", "!=", "<", "<=", ">", ">=", "<>"])
        kind = self.dice.choice(["number", "number", "text", "day"])
        forms = [f"({self.of(kind, depth)} {sign} {self.of(kind, depth)})"]
        forms += [f"({self.of('datetime', 0)} {sign} '{self.dice.choice(['2026-11-01', '2026-11-01T06:30:00Z'])}')"]
        if depth > 0:
            a, b = self.of("boolean", depth - 1), self.of("boolean", depth - 1)
            forms += [f"({a} and {b})", f"({a} or {b})", f"(not ({a}))"]
        return self.dice.choice(forms)
