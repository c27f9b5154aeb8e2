"""The signing key of one data folder: the services check tokens with its public half, `crosslook token` issues them."""

import base64
import hashlib
import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.fernet import Fernet
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
from crosslook.local.messages import CommandRefused
from crosslook.platform.auth import ANY_TENANT, SCOPES
from crosslook.platform.settings import AuthSettings
from crosslook.platform.signing_keys import parse_keys

SUBJECT = "crosslook-command"
LONGEST_TTL = timedelta(days=30)
"""No token can be withdrawn by itself, only its key: so none lives for long."""
_TTL = re.compile(r"(?:[0-9]{1,9}[smhd]){1,8}\Z")
_SHOWN = 40
_LOCAL = AuthSettings()
_TTL_PART = re.compile(r"(\d+)([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def ensure_keys(folder: DataFolder) -> None:
    """Make the folder's key pair, unless there is a key set: what is there already stays, because it may be an identity
    provider's. To have new keys made, delete both files."""
    if folder.key_set.exists():
        return
    if not folder.private_key.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_secret(folder.private_key, pem)
    # Last, and whole: a crash before this line leaves a private key from which the next start writes the set.
    draft = folder.key_set.with_suffix(".draft")
    draft.write_text(json.dumps({"keys": [_public(_load(folder))]}))
    draft.replace(folder.key_set)


def ensure_secrets_key(folder: DataFolder) -> None:
    """Make the key that encrypts signing secrets of integrations, unless there is one."""
    if not folder.secrets_keys.exists():
        write_secret(folder.secrets_keys, Fernet.generate_key() + b"\n")


def issue(
    folder: DataFolder,
    tenant: str,
    scope: str,
    ttl: timedelta,
    now: datetime | None = None,
    *,
    auth: AuthSettings = _LOCAL,
) -> str:
    """A bearer token (CONTRACTS 1) for a tenant, or `*`, with the issuer and audience of `auth`.

    Raises CommandRefused for a bad tenant or scope, a folder without a key, and one whose services trust other keys.
    """
    if tenant != ANY_TENANT and not TENANT.match(tenant):
        raise CommandRefused("bad_tenant", tenant=tenant)
    scopes = scope.split()
    if not scopes:
        raise CommandRefused("no_scope", known=" ".join(SCOPES))
    for wanted in scopes:
        if wanted not in SCOPES:
            raise CommandRefused("unknown_scope", scope=wanted, known=" ".join(SCOPES))
    key, at = _load(folder), now or datetime.now(UTC)
    kid = _public(key)["kid"]
    if not _accepted(folder, kid):
        raise CommandRefused("key_not_accepted", key_set=str(folder.key_set))
    claims = {
        "iss": auth.issuer,
        "aud": auth.audience,
        "sub": SUBJECT,
        "jti": uuid.uuid4().hex,
        "iat": at,
        "exp": at + ttl,
        "tenant": tenant,
        "scope": " ".join(scopes),
    }
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": kid})


def parse_ttl(text: str) -> timedelta:
    """A span of time written as 90s, 30m, 1h, 7d or a sum of such. Raises CommandRefused, also beyond `LONGEST_TTL`."""
    if not _TTL.match(text):
        raise CommandRefused("bad_ttl", ttl=text[:_SHOWN])
    seconds = sum(int(count) * _SECONDS[unit] for count, unit in _TTL_PART.findall(text))
    if seconds == 0:
        raise CommandRefused("bad_ttl", ttl=text[:_SHOWN])
    if seconds > LONGEST_TTL.total_seconds():
        raise CommandRefused("ttl_too_long", ttl=text, limit=LONGEST_TTL.days)
    return timedelta(seconds=seconds)


def _accepted(folder: DataFolder, kid: str) -> bool:
    """Whether the folder's key set holds the key; one that cannot be read is the services' matter."""
    try:
        return kid in parse_keys(json.loads(folder.key_set.read_bytes()))
    except (OSError, ValueError):
        return True


def _load(folder: DataFolder) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(folder.private_key.read_bytes(), password=None)
    except (OSError, ValueError):
        raise CommandRefused("no_keys", folder=str(folder.root)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CommandRefused("no_keys", folder=str(folder.root))
    return key


def _public(key: Ed25519PrivateKey) -> dict[str, Any]:
    """The public JWK; its id is the key's RFC 7638 thumbprint."""
    x = _base64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    members = {"crv": "Ed25519", "kty": "OKP", "x": x}
    thumbprint = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**members, "use": "sig", "alg": "EdDSA", "kid": _base64(thumbprint)}


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
