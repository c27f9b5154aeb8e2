"""Every statement about one record. Names come from layouts, values are parameters.

Staging and the layouts' tables are read by their sorting order. The identities of events are not: they are found by the
skip index `event_ids` of `record_log`, which leaves out all but a few ten-thousandths of a tenant's events. Rows of a
tenant in quarantine are at most `CROSSLOOK_QUARANTINE__MAX_EVENTS`.
"""

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.layouts import Layout, Role, field_column, hits_column, links_column, refs_column
from services.snapshot_service.domain.columns import listed, quoted

_THIS = "tenant = {tenant:String} AND object = {object:String} AND record = {record:String}"

ENTRIES = """
SELECT * FROM snapshot_entries
WHERE snapshot IN {snapshots:Array(String)} AND tenant = {tenant:String} AND object = {object:String}
"""

STAGED = f"""
SELECT kind, toUnixTimestamp64Milli(event_time) AS time_ms, sequence, partition, offset,
    toUnixTimestamp64Milli(received_at) AS received_ms, toString(source) AS sender, event_id, schema_version
FROM record_log WHERE {_THIS}
ORDER BY received_ms DESC, partition DESC, offset DESC LIMIT 1 BY partition, offset LIMIT {{limit:UInt32}}
"""
"""The events of the record that arrived last. A crash may have staged one twice."""
STAGED_COUNT = f"SELECT uniqExact(partition, offset) FROM record_log WHERE {_THIS}"

FIRST_ARRIVALS = """
SELECT toString(source) AS sender, event_id, min(arrival), argMin((toString(object), record), arrival) FROM (
    SELECT source, event_id, object, record, (toUnixTimestamp64Milli(received_at), partition, offset) AS arrival
    FROM record_log WHERE tenant = {tenant:String} AND event_id IN {ids:Array(String)}
)
GROUP BY sender, event_id
"""
"""Of each source and id the event of the tenant that arrived first: where, and about which record."""

_OPEN = f"""
{_THIS} AND (tenant, id) NOT IN (
    SELECT tenant, id FROM quarantine_resolutions WHERE tenant = {{tenant:String}} AND action != 'replaying')
"""
_ATTRIBUTE = "if(has(names, 'ce_{0}'), header_values[indexOf(names, 'ce_{0}')], JSONExtractString(payload, '{0}'))"
"""An attribute of an event in binary or structured mode."""
QUARANTINED = f"""
WITH arrayMap(name -> lower(name), header_names) AS names
SELECT id, source, event_id, toString(code) AS reason, pointer, toString(text) AS sentence, values,
    toUnixTimestamp64Milli(received_at) AS received_ms, partition, offset,
    {_ATTRIBUTE.format("type")} AS type, {_ATTRIBUTE.format("time")} AS time
FROM quarantine WHERE {_OPEN}
ORDER BY received_ms DESC, id DESC LIMIT 1 BY id LIMIT {{limit:UInt32}}
"""
"""Events about the record that wait in quarantine, those that arrived last."""
QUARANTINED_COUNT = f"SELECT uniqExact(id) FROM quarantine WHERE {_OPEN}"


def rows_statement(layout: Layout) -> str:
    """The row that reports show, and the row of the event that won, which may be the same."""
    columns = ["role", "deleted", "source", "event_id", "sequence", "partition", "offset"]
    columns += [f"toUnixTimestamp64Milli({name}) AS {name}_ms" for name in ("event_time", "received_at")]
    columns += [quoted(field_column(slug)) for slug, _ in layout.fields]
    linked = (refs_column, hits_column, links_column)
    columns += [quoted(column(slug)) for slug, _ in layout.relationships for column in linked]
    columns += ["external_ids"] if layout.contact else []
    return f"""
SELECT {listed(columns)} FROM {layout.table}
WHERE build = {{build:UInt64}} AND {_THIS} AND role <= {Role.BASE:d} LIMIT 3
"""


ALIASES = """
SELECT reference, targets FROM link_aliases FINAL
WHERE tenant = {tenant:String} AND reference IN {references:Array(String)} AND notEmpty(targets)
"""
"""What these references stand for."""


def contacts_statement(contacts: Layout) -> str:
    """Of these contacts those that a build has, and whether they are deleted."""
    return f"""
SELECT record, min(deleted) FROM {contacts.table}
WHERE build = {{build:UInt64}} AND tenant = {{tenant:String}} AND object = '{CONTACT}'
    AND record IN {{records:Array(String)}} AND role <= {Role.COMPOSED:d}
GROUP BY record
"""


WAITING_CONTACTS = f"""
SELECT DISTINCT record FROM record_log
WHERE tenant = {{tenant:String}} AND object = '{CONTACT}' AND record IN {{records:Array(String)}}
    AND offset >= {{low:Array(UInt64)}}[partition + 1]
"""
"""Of these contacts those with events that the next refresh reads."""


_IMPORTS = "source = '/imports'"
_OBJECT = "tenant = {tenant:String} AND object = {object:String}"
_MINE = "sender = '/imports' AND time_ms IN {times:Array(Int64)}"
_UNDOING = "sender = '/imports' AND time_ms = {undone:Int64}"

IMPORTED = f"""
SELECT DISTINCT record FROM record_log
WHERE {_OBJECT} AND record > {{after:String}} AND {_IMPORTS}
    AND toUnixTimestamp64Milli(event_time) IN {{times:Array(Int64)}}
ORDER BY record LIMIT {{limit:UInt32}}
"""
"""Records with events of an import, which its source and its times name."""

IMPORTED_EVENTS = f"""
SELECT record, countIf(mine AND kind = 1) AS upserts,
    argMaxIf(kind, version, before AND kind != 2) AS before_kind, maxIf(time_ms, before AND kind != 2) AS before_ms,
    countIf(later) AS later_count, argMaxIf(kind, version, later AND kind != 2) AS later_kind
FROM (
    SELECT record, source_name AS sender, first_event.1 AS kind, first_event.2 AS time_ms,
        (first_event.2, first_event.3, first_event.4, first_event.5) AS version,
        {_MINE} AS mine, {_UNDOING} AS undoing,
        NOT mine AND NOT undoing AND time_ms < {{start:Int64}} AS before,
        NOT mine AND NOT undoing AND time_ms >= {{start:Int64}} AS later
    FROM (
        SELECT record, toString(source) AS source_name, argMin(
            (kind, toUnixTimestamp64Milli(event_time), sequence, partition, offset), (received_at, partition, offset)
        ) AS first_event
        FROM record_log WHERE {_OBJECT} AND record > {{after:String}} AND record <= {{last:String}}
        GROUP BY record, source_name, event_id
    )
)
GROUP BY record HAVING countIf(mine) > 0 ORDER BY record
"""
"""Of each record between two what its events say, of repeats the first: those of the import, those before and after
it. Events that undo the import are neither."""


def built_statement(layout: Layout) -> str:
    """The records between two in a build: the time of each, and whether it is deleted."""
    return f"""
SELECT record, toUnixTimestamp64Milli(max(event_time)), min(deleted) FROM {layout.table}
WHERE build = {{build:UInt64}} AND {_OBJECT} AND record > {{after:String}} AND record <= {{last:String}}
    AND role <= {Role.COMPOSED:d}
GROUP BY record
"""
