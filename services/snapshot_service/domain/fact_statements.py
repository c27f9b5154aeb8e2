"""Every statement about the facts of integrations and the outcomes of their messages. Every value is a parameter."""

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.layouts import field_column
from crosslook.contracts.records import EventKind
from crosslook.contracts.values import EMAIL_TRIMMED

READ_FACTS = """
SELECT toString(tenant), toString(integration), record, key, digest, mapper, kind, time_ms, `order`, version, related,
    data, toString(life)
FROM integration_facts
WHERE (tenant, integration, record) IN {places:Array(Tuple(String, String, String))}
LIMIT {limit:UInt32} BY tenant, integration, record
"""
"""What is stated about records. Read by the sorting order: a block of 512 rows or two for each record."""

_COMPARED = f"lower(trimBoth({{}}, '{EMAIL_TRIMMED.encode('unicode_escape').decode()}'))"
"""An e-mail in the form in which it is compared (`values.email_key`)."""

CONTACT_ENTRIES = f"""
SELECT * FROM snapshot_entries
WHERE snapshot = {{snapshot:String}} AND tenant IN {{tenants:Array(String)}} AND object = '{CONTACT}'
"""

STAGED_CONTACTS = f"""
SELECT toString(tenant), {_COMPARED.format("JSONExtractString(fields, 'email')")} AS email, min(record)
FROM record_log
WHERE tenant IN {{tenants:Array(String)}} AND object = '{CONTACT}' AND kind != {EventKind.DELETE:d}
    AND offset >= {{low:Array(UInt64)}}[partition + 1] AND email IN {{emails:Array(String)}}
GROUP BY tenant, email
"""
"""Of these e-mails those that contacts have which wait for the next refresh."""


def contacts_by_email(table: str) -> str:
    """Of these e-mails those that live contacts of builds have, with the contact that links lead to: the oldest."""
    email, created = field_column("email"), field_column("created_at")
    return f"""
SELECT tenant, key, argMin(record, (isNull(created), ifNull(created, toDateTime64(0, 3, 'UTC')), record)) FROM (
    SELECT tenant, record, {created} AS created, {_COMPARED.format(f"assumeNotNull({email})")} AS key FROM {table}
    WHERE build IN {{builds:Array(UInt64)}} AND tenant IN {{tenants:Array(String)}} AND object = '{CONTACT}'
        AND NOT deleted AND isNotNull({email}))
WHERE key IN {{emails:Array(String)}} GROUP BY tenant, key
"""


FOLDED_BY = "SELECT tenant, integration, mark, object FROM integration_folds FINAL"
NEXT_RECORDS = """
SELECT DISTINCT record FROM integration_facts
WHERE tenant = {tenant:String} AND integration = {integration:String} AND record > {after:String}
ORDER BY record LIMIT {limit:UInt32}
"""
"""The records of a connection behind one of them."""
FACT_LIVES = """
SELECT DISTINCT toString(life) FROM integration_facts
WHERE tenant = {tenant:String} AND integration = {integration:String}
"""
"""The lives whose facts a connection has."""
FORGET_LIVES = """ALTER TABLE integration_facts DELETE
WHERE tenant = {tenant:String} AND integration = {integration:String} AND has({lives:Array(String)}, life)
"""
FORGET_CONNECTION = (
    """ALTER TABLE integration_facts DELETE
WHERE tenant = {tenant:String} AND integration = {integration:String} AND received_at <= {before:DateTime64(3, 'UTC')}
    AND has({lives:Array(String)}, life)
""",
    """ALTER TABLE webhook_outcomes DELETE
WHERE tenant = {tenant:String} AND integration = {integration:String} AND received_at <= {before:DateTime64(3, 'UTC')}
""",
    "ALTER TABLE integration_folds DELETE WHERE tenant = {tenant:String} AND integration = {integration:String}",
)
"""In this order: the last one makes that nobody looks for the others any more."""

WEBHOOK_HEALTH = """
SELECT tenant, integration, toInt64(countIf(recent)), toInt64(countIf(recent AND outcome = 'ignored')),
    toInt64(countIf(recent AND outcome = 'refused')), toInt64(sumIf(facts, recent)), toInt64(sumIf(records, recent)),
    toUnixTimestamp64Milli(max(received_at)), toUnixTimestamp64Milli(maxIf(received_at, outcome = 'refused'))
FROM (SELECT *, received_at >= {since:DateTime64(3, 'UTC')} AS recent FROM webhook_outcomes FINAL
    WHERE tenant IN {tenants:Array(String)})
GROUP BY tenant, integration
"""
"""What the worker did with the messages of each connection in the last day, and when it had the last one."""
