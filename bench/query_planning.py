"""The time from the JSON of a request to its statements, without network or engine."""

from time import perf_counter
from typing import Any

from bench.query_dataset import AS_OF, TICKET
from bench.tickets import TENANT
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.manifests import Entry
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.contracts.zones import zone_of
from services.query_service.domain.catalog import build_catalog
from services.query_service.domain.condition_reading import Moment
from services.query_service.domain.lookup import NO_OUTLOOK, Lookup
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.personal import NOT_PERSONAL
from services.query_service.domain.plan import plan
from services.query_service.domain.resolve import resolve
from services.query_service.domain.sql import render
from services.query_service.domain.tenancy import scope
from services.query_service.domain.zones import Zone

_MOMENT = Moment(AS_OF, Zone("America/Chicago", zone_of("America/Chicago")))


def planning_ms(body: dict[str, Any], rounds: int) -> list[float]:
    """Milliseconds of each time the request was planned."""
    common = {"build": 1, "rows": 1, "deleted": 0, "unresolved": 0, "schema_version": 1}
    entries = [
        Entry(tenant=TENANT, object=definition.object, layout=layout_of(definition).id, definition=definition, **common)
        for definition in (BUILT_IN_CONTACT, TICKET)
    ]
    catalog = build_catalog(TENANT, "s1", entries)
    samples = []
    for _ in range(rounds):
        started = perf_counter()
        request, problems = parse_request(body, 50_000)
        assert request is not None, problems
        report, problems = resolve(request, Lookup(catalog, NO_OUTLOOK), _MOMENT)
        assert report is not None, problems
        render(scope(plan(report), catalog, NOT_PERSONAL))
        samples.append((perf_counter() - started) * 1000)
    return samples
