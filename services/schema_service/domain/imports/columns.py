"""What the columns of a file stand for: by slug, then by label, unless they are mapped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, Problems, pointer
from crosslook.contracts.references import REFERENCE_LIMITS
from crosslook.contracts.schemas import Definition
from crosslook.contracts.suggestions import guess

RECORD_COLUMN: Final = "_id"
EXTERNAL_IDS: Final = "external_ids"
LINK_FORMS: Final = tuple(REFERENCE_LIMITS)
_SHOWN_MOST = 100


class TargetKind(Enum):
    """What a column fills."""

    RECORD = auto()
    FIELD = auto()
    LINK = auto()
    """One form of the contacts that a relationship names."""
    LINKS = auto()
    """A relationship in the form of events; only NDJSON can hold it."""
    EXTERNAL_IDS = auto()
    IGNORED = auto()


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """What one column fills. `slug`: of the field or relationship. `form`: `id`, `email` or `external`."""

    kind: TargetKind
    slug: str = ""
    form: str = ""

    @property
    def name(self) -> str:
        """How a mapping and a header name it."""
        if self.kind is TargetKind.LINK:
            return f"{self.slug}.{self.form}"
        return {TargetKind.RECORD: RECORD_COLUMN, TargetKind.EXTERNAL_IDS: EXTERNAL_IDS}.get(self.kind, self.slug)


@dataclass(frozen=True, slots=True)
class FileColumn:
    """One column: its header as the file has it, and what it fills."""

    header: str
    target: ColumnTarget


class ColumnsRefused(Exception):
    """The columns of a file, or its mapping, cannot be used; nothing of the file was read further."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("columns")
        self.problems = problems


Mapped = Mapping[str, str | None]
"""By header the name of what it fills; None to leave the column out."""


class ColumnNames:
    """The names that columns of one object's files can have. `nested`: relationships in the form of events, too."""

    def __init__(self, definition: Definition, mapping: Mapped, *, nested: bool = False) -> None:
        self._definition = definition
        self._mapping = mapping
        self._by_name = {target.name: target for target in _targets(definition, nested=nested)}
        self._by_label = _labels(definition)

    def target(self, header: str) -> ColumnTarget | None:
        """What a column fills; None where it fits nothing."""
        if header not in self._mapping:
            return self._by_name.get(header) or self._by_label.get(header.casefold())
        name = self._mapping[header]
        return ColumnTarget(TargetKind.IGNORED) if name is None else self._by_name.get(name)

    def unknown(self, header: str, where: str = "") -> Problem:
        """The refusal of a column that fits nothing."""
        values: dict[str, str | int] = {"name": header[:_SHOWN_MOST], "object": self._definition.object}
        return Problem("unknown_column", where, values=values, suggestion=guess(header, self._by_name))

    def check_mapping(self, problems: Problems) -> None:
        """Find names in the mapping that nothing has."""
        for header, name in self._mapping.items():
            if name is not None and name not in self._by_name:
                values: dict[str, str | int] = {"name": name[:_SHOWN_MOST], "object": self._definition.object}
                meant = guess(name, self._by_name)
                problems.add(Problem("unknown_field", pointer("mapping", header), "", values, meant))


def read_mapping(sent: Any) -> Mapped:
    """A mapping from its JSON. Raises ColumnsRefused."""
    problems = Problems()
    with problems.reading():
        if type(sent) is not dict:
            problems.add(Problem("wrong_type", "/mapping", "wrong_type.object"))
        else:
            wrong = (header for header, name in sent.items() if name is not None and type(name) is not str)
            problems.extend(Problem("wrong_type", pointer("mapping", name), "wrong_type.text") for name in wrong)
    if problems:
        raise ColumnsRefused(problems)
    return {header.strip(): name for header, name in sent.items()}


def file_columns(headers: Sequence[str], definition: Definition, mapping: Mapped) -> tuple[FileColumn, ...]:
    """The columns of a CSV file with these headers. Raises ColumnsRefused with every problem: headers that fit nothing
    or occur twice, two columns that fill the same, no column for the record's id, mapped headers that do not exist."""
    names, problems = ColumnNames(definition, mapping), Problems()
    columns: list[FileColumn] = []
    with problems.reading():
        names.check_mapping(problems)
        filled: dict[str, FileColumn] = {}
        for index, header in enumerate(name.strip() for name in headers):
            where, target = pointer("columns", index), names.target(header)
            if target is None:
                if mapping.get(header) is None:
                    problems.add(names.unknown(header, where))
                continue
            column = FileColumn(header, target)
            columns.append(column)
            first = column if target.kind is TargetKind.IGNORED else filled.setdefault(target.name, column)
            if first is not column:
                problems.add(_doubled(column, first, where))
        problems.extend(_absent(mapping, headers))
        if RECORD_COLUMN not in filled:
            problems.add(Problem("missing_id", "/columns", "missing_id.column"))
    if problems:
        raise ColumnsRefused(problems)
    return tuple(columns)


def _doubled(column: FileColumn, first: FileColumn, where: str) -> Problem:
    """The refusal of a column that fills what the first one fills."""
    if first.header == column.header:
        return Problem("duplicate_column", where, values={"name": column.header[:_SHOWN_MOST]})
    values: dict[str, str | int] = {"name": column.header[:_SHOWN_MOST], "other": first.header[:_SHOWN_MOST]}
    return Problem("duplicate_column", where, "duplicate_column.target", {**values, "target": column.target.name})


def _absent(mapping: Mapped, headers: Iterable[str]) -> Iterable[Problem]:
    known = {name.strip() for name in headers}
    for header in mapping:
        if header not in known:
            yield Problem(
                "unknown_column",
                pointer("mapping", header),
                "unknown_column.mapped",
                {"name": header[:_SHOWN_MOST]},
                guess(header, sorted(known)),
            )


def _targets(definition: Definition, *, nested: bool) -> Iterable[ColumnTarget]:
    yield ColumnTarget(TargetKind.RECORD)
    for field in definition.fields:
        yield ColumnTarget(TargetKind.FIELD, field.slug)
    for relationship in definition.relationships:
        for form in LINK_FORMS:
            yield ColumnTarget(TargetKind.LINK, relationship.slug, form)
        if nested:
            yield ColumnTarget(TargetKind.LINKS, relationship.slug)
    if definition.object == CONTACT and EXTERNAL_IDS not in definition.field_by_slug:
        yield ColumnTarget(TargetKind.EXTERNAL_IDS)


def _labels(definition: Definition) -> dict[str, ColumnTarget]:
    """Fields by their labels, in any case of letters, where only one field has it."""
    found: dict[str, ColumnTarget] = {}
    twice: set[str] = set()
    for field in definition.fields:
        label = field.label.strip().casefold()
        if label and label in found:
            twice.add(label)
        elif label:
            found[label] = ColumnTarget(TargetKind.FIELD, field.slug)
    return {label: target for label, target in found.items() if label not in twice}
