"""The brute-force model's rows: one snapshot's records as a report sees them, with built-in fields, formulas and moved
values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.schemas import Definition
from tests.helpers.oracle_calculations import Column, names_in
from tests.helpers.oracle_calendar import Calendar
from tests.helpers.oracle_formulas import formula_values
from tests.helpers.oracle_values import typed
from tests.helpers.snapshots import PlainObject, PlainRow

BUILT_IN = {"_id": "text", "_updated_at": "datetime"}


@dataclass(frozen=True, slots=True)
class Shift:
    """Every value of a field, so many units later (meaning 13)."""

    field: str
    count: int
    unit: str


class Records:
    """`known`: the definitions that names are looked up in; what this snapshot's own do not have is empty in it. A term
    is a field, `ticket.status`, a built-in field or the name of a formula."""

    def __init__(
        self,
        known: Mapping[str, Definition],
        objects: Iterable[PlainObject],
        calendar: Calendar,
        formulas: Iterable[Mapping[str, str]] = (),
        shift: Shift | None = None,
    ) -> None:
        self._known = known
        self._objects = {plain_object.definition.object: plain_object for plain_object in objects}
        self._calendar = calendar
        self._formulas = {formula["name"]: formula["expression"] for formula in formulas}
        self._shift = shift
        self._live: dict[str, dict[str, PlainRow]] = {}
        self._computed: dict[str, tuple[str | None, dict[str, Any]]] = {}

    def live(self, name: str) -> dict[str, PlainRow]:
        """The records of an object that are not deleted, by record id."""
        if name not in self._live:
            rows = self._objects[name].rows if name in self._objects else ()
            self._live[name] = {row.record: row for row in rows if not row.deleted and not self._left_out(name, row)}
        return self._live[name]

    def relationship(self, name: str, asked: str | None) -> str:
        """The relationship that is asked for, or the only one to contact."""
        linking = [link.slug for link in self._known[name].relationships if link.target == "contact"]
        if asked is None:
            (asked,) = linking
        return asked

    def linked(self, row: PlainRow, relationship: str) -> list[PlainRow]:
        """The contacts that a record is associated with."""
        contacts = self.live("contact")
        return [contacts[record] for record in dict.fromkeys(row.links.get(relationship, ())) if record in contacts]

    def object_of(self, term: str) -> str:
        """The object that a term is about."""
        if term in self._formulas:
            (found,) = {self.object_of(name) for name in names_in(self._formulas[term])}
            return found
        return term.split(".")[0]

    def kind(self, term: str) -> str:
        """What the values of a term are: a field's type, or integer, number, currency, boolean, text, date, datetime of
        a formula."""
        if term in self._formulas:
            return self._formula(term)[0] or "number"
        name, slug = term.split(".")
        return BUILT_IN.get(slug) or self._known[name].field_by_slug[slug].type.value

    def value(self, term: str, row: PlainRow) -> Any:
        """The term's value for a record; None when empty."""
        if term in self._formulas:
            return self._formula(term)[1][row.record]
        return self._moved(term, self._sent(term, row))

    def _sent(self, term: str, row: PlainRow) -> Any:
        name, slug = term.split(".")
        if slug in BUILT_IN:
            return row.record if slug == "_id" else row.updated_at
        field = self._known[name].field_by_slug[slug]
        there = self._objects[name].definition.field_by_slug.get(slug)
        sent = row.values.get(slug)
        if there is None or there.type is not field.type or sent is None or sent in ("", []):
            return None
        return typed(field.type, sent)

    def _moved(self, term: str, value: Any) -> Any:
        if self._shift is None or term != self._shift.field:
            return value
        return self._calendar.moved(value, self._shift.count, self._shift.unit)

    def _left_out(self, name: str, row: PlainRow) -> bool:
        if self._shift is None or self._shift.field.split(".")[0] != name:
            return False
        sent = self._sent(self._shift.field, row)
        return sent is not None and self._moved(self._shift.field, sent) is None

    def _formula(self, name: str) -> tuple[str | None, dict[str, Any]]:
        if name not in self._computed:
            rows = list(self.live(self.object_of(name)).values())

            def find(term: str) -> Column:
                return Column(_family(self.kind(term)), [self.value(term, row) for row in rows])

            column = formula_values(self._formulas[name], find, len(rows), self._calendar)
            self._computed[name] = column.kind, dict(zip([row.record for row in rows], column.values, strict=True))
        return self._computed[name]


def _family(kind: str) -> str:
    return "text" if kind in ("textarea", "dropdown") else kind
