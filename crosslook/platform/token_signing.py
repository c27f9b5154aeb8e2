"""Signs tokens with an Ed25519 key: those of the command, of sessions of the page, and the codes of sign-in links."""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a PEM file. Raises OSError, or ValueError for what is not an unencrypted Ed25519 key."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except TypeError:
        raise ValueError("the key is encrypted") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return key


def public_jwk(key: Ed25519PrivateKey) -> dict[str, Any]:
    """The public JWK; its id is the key's RFC 7638 thumbprint."""
    x = _base64(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))
    members = {"crv": "Ed25519", "kty": "OKP", "x": x}
    thumbprint = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    return {**members, "use": "sig", "alg": "EdDSA", "kid": _base64(thumbprint)}


class TokenSigner:
    """Signs claims with one key, and names its id in the header of each token."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key()
        self.kid = str(public_jwk(key)["kid"])

    def sign(self, claims: Mapping[str, Any]) -> str:
        """The signed token."""
        return jwt.encode(dict(claims), self._key, algorithm="EdDSA", headers={"kid": self.kid})


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
