"""The SQL of steps 5 and 6 of a refresh. Pure text: names come from layouts, every value is a server-side parameter.

Parameters of all statements: `build` (the partition that is written, by which `refresh_work` names the objects),
`low` and `high` (positions by partition number: events in [low, high) are new), `expiry` and `late_days` (the horizon,
as in `compaction.Horizon`). `compaction.compact` says the same in Python and is the reference.
"""

from crosslook.contracts.layouts import Layout, Role, field_column, hits_column
from crosslook.contracts.records import Kind
from crosslook.contracts.values import EMAIL_TRIMMED
from services.snapshot_service.domain.columns import (
    BELOW_HIGH,
    EXPIRY,
    LATE,
    MINE,
    NEW,
    VERSION,
    WORK_BUILDS,
    WORK_TENANTS,
    listed,
    outputs,
    previous,
    quoted,
    resolved,
    staged,
)
from services.snapshot_service.domain.patching import patched
from services.snapshot_service.domain.tables import contact_index_name

_FIRSTS = f"""
    SELECT tenant, object, event.2 AS record, event.3 AS kind, event.4 AS event_time, event.5 AS sequence,
        arrival.2 AS partition, arrival.3 AS offset, arrival.1 AS received_at, true AS fresh
    FROM (
        SELECT owner AS tenant, event.1 AS object, event, arrival FROM (
            SELECT toString(tenant) AS owner,
                argMin((toString(object), record, kind, event_time, sequence, schema_version),
                       (received_at, partition, offset)) AS event,
                min((received_at, partition, offset)) AS arrival
            FROM record_log WHERE tenant IN {WORK_TENANTS} AND {BELOW_HIGH}
            GROUP BY tenant, source, event_id
        )
    ) AS firsts
    INNER JOIN (SELECT tenant, object, since_version {MINE}) AS work USING (tenant, object)
    WHERE {NEW} AND event.6 >= since_version"""
"""The new events that count, found by aggregating over source and id."""


def build_statement(target: Layout, source: Layout | None, base: int, *, patches: bool) -> str:
    """INSERT the rows of one group of objects: the winner of each record, with its links resolved.

    `source` is the layout of the objects' previous rows, None where there are none; `base` names the contact index.
    With `patches` the records that have any are left to `patching.patched_build_statement`.
    """
    only = f"NOT IN {patched(source)}" if patches else ""
    inputs = [staged(target, only)] if source is None else [staged(target, only), previous(target, source, only)]
    deleted = f"kind = {Kind.DELETE:d}"
    return f"""
INSERT INTO {target.table} ({listed([quoted(column) for column, _ in target.columns])})
SELECT {listed(outputs(target, base, f"{Role.WHOLE:d}", "CAST([] AS Array(String))", deleted))}
FROM (
    SELECT * FROM ({" UNION ALL ".join(inputs)})
    ORDER BY tenant, object, record, event_time DESC, sequence DESC, partition DESC, offset DESC
    LIMIT 1 BY tenant, object, record
)
WHERE NOT ({deleted} AND received_at < {EXPIRY})
"""


def counts_statement(layout: Layout) -> str:
    """What a build holds, by object: live rows, tombstones, distinct records of both, references without a contact,
    patches, those that wait for their record, those that a deletion made void."""
    unknown = [f"arrayCount(hit -> hit = '', {quoted(hits_column(slug))})" for slug, _ in layout.relationships]
    return f"""
SELECT tenant, object, countIf(NOT deleted), countIf(deleted AND role = {Role.WHOLE:d}),
    uniqExactIf(record, role <= {Role.COMPOSED:d}), sumIf({" + ".join(unknown) or "0"}, NOT deleted),
    countIf(role >= {Role.APPLIED:d}), countIf(role = {Role.WAITING:d}), countIf(role = {Role.IGNORED:d})
FROM {layout.table} WHERE build = {{build:UInt64}} GROUP BY tenant, object
"""


def expected_statement(source: Layout | None) -> str:
    """What the same objects must hold, found another way than the build: (tenant, object, live rows, tombstones).

    Repeats go by aggregating over source and id, the base of a record by `argMax`; no column of the object is read. An
    event that is late counts only where it is greater than what the snapshot before knew of the record.
    """
    return f"""
SELECT tenant, object, countIf(base.1 = {Kind.UPSERT:d}),
    countIf(base.1 = {Kind.DELETE:d} AND (base.2 >= {EXPIRY} OR young))
FROM (
    WITH kind != {Kind.PATCH:d} AS is_whole, fresh AND {LATE} AS is_late, ({VERSION}) AS version
    SELECT tenant, object,
        countIf(NOT fresh AND is_whole) > 0 AS had_base, maxIf(version, NOT fresh) AS known,
        argMaxIf((kind, received_at, version), version, is_whole AND NOT is_late) AS timely,
        argMaxIf((kind, received_at, version), version, is_whole AND is_late) AS late,
        late.1 != 0 AND (timely.1 = 0 OR late.3 > timely.3) AND (NOT had_base OR late.3 > known) AS late_counts,
        if(late_counts, late, timely) AS base,
        maxIf(version, NOT is_whole AND NOT is_late) AS patch, maxIf(version, NOT is_whole AND is_late) AS late_patch,
        (patch.1 >= {EXPIRY} AND patch > base.3)
            OR (late_patch.1 >= {EXPIRY} AND late_patch > base.3 AND (NOT had_base OR late_patch > known)) AS young
    FROM ({_FIRSTS} {_kept(source)}) GROUP BY tenant, object, record
)
GROUP BY tenant, object
"""


def _kept(source: Layout | None) -> str:
    """The pieces of the previous rows, where there are any, in the columns of `_FIRSTS`."""
    if source is None:
        return ""
    whole = f"if(deleted AND role = {Role.WHOLE:d}, {Kind.DELETE:d}, {Kind.UPSERT:d})"
    return f"""
    UNION ALL SELECT tenant, object, record, if(role >= {Role.APPLIED:d}, {Kind.PATCH:d}, {whole}) AS kind,
        {VERSION}, received_at, false AS fresh
    FROM {source.table} WHERE (tenant, object, build) IN {WORK_BUILDS} AND role != {Role.COMPOSED:d}"""


def index_statement(contacts: Layout, base: int) -> str:
    """INSERT the live contacts of the work's builds under each reference that names them. The oldest contact wins."""
    return f"""
INSERT INTO {contact_index_name(base)} (tenant, reference, record)
SELECT tenant, reference, argMin(record, {_AGE})
FROM ({_named_contacts(contacts, f"(tenant, object, build) IN {WORK_BUILDS}")})
GROUP BY tenant, reference
"""


def shared_count_statement(contacts: Layout) -> str:
    """How many references name more than one contact of a build: (tenant, count)."""
    return f"""
SELECT tenant, count() FROM (
    SELECT tenant, reference FROM ({_named_contacts(contacts, "build = {build:UInt64}")})
    GROUP BY tenant, reference HAVING uniqExact(record) > 1
)
GROUP BY tenant
"""


def shared_statement(contacts: Layout) -> str:
    """A tenant's references that name more than one contact of a build, in order from `after` on, at most `limit`:
    (reference, its contacts, the oldest first)."""
    mine = "build = {build:UInt64} AND tenant = {tenant:String}"
    return f"""
SELECT reference, arrayMap(one -> one.2, arraySort(groupUniqArray(({_AGE}, record)))) AS contacts
FROM ({_named_contacts(contacts, mine)})
WHERE reference > {{after:String}} GROUP BY reference HAVING length(contacts) > 1
ORDER BY reference LIMIT {{limit:UInt32}}
"""


_AGE = "(isNull(created_at), ifNull(created_at, toDateTime64(0, 3, 'UTC')), record)"
"""Orders contacts by age: without a moment of creation last, then by record."""


def _named_contacts(contacts: Layout, where: str) -> str:
    """Live contacts under each reference that names them."""
    email, created = field_column("email"), field_column("created_at")
    trimmed = EMAIL_TRIMMED.encode("unicode_escape").decode()
    return f"""
    SELECT tenant, record, {created} AS created_at, arrayJoin(arrayConcat(
        [concat('id:', record)],
        arrayMap(foreign -> concat('external:', foreign), external_ids),
        if(isNull({email}), [], [concat('email:', lower(trimBoth(assumeNotNull({email}), '{trimmed}')))])
    )) AS reference
    FROM {contacts.table} WHERE {where} AND NOT deleted"""


def relinked_statement(layout: Layout, base: int) -> str:
    """Which of the work's objects have a link that newly resolves or newly breaks: (tenant, object)."""
    changed = [f"{quoted(hits_column(slug))} != {resolved(slug, base)}" for slug, _ in layout.relationships]
    return f"""
SELECT DISTINCT tenant, object FROM {layout.table}
WHERE (tenant, object, build) IN {WORK_BUILDS} AND NOT deleted AND ({" OR ".join(changed)})
"""
