"""Lists and counts quarantined events for the API."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson

from crosslook.contracts.problems import Language, Problem
from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.selection import QuarantineFilter
from services.snapshot_service.quarantine.statements import COUNTS, LIST, PLACES
from services.snapshot_service.quarantine.store import parameters_of

PAGE_BYTES = 8 * 1024 * 1024
_END = 2**53


async def list_quarantine(
    clickhouse: ClickHouse, wanted: QuarantineFilter, before: tuple[int, str] | None, page_size: int, language: Language
) -> tuple[list[dict[str, Any]], bool]:
    """Quarantined events, the newest first, after the position `before` (received_ms, id), and whether more follow.

    A page ends early where its payloads would take more than `PAGE_BYTES`; it has at least one event, if there is one.
    Raises ClickHouseError.
    """
    before_ms, before_id = before or (_END, "")
    place = {"before_ms": before_ms, "before_id": before_id, "limit": page_size + 1}
    places = (await clickhouse.query(PLACES, parameters_of(wanted) | place)).rows
    ids = _fitting([(name, size) for name, _, size in places[:page_size]])
    if not ids:
        return [], False
    rows = await clickhouse.query(LIST, parameters_of(wanted) | {"ids": ids})
    return [_item(row, language) for row in rows.dicts()], len(ids) < len(places)


def _fitting(sizes: list[tuple[str, int]]) -> list[str]:
    """The first ids whose payloads fit on a page."""
    fitting: list[str] = []
    taken = 0
    for name, size in sizes:
        taken += size
        if fitting and taken > PAGE_BYTES:
            break
        fitting.append(name)
    return fitting


def position_of(item: dict[str, Any]) -> tuple[int, str]:
    """The position of an item in the list."""
    moment = datetime.fromisoformat(item["received_at"])
    return round(moment.timestamp() * 1000), item["id"]


async def count_quarantine(
    clickhouse: ClickHouse, wanted: QuarantineFilter, after: tuple[int, str, str] | None, limit: int
) -> list[dict[str, Any]]:
    """How many events wait by code and source, the most first, after the position `after` (count, code, source).
    Raises ClickHouseError."""
    events, code, source = after or (_END, "", "")
    place = {"after_events": -events, "after_code": code, "after_source": source, "limit": limit}
    rows = await clickhouse.query(COUNTS, parameters_of(wanted) | place)
    return [
        {
            "code": code,
            "source": source,
            "count": count,
            "oldest": rfc3339_from_ms(oldest),
            "newest": rfc3339_from_ms(newest),
        }
        for code, source, count, oldest, newest in rows.rows
    ]


def rfc3339_from_ms(milliseconds: int) -> str:
    """Milliseconds since the epoch as RFC 3339 in UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _item(row: dict[str, Any], language: Language) -> dict[str, Any]:
    problem = Problem(row["code"], row["pointer"], row["text"], orjson.loads(row["values"]))
    kept = ("id", "tenant", "object", "record", "source", "event_id", "code", "pointer")
    text, encoded = shown(base64.b64decode(row["payload"]))
    return {
        **{name: row[name] for name in kept},
        "message": explanation(problem, language),
        "received_at": rfc3339_from_ms(row["received_ms"]),
        **{name: row[name] for name in ("topic", "partition", "offset")},
        "payload": text,
        "payload_base64": encoded,
        "headers": [
            _header(name, value) for name, value in zip(row["header_names"], row["header_values"], strict=True)
        ],
    }


def explanation(problem: Problem, language: Language) -> str:
    """The sentence of a stored refusal. Another release may have stored it, with a text or values that are not known
    here: one such row must not keep the others from being listed."""
    try:
        return problem.message(language)
    except KeyError:
        return Problem("unknown_refusal", values={"code": problem.code}).message(language)


def _header(name: str, encoded: str) -> dict[str, Any]:
    text, unreadable = shown(base64.b64decode(encoded))
    return {"name": name, "value": text, "value_base64": unreadable}


def shown(raw: bytes) -> tuple[str, str | None]:
    """Bytes as text, and, where they are not UTF-8, once more as base64."""
    try:
        return raw.decode(), None
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace"), base64.b64encode(raw).decode()
