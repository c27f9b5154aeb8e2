"""Calendly's signature header: what is right, what is old, and what is no signature at all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.calendly.signature import SIGNATURE_HEADER
from crosslook.integrations.interface import SignatureVerdict
from crosslook.local.demo.calendly_account import calendly_signature
from tests.helpers.calendly import SIGNING_KEY

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
BODY = b'{"event":"invitee.created"}'
RIGHT = calendly_signature(BODY, NOW, SIGNING_KEY)
SECONDS, HEX = RIGHT.removeprefix("t=").split(",v1=")


def verdict(header: str, body: bytes = BODY, now: datetime = NOW, secrets: tuple[str, ...] = (SIGNING_KEY,)) -> str:
    """The verdict on a header."""
    return INTEGRATION.verify({SIGNATURE_HEADER: header}, body, secrets, now, {}).value


def test_the_signature_is_that_of_another_implementation() -> None:
    # printf '1492774577.{}' | openssl dgst -sha256 -hmac key
    header = "t=1492774577,v1=55f4ffc8aaa36e49d23212388d70746481c70a70b2650900216c95232d558cd7"
    assert verdict(header, b"{}", datetime.fromtimestamp(1492774577, UTC), ("key",)) == SignatureVerdict.VALID


@pytest.mark.parametrize(
    "header",
    [
        f"t={SECONDS},v1={HEX}",
        f"v1={HEX},t={SECONDS}",
        f" t = {SECONDS} , v1 = {HEX.upper()} ",
        f"t={SECONDS},v1={'0' * 64},v1={HEX}",
        f"t={SECONDS},v1={HEX},v1=not hexadecimal",
        f"t={SECONDS},t={SECONDS},v0=else,v1={HEX}",
    ],
)
def test_blanks_order_and_further_signatures_do_not_matter(header: str) -> None:
    assert verdict(header) == SignatureVerdict.VALID


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t",
        "=,=",
        HEX,
        f"t={SECONDS}",
        f"v1={HEX}",
        f"t={SECONDS},v1=",
        f"t={SECONDS},v2={HEX}",
        f"t={SECONDS}.0,v1={HEX}",
        f"t=-{SECONDS},v1={HEX}",
        f"t={'9' * 40},v1={HEX}",
        f"t={SECONDS},t=1,v1={HEX}",
        f"t=١٧٩٦١٢٦٤٠٠,v1={HEX}",
        f"t={SECONDS},v1=é",
        f"t={SECONDS};v1={HEX}",
    ],
)
def test_a_malformed_header_is_bad(header: str) -> None:
    assert verdict(header) == SignatureVerdict.BAD


def test_no_header_and_no_key_are_bad() -> None:
    assert INTEGRATION.verify({}, BODY, (SIGNING_KEY,), NOW, {}) is SignatureVerdict.BAD
    assert verdict(RIGHT, secrets=()) == SignatureVerdict.BAD


def test_the_time_and_every_byte_are_signed() -> None:
    assert verdict(RIGHT, BODY + b" ") == SignatureVerdict.BAD
    assert verdict(f"t={int(SECONDS) + 1},v1={HEX}") == SignatureVerdict.BAD
    assert verdict(RIGHT, secrets=("another",)) == SignatureVerdict.BAD
    assert verdict(RIGHT, secrets=("another", SIGNING_KEY)) == SignatureVerdict.VALID


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(seconds=180), SignatureVerdict.VALID),
        (timedelta(seconds=181), SignatureVerdict.STALE),
        (timedelta(hours=24), SignatureVerdict.STALE),
        (timedelta(hours=26), SignatureVerdict.EXPIRED),
    ],
)
def test_a_signature_is_stale_after_three_minutes(age: timedelta, expected: SignatureVerdict) -> None:
    assert verdict(RIGHT, now=NOW + age) == expected


@given(st.text(alphabet="t=v1,. 09af\x00é", max_size=40), st.binary(max_size=20))
def test_no_header_raises(header: str, body: bytes) -> None:
    assert verdict(header, body) == SignatureVerdict.BAD
