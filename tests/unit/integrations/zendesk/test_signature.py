"""Zendesk's signatures: the documented check value, the age, and what cannot be moved between timestamp and body."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from crosslook.integrations.interface import SignatureVerdict
from crosslook.integrations.zendesk.signature import ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP, verify_zendesk

STATIC_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="
TIMESTAMP = "2021-03-25T05:09:27Z"
BODY = b'{"event":"ticket.updated","id":123}'
SIGNATURE = "S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM="
SIGNED_AT = datetime(2021, 3, 25, 5, 9, 27, tzinfo=UTC)


def verdict(
    *,
    body: bytes = BODY,
    timestamp: str = TIMESTAMP,
    signature: str = SIGNATURE,
    secrets: tuple[str, ...] = (STATIC_SECRET,),
    age: timedelta = timedelta(0),
) -> SignatureVerdict:
    headers = {ZENDESK_SIGNATURE: signature, ZENDESK_TIMESTAMP: timestamp}
    return verify_zendesk(headers, body, secrets, SIGNED_AT + age, {})


def sign(secret: str, timestamp: str, body: bytes) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), timestamp.encode() + body, "sha256")).decode()


def test_the_documented_example_is_right() -> None:
    assert verdict() is SignatureVerdict.VALID


def test_the_static_secret_of_tests_counts_only_where_the_tenant_configured_it() -> None:
    assert verdict(secrets=("another",)) is SignatureVerdict.BAD
    assert verdict(secrets=()) is SignatureVerdict.BAD
    assert verdict(secrets=("another", STATIC_SECRET)) is SignatureVerdict.VALID


def test_the_secret_is_the_text_and_not_what_it_decodes_to() -> None:
    decoded = base64.b64decode(STATIC_SECRET).decode()
    assert verdict(secrets=(decoded,)) is SignatureVerdict.BAD


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(minutes=5), SignatureVerdict.VALID),
        (timedelta(minutes=5, seconds=1), SignatureVerdict.STALE),
        (timedelta(hours=25), SignatureVerdict.STALE),
        (timedelta(hours=26), SignatureVerdict.EXPIRED),
    ],
)
def test_an_old_signature_is_stale_before_it_expires(age: timedelta, expected: SignatureVerdict) -> None:
    assert verdict(age=age) is expected


def test_an_empty_body_can_be_signed() -> None:
    assert verdict(body=b"", signature=sign(STATIC_SECRET, TIMESTAMP, b"")) is SignatureVerdict.VALID


@pytest.mark.parametrize("missing", [ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP])
def test_both_headers_are_needed(missing: str) -> None:
    headers = {ZENDESK_SIGNATURE: SIGNATURE, ZENDESK_TIMESTAMP: TIMESTAMP}
    del headers[missing]
    assert verify_zendesk(headers, BODY, [STATIC_SECRET], SIGNED_AT, {}) is SignatureVerdict.BAD


@pytest.mark.parametrize(
    "change",
    [
        {"body": BODY + b" "},
        {"timestamp": "2021-03-25T05:09:28Z"},
        {"signature": SIGNATURE[:-2] + "A="},
        {"signature": "no base64"},
        {"signature": "é"},
    ],
)
def test_any_change_makes_it_wrong(change: dict[str, bytes | str]) -> None:
    assert verdict(**change) is SignatureVerdict.BAD  # type: ignore[arg-type]  # one argument of its own type


@pytest.mark.parametrize("moved", [1, 2, 10, -1, -2, -10])
def test_nothing_can_move_between_timestamp_and_body(moved: int) -> None:
    content = TIMESTAMP.encode() + BODY
    border = len(TIMESTAMP) + moved
    assert verdict(timestamp=content[:border].decode(), body=content[border:]) is SignatureVerdict.BAD


def test_a_right_signature_over_a_timestamp_in_another_form_is_not_taken() -> None:
    for timestamp in ("1616648967", "2021-03-25 05:09:27Z", "2021-02-30T05:09:27Z", "²021-03-25T05:09:27Z"):
        signature = sign(STATIC_SECRET, timestamp, BODY)
        assert verdict(timestamp=timestamp, signature=signature) is SignatureVerdict.BAD
