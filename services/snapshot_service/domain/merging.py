"""`merge_aliases()`: what a refresh must compute about merged contacts, in plain Python. Property tests compare the SQL
with it.

The deletion of a contact may name another one that it was merged into. Of the upserts and merges of a contact the
greatest decides whether it is merged; a deletion without a merge does not matter, so that a vendor may send both, in
any order. What the contact had when it was merged, its id, e-mail address and foreign ids, then stands for the contact
that remains. This is kept beside snapshots, as aliases, and outlives the tombstone.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import orjson

from crosslook.contracts.records import FOREIGN_IDS, MERGED_INTO, Admitted, EventKind
from services.snapshot_service.domain.compaction import BuiltRecord, Staged, references_of, version_of
from services.snapshot_service.domain.link_aliases import LinkAlias, alias_version


def merge_aliases(
    previous: Mapping[str, BuiltRecord],
    staged: Iterable[Staged],
    fresh: Collection[Staged],
    merged: Collection[str],
) -> list[LinkAlias]:
    """The aliases of a tenant that one refresh adds.

    `staged`: the first occurrences of contact events that staging still has, without those that came too late;
    `fresh`: those of them that no earlier refresh has seen. `merged`: the contacts that have been merged before.
    """
    moved = {event.record for event, _ in fresh if is_merge(event) or _returns(event, merged)}
    events: dict[str, list[Staged]] = {}
    for event, address in staged:
        if event.record in moved:
            events.setdefault(event.record, []).append((event, address))
    return [alias for record, found in events.items() for alias in _aliases(record, found, previous.get(record))]


def is_merge(event: Admitted) -> bool:
    """Whether the event says that its contact was merged."""
    return event.kind is EventKind.DELETE and MERGED_INTO in orjson.loads(event.references)


def _returns(event: Admitted, merged: Collection[str]) -> bool:
    return event.kind is EventKind.UPSERT and event.record in merged


def _aliases(record: str, events: Sequence[Staged], before: BuiltRecord | None) -> list[LinkAlias]:
    deciding = [staged for staged in events if staged[0].kind is EventKind.UPSERT or is_merge(staged[0])]
    last, address = max(deciding, key=lambda staged: version_of(*staged))
    merged_at = version_of(last, address)
    version = alias_version(*merged_at[:2])
    if not is_merge(last):
        return [LinkAlias(last.tenant, f"id:{record}", (), version)]
    targets = tuple(orjson.loads(last.references)[MERGED_INTO])
    named = _last_references([staged for staged in events if version_of(*staged) < merged_at], before)
    own = [LinkAlias(last.tenant, reference, (f"id:{record}",), version) for reference in named]
    return [LinkAlias(last.tenant, f"id:{record}", targets, version), *own]


def _last_references(events: Iterable[Staged], before: BuiltRecord | None) -> list[str]:
    """What the contact has after these events. A deletion takes nothing away: it may be the other half of the merge."""
    known = before.whole if before is not None else None
    email = known.fields.get("email") if known is not None else None
    foreign = tuple(known.external_ids or ()) if known is not None else ()
    for event, _ in sorted(events, key=lambda staged: version_of(*staged)):
        fields, whole = orjson.loads(event.fields), event.kind is EventKind.UPSERT
        if whole or "email" in fields:
            email = fields.get("email")
        if whole or FOREIGN_IDS in orjson.loads(event.references):
            foreign = tuple(event.external_ids)
    return sorted(references_of({"email": email}, foreign))
