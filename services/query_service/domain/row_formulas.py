"""Checks the formulas of a request: every name is found, every type fits, and all fields are of one object."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import assert_never

from crosslook.contracts.expression_tokens import Mistake
from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import guess
from crosslook.contracts.values import BadValue, day, instant
from services.query_service.domain.calculations import Unsettled
from services.query_service.domain.declared_names import DeclaredNames
from services.query_service.domain.formula import Constant, FormulaFunction, Type
from services.query_service.domain.formula_functions import FORMULA_FUNCTIONS, ByRow
from services.query_service.domain.formula_syntax import Applied, Spoken, Syntax, Written, read
from services.query_service.domain.function_names import OF_FORMULAS
from services.query_service.domain.lookup import UnknownName
from services.query_service.domain.query import FormulaAsked, Name
from services.query_service.domain.row_formula_splitting import operations_of
from services.query_service.domain.row_functions import COMPARING, ROW_FUNCTIONS
from services.query_service.domain.row_terms import (
    EarlierFormula,
    FieldOf,
    FormulaOf,
    RowFormula,
    RowOperation,
)
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import WHOLE_MAX

FindField = Callable[[Name], FieldOf]
ROUND_PLACES_MAX = 10
OPERATIONS_MAX = 100
"""Of all formulas of a report: the engine needs more time to plan a statement with more of them than to run it."""
_NAME_SHOWN = 200
_OWN_TEXTS = {
    "bad_expression.length": "bad_expression.formula_length",
    "bad_expression.depth": "bad_expression.formula_depth",
}
"""What is said of formulas in place of a sentence about calculations."""
_TIMES = (ColumnType.DATE, ColumnType.DATETIME)
_READ_AS_DAYS = (*COMPARING, FormulaFunction.DAYS_BETWEEN)
"""Where a text beside a date or time may be a day."""


def formula_named(name: str, known: Mapping[str, FormulaOf | None]) -> FormulaOf | None:
    """The formula of this name, if there is one. Raises Unsettled where it was refused: a reference to it is not
    another problem."""
    if name in known and known[name] is None:
        raise Unsettled
    return known.get(name)


class Formulas:
    """The formulas of one request, checked one after the other. `problems` and `known` grow; None is one that was
    refused."""

    def __init__(self, field: FindField, names: DeclaredNames, known: dict[str, FormulaOf | None]) -> None:
        self.problems: list[Problem] = []
        self._field = field
        self._names = names
        self._known = known

    def check(self, asked: Sequence[FormulaAsked]) -> tuple[FormulaOf, ...]:
        """Those that are right."""
        later = [formula.name.text for formula in asked]
        for index, written in enumerate(asked):
            wrong = self._names.declare(written.name)
            formula = self._formula(written, later[index:])
            if wrong is not None:
                self.problems.append(wrong)
            else:
                self._known[written.name.text] = formula
        found = [formula for formula in self._known.values() if formula is not None]
        if sum(operations_of(formula.formula) for formula in found) > OPERATIONS_MAX:
            self.problems.append(Problem("too_large", "/formulas", "too_large.formulas", {"limit": OPERATIONS_MAX}))
        return tuple(found)

    def named(self, name: str) -> FormulaOf | None:
        """An earlier formula, as `formula_named`."""
        return formula_named(name, self._known)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all, for suggestions."""
        return tuple(self._known)

    def _formula(self, asked: FormulaAsked, later: Sequence[str]) -> FormulaOf | None:
        checker = _FormulaChecker(self, self._field, later, asked.expression.pointer)
        try:
            formula = checker.checked(read(asked.expression.text, OF_FORMULAS))
            if formula.type is None:
                raise Mistake("bad_expression.empty")
            if not checker.fields:
                raise Mistake("bad_expression.no_field")
        except Unsettled:
            return None
        except UnknownName as missing:
            self.problems.append(missing.problem)
            return None
        except Mistake as mistake:
            code = mistake.text.partition(".")[0]
            where, text = asked.expression.pointer, _OWN_TEXTS.get(mistake.text, mistake.text)
            self.problems.append(Problem(code, where, text, mistake.values, mistake.suggestion))
            return None
        first = checker.fields[0]
        fields = tuple(dict.fromkeys(checker.fields))
        return FormulaOf(first.side, first.object, asked.name.text, formula, formula.type, fields)


class _FormulaChecker:
    """Checks one formula. `fields`: those that it was found to name, earlier formulas included."""

    def __init__(self, formulas: Formulas, field: FindField, later: Sequence[str], where: str) -> None:
        self.fields: list[FieldOf] = []
        self._formulas = formulas
        self._field = field
        self._later = later
        self._where = where

    def checked(self, syntax: Syntax) -> RowFormula:
        """Raises Mistake, UnknownName, or Unsettled where it names a formula that was refused."""
        match syntax:
            case Written(constant):
                return _written(constant)
            case Spoken():
                return self._named(syntax)
            case Applied():
                arguments = tuple(self.checked(argument) for argument in syntax.arguments)
                return self._applied(syntax, _with_times(syntax.operator, arguments))
            case _:
                assert_never(syntax)

    def _named(self, spoken: Spoken) -> RowFormula:
        earlier = self._formulas.named(spoken.name)
        if earlier is not None:
            self._use(spoken, earlier.fields)
            return EarlierFormula(earlier.name, earlier.type)
        shown = spoken.name[:_NAME_SHOWN]
        if spoken.name in self._later:
            raise Mistake("unknown_field.later_formula", at=spoken.at, name=shown)
        try:
            found = self._field(Name(spoken.name, self._where))
        except UnknownName as missing:
            if missing.problem.code != "unknown_field":
                raise
            meant = missing.problem.suggestion or guess(spoken.name, self._formulas.names)
            raise Mistake("unknown_field.in_formula", meant, at=spoken.at, name=shown) from None
        if found.several:
            raise Mistake("bad_expression.several", at=spoken.at, name=shown)
        self._use(spoken, (found,))
        return found

    def _use(self, spoken: Spoken, fields: Sequence[FieldOf]) -> None:
        other = self.fields[0].object if self.fields else fields[0].object
        if fields[0].object != other:
            shown = spoken.name[:_NAME_SHOWN]
            raise Mistake("bad_expression.objects", at=spoken.at, name=shown, object=fields[0].object, other=other)
        self.fields += fields

    def _applied(self, syntax: Applied, arguments: tuple[RowFormula, ...]) -> RowFormula:
        types = tuple(argument.type for argument in arguments)
        name = syntax.operator
        try:
            if name is FormulaFunction.ROUND:
                _check_places(syntax, arguments[1:])
            kind = _comparison(types) if name in COMPARING else ROW_FUNCTIONS[name].result(types)
            if kind is None and name in COMPARING:
                kind = ROW_FUNCTIONS[name].result(types)
        except ValueError:
            shown = ", ".join("null" if known is None else known.value for known in types)
            raise Mistake("bad_expression.types", at=syntax.at, name=name.value, types=shown) from None
        return _folded(RowOperation(name, arguments, kind))


def _comparison(types: Sequence[Type]) -> Type:
    """An instant is compared with a day as its own day is. None for types of other kinds."""
    return ColumnType.BOOLEAN if set(types) == set(_TIMES) else None


def _written(constant: Constant) -> Constant:
    """A whole number that no column could hold is a number."""
    if type(constant.value) is int and abs(constant.value) > WHOLE_MAX:
        return Constant(Decimal(constant.value), ColumnType.NUMBER)
    return constant


def _with_times(function: FormulaFunction, arguments: tuple[RowFormula, ...]) -> tuple[RowFormula, ...]:
    """Texts beside a date or time are days or instants where they can be read as such."""
    kinds = {argument.type for argument in arguments}
    if kinds.isdisjoint(_TIMES):
        return arguments
    days = ColumnType.DATE in kinds or function in _READ_AS_DAYS
    instants = ColumnType.DATETIME in kinds
    return tuple(_time(argument, days, instants) for argument in arguments)


def _time(argument: RowFormula, days: bool, instants: bool) -> RowFormula:
    if not isinstance(argument, Constant) or argument.type is not ColumnType.TEXT:
        return argument
    try:
        if days and len(str(argument.value)) == len("2026-11-20"):
            return Constant(date.fromisoformat(day(argument.value) or ""), ColumnType.DATE)
        if instants:
            return Constant(instant(argument.value), ColumnType.DATETIME)
    except (BadValue, ValueError):
        pass
    return argument


def _folded(operation: RowOperation) -> RowFormula:
    """The value of an operation on written values alone, computed as calculations compute it."""
    written = [argument for argument in operation.arguments if isinstance(argument, Constant)]
    spec = FORMULA_FUNCTIONS.get(operation.function)
    if len(written) < len(operation.arguments) or spec is None or not isinstance(spec.computation, ByRow):
        return operation
    if any(constant.type in _TIMES for constant in written):
        return operation
    value = spec.computation.compute([constant.value for constant in written], operation.type)
    return Constant(value, operation.type)


def _check_places(syntax: Applied, places: Sequence[RowFormula]) -> None:
    for place in places:
        written = place.value if isinstance(place, Constant) else None
        if type(written) is not int or not 0 <= written <= ROUND_PLACES_MAX:
            raise Mistake("bad_expression.places", at=syntax.at, limit=ROUND_PLACES_MAX)
