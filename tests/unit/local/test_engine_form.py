"""Forms of the embedded engine: what is understood of them, and that nothing else gets as far as the SQL parser."""

import pytest

from crosslook.local.engine_core import EngineError
from crosslook.local.engine_form import FIELD_MAX, Form, boundary_of, check_statement, read_form


def form(*parts: tuple[str, str], end: str = "--B--\r\n") -> bytes:
    return "".join(f"--B\r\n{head}\r\n\r\n{value}\r\n" for head, value in parts).encode() + end.encode()


def field(name: str, value: str) -> tuple[str, str]:
    return f'Content-Disposition: form-data; name="{name}"', value


def test_fields_are_read_to_the_byte() -> None:
    text = "line\r\nline é 😀 --B \\ '"
    body = form(field("query", "SELECT "), field("param_a", text), field("param_b", ""), field("query", "{a:String}"))
    assert read_form(body, "B") == Form("SELECT {a:String}", {"param_a": text, "param_b": ""})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "does not begin"),
        (b"SELECT 1", "does not begin"),
        (form(field("query", "x"))[:-4], "cut off"),
        (form(field("query", "x"), end=""), "cut off"),
        (b'--B\r\nContent-Disposition: form-data; name="query"\r\nSELECT 1\r\n--B--', "cut off"),
        (form(field("query", "x"), end="--Bx"), "cut off"),
        (form(field("max_threads", "1")), "max_threads is unknown"),
        (form(field("param_a", "1"), field("param_a", "2")), "param_a is unknown or repeated"),
        (form(("Content-Type: text/plain", "x")), "no name"),
        (form(("Content-Disposition: attachment; name=query", "x")), "no name"),
        (form(('Content-Disposition: form-data; name="t"; filename="t"', "1")), "External data"),
        (
            form(('Content-Disposition: form-data; name="query"\r\nContent-Transfer-Encoding: base64', "eA==")),
            "encoded",
        ),
        (form(field("param_a", "x" * (FIELD_MAX + 1))), "too long"),
        (form(field("param_a", "é")).replace("é".encode(), b"\xff"), "not UTF-8"),
    ],
)
def test_a_form_that_is_not_understood_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(EngineError, match=said) as caught:
        read_form(body, "B")
    assert caught.value.code == 117


def test_a_field_may_be_as_long_as_a_server_takes_it() -> None:
    assert len(read_form(form(field("param_a", "x" * FIELD_MAX)), "B").parameters["param_a"]) == FIELD_MAX


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("", None),
        ("text/plain; charset=utf-8", None),
        ("application/octet-stream", None),
        ("application/x-www-form-urlencoded", None),
        ("multipart/form-data; boundary=Abc", "Abc"),
        ('Multipart/Form-Data; charset=x; boundary="a b"', "a b"),
    ],
)
def test_a_type_says_whether_a_body_is_a_form(content_type: str, boundary: str | None) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "multipart/mixed; boundary=B", "application/json", "text/csv", "nonsense"]
)
def test_other_types_are_refused(content_type: str) -> None:
    with pytest.raises(EngineError) as caught:
        boundary_of(content_type)
    assert caught.value.code == 117


def test_a_form_under_the_type_of_curl_is_told_from_a_statement() -> None:
    urlencoded = "application/x-www-form-urlencoded; charset=utf-8"
    for sql in ("SELECT a = b", "INSERT INTO t VALUES (1)", "", "a"):
        check_statement(urlencoded, sql)
    check_statement("text/plain", "query=SELECT")
    with pytest.raises(EngineError):
        check_statement(urlencoded, "query=SELECT+1&param_a=2")
