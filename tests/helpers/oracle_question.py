"""The brute-force model's questions: which rows a request is about, and the figures of their groups (meanings 1-5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tests.helpers.oracle_conditions import Conditions
from tests.helpers.oracle_groupings import Grouping
from tests.helpers.oracle_measures import kind_of_measure, measured
from tests.helpers.oracle_rows import Records
from tests.helpers.oracle_truth import same_cell
from tests.helpers.oracle_values import shown
from tests.helpers.snapshots import PlainRow

Pair = tuple[PlainRow, PlainRow | None]
Key = tuple[Any, ...]
Cells = dict[Key, dict[Key, list[Any]]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure as it is asked for. `column`: its name; `term`: what its figure is of, None where records are counted;
    `filters`: of a filtered one."""

    column: str
    source: str
    object: str
    term: str | None
    function: str
    filters: Any = None


@dataclass(slots=True)
class Group:
    """The pairs of one group; of base records and contacts each counts once."""

    pairs: list[Pair] = field(default_factory=list)

    def entities(self, of_base: bool) -> list[PlainRow]:
        """The distinct records of the base, or contacts."""
        found = [pair[0] if of_base else pair[1] for pair in self.pairs]
        return list({row.record: row for row in found if row is not None}.values())


class Question:
    """A request about one snapshot, or about the moved records of one."""

    def __init__(self, records: Records, request: Mapping[str, Any], conditions: Conditions) -> None:
        self._records = records
        self._ask = request
        self._conditions = conditions
        self._base: str = request["object"]
        self._dimensions = [Grouping.of(item) for item in request.get("dimensions") or ()]
        self._pivot = [Grouping.of(item) for item in request.get("pivot") or ()]
        self._groupings = {grouping.column: grouping for grouping in (*self._dimensions, *self._pivot)}
        self.measures = [self._measure_of(item) for item in request.get("measures") or ()]
        self.passing = [pair for pair in self._pairs() if self._passes(request.get("filters"), pair)]

    def cells(self, level: int) -> Cells:
        """Every measure by the values of the first `level` dimensions, then of the pivot. Without dimensions there is
        one row, and without a pivot it has a cell, whatever passes the filters."""
        found: Cells = {} if level else {(): {}}
        for key, group in self._groups(level).items():
            row = found.setdefault(key[:level], {})
            row[key[level:]] = [self._figure(measure, group) for measure in self.measures]
        return found

    def behind(self, row: Key, pivot: Key, measure: str) -> list[Pair]:
        """The pairs that the figure of a column is computed of, in a row of that many dimensions."""
        group = self._groups(len(row)).get((*row, *pivot), Group())
        (asked,) = [item for item in self.measures if item.column == measure]
        return [pair for pair in group.pairs if self._passes(asked.filters, pair)]

    def behind_shown(self, row: Key, pivot: Key, measure: str) -> list[Pair]:
        """The same of a row and a pivot's values as an answer shows them."""
        zone = self._conditions.calendar.zone
        for key in self._groups(len(row)):
            if all(map(same_cell, (shown(value, zone) for value in key), (*row, *pivot))):
                return self.behind(key[: len(row)], key[len(row) :], measure)
        return []

    def _groups(self, level: int) -> dict[Key, Group]:
        asked = [*self._dimensions[:level], *self._pivot]
        groups: dict[Key, Group] = {} if asked else {(): Group()}
        for pair in self.passing:
            for key in product(*(self._keys(grouping, pair) for grouping in asked)):
                groups.setdefault(key, Group()).pairs.append(pair)
        return groups

    # Which rows (meanings 1, 2, 10)

    def uses_contact(self) -> bool:
        """Whether the report joins the contact."""
        terms = [grouping.term for grouping in self._groupings.values()]
        terms += [measure.term for measure in self.measures if measure.term is not None]
        terms += [*(self._ask.get("list") or ()), *_named(self._ask.get("filters"))]
        terms += [name for measure in self.measures for name in _named(measure.filters)]
        bands = {grouping.name for grouping in self._groupings.values()}
        objects = {self._records.object_of(term) for term in terms if term not in bands}
        return self._base != "contact" and "contact" in {*objects, *(measure.object for measure in self.measures)}

    def _pairs(self) -> list[Pair]:
        rows = list(self._records.live(self._base).values())
        kept = self._ask.get("contacts") or "any"
        if self._base == "contact":
            return [(row, None) for row in rows if self._recorded(row)]
        if kept != "any":
            over = self._over()
            rows = [row for row in rows if bool(self._records.linked(row, over)) == (kept == "with")]
        if not self.uses_contact():
            return [(row, None) for row in rows]
        over = self._over()
        return [(row, contact) for row in rows for contact in self._records.linked(row, over)]

    def _over(self) -> str:
        return self._records.relationship(self._base, self._ask.get("relationship"))

    def _recorded(self, contact: PlainRow) -> bool:
        asked = self._ask.get("records")
        if asked is None:
            return True
        over = self._records.relationship(asked["object"], asked.get("relationship"))
        rows = self._records.live(asked["object"]).values()
        linked = {item.record for row in rows for item in self._records.linked(row, over)}
        wanted: bool = asked.get("match", "with") == "with"
        return (contact.record in linked) == wanted

    def join(self) -> dict[str, Any] | None:
        """The join block."""
        if not self.uses_contact() and (self._ask.get("contacts") or "any") == "any":
            return None
        over = self._over()
        linked = [bool(self._records.linked(row, over)) for row in self._records.live(self._base).values()]
        return {"relationship": over, "kept": linked.count(True), "dropped": linked.count(False)}

    # Values of a pair

    def value(self, term: str, pair: Pair) -> Any:
        """A term's value for the record of the pair that it is about; None when empty."""
        row = pair[0] if self._records.object_of(term) == self._base else pair[1]
        assert row is not None
        return self._records.value(term, row)

    def object_of(self, term: str) -> str:
        """The object that a field or formula is about."""
        return self._records.object_of(term)

    def kind_of_term(self, term: str) -> str:
        """What the values of a field or formula are."""
        return self._records.kind(term)

    def _keys(self, grouping: Grouping, pair: Pair) -> list[Any]:
        return grouping.keys(self.value(grouping.term, pair), self._conditions.calendar)

    def _passes(self, asked: Any, pair: Pair) -> bool:
        def look(name: str) -> tuple[Any, str]:
            grouping = self._groupings.get(name)
            if grouping is None or grouping.name is None:
                return self.value(name, pair), self.kind_of_term(name)
            kind = self.kind_of_term(grouping.term)
            return grouping.tested(self.value(grouping.term, pair), kind, self._conditions.calendar)

        return self._conditions.pass_all(asked, look)

    # Measures (meanings 3, 4, 7, 14)

    def _measure_of(self, asked: Any) -> Measure:
        if not isinstance(asked, str):
            plain = self._measure_of(asked["measure"])
            return Measure(
                asked["name"], plain.source, plain.object, plain.term, plain.function, asked.get("filters") or {}
            )
        source, _, function = asked.rpartition(".")
        if function == "count":
            return Measure(asked, asked, source, None, function)
        return Measure(asked, asked, self._records.object_of(source), source, function)

    def _figure(self, measure: Measure, group: Group) -> Any:
        passing = Group([pair for pair in group.pairs if self._passes(measure.filters, pair)])
        entities = passing.entities(measure.object == self._base)
        if measure.term is None:
            return len(entities)
        values = [self._records.value(measure.term, row) for row in entities]
        filled = [value for value in values if value is not None]
        return measured(measure.function, self.kind_of_term(measure.term), filled)

    # Kinds of columns (meaning 7)

    def kind(self, column: str) -> str:
        """What the values of a dimension's or a measure's column are."""
        for measure in self.measures:
            if measure.column == column:
                return "integer" if measure.term is None else self._kind_of(measure, measure.term)
        grouping = self._groupings[column]
        return grouping.kind(self.kind_of_term(grouping.term))

    def _kind_of(self, measure: Measure, term: str) -> str:
        return kind_of_measure(measure.function, self.kind_of_term(term))

    def dated(self, column: str) -> bool:
        """Whether the dimension is of a time."""
        grouping = self._groupings[column]
        return grouping.name is None and self.kind_of_term(grouping.term) in ("date", "datetime")

    def rank(self, column: str, key: Any) -> Any:
        """What a dimension's column is sorted by."""
        return self._groupings[column].rank(key)

    def pivot_ranks(self, group: Key) -> list[tuple[bool, Any]]:
        """What a pivot's columns are sorted by."""
        return [
            (key is None, grouping.rank(key) if key is not None else None)
            for key, grouping in zip(group, self._pivot, strict=True)
        ]


def _named(asked: Any) -> list[str]:
    if not asked:
        return []
    if "field" in asked:
        return [asked["field"]]
    return [name for part in asked.get("and", asked.get("or", [])) for name in _named(part)]
