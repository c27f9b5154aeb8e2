"""The page about connecting Zendesk says what the folder does: its template, its fields, its options."""

import json
import re
from typing import Any

from crosslook.integrations.interface import WholeRecord
from crosslook.integrations.zendesk import INTEGRATION
from crosslook.integrations.zendesk.custom_fields import CUSTOM_TYPES
from crosslook.integrations.zendesk.definition import REQUESTER, TICKET_FIELDS
from tests.architecture.sources import ROOT
from tests.helpers.zendesk import facts_of, folds, webhook

PAGE = (ROOT / "docs/how-to/connect-zendesk.md").read_text(encoding="utf-8")
RENDERED = {
    "{{ticket.id}}": "5158",
    "{{ticket.title}}": "Printer on fire",
    "{{ticket.status}}": "Open",
    "{{ticket.priority}}": "High",
    "{{ticket.ticket_type}}": "Incident",
    "{{ticket.via}}": "Mail",
    "{{ticket.tags}}": "vip fire",
    "{{ticket.group.name}}": "Support",
    "{{ticket.assignee.name}}": "Ann",
    "{{ticket.created_at_with_timestamp}}": "2025-01-08T10:12Z",
    "{{ticket.updated_at_with_timestamp}}": "2025-01-08T10:15Z",
    "{{satisfaction.current_rating}}": "Good",
    "{{ticket.requester.id}}": "88",
    "{{ticket.requester.email}}": "bob@example.com",
    "{{ticket.requester.name}}": "Bob",
}
"""The placeholders of the page's template, as Zendesk renders them."""


def test_the_template_of_the_page_is_read_whole() -> None:
    (template,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert sorted(re.findall(r"\{\{[^}]*\}\}", template)) == sorted(RENDERED)
    for placeholder, text in RENDERED.items():
        template = template.replace(placeholder, text)
    state = folds(facts_of([webhook(json.loads(template))]))["5158"]
    assert isinstance(state, WholeRecord)
    silent = {"custom_status", "organization", "brand", "merged_into", "solved_at", "replies", "reopens"}
    assert state.fields.keys() == {field.slug for field in TICKET_FIELDS} - silent - {"first_reply_minutes"}


def test_the_page_describes_every_field_with_its_type() -> None:
    section = PAGE.partition("## 4.")[2].partition("## 5.")[0]
    rows = re.findall(r"^\| (`[^|]*`) \| (\w+) \|", section, re.MULTILINE)
    told = {name: kind for names, kind in rows for name in re.findall(r"`(\w+)`", names)}
    assert told == {**{field.slug: field.type.value for field in TICKET_FIELDS}, REQUESTER: "relationship"}
    for kind in CUSTOM_TYPES:
        assert f"`{kind.value}`" in section


def test_the_options_of_the_page_are_options() -> None:
    (sent,) = re.findall(r"-d '(\{.*?\})'", PAGE, re.DOTALL)
    options: dict[str, Any] = json.loads(sent)["options"]
    assert options.keys() <= INTEGRATION.manifest.options["properties"].keys()
    assert list(INTEGRATION.check(options)) == []
    defined = INTEGRATION.define("zendesk_ticket", options)
    assert defined is not None
    assert {field["slug"] for field in options["custom_fields"]} <= defined.field_by_slug.keys()
