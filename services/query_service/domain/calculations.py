"""The columns of a result by name (CONTRACTS 5, meaning 8), and calculations over them: names and types are checked."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, assert_never

from crosslook.contracts.expression_tokens import KEYWORDS, Mistake
from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import Guess, guess
from crosslook.contracts.values import BadValue, day
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
from services.query_service.domain.formula_syntax import Applied, Spoken, Syntax, Written, read
from services.query_service.domain.lookup import UnknownName
from services.query_service.domain.predicates import ColumnOf
from services.query_service.domain.query import CalculationAsked, Name
from services.query_service.domain.report import Calculation, Figure, Variant
from services.query_service.domain.row_terms import DimensionColumn
from services.query_service.domain.terms import ColumnType

SEPARATOR = "|"
NO_COLUMN = "unknown_field.column"
"""What is said of a name that is nothing in this result; the catalog may know it all the same."""
_NAME_SHOWN = 200


class Unsettled(Exception):
    """The column is a calculation that was refused; a reference to it is not another problem."""


class ResultColumns:
    """The columns of one report. Under a pivot, each measure has a column for each of its values, which are not known
    before the report runs: a name such as `ticket.count|open` is taken as it is, and empty where there is none."""

    def __init__(self, dimensions: Iterable[DimensionColumn], figures: Iterable[Figure], pivots: int) -> None:
        self._dimensions = {dimension.name: dimension.type for dimension in dimensions}
        self._figures = {figure.name: figure.type for figure in figures}
        self._calculations: dict[str, Calculation | None] = {}
        self._pivots = pivots

    def add(self, name: str, calculation: Calculation | None) -> None:
        """One more calculation; None for one that was refused."""
        self._calculations[name] = calculation

    def calculation(self, name: str) -> Calculation | None:
        """The calculation of this name, or of whose pivoted column this is the name."""
        return self._calculations.get(name) or self._calculations.get(self._base(name))

    def is_dimension(self, name: str) -> bool:
        """Whether rows are grouped by it."""
        return name in self._dimensions

    def pivoted(self, reference: Reference) -> bool:
        """Whether the reference means another column under each value of the pivot."""
        calculation = self._calculations.get(reference.name)
        repeated = calculation.pivoted if calculation is not None else reference.name in self._figures
        return not reference.fixed and repeated

    def column(self, name: Name) -> ColumnOf:
        """What `having` tests and `sort` orders by. Raises NotFound or Unsettled."""
        text = name.text
        if text in self._calculations and self._calculations[text] is None:
            raise Unsettled
        if self._pivots and self._repeated(text) is not None:
            raise UnknownName(_unknown(name, "unknown_field.pivoted"))
        found = self._own(text) or self._under_pivot(text)
        if found is None:
            if self.lacks_comparison(text):
                raise UnknownName(_unknown(name, "unknown_field.not_compared"))
            raise UnknownName(_unknown(name, NO_COLUMN, self.guess(text)))
        return ColumnOf(text, found)

    def reference(self, name: str) -> Reference | None:
        """What a calculation names; under a pivot a measure is that of the column computed. Raises Unsettled."""
        if name in self._calculations and self._calculations[name] is None:
            raise Unsettled
        found = self._own(name)
        if found is not None:
            return Reference(name, found)
        under = self._under_pivot(name)
        return Reference(name, under, fixed=True) if under is not None else None

    def lacks_comparison(self, name: str) -> bool:
        """Whether it names a measure's value in the snapshot before, or its change, which a comparison adds."""
        figure, _, variant = self._base(name).rpartition("@")
        return figure in self._figures and variant in (Variant.PREVIOUS, Variant.DELTA)

    def guess(self, text: str) -> str | Guess[Any] | None:
        """The column that was probably meant."""
        known = [*self._dimensions, *self._figures, *self._calculations]
        # A dimension in a granularity is named with it: who leaves it out means that column. So does who leaves out
        # the object.
        nearly = (column for column in known if column.startswith(f"{text}:") or column.endswith(f".{text}"))
        return next(nearly, None) or guess(text, known)

    def _own(self, name: str) -> Type:
        calculation = self._calculations.get(name)
        if calculation is not None:
            return calculation.type
        return self._dimensions.get(name) or self._figures.get(name)

    def _repeated(self, name: str) -> ColumnType | None:
        """The type of what stands once under each value of the pivot."""
        calculation = self._calculations.get(name)
        if calculation is not None:
            return calculation.type if calculation.pivoted else None
        return self._figures.get(name)

    def _under_pivot(self, name: str) -> ColumnType | None:
        return self._repeated(self._base(name)) if self._pivots and name.count(SEPARATOR) >= self._pivots else None

    def _base(self, name: str) -> str:
        return name.partition(SEPARATOR)[0]


def _unknown(name: Name, text: str, meant: str | Guess[Any] | None = None) -> Problem:
    return Problem("unknown_field", name.pointer, text, {"name": name.text[:_NAME_SHOWN]}, meant)


CALCULATION_NAME_MAX = 100
PLACES_MAX = 10
WINDOW_MAX = 1000
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
        elif len(name) > CALCULATION_NAME_MAX or not _may_be_written(name):
            text = "bad_value.calculation_name"
        elif self._columns.reference(name) is not None:
            text = "name_conflict"
        if text:
            shown: dict[str, str | int] = {"name": name[:CALCULATION_NAME_MAX], "limit": CALCULATION_NAME_MAX}
            self.problems.append(Problem(text.partition(".")[0], asked.name.pointer, text, shown))
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
                _check_written(syntax, arguments[1:], 0, PLACES_MAX, "bad_expression.places")
            case FormulaFunction.MOVING_AVERAGE:
                _check_written(syntax, arguments[1:], 1, WINDOW_MAX, "bad_expression.window")
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


def _may_be_written(name: str) -> bool:
    return name[0].isalpha() and all(character.isalnum() or character in _SIGNS for character in name)


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


def _check_written(syntax: Applied, numbers: Sequence[Formula], least: int, most: int, text: str) -> None:
    """These arguments are whole numbers from `least` to `most`, written as such."""
    for number in numbers:
        if not (isinstance(number, Constant) and type(number.value) is int and least <= number.value <= most):
            raise Mistake(text, at=syntax.at, limit=most)
