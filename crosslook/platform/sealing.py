"""Secrets at rest: encrypted with keys of the deployment, each bound to the place that it belongs to.

The cipher is Fernet (AES-128-CBC with HMAC-SHA256). The place is part of what is encrypted, so that whoever can write
stored documents cannot move a sealed secret to another tenant.
"""

from collections.abc import Sequence
from pathlib import Path

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from crosslook.platform.errors import StopService


class SealBroken(Exception):
    """A sealed secret cannot be opened: no key fits, it is damaged, or it belongs to another place."""


class SecretSealer:
    """Seals secrets with the first key and opens them with any. Without keys it can do neither.

    `keys`: Fernet keys, 32 bytes in url-safe base64 each. Raises ValueError for a text that is not one, by its number
    and without the text.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        fernets = [_fernet(key, number) for number, key in enumerate(keys, 1)]
        self._first = fernets[0] if fernets else None
        self._all = MultiFernet(fernets) if fernets else None

    @property
    def has_keys(self) -> bool:
        """Whether there is a key at all."""
        return self._all is not None

    def seal(self, secret: str, *place: str) -> str:
        """The secret, encrypted for its place. Raises SealBroken without keys."""
        if self._all is None:
            raise SealBroken
        return self._all.encrypt(orjson.dumps([secret, *place])).decode()

    def open(self, sealed: str, *place: str) -> str:
        """The secret that was sealed for this place. Raises SealBroken."""
        if self._all is None:
            raise SealBroken
        try:
            secret, *found = orjson.loads(self._all.decrypt(sealed))
        except (InvalidToken, ValueError):
            raise SealBroken from None
        if tuple(found) != place:
            raise SealBroken
        return str(secret)

    def is_current(self, sealed: str) -> bool:
        """Whether the first key sealed it: then all other keys may go."""
        try:
            return self._first is not None and bool(self._first.decrypt(sealed))
        except (InvalidToken, ValueError):
            return False


def sealer_of(keys: str, file: Path | None = None) -> SecretSealer:
    """The sealer with these keys, comma-separated or one a line, or with those in the file.

    Raises ValueError for a wrong key, and StopService where the file cannot be read or has one."""
    if file is None:
        return SecretSealer(_split(keys))
    try:
        return SecretSealer(_split(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise StopService(f"{file}: {reason}") from None


def _split(keys: str) -> list[str]:
    return [key for line in keys.splitlines() for key in map(str.strip, line.split(",")) if key]


def _fernet(key: str, number: int) -> Fernet:
    try:
        return Fernet(key)
    except ValueError:
        raise ValueError(f"key {number} is not 32 bytes in url-safe base64") from None
