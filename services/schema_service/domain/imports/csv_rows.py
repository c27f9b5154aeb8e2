"""Lines of a CSV file to rows (RFC 4180), one line at a time.

The `csv` module of Python reads from an iterator that it cannot leave in the middle of a quoted cell, and its limit of
a cell is one for the whole process; so a body that arrives in pieces cannot be read with it in bounded memory. What
`csv.writer` writes is read here alike (a test compares them).
"""

import re
from typing import Final, NamedTuple

from crosslook.contracts.problems import Problem
from services.schema_service.domain.imports.lines import LINE_MAX, Line

DELIMITERS: Final = ",;\t"
_QUOTED = re.compile(r'([^"]*+(?:""[^"]*+)*+)"')
"""The rest of a quoted cell with the quote that closes it; two quotes are one of the text."""


class CsvRow(NamedTuple):
    """One row. `line`: the physical line on which it starts. `problem`: why its cells cannot be used."""

    line: int
    cells: list[str]
    problem: Problem | None = None


def delimiter_of(header: str) -> str:
    """The delimiter of a file with this first line: of comma, semicolon and tab, the one that occurs most often outside
    quotes. Ties, and a single column, are comma."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


class CsvReader:
    """Reads rows. Keeps the row that has begun, at most LINE_MAX characters of it."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._start = self._size = 0
        self._cells: list[str] = []
        self._open: list[str] | None = None
        self._problem: Problem | None = None

    def feed(self, line: Line) -> CsvRow | None:
        """The row that ends with this line; None where it is empty, or ends in a quoted cell."""
        if self._open is None:
            if line.problem is None and '"' not in line.text:
                text = line.text.removesuffix("\r")
                return CsvRow(line.number, text.split(self._delimiter)) if text else None
            self._start, self._size, self._cells, self._problem = line.number, 0, [], None
        self._note(line)
        if line.problem is not None and not line.text:
            return self._row()  # the line was too long: whether it closed the cell is not known
        return self._parse(line.text)

    def end(self) -> CsvRow | None:
        """The row that the end of the file leaves unfinished."""
        if self._open is None:
            return None
        self._problem = self._problem or Problem("bad_quotes", text="bad_quotes.open")
        return self._row()

    def _note(self, line: Line) -> None:
        """Take note of what makes the row unusable; it is read to its end all the same, to find the next one."""
        self._size += len(line.text) + 1
        self._problem = self._problem or line.problem
        if self._problem is None and self._size > LINE_MAX:
            self._problem = Problem("too_large", text="too_large.row", values={"limit": LINE_MAX})

    def _parse(self, text: str) -> CsvRow | None:
        position = 0
        while True:
            if self._open is not None:
                found = _QUOTED.match(text, position)
                if found is None:
                    self._keep(text[position:] + "\n")
                    return None
                self._keep(found.group(1))
                self._close()
                position = found.end()
                if position >= len(text) - 1 and text[position:] in ("", "\r"):
                    return self._row()
                if not text.startswith(self._delimiter, position):
                    self._problem = self._problem or Problem("bad_quotes")
                    return self._row()
                position += 1
            if text.startswith('"', position):
                self._open = []
                position += 1
                continue
            end = text.find(self._delimiter, position)
            if end < 0:
                self._add(text[position:].removesuffix("\r"))
                return self._row()
            self._add(text[position:end])
            position = end + 1

    def _keep(self, part: str) -> None:
        if self._problem is None and self._open is not None:
            self._open.append(part)

    def _close(self) -> None:
        self._add("".join(self._open or ()).replace('""', '"'))
        self._open = None

    def _add(self, cell: str) -> None:
        if self._problem is None:
            self._cells.append(cell)

    def _row(self) -> CsvRow:
        cells, self._cells, self._open = self._cells, [], None
        return CsvRow(self._start, cells, self._problem)
