"""The signing key of one data folder: the services check tokens with its public half, `crosslook token` issues them."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from crosslook.contracts.ids import TENANT
from crosslook.contracts.sign_in import CODE_AUDIENCE, CODE_SECONDS
from crosslook.local.folder import DataFolder, write_secret
from crosslook.local.messages import CommandRefused
from crosslook.platform.auth import ANY_TENANT, SCOPES
from crosslook.platform.settings import AuthSettings
from crosslook.platform.signing_keys import parse_keys
from crosslook.platform.token_signing import TokenSigner, load_signing_key, public_jwk

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
    if not folder.key_set.exists():
        _make_pair(folder.private_key, folder.key_set, lambda: _load(folder))


def ensure_page_keys(folder: DataFolder) -> None:
    """Make a key pair for the sessions of the page alone, unless it is there: services trust it beside the keys of an
    identity provider."""
    if not folder.page_key_set.exists():
        _make_pair(folder.page_key, folder.page_key_set, lambda: load_signing_key(folder.page_key))


def _make_pair(private: Path, public: Path, load: Callable[[], Ed25519PrivateKey]) -> None:
    if not private.exists():
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_secret(private, pem)
    # Last, and whole: a crash before this line leaves a private key from which the next start writes the set.
    draft = public.with_suffix(".draft")
    draft.write_text(json.dumps({"keys": [public_jwk(load())]}))
    draft.replace(public)


def ensure_sealing_keys(folder: DataFolder) -> None:
    """Make the key that encrypts signing secrets of integrations, and the key that seals sessions of the page, unless
    they are there."""
    for file in (folder.secrets_keys, folder.session_keys):
        if not file.exists():
            write_secret(file, Fernet.generate_key() + b"\n")


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
    return _signed(folder, auth.issuer, auth.audience, tenant, scope, ttl, now)


def issue_code(
    folder: DataFolder, tenant: str, scope: str, *, auth: AuthSettings = _LOCAL, now: datetime | None = None
) -> str:
    """A sign-in code for a tenant, or `*`: valid once, for `CODE_SECONDS` from `now`.

    Raises CommandRefused as `issue`.
    """
    return _signed(folder, auth.issuer, CODE_AUDIENCE, tenant, scope, timedelta(seconds=CODE_SECONDS), now)


def _signed(
    folder: DataFolder,
    issuer: str,
    audience: str,
    tenant: str,
    scope: str,
    ttl: timedelta,
    now: datetime | None = None,
) -> str:
    if tenant != ANY_TENANT and not TENANT.match(tenant):
        raise CommandRefused("bad_tenant", tenant=tenant)
    scopes = scope.split()
    if not scopes:
        raise CommandRefused("no_scope", known=" ".join(SCOPES))
    for wanted in scopes:
        if wanted not in SCOPES:
            raise CommandRefused("unknown_scope", scope=wanted, known=" ".join(SCOPES))
    signer, at = TokenSigner(_load(folder)), now or datetime.now(UTC)
    if not _accepted(folder, signer.kid):
        raise CommandRefused("key_not_accepted", key_set=str(folder.key_set))
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": SUBJECT,
        "jti": uuid.uuid4().hex,
        "iat": at,
        "exp": at + ttl,
        "tenant": tenant,
        "scope": " ".join(scopes),
    }
    return signer.sign(claims)


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
        return load_signing_key(folder.private_key)
    except (OSError, ValueError):
        raise CommandRefused("no_keys", folder=str(folder.root)) from None
