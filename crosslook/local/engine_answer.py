"""Writes a response: whole or streamed, compressed where the client asked."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import asdict

import orjson
from starlette.types import Send

from crosslook.local.engine_codec import Compress, compressor
from crosslook.local.engine_core import EngineError, QuerySummary
from crosslook.local.engine_request import Request, status_of


class EngineAnswer:
    """The response to one request."""

    def __init__(self, send: Send, request: Request) -> None:
        self._send = send
        wanted = request.parameters.get("enable_http_compression") == "1"
        self._encoding, self._codec = compressor(request.headers.get("accept-encoding", ""), wanted)
        self._query_id = request.parameters.get("query_id") or secrets.token_hex(16)

    async def whole(self, status: int, data: bytes, kind: str, summary: QuerySummary | None, fmt: str = "") -> None:
        """One response with a known length."""
        extra = {"X-ClickHouse-Format": fmt} if fmt else {}
        if summary is not None:
            extra["X-ClickHouse-Summary"] = orjson.dumps({k: str(v) for k, v in asdict(summary).items()}).decode()
        if self._encoding and data:
            data = self._codec.piece(data) + self._codec.finish()
            extra["Content-Encoding"] = self._encoding
        await self._start(status, {**extra, "Content-Type": kind, "Content-Length": str(len(data))})
        await self._send({"type": "http.response.body", "body": data})

    async def error(self, error: EngineError) -> None:
        """An error before anything was sent."""
        extra = {"X-ClickHouse-Exception-Code": str(error.code), "Content-Type": "text/plain; charset=UTF-8"}
        await self._start(status_of(error.code), extra)
        await self._send({"type": "http.response.body", "body": f"{error}\n".encode()})

    async def stream(self, blocks: AsyncIterator[bytes], fmt: str) -> None:
        """A response of unknown length. An error midway is marked as ClickHouse marks it and cuts the connection."""
        tag = secrets.token_hex(8)
        extra = {"X-ClickHouse-Format": fmt, "X-ClickHouse-Exception-Tag": tag, "Content-Type": "text/plain"}
        if self._encoding:
            extra["Content-Encoding"] = self._encoding
        await self._start(200, extra)
        codec: Compress = self._codec
        try:
            async for block in blocks:
                await self._piece(codec.piece(block))
        except EngineError as error:
            text = f"\r\n__exception__\r\n{tag}\r\n{error}\r\n{len(str(error).encode())} {tag}\r\n__exception__\r\n"
            await self._piece(codec.piece(text.encode()) + codec.finish())
            # Without the end of the body, so that no client can take what came for all.
            return
        await self._send({"type": "http.response.body", "body": codec.finish()})

    async def _piece(self, data: bytes) -> None:
        if data:
            await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def _start(self, status: int, headers: dict[str, str]) -> None:
        common = {
            "X-ClickHouse-Query-Id": self._query_id,
            "X-ClickHouse-Timezone": "UTC",
            "X-ClickHouse-Server-Display-Name": "crosslook-engine",
        }
        raw = [(name.lower().encode(), value.encode()) for name, value in {**common, **headers}.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})
