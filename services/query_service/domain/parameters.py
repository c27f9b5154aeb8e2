"""Values on their way to the engine: placeholders in the tree, never text in the SQL."""

from functools import lru_cache

from sqlglot import exp

from services.query_service.domain.predicates import Scalar, Value

DIALECT = "clickhouse"


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


def text(value: str) -> exp.Expr:
    """A text of our own; never a value from a request."""
    return exp.Literal.string(value)
