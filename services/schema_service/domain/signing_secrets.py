"""Which signing secrets of a connection are valid, and for how long after they were replaced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE_HOURS = 24
SECRETS_MOST = 4
"""Most secrets of a connection that are valid at the same time; the one that was replaced first goes first."""


@dataclass(frozen=True, slots=True)
class SigningSecret:
    """A secret in clear text, for no log and no answer. `until`: when it stops being valid; None for the current one.
    `sealed`: as it is stored; "" for one that is not yet."""

    text: str
    until: datetime | None = None
    sealed: str = ""

    def __repr__(self) -> str:
        return f"SigningSecret(until={self.until})"


def valid_secrets(secrets: Iterable[SigningSecret], now: datetime) -> list[SigningSecret]:
    """Those that are valid at an instant, the current one first."""
    return [secret for secret in secrets if secret.until is None or secret.until > now][:SECRETS_MOST]


def with_secret(
    secrets: Sequence[SigningSecret], sent: str | None, grace_hours: int | None, now: datetime
) -> list[SigningSecret]:
    """The secrets after a request: `sent` is the current one, and what it replaces stays valid for the grace.

    `sent`: None keeps the current one. `grace_hours`: how long replaced ones are valid from now on, at the longest,
    those included that were replaced before: 0 ends them. None: 24 hours for what is replaced now, and no change for
    the others.
    """
    kept = valid_secrets(secrets, now)
    current = kept[0].text if kept and kept[0].until is None else None
    text = current if sent is None else sent
    if text is None:
        return kept
    before = next((secret for secret in kept if secret.text == text and secret.until is None), SigningSecret(text))
    others = [_replaced(secret, grace_hours, now) for secret in kept if secret.text != text]
    return valid_secrets([before, *others], now)


def _replaced(secret: SigningSecret, grace_hours: int | None, now: datetime) -> SigningSecret:
    if secret.until is not None and grace_hours is None:
        return secret
    until = now + timedelta(hours=GRACE_HOURS if grace_hours is None else grace_hours)
    return SigningSecret(secret.text, min(until, secret.until or until), secret.sealed)
