"""Signatures by options: which HMAC, where it is, and what exactly is signed."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crosslook.contracts.values import BadValue
from crosslook.integrations.generic.texts import vendor_instant
from crosslook.integrations.interface import JsonObject, SignatureVerdict, VendorHeaders
from crosslook.integrations.signing import age_verdict, from_base64, from_hex, signed

PLACEHOLDER = re.compile(r"\{(body|timestamp|header:[^{}]+)\}")
DEFAULT_TOLERANCE_SECONDS = 300
_BEFORE_BASE64 = "whsec_"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SignatureScheme:
    """How a vendor signs. `part`: the name of the part of the header that is the signature, in `t=…,v1=…`.
    `timestamp_header`, `timestamp_part`: where the time of signing is. `content`: what is signed, with placeholders.
    `decoded_key`: whether the secret is the base64 of the key."""

    header: str
    algorithm: str
    encoding: str
    prefix: str
    part: str | None
    timestamp_header: str | None
    timestamp_part: str | None
    content: str
    tolerance: timedelta
    decoded_key: bool


def read_scheme(option: JsonObject) -> SignatureScheme:
    """The scheme that the option `signature` describes."""
    timestamp: Mapping[str, str] = option.get("timestamp", {})
    header = timestamp.get("header")
    return SignatureScheme(
        header=option["header"].lower(),
        algorithm=option.get("algorithm", "sha256"),
        encoding=option.get("encoding", "hex"),
        prefix=option.get("prefix", ""),
        part=option.get("part"),
        timestamp_header=None if header is None else header.lower(),
        timestamp_part=timestamp.get("part"),
        content=option.get("signed", "{body}"),
        tolerance=timedelta(seconds=option.get("tolerance_seconds", DEFAULT_TOLERANCE_SECONDS)),
        decoded_key=option.get("secret", "text") == "base64",
    )


def verify_by_options(
    headers: VendorHeaders, body: bytes, secrets: Sequence[str], now: datetime, options: JsonObject
) -> SignatureVerdict:
    """Whether the body is signed by any of the secrets, and how old the signature is where it says so."""
    scheme = read_scheme(options["signature"])
    header = headers.get(scheme.header, "")
    timestamp = _timestamp(scheme, headers, header)
    signatures = [_decoded(scheme, text) for text in _signatures(scheme, header)]
    content = _content(scheme, headers, body, timestamp)
    if not signed([_secret(scheme, secret) for secret in secrets], content, signatures, scheme.algorithm):
        return SignatureVerdict.BAD
    if scheme.timestamp_header is None and scheme.timestamp_part is None:
        return SignatureVerdict.VALID
    try:
        moment = _EPOCH + timedelta(milliseconds=vendor_instant(timestamp).time_ms)
    except (BadValue, OverflowError):
        return SignatureVerdict.BAD
    return age_verdict(moment, now, scheme.tolerance)


def _timestamp(scheme: SignatureScheme, headers: VendorHeaders, header: str) -> str:
    if scheme.timestamp_header is not None:
        return headers.get(scheme.timestamp_header, "")
    return next(_parts(header, scheme.timestamp_part), "") if scheme.timestamp_part is not None else ""


def _parts(header: str, name: str) -> Iterator[str]:
    """The values of the parts with a name, in `t=1,v1=ab,v1=cd`."""
    for part in header.split(","):
        found, equals, value = part.strip().partition("=")
        if equals and found == name:
            yield value


def _signatures(scheme: SignatureScheme, header: str) -> Iterator[str]:
    """The texts of the signatures: a header can have several, separated by blanks, or several parts of one name."""
    for text in header.split() if scheme.part is None else _parts(header, scheme.part):
        if text.startswith(scheme.prefix):
            yield text.removeprefix(scheme.prefix)


def _decoded(scheme: SignatureScheme, text: str) -> bytes:
    return from_base64(text) if scheme.encoding == "base64" else from_hex(text)


def _content(scheme: SignatureScheme, headers: VendorHeaders, body: bytes, timestamp: str) -> bytes:
    """What is signed: the bytes as received, between the texts that the vendor adds."""
    pieces: list[bytes] = []
    end = 0
    for found in PLACEHOLDER.finditer(scheme.content):
        pieces.append(scheme.content[end : found.start()].encode())
        pieces.append(_piece(found[1], headers, body, timestamp))
        end = found.end()
    return b"".join((*pieces, scheme.content[end:].encode()))


def _piece(name: str, headers: VendorHeaders, body: bytes, timestamp: str) -> bytes:
    if name == "body":
        return body
    text = timestamp if name == "timestamp" else headers.get(name.removeprefix("header:").lower(), "")
    return text.encode(errors="surrogateescape")


def _secret(scheme: SignatureScheme, secret: str) -> bytes:
    """The key: the text as it is, or the bytes that it is the base64 of, where the vendor says so."""
    if not scheme.decoded_key:
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_BEFORE_BASE64), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()
