"""ListPlan to statements: the rows of a page, and how many rows there are in all."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from crosslook.contracts.ids import CONTACT
from services.query_service.domain.after_token import RowPosition
from services.query_service.domain.aggregates import IDS
from services.query_service.domain.built_in import RECORD_ID
from services.query_service.domain.expressions import Expressions, Parameters
from services.query_service.domain.joined import JoinedRows
from services.query_service.domain.list_plan import ListPlan
from services.query_service.domain.nodes import (
    aliased,
    column,
    constant,
    from_subquery,
    function,
    select,
    text_constant,
)
from services.query_service.domain.plan import Join, RowSelection
from services.query_service.domain.predicates import EVERYTHING, Compare, Comparison, Every, Predicate, Value
from services.query_service.domain.query import ContactMatch
from services.query_service.domain.report import SortColumn
from services.query_service.domain.row_terms import FieldOf, Side
from services.query_service.domain.statements import Statement, alias_of, finished
from services.query_service.domain.tenancy import Scan
from services.query_service.domain.values import SEVERAL_SEPARATOR

_LISTED, _POSITION = "listed", "position"
MATCHING = "matching"


def page_statement(scans: Mapping[str, Scan], asked: ListPlan) -> Statement:
    """The listed columns and then the ids of each row, in order, after the row of the token."""
    return _ListRenderer(scans, asked).rows()


def matching_statement(scans: Mapping[str, Scan], asked: ListPlan) -> Statement:
    """How many rows there are, wherever the page begins and ends."""
    return _ListRenderer(scans, asked).matching()


class _ListRenderer:
    def __init__(self, scans: Mapping[str, Scan], asked: ListPlan) -> None:
        self._scans = scans
        self._asked = asked
        self._parameters = Parameters()
        zone, week_start = asked.selection.zone, asked.selection.week_start
        self._expressions = Expressions(self._parameters, zone, week_start, lambda name: name)
        self._testing = self._expressions
        if (moved := asked.selection.moved) is not None:
            self._testing = Expressions(
                self._parameters, zone, week_start, lambda name: name, moved.of, "moved_formula_"
            )
        self._columns = asked.listing.columns
        self._places = {listed.name: index for index, listed in enumerate(self._columns)}
        pairs = asked.selection.join is Join.PAIRS
        self._ids = [IDS[side] for side in (Side.BASE, *([Side.CONTACT] if pairs else []))]

    def rows(self) -> Statement:
        after = self._asked.listing.after
        shown = [column(self._alias(index)) for index in range(len(self._columns))]
        rows = select([*shown, *(column(name) for name in self._ids)])
        rows = from_subquery(rows, self._joined(self._asked.selection, self._places.values()), _LISTED)
        if after is not None:
            position = self._position(after)
            rows = rows.with_(_POSITION, as_=position, scalar=True, copy=False)
            rows = rows.where(self._follows(), copy=False)
        rows = rows.order_by(*self._order(), copy=False)
        rows = rows.limit(self._parameters.placeholder(Value(self._asked.limit, "UInt64")), copy=False)
        return finished(rows, self._parameters)

    def matching(self) -> Statement:
        joined = JoinedRows(self._scans, self._asked.selection, self._expressions, self._parameters, self._testing)
        rows = joined.rows([aliased(column("record", Side.BASE.value), IDS[Side.BASE])], ())
        counted = select([aliased(function("count"), MATCHING)])
        return finished(from_subquery(counted, rows, _LISTED), self._parameters)

    def _joined(self, selection: RowSelection, places: Collection[int]) -> exp.Select:
        """The rows with their values at these places of the list, what they are sorted by, and their ids."""
        selected = [aliased(self._expressions.value(self._columns[index].of), self._alias(index)) for index in places]
        selected += self._sorted_texts()
        for side, name in zip(Side, self._ids, strict=False):
            selected.append(aliased(column("record", side.value), name))
        joined = JoinedRows(self._scans, selection, self._expressions, self._parameters, self._testing)
        return joined.rows(selected, (of for index in places for of in self._columns[index].fields))

    def _sorted_texts(self) -> Iterator[exp.Expr]:
        """The lists of values that rows are sorted by, as the texts that files show."""
        for sort in self._asked.order:
            listed = self._columns[self._places[sort.name]]
            if listed.of.several:
                text = function(
                    "arrayStringConcat", self._expressions.value(listed.of), text_constant(SEVERAL_SEPARATOR)
                )
                yield aliased(function("nullIf", text, text_constant("")), self._key(sort))

    def _alias(self, index: int) -> str:
        return alias_of(index, len(self._columns))

    def _key(self, sort: SortColumn) -> str:
        """The column that rows are sorted by."""
        index = self._places[sort.name]
        return f"s{index}" if self._columns[index].of.several else self._alias(index)

    def _order(self) -> list[exp.Expr]:
        # The engine puts nulls last in both directions unless told otherwise (meaning 9).
        keys = [
            exp.Ordered(this=column(self._key(sort)), desc=sort.descending, nulls_first=False)
            for sort in self._asked.order
        ]
        return [*keys, *(exp.Ordered(this=column(name), nulls_first=False) for name in self._ids)]

    def _position(self, after: RowPosition) -> exp.Select:
        """What the row of the token is sorted by, looked up by its ids: one tuple in an array."""
        selection = replace(
            self._asked.selection,
            where=_is_row(self._asked.selection.base, after),
            some_contact=EVERYTHING,
            contacts=ContactMatch.ANY,
            records=None,
            among=None,
            join=Join.PAIRS if after.contact is not None else Join.NONE,
        )
        sorted_by = [self._places[sort.name] for sort in self._asked.order]
        names = [*(self._key(sort) for sort in self._asked.order), *self._ids]
        key = function("tuple", *(column(name) for name in names))
        return from_subquery(select([function("groupArray", key)]), self._joined(selection, sorted_by), _LISTED)

    def _follows(self) -> exp.Expr:
        """Whether a row comes after the position: at the first key in which they differ. Nulls come last."""
        tests: list[exp.Expr] = []
        for number, sort in enumerate(self._asked.order, 1):
            key, there = column(self._key(sort)), _there(number)
            beyond = (exp.LT if sort.descending else exp.GT)(this=key, expression=there)
            empty, known = exp.Is(this=key.copy(), expression=exp.Null()), exp.not_(_is_null(there))
            tests += [function("ifNull", beyond, exp.and_(empty, known, copy=False)), exp.true()]
            unlike = exp.NEQ(this=key.copy(), expression=there.copy())
            either_empty = exp.NEQ(this=exp.Paren(this=empty.copy()), expression=exp.Paren(this=_is_null(there)))
            tests += [function("ifNull", unlike, either_empty), exp.false()]
        *before, last = enumerate(self._ids, 1 + len(self._asked.order))
        for number, name in before:
            tests += [exp.GT(this=column(name), expression=_there(number)), exp.true()]
            tests += [exp.NEQ(this=column(name), expression=_there(number)), exp.false()]
        beyond = exp.GT(this=column(last[1]), expression=_there(last[0]))
        return function("multiIf", *tests, beyond) if tests else beyond


def _there(number: int) -> exp.Expr:
    """A key of the position."""
    return function("tupleElement", function("arrayElement", column(_POSITION), constant(1)), constant(number))


def _is_null(value: exp.Expr) -> exp.Expr:
    return exp.Is(this=value.copy(), expression=exp.Null())


def _is_row(base: str, after: RowPosition) -> Predicate:
    ids = [(Side.BASE, base, after.record)]
    ids += [(Side.CONTACT, CONTACT, after.contact)] if after.contact is not None else []
    return Every(
        tuple(
            Compare(FieldOf(side, name, RECORD_ID), Comparison.EQ, Value(record, "String"))
            for side, name, record in ids
        )
    )
