"""Every statement about the facts of integrations and the outcomes of their messages. Every value is a parameter."""

READ_FACTS = """
SELECT toString(tenant), toString(integration), record, key, digest, mapper, kind, time_ms, `order`, version, related,
    data
FROM integration_facts
WHERE (tenant, integration, record) IN {places:Array(Tuple(String, String, String))}
LIMIT {limit:UInt32} BY tenant, integration, record
"""
"""What is stated about records. Read by the sorting order: a block of 512 rows or two for each record."""
