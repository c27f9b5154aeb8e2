"""An identity provider for tests: its keys, the tokens it signs, and its key endpoint on loopback."""

import base64
import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any, cast

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import OKPAlgorithm, RSAAlgorithm

ED = Ed25519PrivateKey.generate()
RSA = generate_private_key(65537, 2048)
STRANGER = Ed25519PrivateKey.generate()


def jwk(key: Any, kid: str) -> dict[str, Any]:
    """The public half of a key under an id."""
    algorithm: Any = RSAAlgorithm if isinstance(key, RSAPrivateKey) else OKPAlgorithm
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}


KEYS: dict[str, Any] = {
    "keys": [
        jwk(ED, "ed"),
        jwk(RSA, "rsa"),
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEy"},
    ]
}


def claims(**changes: Any) -> dict[str, Any]:
    """Claims that are good for a minute; `...` takes one away."""
    now = int(time())
    body = {
        "iss": "crosslook-local",
        "aud": "crosslook",
        "sub": "someone",
        "iat": now,
        "exp": now + 60,
        "tenant": "acme",
        "scope": "schemas:read reports:read",
    }
    return {name: value for name, value in {**body, **changes}.items() if value is not ...}


def token(key: Any = ED, algorithm: str = "EdDSA", kid: str | None = "ed", **changes: Any) -> str:
    """A signed token; `changes` are to its claims."""
    return jwt.encode(claims(**changes), key, algorithm, headers={"kid": kid} if kid else {})


def unsigned(header: Mapping[str, Any] | bytes, body: Mapping[str, Any] | None = None) -> str:
    """A token that nobody signed."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    parts = (raw, json.dumps(body or claims()).encode(), b"")
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


@dataclass(slots=True)
class Stepped:
    """A monotonic clock that stands until it is moved."""

    at: float = 1000.0

    def __call__(self) -> float:
        """Its second."""
        return self.at


@dataclass(slots=True)
class KeyEndpoint:
    """What the endpoint answers, and how often it was asked."""

    url: str
    document: Any = field(default_factory=lambda: KEYS)
    status: int = 200
    fetches: int = 0


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        endpoint: KeyEndpoint = cast(Any, self.server).endpoint
        endpoint.fetches += 1
        self.send_response(endpoint.status)
        self.end_headers()
        self.wfile.write(json.dumps(endpoint.document).encode())

    def log_message(self, format: str, *arguments: Any) -> None:
        """Silence."""


@contextlib.contextmanager
def key_endpoint() -> Iterator[KeyEndpoint]:
    """A key endpoint that answers `KEYS` until it is told otherwise."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    endpoint = KeyEndpoint(f"http://127.0.0.1:{server.server_address[1]}/keys")
    cast(Any, server).endpoint = endpoint
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
