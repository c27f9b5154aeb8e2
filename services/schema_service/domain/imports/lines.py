"""Bytes of a file, as they arrive, to its physical lines."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final, NamedTuple

from crosslook.contracts.events import MAX_EVENT_BYTES
from crosslook.contracts.problems import Problem

LINE_MAX: Final = MAX_EVENT_BYTES
"""The longest line, and the longest row, that is kept: an event is not larger either."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """One physical line, without its line feed. `number` counts from 1. `problem`: why its text cannot be used."""

    number: int
    text: str
    problem: Problem | None = None


class LineSplitter:
    """Splits a file into lines, which `line_end` ends, whatever the borders of the pieces in which it arrives. At most
    one line is kept.

    A line that is not UTF-8 has U+FFFD for each wrong byte; of a line that is too long nothing is kept.
    """

    def __init__(self, line_end: bytes = b"\n") -> None:
        self._line_end = line_end
        self._pieces: list[bytes] = []
        self._size = 0
        self._number = 0
        self._dropping = False

    def feed(self, piece: bytes) -> list[Line]:
        """The lines that end in the next piece."""
        first, last = piece.find(self._line_end), piece.rfind(self._line_end)
        if first < 0:
            self._keep(piece)
            return []
        self._keep(piece[:first])
        lines = [self._take()]
        if first < last:
            lines += self._whole(piece[first + 1 : last])
        self._keep(piece[last + 1 :])
        return lines

    def _whole(self, block: bytes) -> Iterable[Line]:
        """The lines of a block that begins and ends with a line. Nearly always all of them can be used."""
        if len(block) <= LINE_MAX:
            with suppress(UnicodeDecodeError):
                texts = block.decode().split(self._line_end.decode())
                start, self._number = self._number + 1, self._number + len(texts)
                return map(Line, range(start, self._number + 1), texts)
        return [self._line(raw) for raw in block.split(self._line_end)]

    def _line(self, raw: bytes) -> Line:
        self._keep(raw)
        return self._take()

    def end(self) -> list[Line]:
        """The last line, where no line feed ends it."""
        return [self._take()] if self._size or self._dropping else []

    def _keep(self, piece: bytes) -> None:
        if piece and not self._dropping:
            self._pieces.append(piece)
            self._size += len(piece)
            if self._size > LINE_MAX:
                self._dropping = True
                self._pieces.clear()

    def _take(self) -> Line:
        raw = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        dropped = self._dropping
        self._pieces, self._size, self._dropping = [], 0, False
        self._number += 1
        if dropped:
            return Line(self._number, "", Problem("too_large", text="too_large.row", values={"limit": LINE_MAX}))
        if self._number == 1:
            raw = raw.removeprefix(_BYTE_ORDER_MARK)
        try:
            return Line(self._number, raw.decode())
        except UnicodeDecodeError as error:
            place: dict[str, str | int] = {"position": error.start + 1}
            return Line(self._number, raw.decode(errors="replace"), Problem("not_utf8", values=place))
