"""Bodies that are forms: a statement and its parameters as fields of `multipart/form-data` (RFC 7578).

clickhouse-connect sends such a form as soon as the parameters exceed 4,096 encoded bytes. A server refuses fields above
`http_max_field_value_size`, and so does this engine: what passes here must pass there. Whatever is not understood is
refused before any of it is read as SQL.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser

from crosslook.local.engine_core import EngineError

FORM_MAX = 64 * 1024 * 1024
FIELD_MAX = 128 * 1024 + 1
"""`http_max_field_value_size` is 128 KiB, and a server accepts one byte more."""
_FORM = "multipart/form-data"
_URLENCODED = "application/x-www-form-urlencoded"
_PLAIN = frozenset({"", "text/plain", "application/octet-stream", _URLENCODED})
"""A body of these types is the statement itself; curl sends the last one unless told otherwise."""
_AS_IT_IS = ("", "7bit", "8bit", "binary")


@dataclass(frozen=True, slots=True)
class Form:
    """The statement and the values of its parameters, as `param_` and their name."""

    sql: str
    parameters: dict[str, str]


def boundary_of(content_type: str) -> str | None:
    """The boundary of a form; None for a body that is a statement. Raises EngineError for every other type."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _PLAIN:
        return None
    if kind != _FORM:
        raise _refused(f"A body of type {kind[:100]} is not understood")
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise _refused("The form has no boundary")
    return boundary


def check_statement(content_type: str, sql: str) -> None:
    """Raises EngineError for a URL-encoded form; curl gives that type to every body, so only the text is different."""
    name, equals, _ = sql.lstrip()[:200].partition("=")
    if equals and content_type.lower().startswith(_URLENCODED) and name.isidentifier():
        raise _refused(f"A form must be sent as {_FORM}")


def read_form(body: bytes, boundary: str) -> Form:
    """The fields of a form. Several fields `query` are one statement. Raises EngineError for a form that is cut off and
    for fields that are too long, not readable, repeated or unknown."""
    sql: list[str] = []
    parameters: dict[str, str] = {}
    for name, value in _fields(body, b"--" + boundary.encode()):
        if len(value) > FIELD_MAX:
            raise _refused(f"Field value too long: {name[:100]} has {len(value)} bytes")
        try:
            text = value.decode()
        except UnicodeDecodeError:
            raise _refused(f"The field {name[:100]} is not UTF-8") from None
        if name == "query":
            sql.append(text)
        elif not name.startswith("param_") or name in parameters:
            raise _refused(f"The field {name[:100]} is unknown or repeated")
        else:
            parameters[name] = text
    return Form("".join(sql), parameters)


def _fields(body: bytes, delimiter: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and values."""
    if not body.startswith(delimiter):
        raise _refused("The form does not begin with its boundary")
    start = len(delimiter)
    while body[start : start + 2] == b"\r\n":
        end = body.find(b"\r\n" + delimiter, start)
        head, blank, value = body[start + 2 : max(end, start)].partition(b"\r\n\r\n")
        if end < 0 or not blank:
            raise _refused("The form is cut off")
        yield _name(head), value
        start = end + 2 + len(delimiter)
    if body[start : start + 2] != b"--":
        raise _refused("The form is cut off")


def _name(head: bytes) -> str:
    headers = BytesHeaderParser().parsebytes(head)
    name = headers.get_param("name", header="content-disposition")
    if not isinstance(name, str) or headers.get_content_disposition() != "form-data":
        raise _refused("A part of the form has no name")
    if headers.get_filename() is not None:
        raise _refused("External data are not supported")
    if headers.get("content-transfer-encoding", "").lower() not in _AS_IT_IS:
        raise _refused("A part of the form is encoded")
    return name


def _refused(what: str) -> EngineError:
    return EngineError(f"Code: 117. DB::Exception: {what}. (INCORRECT_DATA)")
