"""ScopedPlan to statements. SQL is a tree until the last call: identifiers come from the catalog, values are
parameters, and each table is read through one scan that names its build, its tenant and its object."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from sqlglot import exp

from crosslook.contracts.layouts import links_column
from services.query_service.domain.aggregates import IDS, aggregate, exact_parts, first_mark, sums_doubles
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.expressions import Expressions, Parameters
from services.query_service.domain.groupings import key_order
from services.query_service.domain.joined import JoinedRows
from services.query_service.domain.list_plan import ListPlan
from services.query_service.domain.list_sql import matching_statement, page_statement
from services.query_service.domain.nodes import aliased, column, constant, either, from_subquery, function, select
from services.query_service.domain.personal import PersonalFields
from services.query_service.domain.plan import Aggregation, Counting, Join, LinkCount, Measured, plan
from services.query_service.domain.predicates import EVERYTHING, Value
from services.query_service.domain.report import ResolvedReport, SortColumn
from services.query_service.domain.row_terms import Side
from services.query_service.domain.scans import live_rows
from services.query_service.domain.statements import Statement, Statements, alias_of, finished
from services.query_service.domain.tenancy import Scan, ScopedPlan, scope
from services.query_service.domain.terms import ColumnType


def render(scoped: ScopedPlan) -> Statements:
    """The statements of a plan."""
    asked, scans = scoped.plan, scoped.scans
    if isinstance(asked, ListPlan):
        links = _link_count(scans, asked.links) if asked.links is not None else None
        rows, matching = page_statement(scans, asked), matching_statement(scans, asked)
        return Statements(rows, None, links, matching=matching)
    return Statements(
        _Renderer(scans, asked.rows).statement(),
        _Renderer(scans, asked.totals).statement() if asked.totals is not None else None,
        _link_count(scans, asked.links) if asked.links is not None else None,
        tuple(_Renderer(scans, subtotal).statement() for subtotal in asked.subtotals),
    )


def render_periods(report: ResolvedReport, catalog: Catalog, hidden: PersonalFields) -> dict[str, Statements]:
    """The statements of the earlier periods that a report is compared with, by their names: the same report over moved
    values. `hidden` as in `tenancy.scope`."""
    moved = {side.name: replace(report, moved=side.moved) for side in report.compared if side.moved is not None}
    return {name: render(scope(plan(report_then), catalog, hidden)) for name, report_then in moved.items()}


def _link_count(scans: Mapping[str, Scan], asked: LinkCount) -> Statement:
    parameters = Parameters()
    links = links_column(asked.relationship)
    kept, dropped = (function("countIf", function(name, column(links))) for name in ("notEmpty", "empty"))
    scan = live_rows(scans[asked.base], parameters, [column(links)])
    counts = select([aliased(kept, "kept"), aliased(dropped, "dropped")])
    return finished(from_subquery(counts, scan, Side.BASE.value), parameters)


class _Renderer:
    """One aggregation: scans, joined and filtered rows, their groups."""

    def __init__(self, scans: Mapping[str, Scan], asked: Aggregation) -> None:
        self._scans = scans
        self._asked = asked
        self._parameters = Parameters()
        selection = asked.selection
        moved = selection.moved.of if selection.moved is not None else None
        self._expressions = Expressions(self._parameters, selection.zone, selection.week_start, self._named, moved)
        columns = [measure.column for measure in asked.measures]
        measured = [(column.side, column.of, column.where) for column in columns]
        self._value_names = [f"v{measured.index(of)}" for of in measured]
        filtered = list(dict.fromkeys(column.where for column in columns if column.where != EVERYTHING))
        self._passing = {where: f"passing{index}" for index, where in enumerate(filtered)}

    def statement(self) -> Statement:
        """Groups of the rows, tested, sorted, cut."""
        asked = self._asked
        keys = [column(self._alias(index)) for index in range(len(asked.keys))]
        measures = [
            aliased(
                aggregate(measured, self._value_names[index], self._passes(measured)), self._alias(len(keys) + index)
            )
            for index, measured in enumerate(asked.measures)
        ]
        groups = from_subquery(select([*keys, *measures]), self._marked(self._rows()), "joined")
        if keys:
            groups = groups.group_by(*(key.copy() for key in keys), copy=False)
        if asked.having != EVERYTHING:
            groups = groups.having(self._expressions.predicate(asked.having), copy=False)
        if asked.order:
            groups = groups.order_by(*(self._ordered(column_order) for column_order in asked.order), copy=False)
        if asked.limit is not None:
            groups = groups.limit(self._parameters.placeholder(Value(asked.limit, "UInt64")), copy=False)
        return finished(groups, self._parameters)

    def _passes(self, measured: Measured) -> str | None:
        """The column that says which rows pass a filtered measure's own filters."""
        return self._passing.get(measured.column.where)

    def _alias(self, index: int) -> str:
        return alias_of(index, len(self._asked.keys))

    def _named(self, name: str) -> str:
        """The alias of a column of the result."""
        asked = self._asked
        names = [key.name for key in asked.keys] + [measure.column.name for measure in asked.measures]
        return self._alias(names.index(name))

    def _ordered(self, sort: SortColumn) -> exp.Expr:
        # The engine puts nulls last in both directions unless told otherwise (meaning 9).
        return exp.Ordered(this=self._sorted_by(sort.name), desc=sort.descending, nulls_first=False)

    def _sorted_by(self, name: str) -> exp.Expr:
        """A column of the result; of bins, the place of the key among them."""
        plain = column(self._named(name))
        groupings = (key.grouping for key in self._asked.keys if key.name == name)
        keys = next((key_order(grouping) for grouping in groupings if grouping is not None), None)
        if keys is None:
            return plain
        place = function("indexOf", self._parameters.placeholder(Value(keys, "Array(String)")), plain)
        return function("nullIf", place, constant(0))

    def _rows(self) -> exp.Select:
        """Rows at the grain of the join, with what is grouped by, what is measured, and whom they are about."""
        asked = self._asked
        selected = [
            aliased(self._expressions.dimension(key), self._alias(index)) for index, key in enumerate(asked.keys)
        ]
        passing = self._passing.items()
        selected += [aliased(self._expressions.predicate(where), name) for where, name in passing]
        selected += self._measured_values()
        selected.append(aliased(column("record", Side.BASE.value), IDS[Side.BASE]))
        if asked.selection.join is Join.PAIRS:
            selected.append(aliased(column("record", Side.CONTACT.value), IDS[Side.CONTACT]))
        keys = (of for key in asked.keys for of in key.fields)
        measured = (of for measure in asked.measures for of in measure.column.fields)
        rows = JoinedRows(self._scans, asked.selection, self._expressions, self._parameters)
        return rows.rows(selected, (*keys, *measured))

    def _measured_values(self) -> Iterator[exp.Expr]:
        """What is measured: each field once, whatever measures are made of it."""
        summed = {
            self._value_names[index] for index, measure in enumerate(self._asked.measures) if sums_doubles(measure)
        }
        for name, measured in dict(zip(self._value_names, self._asked.measures, strict=True)).items():
            of = measured.column.of
            if of is not None:
                value, passing = self._expressions.value(of), self._passes(measured)
                value = function("toFloat64", value) if of.type is ColumnType.INTEGER else value
                if passing is not None:
                    value = either(column(passing), value, exp.Array() if of.several else exp.Null())
                yield aliased(value, name)
                yield from exact_parts(name) if name in summed else ()

    def _marked(self, rows: exp.Select) -> exp.Select:
        """Where entities repeat and that would inflate a measure: mark the first row of each in its group."""
        counted = [measure for measure in self._asked.measures if measure.counting is Counting.FIRST]
        firsts = dict.fromkeys((measure.column.side, self._passes(measure)) for measure in counted)
        if not firsts:
            return rows
        keys = [self._alias(index) for index in range(len(self._asked.keys))]
        marks = []
        for side, passing in firsts:
            # Where only some rows of an entity pass, the first one of those counts.
            same = (*keys, IDS[side], *([passing] if passing is not None else []))
            window = exp.Window(this=function("row_number"), partition_by=[column(name) for name in same])
            marks.append(aliased(exp.EQ(this=window, expression=constant(1)), first_mark(side, passing)))
        return from_subquery(select([exp.Star(), *marks]), rows, "rows")
