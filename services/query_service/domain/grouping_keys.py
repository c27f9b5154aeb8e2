"""Which keys the bins and groups of a dimension can have, so that a reader learns of a condition on another one."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

from crosslook.contracts.field_types import takes_only_options
from services.query_service.domain.groupings import Bins, Grouping, ValueGroups, Width
from services.query_service.domain.row_terms import FieldOf, Term
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import WHOLE_MAX, any_amount, any_number


@dataclass(frozen=True, slots=True)
class GroupingKeys:
    """The keys of a grouped dimension. `known`: all of them, or those with a name where there are others."""

    of: Term
    grouping: Grouping
    known: tuple[str, ...]

    def is_own(self, value: Any) -> bool:
        """Whether the key would be that of a value in no group."""
        groups = self.grouping
        return isinstance(groups, ValueGroups) and groups.others is None and value not in groups.keys_by_value

    def includes(self, value: Any) -> bool:
        """Whether a row can have the key, which was read before."""
        match self.grouping:
            case Bins():
                return value in self.known
            case Width(width):
                return _is_edge(value, width, self.of.type)
            case ValueGroups():
                return value in self.known or (self.is_own(value) and _own_keys(self.of) is None)
            case _:
                assert_never(self.grouping)


def keys_of(of: Term, grouping: Grouping) -> GroupingKeys:
    """The keys of bins or groups of a value."""
    match grouping:
        case Bins():
            return GroupingKeys(of, grouping, grouping.keys)
        case Width():
            return GroupingKeys(of, grouping, ())
        case ValueGroups(groups, others):
            named, grouped = tuple(group.name for group in groups), grouping.keys_by_value
            if others is not None:
                return GroupingKeys(of, grouping, (*named, others))
            own = (value for value in _own_keys(of) or () if value not in grouped)
            return GroupingKeys(of, grouping, (*named, *own))
        case _:
            assert_never(grouping)


def _own_keys(of: Term) -> tuple[str, ...] | None:
    """All values that can be in no group, as keys; None where any text can be one."""
    if of.type is ColumnType.BOOLEAN:
        return ("true", "false")
    if isinstance(of, FieldOf) and takes_only_options(of.field):
        return tuple(option.value for option in of.field.options)
    return None


def _is_edge(value: Any, width: Decimal, kind: ColumnType) -> bool:
    if kind is ColumnType.CURRENCY:
        return Fraction(any_amount(value)) % Fraction(width) == 0
    number = any_number(value)
    if abs(number) >= float(width) * WHOLE_MAX:
        return True
    steps = round(Fraction(number) / Fraction(width))
    return float(Fraction(width) * steps) == number
