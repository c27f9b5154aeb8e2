"""Reads what a report is to be compared with: the snapshot before, an earlier period, or several under names."""

from enum import StrEnum
from typing import Any

from crosslook.contracts.ids import SLUG
from crosslook.contracts.problems import pointer
from crosslook.contracts.reading import Reader
from crosslook.contracts.suggestions import did_you_mean, guess
from services.query_service.domain.condition_parsing import name_at
from services.query_service.domain.query import PREVIOUS, Name, PeriodAsked
from services.query_service.domain.shorthand import ALSO_CALLED
from services.query_service.domain.whole_periods import whole_units

COMPARISONS_MAX = 3
SHIFT_MAX = 1_000
_EXAMPLE = '{"field": "ticket.opened_at", "shift": [1, "month"]}'
_NAME_SHOWN = 100
_SHIFT = 2


class Compared(StrEnum):
    """What a report can be compared with by a word."""

    PREVIOUS = PREVIOUS


def read_compare(reader: Reader) -> tuple[bool, tuple[PeriodAsked, ...]]:
    """Whether the snapshot before is asked for, and which earlier periods are."""
    sent = reader.value("compare")
    match sent:
        case None:
            return False, ()
        case str():
            if sent not in list(Compared):
                meant = did_you_mean(sent, Compared) or _EXAMPLE
                reader.refuse("bad_value", "compare", text="bad_value.compare", suggestion=meant)
            return sent in list(Compared), ()
        case dict():
            period = read_period(Reader(sent, (*reader.at, "compare"), reader.problems))
            return False, (period,) if period is not None else ()
        case list():
            return False, _named_periods(reader)
        case _:
            reader.refuse("wrong_type", "compare", text="wrong_type.compare", suggestion=_EXAMPLE)
            return False, ()


def _named_periods(reader: Reader) -> tuple[PeriodAsked, ...]:
    found: dict[str, PeriodAsked] = {}
    items = reader.items("compare", COMPARISONS_MAX, "bad_value", "bad_value.comparisons", shape="wrong_type.compare")
    for _, item in items or ():
        period = read_period(item, named=True)
        if period is None or period.name is None:
            continue
        if period.name in found:
            item.refuse("bad_value", "name", text="bad_value.comparison_repeated", values={"name": period.name})
        found.setdefault(period.name, period)
    return tuple(found.values())


def read_moved(reader: Reader) -> PeriodAsked | None:
    """The field of which the filters of a list read moved values."""
    found = reader.child("moved", shape="wrong_type.moved")
    if found is not None and not reader.value("list"):
        reader.refuse("bad_value", "moved", text="bad_value.moved_without_list")
    return read_period(found) if found is not None else None


def read_period(reader: Reader, *, named: bool = False) -> PeriodAsked | None:
    """A field and by how much its values are moved; `named`: and what the comparison is called."""
    reader.close(("field", "shift", *(("name",) if named else ())), others=ALSO_CALLED)
    field, shift = name_at(reader, "field", required=True), _shift(reader)
    name = _period_name(reader) if named else None
    if field is None or shift is None or (named and name is None):
        return None
    count, unit = shift
    return PeriodAsked(field, count, unit, name.text if name is not None else None, pointer(*reader.at))


def _shift(reader: Reader) -> tuple[int, str] | None:
    sent = reader.value("shift")
    if sent is None:
        reader.refuse("required_missing", "shift")
        return None
    if type(sent) is not list or len(sent) != _SHIFT:
        reader.refuse("wrong_type", "shift", text="wrong_type.shift", values={"limit": SHIFT_MAX})
        return None
    count, unit = sent
    known = whole_units(with_clock=True)
    right = type(count) is int and 1 <= count <= SHIFT_MAX
    if not right:
        reader.refuse("bad_value", "shift", 0, text="bad_value.periods", values={"limit": SHIFT_MAX})
    if type(unit) is not str or unit not in known:
        _refuse_unit(reader, unit, known)
        return None
    return (count, unit) if right else None


def _refuse_unit(reader: Reader, unit: Any, known: tuple[str, ...]) -> None:
    values = {"known": ", ".join(known)}
    reader.refuse("bad_value", "shift", 1, text="bad_value.choice", values=values, suggestion=guess(unit, known))


def _period_name(reader: Reader) -> Name | None:
    name = name_at(reader, "name", required=True)
    if name is None or SLUG.match(name.text):
        return name
    reader.refuse("bad_value", "name", text="bad_value.declared_name", values={"name": name.text[:_NAME_SHOWN]})
    return None
