"""The keys that verify tokens: a JWK set from a file or a URL, reread while the service runs.

A key that was withdrawn is refused within a minute. A key that was added is accepted within a few seconds. While the
set cannot be read, the last one stays in use for a bounded time (`CROSSLOOK_AUTH__KEEP_KEYS_SECONDS`), so that an
identity provider may restart. A set of keys none of which can be used is such a fault; `{"keys": []}`
withdraws them all.
"""

import http.client
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from crosslook.platform.errors import StopService, Unavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.settings import AuthSettings

READ_AGAIN_SECONDS = 30.0
"""Age at which a set is read again before the next signature is checked."""
TRUSTED_SECONDS = 60.0
"""How long what was read decides alone; beyond that a check waits for the reading under way."""
RETRY_SECONDS = 5.0
"""Pause between two readings that an unknown key id or a failure causes: nobody can hammer the URL through us."""
_FETCH_SECONDS = 5.0
_UNREADABLE = (jwt.PyJWTError, OSError, ValueError, http.client.HTTPException)
_LOG = get_logger(__name__)

Keys = Mapping[str, jwt.PyJWK]
KeySource = Callable[[], Keys]
"""Reads the set anew: keys by their ids. May block. Raises any of `_UNREADABLE`."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """A set that was read. Instants are seconds of the monotonic clock."""

    keys: Keys
    read_at: float


class SigningKeys:
    """The current key set of one source. Thread-safe; a call may block while the set is read."""

    def __init__(
        self, source: KeySource, keep_seconds: float, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.source = source
        self._keep_seconds = keep_seconds
        self._monotonic = monotonic
        self._reading: _Reading | None = None
        self._tried_at = float("-inf")
        self._failing = False
        self._lock = threading.Lock()

    def key_of(self, token: str) -> jwt.PyJWK:
        """The key whose id the token's header names.

        Raises jwt.PyJWTError for a token that names none of them, and Unavailable when there is no set to look into.
        """
        wanted = jwt.get_unverified_header(token).get("kid")
        if not isinstance(wanted, str):
            raise jwt.InvalidKeyError("the token names no key id")
        found = self._current(READ_AGAIN_SECONDS).get(wanted) or self._current(RETRY_SECONDS).get(wanted)
        if found is None:
            raise jwt.InvalidKeyError("the token names an unknown key id")
        return found

    def trusted_for(self) -> float:
        """For how many seconds from now a signature that was just checked needs no other check."""
        return 0.0 if self._reading is None else max(TRUSTED_SECONDS - self._age(self._reading), 0.0)

    def _current(self, most_age: float) -> Keys:
        """The set, read again where it is older than `most_age` seconds and no reading was tried just now."""
        reading = self._reading
        if reading is None or self._age(reading) >= most_age:
            # One caller reads; the others go on with the set they have, unless it may hold a withdrawn key by now.
            wait = reading is None or (self._age(reading) >= TRUSTED_SECONDS and not self._failing)
            if self._lock.acquire(blocking=wait):
                try:
                    self._read_unless_just_tried(most_age)
                finally:
                    self._lock.release()
        return self._usable()

    def _read_unless_just_tried(self, most_age: float) -> None:
        reading, now = self._reading, self._monotonic()
        if now - self._tried_at < RETRY_SECONDS or (reading is not None and self._age(reading) < most_age):
            return
        self._tried_at = now
        try:
            keys = self.source()
        except _UNREADABLE as error:
            if not self._failing:
                _LOG.warning("signing_keys_unreadable", error=type(error).__name__, keep_seconds=self._keep_seconds)
            self._failing = True
            return
        if self._failing or reading is None or reading.keys.keys() != keys.keys():
            if keys:
                _LOG.info("signing_keys_read", key_ids=sorted(keys))
            else:
                _LOG.warning("signing_keys_empty", before=sorted(reading.keys) if reading is not None else [])
        self._failing, self._reading = False, _Reading(keys, now)

    def _usable(self) -> Keys:
        reading = self._reading
        if reading is None or self._age(reading) >= TRUSTED_SECONDS + self._keep_seconds:
            raise Unavailable("signing_keys")
        return reading.keys

    def _age(self, reading: _Reading) -> float:
        return self._monotonic() - reading.read_at


def signing_keys(settings: AuthSettings) -> SigningKeys:
    """The keys that the settings name. A URL is read when the first token comes.

    Raises StopService when they name none, a URL that is not HTTP, or a file that is not a JWK set.
    """
    source, page = _source(settings), settings.page_jwks_file
    if page is None:
        return SigningKeys(source, settings.keep_keys_seconds)
    of_page = _from_file(page, "CROSSLOOK_AUTH__PAGE_JWKS_FILE")
    return SigningKeys(lambda: {**of_page(), **source()}, settings.keep_keys_seconds)


def _source(settings: AuthSettings) -> KeySource:
    file, url = settings.jwks_file, settings.jwks_url
    if url:
        try:
            client = jwt.PyJWKClient(url, cache_jwk_set=False, timeout=_FETCH_SECONDS)
        except jwt.PyJWKClientError:
            raise StopService("CROSSLOOK_AUTH__JWKS_URL must be an http or https URL") from None
        return lambda: parse_keys(client.fetch_data())
    if file is None:
        raise StopService("CROSSLOOK_AUTH__JWKS_FILE or CROSSLOOK_AUTH__JWKS_URL must name the keys that sign tokens")
    return _from_file(file, "CROSSLOOK_AUTH__JWKS_FILE")


def _from_file(file: Path, setting: str) -> KeySource:
    """Raises StopService for a file that is not a JWK set."""
    try:
        _read_file(file)
    except _UNREADABLE as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a JWK set, or none of its keys is usable"
        raise StopService(f"{setting} names {file}, which cannot be read: {reason}") from None
    return lambda: _read_file(file)


def _read_file(file: Path) -> Keys:
    return parse_keys(json.loads(file.read_bytes()))


def parse_keys(document: Any) -> Keys:
    """The usable signing keys of a JWK set by their ids (RFC 7517); those of other uses and kinds are left out.

    An empty set is a set: then no token is accepted. Raises ValueError for what is not a JWK set, and for a set of keys
    that can none of them be used: nobody withdraws keys like that.
    """
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ValueError("not a JWK set")
    found = (_key(entry) for entry in entries if isinstance(entry, dict) and entry.get("use", "sig") == "sig")
    usable = {key.key_id: key for key in found if key is not None and isinstance(key.key_id, str)}
    if entries and not usable:
        raise ValueError("no key of the JWK set can be used")
    return usable


def _key(entry: dict[str, Any]) -> jwt.PyJWK | None:
    try:
        return jwt.PyJWK(entry)
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
