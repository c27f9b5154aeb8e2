"""Who may call: bearer tokens, scopes, tenants (CONTRACTS 1).

Verification follows RFC 8725: an explicit list of asymmetric algorithms, required claims, keys from a file or a JWKS
URL that we are configured with, never from the token.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import jwt
from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from crosslook.platform.clock import epoch_ms
from crosslook.platform.errors import Forbidden, NotFound, OperatorsOnly, Unauthenticated
from crosslook.platform.parameters import known_parameters
from crosslook.platform.settings import AuthSettings
from crosslook.platform.signing_keys import SigningKeys, signing_keys

SCOPES = (
    "schemas:read",
    "schemas:write",
    "records:read",
    "records:write",
    "reports:read",
    "reports:write",
    "ops",
)
ANY_TENANT = "*"
_REQUIRED = ["iss", "aud", "exp", "iat", "sub"]
_AHEAD_SECONDS = 30
_MOST_KNOWN = 10_000
"""How many verified tokens are known at the most: checking a signature costs more than most answers."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller: a tenant (or `*`, an operator) and its permissions."""

    tenant: str
    scopes: frozenset[str]
    subject: str

    @property
    def reads_records(self) -> bool:
        """Whether this caller may read the fields of records that are marked personal."""
        return "records:read" in self.scopes

    def may_see(self, tenant: str) -> bool:
        """Whether this caller may see the tenant's data."""
        return self.tenant in (ANY_TENANT, tenant)


EVERYONE = Principal(ANY_TENANT, frozenset(SCOPES), "anonymous")
"""Who calls when authentication is off, which settings allow on loopback only."""


class Verifier(Protocol):
    """Turns a token into a principal."""

    def verify(self, token: str) -> Principal:
        """Raises Unauthenticated for anything but a good token. May block."""

    def known(self, token: str) -> Principal | None:
        """The token's principal if it was verified within the last minute; None if it must be verified."""


@dataclass(frozen=True, slots=True)
class _Verified:
    """Whose token it is, the epoch millisecond it expires at, and the monotonic second until which it is known."""

    caller: Principal
    expires_ms: int
    known_until: float


class JwtVerifier:
    """Checks signature, issuer, audience, times and claims of a JWT."""

    def __init__(
        self, settings: AuthSettings, keys: SigningKeys, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._monotonic = monotonic
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    def known(self, token: str) -> Principal | None:
        """As Verifier.known: never beyond the token's expiry, nor for longer than its key is trusted unseen."""
        found = self._verified.get(_digest(token))
        if found is None or epoch_ms() >= found.expires_ms or self._monotonic() >= found.known_until:
            return None
        return found.caller

    def verify(self, token: str) -> Principal:
        """As Verifier.verify. An issuer's clock may be 30 seconds ahead; an expiry is an expiry.

        Raises Unavailable when there are no keys to check with: that is not the caller's fault.
        """
        principal, expiry = self._read(token)
        known_until = self._monotonic() + self._keys.trusted_for()
        self._verified[_digest(token)] = _Verified(principal, expiry, known_until)
        while len(self._verified) > _MOST_KNOWN:
            self._verified.popitem(last=False)
        return principal

    def _read(self, token: str) -> tuple[Principal, int]:
        """Whose token it is, and the millisecond it expires at."""
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token,
                self._keys.key_of(token),
                algorithms=list(self._settings.algorithms),
                issuer=self._settings.issuer,
                audience=self._settings.audience,
                leeway=_AHEAD_SECONDS,
                options={"require": _REQUIRED},
            )
            expiry = int(claims["exp"]) * 1000
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError):
            # The last four: what json and int make of a header or claim that somebody crafted.
            raise Unauthenticated from None
        tenant, scope = claims.get("tenant"), claims.get("scope", "")
        if expiry <= epoch_ms() or not isinstance(tenant, str) or not tenant or not isinstance(scope, str):
            raise Unauthenticated
        return Principal(tenant, frozenset(scope.split()), str(claims["sub"])), expiry


class NoVerifier:
    """Accepts every caller, on loopback."""

    def verify(self, token: str) -> Principal:
        """Accept every token."""
        return EVERYONE

    def known(self, token: str) -> Principal | None:
        """Every token is known."""
        return EVERYONE


def verifier(settings: AuthSettings) -> Verifier:
    """The verifier that the settings ask for. Raises StopService when they name no keys that can be used."""
    return NoVerifier() if settings.mode == "off" else JwtVerifier(settings, signing_keys(settings))


def _digest(token: str) -> bytes:
    # Never the token itself: what lies in memory opens no door.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class Authorization:
    """A FastAPI dependency: the caller of a route, who has the scope, or one of the `others`, and may see the path's
    `{tenant}`.

    With `operators_only` the caller must be an operator of the whole installation (tenant `*`): every route without a
    `{tenant}` in its path needs that, because it concerns all tenants (CONTRACTS 4).
    It refuses query parameters that the route does not declare, once it is clear that the caller may call.
    """

    scope: str
    operators_only: bool = False
    others: tuple[str, ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of which a caller needs one."""
        return self.scope, *self.others

    async def __call__(self, request: Request) -> Principal:
        """Raises Unauthenticated (401), Forbidden (403), NotFound (404) for anything of another tenant,
        OperatorsOnly (403), and Invalid (422) for unknown query parameters."""
        caller = await self._caller(request)
        # In whose language sentences are (`language_of`): never in that of a tenant that the caller may not see.
        request.state.tenant = caller.tenant if caller.tenant != ANY_TENANT else None
        if caller.scopes.isdisjoint(self.scopes):
            raise Forbidden(self.scope)
        tenant = request.path_params.get("tenant")
        if tenant is not None and not caller.may_see(tenant):
            raise NotFound
        if self.operators_only and caller.tenant != ANY_TENANT:
            raise OperatorsOnly
        request.state.tenant = tenant or request.state.tenant
        await known_parameters(request)
        return caller

    async def _caller(self, request: Request) -> Principal:
        verifying: Verifier = request.app.state.verifier
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if not isinstance(verifying, NoVerifier) and (kind.lower() != "bearer" or not token):
            raise Unauthenticated
        known = verifying.known(token.strip())
        return known if known is not None else await run_in_threadpool(verifying.verify, token.strip())


def authorize(scope: str, *others: str) -> Authorization:
    """The dependency of a route with `{tenant}` in its path: a caller with the scope, or one of the others, who may see
    that tenant."""
    return Authorization(scope, others=others)


ReportsCaller = Annotated[Principal, Depends(Authorization("reports:read"))]
"""The caller of a route that answers reports."""

OpsCaller = Annotated[Principal, Depends(Authorization("ops", operators_only=True))]
"""The caller of a route for operators of the whole installation: scope `ops`, tenant `*`."""
