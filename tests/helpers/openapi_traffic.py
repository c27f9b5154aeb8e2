"""Every answer that the three services give to a test's HTTP client, checked against their OpenAPI documents.

A service in the test's own process is known by its application, whose document is the one of `/openapi.json`; one in
a process of its own by its address on loopback, its request id and the operation, with the documents of docs/reference,
which another test holds to the code. Findings are collected and not raised: a service may be the client of another.
"""

import contextlib
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.helpers.openapi_document import Answer, OpenApiDocument

TITLES = frozenset(f"Crosslook {name} service" for name in ("schema", "snapshot", "query"))
_REFERENCE = Path(__file__).resolve().parents[2] / "docs/reference/openapi"
_PAGES = ("/docs", "/openapi.json")
_DOCUMENTED = ("/v1/", "/livez", "/readyz", "/metrics")
_REFUSED = 400
_THROUGH_PAGE = re.compile(r"/api/(?:schema|snapshot|query)(/v1/.*)")
"""A call of the page: the service's own path is what the service's document describes."""
_OTHERS_THROUGH_PAGE = (b"/api/schema/", b"/api/snapshot/")
_APPLICATION = "crosslook_application"
"""The extension of an answer that names the application that gave it."""


class Traffic:
    """What was wrong with answers since it was last asked for, and how many were checked."""

    def __init__(self) -> None:
        self.checked = 0
        self._faults: list[str] = []
        self._documents: dict[tuple[str, ...], OpenApiDocument] = {}

    def take_faults(self) -> list[str]:
        """The faults since the last call, each once."""
        found, self._faults = list(dict.fromkeys(self._faults)), []
        return found

    def see(self, request: httpx.Request, response: httpx.Response) -> None:
        """Check an answer, if one of the services gave it."""
        path = request.url.raw_path.partition(b"?")[0].decode()
        through_page = _THROUGH_PAGE.fullmatch(path)
        if through_page is not None and _APPLICATION in response.extensions:
            path = through_page[1]
        documents = [] if _of_page(path, response) else self._documents_for(request, response, path)
        if not documents:
            return
        body = response.content if response.is_closed and request.method != "HEAD" else None
        kind = response.headers.get("content-type", "")
        answer = Answer(request.method, path, response.status_code, kind, body)
        self.checked += 1
        faults: list[list[str]] = [document.faults(answer) for document in documents]
        fewest = min(faults, key=len)
        self._faults += fewest

    def _documents_for(self, request: httpx.Request, response: httpx.Response, path: str) -> list[OpenApiDocument]:
        app = response.extensions.get(_APPLICATION)
        if isinstance(app, FastAPI) and request.url.raw_path.startswith(_OTHERS_THROUGH_PAGE):
            return [document for document in _reference() if document.describes(request.method, path)]
        if isinstance(app, FastAPI):
            return [self._document_of(app)] if app.title in TITLES else []
        if request.url.host not in ("127.0.0.1", "localhost") or "x-request-id" not in response.headers:
            return []
        described = [document for document in _reference() if document.describes(request.method, path)]
        return described or (list(_reference()) if path.startswith("/v1/") else [])

    def _document_of(self, app: FastAPI) -> OpenApiDocument:
        key = (app.title, *(str(getattr(route, "path", "")) for route in app.routes))
        if key not in self._documents:
            self._documents[key] = OpenApiDocument(app.openapi())
        return self._documents[key]


def _of_page(path: str, response: httpx.Response) -> bool:
    """Whether an answer is a file of the page, or one of its own calls, which no document describes (decision 47)."""
    return path in _PAGES or (response.status_code < _REFUSED and not path.startswith(_DOCUMENTED))


@cache
def _reference() -> tuple[OpenApiDocument, ...]:
    return tuple(OpenApiDocument(json.loads(path.read_text("utf-8"))) for path in sorted(_REFERENCE.glob("*.json")))


@contextlib.contextmanager
def watched() -> Iterator[Traffic]:
    """See every answer to httpx until the end."""
    traffic = Traffic()
    handle, send, send_async = httpx.ASGITransport.handle_async_request, httpx.Client.send, httpx.AsyncClient.send

    async def handled(transport: httpx.ASGITransport, request: httpx.Request) -> httpx.Response:
        response = await handle(transport, request)
        response.extensions[_APPLICATION] = transport.app
        return response

    def sent(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        response = send(client, request, **options)
        traffic.see(response.request, response)
        return response

    async def sent_async(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        response = await send_async(client, request, **options)
        traffic.see(response.request, response)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.ASGITransport, "handle_async_request", handled)
        patch.setattr(httpx.Client, "send", sent)
        patch.setattr(httpx.AsyncClient, "send", sent_async)
        yield traffic
