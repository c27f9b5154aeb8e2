"""Which sessions a request has."""

from collections.abc import Callable, Iterator

from fastapi import Request

from crosslook.contracts.problems import Problem
from crosslook.platform.auth import ANY_TENANT
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError
from services.query_service.page.bearer import SessionTokens
from services.query_service.page.rules import not_from_page
from services.query_service.page.sessions import Session, SessionCookies, cookies_of, everyone

Sessions = Callable[[Request], Iterator[Session]]


class SessionReader:
    """Finds the sessions of a request in its cookies; with `open_seconds`, every request has the session of everyone,
    because authentication is off."""

    def __init__(
        self, cookies: SessionCookies, tokens: SessionTokens, clock: Clock, open_seconds: int | None = None
    ) -> None:
        self._cookies = cookies
        self._tokens = tokens
        self._clock = clock
        self._open_seconds = open_seconds

    def all(self, request: Request) -> Iterator[Session]:
        """Every session that has not expired, by tenant."""
        now = self._clock.now()
        if self._open_seconds is not None:
            yield everyone(now, self._open_seconds)
            return
        yield from self._cookies.all(cookies_of(request.scope["headers"]), now)

    def token(self, request: Request, tenant: str) -> str | None:
        """The bearer token of the session for a tenant; None where the services need none.

        Raises AppError `session_expired` (401) without such a session."""
        now = self._clock.now()
        if self._open_seconds is not None:
            return self._tokens.token(everyone(now, self._open_seconds))
        session = self._cookies.find(cookies_of(request.scope["headers"]), tenant, now)
        if session is None:
            raise AppError(Problem("session_expired"), status=401, headers={"WWW-Authenticate": "Session"})
        if session.tenant != ANY_TENANT:
            # In whose language refusals are.
            request.state.tenant = session.tenant
        return self._tokens.token(session)

    def clearing(self, tenant: str) -> str:
        """The Set-Cookie header that ends the session for a tenant. Raises AppError `not_from_page` (403) for what is
        not the name of one."""
        try:
            return self._cookies.clear(tenant)
        except ValueError:
            raise not_from_page() from None
