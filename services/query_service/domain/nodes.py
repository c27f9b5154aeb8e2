"""Nodes of a statement's tree: engine functions, columns, constants and local names."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from sqlglot import exp

DIALECT = "clickhouse"


def function(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A call of an engine function by its exact name."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def column(name: str, table: str | None = None) -> exp.Expr:
    """A quoted column, qualified where a table is named."""
    qualifier = exp.to_identifier(table, quoted=True) if table else None
    return exp.column(exp.to_identifier(name, quoted=True), table=qualifier)


def aliased(expression: exp.Expr, name: str) -> exp.Expr:
    """The expression under a quoted alias."""
    return exp.alias_(expression, name, quoted=True, copy=False)


def constant(value: int) -> exp.Expr:
    """A constant of our own; never a value from a request."""
    return exp.Literal.number(value)


def text_constant(value: str) -> exp.Expr:
    """A text of our own; never a value from a request."""
    return exp.Literal.string(value)


def select(selected: Iterable[exp.Expr]) -> exp.Select:
    """A SELECT of expressions that belong to it from now on."""
    # The builders of sqlglot copy whatever they are given unless told otherwise, a tree once a step.
    return exp.select(*selected, copy=False)


def from_subquery(outer: exp.Select, inner: exp.Select, alias: str) -> exp.Select:
    """The outer SELECT over the rows of the inner one."""
    return outer.from_(inner.subquery(alias, copy=False), copy=False)


def named_values(values: Mapping[str, exp.Expr], body: Callable[..., exp.Expr]) -> exp.Expr:
    """The body over values that are computed once each. It is called with a function for each value, which gives a
    reference to it."""
    references = [partial(exp.column, name) for name in values]
    inner = exp.Lambda(this=body(*references), expressions=[exp.to_identifier(name) for name in values])
    arrays = [exp.Array(expressions=[value]) for value in values.values()]
    return function("arrayElement", function("arrayMap", inner, *arrays), constant(1))


def either(condition: exp.Expr, when_true: exp.Expr, otherwise: exp.Expr) -> exp.Expr:
    """One of two values."""
    return function("if", condition, when_true, otherwise)


def first_where(value: exp.Expr, test: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """The value where it passes the test, else null. It occurs in the text once, whatever the test does with it."""
    passes = function("ifNull", test(exp.column("bound")), exp.false())
    return function("arrayFirstOrNull", _lambda(passes, "bound"), exp.Array(expressions=[value]))


def bound_to(value: exp.Expr, name: str, made: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """An expression over a value that occurs in the text once. `name`: unlike that of a value bound around it."""
    mapped = function("arrayMap", _lambda(made(exp.column(name)), name), exp.Array(expressions=[value]))
    return function("arrayElement", mapped, constant(1))


def _lambda(body: exp.Expr, name: str) -> exp.Expr:
    return exp.Lambda(this=body, expressions=[exp.to_identifier(name)])
