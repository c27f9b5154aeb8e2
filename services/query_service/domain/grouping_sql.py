"""The keys of bins and groups as SQL expressions."""

from collections.abc import Callable
from decimal import Decimal
from typing import assert_never

from sqlglot import exp

from services.query_service.domain.groupings import Bins, Grouping, ValueGroups, Width
from services.query_service.domain.nodes import bound_to, constant, function, text_constant
from services.query_service.domain.predicates import Value
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import WHOLE_MAX

MakeParameter = Callable[[Value], exp.Expr]
"""Makes the placeholder of a value in a statement."""
_UNITS = 10_000
_NEARBY = (-2, -1, 0, 1, 2)
"""A quotient of two doubles below 2^53 is off by two at the most."""
_FAST_MAX = 2**52


def key_of(value: exp.Expr, kind: ColumnType, grouping: Grouping, placeholder: MakeParameter) -> exp.Expr:
    """The key of a value, null where it is null."""
    match grouping:
        case Bins():
            key = _bin(value, grouping, placeholder)
        case Width(width) if kind is ColumnType.CURRENCY:
            return _amount_edge(value, width)
        case Width(width):
            value = function("toFloat64", value)
            key = _edge(value, width, placeholder)
        case ValueGroups():
            key = group_of(function("assumeNotNull", _as_text(value, kind)), grouping, placeholder)
        case _:
            assert_never(grouping)
    return function("if", function("isNull", value.copy()), exp.Null(), key)


def group_of(text: exp.Expr, groups: ValueGroups, placeholder: MakeParameter) -> exp.Expr:
    """The group of a text that is not null."""
    keys = groups.keys_by_value
    values = placeholder(Value(tuple(keys), "Array(String)"))
    names = placeholder(Value(tuple(keys.values()), "Array(String)"))
    rest = text.copy() if groups.others is None else placeholder(Value(groups.others, "String"))
    return function("transform", text, values, names, rest)


def _as_text(value: exp.Expr, kind: ColumnType) -> exp.Expr:
    return value if kind is ColumnType.TEXT else function("toString", value)


def _bin(value: exp.Expr, bins: Bins, placeholder: MakeParameter) -> exp.Expr:
    """The key at the place that is the number of edges up to the value."""
    reached = exp.LTE(this=exp.column("edge"), expression=value)
    passes = exp.Lambda(this=function("ifNull", reached, exp.false()), expressions=[exp.to_identifier("edge")])
    edges = placeholder(Value(bins.edges, f"Array({bins.engine_type})"))
    place = function("plus", function("arrayCount", passes, edges), constant(1))
    return function("arrayElement", placeholder(Value(bins.keys, "Array(String)")), place)


def _amount_edge(value: exp.Expr, width: Decimal) -> exp.Expr:
    units = function("toInt128", function("multiply", value, constant(_UNITS)))
    past = function("positiveModulo", units, function("toInt128", text_constant(str(int(width * _UNITS)))))
    edge = function("toDecimal128", function("minus", units.copy(), past), constant(4))
    return function("divide", edge, constant(_UNITS))


def _edge(value: exp.Expr, width: Decimal, placeholder: MakeParameter) -> exp.Expr:
    """The greatest edge up to a number. Where the width is below the distance of neighbouring doubles, every number is
    an edge."""
    double = placeholder(Value(float(width), "Float64"))
    steps = function("floor", function("divide", value, double))
    edge = bound_to(steps, "steps", lambda step: _greatest(value, step, width))
    dense = exp.GTE(
        this=function("abs", value.copy()), expression=function("multiply", double.copy(), constant(WHOLE_MAX))
    )
    return function("plus", function("if", dense, value.copy(), edge), constant(0))


def _greatest(value: exp.Expr, step: exp.Expr, width: Decimal) -> exp.Expr:
    offsets = exp.Array(expressions=[constant(offset) for offset in _NEARBY])
    made = exp.Lambda(this=_edge_at(value, step, width), expressions=[exp.to_identifier("offset")])
    reached = function("ifNull", exp.LTE(this=exp.column("edge"), expression=value.copy()), exp.false())
    passes = exp.Lambda(this=reached, expressions=[exp.to_identifier("edge")])
    return function("arrayMax", function("arrayFilter", passes, function("arrayMap", made, offsets)))


def _edge_at(value: exp.Expr, step: exp.Expr, width: Decimal) -> exp.Expr:
    """The double nearest to a whole number of widths: a quotient of two exact doubles, or the reading of a decimal."""
    places = max(0, -int(width.as_tuple().exponent))
    number = function("plus", step, exp.column("offset"))
    scaled = function("multiply", number, constant(int(width.scaleb(places))))
    quotient = function("divide", scaled, constant(10**places))
    whole = function("toDecimal256", function("toInt64", number.copy()), constant(0))
    exact = function("multiply", whole, function("toDecimal256", text_constant(f"{width:f}"), constant(places)))
    read = function("toFloat64", function("toString", exact))
    small = function("multiply", function("abs", value.copy()), constant(10**places))
    return function("if", exp.LT(this=small, expression=constant(_FAST_MAX)), quotient, read)
