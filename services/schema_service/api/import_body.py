"""The body of an import, read as a stream: a file by itself, or a form with the mapping before the file."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from fastapi import Request

from crosslook.contracts.problems import Problem
from crosslook.platform.bodies import parse_strictly, refuse_encodings
from crosslook.platform.errors import AppError
from services.schema_service.domain.imports.files import CSV_TYPE, FILE_TYPES, NDJSON_TYPE
from services.schema_service.domain.imports.multipart import FormReader, MalformedForm, form_boundary

FORM_TYPE = "multipart/form-data"
_ALSO_CSV = frozenset({"application/vnd.ms-excel", "application/csv"})
"""What browsers on machines with Excel call a CSV file."""
_ALSO_NDJSON = frozenset(
    {"application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines"}
)
_UNTYPED = frozenset({"", "application/octet-stream", "text/plain"})
"""What clients call a file of which they do not know the type: its name tells."""
_TYPE_BY_ENDING = {".csv": CSV_TYPE, ".tsv": CSV_TYPE, ".ndjson": NDJSON_TYPE, ".jsonl": NDJSON_TYPE}
_NOT_JSON = "not_json"
_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii"})


@dataclass(frozen=True, slots=True)
class ImportBody:
    """The media type of a file, the mapping that came with it as JSON, None for none, and the file piece by piece."""

    media_type: str
    mapping: Any
    pieces: AsyncIterator[bytes]


async def open_body(request: Request, mapping: str | None) -> ImportBody:
    """The body of an import; `mapping` as the query has it, which a form's comes before.

    Raises AppError 415 for other types and encodings, 400 for a form or a mapping that cannot be read; `pieces` raise
    400 for a form that ends early, 413 beyond the limit of bytes, ClientDisconnect.
    """
    refuse_encodings(request)
    sent = request.headers.get("content-type", "")
    kind, _, parameters = sent.partition(";")
    kind = kind.strip().lower()
    if kind == FORM_TYPE:
        return await _open_form(request, sent, mapping)
    charset = parameters.partition("charset=")[2].strip(' "').lower()
    if charset not in _UTF8:
        raise _unsupported()
    return ImportBody(_file_type(kind), _read_mapping(mapping), request.stream())


async def _open_form(request: Request, content_type: str, mapping: str | None) -> ImportBody:
    boundary = form_boundary(content_type)
    if boundary is None:
        raise AppError(Problem("malformed_form"), status=400)
    stream = request.stream()
    try:
        form = FormReader(boundary)
        first = await _feed_until_file(form, stream)
    except MalformedForm as malformed:
        raise AppError(malformed.problem, status=400) from None
    raw = bytes(form.mapping)
    chosen = _parse_mapping(raw) if raw else _read_mapping(mapping)
    kind = form.file_type or ""
    if kind in _UNTYPED:
        kind = _TYPE_BY_ENDING.get(PurePosixPath(form.file_name).suffix.lower(), kind)
    return ImportBody(_file_type(kind), chosen, _file_of(form, first, stream))


async def _feed_until_file(form: FormReader, stream: AsyncIterator[bytes]) -> bytes:
    async for piece in stream:
        first = form.feed(piece)
        if form.file_type is not None:
            return first
    raise MalformedForm("malformed_form.file")


async def _file_of(form: FormReader, first: bytes, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The file's pieces. A form that ends without its last boundary was cut off."""
    yield first
    try:
        async for piece in stream:
            yield form.feed(piece)
    except MalformedForm as malformed:
        raise AppError(malformed.problem, status=400) from None
    if not form.ended:
        raise AppError(Problem("malformed_form"), status=400)


def _read_mapping(sent: str | None) -> Any:
    return None if sent is None else _parse_mapping(sent.encode("utf-8", "surrogatepass"))


def _parse_mapping(raw: bytes) -> Any:
    try:
        return parse_strictly(raw)
    except AppError as error:
        found = error.problem
        if found.code != _NOT_JSON or (raw and "line" not in found.values):
            raise
        text = "not_json.mapping" if raw else "not_json.mapping_empty"
        raise AppError(Problem(_NOT_JSON, "/mapping", text, found.values), status=400) from None


def _file_type(kind: str) -> str:
    if kind in _ALSO_CSV:
        return CSV_TYPE
    if kind in _ALSO_NDJSON:
        return NDJSON_TYPE
    if kind not in FILE_TYPES:
        raise _unsupported()
    return kind


def _unsupported() -> AppError:
    expected = f"{', '.join(FILE_TYPES)} (UTF-8)"
    return AppError(Problem("unsupported_media_type", values={"expected": expected}), status=415)
