"""The SQL of step 6 of a refresh: the rows of a build, and the expected rows, counted in a different way.

Parameters are those of `statements`. The build takes the first row of each record in staging's order and reads repeats
by one hash; here records are counted as a set, only deleted ones are looked at closer, and repeats are found anew.
"""

from collections.abc import Sequence

from crosslook.contracts.layouts import Layout, Role, hits_column
from crosslook.contracts.records import EventKind
from services.snapshot_service.domain.columns import (
    EVENTS,
    EXPIRY,
    LATE,
    RECORD,
    WINNER_ORDER,
    WORK_BUILDS,
    only_where,
    quoted,
)
from services.snapshot_service.domain.patching import patched


def counts_statement(layout: Layout) -> str:
    """What a build holds, by object: live rows, tombstones, distinct records of both, references without a contact,
    patches, those that wait for their record, those that a deletion made void, all pieces of patched records."""
    unknown = [f"arrayCount(hit -> hit = '', {quoted(hits_column(slug))})" for slug, _ in layout.relationships]
    return f"""
SELECT tenant, object, countIf(NOT deleted), countIf(deleted AND role = {Role.WHOLE:d}),
    uniqExactIf(record, role <= {Role.COMPOSED:d}), sumIf({" + ".join(unknown) or "0"}, NOT deleted),
    countIf(role >= {Role.APPLIED:d}), countIf(role = {Role.WAITING:d}), countIf(role = {Role.IGNORED:d}),
    countIf(role >= {Role.BASE:d})
FROM {layout.table} WHERE build = {{build:UInt64}} GROUP BY tenant, object
"""


def expected_statement(sources: Sequence[Layout], *, patches: bool) -> str:
    """What objects must hold: (tenant, object, live rows, tombstones, pieces of patched records). No column of theirs
    is read.

    `sources`: the layouts of their previous rows; at most one with `patches`, where some records have any.
    """
    if not patches:
        parts = _of_whole_records(_inputs(sources))
    else:
        known = patched(sources[0] if sources else None)
        parts = [
            *_of_whole_records(_inputs(sources, f"NOT IN {known}")),
            _of_patched_records(_inputs(sources, f"IN {known}")),
        ]
    return f"""
SELECT tenant, object, sum(live), sum(tombstones), sum(pieces)
FROM ({" UNION ALL ".join(parts)}) GROUP BY tenant, object
"""


def _of_whole_records(inputs: str) -> list[str]:
    """Where there are no patches: every record lives but those whose greatest event is a deletion."""
    deleted = f"SELECT {RECORD} FROM ({inputs}) WHERE kind = {EventKind.DELETE:d}"
    return [
        f"""
    SELECT tenant, object, toInt64(uniqExact(record)) AS live, toInt64(0) AS tombstones, toInt64(0) AS pieces
    FROM ({inputs}) GROUP BY tenant, object""",
        f"""
    SELECT tenant, object, -toInt64(count()) AS live, toInt64(countIf(greatest.6 >= {EXPIRY})) AS tombstones,
        toInt64(0) AS pieces
    FROM (
        SELECT tenant, object, max(({WINNER_ORDER}, kind, received_at)) AS greatest
        FROM ({inputs}) WHERE ({RECORD}) IN ({deleted}) GROUP BY {RECORD}
    )
    WHERE greatest.5 = {EventKind.DELETE:d} GROUP BY tenant, object""",
    ]


def _of_patched_records(inputs: str) -> str:
    """The base of a record is found by `argMax`. An event that is late counts only where it is greater than what the
    snapshot before knew of the record. Pieces are the patches that are kept, and the base where it lives with some."""
    return f"""
    SELECT tenant, object, toInt64(countIf(base.1 = {EventKind.UPSERT:d})) AS live,
        toInt64(countIf(base.1 = {EventKind.DELETE:d} AND (base.2 >= {EXPIRY} OR kept > 0))) AS tombstones,
        toInt64(sum(kept) + countIf(base.1 = {EventKind.UPSERT:d} AND kept > 0)) AS pieces
    FROM (
        WITH kind != {EventKind.PATCH:d} AS is_whole, fresh AND {LATE} AS is_late, ({WINNER_ORDER}) AS version
        SELECT tenant, object,
            countIf(NOT fresh AND is_whole) > 0 AS had_base, maxIf(version, NOT fresh) AS known,
            argMaxIf((kind, received_at, version), version, is_whole AND NOT is_late) AS timely,
            argMaxIf((kind, received_at, version), version, is_whole AND is_late) AS late,
            late.1 != 0 AND (timely.1 = 0 OR late.3 > timely.3) AND (NOT had_base OR late.3 > known) AS late_counts,
            if(late_counts, late, timely) AS base,
            arrayFilter(
                one -> NOT one.2 OR NOT had_base OR one.1 > known,
                groupUniqArrayIf((version, is_late, fresh, received_at), NOT is_whole)
            ) AS patches,
            if(
                base.1 = 0,
                arrayCount(one -> one.3 OR one.4 >= {EXPIRY}, patches),
                arrayCount(one -> one.1 > base.3 AND one.1.1 >= {EXPIRY}, patches)
            ) AS kept
        FROM ({inputs}) GROUP BY {RECORD}
    )
    GROUP BY tenant, object"""


def _inputs(sources: Sequence[Layout], only: str = "") -> str:
    """New events and the pieces of previous rows, without what they say of fields."""
    events = f"""
        SELECT toString(tenant) AS tenant, toString(object) AS object, record, kind, {WINNER_ORDER}, received_at,
            true AS fresh
        FROM {EVENTS}{only_where(only)}"""
    whole = f"if(deleted AND role = {Role.WHOLE:d}, {EventKind.DELETE:d}, {EventKind.UPSERT:d})"
    kept = [
        f"""
        SELECT tenant, object, record, toUInt8(if(role >= {Role.APPLIED:d}, {EventKind.PATCH:d}, {whole})) AS kind,
            {WINNER_ORDER}, received_at, false AS fresh
        FROM {source.table}
        WHERE (tenant, object, build) IN {WORK_BUILDS} AND role != {Role.COMPOSED:d}{only_where(only)}"""
        for source in sources
    ]
    return " UNION ALL ".join([events, *kept])
