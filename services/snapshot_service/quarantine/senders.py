"""The health of each integration: its last event, and the events staged and refused in the last hour."""

from datetime import datetime, timedelta
from typing import Any

from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.fact_statements import WEBHOOK_HEALTH
from services.snapshot_service.quarantine.reading import rfc3339_from_ms

INTEGRATION_SOURCE = "/integrations/"
"""Begins the source of the record events that a connection makes."""
_HEALTH = """
SELECT tenant, source, toUnixTimestamp64Milli(max(last_at)) AS last_ms,
    toInt64(sum(staged_events)) AS staged, toInt64(sum(refused_events)) AS refused
FROM (
    SELECT toString(tenant) AS tenant, toString(source) AS source, max(received_at) AS last_at,
        countIf(received_at >= {since:DateTime64(3, 'UTC')}) AS staged_events, toUInt64(0) AS refused_events
    FROM record_log WHERE {tenant:String} = '' OR tenant = {tenant:String} GROUP BY tenant, source
    UNION ALL
    SELECT tenant, source, max(received_at) AS last_at, toUInt64(0) AS staged_events,
        uniqExactIf((topic, partition, offset), received_at >= {since:DateTime64(3, 'UTC')}) AS refused_events
    FROM quarantine WHERE {tenant:String} = '' OR tenant = {tenant:String} GROUP BY tenant, source
    UNION ALL
    SELECT toString(tenant) AS tenant, concat('/integrations/', toString(integration)) AS source,
        max(received_at) AS last_at, toUInt64(0) AS staged_events, toUInt64(0) AS refused_events
    FROM webhook_outcomes WHERE {tenant:String} = '' OR tenant = {tenant:String} GROUP BY tenant, source)
WHERE (tenant, source) > ({after_tenant:String}, {after_source:String}) OR NOT {later:Bool}
GROUP BY tenant, source ORDER BY tenant, source LIMIT {limit:UInt32}
"""
"""Refusals count when they happen, whatever becomes of them later."""


async def integrations_health(
    clickhouse: ClickHouse, tenant: str, now: datetime, after: tuple[str, str] | None, limit: int
) -> list[dict[str, Any]]:
    """One item for each tenant and source, in their order, after the position `after`. Raises ClickHouseError."""
    parameters = {
        "tenant": tenant,
        "since": now - timedelta(hours=1),
        "later": after is not None,
        "after_tenant": after[0] if after else "",
        "after_source": after[1] if after else "",
        "limit": limit,
    }
    rows = (await clickhouse.query(_HEALTH, parameters)).rows
    tenants = sorted({tenant for tenant, source, *_ in rows if source.startswith(INTEGRATION_SOURCE)})
    webhooks = await _webhooks(clickhouse, tenants, now) if tenants else {}
    return [{**_item(*row), "webhooks": webhooks.get((row[0], row[1]))} for row in rows]


async def _webhooks(clickhouse: ClickHouse, tenants: list[str], now: datetime) -> dict[tuple[str, str], dict[str, Any]]:
    """What the worker knows of connections, by tenant and source."""
    parameters = {"tenants": tenants, "since": now - timedelta(days=1)}
    rows = (await clickhouse.query(WEBHOOK_HEALTH, parameters)).rows
    return {(tenant, f"{INTEGRATION_SOURCE}{name}"): _work(name, *counts) for tenant, name, *counts in rows}


def _work(
    name: str, messages: int, ignored: int, refused: int, facts: int, records: int, last: int, last_refused: int
) -> dict[str, Any]:
    return {
        "integration": name,
        "messages_24h": messages,
        "ignored_24h": ignored,
        "refused_24h": refused,
        "facts_24h": facts,
        "records_24h": records,
        "last_message_at": rfc3339_from_ms(last),
        "last_refused_at": rfc3339_from_ms(last_refused) if last_refused else None,
    }


def _item(tenant: str, source: str, last_ms: int, staged: int, refused: int) -> dict[str, Any]:
    arrived = staged + refused
    return {
        "tenant": tenant,
        "source": source,
        "last_event_at": rfc3339_from_ms(last_ms),
        "staged_last_hour": staged,
        "refused_last_hour": refused,
        "refused_share": round(refused / arrived, 4) if arrived else None,
    }
