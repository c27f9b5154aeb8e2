"""`compact()`: what a refresh must compute, in plain Python. Property tests compare the SQL with it.

Events of a record have a total order: (event time, sequence, partition, offset). The greatest upsert or delete is the
record's base: an upsert replaces the whole record, a delete leaves a tombstone, so that a late older event cannot bring
the record back within the horizon. Patches greater than the base replace the fields they name, in order. Base and
patches are kept for the horizon, so that a late event can still be ordered between them. Of events with the same
source and id only the first to arrive counts, also when that was in an earlier refresh.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import orjson

from crosslook.contracts.records import FOREIGN_IDS, MERGED_INTO, Address, Admitted, EventKind
from crosslook.contracts.values import email_key

Version = tuple[int, int, int, int]
Staged = tuple[Admitted, Address]


@dataclass(frozen=True, slots=True)
class Piece:
    """The content of one event, or of several that were folded into one. Of a patch `fields` and `references`
    hold what it names, `external_ids` is None where it does not name them. `hits`: beside each reference the contact
    it resolved to, "" while unknown."""

    kind: EventKind
    version: Version
    received_ms: int
    fields: Mapping[str, object]
    references: Mapping[str, tuple[str, ...]]
    hits: Mapping[str, tuple[str, ...]]
    external_ids: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class BuiltRecord:
    """One record of a build: its pieces, and what they make together. `links`: by relationship the contacts that a
    report joins. `base` is None while patches wait for the record's first whole event."""

    base: Piece | None
    patches: tuple[Piece, ...]
    whole: Piece | None
    links: Mapping[str, tuple[str, ...]]

    @property
    def deleted(self) -> bool:
        """Whether reports do not show it."""
        return self.whole is None

    @property
    def tombstone(self) -> bool:
        """Whether it is known to be deleted, which patches without a record are not."""
        return self.base is not None and self.base.kind is EventKind.DELETE

    @property
    def version(self) -> Version:
        """Of the greatest event that it is made of."""
        return max(piece.version for piece in (self.base, *self.patches) if piece is not None)


@dataclass(frozen=True, slots=True)
class ContactReferences:
    """The contacts of one snapshot. `by_reference`: those that references name, live ones and merged ones of which
    something remains. `survivors`: by contact the live one that it is now."""

    by_reference: Mapping[str, str]
    survivors: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(rows: Mapping[str, BuiltRecord], aliases: Mapping[str, Sequence[str]] | None = None) -> "ContactReferences":
        """Index live contacts; where two share a reference the oldest wins: created_at (missing last), then record.

        `aliases`: what references stand for that no live contact has itself: the first target that is known, depth
        first, each reference looked at once.
        """
        own = _own_references(rows)
        found = {reference: _stands_for(reference, own, aliases or {}) for reference in {*own, *(aliases or {})}}
        named = {reference: named for reference, (named, _) in found.items() if named}
        survivors = {named: survivor for reference, (named, survivor) in found.items() if reference == f"id:{named}"}
        return ContactReferences(named, survivors)


def _own_references(rows: Mapping[str, BuiltRecord]) -> dict[str, str]:
    live = {record: row.whole for record, row in rows.items() if row.whole is not None}

    def age(record: str) -> tuple[bool, str, str]:
        created = live[record].fields.get("created_at")
        return created is None, str(created), record

    named: dict[str, str] = {}
    for record in sorted(live, key=age):
        for reference in (f"id:{record}", *references_of(live[record].fields, live[record].external_ids or ())):
            named.setdefault(reference, record)
    return named


def references_of(fields: Mapping[str, object], external_ids: Iterable[str]) -> list[str]:
    """The references that a contact with these fields and foreign ids has, beside its id."""
    email = fields.get("email")
    references = [f"external:{id_}" for id_ in external_ids]
    return [*references, f"email:{email_key(str(email))}"] if email is not None else references


def _stands_for(reference: str, own: Mapping[str, str], aliases: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The contact that a reference names and the live one that this is now; twice "" where there is none."""
    seen = {reference}

    def follow(name: str) -> tuple[str, str]:
        named, survivor = own.get(name, ""), own.get(name, "")
        for target in aliases.get(name, ()) if not survivor else ():
            if target not in seen:
                seen.add(target)
                named, survivor = follow(target)
            if survivor:
                break
        return (name.removeprefix("id:") if survivor and name.startswith("id:") else named), survivor

    return follow(reference)


class Horizon(NamedTuple):
    """How late an event may be. `late_ms`: by how much its arrival may follow its own time, where its record has a
    greater event already; beyond that it is left out. `expiry_ms`: before this instant no event can come in time any
    more, so patches older than it are folded into their base, and tombstones received before it go."""

    late_ms: int
    expiry_ms: int


FOREVER = Horizon(late_ms=1 << 62, expiry_ms=-(1 << 62))


def version_of(row: Admitted, address: Address) -> Version:
    """The total order of a record's events."""
    return row.time_ms, row.sequence, address.partition, address.offset


def first_occurrences(staged: Iterable[Staged]) -> list[Staged]:
    """The events without repeats: of equal tenant, source and id, the first by (arrival, partition, offset)."""
    seen: dict[tuple[str, str, str], Staged] = {}
    for event in sorted(staged, key=lambda s: (s[1].received_ms, s[1].partition, s[1].offset)):
        seen.setdefault((event[0].tenant, event[0].source, event[0].event_id), event)
    return list(seen.values())


def too_late(event: Admitted, address: Address, before: BuiltRecord | None, horizon: Horizon) -> bool:
    """Whether an event came after the horizon to a record that had a greater one in the snapshot before. Old times of
    a new record are not late, nor is the first whole event that patches wait for."""
    if before is None or before.base is None:
        return False
    return event.time_ms < address.received_ms - horizon.late_ms and version_of(event, address) < before.version


def compact(
    previous: Mapping[str, BuiltRecord],
    staged: Iterable[Staged],
    many: Mapping[str, bool],
    contacts: ContactReferences,
    horizon: Horizon = FOREVER,
) -> dict[str, BuiltRecord]:
    """The rows of one object by record.

    `many` names its relationships to contact; `staged` holds first occurrences that no earlier refresh has seen.
    """
    pieces = {
        record: [patch for patch in (row.base, *row.patches) if patch is not None] for record, row in previous.items()
    }
    for event, address in staged:
        if not too_late(event, address, previous.get(event.record), horizon):
            pieces.setdefault(event.record, []).append(_piece(event, address))
    rows: dict[str, BuiltRecord] = {}
    for record, found in pieces.items():
        waited = previous.get(record)
        known = {piece.version for piece in waited.patches} if waited is not None and waited.base is None else set()
        row = _row([_resolved(piece, contacts) for piece in found], many, known, contacts.survivors, horizon)
        if row is not None:
            rows[record] = row
    return rows


def _piece(event: Admitted, address: Address) -> Piece:
    named = orjson.loads(event.references)
    ids = tuple(event.external_ids) if event.kind is not EventKind.PATCH or FOREIGN_IDS in named else None
    references = {slug: tuple(given) for slug, given in named.items() if slug not in (FOREIGN_IDS, MERGED_INTO)}
    unknown = {slug: ("",) * len(given) for slug, given in references.items()}
    fields = orjson.loads(event.fields)
    return Piece(event.kind, version_of(event, address), address.received_ms, fields, references, unknown, ids)


def _row(
    pieces: Sequence[Piece],
    many: Mapping[str, bool],
    waited: set[Version],
    survivors: Mapping[str, str],
    horizon: Horizon,
) -> BuiltRecord | None:
    """What remains of a record. `waited`: patches that had no record in the snapshot before."""
    base = max(
        (piece for piece in pieces if piece.kind is not EventKind.PATCH), key=lambda item: item.version, default=None
    )
    patches = sorted((piece for piece in pieces if piece.kind is EventKind.PATCH), key=lambda item: item.version)
    if base is None:
        kept = [patch for patch in patches if not (patch.version in waited and patch.received_ms < horizon.expiry_ms)]
        return BuiltRecord(None, tuple(kept), None, {}) if kept else None
    patches = [patch for patch in patches if patch.version > base.version]
    young = [patch for patch in patches if patch.version[0] >= horizon.expiry_ms]
    if base.kind is EventKind.DELETE:
        return None if base.received_ms < horizon.expiry_ms and not young else BuiltRecord(base, tuple(young), None, {})
    whole = _patched(base, patches)
    links = {slug: _links(whole, slug, several, survivors) for slug, several in many.items()}
    return BuiltRecord(_patched(base, [patch for patch in patches if patch not in young]), tuple(young), whole, links)


def _patched(base: Piece, patches: Sequence[Piece]) -> Piece:
    for patch in patches:
        fields = {**base.fields, **patch.fields}
        base = replace(
            base,
            version=patch.version,
            received_ms=patch.received_ms,
            fields={slug: value for slug, value in fields.items() if value is not None},
            references={**base.references, **patch.references},
            hits={**base.hits, **patch.hits},
            external_ids=base.external_ids if patch.external_ids is None else patch.external_ids,
        )
    return base


def _resolved(piece: Piece, contacts: ContactReferences) -> Piece:
    """A resolved link stays, also with a contact that was merged, until nothing remains of its contact; an unresolved
    one is looked up again."""
    named, survivors = contacts.by_reference, contacts.survivors
    hits: dict[str, tuple[str, ...]] = {}
    for slug, references in piece.references.items():
        pairs = zip(references, piece.hits[slug], strict=True)
        hits[slug] = tuple(hit if hit in survivors else named.get(ref, "") for ref, hit in pairs)
    return replace(piece, hits=hits)


def _links(whole: Piece, slug: str, several: bool, survivors: Mapping[str, str]) -> tuple[str, ...]:
    """The contacts that a report joins: of merged ones those that remain."""
    found = tuple(dict.fromkeys(survivors[hit] for hit in whole.hits.get(slug, ()) if hit))
    return found if several else found[:1]
