"""The tokens with which calls of a session reach the services: signed here, short-lived, and made once a minute."""

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

from cachetools import TTLCache

from crosslook.platform.clock import Clock
from crosslook.platform.settings import AuthSettings
from crosslook.platform.token_signing import TokenSigner
from services.query_service.page.sessions import Session

TOKEN_LIFETIME = timedelta(minutes=5)
_KEPT_SECONDS = 60
_MOST_KEPT = 10_000


class SessionTokens:
    """Makes a bearer token for a session, and keeps it for a minute. Without a signer, there is none to make: the
    services accept every call."""

    def __init__(
        self,
        signer: TokenSigner | None,
        auth: AuthSettings,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._signer = signer
        self._auth = auth
        self._clock = clock
        self._kept: TTLCache[Session, str] = TTLCache(_MOST_KEPT, _KEPT_SECONDS, monotonic)

    def token(self, session: Session) -> str | None:
        """The token: it has the tenant and the scopes of the session, and never outlives it."""
        if self._signer is None:
            return None
        kept = self._kept.get(session)
        if kept is None:
            kept = self._kept[session] = self._made(session, self._signer)
        return kept

    def _made(self, session: Session, signer: TokenSigner) -> str:
        now = self._clock.now()
        return signer.sign(
            {
                "iss": self._auth.issuer,
                "aud": self._auth.audience,
                "sub": session.subject,
                "jti": uuid.uuid4().hex,
                "iat": now,
                "exp": min(now + TOKEN_LIFETIME, session.expires_at),
                "tenant": session.tenant,
                "scope": " ".join(session.scopes),
            }
        )
