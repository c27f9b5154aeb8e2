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
    """One column: its header as the file has it, and what it fills. `index`: its place in the rows of a CSV file."""

    header: str
    target: ColumnTarget
    index: int = 0


class ColumnsRefused(Exception):
    """The columns of a file, or its mapping, cannot be used; nothing of the file was read further."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("columns")
        self.problems = problems


Mapped = Mapping[str, str | tuple[str, ...] | None]
"""By header the name of what it fills, or several names; None to leave the column out."""


class ColumnNames:
    """The names that columns of one object's files can have. `nested`: relationships in the form of events, too."""

    def __init__(self, definition: Definition, mapping: Mapped, *, nested: bool = False) -> None:
        self._definition = definition
        self._mapping = mapping
        self._by_name = {target.name: target for target in _targets(definition, nested=nested)}
        self._by_label = _labels(definition)

    def targets(self, header: str) -> tuple[ColumnTarget, ...]:
        """What a column fills; empty where it fits nothing."""
        if header not in self._mapping:
            found = [self._by_name.get(header) or self._by_label.get(header.casefold())]
        elif self._mapping[header] is None:
            return (ColumnTarget(TargetKind.IGNORED),)
        else:
            found = [self._by_name.get(name) for name in _names(self._mapping[header])]
        return tuple(target for target in found if target is not None)

    def unknown(self, header: str, where: str = "") -> Problem:
        """The refusal of a column that fits nothing."""
        values: dict[str, str | int] = {"name": header[:_SHOWN_MOST], "object": self._definition.object}
        return Problem("unknown_column", where, values=values, suggestion=guess(header, self._by_name))

    def check_mapping(self, problems: Problems) -> None:
        """Find names in the mapping that nothing has."""
        for header, mapped in self._mapping.items():
            for name in _names(mapped):
                if name not in self._by_name:
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
            wrong = (header for header, name in sent.items() if not _is_name(name))
            problems.extend(Problem("wrong_type", pointer("mapping", name), "wrong_type.text") for name in wrong)
    if problems:
        raise ColumnsRefused(problems)
    return {header.strip(): _one_or_more(name) for header, name in sent.items()}


def _is_name(name: Any) -> bool:
    several = type(name) is list and bool(name) and all(type(part) is str for part in name)
    return name is None or type(name) is str or several


def _one_or_more(name: Any) -> str | tuple[str, ...] | None:
    several = tuple(dict.fromkeys(name)) if type(name) is list else ()
    return several if len(several) > 1 else several[0] if several else name


def _names(mapped: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return () if mapped is None else (mapped,) if isinstance(mapped, str) else mapped


def file_columns(headers: Sequence[str], definition: Definition, mapping: Mapped) -> tuple[FileColumn, ...]:
    """The columns of a CSV file with these headers. Raises ColumnsRefused with every problem: headers that fit nothing
    or occur twice, two columns that fill the same, no column for the record's id, mapped headers that do not exist."""
    names, problems = ColumnNames(definition, mapping), Problems()
    columns: list[FileColumn] = []
    with problems.reading():
        names.check_mapping(problems)
        filled: dict[str, FileColumn] = {}
        for index, header in enumerate(name.strip() for name in headers):
            where, targets = pointer("columns", index), names.targets(header)
            if not targets and mapping.get(header) is None:
                problems.add(names.unknown(header, where))
            for target in targets:
                column = FileColumn(header, target, index)
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
