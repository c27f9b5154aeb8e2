"""Reads what the columns of a report are made of from JSON: dimensions, measures, pivots, calculations."""

from typing import Any

from crosslook.contracts.problems import pointer
from crosslook.contracts.reading import Reader
from services.query_service.domain.condition_parsing import ConditionParser, name_at
from services.query_service.domain.grouping_parsing import read_grouping
from services.query_service.domain.groupings import GROUPING_MEMBERS
from services.query_service.domain.query import CalculationAsked, DimensionAsked, FormulaAsked, MeasureAsked, Name
from services.query_service.domain.shorthand import ALSO_CALLED, measure_meant

MAX_COLUMNS = 100
MAX_PIVOT = 2
MAX_FILTERED = 20
"""Most measures with filters of their own."""
_FILTERED = ("measure", "name", "filters")
MAX_FORMULAS = 20


def read_dimensions(reader: Reader, name: str = "dimensions") -> tuple[DimensionAsked, ...]:
    """The dimensions in a member, without those whose shape is wrong."""
    array = "wrong_type.dimensions"
    if name == "pivot":
        sent = reader.elements(name, MAX_PIVOT, "bad_value", "bad_value.pivots", array=array)
    else:
        sent = reader.elements(name, MAX_COLUMNS, "too_many_columns", "", array=array)
    read = (_dimension(reader, dimension, name, index) for index, dimension in enumerate(sent or ()))
    return tuple(dimension for dimension in read if dimension is not None)


def _dimension(parent: Reader, sent: Any, name: str, index: int) -> DimensionAsked | None:
    if type(sent) is str and sent:
        return DimensionAsked(Name(sent, pointer(name, index)))
    if type(sent) is not dict:
        parent.refuse("wrong_type", name, index, text="wrong_type.dimension")
        return None
    reader = Reader(sent, (*parent.at, name, index), parent.problems)
    reader.close(("field", "granularity", "name", *GROUPING_MEMBERS), others=ALSO_CALLED)
    field, granularity = name_at(reader, "field", required=True), name_at(reader, "granularity")
    known = len(reader.problems)
    grouping = read_grouping(reader) if not reader.sent.keys().isdisjoint(GROUPING_MEMBERS) else None
    called = name_at(reader, "name", required=grouping is not None)
    if called is not None and grouping is None and len(reader.problems) == known:
        reader.refuse("bad_value", "name", text="bad_value.without_grouping", values={"name": "name"})
    return DimensionAsked(field, granularity, called, grouping) if field and len(reader.problems) == known else None


def read_measures(reader: Reader, conditions: ConditionParser) -> tuple[MeasureAsked, ...]:
    """The measures, without those whose shape is wrong."""
    array = "wrong_type.measures"
    asked = reader.elements("measures", MAX_COLUMNS, "too_many_columns", "", array=array) or []
    filtered = sum(_is_filtered(sent) for sent in asked)
    if filtered > MAX_FILTERED:
        shown = {"limit": MAX_FILTERED, "count": filtered}
        reader.refuse("too_many_columns", "measures", text="too_many_columns.filtered", values=shown)
        reader.problems.leave_unread()
        return ()
    read = (_measure(reader, sent, index, conditions) for index, sent in enumerate(asked))
    return tuple(measure for measure in read if measure is not None)


def _is_filtered(sent: Any) -> bool:
    return type(sent) is dict and not sent.keys().isdisjoint(_FILTERED)


def _measure(parent: Reader, sent: Any, index: int, conditions: ConditionParser) -> MeasureAsked | None:
    if type(sent) is str and sent:
        return MeasureAsked(Name(sent, pointer("measures", index)))
    if not _is_filtered(sent):
        meant = measure_meant(sent)
        parent.refuse("wrong_type", "measures", index, text="wrong_type.measure", suggestion=meant)
        return None
    reader = Reader(sent, (*parent.at, "measures", index), parent.problems)
    reader.close(_FILTERED, others=ALSO_CALLED)
    measure, name = name_at(reader, "measure", required=True), name_at(reader, "name", required=True)
    filters = conditions.conditions(reader, "filters")
    return MeasureAsked(measure, name, filters) if measure and name else None


def read_pivot(reader: Reader) -> tuple[DimensionAsked, ...]:
    """The dimensions of a pivot, which needs a measure."""
    asked = read_dimensions(reader, "pivot")
    if asked and not reader.value("measures"):
        reader.refuse("required_missing", "measures", text="required_missing.pivoted")
    return asked


def read_formulas(reader: Reader) -> tuple[FormulaAsked, ...]:
    """The formulas, without those whose shape is wrong."""
    shape, array = "wrong_type.formula", "wrong_type.formulas"
    items = reader.items("formulas", MAX_FORMULAS, "bad_value", "bad_value.formulas", shape=shape, array=array)
    found = (_expression(formula, pointer("formulas", index)) for index, formula in items or ())
    return tuple(FormulaAsked(*formula) for formula in found if formula is not None)


def _expression(reader: Reader, where: str) -> tuple[Name, Name, str] | None:
    """A name, what it is the name of, and where both stand."""
    reader.close(("name", "expression"), others=ALSO_CALLED)
    name, expression = name_at(reader, "name", required=True), name_at(reader, "expression", required=True)
    return (name, expression, where) if name and expression else None


def read_calculations(reader: Reader) -> tuple[CalculationAsked, ...]:
    """The calculations, without those whose shape is wrong."""
    shape, array = "wrong_type.calculation", "wrong_type.calculations"
    items = reader.items("calculations", MAX_COLUMNS, "too_many_columns", "", shape=shape, array=array)
    found = (_expression(calculation, pointer("calculations", index)) for index, calculation in items or ())
    return tuple(CalculationAsked(*calculation) for calculation in found if calculation is not None)
