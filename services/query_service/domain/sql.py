"""ScopedPlan to statements. SQL is a tree until the last call: identifiers come from the catalog, values are
parameters, and each table is read through one scan that names its build, its tenant and its object."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlglot import exp

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.layouts import field_column, links_column
from crosslook.contracts.schemas import FieldDef, FieldType
from services.query_service.domain.aggregates import FIRSTS, IDS, aggregate, exact_parts, sums_doubles
from services.query_service.domain.expressions import Expressions, Parameters
from services.query_service.domain.nodes import DIALECT, aliased, column, constant, function, text_constant
from services.query_service.domain.plan import Aggregation, Counting, Join, LinkCount
from services.query_service.domain.predicates import (
    Every,
    FieldOf,
    Predicate,
    Scalar,
    Side,
    Value,
    fields,
)
from services.query_service.domain.query import ContactMatch, Match
from services.query_service.domain.report import RecordsElsewhere, SortColumn
from services.query_service.domain.tenancy import Scan, ScopedPlan

_LINK = "link"
_INDENTED_MOST = 48_000


@dataclass(frozen=True, slots=True)
class Statement:
    """One SELECT and the values of its parameters."""

    sql: str
    parameters: Mapping[str, Scalar | list[Scalar]]


@dataclass(frozen=True, slots=True)
class Statements:
    """What one report runs: its rows, its totals, the counts of its join block, its subtotals by their number of
    dimensions; and what it asks of the snapshot before."""

    rows: Statement
    totals: Statement | None
    links: Statement | None
    subtotals: tuple[Statement, ...] = ()
    previous: "Statements | None" = None

    def parts(self) -> dict[str, Statement]:
        """Those that there are, by name."""
        found = {"rows": self.rows, "totals": self.totals, "join": self.links}
        found |= {f"subtotals_{level}": subtotal for level, subtotal in enumerate(self.subtotals, 1)}
        if self.previous is not None:
            found |= {f"previous_{name}": part for name, part in self.previous.parts().items() if name != "join"}
        return {name: statement for name, statement in found.items() if statement is not None}


def render(scoped: ScopedPlan) -> Statements:
    """The statements of a plan."""
    plan, scans = scoped.plan, scoped.scans
    return Statements(
        _Renderer(scans, plan.rows).statement(),
        _Renderer(scans, plan.totals).statement() if plan.totals is not None else None,
        _link_count(scans, plan.links) if plan.links is not None else None,
        tuple(_Renderer(scans, subtotal).statement() for subtotal in plan.subtotals),
    )


def alias_of(index: int, keys: int) -> str:
    """What a statement calls a column of its answer, by its place: keys are first."""
    return f"d{index}" if index < keys else f"m{index - keys}"


def _finish(select: exp.Select, parameters: Parameters) -> Statement:
    return Statement(_fitting(select.sql(DIALECT, pretty=True, copy=False)), parameters.values())


def _fitting(sql: str) -> str:
    """The statement, well below the size of a form field: without its indentation where it is long. No line break in a
    statement is part of a name or a text."""
    return sql if len(sql) <= _INDENTED_MOST else "\n".join(line.lstrip() for line in sql.splitlines())


def _select(selected: Iterable[exp.Expr]) -> exp.Select:
    # The builders of sqlglot copy whatever they are given unless told otherwise, a tree once a step.
    return exp.select(*selected, copy=False)


def _from(select: exp.Select, inner: exp.Select, alias: str) -> exp.Select:
    return select.from_(inner.subquery(alias, copy=False), copy=False)


def _link_count(scans: Mapping[str, Scan], asked: LinkCount) -> Statement:
    parameters = Parameters()
    links = links_column(asked.relationship)
    kept, dropped = (function("countIf", function(name, column(links))) for name in ("notEmpty", "empty"))
    scan = _scan(scans[asked.base], parameters, [column(links)])
    counts = _select([aliased(kept, "kept"), aliased(dropped, "dropped")])
    return _finish(_from(counts, scan, Side.BASE.value), parameters)


def _scan(scan: Scan, parameters: Parameters, selected: Iterable[exp.Expr]) -> exp.Select:
    """The live rows of one object of one tenant in one build."""
    if scan.source is None:
        return _select(selected).where(exp.false(), copy=False)
    table = exp.table_(exp.to_identifier(scan.source.table, quoted=True))
    parts = [
        ("build", Value(scan.source.build, "UInt64")),
        ("tenant", Value(scan.tenant, "String")),
        ("object", Value(scan.object, "String")),
    ]
    conditions = [exp.EQ(this=column(name), expression=parameters.placeholder(value)) for name, value in parts]
    live = exp.not_(column("deleted"), copy=False)
    return _select(selected).from_(table, copy=False).where(*conditions, live, copy=False)


def _record(scan: Scan) -> exp.Expr:
    return column("record") if scan.source is not None else aliased(text_constant(""), "record")


def _raw(scan: Scan, field: FieldDef) -> exp.Expr:
    """A field's column; empty where the build has none."""
    name = field_column(field.slug)
    if scan.holds(field):
        return column(name)
    spec = FIELD_TYPES[field.type]
    if spec.several:
        return aliased(_no_texts(), name)
    return aliased(function("CAST", exp.Null(), text_constant(spec.engine_type)), name)


def _links(scan: Scan, relationship: str) -> exp.Expr:
    """The contacts of a record; none where the build lacks the relationship."""
    return column(links_column(relationship)) if relationship in scan.relationships else _no_texts()


def _no_texts() -> exp.Expr:
    return function("CAST", exp.Array(), text_constant(FIELD_TYPES[FieldType.MULTISELECT].engine_type))


class _Renderer:
    """One aggregation: scans, joined and filtered rows, their groups."""

    def __init__(self, scans: Mapping[str, Scan], asked: Aggregation) -> None:
        self._scans = scans
        self._asked = asked
        self._parameters = Parameters()
        self._expressions = Expressions(self._parameters, asked.zone, self._named)
        fields = [(measure.column.side, measure.column.measure.field) for measure in asked.measures]
        self._value_names = [f"v{fields.index(of)}" for of in fields]

    def statement(self) -> Statement:
        """Groups of the rows, tested, sorted, cut."""
        asked = self._asked
        keys = [column(self._alias(index)) for index in range(len(asked.keys))]
        measures = [
            aliased(aggregate(measured, self._value_names[index]), self._alias(len(keys) + index))
            for index, measured in enumerate(asked.measures)
        ]
        select = _from(_select([*keys, *measures]), self._marked(self._rows()), "joined")
        if keys:
            select = select.group_by(*(key.copy() for key in keys), copy=False)
        if asked.having != Every(()):
            select = select.having(self._expressions.predicate(asked.having), copy=False)
        if asked.order:
            select = select.order_by(*(self._ordered(column_order) for column_order in asked.order), copy=False)
        if asked.limit is not None:
            select = select.limit(self._parameters.placeholder(Value(asked.limit, "UInt64")), copy=False)
        return _finish(select, self._parameters)

    def _alias(self, index: int) -> str:
        return alias_of(index, len(self._asked.keys))

    def _named(self, name: str) -> str:
        """The alias of a column of the result."""
        asked = self._asked
        names = [key.name for key in asked.keys] + [measure.column.name for measure in asked.measures]
        return self._alias(names.index(name))

    def _ordered(self, sort: SortColumn) -> exp.Expr:
        # The engine puts nulls last in both directions unless told otherwise (meaning 9).
        return exp.Ordered(this=column(self._named(sort.name)), desc=sort.descending, nulls_first=False)

    def _rows(self) -> exp.Select:
        """Rows at the grain of the join, with what is grouped by, what is measured, and whom they are about."""
        asked = self._asked
        selected = [
            aliased(self._expressions.dimension(key), self._alias(index)) for index, key in enumerate(asked.keys)
        ]
        selected += self._measured_values()
        selected.append(aliased(column("record", Side.BASE.value), IDS[Side.BASE]))
        if asked.join is Join.PAIRS:
            selected.append(aliased(column("record", Side.CONTACT.value), IDS[Side.CONTACT]))
        select = _from(_select(selected), self._base(), Side.BASE.value)
        if asked.join is Join.PAIRS:
            on = exp.EQ(this=column(_LINK, Side.BASE.value), expression=column("record", Side.CONTACT.value))
            contact = self._contact(asked.where).subquery(Side.CONTACT.value, copy=False)
            select = select.join(contact, on=on, join_type="inner", copy=False)
        if asked.where == Every(()):
            return select
        return select.where(self._expressions.predicate(asked.where), copy=False)

    def _measured_values(self) -> Iterator[exp.Expr]:
        """What is measured: each field once, whatever measures are made of it."""
        summed = {
            self._value_names[index] for index, measure in enumerate(self._asked.measures) if sums_doubles(measure)
        }
        fields = dict(zip(self._value_names, self._asked.measures, strict=True))
        for name, measured in fields.items():
            field = measured.column.measure.field
            if field is not None:
                of = FieldOf(measured.column.side, measured.column.measure.object, field)
                yield aliased(self._expressions.value(of), name)
                yield from exact_parts(name) if name in summed else ()

    def _marked(self, rows: exp.Select) -> exp.Select:
        """Where entities repeat and that would inflate a measure: mark the first row of each in its group."""
        firsts = {measure.column.side for measure in self._asked.measures if measure.counting is Counting.FIRST}
        if not firsts:
            return rows
        keys = [self._alias(index) for index in range(len(self._asked.keys))]
        marks = []
        for side in sorted(firsts):
            window = exp.Window(this=function("row_number"), partition_by=[column(name) for name in (*keys, IDS[side])])
            marks.append(aliased(exp.EQ(this=window, expression=constant(1)), FIRSTS[side]))
        return _from(_select([exp.Star(), *marks]), rows, "rows")

    def _base(self) -> exp.Select:
        asked, scan = self._asked, self._scans[self._asked.base]
        links = _links(scan, asked.relationship) if asked.relationship is not None else None
        selected = [_record(scan), *(_raw(scan, field) for field in self._fields(Side.BASE, asked.where))]
        if asked.join is Join.PAIRS and links is not None:
            selected.append(aliased(function("arrayJoin", links), _LINK))
        select = _scan(scan, self._parameters, selected)
        if asked.contacts is not ContactMatch.ANY and links is not None:
            some = function("notEmpty" if asked.contacts is ContactMatch.WITH else "empty", links.copy())
            select = select.where(some, copy=False)
        if asked.join is Join.SEMI and links is not None:
            select = select.where(self._some_contact(links.copy()), copy=False)
        return select if asked.records is None else select.where(self._recorded(asked.records), copy=False)

    def _contact(self, where: Predicate) -> exp.Select:
        scan = self._scans[CONTACT]
        fields = self._fields(Side.CONTACT, where)
        return _scan(scan, self._parameters, [_record(scan), *(_raw(scan, field) for field in fields)])

    def _some_contact(self, links: exp.Expr) -> exp.Expr:
        """Whether one of the record's contacts passes."""
        where = self._asked.some_contact
        passing = _from(_select([column("record", Side.CONTACT.value)]), self._contact(where), Side.CONTACT.value)
        passing = passing.where(self._expressions.predicate(where), copy=False)
        within = exp.In(this=exp.column("linked"), query=passing.subquery(copy=False))
        return function("arrayExists", exp.Lambda(this=within, expressions=[exp.to_identifier("linked")]), links)

    def _recorded(self, asked: RecordsElsewhere) -> exp.Expr:
        """Whether the contact is linked by a record of the other object."""
        scan = self._scans[asked.explore.object]
        links = function("arrayJoin", _links(scan, asked.relationship.slug))
        linked = _scan(scan, self._parameters, [links])
        within = exp.In(this=column("record"), query=linked.subquery(copy=False))
        return within if asked.match is Match.WITH else exp.not_(within, copy=False)

    def _fields(self, side: Side, where: Predicate) -> list[FieldDef]:
        """The fields of a side that the rows need, by slug."""
        asked = self._asked
        used = {key.of.field.slug: key.of.field for key in asked.keys if key.side is side}
        for measured in asked.measures:
            field = measured.column.measure.field
            if field is not None and measured.column.side is side:
                used[field.slug] = field
        used |= {of.field.slug: of.field for of in fields(where) if of.side is side}
        return [used[slug] for slug in sorted(used)]
