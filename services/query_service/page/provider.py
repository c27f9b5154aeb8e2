"""An OpenID provider, seen by the page: its description, the way to its sign-in, and who somebody is.

OpenID Connect Core 1.0 (code flow), Discovery 1.0, PKCE (RFC 7636), the issuer in answers (RFC 9207).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
import jwt
from fastapi.concurrency import run_in_threadpool

from crosslook.platform.errors import AppError
from crosslook.platform.signing_keys import SigningKeys, parse_keys
from services.query_service.page.claims import Claims, claim_at
from services.query_service.sign_in_settings import SignInSettings

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Of ID tokens: asymmetric ones only, so that the client secret signs nothing."""
_KEPT_SECONDS = 3600.0
_SECONDS = 10.0
_KEYS_SECONDS = 5.0
_AHEAD_SECONDS = 30
_REQUIRED = ["iss", "aud", "exp", "iat", "sub", "nonce"]


class SignInFailed(Exception):
    """The provider does not answer, or not as OpenID Connect demands. The text is for operators."""


@dataclass(frozen=True, slots=True)
class SignInAttempt:
    """What ties the answer of the provider to the browser that began: secrets that only its cookie holds."""

    state: str
    nonce: str
    verifier: str
    return_to: str


@dataclass(frozen=True, slots=True)
class _Provider:
    """What the provider says of itself."""

    authorization: str
    token: str
    userinfo: str | None
    secret_in_body: bool
    names_issuer: bool
    keys: SigningKeys


class OpenIdProvider:
    """The provider of the settings. `redirect_uri`: where it sends people back to. `http`: another client for tests."""

    def __init__(
        self,
        settings: SignInSettings,
        redirect_uri: str,
        http: httpx.AsyncClient | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._secret = settings.read_secret()
        self._redirect_uri = redirect_uri
        self._http = http or httpx.AsyncClient(timeout=_SECONDS, trust_env=True)
        self._monotonic = monotonic
        self._known: tuple[float, _Provider] | None = None

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def sign_in_url(self, attempt: SignInAttempt, challenge: str) -> str:
        """Where a browser goes to sign in. `challenge`: the S256 hash of the attempt's verifier.

        Raises SignInFailed."""
        provider = await self._description()
        parameters = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": " ".join(self._settings.scopes),
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{provider.authorization}{'&' if '?' in provider.authorization else '?'}{urlencode(parameters)}"

    async def claims(self, code: str, issuer: str | None, attempt: SignInAttempt) -> Claims:
        """The verified claims of who signed in: those of the ID token, with those of the UserInfo endpoint where the ID
        token lacks the tenant or the scopes. `issuer`: as the provider's answer named it. Raises SignInFailed."""
        provider = await self._description()
        if issuer != self._settings.issuer and (issuer is not None or provider.names_issuer):
            raise SignInFailed("the answer names another issuer")
        tokens = await self._tokens(provider, code, attempt)
        claims = await self._verified(provider, tokens.get("id_token"), attempt.nonce)
        wanted = (self._settings.tenant_claim, self._settings.scope_claim)
        if provider.userinfo is None or all(claim_at(claims, path) is not None for path in wanted):
            return claims
        return {**await self._userinfo(provider.userinfo, tokens, claims["sub"]), **claims}

    async def _tokens(self, provider: _Provider, code: str, attempt: SignInAttempt) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": attempt.verifier,
        }
        client_id, auth = self._settings.client_id, None
        if self._secret and not provider.secret_in_body:
            auth = httpx.BasicAuth(quote_plus(client_id), quote_plus(self._secret))
        else:
            form |= {"client_id": client_id} | ({"client_secret": self._secret} if self._secret else {})
        return await self._json(httpx.Request("POST", provider.token, data=form), auth)

    async def _verified(self, provider: _Provider, id_token: Any, nonce: str) -> Claims:
        if not isinstance(id_token, str):
            raise SignInFailed("there is no ID token")
        client_id = self._settings.client_id
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                await run_in_threadpool(provider.keys.key_of, id_token),
                algorithms=list(ALGORITHMS),
                issuer=self._settings.issuer,
                audience=client_id,
                leeway=_AHEAD_SECONDS,
                options={"require": _REQUIRED},
            )
        except (jwt.PyJWTError, AppError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise SignInFailed(f"the ID token is not valid: {type(error).__name__}") from None
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else client_id) != client_id:
            raise SignInFailed("the ID token is for another client")
        if not compare_digest(str(claims["nonce"]), nonce):
            raise SignInFailed("the ID token is of another sign-in")
        return claims

    async def _userinfo(self, url: str, tokens: dict[str, Any], subject: str) -> Claims:
        bearer = {"Authorization": f"Bearer {tokens.get('access_token')}"}
        found = await self._json(httpx.Request("GET", url, headers=bearer))
        if found.get("sub") != subject:
            raise SignInFailed("the UserInfo endpoint answers about another person")
        return found

    async def _description(self) -> _Provider:
        """What the provider says of itself, at most an hour old."""
        if self._known is None or self._monotonic() - self._known[0] >= _KEPT_SECONDS:
            found = await self._json(httpx.Request("GET", self._settings.configuration_url))
            if found.get("issuer") != self._settings.issuer:
                raise SignInFailed("the OpenID configuration is of another issuer")
            self._known = (self._monotonic(), _provider(found))
        return self._known[1]

    async def _json(self, request: httpx.Request, auth: httpx.Auth | None = None) -> dict[str, Any]:
        place = f"{request.url.host}{request.url.path}"
        request.headers.setdefault("Accept", "application/json")
        try:
            response = await self._http.send(request, auth=auth)
            body = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SignInFailed(f"{place}: {type(error).__name__}") from None
        if response.status_code != httpx.codes.OK or not isinstance(body, dict):
            reason = str(body.get("error", ""))[:100] if isinstance(body, dict) else ""
            raise SignInFailed(f"{place}: {response.status_code} {reason}".strip())
        return body


def _provider(found: dict[str, Any]) -> _Provider:
    methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    keys_url = _endpoint(found, "jwks_uri")
    client = jwt.PyJWKClient(keys_url, cache_jwk_set=False, timeout=_KEYS_SECONDS)
    return _Provider(
        authorization=_endpoint(found, "authorization_endpoint"),
        token=_endpoint(found, "token_endpoint"),
        userinfo=_endpoint(found, "userinfo_endpoint") if found.get("userinfo_endpoint") else None,
        secret_in_body="client_secret_basic" not in methods,
        names_issuer=found.get("authorization_response_iss_parameter_supported") is True,
        keys=SigningKeys(lambda: parse_keys(client.fetch_data()), _KEPT_SECONDS),
    )


def _endpoint(found: dict[str, Any], name: str) -> str:
    url = found.get(name)
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise SignInFailed(f"the OpenID configuration has no {name}")
    return url
