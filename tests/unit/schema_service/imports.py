"""Files of imports, read without a service."""

from collections.abc import Iterable
from datetime import tzinfo
from zoneinfo import ZoneInfo

from services.schema_service.domain.imports.cells import CellForms, DateOrder, DecimalMark
from services.schema_service.domain.imports.columns import ColumnsRefused, Mapped
from services.schema_service.domain.imports.files import CSV_TYPE, FileTerms, ReadRow, row_reader
from services.schema_service.domain.imports.lines import LineSplitter
from services.schema_service.domain.imports.rows import ImportMode, RowDraft, RowRefusal
from tests.unit.schema_service.samples import TICKET, definition

CHICAGO = ZoneInfo("America/Chicago")


def read_file(
    pieces: Iterable[bytes] | str,
    media_type: str = CSV_TYPE,
    mapping: Mapped | None = None,
    mode: ImportMode = ImportMode.UPSERT,
    zone: tzinfo = CHICAGO,
    body: object = TICKET,
    decimal: DecimalMark | None = None,
    dates: DateOrder = DateOrder.ISO,
) -> list[ReadRow]:
    """The rows of a file about the ticket of CONTRACTS. Raises ColumnsRefused."""
    splitter = LineSplitter()
    forms = CellForms(zone, decimal, dates)
    reader = row_reader(media_type, FileTerms(definition(body), mapping or {}, mode, forms))
    rows: list[ReadRow] = []
    for piece in [pieces.encode()] if isinstance(pieces, str) else pieces:
        rows.extend(reader.read(splitter.feed(piece)))
    rows.extend(reader.read(splitter.end()))
    rows.extend(reader.end())
    return rows


def drafts(rows: Iterable[ReadRow]) -> list[RowDraft]:
    """The rows, none of which was refused."""
    found = []
    for row in rows:
        assert isinstance(row, RowDraft), row
        found.append(row)
    return found


def refusals(rows: Iterable[ReadRow]) -> list[tuple[int, str | None, str]]:
    """(line, column, code) of the rows that were refused."""
    return [(row.line, row.column, row.problem.code) for row in rows if isinstance(row, RowRefusal)]


def header_problems(refused: ColumnsRefused) -> list[tuple[str, str, str | None]]:
    """(pointer, code, suggestion) of the problems with columns."""
    return [(problem.pointer, problem.code, problem.suggested()) for problem in refused.problems]
