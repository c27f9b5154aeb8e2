"""The columns of a result by name, as `having`, `sort` and calculations may name them (CONTRACTS 5, meaning 8)."""

from collections.abc import Iterable
from typing import Any

from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import Guess, guess
from services.query_service.domain.formula import Reference, Type
from services.query_service.domain.lookup import UnknownName
from services.query_service.domain.predicates import ColumnOf
from services.query_service.domain.query import Name
from services.query_service.domain.report import Calculation, DimensionColumn, Figure, Variant
from services.query_service.domain.terms import ColumnType

SEPARATOR = "|"
NO_COLUMN = "unknown_field.column"
"""What is said of a name that is nothing in this result; the catalog may know it all the same."""
_NAME_SHOWN = 200


class Unsettled(Exception):
    """The column is a calculation that was refused; a reference to it is not another problem."""


class ResultColumns:
    """The columns of one report. Under a pivot, each measure has a column for each of its values, which are not known
    before the report runs: a name such as `ticket.count|open` is taken as it is, and empty where there is none."""

    def __init__(self, dimensions: Iterable[DimensionColumn], figures: Iterable[Figure], pivots: int) -> None:
        self._dimensions = {one.name: one.type for one in dimensions}
        self._figures = {one.name: one.type for one in figures}
        self._calculations: dict[str, Calculation | None] = {}
        self._pivots = pivots

    def add(self, name: str, calculation: Calculation | None) -> None:
        """One more calculation; None for one that was refused."""
        self._calculations[name] = calculation

    def calculation(self, name: str) -> Calculation | None:
        """The calculation of this name, or of whose pivoted column this is the name."""
        return self._calculations.get(name) or self._calculations.get(self._base(name))

    def is_dimension(self, name: str) -> bool:
        """Whether rows are grouped by it."""
        return name in self._dimensions

    def pivoted(self, reference: Reference) -> bool:
        """Whether the reference means another column under each value of the pivot."""
        calculation = self._calculations.get(reference.name)
        repeated = calculation.pivoted if calculation is not None else reference.name in self._figures
        return not reference.fixed and repeated

    def column(self, name: Name) -> ColumnOf:
        """What `having` tests and `sort` orders by. Raises NotFound or Unsettled."""
        text = name.text
        if text in self._calculations and self._calculations[text] is None:
            raise Unsettled
        if self._pivots and self._repeated(text) is not None:
            raise UnknownName(_unknown(name, "unknown_field.pivoted"))
        found = self._own(text) or self._under_pivot(text)
        if found is None:
            if self.lacks_comparison(text):
                raise UnknownName(_unknown(name, "unknown_field.not_compared"))
            raise UnknownName(_unknown(name, NO_COLUMN, self.guess(text)))
        return ColumnOf(text, found)

    def reference(self, name: str) -> Reference | None:
        """What a calculation names; under a pivot a measure is that of the column computed. Raises Unsettled."""
        if name in self._calculations and self._calculations[name] is None:
            raise Unsettled
        found = self._own(name)
        if found is not None:
            return Reference(name, found)
        under = self._under_pivot(name)
        return Reference(name, under, fixed=True) if under is not None else None

    def lacks_comparison(self, name: str) -> bool:
        """Whether it names a measure's value in the snapshot before, or its change, which a comparison adds."""
        figure, _, variant = self._base(name).rpartition("@")
        return figure in self._figures and variant in (Variant.PREVIOUS, Variant.DELTA)

    def guess(self, text: str) -> str | Guess[Any] | None:
        """The column that was probably meant."""
        known = [*self._dimensions, *self._figures, *self._calculations]
        # A dimension in a granularity is named with it: who leaves it out means that column. So does who leaves out
        # the object.
        nearly = (column for column in known if column.startswith(f"{text}:") or column.endswith(f".{text}"))
        return next(nearly, None) or guess(text, known)

    def _own(self, name: str) -> Type:
        calculation = self._calculations.get(name)
        if calculation is not None:
            return calculation.type
        return self._dimensions.get(name) or self._figures.get(name)

    def _repeated(self, name: str) -> ColumnType | None:
        """The type of what stands once under each value of the pivot."""
        calculation = self._calculations.get(name)
        if calculation is not None:
            return calculation.type if calculation.pivoted else None
        return self._figures.get(name)

    def _under_pivot(self, name: str) -> ColumnType | None:
        return self._repeated(self._base(name)) if self._pivots and name.count(SEPARATOR) >= self._pivots else None

    def _base(self, name: str) -> str:
        return name.partition(SEPARATOR)[0]


def _unknown(name: Name, text: str, meant: str | Guess[Any] | None = None) -> Problem:
    return Problem("unknown_field", name.pointer, text, {"name": name.text[:_NAME_SHOWN]}, meant)
