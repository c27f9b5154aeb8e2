"""Sessions of the page: sealed cookies, one for each tenant, so that two tenants can be open in two windows.

Nothing of a session is stored here: its cookie holds all of it, encrypted with keys that all replicas share.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from crosslook.platform.auth import ANY_TENANT, EVERYONE, SCOPES
from crosslook.platform.sealing import SealBroken, SecretSealer

SESSION_COOKIE: Final = "crosslook-session."
"""What the name of each session's cookie begins with; the tenant follows."""
API_PATH: Final = "/api"
SECURE_PREFIX: Final = "__Secure-"
"""Of cookies that browsers take and send over https only."""
_PLACE: Final = "session"
_NAME: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in: for a tenant, or for `*`, with these scopes, until `expires_at`."""

    tenant: str
    subject: str
    name: str | None
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime


def everyone(now: datetime, seconds: int) -> Session:
    """The session of every visitor where authentication is off."""
    until = now + timedelta(seconds=seconds)
    return Session(ANY_TENANT, EVERYONE.subject, None, SCOPES, now, until)


class SessionCookies:
    """Makes and reads the cookies of sessions. `secure`: whether browsers send them over https only."""

    def __init__(self, sealer: SecretSealer, *, secure: bool) -> None:
        self._sealer = sealer
        self._secure = secure

    def name_of(self, tenant: str) -> str:
        """The name of a tenant's cookie."""
        return f"{SECURE_PREFIX if self._secure else ''}{SESSION_COOKIE}{tenant}"

    def find(self, cookies: Mapping[str, str], tenant: str, now: datetime) -> Session | None:
        """The session for a tenant; None without one, with an expired one, and where its cookie was not sealed for this
        tenant."""
        sealed = cookies.get(self.name_of(tenant))
        session = self._opened(sealed, tenant) if sealed is not None else None
        return session if session is not None and session.expires_at > now else None

    def all(self, cookies: Mapping[str, str], now: datetime) -> Iterator[Session]:
        """The sessions of a browser, by tenant."""
        prefix = self.name_of("")
        for tenant in sorted(name.removeprefix(prefix) for name in cookies if name.startswith(prefix)):
            session = self.find(cookies, tenant, now)
            if session is not None:
                yield session

    def set(self, session: Session, now: datetime) -> str:
        """The Set-Cookie header that starts a session."""
        content = {
            "sub": session.subject,
            "name": session.name,
            "scopes": session.scopes,
            "iat": int(session.issued_at.timestamp()),
            "exp": int(session.expires_at.timestamp()),
        }
        sealed = self._sealer.seal(orjson.dumps(content).decode(), _PLACE, session.tenant)
        seconds = int((session.expires_at - now).total_seconds())
        return set_cookie(self.name_of(session.tenant), sealed, API_PATH, "Strict", seconds, secure=self._secure)

    def clear(self, tenant: str) -> str:
        """The Set-Cookie header that ends a session."""
        return set_cookie(self.name_of(tenant), "", API_PATH, "Strict", 0, secure=self._secure)

    def _opened(self, sealed: str, tenant: str) -> Session | None:
        try:
            content = orjson.loads(self._sealer.open(sealed, _PLACE, tenant))
            instants = (datetime.fromtimestamp(content[name], UTC) for name in ("iat", "exp"))
            return Session(tenant, content["sub"], content["name"], tuple(content["scopes"]), *instants)
        except (SealBroken, ValueError, KeyError, TypeError):
            return None


def set_cookie(name: str, value: str, path: str, same_site: str, seconds: int, *, secure: bool) -> str:
    """A Set-Cookie header for a cookie that scripts cannot read. `seconds` 0 removes it. Raises ValueError for what is
    not a name."""
    if _NAME.fullmatch(name) is None:
        raise ValueError("not the name of a cookie")
    ending = "; Secure" if secure else ""
    return f"{name}={value}; Max-Age={seconds}; Path={path}; HttpOnly; SameSite={same_site}{ending}"


def cookies_of(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The cookies in the raw headers of a request."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie":
            for pair in value.decode("latin-1").split(";"):
                key, equals, content = pair.strip().partition("=")
                if equals:
                    found.setdefault(key, content)
    return found
