"""What `crosslook record` asks of the service, and what it shows of the answer."""

from typing import Any

import httpx
import pytest

from crosslook.contracts.problems import Language
from crosslook.local.commands.record import address_of, show_record
from crosslook.local.terminal import Terminal

EVENT = {
    "id": "e-1",
    "source": "/zendesk",
    "type": "crosslook.record.upserted.v1",
    "time": "2026-11-30T10:00:00Z",
    "received_at": "2026-11-30T10:00:01Z",
    "outcome": "winner",
    "expected": None,
    "code": None,
    "pointer": None,
    "message": None,
    "position": {"partition": 3, "offset": 9},
    "quarantine_id": None,
}
LINK = {"relationship": "requester", "form": "email", "value": "a@x.example", "contact": None}
FOUND: dict[str, Any] = {
    "state": "in_reports",
    "snapshot": {"subject": "x" * 100, "tags": ["a", "b"], "csat": None},
    "external_ids": None,
    "snapshot_id": "s1",
    "as_of": "2026-11-30T11:00:00Z",
    "links": [{**LINK, "reason": "no_contact", "message": "No contact has it."}],
    "events": [
        {**EVENT, "id": "e-2", "outcome": "waiting", "expected": "older"},
        EVENT,
        {**EVENT, "id": "e-0", "type": None, "time": None, "outcome": "quarantined", "code": "wrong_type"},
    ],
    "events_omitted": 1,
}


def shown(found: dict[str, Any], capsys: pytest.CaptureFixture[str], language: Language = "en") -> str:
    show_record(Terminal(language), "ticket/7", found)
    return capsys.readouterr().out


def test_a_record_is_shown_with_its_fields_links_and_events(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(FOUND, capsys)
    assert text.startswith("ticket/7 is in the reports (data as of 2026-11-30T11:00:00Z)")
    for part in (f"{'x' * 80}…", "a; b", "email: a@x.example", "No contact has it.", "waiting (will be: older)"):
        assert part in text
    for part in ("/zendesk e-1", "upserted", "winner", "wrong_type", "1 older event is not listed"):
        assert part in text


def test_a_record_is_shown_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(FOUND, capsys, "fr")
    assert "ticket/7 est dans les rapports (données au 2026-11-30T11:00:00Z)" in text
    assert "en attente (deviendra : plus ancien)" in text
    assert "1 événement plus ancien n'est pas listé" in text


@pytest.mark.parametrize("state", ["pending", "deleted", "unknown"])
def test_a_record_that_is_not_in_the_reports_has_only_its_events(
    state: str, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing = {**FOUND, "state": state, "snapshot": None, "links": [], "events": [], "events_omitted": 0, "as_of": None}
    assert shown(nothing, capsys).strip().count("\n") == 0


@pytest.mark.parametrize("record", ["a/b", "..", "é?#%2F", "\n"])
def test_the_address_of_a_record_names_it_whatever_its_id(record: str) -> None:
    url = httpx.URL(f"http://service{address_of('acme', 'ticket', record)}")
    assert url.path == f"/v1/tenants/acme/objects/ticket/records/{record}"
