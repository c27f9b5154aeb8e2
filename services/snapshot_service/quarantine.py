"""The quarantine as people read it: what was refused, why, and what it looked like."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from crosslook.contracts.problems import Language, Problem
from crosslook.platform.clickhouse import ClickHouse

_SELECT = """
SELECT id, tenant, object, record, source, event_id, code, pointer, text, values,
    toUnixTimestamp64Milli(received_at) AS received_ms, topic, partition, offset, base64Encode(payload) AS payload
FROM quarantine
WHERE ({tenant:String} = '' OR tenant = {tenant:String}) AND ({object:String} = '' OR object = {object:String})
    AND ({code:String} = '' OR code = {code:String}) AND ({source:String} = '' OR source = {source:String})
    AND (received_ms, id) < ({before_ms:Int64}, {before_id:String})
ORDER BY received_ms DESC, id DESC LIMIT 1 BY id LIMIT {limit:UInt32}
"""
_END = 2**53


@dataclass(frozen=True, slots=True)
class Filter:
    """Which quarantined events; "" means any. `tenant` also bounds what a tenant's own operator may see."""

    tenant: str = ""
    object: str = ""
    code: str = ""
    source: str = ""


async def list_quarantine(
    clickhouse: ClickHouse, wanted: Filter, before: tuple[int, str] | None, limit: int, language: Language
) -> list[dict[str, Any]]:
    """Quarantined events, the newest first, after the position `before` (received_ms, id). Raises ClickHouseError."""
    before_ms, before_id = before or (_END, "")
    parameters = {
        "tenant": wanted.tenant,
        "object": wanted.object,
        "code": wanted.code,
        "source": wanted.source,
        "before_ms": before_ms,
        "before_id": before_id,
        "limit": limit,
    }
    rows = await clickhouse.query(_SELECT, parameters)
    return [_item(row, language) for row in rows.dicts()]


def position_of(item: dict[str, Any]) -> tuple[int, str]:
    """Where an item stands in the list."""
    moment = datetime.fromisoformat(item["received_at"])
    return round(moment.timestamp() * 1000), item["id"]


def _item(row: dict[str, Any], language: Language) -> dict[str, Any]:
    problem = Problem(row["code"], row["pointer"], row["text"], orjson.loads(row["values"]))
    payload = base64.b64decode(row["payload"])
    received = datetime.fromtimestamp(row["received_ms"] / 1000, UTC)
    kept = ("id", "tenant", "object", "record", "source", "event_id", "code", "pointer")
    return {
        **{name: row[name] for name in kept},
        "message": problem.message(language),
        "received_at": received.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **{name: row[name] for name in ("topic", "partition", "offset")},
        "payload": payload.decode("utf-8", "replace"),
        "payload_base64": None if _is_text(payload) else row["payload"],
    }


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True
