"""The brute-force model's conditions: what each operator says of one value (meanings 4, 5, 6, 12)."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tests.helpers.oracle_calendar import Calendar, kind_of_granularity
from tests.helpers.oracle_groupings import BANDS, Grouping

_DAY = len("2026-01-01")
_NEGATIVES = {
    "neq": "eq",
    "not_in": "in",
    "not_contains": "contains",
    "none_of": "any_of",
    "is_not_empty": "is_empty",
}
_SYNONYMS = {"before": "lt", "after": "gt", "on": "eq"}
_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions in one calendar, at one as-of. A value is None when empty; `kind` is the field's type."""

    as_of: datetime
    calendar: Calendar

    def pass_all(self, asked: Any, look: Callable[[str], tuple[Any, str]]) -> bool:
        """Whether a condition or a tree of them holds; `look` finds a value and its kind by name."""
        if not asked:
            return True
        if "and" in asked:
            return all(self.pass_all(part, look) for part in asked["and"])
        if "or" in asked:
            return any(self.pass_all(part, look) for part in asked["or"])
        value, kind = look(asked["field"])
        if granularity := asked.get("granularity"):
            value, kind = self.calendar.truncated(value, granularity), kind_of_granularity(kind, granularity)
        elif any(name in asked for name in BANDS):
            value, kind = Grouping.of(asked).tested(value, kind, self.calendar)
        return self.hold(asked["op"], value, kind, asked.get("values", []))

    def hold(self, op: str, value: Any, kind: str, sent: list[Any]) -> bool:
        """Whether the operator with the values sent holds for the value."""
        if op in _NEGATIVES:
            return not self.hold(_NEGATIVES[op], value, kind, sent)
        if op == "is_empty":
            return value is None
        if value is None:
            return False
        if op in ("contains", "starts_with", "ends_with"):
            return _matches(op, value.casefold(), sent[0].casefold())
        if kind == "multiselect":
            return set(sent) <= set(value) if op == "all_of" else bool(set(sent) & set(value))
        if op in ("in_last", "in_next"):
            return self._near(op, value, sent)
        if op in ("in_this", "in_previous", "to_date"):
            return self._in_period(op, value, sent)
        if op == "in":
            return any(self._compared("eq", value, item) for item in sent)
        if op == "between":
            return self._compared("gte", value, sent[0]) and self._compared("lte", value, sent[1])
        if op == "on" and isinstance(value, datetime) and len(sent[0]) > _DAY:
            sent = [datetime.fromisoformat(sent[0]).astimezone(self.calendar.zone).date().isoformat()]
        return self._compared(_SYNONYMS.get(op, op), value, sent[0])

    def _compared(self, op: str, value: Any, sent: Any) -> bool:
        if isinstance(value, datetime):
            if len(sent) == _DAY:
                value, sent = value.astimezone(self.calendar.zone).date(), date.fromisoformat(sent)
            else:
                sent = datetime.fromisoformat(sent)
        elif isinstance(value, date):
            sent = date.fromisoformat(sent)
        elif isinstance(value, Decimal):
            sent = Decimal(str(sent))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sent = float(sent)
        return bool(_COMPARE[op](value, sent))

    def _near(self, op: str, value: Any, sent: list[Any]) -> bool:
        count, unit = sent
        there = self.calendar.later(self.as_of, -count if op == "in_last" else count, unit)
        low, high = sorted((self.as_of, there))
        if isinstance(value, datetime):
            return low <= value <= high
        return bool(self.calendar.day_of(low) <= value <= self.calendar.day_of(high))

    def _in_period(self, op: str, value: Any, sent: list[Any]) -> bool:
        *counted, unit = sent
        back, count = (counted[0], counted[0]) if op == "in_previous" else (0, 1)
        if isinstance(value, datetime):
            low, after = self.calendar.period(self.as_of, back, count, unit)
            return low <= value <= self.as_of if op == "to_date" else low <= value < after
        first, day_after = self.calendar.days(self.as_of, back, count, unit)
        if op == "to_date":
            return bool(first <= value <= self.calendar.day_of(self.as_of))
        return bool(first <= value < day_after)


def _matches(op: str, whole: str, part: str) -> bool:
    if op == "contains":
        return part in whole
    return whole.startswith(part) if op == "starts_with" else whole.endswith(part)
