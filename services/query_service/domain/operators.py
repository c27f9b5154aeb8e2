"""The filter operators: one row each, with its values and its meaning (CONTRACTS 5, meanings 4 to 6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import Guess, did_you_mean
from services.query_service.domain.condition_reading import (
    ConditionTest,
    InvalidCondition,
    MakePredicate,
    Moment,
    between,
    compare_with,
    empty,
    hold_values,
    in_previous,
    in_this,
    matched,
    on,
    one_of,
    relative,
    to_date,
)
from services.query_service.domain.predicates import Comparison, Not, Operand, Predicate
from services.query_service.domain.query import Condition, FilterOperator
from services.query_service.domain.terms import OperatorGroup


@dataclass(frozen=True, slots=True)
class FilterOperatorSpec:
    """One operator. It fits the types whose row names its `group`. It takes `count` values, None for one or more; for
    `several`, another operator stands in its place. `test` reads them and makes the predicate, which a `negative`
    operator turns around. `synonyms`: what other languages write."""

    group: OperatorGroup
    count: int | None
    several: FilterOperator | None
    negative: bool
    test: MakePredicate
    synonyms: tuple[str, ...]


_EQUAL = ("=", "==", "is", "equals", "eq")
_UNEQUAL = ("!=", "<>", "not", "ne", "neq", "is_not", "not_in", "not_contains")
_HOLDING = ("has", "includes", "contains")
_AMONG = ("in", "any_of", "one_of")

FILTER_OPERATORS: Mapping[FilterOperator, FilterOperatorSpec] = {
    # group, count, several, negative, test, synonyms
    FilterOperator.EQ: FilterOperatorSpec(
        OperatorGroup.EQUALITY, 1, FilterOperator.IN, False, compare_with(Comparison.EQ), _EQUAL
    ),
    FilterOperator.NEQ: FilterOperatorSpec(
        OperatorGroup.EQUALITY, 1, FilterOperator.NOT_IN, True, compare_with(Comparison.EQ), _UNEQUAL
    ),
    FilterOperator.IN: FilterOperatorSpec(OperatorGroup.EQUALITY, None, None, False, one_of, _AMONG),
    FilterOperator.NOT_IN: FilterOperatorSpec(OperatorGroup.EQUALITY, None, None, True, one_of, ("none_of",)),
    FilterOperator.ANY_OF: FilterOperatorSpec(
        OperatorGroup.CHOICES, None, None, False, hold_values(every=False), (*_EQUAL, *_HOLDING, *_AMONG)
    ),
    FilterOperator.ALL_OF: FilterOperatorSpec(OperatorGroup.CHOICES, None, None, False, hold_values(every=True), ()),
    FilterOperator.NONE_OF: FilterOperatorSpec(
        OperatorGroup.CHOICES, None, None, True, hold_values(every=False), _UNEQUAL
    ),
    FilterOperator.IS_EMPTY: FilterOperatorSpec(
        OperatorGroup.EMPTINESS, 0, None, False, empty, ("null", "is_null", "empty", "isempty")
    ),
    FilterOperator.IS_NOT_EMPTY: FilterOperatorSpec(
        OperatorGroup.EMPTINESS, 0, None, True, empty, ("not_null", "is_not_null", "exists")
    ),
    FilterOperator.GT: FilterOperatorSpec(OperatorGroup.ORDER, 1, None, False, compare_with(Comparison.GT), (">",)),
    FilterOperator.GTE: FilterOperatorSpec(OperatorGroup.ORDER, 1, None, False, compare_with(Comparison.GTE), (">=",)),
    FilterOperator.LT: FilterOperatorSpec(OperatorGroup.ORDER, 1, None, False, compare_with(Comparison.LT), ("<",)),
    FilterOperator.LTE: FilterOperatorSpec(OperatorGroup.ORDER, 1, None, False, compare_with(Comparison.LTE), ("<=",)),
    FilterOperator.BETWEEN: FilterOperatorSpec(OperatorGroup.ORDER, 2, None, False, between, ()),
    FilterOperator.CONTAINS: FilterOperatorSpec(
        OperatorGroup.PARTS, 1, None, False, matched("contains"), (*_HOLDING, "like", "ilike")
    ),
    FilterOperator.NOT_CONTAINS: FilterOperatorSpec(OperatorGroup.PARTS, 1, None, True, matched("contains"), ()),
    FilterOperator.STARTS_WITH: FilterOperatorSpec(OperatorGroup.PARTS, 1, None, False, matched("starts_with"), ()),
    FilterOperator.ENDS_WITH: FilterOperatorSpec(OperatorGroup.PARTS, 1, None, False, matched("ends_with"), ()),
    FilterOperator.BEFORE: FilterOperatorSpec(OperatorGroup.TIME, 1, None, False, compare_with(Comparison.LT), ()),
    FilterOperator.AFTER: FilterOperatorSpec(OperatorGroup.TIME, 1, None, False, compare_with(Comparison.GT), ()),
    FilterOperator.ON: FilterOperatorSpec(OperatorGroup.TIME, 1, None, False, on, ()),
    FilterOperator.IN_LAST: FilterOperatorSpec(OperatorGroup.TIME, 2, None, False, relative(-1), ()),
    FilterOperator.IN_NEXT: FilterOperatorSpec(OperatorGroup.TIME, 2, None, False, relative(1), ()),
    FilterOperator.IN_THIS: FilterOperatorSpec(OperatorGroup.TIME, 1, None, False, in_this, ("this", "current")),
    FilterOperator.IN_PREVIOUS: FilterOperatorSpec(
        OperatorGroup.TIME, 2, None, False, in_previous, ("previous", "in_past")
    ),
    FilterOperator.TO_DATE: FilterOperatorSpec(
        OperatorGroup.TIME, 1, None, False, to_date, ("todate", "until_now", "ytd", "mtd")
    ),
}

_PERIODS = {
    **dict.fromkeys((FilterOperator.IN_LAST, FilterOperator.IN_NEXT, FilterOperator.IN_PREVIOUS), '[3, "month"]'),
    **dict.fromkeys((FilterOperator.IN_THIS, FilterOperator.TO_DATE), '["month"]'),
}
"""What the values of an operator that takes a period look like."""

NEGATIVE = tuple(name for name, spec in FILTER_OPERATORS.items() if spec.negative)
"""The operators that say what a value is not."""


@cache
def operators_of_groups(groups: tuple[OperatorGroup, ...]) -> tuple[FilterOperator, ...]:
    """The operators of these groups, group by group."""
    return tuple(name for group in groups for name, spec in FILTER_OPERATORS.items() if spec.group is group)


def operators_of(operand: Operand) -> tuple[FilterOperator, ...]:
    """The operators that may test this operand."""
    return operators_of_groups(operand.operators)


def meant_operator(text: str, allowed: Iterable[FilterOperator]) -> str | None:
    """The operator that was probably meant, among those that are allowed there."""
    known = tuple(allowed)
    written = next((name for name in known if text.lower() in FILTER_OPERATORS[name].synonyms), None)
    return written or did_you_mean(text, known)


def predicate(operand: Operand, condition: Condition, moment: Moment) -> Predicate:
    """The condition with its values read. Raises InvalidCondition with `bad_operator` or `bad_value`."""
    allowed = operators_of(operand)
    named = condition.operator
    if named.text not in allowed:
        known = [name.value for name in allowed]
        values = {"op": named.text[:100], "field": condition.field.text, "known": ", ".join(known)}
        guessed = Guess(named.text, allowed, meant_operator)
        raise InvalidCondition(Problem("bad_operator", named.pointer, "", values, guessed))
    operator = FilterOperator(named.text)
    _check_count(operator, condition)
    spec = FILTER_OPERATORS[operator]
    positive = spec.test(ConditionTest(operand, condition, moment))
    return Not(positive) if spec.negative else positive


def _check_count(operator: FilterOperator, condition: Condition) -> None:
    spec, count = FILTER_OPERATORS[operator], len(condition.values)
    wanted = max(count, 1) if spec.count is None else spec.count
    if count == wanted:
        return
    values: dict[str, str | int] = {"op": operator.value, "count": count, "wanted": wanted}
    if operator in _PERIODS:
        values = {"op": operator.value, "example": _PERIODS[operator]}
        raise InvalidCondition(Problem("bad_value", f"{condition.pointer}/values", "bad_value.count_period", values))
    text = "bad_value.count_any" if spec.count is None else "bad_value.count"
    if count > 1 and spec.several is not None:
        text, values = "bad_value.count_one", {**values, "instead": spec.several.value}
    raise InvalidCondition(Problem("bad_value", f"{condition.pointer}/values", text, values))
