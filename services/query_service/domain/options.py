"""Warnings for values that no record can have, because they are not options of their field."""

from collections.abc import Iterable, Sequence

from crosslook.contracts.field_types import takes_only_options
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.suggestions import guess
from services.query_service.domain.columns import SEPARATOR
from services.query_service.domain.formula import Constant, Formula, FormulaFunction, Operation, Reference, subformulas
from services.query_service.domain.operators import FILTER_OPERATORS
from services.query_service.domain.predicates import FieldOf, Operand
from services.query_service.domain.query import Condition, FilterOperator
from services.query_service.domain.report import DimensionColumn
from services.query_service.domain.terms import OperatorGroup

_VALUE_SHOWN = 100
_EMPTY = "null"
"""How the name of a column says that it stands under the empty value of a pivot."""


class OptionWarnings:
    """Collects them over one report, as many as a request may have problems: over the conditions of `filters` and
    `having`, over comparisons in calculations, and over names of pivoted columns such as `ticket.count|open`."""

    def __init__(self) -> None:
        self._found = Problems()
        self._known: dict[str, frozenset[str]] = {}
        self._columns: dict[str, FieldOf] = {}
        self._pivot: tuple[FieldOf, ...] = ()
        self._said: set[tuple[str, str, str]] = set()

    @property
    def found(self) -> tuple[Problem, ...]:
        """The warnings, each with the place of its value and the option that was probably meant."""
        return tuple(self._found)

    def over(self, dimensions: Iterable[DimensionColumn], pivot: Sequence[DimensionColumn]) -> None:
        """Which columns of the result hold values of fields, and under values of which its measures stand."""
        self._columns = {dimension.name: dimension.of for dimension in dimensions}
        self._pivot = tuple(dimension.of for dimension in pivot)

    def condition(self, operand: Operand, condition: Condition) -> None:
        """Look at one condition that was read: at its values, and at the column that it names."""
        if not isinstance(operand, FieldOf):
            self.column(operand.name, condition.field.pointer)
        of = operand if isinstance(operand, FieldOf) else self._columns.get(operand.name)
        if of is not None and _tests_values(condition):
            places = ((value, f"{condition.pointer}/values/{at}") for at, value in enumerate(condition.values))
            self._look_at(of, places)

    def calculation(self, formula: Formula, where: str) -> None:
        """Look at a calculation that was read: at what fields are compared with in it, and at the columns it names."""
        for part in subformulas(formula):
            if isinstance(part, Reference):
                self.column(part.name, where)
            if not isinstance(part, Operation) or part.operator not in (FormulaFunction.EQ, FormulaFunction.NEQ):
                continue
            named = [argument.name for argument in part.arguments if isinstance(argument, Reference)]
            texts = [(argument.value, where) for argument in part.arguments if isinstance(argument, Constant)]
            for of in (self._columns[name] for name in named if name in self._columns):
                self._look_at(of, ((value, place) for value, place in texts if isinstance(value, str)))

    def column(self, name: str, where: str) -> None:
        """Look at the values in the name of a pivoted column; where a value may hold the sign between them, at none."""
        values = name.split(SEPARATOR)[1:] if len(self._pivot) > 1 else name.split(SEPARATOR, 1)[1:]
        if len(values) != len(self._pivot):
            return
        for of, value in zip(self._pivot, values, strict=True):
            # Of columns that would be called the same the later ones have a number.
            plain, sign, _ = value.rpartition("#")
            known = {_EMPTY, *(option.value for option in of.field.options)}
            if value not in known and not (sign and plain in known):
                self._look_at(of, [(value, where)])

    def _look_at(self, of: FieldOf, values: Iterable[tuple[str, str]]) -> None:
        """The values, each with its place."""
        if not takes_only_options(of.field):
            return
        known = self._known.setdefault(of.name, frozenset(option.value for option in of.field.options))
        with self._found.reading():
            for value, where in values:
                said = (of.name, value, where)
                if value not in known and said not in self._said:
                    self._said.add(said)
                    shown = {"value": value[:_VALUE_SHOWN], "field": of.name}
                    meant = guess(value, known)
                    self._found.add(Problem("unknown_option", where, "unknown_option.condition", shown, meant))


def _tests_values(condition: Condition) -> bool:
    """Whether the condition names whole values of its field."""
    group = FILTER_OPERATORS[FilterOperator(condition.operator.text)].group
    return group in (OperatorGroup.EQUALITY, OperatorGroup.CHOICES)
