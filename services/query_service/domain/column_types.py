"""What reports can do with each type: one row per column type, and one per field type (CONTRACTS 5, ARCHITECTURE 7).

How a field type is converted, stored and extracted is its row in `crosslook/contracts/field_types.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from sqlglot import exp

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.shown import money
from crosslook.contracts.values import day
from services.query_service.domain import values
from services.query_service.domain.nodes import constant, function
from services.query_service.domain.terms import Aggregate, Arithmetic, ColumnType, Granularity, OperatorGroup
from services.query_service.domain.values import Cell, ExcelCell
from services.query_service.domain.zones import Zone


@dataclass(frozen=True, slots=True)
class Parameter:
    """How a value of a condition is read (`read` raises BadValue), and as which type the engine is sent it."""

    read: Callable[[Any], Any]
    engine_type: str


@dataclass(frozen=True, slots=True)
class ColumnTypeSpec:
    """One column type; None, the empty value, never gets here.

    `operators` test it, `granularities` truncate it. `arithmetic`: the numbers in which it is calculated, None where it
    is not a number. `ordered`: calculations may rank it and compare its order. `change`: what the difference of two
    values is. `parameter` is for conditions on a field, `column_parameter` for those on a column of the result, on the
    beginning of a period and on the edge of a bin, which may be beyond the values of a field. `held`: a computed value,
    None where no column can hold it.

    `shown`: the engine's value as JSON has it. Files that the engine makes select `exported`, an expression over the
    value and the name of the report's zone; the others are made from what JSON has: `csv`, `excel` and `from_json`, a
    value of the type `arrow`, which depends on the zone.
    """

    operators: tuple[OperatorGroup, ...]
    granularities: tuple[Granularity, ...]
    arithmetic: Arithmetic | None
    ordered: bool
    change: ColumnType
    parameter: Parameter
    column_parameter: Parameter
    held: Callable[[Any], Any]
    shown: Callable[[Any, Zone], Cell]
    exported: Callable[[exp.Expr, exp.Expr], exp.Expr]
    csv: Callable[[Cell], Cell]
    excel: Callable[[Cell], ExcelCell]
    excel_format: str | None
    excel_width: int
    arrow: Callable[[str], pa.DataType]
    from_json: Callable[[Any], Any]


_SCALE = 4
_MILLISECONDS = 3


def _as_is(value: exp.Expr, _: exp.Expr) -> exp.Expr:
    return value


def _number_exported(value: exp.Expr, _: exp.Expr) -> exp.Expr:
    return exp.Add(this=function("toFloat64", value), expression=constant(0))  # minus zero is zero


def _instant_exported(value: exp.Expr, zone: exp.Expr) -> exp.Expr:
    return function("toTimeZone", function("toDateTime64", value, constant(_MILLISECONDS)), zone)


_DAYS = tuple(part for part in Granularity if part not in (Granularity.HOUR, Granularity.HOUR_OF_DAY))
_ANY = (OperatorGroup.EQUALITY, OperatorGroup.EMPTINESS)
_ORDERED = (*_ANY, OperatorGroup.ORDER)
_TEXT = Parameter(values.text, "String")
_NUMBER = Parameter(values.field_number, "Float64")
_COLUMN_NUMBER = Parameter(values.any_number, "Float64")
_DAY = Parameter(day, "Date32")
_COLUMN_DAY = Parameter(values.any_day, "Date32")
_INSTANT = Parameter(values.instant_text, "DateTime64(3, 'UTC')")
_COLUMN_INSTANT = Parameter(values.any_instant_text, "DateTime64(3, 'UTC')")
_FLAG = Parameter(values.flag, "Bool")

COLUMN_TYPES: Mapping[ColumnType, ColumnTypeSpec] = {
    ColumnType.TEXT: ColumnTypeSpec(
        operators=(*_ANY, OperatorGroup.PARTS),
        granularities=(),
        arithmetic=None,
        ordered=True,
        change=ColumnType.TEXT,
        parameter=_TEXT,
        column_parameter=_TEXT,
        held=values.same,
        shown=lambda value, _: str(value),
        exported=_as_is,
        csv=values.harmless,
        excel=str,
        excel_format=None,
        excel_width=24,
        arrow=lambda _: pa.string(),
        from_json=values.same,
    ),
    ColumnType.INTEGER: ColumnTypeSpec(
        operators=_ORDERED,
        granularities=(),
        arithmetic=Arithmetic.WHOLE,
        ordered=True,
        change=ColumnType.INTEGER,
        parameter=_NUMBER,
        column_parameter=_COLUMN_NUMBER,
        held=values.held_integer,
        shown=lambda value, _: int(value),
        exported=lambda value, _: function("toInt64", value),
        csv=values.same,
        excel=values.double,
        excel_format=None,
        excel_width=14,
        arrow=lambda _: pa.int64(),
        from_json=values.same,
    ),
    ColumnType.NUMBER: ColumnTypeSpec(
        operators=_ORDERED,
        granularities=(),
        arithmetic=Arithmetic.DOUBLE,
        ordered=True,
        change=ColumnType.NUMBER,
        parameter=_NUMBER,
        column_parameter=_COLUMN_NUMBER,
        held=values.held_number,
        shown=lambda value, _: values.double(value),
        exported=_number_exported,
        csv=values.same,
        excel=values.double,
        excel_format=None,
        excel_width=14,
        arrow=lambda _: pa.float64(),
        from_json=values.same,
    ),
    ColumnType.CURRENCY: ColumnTypeSpec(
        operators=_ORDERED,
        granularities=(),
        arithmetic=Arithmetic.DECIMAL,
        ordered=True,
        change=ColumnType.CURRENCY,
        parameter=Parameter(values.field_amount, "Decimal(19, 4)"),
        column_parameter=Parameter(values.any_amount, "Decimal(38, 4)"),
        held=values.held_amount,
        shown=lambda value, _: money(value),
        exported=lambda value, _: function("toDecimal128", value, constant(_SCALE)),
        csv=values.same,
        excel=values.excel_amount,
        excel_format="#,##0.00##",
        excel_width=14,
        arrow=lambda _: pa.decimal128(38, _SCALE),
        from_json=Decimal,
    ),
    ColumnType.DATE: ColumnTypeSpec(
        operators=(*_ORDERED, OperatorGroup.TIME),
        granularities=_DAYS,
        arithmetic=None,
        ordered=True,
        change=ColumnType.INTEGER,
        parameter=_DAY,
        column_parameter=_COLUMN_DAY,
        held=values.same,
        shown=lambda value, _: str(value.isoformat()),
        exported=lambda value, _: function("toDate32", value),
        csv=values.same,
        excel=values.excel_day,
        excel_format="yyyy-mm-dd",
        excel_width=14,
        arrow=lambda _: pa.date32(),
        from_json=date.fromisoformat,
    ),
    ColumnType.DATETIME: ColumnTypeSpec(
        operators=(*_ORDERED, OperatorGroup.TIME),
        granularities=tuple(Granularity),
        arithmetic=None,
        ordered=True,
        change=ColumnType.NUMBER,
        parameter=_INSTANT,
        column_parameter=_COLUMN_INSTANT,
        held=values.same,
        shown=lambda value, zone: zone.shown(value),
        exported=_instant_exported,
        csv=values.same,
        excel=values.excel_instant,
        excel_format="yyyy-mm-dd hh:mm:ss",
        excel_width=19,
        arrow=lambda zone: pa.timestamp("ms", tz=zone),
        from_json=datetime.fromisoformat,
    ),
    ColumnType.BOOLEAN: ColumnTypeSpec(
        operators=_ANY,
        granularities=(),
        arithmetic=None,
        ordered=False,
        change=ColumnType.BOOLEAN,
        parameter=_FLAG,
        column_parameter=_FLAG,
        held=values.same,
        shown=lambda value, _: bool(value),
        exported=_as_is,
        csv=values.lower_case,
        excel=bool,
        excel_format=None,
        excel_width=14,
        arrow=lambda _: pa.bool_(),
        from_json=values.same,
    ),
    ColumnType.MULTISELECT: ColumnTypeSpec(
        operators=(),
        granularities=(),
        arithmetic=None,
        ordered=False,
        change=ColumnType.MULTISELECT,
        parameter=_TEXT,
        column_parameter=_TEXT,
        held=values.same,
        shown=lambda value, _: values.texts(value),
        exported=_as_is,
        csv=lambda value: values.harmless(values.joined_texts(value)),
        excel=values.joined_texts,
        excel_format=None,
        excel_width=24,
        arrow=lambda _: pa.list_(pa.string()),
        from_json=values.same,
    ),
}


@dataclass(frozen=True, slots=True)
class FieldUse:
    """What reports do with the fields of one type: the column type of its dimension (that of one value, where a record
    has several) and the measures that it brings. `measures_text` names the sentence that says so."""

    column_type: ColumnType
    aggregates: tuple[Aggregate, ...]
    measures_text: str


_FIGURES = (
    Aggregate.SUM,
    Aggregate.AVG,
    Aggregate.MIN,
    Aggregate.MAX,
    Aggregate.MEDIAN,
    Aggregate.P90,
    Aggregate.P95,
    Aggregate.STDDEV,
)
_ENDS = (Aggregate.MIN, Aggregate.MAX)
_DISTINCT = (Aggregate.COUNT_DISTINCT,)

FIELD_USES: Mapping[FieldType, FieldUse] = {
    FieldType.TEXT: FieldUse(ColumnType.TEXT, _DISTINCT, "measures_of.text"),
    FieldType.TEXTAREA: FieldUse(ColumnType.TEXT, _DISTINCT, "measures_of.textarea"),
    FieldType.NUMBER: FieldUse(ColumnType.NUMBER, _FIGURES, "measures_of.number"),
    FieldType.CURRENCY: FieldUse(ColumnType.CURRENCY, _FIGURES, "measures_of.currency"),
    FieldType.DATE: FieldUse(ColumnType.DATE, _ENDS, "measures_of.date"),
    FieldType.DATETIME: FieldUse(ColumnType.DATETIME, _ENDS, "measures_of.datetime"),
    FieldType.DROPDOWN: FieldUse(ColumnType.TEXT, _DISTINCT, "measures_of.dropdown"),
    FieldType.MULTISELECT: FieldUse(ColumnType.TEXT, _DISTINCT, "measures_of.multiselect"),
    FieldType.BOOLEAN: FieldUse(ColumnType.BOOLEAN, (), "measures_of.boolean"),
}


def column_type_of(field: FieldDef) -> ColumnType:
    """The values of the field's dimension."""
    return FIELD_USES[field.type].column_type


def aggregates_of(kind: FieldType) -> tuple[Aggregate, ...]:
    """The measures that a field of this type brings."""
    return FIELD_USES[kind].aggregates


def granularities_of(kind: FieldType) -> tuple[Granularity, ...]:
    """The granularities that a field of this type can be asked in; empty for what is not a time."""
    return COLUMN_TYPES[FIELD_USES[kind].column_type].granularities


def operator_groups_of(kind: FieldType) -> tuple[OperatorGroup, ...]:
    """The operators that may test a field of this type."""
    if FIELD_TYPES[kind].several:
        return (OperatorGroup.CHOICES, OperatorGroup.EMPTINESS)
    return COLUMN_TYPES[FIELD_USES[kind].column_type].operators
