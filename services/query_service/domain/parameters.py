"""Server-side parameters: placeholders in the tree, never values in the SQL text."""

from functools import lru_cache

from sqlglot import exp

from services.query_service.domain.nodes import DIALECT
from services.query_service.domain.predicates import Scalar, Value


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
