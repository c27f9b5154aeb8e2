"""What the pages tell people to type is what the services take: every body in them goes through the real parsers."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import UPSERTED, read_structured
from crosslook.contracts.formats import Format
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.manifests import Entry
from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.records import Admitted
from crosslook.contracts.schemas import Definition, SchemaState, TenantState, built_in_contact
from crosslook.contracts.zones import zone_of
from crosslook.local.commands.record import address_of
from crosslook.local.demo.dataset import make_dataset
from crosslook.local.demo.schemas import TICKET
from services.query_service.domain.catalog import Catalog, build_catalog
from services.query_service.domain.condition_reading import Moment
from services.query_service.domain.lookup import NO_OUTLOOK, Lookup
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.resolve import resolve
from services.query_service.domain.zones import Zone
from services.schema_service.domain import definition, tenant, tenant_settings
from services.schema_service.domain.definition import Limits
from services.schema_service.domain.imports.cells import CellForms
from services.schema_service.domain.imports.columns import read_mapping
from services.schema_service.domain.imports.files import CSV_TYPE, NDJSON_TYPE, FileTerms, row_reader
from services.schema_service.domain.imports.lines import LineSplitter
from services.schema_service.domain.imports.rows import ImportMode, RowDraft
from services.snapshot_service.domain.outcomes import Outcome
from services.snapshot_service.domain.record_facts import RecordState
from services.snapshot_service.domain.selection import Move, QuarantineFilter, Selection, read_move
from tests.architecture.sources import ROOT

FIRST_OBJECT = "docs/how-to/first-object.md"
CONTAINERS = "docs/how-to/run-in-containers.md"
REFUSED = "docs/how-to/refused-events.md"
FILES = "docs/how-to/reports-as-files.md"
RECORD = "docs/how-to/where-is-my-record.md"
IMPORT = "docs/how-to/import-a-file.md"
QUESTIONS = "docs/how-to/twenty-questions.md"
AT = datetime(2026, 11, 24, tzinfo=UTC)
CHICAGO = Zone("America/Chicago", zone_of("America/Chicago"))


def bodies(page: str) -> list[Any]:
    """Every JSON body that a page sends with curl or pipes into the command, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [json.loads(body) for body in re.findall(r"(?:-d|echo) '([\[{].*?)'(?=\s|\n)", text, re.DOTALL)]


def catalog(of: Definition) -> Catalog:
    """The catalog of a snapshot that holds one object beside contact."""
    layout = layout_of(of).id
    counts = {"build": 1, "rows": 1, "deleted": 0, "unresolved": 0, "schema_version": 1}
    return build_catalog(
        "acme", "s-1", [Entry(tenant="acme", object=of.object, layout=layout, definition=of, **counts)]
    )


def problems_of(request: Any, of: Definition, most: int = 50_000) -> list[Any]:
    """What query_service finds wrong with a report request for so many rows."""
    read, problems = parse_request(request, most)
    if read is not None:
        resolve(read, Lookup(catalog(of), NO_OUTLOOK), Moment(AT, CHICAGO), problems)
    return list(problems)


class Schemas:
    """One object beside contact."""

    def __init__(self, of: Definition) -> None:
        self._of = of

    def tenant_known(self, name: str) -> bool:
        return name == "acme"

    def schema(self, name: str, object_slug: str) -> SchemaState | None:
        own = SchemaState(tenant=name, object=self._of.object, version=1, definition=self._of)
        return {"contact": built_in_contact(name), self._of.object: own}.get(object_slug)


def first_object() -> Definition:
    """The object that the walk-through defines, as schema_service reads it."""
    parsed = definition.parse_definition(bodies(FIRST_OBJECT)[0], Limits(200, 10, 500))
    assert list(parsed.problems) == []
    assert parsed.definition is not None
    return parsed.definition


def test_the_first_report_of_the_readme_can_be_asked_of_the_demonstration() -> None:
    (request,) = bodies("README.md")
    assert problems_of(request, Definition.model_validate(TICKET)) == []


def test_the_first_object_can_be_reported_on() -> None:
    assert first_object().reportable


def test_the_first_events_are_admitted() -> None:
    now = int(AT.timestamp() * 1000)
    admission = Admission(Schemas(first_object()))
    _, first, _, second, _ = bodies(FIRST_OBJECT)
    decided = [admission.admit(read_structured(event, now), now, "acme") for event in (*first, *second)]
    assert [type(outcome) for outcome in decided] == [Admitted, Admitted, Admitted]


def test_the_first_report_on_the_first_object_can_be_asked() -> None:
    assert problems_of(bodies(FIRST_OBJECT)[2], first_object()) == []


def test_the_settings_of_the_first_tenant_can_be_stored() -> None:
    settings, problems = tenant_settings.parse_settings(bodies(FIRST_OBJECT)[-1], "acme")
    assert (settings is not None, list(problems)) == (True, [])


def test_the_questions_can_be_asked_of_the_demonstration() -> None:
    """Eighteen of the twenty are report requests; one is a cell of a report, and one is a command."""
    page = (ROOT / QUESTIONS).read_text(encoding="utf-8")
    assert [int(number) for number in re.findall(r"^## (\d+)\.", page, re.MULTILINE)] == list(range(1, 21))
    requests = [json.loads(body) for body in re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)]
    requests += [body["request"] for body in bodies(QUESTIONS)]
    assert len(requests) == 19
    assert [problems_of(request, Definition.model_validate(TICKET)) for request in requests] == [[]] * 19


def test_reports_can_be_asked_for_as_files_as_the_page_says() -> None:
    requests, page = bodies(FILES), (ROOT / FILES).read_text(encoding="utf-8")
    assert len(requests) == 3
    assert [problems_of(request, Definition.model_validate(TICKET), 1_000_000) for request in requests] == [[]] * 3
    assert [format_ for format_ in Format if format_ is not Format.JSON and format_.value not in page] == []


def test_the_tenant_of_the_containers_can_be_made() -> None:
    (body,) = bodies(CONTAINERS)
    assert isinstance(tenant.parse_tenant(body, "acme")[0], TenantState)


def test_what_was_refused_can_be_moved_as_the_page_says() -> None:
    *replays, discard = bodies(REFUSED)
    assert [read_move(body, with_reason=False)[0] for body in replays] == [
        Move(Selection(QuarantineFilter(object="ticket", codes=("wrong_type",))), dry_run, "")
        for dry_run in (None, False)
    ]
    assert read_move(discard, with_reason=True)[0] == Move(
        Selection(QuarantineFilter(source="/test")), False, "sent by a load test"
    )


def test_the_page_about_records_explains_every_state_outcome_and_reason() -> None:
    page = (ROOT / RECORD).read_text(encoding="utf-8")
    reasons = {key.partition(".")[2] for key in MESSAGES if key.startswith(("event.", "link."))}
    named = [*RecordState, *Outcome, *sorted(reasons)]
    assert [name for name in named if f"`{name}`" not in page] == []
    address = re.findall(r"127.0.0.1:8002(/v1/\S+)", page)
    (record,) = re.findall(r"crosslook record acme ticket (\S+)", page)
    assert address == [address_of("acme", "ticket", record)]
    assert record in make_dataset(AT).truth["acme", "ticket"], "the demonstration does not have it"


def test_the_files_of_the_page_about_imports_are_taken() -> None:
    page = (ROOT / IMPORT).read_text(encoding="utf-8")
    definition_of_ticket = Definition.model_validate(TICKET)
    terms = FileTerms(definition_of_ticket, {}, ImportMode.UPSERT, CellForms(CHICAGO.rules))
    for block, kind, count in (("csv", CSV_TYPE, 3), ("json", NDJSON_TYPE, 1)):
        (text,) = re.findall(rf"```{block}\n(.*?)```", page, re.DOTALL)
        reader, lines = row_reader(kind, terms), LineSplitter()
        rows = [*reader.read(lines.feed(text.encode())), *reader.end()]
        assert len(rows) == count
        for row in rows:
            assert isinstance(row, RowDraft), row
            event = {
                "specversion": "1.0",
                "id": "1",
                "source": "/imports",
                "type": UPSERTED,
                "data": row.data("acme", "ticket"),
            }
            admitted = Admission(Schemas(definition_of_ticket)).admit(read_structured(event, 0), 0)
            assert isinstance(admitted, Admitted), admitted
    for mapping in re.findall(r"--mapping '(.*?)'", page):
        assert read_mapping(json.loads(mapping))
    named = set(re.findall(r"`(unknown_column|duplicate_column|missing_id|import_too_old)`", page))
    assert {"import_too_old", "unknown_column"} <= named <= set(MESSAGES)
