"""What the reader of an answer must know: the answer is right for its snapshot, and something else is going on
(meaning 12); or a value that the report names cannot occur, because it is not among the options of its field or the
keys of its bins or groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crosslook.contracts.field_types import takes_only_options
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, Problems, pointer
from crosslook.contracts.schemas import FieldDef, SchemaState
from crosslook.contracts.suggestions import guess
from services.query_service.domain.calculations import SEPARATOR
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.formula import Constant, Formula, FormulaFunction, Operation, Reference, subformulas
from services.query_service.domain.grouping_keys import GroupingKeys, keys_of
from services.query_service.domain.operators import FILTER_OPERATORS
from services.query_service.domain.predicates import ColumnOf, Operand, fields
from services.query_service.domain.query import Condition, ContactMatch, FilterOperator
from services.query_service.domain.report import Column, ResolvedReport
from services.query_service.domain.row_terms import DimensionColumn, FieldOf
from services.query_service.domain.terms import OperatorGroup


def warnings_of(
    report: ResolvedReport, live: Mapping[str, SchemaState], failed: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Warnings of a report on a snapshot. `live`: schemas as they stand, empty for an older snapshot; `failed`: why
    the last refresh kept the earlier data of objects, by their names."""
    used = [report.base.object]
    used += [CONTACT] if report.contact is not None or report.contacts is not ContactMatch.ANY else []
    used += [report.records.explore.object] if report.records is not None else []
    found = [_failed(name, failed[name]) for name in dict.fromkeys(used) if name in failed]
    found += report.warnings
    state = live.get(report.base.object)
    if state is not None and state.definition is None:
        return (*found, Problem("leaving", "/object", values={"name": report.base.object}))
    return (
        *found,
        *(problem for part, columns in columns_by_place(report) for problem in _leaving(part, columns, live)),
    )


def not_in_files(report: ResolvedReport) -> tuple[Problem, ...]:
    """What a report asks for and no file holds: files have the rows, and totals under them would be taken for one."""
    found = [Problem("totals_not_in_file", "/totals")] if report.totals else []
    if report.subtotals and len(report.dimensions) > 1:  # of one dimension alone there are none
        found.append(Problem("totals_not_in_file", "/subtotals", "totals_not_in_file.subtotals"))
    return tuple(found)


def failures(catalog: Catalog | None, failed: Mapping[str, str]) -> Iterator[Problem]:
    """What the catalog says of objects for which the last refresh failed."""
    for name, reason in sorted(failed.items()):
        if catalog is not None and name in catalog.unreadable:
            yield _failed(name, reason, "refresh_failed.unreadable")
        elif catalog is not None and (name in catalog.explores or name in catalog.not_reportable):
            yield _failed(name, reason)
        else:
            yield _failed(name, reason, "refresh_failed.absent")


def lacking(report: ResolvedReport, before: Catalog) -> tuple[Problem, ...]:
    """What the snapshot before lacks of a report that is compared with it (meaning 11)."""
    explore = before.explores.get(report.base.object)
    if explore is None:
        return (Problem("not_in_previous", "/object", values={"name": report.base.object}),)
    found = [problem for part, columns in columns_by_place(report) for problem in _lacking(part, columns, before)]
    filtered = {of for of in fields(report.filters) if not _holds(before, of.object, of.field)}
    found += [_lacked("/filters", of.name) for of in sorted(filtered, key=lambda of: of.name)]
    over = report.relationship
    joins = report.contact is not None or report.contacts is not ContactMatch.ANY
    if joins and over is not None and over.slug not in {relationship.slug for relationship in explore.relationships}:
        found.append(_lacked("/relationship", f"{report.base.object}.{over.slug}"))
    return tuple(found)


def _failed(name: str, reason: str, text: str = "") -> Problem:
    return Problem("refresh_failed", text=text, values={"object": name, "reason": reason})


def _lacking(part: str, columns: tuple[Column, ...], before: Catalog) -> Iterator[Problem]:
    for index, column in enumerate(columns):
        for of in column.fields:
            if not _holds(before, of.object, of.field):
                yield _lacked(pointer(part, index), of.name)


def _holds(before: Catalog, name: str, field: FieldDef) -> bool:
    explore = before.explores.get(name)
    there = explore.field(field.slug) if explore is not None else None
    return there is not None and there.type is field.type


def _lacked(where: str, name: str) -> Problem:
    return Problem("not_in_previous", where, "not_in_previous.field", {"name": name})


def columns_by_place(report: ResolvedReport) -> tuple[tuple[str, tuple[Column, ...]], ...]:
    """The columns of a report, by the property of the request that names them."""
    listed = report.listing.columns if report.listing is not None else ()
    grouped = ("dimensions", report.dimensions), ("pivot", report.pivot), ("measures", report.measures)
    return ("list", listed), *grouped


def _leaving(part: str, columns: tuple[Column, ...], live: Mapping[str, SchemaState]) -> Iterator[Problem]:
    for index, column in enumerate(columns):
        for of in column.fields:
            state = live.get(of.object)
            definition = state.definition if state is not None else None
            if definition is None or of.built_in:
                continue
            if of.field.slug not in definition.field_by_slug:
                yield Problem("leaving", pointer(part, index), values={"name": of.name})


_VALUE_SHOWN = 100
_EMPTY = "null"
"""How the name of a column says that it stands under the empty value of a pivot."""


class OptionWarnings:
    """Collects them over one report, as many as a request may have problems: over the conditions of `filters` and
    `having`, over comparisons in calculations, and over names of pivoted columns such as `ticket.count|open`."""

    def __init__(self) -> None:
        self._found = Problems()
        self._known: dict[str, frozenset[str]] = {}
        self._columns: dict[str, FieldOf] = {}
        self._grouped: dict[str, DimensionColumn] = {}
        self._pivot: tuple[FieldOf | None, ...] = ()
        self._said: set[tuple[str, str, str]] = set()

    @property
    def found(self) -> tuple[Problem, ...]:
        """The warnings, each with the place of its value and the option that was probably meant."""
        return tuple(self._found)

    def over(self, dimensions: Sequence[DimensionColumn], pivot: Sequence[DimensionColumn]) -> None:
        """Which columns of the result hold values of fields, and under values of which its measures stand."""
        fields = ((dimension.name, _options_of(dimension)) for dimension in dimensions)
        self._columns = {name: of for name, of in fields if of is not None}
        self._grouped = {dimension.name: dimension for dimension in dimensions if dimension.grouping is not None}
        self._pivot = tuple(_options_of(dimension) for dimension in pivot)

    def condition(self, operand: Operand, condition: Condition) -> None:
        """Look at one condition that was read: at its values, and at the column that it names."""
        of = operand if isinstance(operand, FieldOf) else None
        if isinstance(operand, ColumnOf):
            self.column(operand.name, condition.field.pointer)
            of = self._columns.get(operand.name)
        grouped = operand if isinstance(operand, DimensionColumn) else self._grouped.get(operand.name)
        if not _tests_values(condition):
            return
        places = [(value, f"{condition.pointer}/values/{at}") for at, value in enumerate(condition.values)]
        if of is not None:
            self._look_at(of, places)
        elif grouped is not None and grouped.grouping is not None:
            self._look_at_keys(keys_of(grouped.of, grouped.grouping), condition.field.text, places)

    def groups(self, dimension: DimensionColumn, places: Iterable[tuple[str, str]]) -> None:
        """Look at the values that a dimension puts into groups, each with its place."""
        if isinstance(dimension.of, FieldOf):
            self._look_at(dimension.of, places)

    def calculation(self, formula: Formula, where: str) -> None:
        """Look at a calculation that was read: at what fields are compared with in it, and at the columns it names."""
        for part in subformulas(formula):
            if isinstance(part, Reference):
                self.column(part.name, where)
            if not isinstance(part, Operation) or part.operator not in (FormulaFunction.EQ, FormulaFunction.NEQ):
                continue
            named = [argument.name for argument in part.arguments if isinstance(argument, Reference)]
            texts = [(argument.value, where) for argument in part.arguments if isinstance(argument, Constant)]
            for of in (self._columns[name] for name in named if name in self._columns):
                self._look_at(of, ((value, place) for value, place in texts if isinstance(value, str)))

    def column(self, name: str, where: str) -> None:
        """Look at the values in the name of a pivoted column; where a value may hold the sign between them, at none."""
        values = name.split(SEPARATOR)[1:] if len(self._pivot) > 1 else name.split(SEPARATOR, 1)[1:]
        if len(values) != len(self._pivot):
            return
        for of, value in zip(self._pivot, values, strict=True):
            if of is None:
                continue
            # Of columns that would be called the same the later ones have a number.
            plain, sign, _ = value.rpartition("#")
            known = {_EMPTY, *(option.value for option in of.field.options)}
            if value not in known and not (sign and plain in known):
                self._look_at(of, [(value, where)])

    def _look_at(self, of: FieldOf, values: Iterable[tuple[str, str]]) -> None:
        """The values, each with its place."""
        if not takes_only_options(of.field):
            return
        known = self._known.setdefault(of.name, frozenset(option.value for option in of.field.options))
        with self._found.reading():
            for value, where in values:
                said = (of.name, value, where)
                if value not in known and said not in self._said:
                    self._said.add(said)
                    shown = {"value": value[:_VALUE_SHOWN], "field": of.name}
                    meant = guess(value, known)
                    self._found.add(Problem("unknown_option", where, "unknown_option.condition", shown, meant))

    def _look_at_keys(self, keys: GroupingKeys, called: str, places: Iterable[tuple[Any, str]]) -> None:
        with self._found.reading():
            for value, where in places:
                if not keys.includes(value):
                    shown = {"value": str(value)[:_VALUE_SHOWN], "field": called[:_VALUE_SHOWN]}
                    text = "unknown_option.condition" if keys.is_own(value) else "unknown_option.key"
                    self._found.add(Problem("unknown_option", where, text, shown, guess(value, keys.known)))


def _options_of(dimension: DimensionColumn) -> FieldOf | None:
    """The field whose values a dimension shows: not of groups, which have names of their own."""
    of = dimension.of
    return of if isinstance(of, FieldOf) and dimension.grouping is None else None


def _tests_values(condition: Condition) -> bool:
    """Whether the condition names whole values of its field."""
    group = FILTER_OPERATORS[FilterOperator(condition.operator.text)].group
    return group in (OperatorGroup.EQUALITY, OperatorGroup.CHOICES)
