"""Rows as an Excel file: typed cells under a frozen header. It is written beside memory and sent once it is whole."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from math import inf
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from crosslook.contracts.messages.files import FILE_MESSAGES
from crosslook.contracts.problems import Language
from services.query_service.answering.file_facts import FileFacts
from services.query_service.domain.column_types import COLUMN_TYPES, ColumnTypeSpec
from services.query_service.domain.result import ColumnHead
from services.query_service.domain.values import Cell
from services.query_service.exports.writers import CellRows

_PREFIX = "crosslook-export-"
ABANDONED_SECONDS = 3600.0
"""No file is written for so long: a folder that is older was left by a process that was killed."""
_PIECE = 64 * 1024
_SHEET_NAME = 31
_CELL_UNITS = 32_767
"""Most UTF-16 units of a cell."""
_RESERVED = "history"
MARK = "… [shortened]"
"""How a text ends that a cell cannot hold."""


def remove_abandoned(within: Path | None, now: float) -> int:
    """Remove the folders that killed processes left; answers how many. `now`: seconds since the epoch. Other replicas
    may write in the same place."""
    left = [
        path for path in Path(within or gettempdir()).glob(f"{_PREFIX}*") if now - _written(path) > ABANDONED_SECONDS
    ]
    for path in left:
        rmtree(path, ignore_errors=True)
    return len(left)


def _written(folder: Path) -> float:
    """When something in it was written last; now, for all that is known, where another process removes it."""
    try:
        return max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    except OSError:
        return inf


class ExcelWriter:
    """One sheet. Instants are local times in the report's zone, because Excel has no zones. Until it is
    closed the file lies in `folder`, which is `within` the one given or that for temporary files."""

    def __init__(
        self,
        heads: Sequence[ColumnHead],
        labels: Sequence[str],
        name: str,
        within: Path | None = None,
        about: "About | None" = None,
    ) -> None:
        self._about = about
        self._kept = TemporaryDirectory(prefix=_PREFIX, dir=within)
        self.folder = Path(self._kept.name)
        self._file = self.folder / "report.xlsx"
        self._book = xlsxwriter.Workbook(
            str(self._file), {"constant_memory": True, "tmpdir": str(self.folder), "in_memory": False}
        )
        self._sheet = self._book.add_worksheet(_sheet_name(name))
        self._specs = [COLUMN_TYPES[head.type] for head in heads]
        shown = {spec.excel_format for spec in self._specs if spec.excel_format is not None}
        self._formats = {form: self._book.add_format({"num_format": form}) for form in sorted(shown)}
        self._next = 1
        self._head(heads, labels)

    def rows(self, rows: CellRows) -> bytes:
        """As Writer."""
        for row in rows:
            for index, (value, spec) in enumerate(zip(row, self._specs, strict=True)):
                if value is not None:
                    self._cell(index, value, spec)
            self._next += 1
        return b""

    def end(self) -> Iterator[bytes]:
        """As Writer."""
        if self._about is not None:
            self._tell(self._about)
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

    def _tell(self, about: "About") -> None:
        """The second sheet, which says what the rows cannot."""
        sheet = self._book.add_worksheet(about.title)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 1, 100)
        for row, (name, value) in enumerate(about.facts.lines(about.language, MARK)):
            _done(sheet.write_string(row, 0, name))
            _done(sheet.write_string(row, 1, _fitting(value)))

    def _text(self, row: int, index: int, text: str) -> None:
        fitting = _fitting(text)
        self._count(text, fitting)
        _done(self._sheet.write_string(row, index, fitting))

    def _count(self, text: str, fitting: str) -> None:
        if fitting.endswith(MARK) and fitting != text and self._about is not None:
            self._about.facts.shortened += 1

    def _head(self, heads: Sequence[ColumnHead], labels: Sequence[str]) -> None:
        bold = self._book.add_format({"bold": True})
        known = Counter(labels)
        taken: set[str] = set()
        self._sheet.freeze_panes(1, 0)
        for index, (head, label) in enumerate(zip(heads, labels, strict=True)):
            _done(self._sheet.set_column(index, index, COLUMN_TYPES[head.type].excel_width))
            text = label if known[label] == 1 else f"{label} ({head.name})"
            fitting = _told_apart(text, taken)
            taken.add(fitting)
            self._count(text, fitting)
            _done(self._sheet.write_string(0, index, fitting, bold))

    def _cell(self, index: int, value: Cell, spec: ColumnTypeSpec) -> None:
        row, sheet, held = self._next, self._sheet, spec.excel(value)
        shown = self._formats.get(spec.excel_format or "")
        match held:
            case str():
                self._text(row, index, held)
            case bool():
                _done(sheet.write_boolean(row, index, held))
            case float() | int():
                _done(sheet.write_number(row, index, _Number(held), shown))
            case date():
                _done(sheet.write_datetime(row, index, held, shown))


@dataclass(frozen=True, slots=True)
class About:
    """What the second sheet says, and in which language."""

    facts: FileFacts
    language: Language

    @property
    def title(self) -> str:
        """The sheet's name."""
        return FILE_MESSAGES["sheet"].render(self.language, {})


def _sheet_name(name: str) -> str:
    """A name that Excel takes: at most 31 characters, and none that it keeps for itself."""
    return f"{name}_" if name.lower() == _RESERVED else name[:_SHEET_NAME]


def _fitting(text: str, end: str = "") -> str:
    """The text as far as a cell can hold it, and what stands at its end whatever is cut."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * (_CELL_UNITS - len(end)):
        return text + end
    # Half a character at the cut is left out.
    return units[: 2 * (_CELL_UNITS - len(end) - len(MARK))].decode("utf-16-le", "ignore") + end + MARK


def _told_apart(text: str, taken: Collection[str]) -> str:
    """The text of a header; where another one reads the same, perhaps because both are cut, it gets a number."""
    fitting, number = _fitting(text), 2
    while fitting in taken:
        fitting, number = _fitting(text, f" #{number}"), number + 1
    return fitting


class _Number(float):
    """A number that stands in the file with all its digits. XlsxWriter formats numbers with 16 of them, and a double
    may have 17; Excel reads them all, though it shows 15."""

    def __format__(self, _: str) -> str:
        return repr(float(self)).removesuffix(".0")


def _done(code: int) -> None:
    """XlsxWriter says by a number that it did not write a cell, and goes on. Raises ValueError."""
    if code != 0:
        raise ValueError(f"XlsxWriter refused a cell ({code})")
