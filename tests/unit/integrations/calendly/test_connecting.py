"""What a connection to Calendly brings: its object, its options, its texts."""

import re

from crosslook.contracts.schemas import definition_json
from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.calendly.events import CalendlyEvent
from crosslook.integrations.catalog import integrations, object_slug
from crosslook.integrations.interface import DisabledAfter
from services.schema_service.domain.definition import Limits, parse_definition
from tests.architecture.sources import ROOT

PAGE = (ROOT / "docs/how-to/connect-calendly.md").read_text(encoding="utf-8")
MANIFEST = INTEGRATION.manifest


def test_the_integration_is_found_by_its_folder() -> None:
    assert integrations()["calendly"] is INTEGRATION
    assert object_slug(INTEGRATION, "calendly") == "calendly_booking"
    assert object_slug(INTEGRATION, "sales_team") == "sales_team_booking"


def test_the_object_is_one_that_a_tenant_could_have_defined() -> None:
    definition = INTEGRATION.define("sales_team_booking", {})
    assert definition is not None
    assert definition.object == "sales_team_booking"
    assert definition.reportable
    parsed = parse_definition(definition_json(definition), Limits())
    assert not list(parsed.problems)


def test_every_text_is_there_in_both_languages() -> None:
    for texts in (MANIFEST.labels, MANIFEST.signed_by, MANIFEST.answers):
        assert texts.keys() == {"en", "fr"}
        assert all(texts.values())
    for option in MANIFEST.options["properties"].values():
        assert option["title"]
        assert option["x-fr"].keys() == {"title", "description"}


def test_contacts_are_not_created_unless_the_tenant_asks_for_it() -> None:
    assert MANIFEST.options["properties"]["create_contacts"]["default"] is False


def test_the_vendor_gives_up_after_a_day() -> None:
    assert MANIFEST.limit == DisabledAfter(hours=24)


def test_the_page_names_every_field_and_every_event() -> None:
    definition = INTEGRATION.define("calendly_booking", {})
    assert definition is not None
    fields = PAGE[PAGE.index("## What a record contains") :]
    rows = [line.split("|")[1] for line in fields.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`(\w+)`", "".join(rows))) == set(definition.field_by_slug)
    assert set(re.findall(r'\\"(invitee[\w.]+)\\"', PAGE)) == set(CalendlyEvent)
