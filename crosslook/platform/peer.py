"""Asks another of the three services on behalf of a caller, with the caller's own token."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import orjson

from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError, Conflict, NotFound, Unavailable

_RETRY_SECONDS = 5
_IDLE_SECONDS = 2.0  # less than the 5 seconds after which the server closes a connection that nobody uses
_MOST_ANSWER_BYTES = 16 * 1024 * 1024

PeerQuery = Mapping[str, str | int | Sequence[str]]


class Peer:
    """One other service. `name`: what refusals call it. `seconds`: how long it may take to answer. `http`: another
    client for tests."""

    def __init__(self, name: str, base_url: str, seconds: float, http: httpx.AsyncClient | None = None) -> None:
        self._name = name
        limits = httpx.Limits(keepalive_expiry=_IDLE_SECONDS)
        timeout = httpx.Timeout(seconds, connect=2.0, pool=2.0)
        self._http = http or httpx.AsyncClient(base_url=base_url, limits=limits, timeout=timeout, trust_env=False)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def get(self, path: str, query: PeerQuery, authorization: str | None) -> Any:
        """The JSON of an answer. A refusal with 404 or 409 is raised as NotFound or Conflict with its code, which must
        have a sentence without placeholders; anything else is Unavailable."""
        headers = {"Authorization": authorization} if authorization is not None else {}
        try:
            response = await self._http.get(path, params=dict(query), headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(self._name, _RETRY_SECONDS) from error
        if response.status_code == httpx.codes.OK and len(response.content) <= _MOST_ANSWER_BYTES:
            return orjson.loads(response.content)
        raise self._refusal(response)

    def _refusal(self, response: httpx.Response) -> AppError:
        try:
            code = orjson.loads(response.content)["code"]
        except (ValueError, KeyError, TypeError):
            code = ""
        if response.status_code == httpx.codes.CONFLICT and code:
            return Conflict(Problem(str(code)))
        if response.status_code == httpx.codes.NOT_FOUND:
            return NotFound()
        after = response.headers.get("Retry-After", "")
        return Unavailable(self._name, int(after) if after.isdecimal() else _RETRY_SECONDS)
