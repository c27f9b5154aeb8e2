"""A report's rows as a file of the engine's own making: columns under their names, in types that every reader knows."""

from collections.abc import Sequence

from sqlglot import exp, parse_one

from services.query_service.domain.catalog import ColumnType
from services.query_service.domain.parameters import DIALECT, column, function, named, number
from services.query_service.domain.result import ColumnHead
from services.query_service.domain.sql import Statement

_ANSWER = "answer"
_ZONE, _ROWS = "zone", "rows"
_SCALE = 4
_MILLISECONDS = 3


def exported(statement: Statement, heads: Sequence[ColumnHead], zone: str, rows: int) -> Statement:
    """The statement of a report's rows around that of its answer: at most so many, in the same order. Counts and parts
    of times are 64-bit integers, currency decimals with 4 places, dates days, instants milliseconds in the zone."""
    inner = parse_one(statement.sql, dialect=DIALECT)
    if not isinstance(inner, exp.Select):
        raise TypeError("a report's rows are one SELECT")
    typed = [
        named(_typed(column(name), head.type), head.name) for name, head in zip(inner.named_selects, heads, strict=True)
    ]
    outer = exp.select(*typed).from_(inner.subquery(_ANSWER)).limit(_placeholder(_ROWS, "UInt64"))
    # The inner names are p0, p1, …
    return Statement(outer.sql(DIALECT, pretty=True), {**statement.parameters, _ZONE: zone, _ROWS: rows})


def _typed(value: exp.Expr, kind: ColumnType) -> exp.Expr:
    match kind:
        case ColumnType.INTEGER:
            return function("toInt64", value)
        case ColumnType.NUMBER:
            return function("toFloat64", value)
        case ColumnType.CURRENCY:
            return function("toDecimal128", value, number(_SCALE))
        case ColumnType.DATE:
            return function("toDate32", value)
        case ColumnType.DATETIME:
            instant = function("toDateTime64", value, number(_MILLISECONDS))
            return function("toTimeZone", instant, _placeholder(_ZONE, "String"))
        case ColumnType.TEXT | ColumnType.BOOLEAN:
            return value


def _placeholder(name: str, kind: str) -> exp.Expr:
    return exp.Placeholder(this=exp.var(name), kind=exp.DataType.build(kind, dialect=DIALECT))
