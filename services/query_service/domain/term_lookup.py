"""Looks up what a report is made of: fields of its objects, and the formulas that it declares."""

from collections.abc import Mapping

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.suggestions import did_you_mean, guess
from services.query_service.domain.calculations import Unsettled
from services.query_service.domain.catalog import Explore, Measure
from services.query_service.domain.column_types import aggregates_of
from services.query_service.domain.grouping_reading import grouping_of
from services.query_service.domain.lookup import Lookup, UnknownName, granularity_named
from services.query_service.domain.predicates import Operand
from services.query_service.domain.query import DimensionAsked, Name
from services.query_service.domain.report import MeasureColumn
from services.query_service.domain.row_formulas import formula_named
from services.query_service.domain.row_terms import DimensionColumn, FormulaOf, Term
from services.query_service.domain.terms import ColumnType

_MEASURED_AS = {
    ColumnType.TEXT: FieldType.TEXT,
    ColumnType.INTEGER: FieldType.NUMBER,
    ColumnType.NUMBER: FieldType.NUMBER,
    ColumnType.CURRENCY: FieldType.CURRENCY,
    ColumnType.DATE: FieldType.DATE,
    ColumnType.DATETIME: FieldType.DATETIME,
    ColumnType.BOOLEAN: FieldType.BOOLEAN,
}
"""As a field of which type a formula is measured."""
_NAME_SHOWN = 200


class TermLookup:
    """The names of one report. `formulas`: those that it declares, None where one was refused. Every method raises
    UnknownName, or Unsettled for a formula that was refused."""

    def __init__(self, lookup: Lookup, base: Explore, formulas: Mapping[str, FormulaOf | None]) -> None:
        self._lookup = lookup
        self._base = base
        self._formulas = formulas
        self._grouped: dict[str, DimensionColumn | None] = {}

    def _formula(self, name: str) -> FormulaOf | None:
        return formula_named(name, self._formulas) if self._formulas else None

    def term(self, name: Name) -> Term:
        """A field or a formula."""
        formula = self._formula(name.text)
        if formula is not None:
            return formula
        self._refuse_near_formula(name)
        return self._lookup.field(self._base, name)

    def tested(self, name: Name) -> Operand:
        """What a filter tests: a field, a formula, or the key of bins or groups."""
        if name.text not in self._grouped:
            return self.term(name)
        found = self._grouped[name.text]
        if found is None:
            raise Unsettled
        return found

    def dimension(self, asked: DimensionAsked) -> DimensionColumn:
        """A dimension, perhaps in a granularity that its type allows, or in bins or groups. Raises InvalidCondition for
        edges or values that do not fit."""
        if asked.name is None or asked.grouping is None:
            return self._plain_dimension(asked)
        self._grouped[asked.name.text] = None
        of = self.term(asked.field)
        found = DimensionColumn(of, grouping=grouping_of(of, asked.grouping), called=asked.name.text)
        self._grouped[found.name] = found
        return found

    def _plain_dimension(self, asked: DimensionAsked) -> DimensionColumn:
        formula = self._formula(asked.field.text)
        if formula is None:
            self._refuse_near_formula(asked.field)
            return self._lookup.dimension(self._base, asked)
        if asked.granularity is None:
            return DimensionColumn(formula)
        return DimensionColumn(formula, granularity_named(formula.name, formula.granularities, asked.granularity))

    def measure(self, name: Name) -> MeasureColumn:
        """A measure of an object, or of a formula: `hours_open.avg`."""
        source, dot, aggregate = name.text.partition(".")
        formula = self._formula(source)
        if formula is None:
            self._refuse_near_formula(Name(source, name.pointer), dot + aggregate)
            return self._lookup.measure(self._base, name)
        allowed = aggregates_of(_MEASURED_AS[formula.type])
        found = next((known for known in allowed if known == aggregate), None)
        if found is not None:
            field = FieldDef(slug=formula.name, label=formula.name, type=_MEASURED_AS[formula.type])
            return MeasureColumn(formula.side, Measure(formula.object, found, field), formula=formula)
        examples = [f"{formula.name}.{known}" for known in allowed]
        text = "unknown_field.formula_as_measure" if examples else "unknown_field.is_dimension"
        shown = {"name": name.text[:_NAME_SHOWN], "known": ", ".join(examples)}
        raise UnknownName(Problem("unknown_field", name.pointer, text, shown, guess(name.text, examples)))

    def _refuse_near_formula(self, name: Name, rest: str = "") -> None:
        """Refuse a bare name that is nothing, where a formula was probably meant."""
        if "." in name.text or name.text in self._lookup.catalog.explores:
            return
        meant = did_you_mean(name.text, self._formulas)
        if meant is not None:
            shown = {"name": (name.text + rest)[:_NAME_SHOWN]}
            raise UnknownName(Problem("unknown_field", name.pointer, "unknown_field.report", shown, meant + rest))
