"""Statements as they are sent to the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from services.query_service.domain.expressions import Parameters
from services.query_service.domain.nodes import DIALECT
from services.query_service.domain.plan import compared_part
from services.query_service.domain.predicates import Scalar

_INDENTED_MOST = 48_000


@dataclass(frozen=True, slots=True)
class Statement:
    """One SELECT and the values of its parameters."""

    sql: str
    parameters: Mapping[str, Scalar | list[Scalar]]


@dataclass(frozen=True, slots=True)
class Statements:
    """What one report runs: its rows, its totals, the counts of its join block, its subtotals by their number of
    dimensions; by their names those of the sides that it is compared with; of a list how many rows match."""

    rows: Statement
    totals: Statement | None
    links: Statement | None
    subtotals: tuple[Statement, ...] = ()
    compared: "Mapping[str, Statements]" = field(default_factory=dict)
    matching: Statement | None = None

    def parts(self) -> dict[str, Statement]:
        """Those that there are, by name."""
        found = {"rows": self.rows, "totals": self.totals, "join": self.links, "matching": self.matching}
        found |= {f"subtotals_{level}": subtotal for level, subtotal in enumerate(self.subtotals, 1)}
        for side, statements in self.compared.items():
            found |= {compared_part(side, name): part for name, part in statements.parts().items() if name != "join"}
        return {name: statement for name, statement in found.items() if statement is not None}


def alias_of(index: int, keys: int) -> str:
    """What a statement calls a column of its answer, by its place: keys are first."""
    return f"d{index}" if index < keys else f"m{index - keys}"


def finished(select: exp.Select, parameters: Parameters) -> Statement:
    """The statement of a tree that nothing is added to any more."""
    return Statement(_fitting(select.sql(DIALECT, pretty=True, copy=False)), parameters.values())


def _fitting(sql: str) -> str:
    """The statement, well below the size of a form field: without its indentation where it is long. No line break in a
    statement is part of a name or a text."""
    return sql if len(sql) <= _INDENTED_MOST else "\n".join(line.lstrip() for line in sql.splitlines())
