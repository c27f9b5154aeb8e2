"""A report request read, resolved against a snapshot's catalog and rendered as statements, with its identity."""

import asyncio
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from cachetools import LRUCache

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.problems import Problem, Problems, Suggestions
from crosslook.contracts.tenant_settings import TenantDefaults
from crosslook.platform.bodies import LARGE_BYTES, aside, is_large, json_bytes
from crosslook.platform.caching import keep
from crosslook.platform.clickhouse_parameters import STATEMENT_BYTES
from crosslook.platform.errors import AppError, EntryUnreadable, Invalid, NotFound
from services.query_service.answering.defaults import ReportDefaults, readable
from services.query_service.answering.identity import identity, of_problems
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.catalog.zones import Zones
from services.query_service.domain.after_token import QUESTION_LENGTH
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.condition_reading import Moment
from services.query_service.domain.list_plan import ReportPlan, plan_of
from services.query_service.domain.lookup import NO_OUTLOOK, Lookup, Outlook
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.personal import (
    NOT_PERSONAL,
    HiddenFields,
    PersonalFields,
    hidden_in,
    hidden_of,
    personal_fields,
)
from services.query_service.domain.query import CURRENT, PREVIOUS, Name, ReportRequest
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.resolve import resolve
from services.query_service.domain.sql import render, render_periods
from services.query_service.domain.statements import Statements
from services.query_service.domain.tenancy import scope
from services.query_service.domain.warnings import lacking, warnings_of

_PLAN = 4000
PlanKey = tuple[str, tuple[int, int], TenantDefaults | None, str, int, bool, bytes]
"""A tenant, how its catalogs stand, its defaults, the edition of the zones, the most rows, whether personal fields are
shown, a request's JSON."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that can be run: against which snapshot, with which plan and statements, and what to be warned of.
    `previous`: the snapshot it is compared with. `hidden`: as personal.hidden_of."""

    tenant: str
    manifest: Manifest
    report: ResolvedReport
    plan: ReportPlan
    statements: Statements
    warnings: tuple[Problem, ...]
    previous: Manifest | None = None
    hidden: HiddenFields = ()
    key: str = field(init=False)
    """The identity of its result: equal keys have equal results, for good."""
    weight: int = field(init=False)
    """About how many bytes it takes: its values stand in the request, in the report and in the parameters."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", self._key())
        parts = self.statements.parts().values()
        object.__setattr__(
            self, "weight", _PLAN + 3 * sum(len(part.sql) + len(repr(part.parameters)) for part in parts)
        )

    @property
    def composed(self) -> bool:
        """Whether its answer is more than the rows of its first statement: then only `ReportRunner.run` makes it."""
        return self.report.composed

    def tag(self, *saved: str | int) -> str:
        """The identity of what is shown: of the result, of its warnings, and of what it was saved as."""
        return identity(self.key, saved, of_problems(self.warnings))

    def _key(self) -> str:
        before = self.previous.snapshot if self.previous is not None else None
        parts = {name: [part.sql, part.parameters] for name, part in self.statements.parts().items()}
        # The statements too: of another release they may read the same request in another way.
        return identity(self.tenant, self.manifest.snapshot, before, self.report, parts)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A request with every name found, and the statements that answer it. `hidden`: as personal.hidden_of."""

    report: ResolvedReport
    plan: ReportPlan
    statements: Statements
    hidden: HiddenFields

    def against(self, tenant: str, manifest: Manifest, warnings: tuple[Problem, ...]) -> Prepared:
        """The report as it is run against a snapshot."""
        return Prepared(tenant, manifest, self.report, self.plan, self.statements, warnings, hidden=self.hidden)


def _planned(
    request: ReportRequest,
    problems: Problems,
    lookup: Lookup,
    moment: Moment,
    hidden: PersonalFields,
    rows_of: Catalog | None = None,
) -> _Planned:
    """How the request is answered; `hidden`: the fields that the caller may not read; `rows_of`: the catalog whose rows
    answer it, where that is not the lookup's own. Raises Invalid."""
    report, found = resolve(request, lookup, moment, problems)
    if found or report is None:
        raise Invalid(found)
    read = hidden_of(report, hidden) if hidden else ()
    if request.after is not None and request.after.question != question_of(report, lookup.catalog.tenant, read):
        raise Invalid([Problem("bad_value", "/after", "bad_value.after_other")])
    plan, catalog = plan_of(report), rows_of or lookup.catalog
    statements = replace(render(scope(plan, catalog, hidden)), compared=render_periods(report, catalog, hidden))
    if any(len(part.sql.encode()) > STATEMENT_BYTES for part in statements.parts().values()):
        raise Invalid([Problem("too_large", text="too_large.statement")])
    return _Planned(report, plan, statements, read)


def question_of(report: ResolvedReport, tenant: str, hidden: HiddenFields) -> str:
    """The hash of all that shapes the rows of a list and their order, wherever a page begins and ends. `hidden`: as
    personal.hidden_of."""
    listing = replace(report.listing, after=None) if report.listing is not None else None
    asked = replace(report, listing=listing, limit=0, warnings=())
    return identity(tenant, asked, *([hidden] if hidden else []))[:QUESTION_LENGTH]


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a request is read. `defaults`: the tenant's, None where they cannot be read. `large`: as `bodies.aside`.
    `personal`: whether the caller may read personal fields."""

    defaults: TenantDefaults | None
    large: bool
    personal: bool
    suggestions: Suggestions | None = None
    compared: bool = True


class ReportPreparer:
    """Prepares reports of all tenants."""

    def __init__(
        self,
        catalogs: CatalogFeed,
        zones: Zones,
        defaults: ReportDefaults,
        kept_bytes: int,
    ) -> None:
        self._catalogs = catalogs
        self._plans: LRUCache[PlanKey, Prepared] = LRUCache(kept_bytes, attrgetter("weight"))
        self._zones = zones
        self._defaults = defaults

    async def prepare(self, tenant: str, body: Any, max_rows: int, *, personal: bool) -> Prepared:
        """The report of a body. `personal`: whether the caller may read personal fields; without it they are empty,
        and warnings say so. Raises Invalid with every problem, or what CatalogFeed raises."""
        self._catalogs.require_tenant(tenant)
        written, defaults = json_bytes(body), self._defaults.of(tenant)
        if written is None:  # nested too deep to be written: reading it says where
            return await self._prepare(tenant, body, max_rows, _Reading(defaults, True, personal))
        standing, edition = self._catalogs.standing(tenant), self._zones.edition
        key = tenant, standing, defaults, edition, max_rows, personal, written
        known = self._plans.get(key)
        if known is None:
            reading = _Reading(defaults, len(written) > LARGE_BYTES, personal)
            known = await self._prepare(tenant, body, max_rows, reading)
            keep(self._plans, key, known)
        for manifest in filter(None, (known.manifest, known.previous)):
            await self._catalogs.require(manifest)
        return known

    async def check(self, tenant: str, body: Any, max_rows: int, suggestions: Suggestions) -> Prepared:
        """As `prepare`, for a report that is to be saved: it may be before there are two snapshots to compare.
        `suggestions`: those of the whole that it is a part of."""
        self._catalogs.require_tenant(tenant)
        reading = _Reading(self._defaults.of(tenant), is_large(body), True, suggestions, compared=False)
        return await self._prepare(tenant, body, max_rows, reading)

    async def _prepare(self, tenant: str, body: Any, max_rows: int, reading: "_Reading") -> Prepared:
        await asyncio.sleep(0)  # a dashboard prepares many reports in a row: other requests run in between
        request, problems = await aside(
            reading.large, lambda: parse_request(body, max_rows, Problems(reading.suggestions))
        )
        if request is None:
            raise Invalid(problems)
        manifest = await self._manifest(request, problems, reading)
        catalog = await self._readable(tenant, manifest, request)
        outlook = self._outlook(tenant, manifest)
        lookup = Lookup(catalog, outlook)
        zone = await self._defaults.zone(request.timezone, reading.defaults, problems)
        moment = Moment(manifest.as_of, zone, request.week_start or readable(reading.defaults).week_start)
        hidden = NOT_PERSONAL if reading.personal else personal_fields(catalog, self._catalogs.live(tenant))
        planned = await aside(reading.large, lambda: _planned(request, problems, lookup, moment, hidden))
        warnings = self._warnings(tenant, manifest, planned.report, outlook)
        # Its identity covers every value of the request: of a large one that takes a while, too.
        shown = (*warnings, *hidden_in(planned.report, hidden)) if hidden else warnings
        prepared = await aside(reading.large, lambda: planned.against(tenant, manifest, shown))
        if not (request.compare and reading.compared):
            return prepared
        previous = self._catalogs.before(manifest, Name(PREVIOUS, "/compare"))
        earlier = await self._readable(tenant, previous, request)
        # The same question, with relative times as of the snapshot before.
        before = replace(moment, as_of=previous.as_of)
        kept = hidden if reading.personal else hidden | personal_fields(earlier, self._catalogs.live(tenant))
        then = await aside(reading.large, lambda: _planned(request, Problems(), lookup, before, kept, earlier))
        return await aside(
            reading.large,
            lambda: replace(
                prepared,
                statements=replace(planned.statements, compared={PREVIOUS: then.statements}),
                warnings=(*warnings, *hidden_in(planned.report, kept), *lacking(planned.report, earlier)),
                previous=previous,
            ),
        )

    async def _manifest(self, request: ReportRequest, problems: Problems, reading: "_Reading") -> Manifest:
        """The snapshot of a request; a token pins it. A token that cannot be there is added to the problems."""
        after = request.after
        if after is None:
            return await self._catalogs.find(request.snapshot)
        with problems.reading():
            if not reading.compared:
                problems.add(Problem("bad_value", "/after", "bad_value.after_saved"))
            elif request.snapshot.text not in (CURRENT, PREVIOUS, after.snapshot):
                problems.add(Problem("bad_value", "/after", "bad_value.after_other"))
        try:
            return await self._catalogs.find(Name(after.snapshot, "/after"))
        except NotFound:
            # It was there when the token was made, longer ago than the log of snapshots reaches.
            expired = Problem("snapshot_expired", "/after", values={"snapshot": after.snapshot})
            raise AppError(expired, status=410) from None

    async def _readable(self, tenant: str, manifest: Manifest, request: ReportRequest) -> Catalog:
        """The catalog of a snapshot. Raises EntryUnreadable where what it stores of the request's objects cannot be
        read: to go on would answer as if they had no records."""
        catalog = await self._catalogs.catalog(tenant, manifest)
        named = [request.object.text, *([request.records.object.text] if request.records is not None else [])]
        if (lost := catalog.lost(named)) is not None:
            raise EntryUnreadable(lost)
        return catalog

    def _outlook(self, tenant: str, manifest: Manifest) -> Outlook:
        # How schemas stand now says nothing about what an older snapshot lacks.
        if manifest is not self._catalogs.current() or self._catalogs.lost(tenant):
            return NO_OUTLOOK
        return Outlook(self._catalogs.live(tenant))

    def _warnings(
        self, tenant: str, manifest: Manifest, report: ResolvedReport, outlook: Outlook
    ) -> tuple[Problem, ...]:
        failed = {name: failure.reason for name, failure in manifest.failures_of(tenant).items()}
        return warnings_of(report, outlook.live, failed)
