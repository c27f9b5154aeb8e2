"""Rows as an Excel file: typed cells under a frozen header. It is written beside memory and sent once it is whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from services.query_service.domain.catalog import ColumnType
from services.query_service.domain.result import Cell, ColumnHead
from services.query_service.writers import Rows

_PIECE = 64 * 1024
_SHEET_NAME = 31
_EXACT_DIGITS = 15
"""Excel's numbers: what needs more digits is written as text rather than rounded."""
_FIRST_DAY = "1900-01-01"
"""Before it Excel knows no days."""
_FORMATS = {
    ColumnType.CURRENCY: "#,##0.00##",
    ColumnType.DATE: "yyyy-mm-dd",
    ColumnType.DATETIME: "yyyy-mm-dd hh:mm:ss",
}
_WIDTHS = {ColumnType.TEXT: 24, ColumnType.DATETIME: 19}
_WIDTH = 14


class ExcelWriter:
    """One sheet. Instants stand there as the clock of the report's zone showed them: Excel has no zones. Until it is
    closed the file lies in `folder`, which is `within` the one given or that for temporary files."""

    def __init__(
        self, heads: Sequence[ColumnHead], labels: Sequence[str], name: str, within: Path | None = None
    ) -> None:
        self._kept = TemporaryDirectory(prefix="crosslook-export-", dir=within)
        self.folder = Path(self._kept.name)
        self._file = self.folder / "report.xlsx"
        self._book = xlsxwriter.Workbook(
            str(self._file), {"constant_memory": True, "tmpdir": str(self.folder), "in_memory": False}
        )
        self._sheet = self._book.add_worksheet(name[:_SHEET_NAME])
        self._kinds = [head.type for head in heads]
        self._formats = {kind: self._book.add_format({"num_format": shown}) for kind, shown in _FORMATS.items()}
        self._next = 1
        self._head(heads, labels)

    def rows(self, rows: Rows) -> bytes:
        """As Writer."""
        for row in rows:
            for index, (value, kind) in enumerate(zip(row, self._kinds, strict=True)):
                if value is not None:
                    self._cell(index, value, kind)
            self._next += 1
        return b""

    def end(self) -> Iterator[bytes]:
        """As Writer."""
        self._book.close()
        with self._file.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece

    def close(self) -> None:
        """As Writer."""
        if not self._book.fileclosed:
            with suppress(XlsxWriterException, OSError):
                self._book.close()
        self._kept.cleanup()

    def _head(self, heads: Sequence[ColumnHead], labels: Sequence[str]) -> None:
        bold = self._book.add_format({"bold": True})
        known = Counter(labels)
        self._sheet.freeze_panes(1, 0)
        for index, (head, label) in enumerate(zip(heads, labels, strict=True)):
            self._sheet.set_column(index, index, _WIDTHS.get(head.type, _WIDTH))
            self._sheet.write_string(0, index, label if known[label] == 1 else f"{label} ({head.name})", bold)

    def _cell(self, index: int, value: Cell, kind: ColumnType) -> None:
        row, sheet, shown = self._next, self._sheet, self._formats.get(kind)
        text = str(value)
        match kind:
            case ColumnType.INTEGER | ColumnType.NUMBER:
                sheet.write_number(row, index, float(value or 0))
            case ColumnType.CURRENCY if len(Decimal(text).as_tuple().digits) <= _EXACT_DIGITS:
                sheet.write_number(row, index, float(text), shown)
            case ColumnType.DATE if text >= _FIRST_DAY:
                sheet.write_datetime(row, index, date.fromisoformat(text), shown)
            case ColumnType.DATETIME if (
                text[: len(_FIRST_DAY)] > _FIRST_DAY
            ):  # XlsxWriter writes that day as a bare time
                sheet.write_datetime(row, index, datetime.fromisoformat(text).replace(tzinfo=None), shown)
            case ColumnType.BOOLEAN:
                sheet.write_boolean(row, index, bool(value))
            case _:
                sheet.write_string(row, index, text)
