"""How a file begins: what cannot be text in UTF-8, and the character that ends its lines."""

from typing import Final

from crosslook.contracts.problems import Problem

_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""What begins a workbook of Excel: a ZIP archive (ECMA-376), and a compound file (MS-CFB) before 2007."""
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT: Final = 1024
_NUL_SHARE: Final = 4


def unlike_text(beginning: bytes) -> Problem | None:
    """Why a file that begins like this cannot be read as lines of UTF-8; None where it may be. Where a quarter of the
    first bytes is NUL, it is UTF-16 without its mark: of Latin text every other byte is."""
    if beginning.startswith(_WORKBOOKS):
        return Problem("not_utf8", text="not_utf8.workbook")
    looked_at = beginning[:_LOOKED_AT]
    if beginning.startswith(_UTF16_MARKS) or looked_at.count(0) * _NUL_SHARE > len(looked_at):
        return Problem("not_utf8", text="not_utf8.utf16")
    return None


def line_end_of(beginning: bytes) -> bytes:
    """What ends a line: a line feed, behind a carriage return or not; a lone carriage return in files of "CSV
    (Macintosh)", which have no line feed at all."""
    return b"\r" if b"\r" in beginning and b"\n" not in beginning else b"\n"
