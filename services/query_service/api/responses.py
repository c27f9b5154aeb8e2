"""An answer to a prepared report as a response: its format, its entity tag, and what is counted of it."""

import hashlib
import uuid
from collections.abc import AsyncGenerator, Coroutine, Mapping
from time import perf_counter
from typing import Any

import orjson
from fastapi import Request, Response

from crosslook.contracts import exact_json
from crosslook.platform.errors import AppError
from crosslook.platform.http import language_of
from crosslook.platform.metrics import QUERIES
from services.query_service.answering.rendering import result_json
from services.query_service.answering.runner import Prepared
from services.query_service.api.disconnect import ClientGone, unless_gone
from services.query_service.exports.download import Download
from services.query_service.exports.export import file_name
from services.query_service.exports.negotiation import Format, matches
from services.query_service.parts import QueryParts

CLIENT_CLOSED_REQUEST = 499
_BOM = "\ufeff".encode()
"""Without it Excel takes a CSV file for one in the machine's own encoding."""


async def counted(parts: QueryParts, answering: Coroutine[Any, Any, Response]) -> Response:
    """The response, with its outcome among the metrics. Nobody reads it when the client has gone away."""
    try:
        response = await answering
    except AppError as error:
        parts.meters.add(QUERIES, outcome=error.problem.code)
        raise
    except ClientGone:
        parts.meters.add(QUERIES, outcome="client_gone")
        return Response(status_code=CLIENT_CLOSED_REQUEST)
    parts.meters.add(QUERIES, outcome="ok")
    return response


async def answer(
    request: Request,
    parts: QueryParts,
    prepared: Prepared,
    form: Format,
    if_none_match: str | None,
    key: str,
    started: float,
    *,
    bom: bool = False,
) -> Response:
    """The result of a report, or 304 where the asker has it. `key` is the identity of what is answered, `started` when
    the work on it began (`perf_counter`). `bom`: a CSV file begins with a byte order mark.

    Raises ClientGone, or what ReportRunner.run raises."""
    bom = bom and form is Format.CSV
    headers = tagged(f"{key}:bom" if bom else key, form, request)
    if matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if form is not Format.JSON:
        return await _file(request, parts, prepared, form, headers, _BOM if bom else b"")
    found = await unless_gone(request, parts.runner.run(prepared))
    freshness = await parts.freshness_of(prepared)
    elapsed = round((perf_counter() - started) * 1000)
    body = result_json(prepared, found, freshness, uuid.uuid4().hex, elapsed, language_of(request))
    return json_response(body, headers=headers)


async def _file(
    request: Request, parts: QueryParts, prepared: Prepared, form: Format, headers: dict[str, str], begin: bytes
) -> Response:
    """The file, once its first piece is there: until then everything can still be refused."""
    facts = await unless_gone(request, parts.runner.file_facts(prepared))
    pieces = parts.exports.pieces(prepared, form, language_of(request), facts)
    try:
        first = await unless_gone(request, _first(pieces))
    except BaseException:
        await pieces.aclose()
        raise
    named = {**headers, **facts.headers(), "Content-Disposition": file_name(prepared, form)}
    limits = parts.limits
    return Download(
        begin + first,
        pieces,
        form.content_type,
        named,
        limits.max_export_seconds,
        limits.stalled_seconds,
        lambda _: parts.meters.add(QUERIES, outcome="broken_off"),
    )


async def _first(pieces: AsyncGenerator[bytes, None]) -> bytes:
    return await anext(pieces, b"")


def tagged(key: str, form: Format, request: Request) -> dict[str, str]:
    """The headers of an answer that its asker may keep."""
    # A strong ETag names one representation: the format and the language of the labels are part of it.
    tag = hashlib.sha256(f"{key}:{form}:{language_of(request)}".encode()).hexdigest()
    return {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Language"}


def json_response(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON answer; instants in UTC, numbers that were sent with the digits that they were sent with."""
    content = orjson.dumps(body, default=exact_json.number_fragment, option=orjson.OPT_UTC_Z)
    return Response(content, status, dict(headers or {}), media_type="application/json")
