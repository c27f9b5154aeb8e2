"""A condition's values read, and the predicate that they make: what the rows of `operators` are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import guess
from crosslook.contracts.tenant_settings import WeekStart
from crosslook.contracts.values import BadValue
from services.query_service.domain.column_types import COLUMN_TYPES, Parameter
from services.query_service.domain.periods import shifted, units_of
from services.query_service.domain.predicates import (
    ColumnOf,
    Compare,
    Comparison,
    Every,
    Holds,
    IsEmpty,
    Matches,
    OneOf,
    Operand,
    Predicate,
    Some,
    Value,
)
from services.query_service.domain.query import Condition, FilterOperator
from services.query_service.domain.row_terms import DimensionColumn, FieldOf
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import any_day, engine_text
from services.query_service.domain.whole_periods import Calendar, whole_units
from services.query_service.domain.zones import Zone

_PERIODS_MAX = 10_000
_DAY_LENGTH = len("2026-11-20")


@dataclass(frozen=True, slots=True)
class Moment:
    """What relative times are relative to: the snapshot's as-of, read in the report's zone and weeks."""

    as_of: datetime
    zone: Zone
    week_start: WeekStart = WeekStart.MONDAY


class InvalidCondition(Exception):
    """Everything that is wrong with a condition."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(problem.code for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class _Read:
    """One value as the engine is sent it. `by_day`: a day that instants are tested against."""

    value: Any
    engine_type: str
    by_day: bool = False

    @property
    def parameter(self) -> Value:
        return Value(self.value, self.engine_type)


def parameter_of(operand: Operand) -> Parameter:
    """How the values of a condition on the operand are read."""
    spec = COLUMN_TYPES[operand.type]
    return spec.parameter if _holds_stored(operand) else spec.column_parameter


def _holds_stored(operand: Operand) -> bool:
    """Whether all its values are such that a field can hold them."""
    match operand:
        case ColumnOf():
            return False
        case DimensionColumn():
            return operand.granularity is None and operand.grouping is None
        case _:
            return True


@dataclass(frozen=True, slots=True)
class ConditionTest:
    """A condition of which everything but the values was checked."""

    operand: Operand
    condition: Condition
    moment: Moment

    @property
    def type(self) -> ColumnType:
        """What the operand's values are; one value of several."""
        return self.operand.type

    @property
    def parameter(self) -> Parameter:
        """How values for the operand are read."""
        return parameter_of(self.operand)

    def values(self) -> list[_Read]:
        """The values. Raises InvalidCondition with every one that cannot be read."""
        read: list[_Read] = []
        problems: list[Problem] = []
        for index, sent in enumerate(self.condition.values):
            try:
                read.append(self._value(sent, f"{self.condition.pointer}/values/{index}"))
            except InvalidCondition as refused:
                problems += refused.problems
        if problems:
            raise InvalidCondition(*problems)
        return read

    def _value(self, sent: Any, where: str) -> _Read:
        if sent is None or sent == "":
            meant = FilterOperator.IS_EMPTY.value
            raise InvalidCondition(Problem("bad_value", where, "bad_value.empty", suggestion=meant))
        try:
            if self.type is ColumnType.DATETIME and isinstance(sent, str) and len(sent) == _DAY_LENGTH:
                return _day(any_day(sent))
            return _Read(self.parameter.read(sent), self.parameter.engine_type)
        except BadValue as error:
            text = error.text or f"bad_value.{error.code}"
            raise InvalidCondition(Problem("bad_value", where, text, error.values)) from None

    def compare(self, comparison: Comparison, read: _Read) -> Predicate:
        """The operand compared with a value."""
        return Compare(self.operand, comparison, read.parameter, by_day=read.by_day)


MakePredicate = Callable[[ConditionTest], Predicate]
"""Reads the values of a condition. Raises InvalidCondition."""


def _day(text: Any) -> _Read:
    return _Read(text, COLUMN_TYPES[ColumnType.DATE].parameter.engine_type, by_day=True)


def empty(test: ConditionTest) -> Predicate:
    """No value at all."""
    return IsEmpty(test.operand)


def compare_with(comparison: Comparison) -> MakePredicate:
    """The operand compared with the one value."""
    return lambda test: test.compare(comparison, test.values()[0])


def on(test: ConditionTest) -> Predicate:
    """The same day; of an instant the whole day in the report's zone."""
    (read,) = test.values()
    if test.type is ColumnType.DATETIME and not read.by_day:
        read = _day(test.moment.zone.day(datetime.fromisoformat(f"{read.value}+00:00")).isoformat())
    return test.compare(Comparison.EQ, read)


def between(test: ConditionTest) -> Predicate:
    """From the first value to the second, both included."""
    low, high = test.values()
    return Every((test.compare(Comparison.GTE, low), test.compare(Comparison.LTE, high)))


def one_of(test: ConditionTest) -> Predicate:
    """One of the values."""
    read = test.values()
    parts = []
    for by_day in (False, True):
        if some := [value for value in read if value.by_day is by_day]:
            parts.append(OneOf(test.operand, _array(some), by_day=by_day))
    return parts[0] if len(parts) == 1 else Some(tuple(parts))


def _array(read: list[_Read]) -> Value:
    return Value(tuple(value.value for value in read), f"Array({read[0].engine_type})")


def matched(where: Literal["contains", "starts_with", "ends_with"]) -> MakePredicate:
    """Text that holds, begins or ends with the one value."""
    return lambda test: Matches(test.operand, where, test.values()[0].parameter)


def hold_values(every: bool) -> MakePredicate:
    """One of several values, or every one, is among those that the record has."""
    return lambda test: Holds(_list(test.operand), every, _array(test.values()))


def _list(operand: Operand) -> FieldOf | DimensionColumn:
    """Raises TypeError for what has one value."""
    if not isinstance(operand, FieldOf | DimensionColumn) or not operand.several:
        raise TypeError(f"{operand.name} has one value")
    return operand


def relative(sign: int) -> MakePredicate:
    """From `n` units before as-of until as-of, or its mirror; on calendar days for dates."""
    return lambda test: _between_edges(test, sign)


def _between_edges(test: ConditionTest, sign: int) -> Predicate:
    (count, unit), moment = test.condition.values, test.moment
    _check_period(test, count, unit, units_of(test.type is ColumnType.DATETIME))
    there = shifted(moment.as_of, moment.zone, sign * count, unit)
    low, high = (_edge(test, edge) for edge in sorted((moment.as_of, there)))
    return Every((test.compare(Comparison.GTE, low), test.compare(Comparison.LTE, high)))


def in_this(test: ConditionTest) -> Predicate:
    """The whole current unit."""
    (unit,) = test.condition.values
    return _whole_units(test, 0, 1, unit)


def in_previous(test: ConditionTest) -> Predicate:
    """The `n` whole units before the current one."""
    count, unit = test.condition.values
    return _whole_units(test, count, count, unit)


def to_date(test: ConditionTest) -> Predicate:
    """The current unit until as-of, that moment or day included."""
    (unit,) = test.condition.values
    low, _ = _edges(test, 0, 1, unit)
    return Every((test.compare(Comparison.GTE, low), test.compare(Comparison.LTE, _edge(test, test.moment.as_of))))


def _whole_units(test: ConditionTest, before: Any, count: Any, unit: Any) -> Predicate:
    low, high = _edges(test, before, count, unit)
    return Every((test.compare(Comparison.GTE, low), test.compare(Comparison.LT, high)))


def _edges(test: ConditionTest, before: Any, count: Any, unit: Any) -> tuple[_Read, _Read]:
    """The beginning of so many units, and that of the one after the last. Raises InvalidCondition."""
    with_clock, moment = test.type is ColumnType.DATETIME, test.moment
    _check_period(test, count, unit, whole_units(with_clock))
    calendar = Calendar(moment.zone, moment.week_start)
    if with_clock:
        low, high = calendar.instants(moment.as_of, before, count, unit)
        return _edge(test, low), _edge(test, high)
    days = calendar.days(moment.zone.day(moment.as_of), before, count, unit)
    first, after = (_Read(edge.isoformat(), test.parameter.engine_type) for edge in days)
    return first, after


def _check_period(test: ConditionTest, count: Any, unit: Any, known: tuple[str, ...]) -> None:
    """`count` and `unit` are the last values of the condition, in this order. Raises InvalidCondition."""
    where, last = f"{test.condition.pointer}/values", len(test.condition.values) - 1
    if type(count) is not int or not 1 <= count <= _PERIODS_MAX:
        raise InvalidCondition(Problem("bad_value", f"{where}/0", "bad_value.periods", {"limit": _PERIODS_MAX}))
    if unit not in known:
        values = {"known": ", ".join(known)}
        raise InvalidCondition(Problem("bad_value", f"{where}/{last}", "bad_value.choice", values, guess(unit, known)))


def _edge(test: ConditionTest, instant: datetime) -> _Read:
    in_days = test.type is ColumnType.DATE
    text = test.moment.zone.day(instant).isoformat() if in_days else engine_text(instant.astimezone(UTC))
    return _Read(text, test.parameter.engine_type)
