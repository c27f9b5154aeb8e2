"""`record`: where a record is, what the reports show of it, and what became of its events."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from crosslook.local.commands.ask import api_of
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.terminal import Terminal

_LONGEST_VALUE = 80
_STATES = {
    "in_reports": "record.in_reports",
    "pending": "record.pending",
    "deleted": "record.deleted",
    "unknown": "record.unknown",
}
_OUTCOMES = {
    "winner": "outcome.winner",
    "applied": "outcome.applied",
    "older": "outcome.older",
    "repeat": "outcome.repeat",
    "too_late": "outcome.too_late",
    "waiting": "outcome.waiting",
    "quarantined": "outcome.quarantined",
}


def record(terminal: Terminal, folder: DataFolder, tenant: str, name: str, record_id: str) -> int:
    """Print everything that is known of a record of the object `name`. Raises CommandRefused."""
    if not record_id:
        raise CommandRefused("record_id_missing")
    found = asyncio.run(_record(terminal, folder, tenant, address_of(tenant, name, record_id)))
    if terminal.json:
        terminal.answer(found)
    else:
        show_record(terminal, f"{name}/{record_id}", found)
    return 0


def address_of(tenant: str, name: str, record_id: str) -> str:
    """The path of a record, whatever its id: clients resolve dots in a path, so they are encoded too."""
    parts = [quote(part, safe="").replace(".", "%2E") for part in (tenant, name, record_id)]
    return "/v1/tenants/{}/objects/{}/records/{}".format(*parts)


def show_record(terminal: Terminal, named: str, found: Mapping[str, Any]) -> None:
    """The state as a sentence, then the fields, the links and the events as tables."""
    listed = found["events"] or found["events_omitted"]
    state = _STATES[found["state"]] if listed or found["state"] != "unknown" else "record.nothing"
    terminal.line(state, record=named, as_of=found["as_of"] or "–")  # noqa: RUF001  # an en dash
    say = terminal.say
    if found["snapshot"] is not None:
        values = [(slug, _value(value)) for slug, value in found["snapshot"].items()]
        terminal.table([say("record_field"), say("record_value")], values)
    if found["links"]:
        headings = [say("record_relationship"), say("record_reference"), say("record_contact"), say("record_reason")]
        terminal.table(headings, [_link(link) for link in found["links"]])
    if found["events"]:
        headings = ["record_received", "record_event", "record_type", "record_time", "record_outcome", "record_reason"]
        rows = [_event(terminal, event) for event in found["events"]]
        terminal.table([say(heading) for heading in headings], rows)
    if found["events_omitted"]:
        terminal.line("record_omitted", count=found["events_omitted"])


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(value)
    text = value if isinstance(value, str) else None
    return f"{text[:_LONGEST_VALUE]}…" if text is not None and len(text) > _LONGEST_VALUE else value


def _link(link: Mapping[str, Any]) -> tuple[Any, ...]:
    return link["relationship"], f"{link['form']}: {link['value']}", link["contact"], link["message"]


def _event(terminal: Terminal, event: Mapping[str, Any]) -> tuple[Any, ...]:
    """A row of the table of events. `expected`: what a waiting event will be, if not still waiting."""
    outcome = terminal.say(f"outcome.{event['outcome']}")
    if event["expected"] not in (None, event["outcome"]):
        outcome = terminal.say(
            "record_expected", outcome=outcome, expected=terminal.say(f"outcome.{event['expected']}")
        )
    kind = (event["type"] or "").removeprefix("crosslook.record.").removesuffix(".v1")
    reason = event["message"] if event["code"] is None else f"{event['code']}: {event['message'] or ''}".rstrip(": ")
    return event["received_at"], f"{event['source']} {event['id']}", kind or None, event["time"], outcome, reason


async def _record(terminal: Terminal, folder: DataFolder, tenant: str, path: str) -> dict[str, Any]:
    async with api_of(folder, "snapshot_service", tenant, "records:read", terminal) as api:
        found: dict[str, Any] = await api.get(path)
        return found
