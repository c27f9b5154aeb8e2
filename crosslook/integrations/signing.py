"""HMAC signatures over webhook bodies, compared in constant time."""

import base64
import binascii
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from crosslook.integrations.interface import SignatureVerdict

REDELIVERY = timedelta(hours=25)
"""Vendors deliver again for up to 24 hours, and none documents whether a retry is signed again. So a right signature is
accepted for so long; a repeat is harmless, because facts are a set."""
_FUTURE = timedelta(minutes=5)


def signed(
    secrets: Iterable[str | bytes], content: bytes, signatures: Sequence[bytes], algorithm: str = "sha256"
) -> bool:
    """Whether any of the signatures is the HMAC of the content under any of the secrets, a text as its UTF-8 bytes. It
    compares all of them: how long it takes says nothing about which one was right."""
    right = False
    for secret in secrets:
        key = secret if isinstance(secret, bytes) else secret.encode()
        expected = hmac.digest(key, content, algorithm)
        for signature in signatures:
            right |= hmac.compare_digest(expected, signature)
    return right


def from_base64(text: str) -> bytes:
    """The bytes of a base64 signature; b"" for a text that is none, which no HMAC equals."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def from_hex(text: str) -> bytes:
    """The bytes of a hexadecimal signature; b"" for a text that is none."""
    try:
        return bytes.fromhex(text) if text.isascii() and not any(map(str.isspace, text)) else b""
    except ValueError:
        return b""


def age_verdict(signed_at: datetime, now: datetime, tolerance: timedelta) -> SignatureVerdict:
    """The verdict on a right signature by when it was made. Clocks may differ by five minutes."""
    age = now - signed_at
    if age < -max(_FUTURE, tolerance) or age > REDELIVERY:
        return SignatureVerdict.EXPIRED
    return SignatureVerdict.STALE if abs(age) > tolerance else SignatureVerdict.VALID
