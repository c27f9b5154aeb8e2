"""The rows that a report is about, at the grain of its join, as a SELECT over its base and, in pairs, its contact."""

from collections.abc import Iterable, Mapping

from sqlglot import exp

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import FieldDef
from services.query_service.domain.built_in import RECORD_ID
from services.query_service.domain.expressions import Expressions, Parameters
from services.query_service.domain.nodes import aliased, column, from_subquery, function, select
from services.query_service.domain.plan import Join, RowSelection
from services.query_service.domain.predicates import EVERYTHING, Predicate, fields
from services.query_service.domain.query import ContactMatch, Match
from services.query_service.domain.report import RecordsElsewhere
from services.query_service.domain.row_terms import FieldOf, Side
from services.query_service.domain.scans import linked_contacts, live_rows, record_id, stored_value
from services.query_service.domain.tenancy import Scan

_LINK = "link"


class JoinedRows:
    """The rows of one selection. In what is selected from them a field's column is qualified with its side."""

    def __init__(
        self, scans: Mapping[str, Scan], asked: RowSelection, expressions: Expressions, parameters: Parameters
    ) -> None:
        self._scans = scans
        self._asked = asked
        self._expressions = expressions
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
        return chosen.where(self._expressions.predicate(asked.where), copy=False)

    def _base(self, used: Iterable[FieldOf]) -> exp.Select:
        asked, scan = self._asked, self._scans[self._asked.base]
        links = linked_contacts(scan, asked.relationship) if asked.relationship is not None else None
        needed = _needed(Side.BASE, used, asked.where)
        selected = [record_id(scan), *(stored_value(scan, field) for field in needed)]
        if asked.join is Join.PAIRS and links is not None:
            selected.append(aliased(function("arrayJoin", links), _LINK))
        rows = live_rows(scan, self._parameters, selected)
        if asked.contacts is not ContactMatch.ANY and links is not None:
            some = function("notEmpty" if asked.contacts is ContactMatch.WITH else "empty", links.copy())
            rows = rows.where(some, copy=False)
        if asked.join is Join.SEMI and links is not None:
            rows = rows.where(self._some_contact(links.copy()), copy=False)
        return rows if asked.records is None else rows.where(self._recorded(asked.records), copy=False)

    def _contact(self, used: Iterable[FieldOf], where: Predicate) -> exp.Select:
        scan = self._scans[CONTACT]
        needed = _needed(Side.CONTACT, used, where)
        return live_rows(scan, self._parameters, [record_id(scan), *(stored_value(scan, field) for field in needed)])

    def _some_contact(self, links: exp.Expr) -> exp.Expr:
        """Whether one of the record's contacts passes."""
        where = self._asked.some_contact
        contacts = self._contact((), where)
        passing = from_subquery(select([column("record", Side.CONTACT.value)]), contacts, Side.CONTACT.value)
        passing = passing.where(self._expressions.predicate(where), copy=False)
        within = exp.In(this=exp.column("linked"), query=passing.subquery(copy=False))
        return function("arrayExists", exp.Lambda(this=within, expressions=[exp.to_identifier("linked")]), links)

    def _recorded(self, asked: RecordsElsewhere) -> exp.Expr:
        """Whether the contact is linked by a record of the other object."""
        scan = self._scans[asked.explore.object]
        links = function("arrayJoin", linked_contacts(scan, asked.relationship.slug))
        linked = live_rows(scan, self._parameters, [links])
        within = exp.In(this=column("record"), query=linked.subquery(copy=False))
        return within if asked.match is Match.WITH else exp.not_(within, copy=False)


def _needed(side: Side, used: Iterable[FieldOf], where: Predicate) -> list[FieldDef]:
    """The fields of a side that the rows need besides the record's id, by slug."""
    found = {of.field.slug: of.field for of in (*used, *fields(where)) if of.side is side}
    return [found[slug] for slug in sorted(found) if slug != RECORD_ID.slug]
