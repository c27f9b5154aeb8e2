"""The SQL of step 5 of a refresh. Pure text: names come from layouts, every value is a server-side parameter.

Parameters of all statements: `build` (the partition that is written), `builds` (by which `refresh_work` names the
objects), `low` and `high` (positions by partition number: events in [low, high) are new), `since_version` (events
admitted under an earlier schema are an earlier object's), `repeats` (the table that names the events that do not
count), `expiry` and `late_days` (the horizon, as in `compaction.Horizon`). `compaction.compact` does the same in Python
and is the reference.
"""

from crosslook.contracts.layouts import Layout, Role, field_column, hits_column, links_column
from crosslook.contracts.records import EventKind
from services.snapshot_service.domain.columns import (
    BELOW_HIGH,
    EVENTS,
    EXPIRY,
    NEW,
    RECORD,
    WORK_BUILDS,
    email_reference,
    latest,
    linked,
    listed,
    only_where,
    outputs,
    previous,
    quoted,
    resolved,
)
from services.snapshot_service.domain.patching import patched
from services.snapshot_service.domain.tables import contact_index_name, repeats_name


def repeats_statement(number: int, hashed: str, *, all_new: bool) -> str:
    """INSERT the places of the events that do not count, because one with the same source and id came before.

    `number` names the table, `hashed` is the function that finds candidates; whether they are equal is looked at in
    full. With `all_new`, where no event is older than `low`, the new ones are not looked up first.
    """
    identity = f"{hashed}(tenant, source, event_id)"
    tenants, identities = (f"(SELECT {what} FROM record_log WHERE {NEW})" for what in ("DISTINCT tenant", identity))
    among = BELOW_HIGH if all_new else f"tenant IN {tenants} AND {BELOW_HIGH}"
    new = "" if all_new else f"AND {identity} IN {identities}"
    return f"""
INSERT INTO {repeats_name(number)} (received_at, partition, offset) SELECT place.1, place.2, place.3 FROM (
    SELECT groupUniqArray((received_at, partition, offset)) AS places,
        arrayJoin(arrayFilter(one -> one != arrayMin(places), places)) AS place
    FROM record_log
    WHERE {among} AND {identity} IN (
        SELECT {identity} AS hash FROM record_log WHERE {among} {new} GROUP BY hash HAVING count() > 1
    )
    GROUP BY tenant, source, event_id
)
"""


def build_statement(
    target: Layout, source: Layout | None, base: int, *, patches: bool, copied: bool, aliased: bool = False
) -> str:
    """INSERT the rows of one group of objects: the winner of each record, with its links resolved.

    `source` is the layout of the objects' previous rows, None where there are none; `base` names the contact index.
    With `patches` the records that have any are left to `patching.patched_build_statement`. With `copied` records
    without new events are left to `copy_statement`. `aliased`: whether the index has more than contacts' own
    references.
    """
    only = f"NOT IN {patched(source)}" if patches else ""
    deleted = f"kind = {EventKind.DELETE:d}"
    rows = latest(target, only) if source is None else _with_previous(target, source, only, copied=copied)
    return f"""
INSERT INTO {target.table} ({listed([quoted(column) for column, _ in target.columns])})
SELECT {listed(outputs(target, base, f"{Role.WHOLE:d}", "CAST([] AS Array(String))", deleted, aliased=aliased))}
FROM ({rows})
WHERE NOT ({deleted} AND received_at < {EXPIRY})
"""


def copy_statement(layout: Layout, *, patches: bool) -> str:
    """INSERT the previous rows of records without new events as they are: where columns and contacts are still the
    same, links are, too. Half as dear as to make them anew."""
    columns = [quoted(column) for column, _ in layout.columns]
    only = only_where(f"NOT IN {patched(layout)}") if patches else ""
    return f"""
INSERT INTO {layout.table} ({listed(columns)})
SELECT {{build:UInt64}}, {listed(columns[1:])} FROM {layout.table}
WHERE (tenant, object, build) IN {WORK_BUILDS} AND NOT (deleted AND received_at < {EXPIRY}){only}
    AND ({RECORD}) NOT IN {_TOUCHED}
"""


_TOUCHED = f"(SELECT toString(tenant), toString(object), record FROM {EVENTS})"
"""Records with new events."""


def _with_previous(target: Layout, source: Layout, only: str, *, copied: bool) -> str:
    """Only records with new events are compared with their previous rows; the others follow as they are."""
    compared = " UNION ALL ".join([latest(target, only), previous(target, source, only, f"IN {_TOUCHED}")])
    winners = f"""
    SELECT * FROM (
        SELECT * FROM ({compared})
        ORDER BY {RECORD}, event_time DESC, sequence DESC, partition DESC, offset DESC
        LIMIT 1 BY {RECORD}
    )"""
    return winners if copied else f"{winners} UNION ALL {previous(target, source, only, f'NOT IN {_TOUCHED}')}"


def index_statement(contacts: Layout, base: int) -> str:
    """INSERT the live contacts of the work's builds under each reference that names them. The oldest contact wins."""
    return f"""
INSERT INTO {contact_index_name(base)} (tenant, reference, record)
SELECT tenant, reference, argMin(record, {_AGE})
FROM ({named_contacts(contacts, f"(tenant, object, build) IN {WORK_BUILDS}")})
GROUP BY tenant, reference
"""


def shared_count_statement(contacts: Layout) -> str:
    """How many references name more than one contact of a build: (tenant, count)."""
    return f"""
SELECT tenant, count() FROM (
    SELECT tenant, reference FROM ({named_contacts(contacts, "build = {build:UInt64}")})
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
FROM ({named_contacts(contacts, mine)})
WHERE reference > {{after:String}} GROUP BY reference HAVING length(contacts) > 1
ORDER BY reference LIMIT {{limit:UInt32}}
"""


_AGE = "(isNull(created_at), ifNull(created_at, toDateTime64(0, 3, 'UTC')), record)"
"""Orders contacts by age: without a moment of creation last, then by record."""


def named_contacts(contacts: Layout, where: str) -> str:
    """Live contacts under each reference that names them."""
    email, created = field_column("email"), field_column("created_at")
    return f"""
    SELECT tenant, record, {created} AS created_at, arrayJoin(arrayConcat(
        [concat('id:', record)],
        arrayMap(foreign -> concat('external:', foreign), external_ids),
        if(isNull({email}), [], [{email_reference(f"assumeNotNull({email})")}])
    )) AS reference
    FROM {contacts.table} WHERE {where} AND NOT deleted"""


def relinked_statement(layout: Layout, base: int, *, aliased: bool = False) -> str:
    """Which of the work's objects have a link that newly resolves, newly breaks, or moves to another contact: (tenant,
    object)."""
    changed = []
    for slug, many in layout.relationships:
        hits = resolved(slug, base, aliased=aliased)
        changed.append(f"{quoted(hits_column(slug))} != {hits}")
        if aliased:
            changed.append(f"{quoted(links_column(slug))} != {linked(hits, base, many=many, aliased=True)}")
    return f"""
SELECT DISTINCT tenant, object FROM {layout.table}
WHERE (tenant, object, build) IN {WORK_BUILDS} AND NOT deleted AND ({" OR ".join(changed)})
"""
