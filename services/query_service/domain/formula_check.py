"""Checks calculations: resolves every name and checks every type."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import assert_never

from crosslook.contracts.problems import Problem
from crosslook.contracts.values import BadValue, day
from services.query_service.domain.columns import ResultColumns, Unsettled
from services.query_service.domain.formula import (
    Constant,
    Formula,
    FormulaFunction,
    Operation,
    Reference,
    Type,
    subformulas,
)
from services.query_service.domain.formula_functions import FORMULA_FUNCTIONS, ordered, over_rows, over_totals
from services.query_service.domain.formula_syntax import KEYWORDS, Applied, Mistake, Spoken, Syntax, Written, read
from services.query_service.domain.query import CalculationAsked
from services.query_service.domain.report import Calculation
from services.query_service.domain.terms import ColumnType

CALCULATION_NAME_MAX = 100
PLACES_MAX = 10
_SIGNS = " _-%"
"""What a calculation's name may hold besides letters and digits: nothing that a spreadsheet runs or our names mean."""


Offers = Callable[[str], str | None]
"""What the catalog has under a name: `dimension`, `measure`, None for nothing."""


class Calculations:
    """Checks the calculations of one report, one after the other; `columns` learns of each. `problems` grows."""

    def __init__(self, columns: ResultColumns, pivoted: bool, offers: Offers) -> None:
        self.problems: list[Problem] = []
        self._columns = columns
        self._pivoted = pivoted
        self._offers = offers
        self._names: set[str] = set()

    def checked(self, asked: Sequence[CalculationAsked]) -> tuple[Calculation, ...]:
        """Those that are right."""
        later = [calculation.name.text for calculation in asked]
        found = []
        for index, written in enumerate(asked):
            named = self._name_is_right(written)
            calculation = self._calculation(written, later[index:])
            if named:
                self._columns.add(written.name.text, calculation)
            if named and calculation is not None:
                found.append(calculation)
        return tuple(found)

    def _name_is_right(self, asked: CalculationAsked) -> bool:
        name, text = asked.name.text, ""
        if name in self._names:
            text = "bad_value.repeated"
        elif name.lower() in KEYWORDS:
            text = "bad_value.reserved_name"
        elif (
            not name[0].isalpha()
            or len(name) > CALCULATION_NAME_MAX
            or not all(c.isalnum() or c in _SIGNS for c in name)
        ):
            text = "bad_value.calculation_name"
        if text:
            shown: dict[str, str | int] = {"name": name[:CALCULATION_NAME_MAX], "limit": CALCULATION_NAME_MAX}
            self.problems.append(Problem("bad_value", asked.name.pointer, text, shown))
        self._names.add(name)
        return not text

    def _calculation(self, asked: CalculationAsked, later: Sequence[str]) -> Calculation | None:
        checker = _Checker(self._columns, later, self._offers)
        try:
            formula = checker.formula(read(asked.expression.text))
            if formula.type is None:
                raise Mistake("bad_expression.empty")
        except Unsettled:
            return None
        except Mistake as mistake:
            code = mistake.text.partition(".")[0]
            where = asked.expression.pointer
            self.problems.append(Problem(code, where, mistake.text, mistake.values, mistake.suggestion))
            return None
        pivoted = not self._pivoted or any(
            self._columns.pivoted(reference) for reference in checker.references(formula)
        )
        return Calculation(
            asked.name.text,
            formula,
            formula.type,
            pivoted,
            checker.uses(formula, over_rows, lambda calculation: calculation.over_rows),
            checker.uses(formula, ordered, lambda calculation: calculation.ordered),
            checker.uses(formula, over_totals, lambda calculation: calculation.sums),
        )


class _Checker:
    def __init__(self, columns: ResultColumns, later: Sequence[str], offers: Offers) -> None:
        self._columns = columns
        self._later = later
        self._offers = offers

    def references(self, formula: Formula) -> list[Reference]:
        return [part for part in subformulas(formula) if isinstance(part, Reference)]

    def uses(
        self, formula: Formula, such: Callable[[FormulaFunction], bool], by: Callable[[Calculation], bool]
    ) -> bool:
        """Whether such a function takes part, be it in a calculation that is named: `by` tells of those."""
        if any(isinstance(part, Operation) and such(part.operator) for part in subformulas(formula)):
            return True
        named = (self._columns.calculation(reference.name) for reference in self.references(formula))
        return any(by(calculation) for calculation in named if calculation is not None)

    def formula(self, syntax: Syntax) -> Formula:
        """Raises Mistake, or Unsettled where it names a calculation that was refused."""
        match syntax:
            case Written(constant):
                return constant
            case Spoken():
                return self._reference(syntax)
            case Applied():
                arguments = _with_days(tuple(self.formula(argument) for argument in syntax.arguments))
                return Operation(syntax.operator, arguments, self._type(syntax, arguments))
            case _:
                assert_never(syntax)

    def _reference(self, spoken: Spoken) -> Reference:
        found = self._columns.reference(spoken.name)
        if found is not None:
            return found
        meant, offered = self._columns.guess(spoken.name), self._offers(spoken.name)
        if spoken.name in self._later:
            text = "unknown_field.later"
        elif self._columns.lacks_comparison(spoken.name):
            text, meant = "unknown_field.expression_not_compared", None
        elif offered is not None and not isinstance(meant, str):
            text, meant = f"unknown_field.expression_{offered}", None
        else:
            text = "unknown_field.in_expression"
        raise Mistake(text, meant, at=spoken.at, name=spoken.name[:CALCULATION_NAME_MAX])

    def _type(self, syntax: Applied, arguments: tuple[Formula, ...]) -> Type:
        types = tuple(argument.type for argument in arguments)
        try:
            return self._checked_type(syntax, arguments, types)
        except ValueError:
            shown = ", ".join("null" if kind is None else kind.value for kind in types)
            raise Mistake("bad_expression.types", at=syntax.at, name=syntax.operator.value, types=shown) from None

    def _checked_type(self, syntax: Applied, arguments: tuple[Formula, ...], types: tuple[Type, ...]) -> Type:
        match syntax.operator:
            case FormulaFunction.ROUND:
                _check_places(syntax, arguments[1:])
            case FormulaFunction.TOTAL:
                self._check_total(syntax, arguments[0])
        return FORMULA_FUNCTIONS[syntax.operator].result(types)

    def _check_total(self, syntax: Applied, inner: Formula) -> None:
        named = self.references(inner)
        dimension = next((column.name for column in named if self._columns.is_dimension(column.name)), None)
        if dimension is not None:
            raise Mistake("bad_expression.total_of_dimension", at=syntax.at, name=dimension)
        if self.uses(inner, over_rows, lambda calculation: calculation.over_rows):
            raise Mistake("bad_expression.total_over_rows", at=syntax.at)


def _with_days(arguments: tuple[Formula, ...]) -> tuple[Formula, ...]:
    """Texts beside a date are days where they can be read as such: `ticket.due_on:month >= '2026-11-01'`."""
    if not any(argument.type is ColumnType.DATE for argument in arguments):
        return arguments
    return tuple(_day(argument) if isinstance(argument, Constant) else argument for argument in arguments)


def _day(constant: Constant) -> Constant:
    try:
        return Constant(date.fromisoformat(day(constant.value) or ""), ColumnType.DATE)
    except (BadValue, ValueError):
        return constant


def _check_places(syntax: Applied, places: Sequence[Formula]) -> None:
    for place in places:
        if not (isinstance(place, Constant) and type(place.value) is int and place.value <= PLACES_MAX):
            raise Mistake("bad_expression.places", at=syntax.at, limit=PLACES_MAX)
