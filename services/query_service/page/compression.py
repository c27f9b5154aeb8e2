"""Compresses what the page reads of the API: a catalog or a result is a tenth of its size then."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_SMALLEST_BYTES = 1024
_LEVEL = 5
"""Of nine: most of the gain at a third of the time."""


class CompressedAnswers:
    """The layer that answers calls under `/api` for JSON with gzip, where the caller reads it.

    Callers that do not ask for JSON by name are left alone: Parquet and Excel files are compressed already, and the
    page shows how many bytes of a file have come.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=_SMALLEST_BYTES, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the compressing layer, or without it."""
        app = self._compressing if _reads_json(scope) else self._app
        await app(scope, receive, send)


def _reads_json(scope: Scope) -> bool:
    if scope["type"] != "http" or not scope["path"].startswith("/api/"):
        return False
    return "application/json" in Headers(scope=scope).get("accept", "")
