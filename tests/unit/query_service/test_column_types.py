"""One row for each type and each operator, and every row complete: dataclasses without defaults, so that mypy sees."""

from dataclasses import MISSING, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlglot import exp

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.schemas import FieldDef, FieldType
from services.query_service.domain.column_types import (
    COLUMN_TYPES,
    FIELD_USES,
    ColumnTypeSpec,
    FieldUse,
    column_type_of,
    operator_groups_of,
)
from services.query_service.domain.formula import FormulaFunction
from services.query_service.domain.formula_functions import (
    FORMULA_FUNCTIONS,
    ByColumn,
    ByRow,
    FormulaFunctionSpec,
    Notation,
    ordered,
    over_rows,
    over_totals,
)
from services.query_service.domain.nodes import DIALECT
from services.query_service.domain.operators import FILTER_OPERATORS, FilterOperatorSpec, operators_of_groups
from services.query_service.domain.query import FilterOperator
from services.query_service.domain.row_functions import ROW_FUNCTIONS
from services.query_service.domain.terms import Aggregate, ColumnType, OperatorGroup
from services.query_service.domain.zones import Zone

UTC_ZONE = Zone("UTC", UTC)
ENGINE_VALUES: dict[ColumnType, Any] = {
    ColumnType.TEXT: "open",
    ColumnType.INTEGER: 3,
    ColumnType.NUMBER: 4.25,
    ColumnType.CURRENCY: Decimal("12.5"),
    ColumnType.DATE: date(2026, 11, 20),
    ColumnType.DATETIME: datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    ColumnType.BOOLEAN: True,
    ColumnType.MULTISELECT: ["vip", "bug"],
}
TYPES = pytest.mark.parametrize("kind", ColumnType)


def test_every_type_and_every_operator_has_one_row() -> None:
    assert list(COLUMN_TYPES) == list(ColumnType)
    assert list(FIELD_USES) == list(FieldType)
    assert FILTER_OPERATORS.keys() == set(FilterOperator)
    assert {**FORMULA_FUNCTIONS, **ROW_FUNCTIONS}.keys() == set(FormulaFunction)


@pytest.mark.parametrize("row", [ColumnTypeSpec, FieldUse, FilterOperatorSpec, FormulaFunctionSpec])
def test_no_member_of_a_row_has_a_default(row: type) -> None:
    assert [
        member.name for member in fields(row) if (member.default, member.default_factory) != (MISSING, MISSING)
    ] == []


@TYPES
def test_a_value_survives_json_and_a_typed_file(kind: ColumnType) -> None:
    """What the engine gives, JSON shows; a file made of JSON holds what the engine gave."""
    spec, value = COLUMN_TYPES[kind], ENGINE_VALUES[kind]
    again = spec.from_json(spec.shown(value, UTC_ZONE))
    assert again == value
    column: Any = pa.array([again], spec.arrow("UTC"))
    assert column.to_pylist() == [value]


@TYPES
def test_a_value_survives_excel(kind: ColumnType) -> None:
    spec, value = COLUMN_TYPES[kind], ENGINE_VALUES[kind]
    shown = {ColumnType.DATETIME: datetime(2026, 11, 20, 9, 30), ColumnType.MULTISELECT: "vip; bug"}  # noqa: DTZ001  # the clock on the wall
    assert spec.excel(spec.shown(value, UTC_ZONE)) == shown.get(kind, value)
    assert spec.excel_width > 0


def test_what_excel_would_change_is_text() -> None:
    """An amount of 16 digits, and a day before its first one."""
    amount, instant = COLUMN_TYPES[ColumnType.CURRENCY].excel, COLUMN_TYPES[ColumnType.DATETIME].excel
    assert [amount("99999999999.9999"), amount("999999999999.9999")] == [99999999999.9999, "999999999999.9999"]
    assert COLUMN_TYPES[ColumnType.DATE].excel("1899-12-31") == "1899-12-31"
    assert instant("1900-01-01T12:00:00+00:00") == "1900-01-01T12:00:00+00:00"


@TYPES
def test_an_engine_file_selects_the_value(kind: ColumnType) -> None:
    """With the zone where instants are, and nowhere else."""
    sql = COLUMN_TYPES[kind].exported(exp.column("v"), exp.column("zone")).sql(DIALECT)
    assert "v" in sql
    assert ("zone" in sql) == (kind is ColumnType.DATETIME)


@TYPES
def test_a_computed_value_that_fits_is_held(kind: ColumnType) -> None:
    assert COLUMN_TYPES[kind].held(ENGINE_VALUES[kind]) == ENGINE_VALUES[kind]


@TYPES
def test_only_types_in_an_order_are_asked_for_an_order(kind: ColumnType) -> None:
    spec = COLUMN_TYPES[kind]
    assert spec.ordered or OperatorGroup.ORDER not in spec.operators
    assert spec.ordered or spec.arithmetic is None
    assert (OperatorGroup.TIME in spec.operators) == bool(spec.granularities)
    assert COLUMN_TYPES[spec.change].change is spec.change


@pytest.mark.parametrize("kind", FieldType)
def test_a_field_brings_measures_that_fit_its_values(kind: FieldType) -> None:
    use = FIELD_USES[kind]
    sums = {Aggregate.SUM, Aggregate.AVG, Aggregate.MEDIAN}
    assert COLUMN_TYPES[use.column_type].arithmetic is not None or not sums & set(use.aggregates)
    assert Aggregate.COUNT not in use.aggregates
    assert MESSAGES[use.measures_text].render("en", {})


@pytest.mark.parametrize("kind", FieldType)
def test_a_field_has_operators_and_each_of_them_once(kind: FieldType) -> None:
    known = operators_of_groups(operator_groups_of(kind))
    assert {FilterOperator.IS_EMPTY, FilterOperator.IS_NOT_EMPTY} <= set(known)
    assert len(known) == len(set(known))
    assert (FilterOperator.ANY_OF in known) == FIELD_TYPES[kind].several


def test_a_column_cannot_be_asked_for_choices() -> None:
    assert [kind for kind, spec in COLUMN_TYPES.items() if OperatorGroup.CHOICES in spec.operators] == []


def test_the_type_of_a_dimension_is_that_of_one_value() -> None:
    assert column_type_of(FieldDef(slug="tags", type=FieldType.MULTISELECT)) is ColumnType.TEXT


@pytest.mark.parametrize("operator", FilterOperator)
def test_an_operator_for_several_values_takes_several(operator: FilterOperator) -> None:
    spec = FILTER_OPERATORS[operator]
    if spec.several is not None:
        other = FILTER_OPERATORS[spec.several]
        assert (other.count, other.group, other.negative) == (None, spec.group, spec.negative)


@pytest.mark.parametrize("operator", FilterOperator)
def test_a_negative_operator_turns_a_positive_one_around(operator: FilterOperator) -> None:
    spec = FILTER_OPERATORS[operator]
    positive = [other for other in FILTER_OPERATORS.values() if not other.negative and other.group is spec.group]
    assert not spec.negative or spec.count in {other.count for other in positive}


@pytest.mark.parametrize("function", FORMULA_FUNCTIONS)
def test_a_function_takes_the_arguments_of_its_notation(function: FormulaFunction) -> None:
    spec = FORMULA_FUNCTIONS[function]
    before = spec.notation in (Notation.MINUS_BEFORE, Notation.NOT)
    assert 1 <= spec.fewest <= spec.most
    assert spec.notation is Notation.CALL or (spec.fewest, spec.most) == ((1, 1) if before else (2, 2))


@pytest.mark.parametrize("function", FORMULA_FUNCTIONS)
def test_a_function_of_empty_values_is_empty_where_it_must_be(function: FormulaFunction) -> None:
    """Only `and` and `or` can know their result without a value."""
    spec = FORMULA_FUNCTIONS[function]
    if isinstance(spec.computation, ByRow):
        assert spec.computation.compute([None] * spec.fewest, ColumnType.NUMBER) is None
    if isinstance(spec.computation, ByColumn):
        nothing: list[Any] = [None, None]
        columns = [nothing, [2, 2]][: spec.fewest]
        assert spec.computation.compute(columns, ColumnType.NUMBER) == [None, None]
    assert spec.result([None] * spec.fewest) in (None, ColumnType.BOOLEAN, ColumnType.INTEGER, ColumnType.NUMBER)


def test_which_functions_look_at_other_rows() -> None:
    """A rank counts rows whatever their order, so rows can be sorted by it."""
    assert [name.value for name in FORMULA_FUNCTIONS if over_rows(name)] == [
        "previous",
        "running_total",
        "moving_average",
        "rank",
    ]
    assert [name.value for name in FORMULA_FUNCTIONS if ordered(name)] == [
        "previous",
        "running_total",
        "moving_average",
    ]
    assert [name.value for name in FORMULA_FUNCTIONS if over_totals(name)] == ["total"]
