"""The signing key of one data folder: the services check tokens with its public half, `crosslook token` issues them."""

import base64
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from crosslook.contracts.ids import TENANT
from crosslook.local.folder import DataFolder, write_secret
from crosslook.local.messages import Refusal
from crosslook.platform.auth import ANY_TENANT, SCOPES
from crosslook.platform.settings import AuthSettings

SUBJECT = "crosslook-command"
_TTL = re.compile(r"^(?:\d+[smhd])+$")
_TTL_PART = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def ensure_keys(folder: DataFolder) -> None:
    """Make the folder's key pair unless it has one."""
    if not folder.private_key.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_secret(folder.private_key, pem)
    # Written anew each time: it follows from the private key, and a crash may have come between the two.
    draft = folder.key_set.with_suffix(".draft")
    draft.write_text(json.dumps({"keys": [_public(_load(folder))]}))
    draft.replace(folder.key_set)


def issue(folder: DataFolder, tenant: str, scope: str, ttl: timedelta, now: datetime | None = None) -> str:
    """A bearer token (CONTRACTS 1) for a tenant, or `*`. Raises Refusal for a bad tenant or scope, and
    for a folder without a key."""
    if tenant != ANY_TENANT and not TENANT.match(tenant):
        raise Refusal("bad_tenant", tenant=tenant)
    scopes = scope.split()
    if not scopes:
        raise Refusal("no_scope", known=" ".join(SCOPES))
    for one in scopes:
        if one not in SCOPES:
            raise Refusal("unknown_scope", scope=one, known=" ".join(SCOPES))
    key, at, local = _load(folder), now or datetime.now(UTC), AuthSettings()
    claims = {
        "iss": local.issuer,
        "aud": local.audience,
        "sub": SUBJECT,
        "iat": at,
        "exp": at + ttl,
        "tenant": tenant,
        "scope": " ".join(scopes),
    }
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": _public(key)["kid"]})


def parse_ttl(text: str) -> timedelta:
    """A span of time written as 90s, 30m, 1h, 7d or a sum of such. Raises Refusal."""
    seconds = sum(int(count) * _SECONDS[unit] for count, unit in _TTL_PART.findall(text))
    if not _TTL.match(text) or not 0 < seconds <= 3650 * 86_400:
        raise Refusal("bad_ttl", ttl=text)
    return timedelta(seconds=seconds)


def _load(folder: DataFolder) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(folder.private_key.read_bytes(), password=None)
    except (OSError, ValueError):
        raise Refusal("no_keys", folder=str(folder.root)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Refusal("no_keys", folder=str(folder.root))
    return key


def _public(key: Ed25519PrivateKey) -> dict[str, Any]:
    """The public JWK; its id is the key's RFC 7638 thumbprint."""
    x = _base64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    members = {"crv": "Ed25519", "kty": "OKP", "x": x}
    thumbprint = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**members, "use": "sig", "alg": "EdDSA", "kid": _base64(thumbprint)}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
