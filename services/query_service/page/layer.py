"""The layer of the page, between the edge and the application: it answers files, and leads calls to the services."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from crosslook.platform.edge import RenderRefusal
from crosslook.platform.errors import AppError, NotFound
from services.query_service.api.responses import matches
from services.query_service.page.files import ASSETS, PageFile, PageFiles
from services.query_service.page.rules import chosen_tenant, climbs, has_body, message_headers, request_headers
from services.query_service.page.upstream import Upstream

SERVICE_PATHS = frozenset({"/livez", "/readyz", "/metrics", "/docs", "/openapi.json"})
"""What the application answers itself, beside everything under `/v1` and `/api`."""
_SERVICE_FOLDERS = ("/v1", "/api")
_API = "/api/"
WEBHOOK_PATHS = "/v1/webhooks/"
"""Vendors post to the address that the page shows: its own."""
_HERE = "query"
_INTAKE = "schema"
_FILE_METHODS = frozenset({"GET", "HEAD"})

TokenOf = Callable[[Request, str], str | None]
"""The bearer token of the session that a request has for a tenant. Raises AppError where it has none."""


@dataclass(frozen=True, slots=True)
class PageRoute:
    """The name under which requests of the page are measured."""

    path: str


class PageLayer:
    """Answers the files of the page and passes `/api/{schema,snapshot,query}/v1/…` on, with a session's token, and
    webhooks as they came.

    `files`: None where the page is not built. `token_of`: None without sessions; then there is no `/api`."""

    def __init__(
        self,
        app: ASGIApp,
        files: PageFiles | None,
        token_of: TokenOf | None,
        upstreams: Mapping[str, Upstream],
        refuse: RenderRefusal,
    ) -> None:
        self._app = app
        self._files = files
        self._token_of = token_of
        self._upstreams = upstreams
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            if (service := self._service_of(scope)) is not None:
                await self._pass_on(service, scope, receive, send)
            elif self._takes_webhook(scope):
                await self._pass_webhook_on(scope, receive, send)
            elif self._files is not None and _is_of_page(scope):
                await self._give_file(self._files, scope, receive, send)
            else:
                await self._app(scope, receive, send)
        except AppError as error:
            await self._refuse(Request(scope), error)(scope, receive, send)

    def _service_of(self, scope: Scope) -> str | None:
        """The service to which a call leads, None for any other request."""
        path: str = scope["path"]
        if self._token_of is None or not path.startswith(_API):
            return None
        service = path.removeprefix(_API).partition("/")[0]
        return service if service == _HERE or service in self._upstreams else None

    def _takes_webhook(self, scope: Scope) -> bool:
        path: str = scope["path"]
        posted = scope["method"] == "POST" and path.startswith(WEBHOOK_PATHS) and _INTAKE in self._upstreams
        return posted and not climbs(path)

    async def _pass_webhook_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A vendor's message reaches its service as it came: signatures are over its bytes."""
        scope["route"] = PageRoute(WEBHOOK_PATHS)
        target: bytes = scope.get("raw_path") or scope["path"].encode()
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        headers = message_headers(scope["headers"], scope["state"]["request_id"])
        sent = has_body(scope["headers"])
        await self._upstreams[_INTAKE].pass_on("POST", target + query, headers, receive, send, sent=sent)

    async def _pass_on(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        scope["route"] = PageRoute(f"/api/{service}")
        if self._token_of is None:
            raise NotFound
        tenant = chosen_tenant(scope["headers"])
        token = self._token_of(Request(scope), tenant)
        target = _target(scope, f"/api/{service}")
        headers = request_headers(scope["headers"], token, scope["state"]["request_id"])
        if service in self._upstreams:
            query = b"?" + scope["query_string"] if scope["query_string"] else b""
            sent = has_body(scope["headers"])
            await self._upstreams[service].pass_on(scope["method"], target + query, headers, receive, send, sent=sent)
            return
        # In place: the edge finds out here which route is measured.
        scope.update(path=scope["path"].removeprefix(f"/api/{service}"), raw_path=target, headers=headers)
        await self._app(scope, receive, send)

    async def _give_file(self, files: PageFiles, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        scope["route"] = PageRoute(ASSETS if scope["path"].startswith(ASSETS) else "/")
        found = await asyncio.to_thread(_find, files, scope["path"], request)
        if found is None:
            raise NotFound
        response = Response(found.body, headers=dict(found.headers))
        tag = found.headers.get("ETag")
        if tag is not None and matches(request.headers.get("if-none-match"), tag):
            response = Response(status_code=304, headers=dict(found.headers))
        await response(scope, receive, send)


def _is_of_page(scope: Scope) -> bool:
    path: str = scope["path"]
    ours = path in SERVICE_PATHS or any(path == folder or path.startswith(f"{folder}/") for folder in _SERVICE_FOLDERS)
    return scope["method"] in _FILE_METHODS and not ours


def _find(files: PageFiles, path: str, request: Request) -> PageFile | None:
    encodings = request.headers.get("accept-encoding", "")
    if path.startswith(ASSETS) or path == ASSETS.rstrip("/"):
        return files.asset(path, encodings)
    if (found := files.root_file(path, encodings)) is not None:
        return found
    accepted = request.headers.get("accept", "")
    shown = "text/html" in accepted or (path == "/" and accepted in ("", "*/*"))
    return files.index(path, encodings) if shown else None


def _target(scope: Scope, prefix: str) -> bytes:
    """The path at the service, as the client sent it. Raises NotFound for all but `/v1/…`: the rest is not for
    browsers."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    target = raw.removeprefix(prefix.encode())
    inside = scope["path"].removeprefix(prefix)
    if target == raw or not target.startswith(b"/v1/") or not inside.startswith("/v1/") or climbs(inside):
        raise NotFound
    return target
