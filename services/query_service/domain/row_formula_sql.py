"""Formulas as SQL expressions over the columns of a record. Values of the request travel as parameters.

How a value is held while a formula is computed:

* whole numbers are Int64 and numbers Float64: after each step what is not finite, or a whole number beyond 2^53, is
  null;
* amounts are decimals with 20 places, so that no product or quotient overflows; after each step what reaches 10^15 is
  null. The result is rounded half to even to 4 places once;
* a double becomes an amount by its shortest decimal, and an amount a double by its digits: the nearest one.

Every argument occurs in the text once: a formula of 60 levels would otherwise be as long as 2^60 of them.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from sqlglot import exp

from services.query_service.domain.formula import Constant, FormulaFunction, Type
from services.query_service.domain.grouping_sql import MakeParameter
from services.query_service.domain.nodes import constant, function, text_constant
from services.query_service.domain.predicates import Scalar, Value
from services.query_service.domain.row_formula_splitting import FormulaStep
from services.query_service.domain.row_formula_steps import (
    AMOUNT,
    AMOUNT_PLACES,
    DOUBLE,
    FACTOR_END,
    WHOLE,
    amount_of_double,
    cast,
    double_of_amount,
    kept_amount,
    kept_double,
    kept_text,
    kept_whole,
    quotient_of_amounts,
    rounded_double,
    settled_amount,
    settled_double,
)
from services.query_service.domain.row_formula_types import compared_as, is_exact
from services.query_service.domain.row_functions import COMPARING
from services.query_service.domain.row_terms import EarlierFormula, FieldOf, RowFormula, RowOperation
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import EXACT, engine_text

Leaf = Callable[[FieldOf | EarlierFormula], exp.Expr]

_HELD_AS = {
    ColumnType.TEXT: "String",
    ColumnType.INTEGER: WHOLE,
    ColumnType.NUMBER: DOUBLE,
    ColumnType.CURRENCY: AMOUNT,
    ColumnType.DATE: "Date32",
    ColumnType.DATETIME: "DateTime64(3, 'UTC')",
    ColumnType.BOOLEAN: "Bool",
}
_BINARY: dict[FormulaFunction, str] = {
    FormulaFunction.ADD: "plus",
    FormulaFunction.SUBTRACT: "minus",
    FormulaFunction.MULTIPLY: "multiply",
    FormulaFunction.EQ: "equals",
    FormulaFunction.NEQ: "notEquals",
    FormulaFunction.LT: "less",
    FormulaFunction.LTE: "lessOrEquals",
    FormulaFunction.GT: "greater",
    FormulaFunction.GTE: "greaterOrEquals",
    FormulaFunction.AND: "and",
    FormulaFunction.OR: "or",
}
_HOUR_MILLISECONDS = 3_600_000


class FormulaExpressions:
    """Renders formulas of one statement. `placeholder` makes a parameter of a value, `leaf` a column of a field or of
    an earlier formula; times are read in `zone`."""

    def __init__(self, placeholder: MakeParameter, leaf: Leaf, zone: str) -> None:
        self._placeholder = placeholder
        self._leaf = leaf
        self._zone = zone

    def step(self, asked: FormulaStep) -> exp.Expr:
        """The value of a step; within a formula as its type is held."""
        return self.value(asked.formula) if asked.whole else self._value(asked.formula)

    def value(self, formula: RowFormula) -> exp.Expr:
        """The value of a whole formula: null where no field of its type could hold it."""
        value, kind = self._value(formula), formula.type
        match kind:
            case ColumnType.NUMBER:
                return settled_double(value)
            case ColumnType.CURRENCY:
                return settled_amount(value)
            case ColumnType.TEXT:
                return function("nullIf", value, text_constant(""))
            case ColumnType.INTEGER | ColumnType.DATE | ColumnType.DATETIME | ColumnType.BOOLEAN:
                return cast(value, _HELD_AS[kind])
            case None | ColumnType.MULTISELECT:
                raise ValueError("a formula has one value of one type")
            case _:
                assert_never(kind)

    def _value(self, formula: RowFormula) -> exp.Expr:
        """Its value as its own type is held."""
        match formula:
            case Constant():
                return self._as(formula, formula.type)
            case FieldOf() | EarlierFormula():
                held = self._leaf(formula)
                return cast(held, AMOUNT) if formula.type is ColumnType.CURRENCY else held
            case RowOperation():
                return self._operation(formula)
            case _:
                assert_never(formula)

    def _as(self, formula: RowFormula, kind: Type) -> exp.Expr:
        """Its value as another type holds it."""
        if isinstance(formula, Constant):
            return self._constant(formula, kind or formula.type)
        value, own = self._value(formula), formula.type
        match own, kind:
            case ColumnType.INTEGER, ColumnType.NUMBER:
                return function("toFloat64", value)
            case ColumnType.CURRENCY, ColumnType.NUMBER:
                return double_of_amount(value)
            case ColumnType.INTEGER, ColumnType.CURRENCY:
                return cast(value, AMOUNT)
            case ColumnType.NUMBER, ColumnType.CURRENCY:
                return amount_of_double(value)
            case ColumnType.DATETIME, ColumnType.DATE:
                return function("toDate32", self._local(value))
            case None, _ if kind is not None:
                return cast(exp.Null(), _HELD_AS[kind])
            case _:
                return value

    def _constant(self, written: Constant, kind: Type) -> exp.Expr:
        if kind is None:
            return exp.Null()
        sent = _sent(written, kind)
        if sent is None:
            return cast(exp.Null(), _HELD_AS[kind])
        return self._placeholder(Value(sent, _HELD_AS[kind]))

    def _operation(self, asked: RowOperation) -> exp.Expr:
        name, arguments = asked.function, asked.arguments
        if name in COMPARING:
            kind = compared_as(arguments)
            return function(_BINARY[name], *(self._as(argument, kind) for argument in arguments))
        match name:
            case FormulaFunction.ADD | FormulaFunction.SUBTRACT | FormulaFunction.MULTIPLY | FormulaFunction.DIVIDE:
                return self._arithmetic(asked)
            case FormulaFunction.AND | FormulaFunction.OR:
                return function(_BINARY[name], *(self._as(argument, ColumnType.BOOLEAN) for argument in arguments))
            case FormulaFunction.IF | FormulaFunction.COALESCE:
                return self._chosen(asked)
            case FormulaFunction.ROUND:
                return self._rounded(asked)
            case _:
                return self._called(asked)

    def _chosen(self, asked: RowOperation) -> exp.Expr:
        branches = asked.arguments if asked.function is FormulaFunction.COALESCE else asked.arguments[1:]
        values = [self._as(branch, asked.type) for branch in branches]
        if asked.function is FormulaFunction.COALESCE:
            chosen = function("coalesce", *values)
        else:
            test = function("ifNull", self._as(asked.arguments[0], ColumnType.BOOLEAN), exp.false())
            chosen = function("if", test, *values)
        # A number may be more than any amount.
        became = asked.type is ColumnType.CURRENCY and any(branch.type is not asked.type for branch in branches)
        return kept_amount(chosen) if became else chosen

    def _called(self, asked: RowOperation) -> exp.Expr:
        values = [self._value(argument) for argument in asked.arguments]
        match asked.function:
            case FormulaFunction.NOT:
                return function("not", self._as(asked.arguments[0], ColumnType.BOOLEAN))
            case FormulaFunction.NEGATE:
                return function("negate", *values)
            case FormulaFunction.ABS:
                return cast(function("abs", *values), _HELD_AS[asked.type]) if asked.type else exp.Null()
            case FormulaFunction.DAYS_BETWEEN:
                days = (self._as(argument, ColumnType.DATE) for argument in asked.arguments)
                return function("dateDiff", text_constant("day"), *days)
            case FormulaFunction.HOURS_BETWEEN:
                start, end = (self._milliseconds(argument) for argument in asked.arguments)
                return function("divide", function("minus", end, start), constant(_HOUR_MILLISECONDS))
            case FormulaFunction.YEAR | FormulaFunction.MONTH:
                part = "toYear" if asked.function is FormulaFunction.YEAR else "toMonth"
                return cast(function(part, self._as(asked.arguments[0], ColumnType.DATE)), WHOLE)
            case FormulaFunction.CONCAT:
                return kept_text(function("concat", *(self._text(argument) for argument in asked.arguments)))
            case FormulaFunction.LOWER:
                return function("lowerUTF8", self._as(asked.arguments[0], ColumnType.TEXT))
            case FormulaFunction.LENGTH:
                return cast(function("lengthUTF8", self._as(asked.arguments[0], ColumnType.TEXT)), WHOLE)
            case _:
                raise ValueError(f"{asked.function} is not a function of formulas")

    def _arithmetic(self, asked: RowOperation) -> exp.Expr:
        left, right = asked.arguments
        kinds = {argument.type for argument in asked.arguments}
        name = asked.function
        if asked.type is ColumnType.CURRENCY:
            return self._of_amounts(name, left, right)
        if asked.type is ColumnType.INTEGER:
            wide = [function("toInt128", self._as(argument, asked.type)) for argument in asked.arguments]
            return kept_whole(function(_BINARY[name], *wide))
        if ColumnType.CURRENCY in kinds and all(is_exact(argument) for argument in asked.arguments):
            first, second = (self._as(argument, ColumnType.CURRENCY) for argument in asked.arguments)
            divided = name is FormulaFunction.DIVIDE
            exact = quotient_of_amounts(first, second) if divided else function("multiply", first, second)
            return kept_double(double_of_amount(exact))
        first, second = (self._as(argument, ColumnType.NUMBER) for argument in asked.arguments)
        if name is FormulaFunction.DIVIDE:
            return kept_double(_quotient(first, second))
        return kept_double(function(_BINARY[name], first, second))

    def _of_amounts(self, name: FormulaFunction, left: RowFormula, right: RowFormula) -> exp.Expr:
        first, second = (self._as(argument, ColumnType.CURRENCY) for argument in (left, right))
        match name:
            case FormulaFunction.MULTIPLY:
                product = function("multiply", first, second)
                return kept_amount(function("roundBankers", product, constant(AMOUNT_PLACES)))
            case FormulaFunction.DIVIDE:
                quotient = quotient_of_amounts(first, second)
                return kept_amount(function("roundBankers", quotient, constant(AMOUNT_PLACES)))
            case _:
                return kept_amount(function(_BINARY[name], first, second))

    def _rounded(self, asked: RowOperation) -> exp.Expr:
        value, places = asked.arguments[0], _places(asked.arguments[1:])
        match asked.type:
            case ColumnType.NUMBER:
                return rounded_double(self._as(value, ColumnType.NUMBER), places)
            case ColumnType.CURRENCY:
                return kept_amount(function("roundBankers", self._value(value), constant(places)))
            case _:
                return self._value(value)

    def _text(self, formula: RowFormula) -> exp.Expr:
        value = self._as(formula, formula.type or ColumnType.TEXT)
        return function("toString", value) if formula.type is ColumnType.INTEGER else value

    def _milliseconds(self, formula: RowFormula) -> exp.Expr:
        return function("toUnixTimestamp64Milli", self._as(formula, ColumnType.DATETIME))

    def _local(self, instant: exp.Expr) -> exp.Expr:
        return function("toTimeZone", instant, self._placeholder(Value(self._zone, "String")))


def _quotient(dividend: exp.Expr, divisor: exp.Expr) -> exp.Expr:
    return function("divide", dividend, function("nullIf", divisor, constant(0)))


def _places(written: tuple[RowFormula, ...]) -> int:
    return next((part.value for part in written if isinstance(part, Constant) and isinstance(part.value, int)), 0)


def _sent(written: Constant, kind: ColumnType) -> Scalar | None:
    """A written value as a parameter of the type in which it is held; None where that cannot hold it."""
    value = written.value
    if value is None:
        return None
    match kind:
        case ColumnType.NUMBER:
            return float(str(value))
        case ColumnType.CURRENCY:
            exact = Decimal(str(value))
            if abs(exact) >= FACTOR_END:
                return None
            return exact.quantize(Decimal(1).scaleb(-AMOUNT_PLACES), context=EXACT)
        case ColumnType.DATE:
            return str(value)
        case ColumnType.DATETIME if isinstance(value, datetime):
            return engine_text(value)
        case _:
            return value if isinstance(value, bool | int | str) else str(value)
