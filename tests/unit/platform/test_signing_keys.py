"""Keys that tokens are checked with: a withdrawn one goes within a minute, an outage of the issuer is bridged."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import time
from typing import Any

import jwt
import pytest
from structlog.testing import capture_logs

from crosslook.platform.auth import JwtVerifier, verifier
from crosslook.platform.errors import StopService, Unauthenticated, Unavailable
from crosslook.platform.settings import AuthSettings
from crosslook.platform.signing_keys import RETRY_SECONDS, TRUSTED_SECONDS, SigningKeys, parse_keys, signing_keys
from tests.helpers.issuer import ED, KEYS, RSA, STRANGER, KeyEndpoint, Stepped, jwk, key_endpoint, token, unsigned

KEEP_SECONDS = 900
WITHOUT_ED = {"keys": [jwk(RSA, "rsa")]}


@pytest.fixture
def endpoint() -> Iterator[KeyEndpoint]:
    with key_endpoint() as found:
        yield found


@pytest.fixture
def clock() -> Stepped:
    return Stepped()


def checks(settings: AuthSettings, clock: Stepped) -> JwtVerifier:
    """A verifier whose keys and known tokens age by the stepped clock."""
    keys = signing_keys(settings)
    return JwtVerifier(settings, SigningKeys(keys.source, KEEP_SECONDS, monotonic=clock), clock)


def from_url(endpoint: KeyEndpoint, clock: Stepped) -> JwtVerifier:
    return checks(AuthSettings(jwks_url=endpoint.url), clock)


def test_keys_come_from_the_issuers_url(endpoint: KeyEndpoint) -> None:
    remote = verifier(AuthSettings(jwks_url=endpoint.url))
    assert remote.verify(token()).tenant == "acme"
    assert remote.verify(token(RSA, "RS256", "rsa")).tenant == "acme"
    for bad in (token(kid="other"), unsigned({"alg": "RS256", "kid": "ed"})):
        with pytest.raises(Unauthenticated):
            remote.verify(bad)


def accepts(checked: JwtVerifier, bearer: str) -> bool:
    """Whether a request with this token is let in, as `Authorization` decides."""
    if checked.known(bearer) is not None:
        return True
    try:
        checked.verify(bearer)
    except Unauthenticated:
        return False
    return True


@pytest.mark.parametrize("asked_every", [0.5, 7, 29, 31, 59])
def test_a_key_withdrawn_from_the_url_is_refused_within_a_minute(
    endpoint: KeyEndpoint, clock: Stepped, asked_every: float
) -> None:
    checked, good = from_url(endpoint, clock), token(exp=int(time()) + 3600)
    assert accepts(checked, good)
    clock.at += 0.1
    endpoint.document, withdrawn_at = WITHOUT_ED, clock.at
    while clock.at < withdrawn_at + 60:
        accepts(checked, good)
        accepts(checked, token(jti=str(clock.at), exp=int(time()) + 3600))
        clock.at += asked_every
    assert not accepts(checked, good)
    assert not accepts(checked, token(jti="new", exp=int(time()) + 3600))
    assert checked.verify(token(RSA, "RS256", "rsa")).tenant == "acme"


def test_a_key_withdrawn_from_the_file_is_refused_and_an_added_one_is_accepted_within_a_minute(
    tmp_path: Path, clock: Stepped
) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KEYS))
    checked, old, new = checks(AuthSettings(jwks_file=file), clock), token(), token(STRANGER, kid="new")
    assert accepts(checked, old)
    assert not accepts(checked, new)
    file.write_text(json.dumps({"keys": [jwk(STRANGER, "new")]}))
    clock.at += 60
    assert not accepts(checked, old)
    assert accepts(checked, new)


def test_a_new_key_is_fetched_at_once_and_unknown_ones_cannot_hammer_the_url(
    endpoint: KeyEndpoint, clock: Stepped
) -> None:
    checked = from_url(endpoint, clock)
    assert accepts(checked, token())
    clock.at += RETRY_SECONDS
    endpoint.document = {"keys": [jwk(ED, "ed"), jwk(STRANGER, "new")]}
    assert accepts(checked, token(STRANGER, kid="new"))
    fetched = endpoint.fetches
    for number in range(200):
        assert not accepts(checked, token(kid=f"rubbish-{number}"))
        clock.at += RETRY_SECONDS / 100
    assert endpoint.fetches - fetched <= 2


def test_an_empty_set_is_a_set_that_lets_nobody_in_and_is_warned_of(endpoint: KeyEndpoint, clock: Stepped) -> None:
    checked = from_url(endpoint, clock)
    assert accepts(checked, token())
    endpoint.document = {"keys": []}
    with capture_logs() as logs:
        for _ in range(3):
            clock.at += 60
            assert not accepts(checked, token())
    assert logs == [{"event": "signing_keys_empty", "log_level": "warning", "before": ["ed", "rsa", "shared"]}]
    endpoint.document = KEYS
    clock.at += RETRY_SECONDS
    assert accepts(checked, token())


def test_a_service_that_starts_with_an_empty_set_warns_at_the_first_token(tmp_path: Path, clock: Stepped) -> None:
    file = tmp_path / "jwks.json"
    file.write_text('{"keys": []}')
    checked = checks(AuthSettings(jwks_file=file), clock)
    with capture_logs() as logs:
        assert not accepts(checked, token())
    assert [(line["event"], line["log_level"]) for line in logs] == [("signing_keys_empty", "warning")]


UNREADABLE: list[Callable[[KeyEndpoint], Any]] = [
    lambda endpoint: setattr(endpoint, "status", 500),
    lambda endpoint: setattr(endpoint, "document", ["no set"]),
    lambda endpoint: setattr(endpoint, "document", {"keys": "none"}),
    lambda endpoint: setattr(endpoint, "document", {"keys": [{**jwk(ED, "ed"), "use": "enc"}, {"kty": "none"}]}),
]


@pytest.mark.parametrize("fail", UNREADABLE, ids=["500", "a list", "keys that are a text", "no usable key"])
def test_while_the_set_cannot_be_read_the_last_one_stays_for_a_bounded_time(
    endpoint: KeyEndpoint, clock: Stepped, fail: Callable[[KeyEndpoint], Any]
) -> None:
    checked, started = from_url(endpoint, clock), clock.at
    assert accepts(checked, token())
    fail(endpoint)
    fetched = endpoint.fetches
    while clock.at < started + TRUSTED_SECONDS + KEEP_SECONDS:
        assert accepts(checked, token(exp=int(time()) + 3600))
        clock.at += 1
    assert endpoint.fetches - fetched <= (TRUSTED_SECONDS + KEEP_SECONDS) / RETRY_SECONDS
    with pytest.raises(Unavailable):
        checked.verify(token())
    endpoint.status, endpoint.document = 200, KEYS
    clock.at += RETRY_SECONDS
    assert accepts(checked, token())


def test_keys_that_were_never_there_are_not_the_callers_fault(endpoint: KeyEndpoint, clock: Stepped) -> None:
    endpoint.status = 503
    checked = from_url(endpoint, clock)
    for _ in range(20):
        with pytest.raises(Unavailable):
            checked.verify(token())
    assert endpoint.fetches == 1


def test_many_callers_at_once_cause_one_reading(clock: Stepped) -> None:
    reading, waiting = threading.Event(), threading.Barrier(8)
    readings: list[None] = []

    def source() -> Any:
        readings.append(None)
        reading.wait(10)
        return parse_keys(KEYS)

    keys = SigningKeys(source, KEEP_SECONDS, monotonic=clock)

    def look_up() -> str | None:
        waiting.wait(10)
        reading.set()
        return keys.key_of(token()).key_id

    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(look_up) for _ in range(8)]
        assert {item.result(10) for item in found} == {"ed"}
    assert len(readings) == 1


def test_a_slow_reading_holds_up_nobody_who_has_keys(clock: Stepped) -> None:
    answer, reading = threading.Event(), threading.Event()
    first = True

    def source() -> Any:
        nonlocal first
        if not first:
            reading.set()
            answer.wait(10)
        first = False
        return parse_keys(KEYS)

    keys = SigningKeys(source, KEEP_SECONDS, monotonic=clock)
    keys.key_of(token())
    clock.at += 45
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(keys.key_of, token())
        assert reading.wait(10)
        assert keys.key_of(token()).key_id == "ed"
        answer.set()
        assert slow.result(10).key_id == "ed"


@pytest.mark.parametrize(
    "document",
    [None, [], {}, {"keys": {}}, {"keys": "x"}],
)
def test_what_is_not_a_key_set_is_not_read_as_an_empty_one(document: Any) -> None:
    with pytest.raises(ValueError, match="not a JWK set"):
        parse_keys(document)


def test_a_set_of_unusable_keys_is_no_empty_one() -> None:
    with pytest.raises(ValueError, match="no key of the JWK set can be used"):
        parse_keys({"keys": [{"kty": "none", "kid": "x"}]})
    assert parse_keys({"keys": []}) == {}


def test_only_keys_for_signatures_that_have_an_id_are_kept() -> None:
    named, encrypting = jwk(ED, "ed"), {**jwk(RSA, "enc"), "use": "enc"}
    unnamed = {name: value for name, value in jwk(RSA, "rsa").items() if name != "kid"}
    odd: list[Any] = [
        None,
        "key",
        {},
        {"kty": "none", "kid": "x"},
        {"kty": "OKP", "kid": "y"},
        {**named, "kid": ["ed"]},
    ]
    assert list(parse_keys({"keys": [*odd, encrypting, unnamed, named]})) == ["ed"]


def test_a_key_that_takes_the_id_of_another_replaces_it(endpoint: KeyEndpoint, clock: Stepped) -> None:
    checked = from_url(endpoint, clock)
    assert accepts(checked, token())
    endpoint.document = {"keys": [jwk(STRANGER, "ed")]}
    clock.at += 60
    assert not accepts(checked, token())
    assert accepts(checked, token(STRANGER))


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (AuthSettings(), "must name the keys"),
        (AuthSettings(jwks_url="file:///etc/passwd"), "must be an http or https URL"),
        (AuthSettings(jwks_file=Path("/nowhere/jwks.json")), "No such file"),
    ],
)
def test_settings_without_usable_keys_end_the_start(settings: AuthSettings, reason: str) -> None:
    with pytest.raises(StopService, match=reason):
        verifier(settings)


def test_a_file_that_is_not_a_key_set_ends_the_start(tmp_path: Path) -> None:
    file = tmp_path / "jwks.json"
    for text in ("", "[]", '{"keys": 1}', "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        file.write_text(text)
        with pytest.raises(StopService, match="it is not a JWK set"):
            verifier(AuthSettings(jwks_file=file))


def test_a_file_that_is_damaged_later_leaves_the_last_set(tmp_path: Path, clock: Stepped) -> None:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KEYS))
    checked = checks(AuthSettings(jwks_file=file), clock)
    file.write_text('{"keys": [')
    with pytest.raises(Unavailable):
        checked.verify(token())
    file.write_text(json.dumps(KEYS))
    clock.at += RETRY_SECONDS
    assert accepts(checked, token())
    file.write_text('{"keys": [')
    clock.at += 300
    assert accepts(checked, token())


def test_the_header_that_names_no_key_causes_no_reading(endpoint: KeyEndpoint, clock: Stepped) -> None:
    checked = from_url(endpoint, clock)
    for bad in (token(kid=None), unsigned({"alg": "EdDSA", "kid": ["ed"]}), "rubbish"):
        assert not accepts(checked, bad)
    assert endpoint.fetches == 0
    with pytest.raises(jwt.InvalidKeyError):
        SigningKeys(lambda: {}, KEEP_SECONDS).key_of(token())
