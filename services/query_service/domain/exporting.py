"""The statement of a file that the engine writes: columns by name, in types that every reader knows."""

from collections.abc import Sequence

from sqlglot import exp

from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.nodes import DIALECT, aliased, column, function
from services.query_service.domain.result import ColumnHead
from services.query_service.domain.statements import Statement, alias_of

_ANSWER = "answer"
_ZONE, _ROWS = "zone", "rows"


def exported(statement: Statement, heads: Sequence[ColumnHead], zone: str, rows: int) -> Statement:
    """The statement of a report's rows around that of its answer: at most so many, in the same order. Counts and parts
    of times are 64-bit integers, currency decimals with 4 places, dates days, instants milliseconds in the zone."""
    keys = sum(head.kind in ("dimension", "field") for head in heads)
    typed = [aliased(_typed(alias_of(index, keys), head), head.name) for index, head in enumerate(heads)]
    # As it was rendered: reading it again would change what it calls.
    inner = exp.Subquery(this=exp.var(statement.sql), alias=exp.TableAlias(this=exp.to_identifier(_ANSWER)))
    outer = exp.select(*typed, copy=False).from_(inner, copy=False).limit(_placeholder(_ROWS, "UInt64"), copy=False)
    # The inner names are p0, p1, …
    return Statement(outer.sql(DIALECT, pretty=True), {**statement.parameters, _ZONE: zone, _ROWS: rows})


def row_count_statement(statement: Statement) -> Statement:
    """How many rows the statement has; a report's own ends one row behind its limit."""
    inner = exp.Subquery(this=exp.var(statement.sql), alias=exp.TableAlias(this=exp.to_identifier(_ANSWER)))
    outer = exp.select(aliased(function("count"), _ROWS), copy=False).from_(inner, copy=False)
    return Statement(outer.sql(DIALECT, pretty=True), statement.parameters)


def _typed(name: str, head: ColumnHead) -> exp.Expr:
    return COLUMN_TYPES[head.type].exported(column(name), _placeholder(_ZONE, "String"))


def _placeholder(name: str, kind: str) -> exp.Expr:
    return exp.Placeholder(this=exp.var(name), kind=exp.DataType.build(kind, dialect=DIALECT))
