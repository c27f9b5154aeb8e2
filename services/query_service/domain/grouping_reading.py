"""Reads the edges of bins and the values of groups, by the type of what they group."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, assert_never

from crosslook.contracts.problems import Problem
from crosslook.contracts.values import BadValue, day, read_decimal
from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.condition_reading import InvalidCondition
from services.query_service.domain.groupings import (
    BinEdge,
    Bins,
    Group,
    Grouping,
    ValueGroups,
    Width,
    edge_text,
)
from services.query_service.domain.predicates import ColumnOf, Operand
from services.query_service.domain.query import BinsAsked, GroupingAsked, GroupsAsked, WidthAsked
from services.query_service.domain.row_terms import DimensionColumn, Term
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import shortest_decimal

_NUMBERS = (ColumnType.INTEGER, ColumnType.NUMBER)
_TIMES = (ColumnType.DATE, ColumnType.DATETIME)
_GROUPED = (ColumnType.TEXT, ColumnType.BOOLEAN, ColumnType.INTEGER)
WIDTH_DIGITS = 15
WIDTH_PLACES = 10
_AMOUNT_PLACES = 4
_SHOWN = 100


def grouping_of(of: Term, asked: GroupingAsked) -> Grouping:
    """The bins or groups of a field or formula. Raises InvalidCondition with every problem."""
    match asked:
        case BinsAsked():
            _check_type(of, (*_NUMBERS, ColumnType.CURRENCY, *_TIMES), "bins", asked.pointer)
            return _bins(of.type, asked)
        case WidthAsked():
            _check_type(of, (*_NUMBERS, ColumnType.CURRENCY), "width", asked.pointer)
            return _width(of.type, asked)
        case GroupsAsked():
            _check_type(of, _GROUPED, "groups", asked.pointer)
            return _groups(of.type, asked)
        case _:
            assert_never(asked)


def in_grouping(operand: Operand, asked: GroupingAsked) -> DimensionColumn:
    """What a condition with bins or groups tests. Raises InvalidCondition."""
    if isinstance(operand, ColumnOf | DimensionColumn):
        values = {"field": operand.name[:_SHOWN]}
        raise InvalidCondition(Problem("bad_value", asked.pointer, "bad_value.grouped_condition", values))
    return DimensionColumn(operand, grouping=grouping_of(operand, asked))


def _check_type(of: Term, kinds: Sequence[ColumnType], part: str, where: str) -> None:
    if (of.several and part != "groups") or of.type not in kinds:
        values = {"field": of.name, "type": of.type.value}
        raise InvalidCondition(Problem("bad_value", where, f"bad_value.{part}_type", values))


def _bins(kind: ColumnType, asked: BinsAsked) -> Bins:
    problems: list[Problem] = []
    read: list[tuple[BinEdge, str]] = []
    for index, sent in enumerate(asked.edges):
        try:
            read.append(_edge(kind, sent))
        except BadValue as error:
            problems.append(_problem(error, f"{asked.pointer}/{index}"))
    if problems:
        raise InvalidCondition(*problems)
    for index, (low, high) in enumerate(pairwise(edge for edge, _ in read), 1):
        if not _less(low, high):
            raise InvalidCondition(Problem("bad_value", f"{asked.pointer}/{index}", "bad_value.edges"))
    engine_type = COLUMN_TYPES[ColumnType.DATE if kind in _TIMES else kind].parameter.engine_type
    edges, texts = tuple(edge for edge, _ in read), tuple(text for _, text in read)
    return Bins(edges, texts, engine_type, by_day=kind is ColumnType.DATETIME)


def _edge(kind: ColumnType, sent: Any) -> tuple[BinEdge, str]:
    """An edge, and as a key shows it. Raises BadValue."""
    if kind in _TIMES:
        text = day(sent)
        if text is None:
            raise BadValue("wrong_type", "wrong_type.date")
        return text, text
    value = COLUMN_TYPES[kind].parameter.read(_there(sent))
    written = value if isinstance(value, Decimal) else _exact(sent)
    # A number with more decimals than anybody writes is shown as the double it is.
    text = edge_text(written) if written.adjusted() >= -WIDTH_PLACES else str(value)
    return value + 0, text


def _there(sent: Any) -> Any:
    """Raises BadValue for nothing, which the readers of numbers take for zero."""
    if sent is None or sent == "":
        raise BadValue("wrong_type", "wrong_type.number")
    return sent


def _less(low: BinEdge, high: BinEdge) -> bool:
    match low, high:
        case str(), str():
            return low < high
        case ((float() | Decimal()), (float() | Decimal())):
            return low < high
        case _:
            raise TypeError("edges of different types")


def _exact(sent: Any) -> Decimal:
    return read_decimal(sent) if isinstance(sent, str) else shortest_decimal(sent)


def _width(kind: ColumnType, asked: WidthAsked) -> Width:
    where, places = asked.pointer, _AMOUNT_PLACES if kind is ColumnType.CURRENCY else WIDTH_PLACES
    try:
        COLUMN_TYPES[kind].parameter.read(_there(asked.width))
    except BadValue as error:
        raise InvalidCondition(_problem(error, where)) from None
    width = _exact(asked.width).normalize()
    exponent = width.as_tuple().exponent
    if width <= 0 or len(width.as_tuple().digits) > WIDTH_DIGITS or not isinstance(exponent, int) or -exponent > places:
        values = {"digits": WIDTH_DIGITS, "places": places}
        raise InvalidCondition(Problem("bad_value", where, "bad_value.width", values))
    return Width(width)


def _groups(kind: ColumnType, asked: GroupsAsked) -> ValueGroups:
    problems: list[Problem] = []
    groups: list[Group] = []
    known: dict[str, str] = {}
    for group in asked.groups:
        if any(group.name == earlier.name for earlier in groups):
            shown = {"name": group.name[:_SHOWN]}
            problems.append(Problem("bad_value", f"{group.pointer}/name", "bad_value.group_repeated", shown))
        values: list[str] = []
        for index, sent in enumerate(group.values):
            where = f"{group.pointer}/values/{index}"
            try:
                value = _value(kind, sent)
            except BadValue as error:
                problems.append(_problem(error, where))
                continue
            if value in known:
                shown = {"value": value[:_SHOWN], "group": known[value][:_SHOWN]}
                problems.append(Problem("bad_value", where, "bad_value.in_two_groups", shown))
            known[value] = group.name
            values.append(value)
        groups.append(Group(group.name, tuple(values)))
    if any(asked.others == group.name for group in asked.groups):
        where = f"{asked.pointer.removesuffix('/groups')}/others"
        problems.append(Problem("bad_value", where, "bad_value.others_named", {"name": str(asked.others)[:_SHOWN]}))
    if problems:
        raise InvalidCondition(*problems)
    return ValueGroups(tuple(groups), asked.others)


def _value(kind: ColumnType, sent: Any) -> str:
    """A value as its key would be without groups. Raises BadValue."""
    match kind:
        case ColumnType.BOOLEAN:
            return str(COLUMN_TYPES[kind].parameter.read(sent)).lower()
        case ColumnType.INTEGER:
            value = COLUMN_TYPES[kind].parameter.read(_there(sent))
            if value != int(value):
                raise BadValue("wrong_type", "wrong_type.integer")
            return str(int(value))
        case _:
            text: str = COLUMN_TYPES[kind].parameter.read(sent)
            if not text:
                raise BadValue("empty", "bad_value.empty")
            return text


def _problem(error: BadValue, where: str) -> Problem:
    return Problem("bad_value", where, error.text or f"bad_value.{error.code}", error.values)
