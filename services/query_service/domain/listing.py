"""What a list report shows: the columns of its rows, nothing grouped."""

from dataclasses import dataclass

from services.query_service.domain.after_token import RowPosition
from services.query_service.domain.row_terms import FieldOf, Side, Term
from services.query_service.domain.terms import ColumnType


@dataclass(frozen=True, slots=True)
class ListedColumn:
    """A value that each row of a list shows as it is."""

    of: Term

    @property
    def name(self) -> str:
        """As it is listed: `ticket.subject`."""
        return self.of.name

    @property
    def side(self) -> Side:
        """The table it comes from."""
        return self.of.side

    @property
    def type(self) -> ColumnType:
        """What its values are; of several values the whole list."""
        return ColumnType.MULTISELECT if self.of.several else self.of.type

    @property
    def fields(self) -> tuple[FieldOf, ...]:
        """The fields that its value is made of."""
        return self.of.fields


@dataclass(frozen=True, slots=True)
class Listing:
    """The columns of a list. `after`: the row after which it continues."""

    columns: tuple[ListedColumn, ...]
    after: RowPosition | None = None

    @property
    def pairs(self) -> bool:
        """Whether a row is a record and one of its contacts, not a record alone (meaning 1)."""
        return any(column.side is Side.CONTACT for column in self.columns)
