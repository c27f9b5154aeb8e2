"""Turns patches whose record did not arrive within the horizon back into events, for the quarantine. Pure.

A staged event is no longer the bytes it came in; what is quarantined has the same content, in the form of CONTRACTS 3.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

from crosslook.contracts.events import PATCHED, STRUCTURED
from crosslook.contracts.ids import record_key
from crosslook.contracts.layouts import Layout, field_column, refs_column
from crosslook.contracts.problems import Problem
from crosslook.contracts.records import FOREIGN_IDS, Address, Quarantined, Refused
from crosslook.contracts.topics import RECORDS
from crosslook.contracts.values import milliseconds


def orphan(row: Mapping[str, Any], source: Layout, late_days: int) -> Quarantined:
    """A row of `patching.expired_statement` as the event that its record did not come for."""
    tenant, name, record = row["tenant"], row["object"], row["record"]
    problem = Problem("orphan_patch", "/data/record", values={"record": record, "days": late_days})
    received_ms = milliseconds(row["received_at"])
    return Quarantined(
        Refused(problem, tenant, name, record, row["source"], row["event_id"]),
        Address(RECORDS.name, row["partition"], row["offset"], received_ms),
        orjson.dumps(_event(row, source)),
        (("content-type", STRUCTURED.encode()),),
        record_key(tenant, name, record),
    )


def _event(row: Mapping[str, Any], source: Layout) -> dict[str, Any]:
    named = frozenset(row["named"])
    data = {name: row[name] for name in ("tenant", "object", "record", "sequence")}
    data["fields"] = {slug: _sent(row[field_column(slug)]) for slug, _ in source.fields if slug in named}
    links = {slug: row[refs_column(slug)] for slug, _ in source.relationships if slug in named}
    if links:
        data["relationships"] = {slug: [_reference(ref) for ref in refs] for slug, refs in links.items()}
    if FOREIGN_IDS in named:
        data["external_ids"] = list(row["external_ids"])
    return {
        "specversion": "1.0",
        "id": row["event_id"],
        "source": row["source"],
        "type": PATCHED,
        "time": _sent(row["event_time"]),
        "datacontenttype": "application/json",
        "data": data,
    }


def _sent(value: Any) -> Any:
    """A value in the form it is sent in."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return value


def _reference(text: str) -> dict[str, str]:
    kind, _, value = text.partition(":")
    return {kind: value}
