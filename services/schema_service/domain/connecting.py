"""What a tenant sends to connect an integration, read strictly (CONTRACTS 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crosslook.contracts.problems import Problems
from crosslook.contracts.reading import Reader, read_object

SECRET_MAX = 1000
GRACE_HOURS_MOST = 168
_MEMBERS = ("kind", "signing_secret", "options", "grace_hours")
_READ_ONLY = frozenset({"name", "label", "state", "object", "webhook_path", "connected_at", "replaced_until", "health"})
"""What an answer adds to what was sent."""
_OTHER_NAMES = {
    "secret": "signing_secret",
    "signing_key": "signing_secret",
    "integration": "kind",
    "type": "kind",
    "config": "options",
    "settings": "options",
}


@dataclass(frozen=True, slots=True)
class ConnectionRequest:
    """A request to connect an integration or to change it. None: left out, which keeps what stands."""

    kind: str | None = None
    secret: str | None = None
    options: dict[str, Any] | None = None
    grace_hours: int | None = None


def parse_connection(body: Any, kinds: Sequence[str]) -> tuple[ConnectionRequest | None, Problems]:
    """The request that a body means, and every problem with it. `kinds`: the integrations that there are.

    The options are checked by their own schema (`domain.option_problems`)."""
    return read_object(body, lambda root: _request(root, kinds))


def _request(root: Reader, kinds: Sequence[str]) -> ConnectionRequest | None:
    kind = root.word("kind", kinds)
    secret = _secret(root)
    options = root.child("options")
    grace = root.integer("grace_hours", 0, GRACE_HOURS_MOST)
    root.close(_MEMBERS, _READ_ONLY, _OTHER_NAMES)
    if root.problems:
        return None
    return ConnectionRequest(kind, secret, _plain(options.sent) if options is not None else None, grace)


def _secret(root: Reader) -> str | None:
    """A secret is used as it is shown: with a blank or a line break of the clipboard no signature would be right."""
    secret = root.text("signing_secret", SECRET_MAX)
    if secret is None or secret == secret.strip() != "":
        return secret
    if not secret.strip():
        root.refuse("required_missing", "signing_secret", values={"name": "signing_secret"})
    else:
        root.refuse("bad_value", "signing_secret", text="bad_value.blank_around")
    return None


def _plain(value: Any) -> Any:
    """The value with doubles for numbers of many digits: options are read by JSON Schema and by the integrations."""
    match value:
        case Decimal():
            return float(value)
        case dict():
            return {name: _plain(member) for name, member in value.items()}
        case list():
            return [_plain(item) for item in value]
        case _:
            return value
