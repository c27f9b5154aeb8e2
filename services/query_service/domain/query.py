"""A parsed report request: names not looked up yet, each part with its place in the body (CONTRACTS 5)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.after_token import AfterToken

DEFAULT_LIMIT = 500
CURRENT, PREVIOUS = "current", "previous"


class FilterOperator(StrEnum):
    """The closed list of filter operators."""

    EQ = "eq"
    NEQ = "neq"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"
    IN_LAST = "in_last"
    IN_NEXT = "in_next"
    IN_THIS = "in_this"
    IN_PREVIOUS = "in_previous"
    TO_DATE = "to_date"
    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"


class ContactMatch(StrEnum):
    """Which records a report keeps by whether they have a contact (R7, meaning 1)."""

    ANY = "any"
    WITH = "with"
    WITHOUT = "without"


class Match(StrEnum):
    """Whether contacts with or without a record elsewhere are kept (meaning 2)."""

    WITH = "with"
    WITHOUT = "without"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the request and where it stands."""

    text: str
    pointer: str


@dataclass(frozen=True, slots=True)
class BinsAsked:
    """Ranges between edges. `pointer` is their own place, as in the next ones."""

    edges: tuple[Any, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class WidthAsked:
    """Ranges of one width."""

    width: Any
    pointer: str


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """Values that have one key."""

    name: str
    values: tuple[Any, ...]
    pointer: str


@dataclass(frozen=True, slots=True)
class GroupsAsked:
    """Groups of values, and what the others are called."""

    groups: tuple[GroupAsked, ...]
    others: str | None
    pointer: str


GroupingAsked = BinsAsked | WidthAsked | GroupsAsked


@dataclass(frozen=True, slots=True)
class DimensionAsked:
    """A dimension, perhaps in a granularity or, under a name of its own, in bins or groups."""

    field: Name
    granularity: Name | None = None
    name: Name | None = None
    grouping: GroupingAsked | None = None

    @property
    def pointer(self) -> str:
        """The dimension's own place."""
        return self.field.pointer.removesuffix("/field")


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of a field, perhaps in a granularity or of its bin or group, or, in `having`, of a column. `pointer` is
    the condition's own place."""

    field: Name
    operator: Name
    values: tuple[Any, ...]
    pointer: str
    granularity: Name | None = None
    grouping: GroupingAsked | None = None


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions of which all or any must hold. An empty `and` holds, an empty `or` does not."""

    kind: Literal["and", "or"]
    parts: "tuple[Condition | Junction, ...]"


Filter = Condition | Junction


@dataclass(frozen=True, slots=True)
class MeasureAsked:
    """A measure; a filtered one has a name of its own, and filters."""

    measure: Name
    name: Name | None = None
    filters: Filter | None = None

    @property
    def pointer(self) -> str:
        """The measure's own place."""
        return self.measure.pointer if self.name is None else self.measure.pointer.removesuffix("/measure")


@dataclass(frozen=True, slots=True)
class SortAsked:
    """One column to sort by."""

    column: Name
    descending: bool


@dataclass(frozen=True, slots=True)
class RecordsAsked:
    """For base contact: keep contacts by whether they have a record of an object."""

    object: Name
    relationship: Name | None
    match: Match


@dataclass(frozen=True, slots=True)
class CalculationAsked:
    """A column computed from other columns of the result. `pointer` is the calculation's own place."""

    name: Name
    expression: Name
    pointer: str


@dataclass(frozen=True, slots=True)
class FormulaAsked:
    """A value that is computed for each record. `pointer` is the formula's own place."""

    name: Name
    expression: Name
    pointer: str


@dataclass(frozen=True, slots=True)
class PeriodAsked:
    """An earlier period: the values of a field are moved forward by so many units. `name`: what the columns of a
    comparison are called, None for the only one of a report. `pointer` is its own place."""

    field: Name
    count: int
    unit: str
    name: str | None
    pointer: str


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A report request whose shape is right. Parts that were not are left out, and their problems were said."""

    object: Name
    dimensions: tuple[DimensionAsked, ...] = ()
    measures: tuple[MeasureAsked, ...] = ()
    filters: Filter | None = None
    having: Filter | None = None
    sort: tuple[SortAsked, ...] = ()
    limit: int = DEFAULT_LIMIT
    totals: bool = False
    relationship: Name | None = None
    contacts: ContactMatch = ContactMatch.ANY
    records: RecordsAsked | None = None
    timezone: Name | None = None
    snapshot: Name = Name(CURRENT, "/snapshot")
    pivot: tuple[DimensionAsked, ...] = ()
    compare: bool = False
    calculations: tuple[CalculationAsked, ...] = ()
    subtotals: bool = False
    week_start: WeekStart | None = None
    formulas: tuple[FormulaAsked, ...] = ()
    periods: tuple[PeriodAsked, ...] = ()
    listed: tuple[Name, ...] | None = None
    """The fields of a list; None where rows are grouped."""
    after: AfterToken | None = None
    moved: PeriodAsked | None = None
