"""Bearer tokens: only what our issuer signed for us, now, with an algorithm we chose (CONTRACTS 1, RFC 8725)."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from time import time
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import Request

from crosslook.platform.auth import (
    EVERYONE,
    Authorization,
    JwtVerifier,
    NoVerifier,
    Principal,
    authorize,
    verifier,
)
from crosslook.platform.errors import Forbidden, NotFound, OperatorsOnly, Unauthenticated
from crosslook.platform.settings import AuthSettings
from crosslook.platform.signing_keys import SigningKeys, signing_keys
from tests.helpers.issuer import ED, KEYS, RSA, STRANGER, Stepped, claims, token, unsigned


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> JwtVerifier:
    file = tmp_path_factory.mktemp("keys") / "jwks.json"
    file.write_text(json.dumps(KEYS))
    made = verifier(AuthSettings(jwks_file=file))
    assert isinstance(made, JwtVerifier)
    return made


@pytest.mark.parametrize(("key", "algorithm", "kid"), [(ED, "EdDSA", "ed"), (RSA, "RS256", "rsa")])
def test_a_good_token_names_its_caller(checked: JwtVerifier, key: Any, algorithm: str, kid: str) -> None:
    assert checked.verify(token(key, algorithm, kid)) == Principal(
        "acme", frozenset({"schemas:read", "reports:read"}), "someone"
    )


def test_an_operator_sees_every_tenant_and_a_tenant_only_itself(checked: JwtVerifier) -> None:
    operator = checked.verify(token(tenant="*", scope="ops"))
    assert operator.may_see("acme")
    assert operator.may_see("globex")
    assert not checked.verify(token()).may_see("globex")


@pytest.mark.parametrize("scope", [..., ""])
def test_a_token_without_scopes_is_good_for_nothing_but_good(checked: JwtVerifier, scope: Any) -> None:
    assert checked.verify(token(scope=scope)).scopes == frozenset()


NOW = int(time())
BAD_CLAIMS: dict[str, dict[str, Any]] = {
    "expired": {"exp": NOW - 3600},
    "expired a moment ago": {"exp": NOW - 1},
    "issued in the future": {"iat": NOW + 3600},
    "not valid yet": {"nbf": NOW + 3600},
    "another issuer": {"iss": "somebody"},
    "another audience": {"aud": "elsewhere"},
    "a list of other audiences": {"aud": ["elsewhere"]},
    **{f"no {name}": {name: ...} for name in ("iss", "aud", "exp", "iat", "sub", "tenant")},
    "no text as exp": {"exp": "soon"},
    "an endless exp": {"exp": float("inf")},
    "tenant is no text": {"tenant": ["acme"]},
    "tenant is empty": {"tenant": ""},
    "scope is a list": {"scope": ["ops"]},
    "sub is no text": {"sub": 5},
}


@pytest.mark.parametrize("changes", BAD_CLAIMS.values(), ids=BAD_CLAIMS.keys())
def test_a_token_with_wrong_claims_is_refused(checked: JwtVerifier, changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        checked.verify(token(**changes))


def _confused() -> str:
    """Signed with HMAC, the public key's text as the secret: the classic confusion (CVE-2016-5431)."""
    secret = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body, _ = unsigned({"alg": "HS256", "kid": "rsa"}).split(".")
    signed = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    signature = base64.urlsafe_b64encode(signed.sign(f"{head}.{body}".encode(), secret)).decode().rstrip("=")
    return f"{head}.{body}.{signature}"


BAD_TOKENS: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "no token": lambda: "abc",
    "dots only": lambda: "..",
    "not base64": lambda: "é.é.é",
    "signed by a stranger": lambda: token(STRANGER),
    "an unknown key id": lambda: token(kid="other"),
    "no key id": lambda: token(kid=None),
    "alg none": lambda: unsigned({"alg": "none", "kid": "ed"}),
    "alg None": lambda: unsigned({"alg": None, "kid": "ed"}),
    "no alg": lambda: unsigned({"kid": "ed"}),
    "HS256 with a public key": _confused,
    "HS256 with a shared key": lambda: token("secret-secret-secret-secret-secret-12", "HS256", "shared"),
    "RS256 claimed for an Ed25519 key": lambda: unsigned({"alg": "RS256", "kid": "ed"}),
    "EdDSA claimed for an RSA key": lambda: unsigned({"alg": "EdDSA", "kid": "rsa"}),
    "RS512": lambda: token(RSA, "RS512", "rsa"),
    "the signature cut off": lambda: token().rpartition(".")[0] + ".",
    "the claims exchanged": lambda: ".".join(
        (token().split(".")[0], token(tenant="*").split(".")[1], token().split(".")[2])
    ),
    "a key id that is no text": lambda: unsigned({"alg": "EdDSA", "kid": ["ed"]}),
    "a header that is a list": lambda: unsigned(b"[]"),
    "a header without a bottom": lambda: unsigned(b"[" * 50_000),
    "a header that is a number": lambda: unsigned(b"1e999"),
    "a critical extension": lambda: jwt.encode(claims(), ED, "EdDSA", headers={"kid": "ed", "crit": ["x"], "x": 1}),
}


@pytest.mark.parametrize("make", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
def test_what_is_no_good_token_is_refused(checked: JwtVerifier, make: Callable[[], str]) -> None:
    with pytest.raises(Unauthenticated):
        checked.verify(make())


def test_an_issuer_may_be_a_little_ahead_of_us(checked: JwtVerifier) -> None:
    assert checked.verify(token(iat=int(time()) + 10)).tenant == "acme"


def test_only_the_algorithms_of_the_settings_are_taken(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KEYS))
    strict = verifier(AuthSettings(jwks_file=file, algorithms=("EdDSA",)))
    assert strict.verify(token()).tenant == "acme"
    with pytest.raises(Unauthenticated):
        strict.verify(token(RSA, "RS256", "rsa"))


def request_of(checked: Any, authorization: str | None, **path: str) -> Request:
    headers = [(b"authorization", authorization.encode())] if authorization is not None else []
    state = SimpleNamespace(verifier=checked)
    return Request(
        {
            "type": "http",
            "query_string": b"",
            "headers": headers,
            "path_params": path,
            "app": SimpleNamespace(state=state),
        }
    )


async def test_the_caller_of_its_own_tenant_is_let_in(checked: JwtVerifier) -> None:
    for scheme in ("Bearer", "bearer", "BEARER"):
        caller = await authorize("schemas:read")(request_of(checked, f"{scheme} {token()}", tenant="acme"))
        assert caller.subject == "someone"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Token x"])
async def test_no_bearer_token_is_unauthenticated(checked: JwtVerifier, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await authorize("schemas:read")(request_of(checked, header, tenant="acme"))


async def test_a_missing_scope_is_forbidden_and_named(checked: JwtVerifier) -> None:
    with pytest.raises(Forbidden) as caught:
        await authorize("schemas:write")(request_of(checked, f"Bearer {token()}", tenant="acme"))
    assert caught.value.problem.values == {"scope": "schemas:write"}


async def test_another_tenants_anything_is_not_found(checked: JwtVerifier) -> None:
    with pytest.raises(NotFound):
        await authorize("schemas:read")(request_of(checked, f"Bearer {token()}", tenant="globex"))
    operator = f"Bearer {token(tenant='*')}"
    assert (await authorize("schemas:read")(request_of(checked, operator, tenant="globex"))).tenant == "*"


@pytest.mark.parametrize("path", [{}, {"tenant": "acme"}])
async def test_what_concerns_all_tenants_is_for_operators_of_all(checked: JwtVerifier, path: dict[str, str]) -> None:
    about_all = Authorization("ops", operators_only=True)
    own, operator = (f"Bearer {token(tenant=tenant, scope='ops')}" for tenant in ("acme", "*"))
    with pytest.raises(OperatorsOnly):
        await about_all(request_of(checked, own, **path))
    assert (await about_all(request_of(checked, operator, **path))).tenant == "*"


async def test_operators_only_says_nothing_about_another_tenant(checked: JwtVerifier) -> None:
    own = request_of(checked, f"Bearer {token(scope='ops')}", tenant="globex")
    with pytest.raises(NotFound):
        await Authorization("ops", operators_only=True)(own)


async def test_with_authentication_off_everyone_may_do_everything() -> None:
    open_door = verifier(AuthSettings(mode="off"))
    assert isinstance(open_door, NoVerifier)
    assert await authorize("ops")(request_of(open_door, None, tenant="acme")) is EVERYONE


def test_a_token_is_known_for_a_minute_after_it_was_verified_and_never_beyond_its_expiry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KEYS))
    settings, at = AuthSettings(jwks_file=file), int(time())
    for lifetime, known_seconds in ((3600, 60), (20, 20)):
        clock = Stepped(at)
        checked = JwtVerifier(settings, SigningKeys(signing_keys(settings).source, 0, monotonic=clock), clock)
        monkeypatch.setattr("crosslook.platform.auth.epoch_ms", lambda clock=clock: round(clock.at * 1000))
        good = token(exp=at + lifetime)
        assert checked.known(good) is None
        caller = checked.verify(good)
        for passed, expected in ((0.0, caller), (known_seconds - 0.001, caller), (known_seconds, None)):
            clock.at = at + passed
            assert checked.known(good) == expected


def test_a_token_that_was_refused_is_not_known(checked: JwtVerifier) -> None:
    for bad in (token(exp=int(time()) - 1), "rubbish", "\ud800"):
        with pytest.raises(Unauthenticated):
            checked.verify(bad)
        assert checked.known(bad) is None


def test_only_so_many_tokens_are_known(checked: JwtVerifier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crosslook.platform.auth._MOST_KNOWN", 2)
    tokens = [token(jti=str(number)) for number in range(3)]
    for item in tokens:
        checked.verify(item)
    assert [checked.known(item) is not None for item in tokens] == [False, True, True]
