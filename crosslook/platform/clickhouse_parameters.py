"""Splits query parameters of any size into parts that a ClickHouse server accepts.

Small parameters travel in the URL. As soon as they exceed 4,096 encoded bytes, clickhouse-connect sends the request as
`multipart/form-data` instead, and a server refuses every form field above `http_max_field_value_size` (128 KiB). A
larger value is therefore sent as several fields and joined again by the statement: `concat` for a text, `arrayConcat`
for an array. A single value has no limit of its own; the statement itself must fit into one field.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from clickhouse_connect.driver.binding import DT64Param

FIELD_BYTES = 64 * 1024
"""Size of the largest field we send, in UTF-8 bytes; half of what a server accepts by default."""
STATEMENT_BYTES = 127 * 1024
"""Size of the largest statement that can be sent beside large parameters: a form field, less the driver's `FORMAT`."""
URL_BYTES = 256 * 1024
"""What a URL takes in any case; a server accepts 1 MiB of percent-encoded text (`http_max_uri_size`)."""
_ESCAPED = "\\'`\t\n"
_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in _ESCAPED})
_LONG_ARRAY = 100
_PLAIN = {str, int, float, Decimal}
_WIDEST = 100
"""No number, date or instant is wider than this as text."""
_SEPARATOR = 4
"""Two quotes, a comma and a space around each element of an array."""

ParameterValues = Mapping[str, Any]


def fit(sql: str, parameters: ParameterValues) -> tuple[str, dict[str, Any]]:
    """The statement and its parameters with every oversized value taken apart. Statements and values of ordinary size
    are returned unchanged. `sql` is text of our own that contains no braces besides its placeholders."""
    fitted = dict(parameters)
    for name, value in parameters.items():
        if _at_most(value) > FIELD_BYTES:
            sql = _taken_apart(sql, name, fitted)
    return sql, fitted


def sendable(sql: str, parameters: ParameterValues) -> bool:
    """Whether a server accepts the request. Beside a longer statement the driver puts parameters into the URL."""
    if 4 * len(sql) <= STATEMENT_BYTES or len(sql.encode()) <= STATEMENT_BYTES:
        return True
    return sum(map(_at_most, parameters.values())) <= URL_BYTES


def values_in(parameters: ParameterValues) -> int:
    """How many elements the arrays among the parameters have."""
    return sum(len(value) for value in parameters.values() if isinstance(value, list))


def formatted(parameters: ParameterValues) -> dict[str, Any]:
    """The parameters with every long array as the text that a server reads."""
    return {name: _formatted(value) for name, value in parameters.items()}


class ArrayText(DT64Param):
    """An array that is formatted already. The driver formats each character of each element by itself, on the event
    loop: 200,000 values take it half a second. What is a DT64Param it asks for its text instead."""

    def __init__(self, text: str) -> None:
        self._text = text

    def format(self, tz: tzinfo | None, top_level: bool) -> str:
        """The text."""
        return self._text


def _formatted(value: Any) -> Any:
    if not isinstance(value, list) or len(value) < _LONG_ARRAY or not {*map(type, value)} <= _PLAIN:
        return value
    elements = (f"'{element.translate(_ESCAPES)}'" if isinstance(element, str) else str(element) for element in value)
    return ArrayText(f"[{', '.join(elements)}]")


def _taken_apart(sql: str, name: str, parameters: dict[str, Any]) -> str:
    """Replace one parameter by its pieces, here and in the statement."""
    value = parameters.pop(name)

    def joined(found: re.Match[str]) -> str:
        if isinstance(value, str):
            return _text(name, value, parameters)
        return _array(name, list(value), found["type"], parameters)

    return re.sub(rf"\{{\s*{re.escape(name)}\s*:\s*(?P<type>[^{{}}]+?)\s*\}}", joined, sql)


def _array(name: str, values: list[Any], kind: str, parameters: dict[str, Any]) -> str:
    arrays: list[str] = []
    for part in _parts(values):
        piece = f"{name}__{len(arrays)}"
        if isinstance(part, str):
            arrays.append(f"array({_text(piece, part, parameters)})")
        else:
            parameters[piece] = part
            arrays.append(f"{{{piece}:{kind}}}")
    return f"arrayConcat({', '.join(arrays)})"


def _text(name: str, text: str, parameters: dict[str, Any]) -> str:
    pieces = {f"{name}__{index}": piece for index, piece in enumerate(_texts(text))}
    parameters |= pieces
    return f"concat({', '.join(f'{{{piece}:String}}' for piece in pieces)})"


def _texts(text: str) -> Iterator[str]:
    """The text in pieces whose encoded form fits into a field."""
    size = FIELD_BYTES // 4  # no character takes more than 4 bytes, escaped or not
    return (text[start : start + size] for start in range(0, len(text), size))


def _parts(values: list[Any]) -> Iterator[list[Any] | str]:
    """The elements in runs that fit into a field; a text that does not fit by itself stands alone."""
    run: list[Any] = []
    used = 0
    for value in values:
        size = _size(value)
        if run and used + size > FIELD_BYTES:
            yield run
            run, used = [], 0
        if size > FIELD_BYTES:
            yield value
        else:
            run.append(value)
            used += size
    if run:
        yield run


def _at_most(value: Any) -> int:
    """An upper bound of the encoded size, without looking at each character."""
    match value:
        case str():
            return 4 * len(value)
        case list() | tuple():
            return sum(
                4 * len(element) if isinstance(element, str) else _WIDEST for element in value
            ) + _SEPARATOR * len(value)
        case _:
            return _WIDEST


def _size(value: Any) -> int:
    """The encoded size of one element of an array."""
    if not isinstance(value, str):
        return len(str(value)) + _SEPARATOR
    return len(value.encode()) + sum(map(value.count, _ESCAPED)) + _SEPARATOR
