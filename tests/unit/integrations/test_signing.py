"""HMAC signatures: by any secret, over the bytes as received, and what their age means."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from crosslook.integrations.interface import SignatureVerdict
from crosslook.integrations.signing import age_verdict, from_base64, from_hex, signed

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
TOLERANCE = timedelta(minutes=5)


def test_any_secret_and_any_signature_will_do() -> None:
    right = hmac.digest(b"new", b"body", "sha256")
    assert signed(["old", "new"], b"body", [b"wrong", right])
    assert not signed(["old"], b"body", [right])
    assert not signed(["new"], b"body ", [right])
    assert not signed([], b"body", [right])
    assert not signed(["new"], b"body", [])


def test_what_is_no_signature_equals_none() -> None:
    assert from_base64(base64.b64encode(b"abc").decode()) == b"abc"
    assert from_base64("not base64!") == b""
    assert from_base64("é") == b""
    assert from_hex("0aFF") == b"\x0a\xff"
    assert from_hex("0a FF") == b""
    assert from_hex("xyz") == b""
    assert not signed(["secret"], b"", [b""])


@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (timedelta(0), SignatureVerdict.VALID),
        (timedelta(minutes=5), SignatureVerdict.VALID),
        (timedelta(minutes=-5), SignatureVerdict.VALID),
        (timedelta(minutes=6), SignatureVerdict.STALE),
        (timedelta(hours=25), SignatureVerdict.STALE),
        (timedelta(hours=25, seconds=1), SignatureVerdict.EXPIRED),
        (timedelta(minutes=-6), SignatureVerdict.EXPIRED),
    ],
)
def test_an_old_signature_is_still_right(age: timedelta, verdict: SignatureVerdict) -> None:
    assert age_verdict(NOW - age, NOW, TOLERANCE) is verdict
