"""Exchanges the code of a sign-in link for a session, once: its use is claimed in the reports log."""

import asyncio
import contextlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from crosslook.contracts.ids import TENANT
from crosslook.contracts.problems import Problem
from crosslook.contracts.sign_in import CODE_AUDIENCE, CODE_SECONDS, SIGN_IN_PREFIX, UsedSignInCode
from crosslook.platform.auth import ANY_TENANT, SCOPES
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError
from crosslook.platform.log_store.protocol import LogChange, LogError, LogStore, VersionMismatch
from crosslook.platform.settings import AuthSettings
from crosslook.platform.token_signing import TokenSigner
from services.query_service.page.sessions import Session

_CLAIMS = ["iss", "aud", "exp", "iat", "sub", "jti"]
_ID = re.compile(r"[0-9A-Za-z_-]{16,64}")
_AHEAD_SECONDS = 5
_KEPT_LONGER = timedelta(minutes=15)
"""A claim stays so much longer than its code is valid: the clock of another replica may be late."""
_MOST_REMOVED = 50


class SignInCodes:
    """The codes that this installation's key has signed. Each is valid once, whichever replica it reaches, also after a
    restart."""

    def __init__(self, signer: TokenSigner, auth: AuthSettings, store: LogStore, clock: Clock, seconds: int) -> None:
        self._signer = signer
        self._issuer = auth.issuer
        self._store = store
        self._clock = clock
        self._lifetime = timedelta(seconds=seconds)
        self._used: dict[str, datetime] = {}
        self._removing = asyncio.Lock()
        for entry in store.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        store.on_change(self._apply)

    async def exchange(self, code: str) -> Session:
        """The session that a code stands for: 1. check the code, 2. claim it, 3. remove claims of expired codes.

        A crash after step 2 uses up the code. Raises AppError `sign_in_code_invalid` (401), and what `LogStore.put`
        raises."""
        claims = self._read(code)
        used = UsedSignInCode(id=claims["jti"], expires_at=datetime.fromtimestamp(claims["exp"], UTC))
        try:
            await self._store.put(used.key, used.encode(), expected_version=0)
        except VersionMismatch:
            raise _invalid() from None
        await self._remove_expired()
        now = self._clock.now().replace(microsecond=0)
        scopes = tuple(claims["scope"].split())
        return Session(claims["tenant"], claims["sub"], None, scopes, now, now + self._lifetime)

    def _read(self, code: str) -> dict[str, Any]:
        """The claims of a good code, whether it was used or not."""
        try:
            claims: dict[str, Any] = jwt.decode(
                code,
                self._signer.public,
                algorithms=["EdDSA"],
                issuer=self._issuer,
                audience=CODE_AUDIENCE,
                # By the service's own clock, below.
                options={"require": _CLAIMS, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
            )
            good = _is_good(claims) and self._is_current(claims["iat"], claims["exp"])
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            # All but the first: what a claim of a wrong type leads to.
            raise _invalid() from None
        if not good:
            raise _invalid()
        return claims

    def _is_current(self, issued: float, expires: float) -> bool:
        now = self._clock.now().timestamp()
        return issued - _AHEAD_SECONDS <= now < expires and expires - issued <= CODE_SECONDS

    async def _remove_expired(self) -> None:
        limit = self._clock.now() - _KEPT_LONGER
        # The code is claimed by now: whatever the log cannot do any more is left to the next sign-in.
        with contextlib.suppress(LogError):
            async with self._removing:
                expired = [key for key, expires_at in self._used.items() if expires_at < limit]
                for key in expired[:_MOST_REMOVED]:
                    await self._store.put(key, None)

    def _apply(self, change: LogChange) -> None:
        if not change.key.startswith(SIGN_IN_PREFIX):
            return
        if change.entry is None:
            self._used.pop(change.key, None)
        else:
            self._used[change.key] = UsedSignInCode.decode(change.entry.value).expires_at


def _is_good(claims: dict[str, Any]) -> bool:
    tenant, scopes = claims["tenant"], claims["scope"].split()
    named = tenant == ANY_TENANT or TENANT.match(tenant) is not None
    return named and bool(scopes) and set(scopes) <= set(SCOPES) and _ID.fullmatch(claims["jti"]) is not None


def _invalid() -> AppError:
    return AppError(Problem("sign_in_code_invalid"), status=401)
