"""Sign-in with OpenID Connect: to the provider, and back with sessions (code flow with PKCE, state and nonce).

What ties both ends together is in a sealed cookie of ten minutes that the provider's redirect back brings along:
SameSite=Lax. The cookies of sessions are Strict: only calls of the page need them, and these are of the same site.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from crosslook.platform.clock import Clock
from crosslook.platform.logging import get_logger
from crosslook.platform.sealing import SealBroken, SecretSealer
from services.query_service.page.claims import Access, access_of
from services.query_service.page.provider import OpenIdProvider, SignInAttempt, SignInFailed
from services.query_service.page.sessions import SECURE_PREFIX, Session, SessionCookies, cookies_of, set_cookie
from services.query_service.sign_in_settings import SignInSettings

SIGN_IN_PATH = "/api/sign-in"
CALLBACK_PATH = f"{SIGN_IN_PATH}/callback"
ATTEMPT_COOKIE = "crosslook-sign-in."
"""What the name of an attempt's cookie begins with; the begin of its state follows, so that several tabs can sign in at
the same time."""
_ATTEMPT_SECONDS = 600
_PLACE = "sign-in"
_RETURN_MAX = 2000
_RETURN = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_STATE = re.compile(r"[A-Za-z0-9_-]{32,64}")
_LOG = get_logger(__name__)


class SignIn:
    """The two ends of a sign-in."""

    def __init__(
        self,
        settings: SignInSettings,
        provider: OpenIdProvider,
        sealer: SecretSealer,
        cookies: SessionCookies,
        clock: Clock,
        *,
        seconds: int,
        secure: bool,
    ) -> None:
        self._settings = settings
        self._provider = provider
        self._sealer = sealer
        self._cookies = cookies
        self._clock = clock
        self._lifetime = timedelta(seconds=seconds)
        self._secure = secure

    async def begin(self, return_to: str) -> Response:
        """The way to the provider, with the cookie of this attempt."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        attempt = SignInAttempt(state, nonce, verifier, inside(return_to))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        try:
            url = await self._provider.sign_in_url(attempt, challenge)
        except SignInFailed as failure:
            return self._refused("failed", attempt.return_to, str(failure))
        expires = int(self._clock.now().timestamp()) + _ATTEMPT_SECONDS
        sealed = self._sealer.seal(orjson.dumps({**asdict(attempt), "exp": expires}).decode(), _PLACE, state)
        cookie = self._attempt_cookie(state, sealed, _ATTEMPT_SECONDS)
        return RedirectResponse(url, 302, {"Set-Cookie": cookie})

    async def end(self, request: Request) -> Response:
        """The way back into the page, with the sessions that the provider's answer gives; every refusal leads to
        `/sign-in?error=…`."""
        answer = request.query_params
        state = answer.get("state", "")
        attempt = self._attempt(request, state)
        if attempt is None:
            return self._refused("expired", "/", "no attempt of this browser has this state")
        response = await self._answered(answer.get("error"), answer.get("code"), answer.get("iss"), attempt)
        response.headers.append("Set-Cookie", self._attempt_cookie(state, "", 0))
        return response

    async def _answered(
        self, error: str | None, code: str | None, issuer: str | None, attempt: SignInAttempt
    ) -> Response:
        if error is not None or code is None:
            return self._refused("denied" if error == "access_denied" else "failed", attempt.return_to, error or "")
        try:
            claims = await self._provider.claims(code, issuer, attempt)
        except SignInFailed as failure:
            return self._refused("failed", attempt.return_to, str(failure))
        access = access_of(claims, self._settings)
        if access is None:
            return self._refused("no_access", attempt.return_to, "the claims give no tenant or no scope")
        response = RedirectResponse(attempt.return_to, 303)
        for session in self._sessions(access):
            response.headers.append("Set-Cookie", self._cookies.set(session, session.issued_at))
        return response

    def _sessions(self, access: Access) -> Iterator[Session]:
        now = self._clock.now().replace(microsecond=0)
        for tenant in access.tenants:
            yield Session(tenant, access.subject, access.name, access.scopes, now, now + self._lifetime)

    def _attempt(self, request: Request, state: str) -> SignInAttempt | None:
        if _STATE.fullmatch(state) is None:
            return None
        sealed = cookies_of(request.scope["headers"]).get(self._cookie_name(state), "")
        try:
            kept = orjson.loads(self._sealer.open(sealed, _PLACE, state))
        except SealBroken:
            return None
        if kept.pop("exp") <= self._clock.now().timestamp():
            return None
        return SignInAttempt(**kept)

    def _refused(self, code: str, return_to: str, reason: str) -> Response:
        _LOG.warning("sign_in_refused", code=code, reason=reason[:200])
        return RedirectResponse(f"/sign-in?{urlencode({'error': code, 'return_to': return_to})}", 303)

    def _attempt_cookie(self, state: str, value: str, seconds: int) -> str:
        return set_cookie(self._cookie_name(state), value, SIGN_IN_PATH, "Lax", seconds, secure=self._secure)

    def _cookie_name(self, state: str) -> str:
        return f"{SECURE_PREFIX if self._secure else ''}{ATTEMPT_COOKIE}{state[:16]}"


def sign_in_router(sign_in: SignIn) -> APIRouter:
    """`/api/sign-in` and the address that the provider redirects to."""
    router = APIRouter(include_in_schema=False)

    @router.get(SIGN_IN_PATH)
    async def begin(return_to: str = "/") -> Response:
        return await sign_in.begin(return_to)

    @router.get(CALLBACK_PATH)
    async def end(request: Request) -> Response:
        return await sign_in.end(request)

    return router


def inside(return_to: str) -> str:
    """The path within the page that a person returns to; `/` for everything that may lead out of it."""
    good = len(return_to) <= _RETURN_MAX and _RETURN.fullmatch(return_to) is not None
    return return_to if good and not return_to.startswith("/api/") else "/"
