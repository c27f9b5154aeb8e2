"""Rows of a file to the data of record events."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import Definition
from crosslook.contracts.values import BadValue
from services.schema_service.domain.imports.cells import CellForms, CellReader, cell_reader, split_list
from services.schema_service.domain.imports.columns import (
    EXTERNAL_IDS,
    RECORD_COLUMN,
    FileColumn,
    TargetKind,
)

_SHOWN_MOST = 100


class ImportMode(StrEnum):
    """What a row does to its record: `upsert` replaces the record, `patch` leaves what the file does not name."""

    UPSERT = "upsert"
    PATCH = "patch"


class RowDraft(NamedTuple):
    """A row as the data of an event that no admission has seen yet. `columns`: the header by the place in the data,
    `fields/csat`, `relationships/requester/email`, `record`."""

    line: int
    record: str
    fields: Mapping[str, Any]
    relationships: Mapping[str, Any]
    external_ids: Sequence[Any] | None
    columns: Mapping[str, str]

    def data(self, tenant: str, object_slug: str) -> dict[str, Any]:
        """The `data` of the event. `sequence`: of two rows about one record the later one wins."""
        made: dict[str, Any] = {
            "tenant": tenant,
            "object": object_slug,
            "record": self.record,
            "sequence": self.line,
            "fields": self.fields,
            "relationships": self.relationships,
        }
        if self.external_ids is not None:
            made["external_ids"] = self.external_ids
        return made

    def column(self, problem: Problem) -> str | None:
        """The header of the column that a refusal by admission is about; None where it is about the whole row."""
        parts = [part.replace("~1", "/").replace("~0", "~") for part in problem.pointer.split("/")[2:]]
        if parts[:1] == ["relationships"] and len(parts) > 2:
            parts[2] = self._form(parts[1], parts[2])
        while parts:
            found = self.columns.get("/".join(parts[:3]))
            if found is not None:
                return found
            parts.pop()
        return None

    def _form(self, slug: str, index: str) -> str:
        """The form of the reference at an index of a relationship."""
        sent = self.relationships.get(slug)
        reference = sent[int(index)] if isinstance(sent, list) and index.isdecimal() else None
        return next(iter(reference), "") if isinstance(reference, dict) else ""


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A row, or a line, that cannot become an event. `column`: the header, None where it is about the whole row."""

    line: int
    column: str | None
    problem: Problem


class CsvDrafts:
    """Makes drafts of the rows of a CSV file with these columns, whose values are written in these forms."""

    def __init__(
        self, columns: Sequence[FileColumn], definition: Definition, mode: ImportMode, forms: CellForms
    ) -> None:
        self._headers = {column.index: column.header for column in columns}
        self._count = len(self._headers)
        self._patch = mode is ImportMode.PATCH
        self._places = places_of(columns)
        self._record, self._record_header = 0, RECORD_COLUMN
        self._fields: list[tuple[int, str, CellReader]] = []
        self._links: list[tuple[int, str, str, bool]] = []
        self._external: int | None = None
        many = {slug: relationship.many for slug, relationship in definition.relationship_by_slug.items()}
        for column in columns:
            index, slug, form = column.index, column.target.slug, column.target.form
            match column.target.kind:
                case TargetKind.RECORD:
                    self._record, self._record_header = index, column.header
                case TargetKind.FIELD:
                    self._fields.append((index, slug, cell_reader(definition.field_by_slug[slug], forms)))
                case TargetKind.LINK | TargetKind.LINKS:
                    self._links.append((index, slug, form, many[slug]))
                case TargetKind.EXTERNAL_IDS:
                    self._external = index
                case TargetKind.IGNORED:
                    pass

    def draft(self, line: int, cells: Sequence[str]) -> RowDraft | RowRefusal:
        """The row that starts on a line. An empty cell is empty: an upsert does not name it, a patch clears it."""
        if len(cells) != self._count:
            values: dict[str, str | int] = {"count": len(cells), "expected": self._count}
            return RowRefusal(line, None, Problem("wrong_number_of_cells", values=values))
        record = cells[self._record].strip()
        if not record:
            return RowRefusal(line, self._record_header, Problem("missing_id"))
        fields: dict[str, Any] = {}
        for index, slug, read in self._fields:
            cell = cells[index]
            if cell:
                try:
                    fields[slug] = read(cell)
                except BadValue as bad:
                    return RowRefusal(line, self._headers[index], Problem(bad.code, text=bad.text))
            elif self._patch:
                fields[slug] = None
        external = split_list(cells[self._external]) if self._external is not None else None
        return RowDraft(line, record, fields, self._relationships(cells), external, self._places)

    def _relationships(self, cells: Sequence[str]) -> dict[str, list[dict[str, str]]]:
        named: dict[str, list[dict[str, str]]] = {}
        for index, slug, form, many in self._links:
            text = cells[index].strip()
            values = split_list(text) if many else [text] if text else []
            if values or self._patch:
                named.setdefault(slug, []).extend({form: value} for value in values)
        return named


def places_of(columns: Sequence[FileColumn]) -> dict[str, str]:
    """The header by the place in the data of an event that the column fills."""
    place: Mapping[TargetKind, Callable[[FileColumn], str]] = {
        TargetKind.RECORD: lambda _: "record",
        TargetKind.FIELD: lambda column: f"fields/{column.target.slug}",
        TargetKind.LINK: lambda column: f"relationships/{column.target.slug}/{column.target.form}",
        TargetKind.LINKS: lambda column: f"relationships/{column.target.slug}",
        TargetKind.EXTERNAL_IDS: lambda _: EXTERNAL_IDS,
    }
    return {
        place[column.target.kind](column): column.header
        for column in columns
        if column.target.kind is not TargetKind.IGNORED
    }
