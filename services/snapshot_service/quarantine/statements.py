"""Every statement about the quarantine. The text is fixed; filters are parameters.

`quarantine_resolutions` names the rows that are gone, and those whose replay began: from then on nobody sees them. A
sweep takes the rows themselves out of `quarantine`, payload included. A row may lie in `quarantine` twice, when a crash
made ingest read its chunk again: hence one row for each id.
"""

_OPEN = """
({tenant:String} = '' OR tenant = {tenant:String}) AND ({object:String} = '' OR object = {object:String})
    AND (empty({codes:Array(String)}) OR has({codes:Array(String)}, code))
    AND ({source:String} = '' OR source = {source:String})
    AND id NOT IN (
        SELECT id FROM quarantine_resolutions
        WHERE action != 'replaying' AND ({tenant:String} = '' OR tenant = {tenant:String}))
"""
"""Rows that are not gone and pass the filter."""
_HELD = """
SELECT id, tenant, toString(code) AS reason, toString(topic) AS topic_name, partition, offset,
    toUnixTimestamp64Milli(received_at) AS received_ms, base64Encode(payload) AS payload, base64Encode(key) AS key,
    header_names, arrayMap(value -> base64Encode(value), header_values) AS header_values
FROM quarantine WHERE
"""

PLACES = (
    """
SELECT id, toUnixTimestamp64Milli(received_at) AS received_ms, length(payload) AS size FROM quarantine WHERE """
    + _OPEN
    + """ AND (received_ms, id) < ({before_ms:Int64}, {before_id:String})
ORDER BY received_ms DESC, id DESC LIMIT 1 BY id LIMIT {limit:UInt32}
"""
)
"""Where the next rows stand in the list, the newest first, and how large they are."""
LIST = (
    """
SELECT id, tenant, object, record, source, event_id, code, pointer, text, values,
    toUnixTimestamp64Milli(received_at) AS received_ms, topic, partition, offset, base64Encode(payload) AS payload,
    header_names, arrayMap(value -> base64Encode(value), header_values) AS header_values
FROM quarantine WHERE """
    + _OPEN
    + """ AND id IN {ids:Array(String)}
ORDER BY received_ms DESC, id DESC LIMIT 1 BY id
"""
)
COUNTS = (
    """
SELECT toString(code) AS reason, source, toInt64(uniqExact(id)) AS events,
    toUnixTimestamp64Milli(min(received_at)) AS oldest_ms, toUnixTimestamp64Milli(max(received_at)) AS newest_ms
FROM quarantine WHERE """
    + _OPEN
    + """ GROUP BY reason, source
HAVING (-events, reason, source) > ({after_events:Int64}, {after_code:String}, {after_source:String})
ORDER BY events DESC, reason, source LIMIT {limit:UInt32}
"""
)
SUMMARY = (
    "SELECT uniqExact(id) AS events, toUnixTimestamp64Milli(max(received_at)) AS newest_ms FROM quarantine WHERE "
    + _OPEN
)
READ_BATCH = (
    _HELD
    + """ id IN (
    SELECT id FROM (
        SELECT id, sum(size) OVER (
            ORDER BY received_ms, partition, offset, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
        FROM (
            SELECT id, partition, offset, toUnixTimestamp64Milli(received_at) AS received_ms, length(payload) AS size
            FROM quarantine WHERE """
    + _OPEN
    + """ AND received_ms <= {until_ms:Int64} AND (received_ms, toInt64(partition), toInt64(offset))
                > ({after_ms:Int64}, {after_partition:Int64}, {after_offset:Int64})
            ORDER BY received_ms, partition, offset, id LIMIT 1 BY id LIMIT {limit:UInt32}))
    WHERE before < {bytes:UInt64})
ORDER BY received_ms, partition, offset, id LIMIT 1 BY id
"""
)
"""The oldest rows behind a place, up to a number of rows and about a number of bytes. Events of one millisecond stand
in the order of their offsets, so that those about one record do not overtake each other. A place is read once: what a
replay puts back there for another reason is not met again."""
BY_ID = _HELD + _OPEN + " AND id IN {ids:Array(String)} ORDER BY received_ms, partition, offset LIMIT 1 BY id"
WAITING = (
    "SELECT tenant, object, sum(cityHash64(id)) AS fingerprint FROM quarantine WHERE "
    + _OPEN
    + " GROUP BY tenant, object"
)
"""By object, what waits for a schema; the fingerprint changes with the set of rows."""
UNFINISHED = """
SELECT DISTINCT id FROM quarantine_resolutions
WHERE action = 'replaying' AND at < {before:DateTime64(3, 'UTC')}
    AND id NOT IN (SELECT id FROM quarantine_resolutions WHERE action != 'replaying')
ORDER BY id LIMIT {limit:UInt32}
"""
"""Rows that somebody began to replay and did not end with."""

LEFT = """
SELECT tenant, source, toString(code) AS reason, topic, partition, sum(length(offsets)) AS events,
    arraySort(groupArrayArray(100)(offsets)) AS first_offsets, max(arrayMax(offsets)) AS last_offset,
    toUnixTimestamp64Milli(min(oldest)) AS oldest_ms, toUnixTimestamp64Milli(max(newest)) AS newest_ms
FROM left_on_kafka WHERE ({tenant:String} = '' OR tenant = {tenant:String})
    AND ({source:String} = '' OR source = {source:String})
    AND (empty({codes:Array(String)}) OR has({codes:Array(String)}, code))
GROUP BY tenant, source, reason, topic, partition
HAVING (tenant, source, reason, toInt64(partition))
    > ({after_tenant:String}, {after_source:String}, {after_code:String}, {after_partition:Int64})
ORDER BY tenant, source, reason, partition LIMIT {limit:UInt32}
"""
"""Refused events beyond the quarantine's limit, by sender, code and partition."""

_GONE = """
received_at < {kept_from:DateTime64(3, 'UTC')} OR (tenant, id) IN (
    SELECT tenant, id FROM quarantine_resolutions WHERE action != 'replaying')
"""
"""Rows that are old, or that somebody replayed, discarded or gave another reason."""
COUNT_GONE = "SELECT count() FROM quarantine WHERE " + _GONE
SWEEP = (
    "ALTER TABLE quarantine DELETE WHERE " + _GONE,
    "ALTER TABLE quarantine_resolutions DELETE WHERE at < {resolutions_from:DateTime64(3, 'UTC')}",
    "ALTER TABLE left_on_kafka DELETE WHERE newest < {kept_from:DateTime64(3, 'UTC')}",
)
"""Takes them out of the table for good, payload included; then what is said of rows that are gone for long."""
