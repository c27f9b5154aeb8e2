"""The query plan in relational terms: no tables, no SQL, no tenant yet."""

from dataclasses import dataclass
from enum import StrEnum

from services.query_service.domain.predicates import Predicate
from services.query_service.domain.query import ContactMatch
from services.query_service.domain.report import DimensionColumn, MeasureColumn, RecordsElsewhere, SortColumn


class Join(StrEnum):
    """How the contact takes part."""

    NONE = "none"
    SEMI = "semi"
    """Only asked for: records with a contact that passes; no record is repeated."""
    PAIRS = "pairs"
    """Rows are (record, contact) pairs."""


class Counting(StrEnum):
    """How a measure sees the distinct entities of its side in a group."""

    EACH = "each"
    """No entity stands twice in a group, or its aggregate does not mind: every row is taken."""
    DISTINCT = "distinct"
    """Entities repeat and are themselves what is counted."""
    FIRST = "first"
    """Entities repeat and the aggregate would be inflated: the first row of each in its group is taken."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure and how it counts."""

    column: MeasureColumn
    counting: Counting


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Groups of the rows that pass. `where` is tested per row of the join; `some_contact` per linked contact of a
    semi-join. `order` is total over the dimensions. `limit` is how many rows are fetched; None means all."""

    base: str
    relationship: str | None
    join: Join
    keys: tuple[DimensionColumn, ...]
    measures: tuple[Measured, ...]
    where: Predicate
    some_contact: Predicate
    contacts: ContactMatch
    records: RecordsElsewhere | None
    having: Predicate
    order: tuple[SortColumn, ...]
    limit: int | None
    zone: str


@dataclass(frozen=True, slots=True)
class LinkCount:
    """How many of an object's records have a contact over a relationship, and how many have none (meaning 10)."""

    base: str
    relationship: str


@dataclass(frozen=True, slots=True)
class Rest:
    """What remains to do after the statements have run. `sifted`: it tested, sorted and cut the rows itself; where not,
    all groups are fetched and `before` is tested before calculations are computed, `after` then."""

    sifted: bool
    before: Predicate
    after: Predicate


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """Everything that one report reads; each aggregation and the count is one statement. `subtotals`: over the
    first dimension, the first two, and so on."""

    rows: Aggregation
    totals: Aggregation | None
    subtotals: tuple[Aggregation, ...]
    links: LinkCount | None
    rest: Rest

    @property
    def objects(self) -> frozenset[str]:
        """The objects whose rows are read, contact aside."""
        elsewhere = {self.rows.records.explore.object} if self.rows.records is not None else set()
        return frozenset({self.rows.base, *elsewhere})
