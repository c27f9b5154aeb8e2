"""What `crosslook record` asks of the service, and what it shows of the answer."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from crosslook.contracts.problems import Language
from crosslook.local.commands.record import address_of, record, show_record
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
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


def test_of_an_unknown_record_without_events_nothing_is_announced(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = {**FOUND, "state": "unknown", "snapshot": None, "links": [], "events": [], "events_omitted": 0}
    assert shown(unknown, capsys).strip() == "Nothing is known of ticket/7"
    assert shown(unknown, capsys, "fr").strip() == "On ne sait rien de ticket/7"
    listed = shown({**unknown, "events": [EVENT]}, capsys)
    assert listed.startswith("Nothing is known of ticket/7 except what is listed here\n")


def test_an_event_that_goes_on_waiting_is_not_said_to_become_anything(capsys: pytest.CaptureFixture[str]) -> None:
    waits = {**EVENT, "outcome": "waiting", "expected": "waiting"}
    text = shown({**FOUND, "events": [waits]}, capsys)
    assert "waiting" in text
    assert "will be" not in text


def test_a_record_without_an_id_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(CommandRefused) as refusal:
        record(Terminal("en"), DataFolder(tmp_path), "acme", "ticket", "")
    assert str(refusal.value).startswith("The id of the record is missing")


@pytest.mark.parametrize("name", ["a/b", "..", "é?#%2F", "\n"])
def test_the_address_of_a_record_names_it_whatever_its_id(name: str) -> None:
    url = httpx.URL(f"http://service{address_of('acme', 'ticket', name)}")
    assert url.path == f"/v1/tenants/acme/objects/ticket/records/{name}"
