"""What each operator takes and means, by the type of what it tests (CONTRACTS 5, meanings 4 to 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldType
from crosslook.contracts.suggestions import Guess, guess
from crosslook.contracts.values import BadValue, currency, day, instant, number
from services.query_service.domain import column_values
from services.query_service.domain.catalog import COLUMN_TYPES, ColumnType
from services.query_service.domain.names import meant_operator
from services.query_service.domain.periods import shifted, units_of
from services.query_service.domain.predicates import (
    ColumnOf,
    Compare,
    Comparison,
    Every,
    FieldOf,
    Holds,
    IsEmpty,
    Matches,
    Not,
    OneOf,
    Operand,
    Predicate,
    Some,
    Value,
)
from services.query_service.domain.query import Condition, FilterOperator
from services.query_service.domain.zones import Zone

_EMPTINESS = (FilterOperator.IS_EMPTY, FilterOperator.IS_NOT_EMPTY)
_EQUALITY = (FilterOperator.EQ, FilterOperator.NEQ, FilterOperator.IN, FilterOperator.NOT_IN, *_EMPTINESS)
_RANGE = (FilterOperator.GT, FilterOperator.GTE, FilterOperator.LT, FilterOperator.LTE, FilterOperator.BETWEEN)
_PARTS = (FilterOperator.CONTAINS, FilterOperator.NOT_CONTAINS, FilterOperator.STARTS_WITH, FilterOperator.ENDS_WITH)
_TIMES = (
    FilterOperator.BEFORE,
    FilterOperator.AFTER,
    FilterOperator.ON,
    FilterOperator.IN_LAST,
    FilterOperator.IN_NEXT,
)

OPERATORS: Mapping[ColumnType, tuple[FilterOperator, ...]] = {
    ColumnType.TEXT: (*_EQUALITY, *_PARTS),
    ColumnType.INTEGER: (*_EQUALITY, *_RANGE),
    ColumnType.NUMBER: (*_EQUALITY, *_RANGE),
    ColumnType.CURRENCY: (*_EQUALITY, *_RANGE),
    ColumnType.DATE: (*_EQUALITY, *_RANGE, *_TIMES),
    ColumnType.DATETIME: (*_EQUALITY, *_RANGE, *_TIMES),
    ColumnType.BOOLEAN: _EQUALITY,
}
OF_CHOICES = (FilterOperator.ANY_OF, FilterOperator.ALL_OF, FilterOperator.NONE_OF, *_EMPTINESS)
"""The operators of a multiselect field."""

_COMPARISONS = {
    FilterOperator.EQ: Comparison.EQ,
    FilterOperator.NEQ: Comparison.EQ,
    FilterOperator.ON: Comparison.EQ,
    FilterOperator.GT: Comparison.GT,
    FilterOperator.AFTER: Comparison.GT,
    FilterOperator.GTE: Comparison.GTE,
    FilterOperator.LT: Comparison.LT,
    FilterOperator.BEFORE: Comparison.LT,
    FilterOperator.LTE: Comparison.LTE,
}
_NEGATIVE = (
    FilterOperator.NEQ,
    FilterOperator.NOT_IN,
    FilterOperator.NOT_CONTAINS,
    FilterOperator.NONE_OF,
    FilterOperator.IS_NOT_EMPTY,
)
_TWO = (FilterOperator.BETWEEN, FilterOperator.IN_LAST, FilterOperator.IN_NEXT)
_FOR_SEVERAL = {FilterOperator.EQ: FilterOperator.IN, FilterOperator.NEQ: FilterOperator.NOT_IN}
_ANY_NUMBER = (FilterOperator.IN, FilterOperator.NOT_IN, *OF_CHOICES[:3])
_TYPES = {
    ColumnType.TEXT: "String",
    ColumnType.INTEGER: "Float64",
    ColumnType.NUMBER: "Float64",
    ColumnType.CURRENCY: "Decimal(19, 4)",
    ColumnType.DATE: "Date32",
    ColumnType.DATETIME: "DateTime64(3, 'UTC')",
    ColumnType.BOOLEAN: "Bool",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """What relative times are relative to: the snapshot's as-of, read in the report's zone."""

    as_of: datetime
    zone: Zone


@dataclass(frozen=True, slots=True)
class _Read:
    """One value, read: an instant, or a day where a day was given to test instants (`by_day`)."""

    value: Any
    type: ColumnType
    engine_type: str

    @property
    def parameter(self) -> Value:
        return Value(self.value, self.engine_type)


class InvalidCondition(Exception):
    """Everything that is wrong with a condition."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.code for problem in problems))
        self.problems = problems


def operators_of(operand: Operand) -> tuple[FilterOperator, ...]:
    """The operators that may test this operand."""
    if isinstance(operand, FieldOf):
        if operand.field.type is FieldType.MULTISELECT:
            return OF_CHOICES
        return OPERATORS[COLUMN_TYPES[operand.field.type]]
    return OPERATORS[operand.type]


def predicate(operand: Operand, condition: Condition, moment: Moment) -> Predicate:
    """The condition with its values read. Raises Refused with `bad_operator` or `bad_value`."""
    allowed = operators_of(operand)
    named = condition.operator
    if named.text not in allowed:
        known = [one.value for one in allowed]
        values = {"op": named.text[:100], "field": condition.field.text, "known": ", ".join(known)}
        guessed = Guess(named.text, allowed, meant_operator)
        raise InvalidCondition(Problem("bad_operator", named.pointer, "", values, guessed))
    operator = FilterOperator(named.text)
    _check_count(operator, condition)
    positive = _positive(operand, operator, condition, moment)
    return Not(positive) if operator in _NEGATIVE else positive


def _check_count(operator: FilterOperator, condition: Condition) -> None:
    count = len(condition.values)
    values: dict[str, str | int] = {"op": operator.value, "count": count}
    if operator in _ANY_NUMBER:
        wanted = max(count, 1)
        text = "bad_value.count_any"
    else:
        wanted = 0 if operator in _EMPTINESS else 2 if operator in _TWO else 1
        text = "bad_value.count"
    if count > 1 and operator in _FOR_SEVERAL:
        text, values = "bad_value.count_one", {**values, "instead": _FOR_SEVERAL[operator].value}
    if count != wanted:
        raise InvalidCondition(Problem("bad_value", f"{condition.pointer}/values", text, {**values, "wanted": wanted}))


def _positive(operand: Operand, operator: FilterOperator, condition: Condition, moment: Moment) -> Predicate:
    if operator in _EMPTINESS:
        return IsEmpty(operand)
    if operator in (FilterOperator.IN_LAST, FilterOperator.IN_NEXT):
        return _relative(operand, operator, condition, moment)
    if isinstance(operand, FieldOf) and operand.field.type is FieldType.MULTISELECT:
        return Holds(operand, operator is FilterOperator.ALL_OF, _array(_read_all(operand, ColumnType.TEXT, condition)))
    kind = COLUMN_TYPES[operand.field.type] if isinstance(operand, FieldOf) else operand.type
    values = _read_all(operand, kind, condition)
    if operator is FilterOperator.ON and kind is ColumnType.DATETIME:
        values = [_day_of(value, moment) for value in values]
    match operator:
        case FilterOperator.CONTAINS | FilterOperator.NOT_CONTAINS:
            return Matches(operand, "contains", values[0].parameter)
        case FilterOperator.STARTS_WITH:
            return Matches(operand, "starts_with", values[0].parameter)
        case FilterOperator.ENDS_WITH:
            return Matches(operand, "ends_with", values[0].parameter)
        case FilterOperator.IN | FilterOperator.NOT_IN:
            return _one_of(operand, kind, values)
        case FilterOperator.BETWEEN:
            low, high = values
            return Every((_compare(operand, Comparison.GTE, kind, low), _compare(operand, Comparison.LTE, kind, high)))
        case _:
            return _compare(operand, _COMPARISONS[operator], kind, values[0])


def _compare(operand: Operand, comparison: Comparison, kind: ColumnType, read: _Read) -> Predicate:
    return Compare(operand, comparison, read.parameter, by_day=_by_day(kind, read))


def _by_day(kind: ColumnType, read: _Read) -> bool:
    return kind is ColumnType.DATETIME and read.type is ColumnType.DATE


def _one_of(operand: Operand, kind: ColumnType, values: list[_Read]) -> Predicate:
    days = [value for value in values if _by_day(kind, value)]
    others = [value for value in values if not _by_day(kind, value)]
    parts = [OneOf(operand, _array(some), by_day=some is days) for some in (others, days) if some]
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def _array(values: list[_Read]) -> Value:
    return Value(tuple(value.value for value in values), f"Array({values[0].parameter.type})")


def _read_all(operand: Operand, kind: ColumnType, condition: Condition) -> list[_Read]:
    read: list[_Read] = []
    problems: list[Problem] = []
    for index, sent in enumerate(condition.values):
        try:
            read.append(_read(operand, kind, sent, f"{condition.pointer}/values/{index}"))
        except InvalidCondition as refused:
            problems += refused.problems
    if problems:
        raise InvalidCondition(*problems)
    return read


def _read(operand: Operand, kind: ColumnType, sent: Any, where: str) -> _Read:
    if sent is None or sent == "":
        raise InvalidCondition(Problem("bad_value", where, "bad_value.empty", suggestion=FilterOperator.IS_EMPTY.value))
    try:
        if kind is ColumnType.DATETIME and isinstance(sent, str) and len(sent) == len("2026-11-20"):
            return _Read(day(sent), ColumnType.DATE, _TYPES[ColumnType.DATE])
        of_column = isinstance(operand, ColumnOf)
        reader = column_values.READERS.get(kind) if of_column else None
        engine_type = column_values.ENGINE_TYPES.get(kind) if of_column else None
        return _Read((reader or _READERS[kind])(sent), kind, engine_type or _TYPES[kind])
    except BadValue as error:
        raise InvalidCondition(
            Problem("bad_value", where, error.text or f"bad_value.{error.code}", error.values)
        ) from None


def _text(sent: Any) -> str:
    if type(sent) is not str:
        raise BadValue("wrong_type", "wrong_type.text")
    return sent


def _boolean(sent: Any) -> bool:
    if type(sent) is not bool:
        raise BadValue("wrong_type", "wrong_type.boolean")
    return sent


def _number(sent: Any) -> float:
    return float(number(sent) or 0)


def _currency(sent: Any) -> Decimal:
    return Decimal(currency(sent) or 0)


def _instant(sent: Any) -> str:
    return _engine_text(instant(sent))


_READERS: Mapping[ColumnType, Callable[[Any], Any]] = {
    ColumnType.TEXT: _text,
    ColumnType.INTEGER: _number,
    ColumnType.NUMBER: _number,
    ColumnType.CURRENCY: _currency,
    ColumnType.DATE: day,
    ColumnType.DATETIME: _instant,
    ColumnType.BOOLEAN: _boolean,
}


def _engine_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def _day_of(read: _Read, moment: Moment) -> _Read:
    """The whole day of an instant in the report's zone: what `on` means."""
    if read.type is ColumnType.DATE:
        return read
    day = moment.zone.day(datetime.fromisoformat(f"{read.value}+00:00"))
    return _Read(day.isoformat(), ColumnType.DATE, _TYPES[ColumnType.DATE])


def _relative(operand: Operand, operator: FilterOperator, condition: Condition, moment: Moment) -> Predicate:
    """From `n` units before as-of until as-of, or its mirror; on calendar days for dates."""
    kind = COLUMN_TYPES[operand.field.type] if isinstance(operand, FieldOf) else operand.type
    count, unit = condition.values
    where = f"{condition.pointer}/values"
    if type(count) is not int or not 1 <= count <= 10_000:
        raise InvalidCondition(Problem("bad_value", f"{where}/0", "bad_value.periods", {"limit": 10_000}))
    known = units_of(kind is ColumnType.DATETIME)
    if unit not in known:
        values = {"known": ", ".join(known)}
        raise InvalidCondition(Problem("bad_value", f"{where}/1", "bad_value.choice", values, guess(unit, known)))
    there = shifted(moment.as_of, moment.zone, -count if operator is FilterOperator.IN_LAST else count, unit)
    low, high = (_edge(edge, kind, moment.zone) for edge in sorted((moment.as_of, there)))
    return Every((Compare(operand, Comparison.GTE, low), Compare(operand, Comparison.LTE, high)))


def _edge(instant: datetime, kind: ColumnType, zone: Zone) -> Value:
    text = zone.day(instant).isoformat() if kind is ColumnType.DATE else _engine_text(instant.astimezone(UTC))
    return Value(text, _TYPES[kind])
