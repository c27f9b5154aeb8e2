"""The rows that a report is about, at the grain of its join, as a SELECT over its base and, in pairs, its contact."""

from collections.abc import Iterable, Iterator, Mapping

from sqlglot import exp

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import FieldDef
from services.query_service.domain.built_in import RECORD_ID, row_column
from services.query_service.domain.expressions import Expressions, Parameters
from services.query_service.domain.moved_bounds import stored_bounds
from services.query_service.domain.moving import is_kept, moved_columns
from services.query_service.domain.nodes import aliased, column, from_subquery, function, select
from services.query_service.domain.plan import Join, RowSelection
from services.query_service.domain.predicates import EVERYTHING, Comparison, Predicate, Value, fields
from services.query_service.domain.query import ContactMatch, Match
from services.query_service.domain.report import RecordsElsewhere
from services.query_service.domain.row_formula_splitting import steps_of
from services.query_service.domain.row_formula_sql import FormulaExpressions
from services.query_service.domain.row_terms import EarlierFormula, FieldOf, MovedField, Side
from services.query_service.domain.scans import linked_contacts, live_rows, record_id, stored_value
from services.query_service.domain.tenancy import Scan

_LINK = "link"


class JoinedRows:
    """The rows of one selection. In what is selected from them a field's column is qualified with its side. `testing`:
    what its filters read, where that is not what is selected."""

    def __init__(
        self,
        scans: Mapping[str, Scan],
        asked: RowSelection,
        expressions: Expressions,
        parameters: Parameters,
        testing: Expressions | None = None,
    ) -> None:
        self._scans = scans
        self._asked = asked
        self._expressions = expressions
        self._testing = testing or expressions
        self._parameters = parameters

    def rows(self, selected: Iterable[exp.Expr], used: Iterable[FieldOf]) -> exp.Select:
        """The rows that pass, with expressions over the fields `used`."""
        asked, needed = self._asked, list(used)
        chosen = from_subquery(select(selected), self._base(needed), Side.BASE.value)
        if asked.join is Join.PAIRS:
            on = exp.EQ(this=column(_LINK, Side.BASE.value), expression=column("record", Side.CONTACT.value))
            contact = self._contact(needed, asked.where).subquery(Side.CONTACT.value, copy=False)
            chosen = chosen.join(contact, on=on, join_type="inner", copy=False)
        if asked.where == EVERYTHING:
            return chosen
        return chosen.where(self._testing.predicate(asked.where), copy=False)

    def _base(self, used: Iterable[FieldOf]) -> exp.Select:
        asked, scan = self._asked, self._scans[self._asked.base]
        links = linked_contacts(scan, asked.relationship) if asked.relationship is not None else None
        moved = (asked.moved.of,) if asked.moved is not None else ()
        needed = self._needed(Side.BASE, (*used, *moved), asked.where)
        selected = [record_id(scan), *(stored_value(scan, field) for field in needed)]
        selected += self._moved_columns()
        if asked.join is Join.PAIRS and links is not None:
            selected.append(aliased(function("arrayJoin", links), _LINK))
        rows = live_rows(scan, self._parameters, selected)
        if asked.moved is not None:
            rows = rows.where(*self._stored_bounds(asked.moved), is_kept(asked.moved), copy=False)
        if asked.contacts is not ContactMatch.ANY and links is not None:
            some = function("notEmpty" if asked.contacts is ContactMatch.WITH else "empty", links.copy())
            rows = rows.where(some, copy=False)
        if asked.join is Join.SEMI and links is not None:
            rows = rows.where(self._some_contact(links.copy()), copy=False)
        if asked.among is not None:
            rows = rows.where(self._in_pairs(asked.among), copy=False)
        if asked.records is not None:
            rows = rows.where(self._recorded(asked.records), copy=False)
        return self._computed(rows, Side.BASE)

    def _moved_columns(self) -> Iterator[exp.Expr]:
        moved = self._asked.moved
        if moved is not None:
            count = self._parameters.placeholder(Value(moved.count, "Int64"))
            yield from moved_columns(moved, row_column(moved.of.field), count, self._expressions.local)

    def _stored_bounds(self, moved: MovedField) -> Iterator[exp.Expr]:
        for comparison, value in stored_bounds(moved, self._asked.where):
            kind = exp.GTE if comparison is Comparison.GTE else exp.LTE
            yield kind(this=column(row_column(moved.of.field)), expression=self._parameters.placeholder(value))

    def _contact(self, used: Iterable[FieldOf], where: Predicate) -> exp.Select:
        scan = self._scans[CONTACT]
        needed = self._needed(Side.CONTACT, used, where)
        selected = [record_id(scan), *(stored_value(scan, field) for field in needed)]
        return self._computed(live_rows(scan, self._parameters, selected), Side.CONTACT)

    def _computed(self, rows: exp.Select, side: Side) -> exp.Select:
        """The rows with the formulas of their side as columns, of what is selected and of what filters read."""
        if not any(formula.side is side for formula in self._asked.formulas):
            return rows
        for expressions in dict.fromkeys((self._expressions, self._testing)):
            rows = self._with_formulas(rows, side, expressions)
        return rows

    def _with_formulas(self, rows: exp.Select, side: Side, expressions: Expressions) -> exp.Select:
        """One SELECT for the formulas that name no other one, another for those that name only these, and so on."""

        def leaf(of: FieldOf | EarlierFormula) -> exp.Expr:
            if isinstance(of, EarlierFormula):
                return column(expressions.formula_column(of.name), side.value)
            return expressions.value(of)

        rendering = FormulaExpressions(self._parameters.placeholder, leaf, self._asked.zone)
        left = [step for formula in self._asked.formulas if formula.side is side for step in steps_of(formula)]
        computed: set[str] = set()
        while left:
            ready = [step for step in left if step.earlier <= computed]
            values = [aliased(rendering.step(step), expressions.formula_column(step.name)) for step in ready]
            rows = from_subquery(select([exp.Star(), *values]), rows, side.value)
            computed |= {step.name for step in ready}
            left = [step for step in left if step.name not in computed]
        return rows

    def _some_contact(self, links: exp.Expr) -> exp.Expr:
        """Whether one of the record's contacts passes."""
        where = self._asked.some_contact
        contacts = self._contact((), where)
        passing = from_subquery(select([column("record", Side.CONTACT.value)]), contacts, Side.CONTACT.value)
        passing = passing.where(self._testing.predicate(where), copy=False)
        within = exp.In(this=exp.column("linked"), query=passing.subquery(copy=False))
        return function("arrayExists", exp.Lambda(this=within, expressions=[exp.to_identifier("linked")]), links)

    def _in_pairs(self, asked: RowSelection) -> exp.Expr:
        """Whether the record is in one of the pairs."""
        pairs = JoinedRows(self._scans, asked, self._testing, self._parameters)
        records = pairs.rows([column("record", Side.BASE.value)], ())
        return exp.In(this=column("record"), query=records.subquery(copy=False))

    def _recorded(self, asked: RecordsElsewhere) -> exp.Expr:
        """Whether the contact is linked by a record of the other object."""
        scan = self._scans[asked.explore.object]
        links = function("arrayJoin", linked_contacts(scan, asked.relationship.slug))
        linked = live_rows(scan, self._parameters, [links])
        within = exp.In(this=column("record"), query=linked.subquery(copy=False))
        return within if asked.match is Match.WITH else exp.not_(within, copy=False)

    def _needed(self, side: Side, used: Iterable[FieldOf], where: Predicate) -> list[FieldDef]:
        """The fields of a side that the rows need besides the record's id, by slug."""
        computed = (of for formula in self._asked.formulas for of in formula.fields)
        found = {of.field.slug: of.field for of in (*used, *fields(where), *computed) if of.side is side}
        return [found[slug] for slug in sorted(found) if slug != RECORD_ID.slug]
