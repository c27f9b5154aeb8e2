"""The HTTP client of the `crosslook` command; errors become sentences for the terminal."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Any, Self

import httpx

from crosslook.contracts import exact_json
from crosslook.contracts.problems import Language
from crosslook.local.messages import CommandRefused

_TIMEOUT = httpx.Timeout(120, connect=5)
_SOON_SECONDS = 0.2
_RESTART_SECONDS = 60.0
"""How long a service that does not answer at all may take to be there again."""
_PATIENT = httpx.Timeout(None, connect=5)


class ApiError(CommandRefused):
    """A service refused a call, or did not answer."""


class Later(ApiError):
    """A service that cannot answer now: it may in `seconds`. `said`: whether it said so itself."""

    def __init__(self, key: str, seconds: float, *, said: bool, **values: str | int) -> None:
        super().__init__(key, **values)
        self.seconds = seconds
        self.said = said


class Api:
    """One service with one token; its refusals come in the language asked for. Use as `async with`."""

    def __init__(
        self, base_url: str, token: str, language: Language = "en", transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self._client = httpx.AsyncClient(
            base_url=base_url, headers=headers, timeout=_TIMEOUT, trust_env=False, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, *, missing_ok: bool = False) -> Any:
        """The JSON at a path; None for a 404 where that is expected. Raises ApiError."""
        return await self._answer("GET", path, missing_ok=missing_ok)

    async def send(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, *, patient: bool = False
    ) -> Any:
        """The JSON answer of a write; `patient`: however long it takes. Raises ApiError."""
        timeout = _PATIENT if patient else _TIMEOUT
        return await self._answer(method, path, **_body(body, headers), timeout=timeout)

    async def send_bytes(self, method: str, path: str, content: bytes, media_type: str = "application/json") -> Any:
        """The JSON answer of a write whose body is sent as it is. Raises ApiError."""
        return await self._answer(method, path, content=content, headers={"Content-Type": media_type}, timeout=_PATIENT)

    async def upload(self, path: str, content: AsyncIterator[bytes], kind: str) -> Any:
        """The JSON answer to a body that is sent piece by piece, however long it takes. Raises ApiError."""
        return await self._answer("POST", path, content=content, headers={"Content-Type": kind}, timeout=_PATIENT)

    async def download(self, path: str, body: Any, accept: str, write: Callable[[bytes], object]) -> httpx.Headers:
        """Give the pieces of an answer in some format to `write` as they come; answers its headers. Raises ApiError,
        also midway: what came by then is not the whole."""
        try:
            async with self._client.stream(
                "POST", path, **_body(body, {"Accept": accept}), timeout=_PATIENT
            ) as response:
                if response.is_error:
                    await response.aread()
                    raise ApiError("service_refused", text=problem_text(response))
                async for piece in response.aiter_bytes():
                    write(piece)
                return response.headers
        except httpx.HTTPError as error:
            raise ApiError("service_silent", **self._silence(error)) from error

    async def _answer(self, method: str, path: str, *, missing_ok: bool = False, **options: Any) -> Any:
        try:
            response = await self._client.request(method, path, **options)
        except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
            raise Later("service_silent", _SOON_SECONDS, said=False, **self._silence(error)) from error
        except httpx.HTTPError as error:
            raise ApiError("service_silent", **self._silence(error)) from error
        if missing_ok and response.status_code == httpx.codes.NOT_FOUND:
            return None
        if response.is_error:
            raise _refused(response)
        return response.json() if response.content else None

    def _silence(self, error: httpx.HTTPError) -> dict[str, str]:
        return {"url": str(self._client.base_url), "reason": type(error).__name__}


def _refused(response: httpx.Response) -> ApiError:
    """What an answer that says no is told as. Other 503 than `unavailable` last until somebody does something; a rate
    that is used up comes back, and the call that works on the same import ends."""
    text, after = problem_text(response), response.headers.get("Retry-After", "")
    away = response.status_code == httpx.codes.SERVICE_UNAVAILABLE and text.startswith("unavailable")
    if after.isdecimal() and (away or response.status_code == httpx.codes.TOO_MANY_REQUESTS):
        return Later("service_refused", max(int(after), _SOON_SECONDS), said=True, text=text)
    if text.startswith("import_running"):
        return Later("service_refused", _SOON_SECONDS, said=True, text=text)
    return ApiError("service_refused", text=text)


def _body(body: Any, headers: dict[str, str] | None) -> dict[str, Any]:
    """A body as the client takes it, with the digits that its numbers were read with."""
    if body is None:
        return {"headers": headers}
    return {"content": exact_json.dumps(body), "headers": {"Content-Type": "application/json", **(headers or {})}}


def problem_text(response: httpx.Response) -> str:
    """A problem document as lines for the terminal: what, then each place."""
    try:
        body = response.json()
    except ValueError:
        return f"{response.request.method} {response.request.url.path}: HTTP {response.status_code}"
    lines = [f"{body.get('code', response.status_code)}: {body.get('detail', '')}"]
    for error in body.get("errors", []):
        hint = f" → {error['suggestion']}" if error.get("suggestion") else ""
        lines.append(f"  {error['pointer'] or '/'} {error['code']}: {error['message']}{hint}")
    return "\n".join(lines)


async def patiently(call: Callable[[], Awaitable[Any]], deadline: float) -> Any:
    """What a call that may be repeated answers, asked again while the service says that it will answer later, or does
    not answer for a moment. `deadline`: an instant of the monotonic clock. Raises ApiError."""
    silent_until = min(deadline, time.monotonic() + _RESTART_SECONDS)
    while True:
        try:
            return await call()
        except Later as error:
            if time.monotonic() + error.seconds > (deadline if error.said else silent_until):
                raise
            await asyncio.sleep(error.seconds)


async def refresh_and_wait(
    api: Api, progress: Callable[[dict[str, Any]], None], timeout_seconds: float = 900
) -> dict[str, Any]:
    """Ask for a refresh and follow its run to the end; answers the run, which covers the request: a run that was under
    way with an older watermark is waited for, and then another one is asked for. A service that is away for a moment is
    asked again. Raises ApiError when the run fails or is late."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        run: dict[str, Any] = await patiently(lambda: api.send("POST", "/v1/snapshots"), deadline)
        covers = run.get("covers_request", True)
        while run["state"] not in ("published", "failed"):
            if time.monotonic() > deadline:
                raise ApiError("run_late", run=run["run"], state=run["state"], seconds=round(timeout_seconds))
            await asyncio.sleep(0.2)
            path = f"/v1/runs/{run['run']}"
            run = await patiently(partial(api.get, path), deadline)
            progress(run)
        if covers and run["state"] == "failed":
            raise ApiError("run_failed", run=run["run"], reason=str(run["reason"]))
        if covers:
            return run
