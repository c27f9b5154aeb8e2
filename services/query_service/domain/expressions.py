"""Fields, dimensions and predicates as SQL expressions. Predicates are two-valued: an empty operand makes the positive
ones false, so that a negation keeps empties (meaning 4). Values travel as server-side parameters: placeholders in
the tree, never text in the SQL."""

from collections.abc import Callable
from functools import lru_cache
from typing import assert_never

from sqlglot import exp

from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.built_in import RECORD_ID, UPDATED_AT, row_column
from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.grouping_sql import group_of, key_of
from services.query_service.domain.groupings import Bins, ValueGroups
from services.query_service.domain.moving import MOVED_COLUMN
from services.query_service.domain.nodes import DIALECT, column, constant, function, text_constant
from services.query_service.domain.predicates import (
    ColumnOf,
    Compare,
    Comparison,
    Every,
    Holds,
    IsEmpty,
    Matches,
    Not,
    OneOf,
    Operand,
    Predicate,
    Scalar,
    Some,
    Value,
)
from services.query_service.domain.row_terms import DimensionColumn, FieldOf, FormulaOf, Term
from services.query_service.domain.terms import Arithmetic, ColumnType, Granularity
from services.query_service.domain.truncation import full_hour, truncated


class Parameters:
    """The server-side parameters of one statement. Equal values of one type share a placeholder."""

    def __init__(self) -> None:
        self._names: dict[Value, str] = {}

    def placeholder(self, value: Value) -> exp.Expr:
        """The tree node that stands for the value: `{p0: String}`."""
        name = self._names.setdefault(value, f"p{len(self._names)}")
        return exp.Placeholder(this=exp.var(name), kind=_kind(value.type).copy())

    def values(self) -> dict[str, Scalar | list[Scalar]]:
        """The values by placeholder name, as the driver takes them."""
        return {
            name: list(value.value) if isinstance(value.value, tuple) else value.value
            for value, name in self._names.items()
        }


@lru_cache(maxsize=64)  # reading a type is the dearest part of a placeholder, and there are few types
def _kind(name: str) -> exp.DataType:
    return exp.DataType.build(name, dialect=DIALECT)


_COMPARE: dict[Comparison, type[exp.Binary]] = {
    Comparison.EQ: exp.EQ,
    Comparison.LT: exp.LT,
    Comparison.LTE: exp.LTE,
    Comparison.GT: exp.GT,
    Comparison.GTE: exp.GTE,
}


class Expressions:
    """The expressions of one statement. `column_name` gives the alias of a result column, for `having`; `moved`: the
    field of which they read the moved value; `formulas`: how the columns of formulas begin that are made of it."""

    def __init__(
        self,
        parameters: Parameters,
        zone: str,
        week_start: WeekStart,
        column_name: Callable[[str], str],
        moved: FieldOf | None = None,
        formulas: str = "formula_",
    ) -> None:
        self._parameters = parameters
        self._zone = zone
        self._week_start = week_start
        self._column_name = column_name
        self._moved = moved
        self._formulas = formulas

    def formula_column(self, name: str) -> str:
        """The column of the rows that holds a formula of this name."""
        return f"{self._formulas}{name}"

    def value(self, of: Term) -> exp.Expr:
        """A field's value, null when empty; the list of a multiselect. A formula is a column of the rows."""
        if isinstance(of, FormulaOf):
            return column(self.formula_column(of.name), of.side.value)
        raw = column(MOVED_COLUMN if of == self._moved else row_column(of.field), of.side.value)
        if of.field == RECORD_ID:
            return raw
        if of.field == UPDATED_AT:
            # Its column cannot be null, and the greatest of no values would be the engine's zero.
            return function("toNullable", raw)
        if of.type is ColumnType.TEXT and not of.several:
            return function("nullIf", raw, text_constant(""))
        return raw

    def dimension(self, asked: DimensionColumn) -> exp.Expr:
        """What a dimension groups by."""
        if asked.several:
            # An empty list is one row under null; each value of a list is a row (meaning 5).
            return function("arrayJoin", function("emptyArrayToSingle", _of_nullable(self._list(asked))))
        value, kind = self.value(asked.of), asked.of.type
        if asked.grouping is not None:
            by_day = isinstance(asked.grouping, Bins) and asked.grouping.by_day
            tested = function("toDate32", self.local(value)) if by_day else value
            return key_of(tested, kind, asked.grouping, self._parameter)
        if COLUMN_TYPES[kind].arithmetic is Arithmetic.DOUBLE:
            # Minus zero is zero, but the engine groups by bits.
            return exp.Add(this=value, expression=constant(0))
        match kind:
            case ColumnType.DATETIME if asked.granularity is Granularity.HOUR:
                return full_hour(value, self.local)
            case ColumnType.DATETIME if asked.granularity is not None:
                return truncated(self.local(value), asked.granularity, self._week_start)
            case _:
                return value if asked.granularity is None else truncated(value, asked.granularity, self._week_start)

    def _list(self, asked: FieldOf | DimensionColumn) -> exp.Expr:
        """The list of a multiselect; in groups, each of them once, so that a record stands once in each."""
        if isinstance(asked, FieldOf):
            return self.value(asked)
        values, groups = self.value(asked.of), asked.grouping
        if not isinstance(groups, ValueGroups):
            return values
        group = group_of(exp.column("option"), groups, self._parameter)
        grouped = function("arrayMap", exp.Lambda(this=group, expressions=[exp.to_identifier("option")]), values)
        return function("arrayDistinct", grouped)

    def predicate(self, asked: Predicate) -> exp.Expr:
        """A condition that is true or false, never null."""
        match asked:
            case Every(parts):
                return _joined(exp.and_, [self.predicate(part) for part in parts], exp.true())
            case Some(parts):
                return _joined(exp.or_, [self.predicate(part) for part in parts], exp.false())
            case Not(inner):
                return exp.not_(self.predicate(inner))
            case IsEmpty(operand):
                return self._is_empty(operand)
            case Compare(operand, comparison, value, by_day):
                compared = _COMPARE[comparison](this=self._operand(operand, by_day), expression=self._parameter(value))
                return _false_when_null(compared, operand)
            case OneOf(operand, values, by_day):
                within = exp.In(this=self._operand(operand, by_day), field=self._parameter(values))
                return _false_when_null(within, operand)
            case Matches():
                return self._matches(asked)
            case Holds(operand, every, values):
                return function("hasAll" if every else "hasAny", self._list(operand), self._parameter(values))
            case _:
                assert_never(asked)

    def _parameter(self, value: Value) -> exp.Expr:
        return self._parameters.placeholder(value)

    def _operand(self, operand: Operand, by_day: bool = False) -> exp.Expr:
        match operand:
            case ColumnOf():
                plain: exp.Expr = column(self._column_name(operand.name))
            case DimensionColumn():
                plain = self.dimension(operand)
            case _:
                plain = self.value(operand)
        return function("toDate32", self.local(plain)) if by_day else plain

    def _is_empty(self, operand: Operand) -> exp.Expr:
        if isinstance(operand, FieldOf | DimensionColumn) and operand.several:
            return function("empty", self._list(operand))
        return exp.Is(this=self._operand(operand), expression=exp.Null())

    def _matches(self, asked: Matches) -> exp.Expr:
        # Full case folding, of both sides by the engine, so that ß and Σ are no trap (meaning 5).
        whole = function("caseFoldUTF8", self._operand(asked.operand))
        part = function("caseFoldUTF8", self._parameter(asked.text))
        if asked.where == "contains":
            found: exp.Expr = exp.GT(this=function("position", whole, part), expression=constant(0))
        else:
            found = function("startsWith" if asked.where == "starts_with" else "endsWith", whole, part)
        return _false_when_null(found, asked.operand)

    def local(self, instant: exp.Expr) -> exp.Expr:
        """An instant, read in the zone of the report."""
        return function("toTimeZone", instant, self._parameter(Value(self._zone, "String")))


def _of_nullable(values: exp.Expr) -> exp.Expr:
    return function("CAST", values, text_constant("Array(Nullable(String))"))


def _false_when_null(condition: exp.Expr, operand: Operand) -> exp.Expr:
    if isinstance(operand, FieldOf) and operand.field == RECORD_ID:
        return condition  # never null, and the engine finds it by its key only where no function stands around it
    return function("ifNull", condition, exp.false())


def _joined(join: Callable[..., exp.Expr], parts: list[exp.Expr], when_none: exp.Expr) -> exp.Expr:
    return join(*parts) if parts else when_none
