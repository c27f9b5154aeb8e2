"""`compact()`: what a refresh must compute, in plain Python. The SQL is held to it by property tests.

Winner of a record: the event with the greatest (event time, sequence, partition, offset). An upsert replaces the whole
record; a delete leaves a tombstone, so that a late older event cannot bring the record back within the horizon. Of
events with the same source and id only the first to arrive counts, also when that was in an earlier refresh.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from crosslook.contracts.records import Address, Admitted, Kind
from crosslook.contracts.values import email_key

Version = tuple[int, int, int, int]
Staged = tuple[Admitted, Address]


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a build. `links`: by relationship the contacts a report joins. `received_ms`: when the broker took
    the event that won."""

    version: Version
    received_ms: int
    deleted: bool
    fields: Mapping[str, object]
    references: Mapping[str, tuple[str, ...]]
    hits: Mapping[str, tuple[str, ...]]
    links: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of one snapshot by the references that name them."""

    by_reference: Mapping[str, str]

    @staticmethod
    def of(rows: Mapping[str, Row], external_ids: Mapping[str, Iterable[str]]) -> "Contacts":
        """Index live contacts; where two share a reference the oldest wins: created_at (missing last), then record."""

        def age(record: str) -> tuple[bool, str, str]:
            created = rows[record].fields.get("created_at")
            return created is None, str(created), record

        named: dict[str, str] = {}
        for record in sorted((r for r, row in rows.items() if not row.deleted), key=age):
            email = rows[record].fields.get("email")
            references = [f"id:{record}", *(f"external:{one}" for one in external_ids.get(record, ()))]
            references += [f"email:{email_key(str(email))}"] if email is not None else []
            for reference in references:
                named.setdefault(reference, record)
        return Contacts(named)


def version_of(row: Admitted, address: Address) -> Version:
    """The total order of a record's events."""
    return row.time_ms, row.sequence, address.partition, address.offset


def first_occurrences(staged: Iterable[Staged]) -> list[Staged]:
    """Without repeats: of equal source and id of a tenant the first by (arrival, partition, offset)."""
    seen: dict[tuple[str, str, str], Staged] = {}
    for one in sorted(staged, key=lambda s: (s[1].received_ms, s[1].partition, s[1].offset)):
        seen.setdefault((one[0].tenant, one[0].source, one[0].event_id), one)
    return list(seen.values())


def compact(
    previous: Mapping[str, Row],
    staged: Iterable[Staged],
    many: Mapping[str, bool],
    contacts: Contacts,
    expiry_ms: int = 0,
) -> dict[str, Row]:
    """The rows of one object by record.

    `many` names its relationships to contact; `staged` holds first occurrences that no earlier refresh has seen;
    tombstones received before `expiry_ms` go.
    """
    rows = dict(previous)
    for event, address in staged:
        version = version_of(event, address)
        before = rows.get(event.record)
        if before is None or version > before.version:
            named = orjson.loads(event.references)
            references = {slug: tuple(named.get(slug, ())) for slug in many}
            unknown = {slug: ("",) * len(references[slug]) for slug in many}
            fields = orjson.loads(event.fields)
            deleted = event.kind is Kind.DELETE
            rows[event.record] = Row(version, address.received_ms, deleted, fields, references, unknown, {})
    kept = {record: row for record, row in rows.items() if not (row.deleted and row.received_ms < expiry_ms)}
    return {record: _resolve(row, many, contacts) for record, row in kept.items()}


def _resolve(row: Row, many: Mapping[str, bool], contacts: Contacts) -> Row:
    known = contacts.by_reference
    hits: dict[str, tuple[str, ...]] = {}
    links: dict[str, tuple[str, ...]] = {}
    for slug, several in many.items():
        pairs = zip(row.references.get(slug, ()), row.hits.get(slug, ()), strict=True)
        # Once resolved a link stays, unless its contact is gone.
        hits[slug] = tuple(hit if hit and f"id:{hit}" in known else known.get(ref, "") for ref, hit in pairs)
        found = tuple(dict.fromkeys(hit for hit in hits[slug] if hit))
        links[slug] = found if several else found[:1]
    return Row(row.version, row.received_ms, row.deleted, row.fields, row.references, hits, links)
