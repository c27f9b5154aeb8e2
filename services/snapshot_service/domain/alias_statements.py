"""Every statement about `link_aliases`. Pure text: names come from layouts, every value is a server-side parameter.

Parameters are those of `statements`. The index of contacts has under `id:c-7` the contact that c-7 is, or was merged
into; under every other reference the contact that it names, which may have been merged. Of an alias it has the first
target that is known, through aliases of aliases; a reference that a live contact has itself always wins.
"""

from crosslook.contracts.layouts import Layout
from crosslook.contracts.records import FOREIGN_IDS, MERGED_INTO, EventKind
from services.snapshot_service.domain.columns import (
    BELOW_HIGH,
    EVENTS,
    MINE,
    NEW,
    WINNER_ORDER,
    WORK,
    WORK_BUILDS,
    email_reference,
)
from services.snapshot_service.domain.link_aliases import SEQUENCE_BITS
from services.snapshot_service.domain.merge_tables import alias_hits_name, contact_moves_name, moved_contacts_name
from services.snapshot_service.domain.patching import late_events
from services.snapshot_service.domain.statements import named_contacts
from services.snapshot_service.domain.tables import contact_index_name

STORED_ALIASES = """
SELECT tenant, reference, targets, version, toUnixTimestamp64Milli(changed_at) FROM link_aliases FINAL
WHERE (tenant, reference) IN {keys:Array(Tuple(String, String))}
"""

CHANGED_ALIASES = "SELECT DISTINCT tenant FROM link_aliases WHERE changed_at >= {since:DateTime64(3, 'UTC')}"
"""Tenants with aliases that have other targets than at an instant."""

ALIAS_COUNTS = """
SELECT tenant, count(), countIf(startsWith(reference, 'id:')) FROM link_aliases
WHERE tenant IN {tenants:Array(String)} GROUP BY tenant
"""
"""How many rows each of these tenants has, ended aliases and older versions included, and how many of them are about
contacts that were merged."""

_MERGE = f"kind = {EventKind.DELETE:d} AND notEmpty(JSONExtractRaw(`references`, '{MERGED_INTO}'))"
MERGING = f"SELECT DISTINCT toString(tenant) FROM record_log WHERE object = 'contact' AND {_MERGE} AND {NEW}"
"""Tenants of which contacts were merged since `low`: mostly none, and then nothing of a merge is looked for."""

_TENANTS = f"(SELECT DISTINCT tenant {MINE})"
_MINE = f"FROM link_aliases FINAL WHERE tenant IN {_TENANTS}"


def moved_statement(source: Layout | None, base: int) -> str:
    """INSERT the contacts with new merges, and the merged ones with new upserts.

    `source`: the layout of the contacts' previous rows, None where there are none.
    """
    aliased = f"SELECT tenant, reference {_MINE} AND startsWith(reference, 'id:')"
    returned = f"kind = {EventKind.UPSERT:d} AND (toString(tenant), concat('id:', record)) IN ({aliased})"
    return f"""
INSERT INTO {moved_contacts_name(base)} (tenant, record)
SELECT DISTINCT toString(tenant), record FROM {EVENTS} AND ({_MERGE} OR ({returned})){_timely(source)}
"""


def moves_statement(source: Layout | None, base: int) -> str:
    """INSERT the staged events of these contacts, without repeats and those that came too late, and what the contacts'
    previous rows say of their references."""
    moved = f"IN (SELECT tenant, record FROM {moved_contacts_name(base)})"
    staged = f"(tenant, object) IN {WORK} AND {BELOW_HIGH} AND schema_version >= {{since_version:UInt32}}"
    identity, arrival = "toString(tenant), toString(source), event_id", "(received_at, partition, offset)"
    mine = f"{staged} AND (toString(tenant), record) {moved}"
    email, whole = "JSONExtractString(fields, 'email')", f"kind = {EventKind.UPSERT:d}"
    stored = ""
    if source is not None:
        rows = named_contacts(source, f"(tenant, object, build) IN {WORK_BUILDS} AND (tenant, record) {moved}")
        stored = f"""
UNION ALL
SELECT tenant, record, 0, [], 1, groupArrayIf(reference, startsWith(reference, 'email:')),
    1, groupArrayIf(reference, startsWith(reference, 'external:')), toDateTime64('1900-01-01', 3, 'UTC'), 0, 0, 0
FROM ({rows}) GROUP BY tenant, record"""
    return f"""
INSERT INTO {contact_moves_name(base)}
    (tenant, record, decides, targets, says_email, email, says_foreign, foreign,
     event_time, sequence, partition, offset)
SELECT toString(tenant), record, {whole} OR {_MERGE}, JSONExtract(`references`, '{MERGED_INTO}', 'Array(String)'),
    {whole} OR JSONHas(fields, 'email'), if({email} = '', [], [{email_reference(email)}]),
    {whole} OR JSONHas(`references`, '{FOREIGN_IDS}'),
    arrayMap(foreign -> concat('external:', foreign), external_ids), {WINNER_ORDER}
FROM record_log WHERE {mine}{_timely(source)}
    AND ({identity}, {arrival}) IN (
        SELECT {identity}, min({arrival}) FROM record_log
        WHERE tenant IN {_TENANTS} AND {BELOW_HIGH} AND ({identity}) IN (SELECT {identity} FROM record_log WHERE {mine})
        GROUP BY {identity}
    ){stored}
"""


def merges_statement(base: int) -> str:
    """INSERT what became of these contacts: the greatest merge or upsert that counts decides. A deletion without a
    merge changes nothing about it."""
    return f"""
INSERT INTO link_aliases (tenant, reference, targets, version, changed_at)
SELECT tenant, concat('id:', record), targets, version, toDateTime64(0, 3, 'UTC') FROM ({_decided(base)})
"""


def merged_references_statement(base: int) -> str:
    """INSERT the e-mail address and foreign ids of the contacts that are merged now, as they were when that happened:
    they stand for the contact that had them, and so for the one that remains."""
    order = f"({WINNER_ORDER})"
    had = f"arrayConcat(argMaxIf(email, {order}, says_email), argMaxIf(foreign, {order}, says_foreign))"
    return f"""
INSERT INTO link_aliases (tenant, reference, targets, version, changed_at)
SELECT tenant, reference, [concat('id:', argMax(record, (version, record)))], max(version), toDateTime64(0, 3, 'UTC')
FROM (
    SELECT tenant, record, any(merged.version) AS version, arrayJoin({had}) AS reference
    FROM {contact_moves_name(base)} AS moves
    INNER JOIN (SELECT tenant, record, newest, version FROM ({_decided(base)}) WHERE notEmpty(targets)) AS merged
        USING (tenant, record)
    WHERE {order} < merged.newest
    GROUP BY tenant, record
)
GROUP BY tenant, reference
"""


def _decided(base: int) -> str:
    """What each contact was merged into by the greatest event that says so; nothing where it is there (again)."""
    time, sequence = "greatest(toUnixTimestamp64Milli(newest.1), 0)", "greatest(newest.2, 0)"
    return f"""
    SELECT tenant, record, argMax(targets, ({WINNER_ORDER})) AS targets, max(({WINNER_ORDER})) AS newest,
        bitShiftLeft(toUInt64({time}), {SEQUENCE_BITS}) + toUInt64(least({sequence}, {(1 << SEQUENCE_BITS) - 1}))
            AS version
    FROM {contact_moves_name(base)} WHERE decides GROUP BY tenant, record"""


def _timely(source: Layout | None) -> str:
    if source is None:
        return ""
    late = f"SELECT tenant, object, record, version FROM ({late_events(source)})"
    return f"\n    AND (toString(tenant), toString(object), record, ({WINNER_ORDER})) NOT IN ({late})"


def chained_statement(base: int) -> str:
    """INSERT into the index, under names of their own, the references that are aliases and may be targets of others.

    Of vendors' users there may be millions: only those that some alias names. The others come from merged contacts.
    """
    named = f"SELECT tenant, arrayJoin(targets) AS target {_MINE} AND startsWith(target, 'external:')"
    return f"""
INSERT INTO {contact_index_name(base)} (tenant, reference, record)
SELECT tenant, concat('alias:', reference), '1' {_MINE} AND notEmpty(targets)
    AND (NOT startsWith(reference, 'external:') OR (tenant, reference) IN ({named}))
"""


def alias_hits_statement(base: int) -> str:
    """INSERT the aliases of the work's tenants of which no target is an alias itself, with the first that is known."""
    return f"""
INSERT INTO {alias_hits_name(base)} (tenant, reference, record)
SELECT tenant, reference, arrayFirst(hit -> hit != '', {_hits(base)}) AS found
{_MINE} AND notEmpty(targets) AND {_own(base, "reference")} = '' AND found != ''
    AND NOT {_chained(base, f"AND {_own(base, 'target')} = ''")}
"""


def add_alias_hits_statement(base: int) -> str:
    """INSERT what `alias_hits_statement` found into the index."""
    return f"""
INSERT INTO {contact_index_name(base)} (tenant, reference, record)
SELECT tenant, reference, record FROM {alias_hits_name(base)}
"""


def chained_aliases_statement(base: int) -> str:
    """The aliases of the work's tenants that the index lacks, of which some target is an alias itself: (tenant,
    reference, targets, beside each the contact that the index has for it)."""
    return f"""
SELECT tenant, reference, targets, {_hits(base)} AS hits
{_MINE} AND notEmpty(targets) AND {_own(base, "reference")} = '' AND {_chained(base)}
"""


def _own(base: int, reference: str) -> str:
    return f"joinGet('{contact_index_name(base)}', 'record', tenant, {reference})"


def _hits(base: int) -> str:
    return f"arrayMap(target -> {_own(base, 'target')}, targets)"


def _chained(base: int, also: str = "") -> str:
    named = _own(base, "concat('alias:', target)")
    return f"arrayExists(target -> {named} != '' {also}, targets)"
