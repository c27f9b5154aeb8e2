"""Who may call: bearer tokens, scopes, tenants (CONTRACTS 1).

Verification follows RFC 8725: an explicit list of asymmetric algorithms, required claims, keys from a file or a JWKS
URL that we are configured with, never from the token.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import jwt
from fastapi import Request

from crosslook.platform.clock import epoch_ms
from crosslook.platform.errors import Forbidden, NotFound, Unauthenticated, Unavailable
from crosslook.platform.settings import AuthSettings

SCOPES = ("schemas:read", "schemas:write", "records:write", "reports:read", "reports:write", "ops")
ANY_TENANT = "*"
_REQUIRED = ["iss", "aud", "exp", "iat", "sub"]
_AHEAD_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: a tenant (or `*`, an operator) and what it may do."""

    tenant: str
    scopes: frozenset[str]
    subject: str

    def may_see(self, tenant: str) -> bool:
        """Whether the tenant's things exist for this caller."""
        return self.tenant in (ANY_TENANT, tenant)


EVERYONE = Principal(ANY_TENANT, frozenset(SCOPES), "anonymous")
"""Who calls when authentication is off, which settings allow on loopback only."""


class Verifier(Protocol):
    """Turns a token into a principal."""

    def verify(self, token: str) -> Principal:
        """Raises Unauthenticated for anything but a good token."""


class _KeyOfToken(Protocol):
    def __call__(self, token: str) -> jwt.PyJWK: ...


class JwtVerifier:
    """Checks signature, issuer, audience, times and claims of a JWT."""

    def __init__(self, settings: AuthSettings) -> None:
        self._settings = settings
        self._key_of: _KeyOfToken = _key_source(settings)

    def verify(self, token: str) -> Principal:
        """As Verifier.verify. An issuer's clock may be 30 seconds ahead; an expiry is an expiry.

        Raises Unavailable when the keys cannot be fetched: that is not the caller's fault.
        """
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._key_of(token),
                algorithms=list(self._settings.algorithms),
                issuer=self._settings.issuer,
                audience=self._settings.audience,
                leeway=_AHEAD_SECONDS,
                options={"require": _REQUIRED},
            )
            expired = int(claims["exp"]) * 1000 <= epoch_ms()
        except jwt.PyJWKClientConnectionError:
            raise Unavailable("signing_keys") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            # The last four: what json and int make of a header or claim that somebody crafted.
            raise Unauthenticated from None
        tenant, scope = claims.get("tenant"), claims.get("scope", "")
        if expired or not isinstance(tenant, str) or not tenant or not isinstance(scope, str):
            raise Unauthenticated
        return Principal(tenant, frozenset(scope.split()), str(claims["sub"]))


class NoVerifier:
    """Lets everyone in, on loopback."""

    def verify(self, token: str) -> Principal:
        """Everyone may do everything."""
        return EVERYONE


def verifier(settings: AuthSettings) -> Verifier:
    """The verifier that the settings ask for. Raises ValueError when they name no keys."""
    return NoVerifier() if settings.mode == "off" else JwtVerifier(settings)


def _key_source(settings: AuthSettings) -> _KeyOfToken:
    if settings.jwks_url:
        client = jwt.PyJWKClient(settings.jwks_url, cache_keys=True, lifespan=300, timeout=5)
        return client.get_signing_key_from_jwt
    if settings.jwks_file is None:
        raise ValueError("CROSSLOOK_AUTH__JWKS_FILE or CROSSLOOK_AUTH__JWKS_URL must name the keys that sign tokens")
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(json.loads(settings.jwks_file.read_text())).keys}

    def key_of(token: str) -> jwt.PyJWK:
        key = keys.get(jwt.get_unverified_header(token).get("kid"))
        if key is None:
            raise jwt.InvalidKeyError("unknown key id")
        return key

    return key_of


def authorize(scope: str) -> Callable[[Request], Principal]:
    """A FastAPI dependency: the caller, who has the scope and sees the path's `{tenant}`.

    Raises Unauthenticated (401), Forbidden (403), NotFound (404) for another tenant's anything.
    """

    def principal(request: Request) -> Principal:
        checked: Verifier = request.app.state.verifier
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if not isinstance(checked, NoVerifier) and (kind.lower() != "bearer" or not token):
            raise Unauthenticated
        caller = checked.verify(token.strip())
        if scope not in caller.scopes:
            raise Forbidden(scope)
        tenant = request.path_params.get("tenant")
        if tenant is not None and not caller.may_see(tenant):
            raise NotFound
        return caller

    return principal
