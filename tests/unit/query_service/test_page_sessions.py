"""Sessions are sealed cookies, one for each tenant; calls carry a token that never outlives its session."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import jwt
import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crosslook.platform.clock import FixedClock
from crosslook.platform.errors import StopService
from crosslook.platform.sealing import SecretSealer, sealer_of
from crosslook.platform.settings import AuthSettings
from crosslook.platform.token_signing import TokenSigner
from services.query_service.page.bearer import SessionTokens
from services.query_service.page.sessions import Session, SessionCookies, cookies_of, set_cookie

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SESSION = Session("acme", "ann", "Ann", ("reports:read", "reports:write"), NOW, NOW + timedelta(hours=12))
AUTH = AuthSettings(issuer="us", audience="services")


def made(*keys: str, secure: bool = False) -> SessionCookies:
    return SessionCookies(SecretSealer(keys or (NEW,)), secure=secure)


def in_browser(header: str) -> dict[str, str]:
    """The cookies that a browser sends after an answer with this Set-Cookie header."""
    return {name: morsel.value for name, morsel in SimpleCookie(header).items()}


def test_a_session_is_read_back_from_its_cookie() -> None:
    cookies = made()
    assert cookies.find(in_browser(cookies.set(SESSION, NOW)), "acme", NOW) == SESSION


def test_the_cookie_of_an_operator_has_a_name_that_browsers_take() -> None:
    cookies = made()
    operator = Session("*", "olga", None, ("ops",), NOW, NOW + timedelta(hours=1))
    assert list(cookies.all(in_browser(cookies.set(operator, NOW)), NOW)) == [operator]


def test_the_cookie_is_for_calls_of_the_page_only() -> None:
    header = made().set(SESSION, NOW)
    assert header.endswith("; Max-Age=43200; Path=/api; HttpOnly; SameSite=Strict")
    assert "Ann" not in header


def test_over_https_the_cookie_is_secure() -> None:
    header = made(secure=True).set(SESSION, NOW)
    assert header.startswith("__Secure-crosslook-session.acme=")
    assert header.endswith("; Secure")
    assert made(secure=True).clear("acme").startswith("__Secure-crosslook-session.acme=; Max-Age=0;")


def test_the_cookie_of_one_tenant_is_none_of_another() -> None:
    cookies = made()
    [sealed] = in_browser(cookies.set(SESSION, NOW)).values()
    renamed = {cookies.name_of("globex"): sealed, cookies.name_of("*"): sealed}
    assert cookies.find(renamed, "globex", NOW) is None
    assert list(cookies.all(renamed, NOW)) == []


def test_an_expired_session_is_none_even_if_the_browser_keeps_its_cookie() -> None:
    cookies = made()
    kept = in_browser(cookies.set(SESSION, NOW))
    last = SESSION.expires_at - timedelta(seconds=1)
    assert cookies.find(kept, "acme", last) == SESSION
    assert cookies.find(kept, "acme", SESSION.expires_at) is None


def test_keys_are_replaced_without_ending_sessions() -> None:
    before = in_browser(made(OLD).set(SESSION, NOW))
    assert made(NEW, OLD).find(before, "acme", NOW) == SESSION
    assert made(NEW).find(before, "acme", NOW) is None
    sealed = in_browser(made(NEW, OLD).set(SESSION, NOW))
    assert made(NEW).find(sealed, "acme", NOW) == SESSION


@pytest.mark.parametrize("value", ["", "x", "gAAAAAB", "é"])
def test_a_made_up_cookie_is_no_session(value: str) -> None:
    assert made().find({"crosslook-session.acme": value}, "acme", NOW) is None


def test_cookies_are_read_as_browsers_send_them() -> None:
    sent = [(b"cookie", b"a=1; b=x=y;c; d=\xe9"), (b"accept", b"e=2"), (b"cookie", b"a=2; f=3")]
    assert cookies_of(sent) == {"a": "1", "b": "x=y", "d": "é", "f": "3"}


@pytest.mark.parametrize("name", ["a b", "a;b", "a=b", "a\r\nb", ""])
def test_no_name_of_a_cookie_can_carry_another_header(name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        set_cookie(name, "x", "/", "Lax", 1, secure=False)


def signer() -> TokenSigner:
    return TokenSigner(Ed25519PrivateKey.generate())


def claims(token: str | None, key: TokenSigner) -> dict[str, object]:
    assert token is not None
    found: dict[str, object] = jwt.decode(
        token, key.public, ["EdDSA"], audience="services", options={"verify_exp": False, "verify_iat": False}
    )
    assert jwt.get_unverified_header(token)["kid"] == key.kid
    return found


def test_a_token_has_the_tenant_and_scopes_of_its_session() -> None:
    key = signer()
    found = claims(SessionTokens(key, AUTH, FixedClock(NOW)).token(SESSION), key)
    assert {name: found[name] for name in ("iss", "sub", "tenant", "scope")} == {
        "iss": "us",
        "sub": "ann",
        "tenant": "acme",
        "scope": "reports:read reports:write",
    }
    assert found["exp"] == (NOW + timedelta(minutes=5)).timestamp()


def test_a_token_never_outlives_its_session() -> None:
    key, clock = signer(), FixedClock(SESSION.expires_at - timedelta(seconds=30))
    assert claims(SessionTokens(key, AUTH, clock).token(SESSION), key)["exp"] == SESSION.expires_at.timestamp()


def test_a_token_is_made_once_a_minute_for_each_session() -> None:
    seconds = [0.0]
    tokens = SessionTokens(signer(), AUTH, FixedClock(NOW), lambda: seconds[0])
    first = tokens.token(SESSION)
    other = Session("globex", "ann", "Ann", SESSION.scopes, NOW, SESSION.expires_at)
    assert tokens.token(other) != first
    seconds[0] = 59
    assert tokens.token(SESSION) == first
    seconds[0] = 61
    assert tokens.token(SESSION) != first


def test_a_file_of_keys_is_named_when_it_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    with pytest.raises(StopService, match="No such file"):
        sealer_of("", file)
    file.write_text(f"{NEW}\nnot-a-key\n")
    with pytest.raises(StopService, match="key 2 is not 32 bytes"):
        sealer_of("", file)
