"""The two formats of imported files, from lines to drafts of rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.schemas import Definition
from services.schema_service.domain.imports.cells import CellForms
from services.schema_service.domain.imports.columns import ColumnsRefused, Mapped, file_columns
from services.schema_service.domain.imports.csv_rows import CsvReader, CsvRow, delimiter_of
from services.schema_service.domain.imports.lines import Line
from services.schema_service.domain.imports.ndjson import NdjsonDrafts
from services.schema_service.domain.imports.rows import CsvDrafts, ImportMode, RowDraft, RowRefusal

CSV_TYPE: Final = "text/csv"
NDJSON_TYPE: Final = "application/x-ndjson"
FILE_TYPES: Final = (CSV_TYPE, NDJSON_TYPE)
ReadRow = RowDraft | RowRefusal


@dataclass(frozen=True, slots=True)
class FileTerms:
    """What a file is read with: the object it is about, the mapping of its columns, what its rows do, and how its
    values are written."""

    definition: Definition
    mapping: Mapped
    mode: ImportMode
    forms: CellForms


class RowReader(Protocol):
    """Reads the rows of a file from its lines. Both methods raise ColumnsRefused where its columns cannot be used."""

    def read(self, lines: Iterable[Line]) -> Iterator[ReadRow]:
        """The rows that end with these lines."""

    def end(self) -> Iterator[ReadRow]:
        """The row that the end of the file leaves unfinished, if any."""


class CsvFile:
    """A CSV file: a header row, then a record a row. Rows without a value are skipped: spreadsheets write them at the
    end."""

    def __init__(self, terms: FileTerms) -> None:
        self._terms = terms
        self._reader: CsvReader | None = None
        self._drafts: CsvDrafts | None = None

    def read(self, lines: Iterable[Line]) -> Iterator[ReadRow]:
        """As RowReader."""
        for line in lines:
            if self._reader is None:
                self._reader = CsvReader(delimiter_of(line.text))
            row = self._reader.feed(line)
            if row is not None and (read := self._row(row)) is not None:
                yield read

    def end(self) -> Iterator[ReadRow]:
        """As RowReader."""
        row = self._reader.end() if self._reader is not None else None
        if row is not None and (read := self._row(row)) is not None:
            yield read
        if self._drafts is None:
            raise _headless(Problem("missing_header"))

    def _row(self, row: CsvRow) -> ReadRow | None:
        """What a row is read as; None for the header, and for a row without a value."""
        line, cells, problem = row
        if self._drafts is None:
            self._drafts = self._header(row)
            return None
        if problem is not None:
            return RowRefusal(line, None, problem)
        return self._drafts.draft(line, cells) if any(cells) else None

    def _header(self, row: CsvRow) -> CsvDrafts:
        if row.problem is not None:
            raise _headless(row.problem)
        terms = self._terms
        columns = file_columns(row.cells, terms.definition, terms.mapping)
        return CsvDrafts(columns, terms.definition, terms.mode, terms.forms)


class NdjsonFile:
    """An NDJSON file: an object a line. Raises ColumnsRefused for a mapping that cannot be used."""

    def __init__(self, terms: FileTerms) -> None:
        self._drafts = NdjsonDrafts(terms.definition, terms.mapping, terms.mode, terms.forms.zone)

    def read(self, lines: Iterable[Line]) -> Iterator[ReadRow]:
        """As RowReader."""
        for line in lines:
            row = self._drafts.draft(line)
            if row is not None:
                yield row

    def end(self) -> Iterator[ReadRow]:
        """As RowReader."""
        yield from ()


def row_reader(media_type: str, terms: FileTerms) -> RowReader:
    """The reader of files of one of `FILE_TYPES`. Raises ColumnsRefused."""
    return CsvFile(terms) if media_type == CSV_TYPE else NdjsonFile(terms)


def _headless(problem: Problem) -> ColumnsRefused:
    return ColumnsRefused(Problems.of([problem]))
