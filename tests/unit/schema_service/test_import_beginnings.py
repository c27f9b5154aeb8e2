"""How a file begins: what is no text is recognised, and so are lines that a carriage return ends."""

import io
import zipfile

import pytest

from services.schema_service.domain.imports.beginnings import line_end_of, unlike_text
from services.schema_service.domain.imports.lines import LineSplitter

CSV = "_id,status\n1,open\n"


def workbook() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return made.getvalue()


@pytest.mark.parametrize(
    ("beginning", "text"),
    [
        (workbook(), "not_utf8.workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16), "not_utf8.workbook"),
        (CSV.encode("utf-16"), "not_utf8.utf16"),
        (CSV.encode("utf-16-le"), "not_utf8.utf16"),
        (CSV.encode("utf-16-be"), "not_utf8.utf16"),
    ],
)
def test_what_is_no_text_in_utf8_is_named(beginning: bytes, text: str) -> None:
    problem = unlike_text(beginning)
    assert problem is not None
    assert (problem.code, problem.text) == ("not_utf8", text)
    assert problem.message("en") != problem.message("fr")


@pytest.mark.parametrize(
    "beginning", [b"", CSV.encode(), CSV.encode("utf-8-sig"), "_id,Été\n".encode(), b"_id,\xe9\n", b"_id,a\n1,\0\n"]
)
def test_text_is_read(beginning: bytes) -> None:
    assert unlike_text(beginning) is None


@pytest.mark.parametrize(
    ("beginning", "line_end"),
    [
        (b"", b"\n"),
        (b"_id,a\n1,2\n", b"\n"),
        (b"_id,a\r\n1,2\r\n", b"\n"),
        (b'_id,"a\rb"\n1,2\n', b"\n"),
        (b"_id,a\r1,2\r", b"\r"),
    ],
)
def test_lines_end_with_what_the_file_has(beginning: bytes, line_end: bytes) -> None:
    assert line_end_of(beginning) == line_end


@pytest.mark.parametrize("size", [1, 3, 100])
def test_lines_that_a_carriage_return_ends_are_those_of_other_files(size: int) -> None:
    file = b"_id,status\r1,open\r2,solved"
    splitter = LineSplitter(line_end_of(file))
    lines = [line for start in range(0, len(file), size) for line in splitter.feed(file[start : start + size])]
    lines += splitter.end()
    assert [(line.number, line.text) for line in lines] == [(1, "_id,status"), (2, "1,open"), (3, "2,solved")]
