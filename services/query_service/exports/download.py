"""A streamed response that never looks complete when it is not."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from urllib.parse import quote

from fastapi.responses import StreamingResponse
from starlette.types import Send

from crosslook.platform.errors import AppError
from crosslook.platform.logging import get_logger

_LOG = get_logger(__name__)
_UNSAFE = frozenset('/\\:*?"<>|')


class Download(StreamingResponse):
    """Pieces of a file whose first one is there, within so many seconds. When the rest cannot be made, or the client
    does not read it, the connection is cut: no client can then take what came for the whole. `broken` is told why.

    `stalled_seconds`: how long one piece may take to be read; a client that does not read holds a slot of others.
    """

    def __init__(
        self,
        first: bytes,
        rest: AsyncGenerator[bytes, None],
        content_type: str,
        headers: Mapping[str, str],
        seconds: float,
        stalled_seconds: float,
        broken: Callable[[str], None],
    ) -> None:
        super().__init__(rest, headers=headers, media_type=content_type)
        self._first = first
        self._rest = rest
        self._seconds = seconds
        self._stalled_seconds = stalled_seconds
        self._broken = broken

    async def stream_response(self, send: Send) -> None:
        """As StreamingResponse, without the end of the body where there is none to be had."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async with aclosing(self._rest) as rest, asyncio.timeout(self._seconds):
                await self._send(send, self._first)
                async for piece in rest:
                    await self._send(send, piece)
        except (AppError, TimeoutError) as error:
            reason = error.problem.code if isinstance(error, AppError) else "not_read"
            _LOG.warning("download_broken", reason=reason)
            self._broken(reason)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send(self, send: Send, piece: bytes) -> None:
        async with asyncio.timeout(self._stalled_seconds):
            await send({"type": "http.response.body", "body": piece, "more_body": True})


def disposition(ascii_name: str, shown_name: str) -> str:
    """`Content-Disposition` of a file: a name for every client, and one for those that read RFC 5987."""
    return f"attachment; filename=\"{_plain(ascii_name)}\"; filename*=UTF-8''{quote(_plain(shown_name), safe='')}"


def _plain(name: str) -> str:
    return "".join("-" if character in _UNSAFE or not character.isprintable() else character for character in name)
