"""Aliases: references that stand for other references, such as a vendor's user for the contact with an e-mail. Pure.

An alias names its targets in order of preference. The one with the greatest version counts, in whatever order the
versions of an alias arrive; one without targets ends it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crosslook.contracts.values import email_key

SEQUENCE_BITS = 20
"""How many bits of an alias's version order those of the same millisecond."""
_EMAIL, _ID = "email:", "id:"

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


FOLLOWED_MOST = 100
"""So many aliases are looked at for one reference: chains of merges are short, and circles end."""

ChainedAliases = Mapping[AliasKey, Sequence[tuple[str, str]]]
"""Aliases that name others: each target, and the contact that it stands for if it is not one of these aliases."""


def follow_chained(aliases: ChainedAliases) -> dict[AliasKey, str]:
    """The contact that each of these aliases stands for, as the index of contacts has it (`alias_statements`): the
    first target that is known, depth first, each alias looked at once. Those that stand for none are absent."""
    found = {}
    for key in aliases:
        named, survivor = _followed(key, aliases)
        if survivor:
            found[key] = survivor if key[1].startswith(_ID) else named
    return found


def _followed(start: AliasKey, aliases: ChainedAliases) -> tuple[str, str]:
    """The contact that an alias names, and the one that this is now; twice "" where there is none."""
    tenant, seen = start[0], {start}
    path = [(start[1], iter(aliases[start]))]
    while path:
        for target, hit in path[-1][1]:
            if hit:
                names = [*(reference for reference, _ in path[1:]), target]
                merged = next((name for name in names if name.startswith(_ID)), None)
                return (hit if merged is None else merged.removeprefix(_ID)), hit
            key = (tenant, target)
            if key in aliases and key not in seen and len(seen) < FOLLOWED_MOST:
                seen.add(key)
                path.append((target, iter(aliases[key])))
                break
        else:
            path.pop()
    return "", ""


def _compared(reference: str) -> str:
    if not reference.startswith(_EMAIL):
        return reference
    return f"{_EMAIL}{email_key(reference.removeprefix(_EMAIL))}"
