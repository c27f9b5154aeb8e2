"""Calendly's signature: `Calendly-Webhook-Signature: t=<unix seconds>,v1=<hex of HMAC-SHA256 over t, ".", body>`."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from crosslook.integrations.interface import JsonObject, SignatureVerdict, VendorHeaders
from crosslook.integrations.signing import age_verdict, from_hex, signed

SIGNATURE_HEADER = "calendly-webhook-signature"
_TOLERANCE = timedelta(minutes=3)
"""What Calendly's own sample refuses beyond."""
_SECONDS = re.compile(r"\d{1,11}", re.ASCII)


class _Signature(NamedTuple):
    seconds: str
    signatures: tuple[bytes, ...]


def verify_calendly(
    headers: VendorHeaders, body: bytes, secrets: Sequence[str], now: datetime, options: JsonObject
) -> SignatureVerdict:
    """The verdict over a body as received. Any of several `v1` will do, in any order and with blanks between; a header
    that is not of this form is BAD."""
    sent = _read(headers.get(SIGNATURE_HEADER, ""))
    if sent is None or not signed(secrets, b"%b.%b" % (sent.seconds.encode(), body), sent.signatures):
        return SignatureVerdict.BAD
    return age_verdict(datetime.fromtimestamp(int(sent.seconds), UTC), now, _TOLERANCE)


def _read(header: str) -> _Signature | None:
    """The parts of the header. None where it has no time, two different ones, or no signature."""
    times, signatures = set(), []
    for element in header.split(","):
        name, _, value = element.partition("=")
        if name.strip() == "t":
            times.add(value.strip())
        elif name.strip() == "v1":
            signatures.append(from_hex(value.strip()))
    seconds = times.pop() if len(times) == 1 else ""
    return _Signature(seconds, tuple(signatures)) if signatures and _SECONDS.fullmatch(seconds) else None
