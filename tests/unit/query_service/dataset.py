"""A tenant's catalog without an engine, and the pipeline from a request to its statements."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crosslook.contracts.manifests import Entry
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, SchemaState
from crosslook.contracts.zones import zone_of
from services.query_service.domain.catalog import Catalog, build_catalog
from services.query_service.domain.condition_reading import Moment
from services.query_service.domain.list_plan import plan_of
from services.query_service.domain.lookup import Lookup, Outlook
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.personal import NOT_PERSONAL
from services.query_service.domain.query import PREVIOUS
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.resolve import resolve
from services.query_service.domain.sql import render, render_periods
from services.query_service.domain.statements import Statements
from services.query_service.domain.tenancy import scope
from services.query_service.domain.zones import Zone
from tests.helpers import builders

AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
MOMENT = Moment(AS_OF, Zone("America/Chicago", zone_of("America/Chicago")))
MAX_ROWS = 50_000

TICKET = Definition.model_validate(
    {
        "object": "ticket",
        "labels": {"singular": "Ticket", "plural": "Tickets"},
        "fields": [
            {"slug": "subject", "type": "text"},
            {"slug": "status", "label": "Status", "type": "dropdown", "options": [{"value": "open", "label": "Open"}]},
            {"slug": "csat", "label": "CSAT", "type": "number"},
            {"slug": "amount", "type": "currency"},
            {"slug": "due_on", "type": "date"},
            {"slug": "opened_at", "label": "Opened", "type": "datetime"},
            {"slug": "tags", "type": "multiselect"},
            {"slug": "urgent", "type": "boolean"},
        ],
        "relationships": [{"slug": "requester", "target": "contact"}, {"slug": "parent", "target": "ticket"}],
    }
)
BOOKING = Definition.model_validate(
    {
        "object": "booking",
        "labels": {"singular": "Booking", "plural": "Bookings"},
        "fields": [{"slug": "price", "type": "currency"}, {"slug": "minutes", "type": "number"}],
        "relationships": [
            {"slug": "invitee", "target": "contact"},
            {"slug": "guests", "target": "contact", "many": True},
        ],
    }
)
ASSET = Definition.model_validate(
    {
        "object": "asset",
        "labels": {"singular": "Asset", "plural": "Assets"},
        "fields": [{"slug": "name", "type": "text"}],
    }
)


def entry(definition: Definition, build_number: int = 7, version: int = 1) -> Entry:
    """An object as the snapshot has it."""
    return builders.entry(definition, build=build_number, schema_version=version)


def catalog(*definitions: Definition) -> Catalog:
    """The catalog of these objects; of all of them when none are named."""
    return build_catalog(
        "acme", "s1", [entry(definition) for definition in definitions or (BUILT_IN_CONTACT, TICKET, BOOKING, ASSET)]
    )


def live(*states: SchemaState) -> Outlook:
    """The tenant's schemas as they stand."""
    return Outlook({state.object: state for state in states})


def resolved(
    request: Any, known: Catalog | None = None, outlook: Outlook | None = None
) -> tuple[ResolvedReport | None, list[Problem]]:
    """A request with every problem of its shape and its names."""
    asked, problems = parse_request(request, MAX_ROWS)
    if asked is None:
        return None, list(problems)
    report, found = resolve(asked, Lookup(known or catalog(), outlook or live()), MOMENT, problems)
    return report, list(found)


def problems_of(request: Any, known: Catalog | None = None, outlook: Outlook | None = None) -> list[tuple[str, str]]:
    """(code, pointer) of every problem."""
    return [(problem.code, problem.pointer) for problem in resolved(request, known, outlook)[1]]


def statements(request: Any, known: Catalog | None = None, before: Catalog | None = None) -> Statements:
    """The statements of a request that must be a good one; `before`: what it is compared with."""
    asked = known or catalog()
    report, problems = resolved(request, asked)
    assert report is not None, problems
    assert problems == []
    made = replace(
        render(scope(plan_of(report), asked, NOT_PERSONAL)), compared=render_periods(report, asked, NOT_PERSONAL)
    )
    if not report.compared or made.compared:
        return made
    earlier = render(scope(plan_of(report), before or catalog(BUILT_IN_CONTACT, BOOKING), NOT_PERSONAL))
    return replace(made, compared={PREVIOUS: earlier})
