"""Aliases: references that stand for other references, such as a vendor's user for the contact with an e-mail. Pure.

An alias names its targets in order of preference. The one with the greatest version counts, in whatever order the
versions of an alias arrive; one without targets ends it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosslook.contracts.values import email_key

SEQUENCE_BITS = 20
"""How many bits of an alias's version order those of the same millisecond."""
_EMAIL = "email:"

AliasKey = tuple[str, str]
"""A tenant, and one of its references."""


@dataclass(frozen=True, slots=True)
class LinkAlias:
    """A reference of a tenant and what it stands for, all in the forms of `contracts.references`: `id:c-7`,
    `external:zendesk:88`, `email:a@x.com`. `version`: see `alias_version`."""

    tenant: str
    reference: str
    targets: tuple[str, ...]
    version: int

    @property
    def key(self) -> AliasKey:
        """What it is about."""
        return self.tenant, self.reference


@dataclass(frozen=True, slots=True)
class StoredAlias:
    """What is stored under a key. `changed_ms`: since when it has these targets, in milliseconds since the epoch."""

    targets: tuple[str, ...]
    version: int
    changed_ms: int


def alias_version(time_ms: int, sequence: int = 0) -> int:
    """The version of an alias that is known since an instant, in milliseconds since the epoch. `sequence` orders those
    of one instant; what is out of bounds counts as the bound."""
    return max(time_ms, 0) << SEQUENCE_BITS | min(max(sequence, 0), (1 << SEQUENCE_BITS) - 1)


def canonical(alias: LinkAlias) -> LinkAlias:
    """The alias with e-mails in the form in which they are compared, each target once, and not itself."""
    reference = _compared(alias.reference)
    targets = dict.fromkeys(_compared(target) for target in alias.targets)
    kept = tuple(target for target in targets if target != reference)
    return LinkAlias(alias.tenant, reference, kept, alias.version)


def newest_aliases(aliases: Iterable[LinkAlias]) -> list[LinkAlias]:
    """Of each key the alias with the greatest version; of equal versions the greatest targets, whatever came first."""
    found: dict[AliasKey, LinkAlias] = {}
    for alias in map(canonical, aliases):
        known = found.get(alias.key)
        if known is None or (alias.version, alias.targets) > (known.version, known.targets):
            found[alias.key] = alias
    return list(found.values())


def to_write(
    aliases: Iterable[LinkAlias], stored: Mapping[AliasKey, StoredAlias], now_ms: int
) -> list[tuple[LinkAlias, int]]:
    """Those of the newest aliases that are newer than what is stored, each with the instant since when its reference
    has these targets: an alias that a sender repeats with every message makes nobody look for links again."""
    written = []
    for alias in aliases:
        before = stored.get(alias.key)
        if before is not None and before.version >= alias.version:
            continue
        if before is None and not alias.targets:
            changed = 0  # it ends nothing, and must win over an older one that comes later
        else:
            changed = before.changed_ms if before is not None and before.targets == alias.targets else now_ms
        written.append((alias, changed))
    return written


def _compared(reference: str) -> str:
    if not reference.startswith(_EMAIL):
        return reference
    return f"{_EMAIL}{email_key(reference.removeprefix(_EMAIL))}"
