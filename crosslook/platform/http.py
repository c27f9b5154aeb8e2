"""What every HTTP service has: problem documents, health, metrics, lists in pages (CONTRACTS, preamble)."""

import base64
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import orjson
from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from crosslook.contracts.problems import Problem
from crosslook.platform.api_page import add_api_page
from crosslook.platform.auth import verifier
from crosslook.platform.clickhouse_errors import ClickHouseError
from crosslook.platform.edge import Edge, RenderRefusal
from crosslook.platform.errors import AppError, Invalid, StateUnreadable, Unavailable, Unconfirmed
from crosslook.platform.forwarding import Forwarding
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import (
    LogUnavailable,
    LogUnreadable,
    VersionMismatch,
    WriterFenced,
    WriteUnconfirmed,
)
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import CONTENT_TYPE, STORE_FAULTS, Meters
from crosslook.platform.openapi import document_access
from crosslook.platform.parameters import bad_parameter
from crosslook.platform.replica import Replica
from crosslook.platform.responses import json_response, problem_response
from crosslook.platform.settings import ServiceSettings
from crosslook.platform.startup import StartGate, Startup
from crosslook.platform.store_refusals import store_refusal
from crosslook.platform.streamed import StreamedBodies

_LOG = get_logger(__name__)
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class LiveBody(BaseModel):
    """The process runs."""

    status: Literal["ok"]


class ReadyBody(BaseModel):
    """The service can answer. `degraded`: a part of its work is paused, for this reason."""

    status: Literal["ok", "degraded"]
    reason: str | None = None


class UnreadyBody(BaseModel):
    """Why the service cannot answer."""

    status: Literal["unready"]
    reason: str


@dataclass(frozen=True, slots=True)
class OuterLayers:
    """Layers of one service between the edge and those of all services, the innermost first. `large`: calls whose
    bodies may be larger than others."""

    layers: tuple[Middleware, ...] = ()
    large: StreamedBodies | None = None


def create_app(
    title: str,
    version: str,
    *,
    settings: ServiceSettings,
    lifespan: Lifespan,
    readiness: Callable[[], str | None],
    meters: Meters,
    replica: Replica | None = None,
    degraded: Callable[[], str | None] = lambda: None,
    startup: Startup | None = None,
    streamed: StreamedBodies | None = None,
    refuse: RenderRefusal = problem_response,
    outer: OuterLayers | None = None,
) -> FastAPI:
    """A service's application without its routes. `readiness` answers why the service is not ready, None when it is;
    `degraded` which part of its work stands still though it can answer, None for none.

    `replica`: this process among those that share a log, so that all of them answer alike; `lifespan` closes it.
    `startup`: the start that `lifespan` runs; the service is not ready and refuses calls of the API until it is done.
    `streamed`: calls whose bodies are read as streams.
    `refuse`: makes the answer of every refusal, in every layer.
    `outer`: layers around all others but the edge.
    """
    app = _bare(title, version, lifespan)
    app.state.verifier = verifier(settings.auth)
    app.state.meters, app.state.replica = meters, replica
    _add_layers(app, replica, startup, streamed, refuse)
    _add_edge(app, settings, meters, outer or OuterLayers((), streamed), refuse)
    _add_refusals(app, meters, refuse)
    meters.add(STORE_FAULTS, 0)  # an alert sees the first fault only where it starts from zero
    _add_operations(app, lambda: _stopping(replica) or _starting(startup) or readiness(), degraded, meters)
    add_api_page(app)
    document_access(app)
    return app


def _bare(title: str, version: str, lifespan: Lifespan) -> FastAPI:
    # No redirects: they would name whatever host the caller claims to have asked.
    return FastAPI(
        title=title,
        version=version,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )


def _operation_id(route: APIRoute) -> str:
    """The name of a route's function: what generated clients call the operation."""
    return route.name


PageSize = Annotated[int, Query(ge=1, le=500, description="Maximum number of items.")]
PageToken = Annotated[str | None, Query(description="`next_page_token` of the previous page.")]


def page(items: Sequence[Any], page_size: int, token_of: Callable[[Any], str]) -> dict[str, Any]:
    """One page of a list. `items` start after the page token and may hold one more than fits: then there is a next."""
    shown = list(items[:page_size])
    more = len(items) > page_size
    return {"items": shown, "next_page_token": token_of(shown[-1]) if more else None}


def encode_page_token(*position: str | int) -> str:
    """An opaque, url-safe token for a place in a list: the sort key of the last item shown."""
    return base64.urlsafe_b64encode(orjson.dumps(position)).decode().rstrip("=")


def decode_page_token(token: str | None, *kinds: type[str] | type[int]) -> tuple[Any, ...] | None:
    """The position that `encode_page_token` was given, its parts of exactly these kinds; None on the first page.

    Raises AppError `bad_page_token` (422) for anything that is no token of such a list.
    """
    if token is None:
        return None
    try:
        position = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        position = None
    if not isinstance(position, list) or tuple(map(type, position)) != kinds or encode_page_token(*position) != token:
        problem = Problem("bad_page_token", "/page_token")
        raise AppError(problem, [problem], status=422)
    return tuple(position)


_BY_STATUS = {404: "not_found", 405: "method_not_allowed"}
_Refusal = Callable[[Request, Any], AppError]


def _add_refusals(app: FastAPI, meters: Meters, refuse: RenderRefusal) -> None:
    """Answer what is raised anywhere in the application with the refusal that it means."""

    def answered(refusal: _Refusal) -> Callable[[Request, Exception], Awaitable[Response]]:
        async def answer(request: Request, error: Exception) -> Response:
            return refuse(request, refusal(request, error))

        return answer

    refusals: dict[type[Exception], _Refusal] = {
        AppError: lambda request, error: error,
        HTTPException: _of_http_exception,
        RequestValidationError: lambda request, error: Invalid(bad_parameter(found) for found in error.errors()),
        KafkaUnavailable: _of_unavailable,
        LogUnavailable: _of_unavailable,
        WriterFenced: _of_unavailable,
        VersionMismatch: lambda request, error: AppError(Problem("conflict"), status=409),
        ClickHouseError: lambda request, error: store_refusal(error, meters),
    }
    for kind, refusal in refusals.items():
        app.add_exception_handler(kind, answered(refusal))


def _of_http_exception(request: Request, error: HTTPException) -> AppError:
    if isinstance(error.__cause__, AppError):
        # FastAPI says 400 of whatever was raised while it read a declared body.
        return error.__cause__
    status = error.status_code
    code = _BY_STATUS.get(status, "internal_error" if status >= 500 else "invalid_body")
    return AppError(Problem(code), status=status, headers=dict(error.headers or {}))


def _of_unavailable(request: Request, error: Exception) -> AppError:
    _LOG.warning("unavailable", error=type(error).__name__, path=request.url.path)
    if isinstance(error, LogUnreadable):
        return StateUnreadable()
    if isinstance(error, WriteUnconfirmed):
        return Unconfirmed()
    return Unavailable("kafka" if isinstance(error, KafkaUnavailable) else "log_store")


def _stopping(replica: Replica | None) -> str | None:
    return "stopping" if replica is not None and replica.leaving else None


def _add_layers(
    app: FastAPI,
    replica: Replica | None,
    startup: Startup | None,
    streamed: StreamedBodies | None,
    refuse: RenderRefusal,
) -> None:
    """The outermost layer comes last."""
    if replica is not None:
        app.add_middleware(Forwarding, replica=replica, refuse=refuse, streamed=streamed)
    if startup is not None:
        app.add_middleware(StartGate, startup=startup, refuse=refuse)


def _add_edge(
    app: FastAPI, settings: ServiceSettings, meters: Meters, outer: OuterLayers, refuse: RenderRefusal
) -> None:
    for layer in outer.layers:
        app.add_middleware(layer.cls, *layer.args, **layer.kwargs)
    app.add_middleware(Edge, settings=settings.http, meters=meters, refusal=refuse, streamed=outer.large)


def _starting(startup: Startup | None) -> str | None:
    return startup.unready() if startup is not None else None


def _add_operations(
    app: FastAPI, readiness: Callable[[], str | None], degraded: Callable[[], str | None], meters: Meters
) -> None:
    # Whatever parameters they are sent: probes add some against caches, and must be answered.
    shared: dict[str, Any] = {"tags": ["operations"]}

    @app.get("/livez", **shared, summary="Whether the process runs")
    async def livez() -> LiveBody:
        return LiveBody(status="ok")

    @app.get(
        "/readyz",
        **shared,
        summary="Whether the service can answer; 503 with the reason if not",
        responses={200: {"model": ReadyBody}, 503: {"model": UnreadyBody, "description": "It cannot answer"}},
    )
    async def readyz() -> Response:
        if (reason := readiness()) is not None:
            return json_response(UnreadyBody(status="unready", reason=reason), 503)
        if (reason := degraded()) is not None:
            return json_response(ReadyBody(status="degraded", reason=reason))
        return json_response(ReadyBody(status="ok"))

    @app.get(
        "/metrics",
        **shared,
        summary="Operational numbers in the Prometheus text format",
        response_class=PlainTextResponse,
    )
    async def metrics() -> Response:
        return Response(meters.render(), media_type=CONTENT_TYPE)
