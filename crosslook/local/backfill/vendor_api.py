"""A vendor's API as a patient client asks it: limits are waited for, failures repeated, refusals told.

Only addresses below the one that was given are asked, and no redirect is followed: the token goes nowhere else.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import httpx

from crosslook.local.messages import CommandRefused

_TIMEOUT = httpx.Timeout(120, connect=10)
_FAILURES_MOST = 10
"""How many failures in a row are waited for: with the pauses below, for about seven minutes."""
_PAUSE_MOST = 60.0
_WAIT_MOST = 3600.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class VendorRefused(CommandRefused):
    """The vendor answered with a status that waiting does not change."""

    def __init__(self, key: str, status: int, **values: str | int) -> None:
        super().__init__(key, status=status, **values)
        self.status = status


class VendorWait(NamedTuple):
    """A pause before the next attempt. `limited`: the vendor's limit of requests is the reason."""

    seconds: float
    limited: bool


class VendorApi:
    """One vendor's API with one token. Use as `async with`."""

    def __init__(
        self,
        url: str,
        token: str,
        waiting: Callable[[VendorWait], object],
        *,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Raises CommandRefused for an address that the token must not be sent to."""
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise CommandRefused("vendor_url_open", url=url)
        self._host = parts.hostname or ""
        self._waiting = waiting
        self._pause = pause
        self._now = now
        basic = tuple(token.split(":", 1)) if ":" in token else None
        self._client = httpx.AsyncClient(
            base_url=url.rstrip("/"),
            auth=httpx.BasicAuth(*basic) if basic else None,
            headers={} if basic else {"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, parameters: Mapping[str, str]) -> bytes:
        """The body of an answer, however often the vendor has to be asked. Raises VendorRefused, and CommandRefused
        where the vendor fails for minutes."""
        failures = 0
        while True:
            try:
                response = await self._client.get(path, params=dict(parameters))
            except httpx.HTTPError as error:
                failures = await self._wait_for(failures, None, type(error).__name__)
                continue
            if response.is_success:
                return response.content
            if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
                failures = await self._wait_for(failures, response, f"HTTP {response.status_code}")
            else:
                raise self._refused(response.status_code)

    async def _wait_for(self, failures: int, response: httpx.Response | None, reason: str) -> int:
        """Pause before the next attempt; answers how many failures there were in a row."""
        limited = response is not None and response.status_code == httpx.codes.TOO_MANY_REQUESTS
        said = None if response is None else self._said(response.headers)
        if failures + 1 >= _FAILURES_MOST:
            raise CommandRefused("vendor_silent", host=self._host, reason=reason)
        if said is not None and said > _WAIT_MOST:
            raise CommandRefused("vendor_waits", host=self._host, minutes=round(said / 60))
        seconds = min(2.0**failures, _PAUSE_MOST) if said is None else said
        self._waiting(VendorWait(seconds, limited))
        await self._pause(seconds)
        return failures + 1

    def _said(self, headers: httpx.Headers) -> float | None:
        """The pause that the vendor asks for: `Retry-After` in seconds or as a date (RFC 9110), or Calendly's
        `X-RateLimit-Reset` in seconds."""
        for name in ("Retry-After", "X-RateLimit-Reset"):
            text = headers.get(name, "").strip()
            if text.isascii() and text.isdecimal():
                return float(text[:12])
            if name == "Retry-After" and text:
                try:
                    at = parsedate_to_datetime(text)
                except ValueError:
                    continue
                at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
                return max(0.0, (at - datetime.fromtimestamp(self._now(), UTC)).total_seconds())
        return None

    def _refused(self, status: int) -> VendorRefused:
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            return VendorRefused("vendor_forbids", status, host=self._host)
        return VendorRefused("vendor_refuses", status, host=self._host)
