"""How Zendesk signs: base64 of HMAC-SHA256 over the text of the timestamp followed by the body, without a separator."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from crosslook.contracts.values import BadValue, instant, milliseconds
from crosslook.integrations.interface import JsonObject, SignatureVerdict, VendorHeaders
from crosslook.integrations.signing import age_verdict, from_base64, signed

ZENDESK_SIGNATURE: Final = "x-zendesk-webhook-signature"
ZENDESK_TIMESTAMP: Final = "x-zendesk-webhook-signature-timestamp"
TOLERANCE: Final = timedelta(minutes=5)
"""Zendesk documents none; implementations that check the age use this one."""
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def verify_zendesk(
    headers: VendorHeaders, body: bytes, secrets: Sequence[str], now: datetime, options: JsonObject
) -> SignatureVerdict:
    """The verdict over the body as received. A secret is used as the text that Zendesk shows, although it looks like
    base64.

    The signed content has no separator, so characters could move from the body to the timestamp and keep the signature:
    only a timestamp in exactly the vendor's form is taken.
    """
    timestamp = headers.get(ZENDESK_TIMESTAMP, "")
    right = signed(secrets, timestamp.encode() + body, [from_base64(headers.get(ZENDESK_SIGNATURE, ""))])
    at = signed_ms(timestamp)
    if not right or at is None:
        return SignatureVerdict.BAD
    return age_verdict(_EPOCH + timedelta(milliseconds=at), now, TOLERANCE)


def signed_ms(timestamp: str) -> int | None:
    """The instant of a timestamp header in milliseconds since the epoch; None for a text in another form."""
    if not _TIMESTAMP.fullmatch(timestamp):
        return None
    try:
        return milliseconds(instant(timestamp))
    except BadValue:
        return None
