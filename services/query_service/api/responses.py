"""A prepared report as a response: its format, its entity tag and its metrics."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncGenerator, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import Annotated, Any, TypeVar

from fastapi import Header, Query, Request, Response

from crosslook.contracts.formats import FILE_FORMATS, Format
from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError
from crosslook.platform.metrics import QUERIES, Meters
from crosslook.platform.responses import PARTS_READ, json_response, language_of
from services.query_service.answering.preparation import Prepared
from services.query_service.answering.rendering import result_body
from services.query_service.answering.runner import ReportRunner
from services.query_service.catalog.freshness import FreshnessGauge
from services.query_service.exports.download import Download
from services.query_service.exports.export import Exports, file_name
from services.query_service.settings import QuerySettings

IfNoneMatch = Annotated[str | None, Header(description="ETag of an answer that the client already has.")]
Bom = Annotated[bool, Query(description="Begin a CSV file with a byte order mark, so that Excel reads it as UTF-8.")]
_CLIENT_CLOSED_REQUEST = 499
REPORT_REFUSALS = (406, 409, 410, 504)
"""Statuses of reports besides those of all calls: no such format, no snapshot yet, the snapshot has gone, too slow."""
_BOM = "\ufeff".encode()
"""Without it Excel takes a CSV file for one in the machine's own encoding."""


T = TypeVar("T")


class ClientGone(Exception):
    """The client has disconnected."""


@dataclass(frozen=True, slots=True)
class WantedFormat:
    """What a request wants of the answer to a report. `bom`: a CSV file begins with a byte order mark."""

    form: Format
    if_none_match: str | None
    bom: bool
    started: float
    """When the work on the request began (`perf_counter`)."""

    @staticmethod
    def of(request: Request, if_none_match: str | None, bom: bool = False) -> "WantedFormat":
        """By the headers of the request, whose work begins now. Raises AppError `not_acceptable`."""
        form = acceptable(request.headers.get("accept", ""))
        return WantedFormat(form, if_none_match, bom and form is Format.CSV, perf_counter())


class ReportResponses:
    """Runs prepared reports and answers with their results."""

    def __init__(
        self,
        runner: ReportRunner,
        exports: Exports,
        freshness: FreshnessGauge,
        limits: QuerySettings,
        meters: Meters,
    ) -> None:
        self._runner = runner
        self._exports = exports
        self._freshness = freshness
        self._limits = limits
        self._meters = meters

    def max_rows(self, form: Format) -> int:
        """Most rows that an answer in this format may have."""
        return self._limits.max_rows if form is Format.JSON else self._limits.max_export_rows

    async def counted(self, answering: Coroutine[Any, Any, Response]) -> Response:
        """The response, with its outcome among the metrics. Nobody reads it when the client has gone away."""
        try:
            response = await answering
        except AppError as error:
            self._meters.add(QUERIES, outcome=error.problem.code)
            raise
        except ClientGone:
            return self.client_gone()
        self._meters.add(QUERIES, outcome="ok")
        return response

    def client_gone(self) -> Response:
        """The response to a disconnected client, counted in the metrics."""
        self._meters.add(QUERIES, outcome="client_gone")
        return Response(status_code=_CLIENT_CLOSED_REQUEST)

    async def answer(self, request: Request, prepared: Prepared, wanted: WantedFormat, key: str) -> Response:
        """The result of a report, or 304 if the caller already has it. `key` identifies the answer.

        Raises ClientGone, or what ReportRunner.run raises."""
        headers = tagged(f"{key}:bom" if wanted.bom else key, wanted.form, request)
        if matches(wanted.if_none_match, headers["ETag"]):
            return Response(status_code=304, headers=headers)
        if wanted.form is not Format.JSON:
            return await self._file(request, prepared, wanted, headers)
        found = await unless_gone(request, self._runner.run(prepared))
        snapshot = await self._freshness.read(prepared.tenant, prepared.manifest)
        elapsed = round((perf_counter() - wanted.started) * 1000)
        body = result_body(prepared, found, snapshot, uuid.uuid4().hex, elapsed, language_of(request))
        return json_response(body, headers=headers)

    async def _file(
        self, request: Request, prepared: Prepared, wanted: WantedFormat, headers: dict[str, str]
    ) -> Response:
        """The file, once its first piece is there: until then everything can still be refused."""
        facts = await unless_gone(request, self._runner.file_facts(prepared))
        pieces = self._exports.pieces(prepared, wanted.form, language_of(request), facts)
        try:
            first = await unless_gone(request, _first(pieces))
        except BaseException:
            await pieces.aclose()
            raise
        named = {**headers, **facts.headers(), "Content-Disposition": file_name(prepared, wanted.form)}
        return Download(
            (_BOM if wanted.bom else b"") + first,
            pieces,
            wanted.form.content_type,
            named,
            self._limits.max_export_seconds,
            self._limits.stalled_seconds,
            lambda _: self._meters.add(QUERIES, outcome="broken_off"),
        )


async def _first(pieces: AsyncGenerator[bytes, None]) -> bytes:
    return await anext(pieces, b"")


def tagged(key: str, form: Format, request: Request) -> dict[str, str]:
    """The headers of a cacheable answer."""
    # A strong ETag names one representation: the format and the language of the labels are part of it.
    tag = hashlib.sha256(f"{key}:{form}:{language_of(request)}".encode()).hexdigest()
    return {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept, Accept-Language"}


def file_formats() -> dict[str, dict[str, str]]:
    """The formats besides JSON as an OpenAPI document lists them."""
    return {form.value: {} for form in FILE_FORMATS}


def acceptable(header: str) -> Format:
    """The format that the header prefers. Raises AppError `not_acceptable` (406) if it accepts none of them."""
    weights = _weights(header or "*/*")
    best = max(Format, key=lambda form: _weight(form, weights))
    if _weight(best, weights) <= 0:
        expected = ", ".join(form.value for form in Format)
        raise AppError(Problem("not_acceptable", values={"expected": expected}), status=406)
    return best


def matches(header: str | None, etag: str) -> bool:
    """Whether `If-None-Match` names the answer that would be given."""
    tags = [tag.strip() for tag in (header or "").split(",")]
    return "*" in tags or etag in [tag.removeprefix("W/") for tag in tags]


def _weights(header: str) -> dict[str, float]:
    weights = {}
    for part in header.split(",", PARTS_READ)[:PARTS_READ]:
        kind, *parameters = (piece.strip().lower() for piece in part.split(";", PARTS_READ))
        quality = next((parameter[2:] for parameter in parameters if parameter.startswith("q=")), "1")
        try:
            weights[kind] = float(quality)
        except ValueError:
            weights[kind] = 0.0
    return weights


def _weight(kind: Format, weights: dict[str, float]) -> float:
    family = kind.value.partition("/")[0]
    return next((weights[accepted] for accepted in (kind.value, f"{family}/*", "*/*") if accepted in weights), 0.0)


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work's result. If the client disconnects first, the work is cancelled and ClientGone is raised.

    The request's body must have been read: from then on its channel says only that the client left.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_departure(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await leaving
    with suppress(asyncio.CancelledError, Exception):
        await working
    raise ClientGone


async def _departure(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
