"""Request bodies: bytes to JSON, with refusals that say what is wrong with the bytes, and JSON back to bytes."""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

import orjson
from fastapi import Request

from crosslook.contracts import exact_json
from crosslook.contracts.odd_json import odd_places, read_odd, repeats_a_name
from crosslook.contracts.problems import SHOWN_MAX, Problem
from crosslook.platform.errors import AppError, Invalid

_GZIP = b"\x1f\x8b"
T = TypeVar("T")
LARGE_BYTES = 64 * 1024
"""A body of so many bytes takes a while to be checked."""
WRITTEN_NESTING_MAX = 254
"""How deep JSON may be nested to be written again: orjson's limit. It reads deeper."""
_NESTING_MAX = 1024
_TOO_DEEP = "depth limit exceeded"


def is_large(body: Any) -> bool:
    """Whether checking a body may take so long that other requests must not wait for it."""
    written = json_bytes(body)
    return written is None or len(written) > LARGE_BYTES


async def aside(large: bool, work: Callable[[], T]) -> T:
    """The result of work without I/O; large work runs in a thread, so that the event loop continues."""
    return await asyncio.to_thread(work) if large else work()


async def read_body(request: Request) -> bytes:
    """The body as it was sent. Raises AppError `unsupported_encoding` (415) for a compressed one."""
    refuse_encodings(request)
    return await request.body()


def refuse_encodings(request: Request) -> None:
    """Raises AppError `unsupported_encoding` (415) for a compressed body."""
    encodings = [part.strip() for part in request.headers.get("content-encoding", "").split(",")]
    unknown = next((encoding for encoding in encodings if encoding.lower() not in ("", "identity")), None)
    if unknown is not None:
        problem = Problem("unsupported_encoding", values={"name": unknown[:100]})
        raise AppError(problem, status=415, headers={"Accept-Encoding": "identity"})


async def read_json(request: Request) -> Any:
    """The body as JSON. Raises what `read_body` and `parse_strictly` raise."""
    raw = await read_body(request)
    return await aside(len(raw) > LARGE_BYTES, lambda: parse_strictly(raw))


def parse_strictly(raw: bytes) -> Any:
    """As `parse_json`; also raises Invalid for a name that occurs twice in an object."""
    value = parse_json(raw)
    with _uncollected(len(raw)):
        if repeats_a_name(raw):
            raise Invalid(_first(odd_places(read_odd(raw, repeated=True))))
    return value


def parse_json(raw: bytes, loads: Callable[[bytes], Any] = exact_json.loads) -> Any:
    """The value that the bytes mean, read with `loads`: numbers keep their digits.

    Raises AppError `not_json` (400) with line and column; Invalid `bad_value` for what is nested too deep to be read,
    and `out_of_range` or `wrong_type`, with its place, for JSON that nothing can hold (`odd_json`)."""
    try:
        with _uncollected(len(raw)):
            return loads(raw)
    except orjson.JSONDecodeError as error:
        raise _refusal(raw, error) from None


def parse_elements(raw: bytes, refuse: Callable[[Any, Problem], Any]) -> Any:
    """As `parse_json`, but in an array only the odd elements are refused: each is what `refuse` makes of it and of the
    first problem in it, placed within the element."""
    try:
        with _uncollected(len(raw)):
            return exact_json.loads(raw)
    except orjson.JSONDecodeError as error:
        with _uncollected(len(raw)):
            elements = _read_odd(raw)
            if type(elements) is not list:
                raise _refusal(raw, error) from None
            return [_taken(element, refuse) for element in elements]


def _taken(element: Any, refuse: Callable[[Any, Problem], Any]) -> Any:
    if (
        json_bytes(element) is not None
    ):  # what is odd cannot be written, and this is ten times as fast as looking for it
        return element
    odd = next(odd_places(element), None)
    return element if odd is None else refuse(element, odd)


@contextmanager
def _uncollected(size: int) -> Iterator[None]:
    """Read a large document without collecting garbage meanwhile: each collection would look at all that was read so
    far, and 6 MB of empty arrays took 1.8 seconds instead of 0.2."""
    paused = size > LARGE_BYTES and gc.isenabled()
    if paused:
        gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def json_bytes(value: Any, *, sorted_keys: bool = False) -> bytes | None:
    """The JSON of a value; None if it is nested too deep.

    JSON that was read is not always JSON that can be written: whoever writes a body before its shape was checked needs
    to know."""
    try:
        return exact_json.dumps(value, sorted_keys=sorted_keys)
    except orjson.JSONEncodeError:
        return None


def nested_too_deep(limit: int = _NESTING_MAX) -> Invalid:
    """The refusal of a body that is nested deeper than `limit` levels."""
    return Invalid([Problem("bad_value", "", "bad_value.nesting", {"limit": limit})])


def _refusal(raw: bytes, error: orjson.JSONDecodeError) -> AppError:
    if error.msg == _TOO_DEEP:
        return nested_too_deep()
    if not raw:
        return AppError(Problem("not_json", text="not_json.empty"), status=400)
    if raw.startswith(_GZIP):
        return AppError(Problem("not_json", text="not_json.compressed"), status=400)
    try:
        raw.decode()
    except UnicodeDecodeError as bad:
        line, column = raw.count(b"\n", 0, bad.start) + 1, bad.start - raw.rfind(b"\n", 0, bad.start)
        return AppError(Problem("not_json", text="not_json.utf8", values={"line": line, "column": column}), status=400)
    with _uncollected(len(raw)):
        if found := _first(odd_places(_read_odd(raw))):
            return Invalid(found)
    return AppError(Problem("not_json", values={"line": error.lineno, "column": error.colno}), status=400)


def _read_odd(raw: bytes) -> Any:
    try:
        return read_odd(raw)
    except RecursionError:
        raise nested_too_deep() from None
    except ValueError:
        return None


def _first(problems: Iterator[Problem]) -> list[Problem]:
    return list(islice(problems, SHOWN_MAX))
