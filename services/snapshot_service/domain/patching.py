"""The SQL of patched records: finding them, composing them from their pieces, and counting late patches.

Parameters are those of `statements`. A record without patches needs none of this; most groups of objects have none.
"""

from crosslook.contracts.layouts import Layout, Role, field_column, hits_column, refs_column
from crosslook.contracts.records import FOREIGN_IDS, EventKind
from services.snapshot_service.domain.columns import (
    EVENTS,
    EXPIRY,
    LATE,
    NEW,
    ORIGIN,
    WINNER_ORDER,
    WORK,
    WORK_BUILDS,
    foreign,
    listed,
    literal,
    outputs,
    previous,
    quoted,
    staged,
)

PROBE = f"""
SELECT tenant, object, countIf(kind = {EventKind.PATCH:d}) AS patches, countIf({LATE}) AS late
FROM record_log WHERE {NEW} GROUP BY tenant, object HAVING patches > 0 OR late > 0
"""
"""Which objects have new patches or new events that came late: mostly none, and then nothing here is needed."""

_OF_RECORD = "OVER (PARTITION BY tenant, object, record)"


def patched(source: Layout | None) -> str:
    """The records that have patches, new ones or from before, as a set of (tenant, object, record)."""
    before = (
        f" UNION DISTINCT SELECT tenant, object, record FROM {source.table} "
        f"WHERE (tenant, object, build) IN {WORK_BUILDS} AND role >= {Role.APPLIED:d}"
        if source is not None
        else ""
    )
    return (
        "(SELECT toString(tenant) AS tenant, toString(object) AS object, record FROM record_log "
        f"WHERE (tenant, object) IN {WORK} AND {NEW} AND kind = {EventKind.PATCH:d}{before})"
    )


def patched_build_statement(target: Layout, source: Layout | None, base: int, *, aliased: bool = False) -> str:
    """INSERT the rows of the records that have patches: pieces, and what is composed of them (`Role`).

    Each piece is put under every row that it has a part in, its `place`; per row and field the greatest of those that
    name the field wins.
    """
    only = f"IN {patched(source)}"
    inputs = [staged(target, only)] if source is None else [staged(target, only), previous(target, source, only)]
    return f"""
INSERT INTO {target.table} ({listed([quoted(column) for column, _ in target.columns])})
SELECT {listed(outputs(target, base, "role", "named", "deleted", aliased=aliased))}
FROM (
    SELECT {listed(_composed(target))}
    FROM ({_placed(" UNION ALL ".join(inputs))}) AS pieces
    GROUP BY tenant, object, record, place
)
"""


def too_late_statement(source: Layout) -> str:
    """How many new events came after the horizon to a record with a greater one: (tenant, object, count)."""
    return f"""
SELECT tenant, object, uniqExact(version) FROM ({late_events(source)}) GROUP BY tenant, object
"""


def late_events(source: Layout) -> str:
    """The new events that came after the horizon to a record with a greater one: (tenant, object, record, version)."""
    late = f"""
    SELECT toString(tenant) AS tenant, toString(object) AS object, record, ({WINNER_ORDER}) AS version
    FROM {EVENTS} AND {LATE}"""
    return f"""
    SELECT tenant, object, record, version FROM ({late}) AS late
    INNER JOIN (
        SELECT tenant, object, record, max(({WINNER_ORDER})) AS known FROM {source.table}
        WHERE (tenant, object, build) IN {WORK_BUILDS} AND role != {Role.COMPOSED:d}
            AND (tenant, object, record) IN (SELECT tenant, object, record FROM ({late}))
        GROUP BY tenant, object, record HAVING min(role) < {Role.APPLIED:d}
    ) AS before USING (tenant, object, record)
    WHERE version < known"""


def expired_statement(target: Layout, source: Layout) -> str:
    """The patches that waited a horizon long and whose record did not come, with all that a replay needs."""
    columns = ["tenant", "object", "record", *ORIGIN, "named"]
    columns += [quoted(field_column(slug)) for slug, _ in source.fields]
    columns += [quoted(refs_column(slug)) for slug, _ in source.relationships]
    return f"""
SELECT {listed([*columns, *foreign(source)])} FROM {source.table}
WHERE (tenant, object, build) IN {WORK_BUILDS} AND role = {Role.WAITING:d} AND received_at < {EXPIRY}
    AND (tenant, object, record) NOT IN (
        SELECT tenant, object, record FROM {target.table} WHERE build = {{build:UInt64}} AND role < {Role.APPLIED:d}
    )
"""


def _placed(candidates: str) -> str:
    """The pieces that count, each with the places it has a part in: (role, partition, offset of a patch or zeros)."""
    patch, whole = f"kind = {EventKind.PATCH:d}", f"kind != {EventKind.PATCH:d}"
    return f"""
    SELECT *, arrayJoin({_places()}) AS place FROM (
        SELECT *, countIf({patch} AND event_time >= {EXPIRY}) {_OF_RECORD} > 0 AS young FROM (
            SELECT *, maxIf(version, {whole}) {_OF_RECORD} AS base,
                argMaxIf(kind, version, {whole}) {_OF_RECORD} AS base_kind
            FROM (
                SELECT *, ({WINNER_ORDER}) AS version, maxIf(({WINNER_ORDER}), NOT fresh) {_OF_RECORD} AS known,
                    countIf(NOT fresh AND {whole}) {_OF_RECORD} > 0 AS had_base
                FROM ({candidates})
            )
            WHERE NOT (fresh AND {LATE} AND had_base AND version < known)
        )
        WHERE version = base OR ({patch} AND (base_kind = 0 OR version > base))
    )"""


def _places() -> str:
    """Which rows a piece has a part in, by what the record is: waiting, deleted, or live."""
    nowhere = "CAST([] AS Array(Tuple(UInt8, UInt16, UInt64)))"

    def at(*roles: Role) -> str:
        single = "partition, offset" if roles[0] >= Role.APPLIED else "0, 0"
        first = f"({roles[0]:d}, {single})"
        rest = [f"({role:d}, 0, 0)" for role in roles[1:]]
        return f"CAST([{listed([first, *rest])}] AS Array(Tuple(UInt8, UInt16, UInt64)))"

    patch = f"kind = {EventKind.PATCH:d}"
    return f"""multiIf(
        base_kind = 0 AND NOT fresh AND received_at < {EXPIRY}, {nowhere},
        base_kind = 0, {at(Role.WAITING)},
        base_kind = {EventKind.DELETE:d} AND {patch} AND event_time < {EXPIRY}, {nowhere},
        base_kind = {EventKind.DELETE:d} AND {patch}, {at(Role.IGNORED)},
        base_kind = {EventKind.DELETE:d} AND received_at < {EXPIRY} AND NOT young, {nowhere},
        base_kind = {EventKind.DELETE:d} OR NOT young, {at(Role.WHOLE)},
        {patch} AND event_time >= {EXPIRY}, {at(Role.APPLIED, Role.COMPOSED)},
        {at(Role.BASE, Role.COMPOSED)})"""


def _composed(target: Layout) -> list[str]:
    columns = ["tenant", "object", "record", "place.1 AS role"]
    columns.append(f"role >= {Role.BASE:d} OR max(kind) = {EventKind.DELETE:d} AS deleted")
    columns += [f"max(version).{number} AS {name}" for number, name in enumerate(WINNER_ORDER.split(", "), 1)]
    columns += [f"argMax(pieces.{name}, version) AS {name}" for name in ORIGIN if name not in WINNER_ORDER.split(", ")]
    columns.append(f"if(role >= {Role.APPLIED:d}, any(pieces.named), []) AS named")
    for slug, _ in target.fields:
        columns.append(_latest(field_column(slug), slug))
    for slug, _ in target.relationships:
        columns += [_latest(refs_column(slug), slug), _latest(hits_column(slug), slug)]
    return [*columns, *(_latest(name, FOREIGN_IDS) for name in foreign(target))]


def _latest(column: str, name: str) -> str:
    """The value of the greatest event that names it, which every whole event does. In a tuple, because `argMax` passes
    over NULL, and NULL is the value of a patch that clears a field."""
    names_it = f"kind != {EventKind.PATCH:d} OR has(pieces.named, {literal(name)})"
    return f"argMaxIf(tuple(pieces.{quoted(column)}), version, {names_it}).1 AS {quoted(column)}"
