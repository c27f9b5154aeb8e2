"""Forms that bring a file: read piece by piece, whatever else they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.schema_service.domain.imports.multipart import MAPPING_MAX, FormReader, MalformedForm, form_boundary


def part(disposition: str, content: bytes, kind: str = "") -> bytes:
    typed = f"Content-Type: {kind}\r\n" if kind else ""
    return f"--x\r\nContent-Disposition: form-data; {disposition}\r\n{typed}\r\n".encode() + content + b"\r\n"


FILE = part('name="file"; filename="a"', b"_id\r\n1\r\n", "Text/CSV; charset=utf-8")
MAPPING = part('name="mapping"', b"{}")
END = b"--x--\r\n"


def read(body: bytes, size: int = 10_000) -> tuple[FormReader, bytes]:
    form = FormReader(b"x")
    return form, b"".join([form.feed(body[start : start + size]) for start in range(0, len(body), size)])


@given(
    file=st.binary(max_size=60).filter(lambda file: b"\r\n--x" not in file),
    mapping=st.sampled_from([b"", b"{}", b'{"a": null}']),
    size=st.integers(1, 40),
)
def test_a_form_is_read_alike_whatever_the_borders_of_pieces(file: bytes, mapping: bytes, size: int) -> None:
    first = part('name="mapping"', mapping) if mapping else b""
    form, found = read(first + part('name="file"; filename="a"', file, "Text/CSV") + END, size)
    assert (found, bytes(form.mapping), form.file_type, form.ended) == (file, mapping, "text/csv", True)


@pytest.mark.parametrize(
    "disposition",
    ['filename="mapping"; name="file"', 'name="file"; filename="x; name=mapping"', 'name="mapping"; filename="a"'],
)
def test_a_file_that_is_called_mapping_is_a_file(disposition: str) -> None:
    form, found = read(part(disposition, b"_id", "text/csv") + END)
    assert (found, bytes(form.mapping), form.file_type) == (b"_id", b"", "text/csv")


def test_a_file_without_a_type_has_its_name() -> None:
    form, _ = read(part('name="file"; filename="Été.CSV"', b"_id") + END)
    assert (form.file_type, form.file_name) == ("", "Été.CSV")


def test_what_comes_behind_the_file_does_not_count() -> None:
    form, found = read(MAPPING + FILE + part('name="submit"', b"Send") + END)
    assert (found, bytes(form.mapping), form.ended) == (b"_id\r\n1\r\n", b"{}", True)


def test_a_file_that_is_cut_off_has_not_ended() -> None:
    form, found = read(MAPPING + FILE[:-4])
    assert found.startswith(b"_id")
    assert not form.ended


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"no form", "malformed_form"),
        (MAPPING + END, "malformed_form.file"),
        (FILE + MAPPING + END, "malformed_form"),
        (MAPPING + MAPPING, "malformed_form"),
        (part('name="mapping"', b" " * (MAPPING_MAX + 1)), "malformed_form.mapping"),
        (b"--x\r\nContent-Disposition: " + b"a" * 20_000, "malformed_form"),
    ],
)
def test_a_form_without_a_mapping_and_then_a_file_is_refused(body: bytes, text: str) -> None:
    with pytest.raises(MalformedForm) as refused:
        read(body)
    assert refused.value.problem.text == text


def test_the_boundary_is_read_from_the_content_type() -> None:
    assert form_boundary('multipart/form-data; charset=utf-8; boundary="a b"') == b"a b"
    assert form_boundary("multipart/form-data; BOUNDARY=ab") == b"ab"
    assert form_boundary("multipart/form-data") is None
    with pytest.raises(MalformedForm):
        FormReader(b"a" * 1000)
