"""One report from its JSON to its answer. Looks, dashboards and deliveries ask through here too."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.problems import Problem, Problems, Suggestions
from crosslook.platform.bodies import LARGE_BYTES, aside, is_large, json_bytes
from crosslook.platform.errors import AppError, EntryUnreadable, Invalid
from crosslook.platform.metrics import QUERY_SECONDS, Meters
from crosslook.platform.single_flight import SingleFlight
from services.query_service.answering.executor import Executor
from services.query_service.answering.file_facts import FileFacts
from services.query_service.catalog.cache import CachedResult, Memory
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.catalog.freshness import rfc3339
from services.query_service.catalog.zones import Zones
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.composition import Fetched, compose
from services.query_service.domain.exporting import row_count_statement
from services.query_service.domain.identity import identity, of_problems
from services.query_service.domain.lookup import NO_OUTLOOK, Lookup, Outlook
from services.query_service.domain.operators import Moment
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.plan import QueryPlan
from services.query_service.domain.planner import MOST_GROUPS, plan
from services.query_service.domain.query import PREVIOUS, Name, ReportRequest
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.resolve import resolve, unknown_zone
from services.query_service.domain.result import Links, ResultSet, composed_set, result_set
from services.query_service.domain.sql import Statements, render
from services.query_service.domain.tenancy import scope
from services.query_service.domain.warnings import lacking, not_in_files, warnings_of
from services.query_service.domain.zones import Zone

_PLAN = 4000
_FEW_ROWS = 2000
"""So many are made into an answer at once: beyond, other requests must not wait for it."""
PlanKey = tuple[str, tuple[int, int], str, int, bytes]
"""A tenant, how its catalogs stand, the edition of the zones, the most rows, a request's JSON."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that can be run: against which snapshot, with which plan and statements, and what to be warned of.
    `previous`: the snapshot it is compared with."""

    tenant: str
    manifest: Manifest
    report: ResolvedReport
    plan: QueryPlan
    statements: Statements
    warnings: tuple[Problem, ...]
    previous: Manifest | None = None
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
        parts = {name: [one.sql, one.parameters] for name, one in self.statements.parts().items()}
        # The statements too: of another release they may read the same request in another way.
        return identity(self.tenant, self.manifest.snapshot, before, self.report, parts)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request with every name found, and the statements that answer it."""

    report: ResolvedReport
    plan: QueryPlan
    statements: Statements


def _asked(
    request: ReportRequest, problems: Problems, lookup: Lookup, moment: Moment, rows_of: Catalog | None = None
) -> _Asked:
    """What the request asks; `rows_of`: the catalog that it is asked of, where that is not the lookup's own. Raises
    Invalid."""
    report, found = resolve(request, lookup, moment, problems)
    if found or report is None:
        raise Invalid(found)
    planned = plan(report)
    return _Asked(report, planned, render(scope(planned, rows_of or lookup.catalog)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """How a request is read. `large`: as `bodies.aside`."""

    large: bool
    suggestions: Suggestions | None = None
    compared: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, and whether it was there before this call."""

    kept: CachedResult
    cached: bool


class ReportRunner:
    """Prepares and runs reports of all tenants."""

    def __init__(
        self,
        catalogs: CatalogFeed,
        executor: Executor,
        results: Memory[str, CachedResult],
        plans: Memory[PlanKey, Prepared],
        meters: Meters,
        zones: Zones,
        default_zone: str,
    ) -> None:
        self._catalogs = catalogs
        self._executor = executor
        self._results = results
        self._plans = plans
        self._flights: SingleFlight[str, CachedResult] = SingleFlight()
        self._meters = meters
        self._zones = zones
        self._default_zone = default_zone

    async def prepare(self, tenant: str, body: Any, max_rows: int) -> Prepared:
        """The report of a body. Raises Invalid with every problem, or what CatalogFeed raises."""
        self._catalogs.require_tenant(tenant)
        written = json_bytes(body)
        if written is None:  # nested too deep to be written: reading it says where
            return await self._prepare(tenant, body, max_rows, _Reading(large=True))
        key = tenant, self._catalogs.standing(tenant), self._zones.edition, max_rows, written
        known = self._plans.get(key)
        if known is None:
            known = await self._prepare(tenant, body, max_rows, _Reading(large=len(written) > LARGE_BYTES))
            self._plans.put(key, known)
        for manifest in filter(None, (known.manifest, known.previous)):
            await self._catalogs.require(manifest)
        return known

    async def check(self, tenant: str, body: Any, max_rows: int, suggestions: Suggestions) -> Prepared:
        """As `prepare`, for a report that is to be saved: it may be before there are two snapshots to compare.
        `suggestions`: those of the whole that it is a part of."""
        self._catalogs.require_tenant(tenant)
        reading = _Reading(is_large(body), suggestions, compared=False)
        return await self._prepare(tenant, body, max_rows, reading)

    async def _prepare(self, tenant: str, body: Any, max_rows: int, reading: "_Reading") -> Prepared:
        await asyncio.sleep(0)  # a dashboard prepares many reports in a row: other requests get their turn
        request, problems = await aside(
            reading.large, lambda: parse_request(body, max_rows, Problems(reading.suggestions))
        )
        if request is None:
            raise Invalid(problems)
        manifest = await self._catalogs.find(request.snapshot)
        catalog = await self._readable(tenant, manifest, request)
        outlook = self._outlook(tenant, manifest)
        lookup = Lookup(catalog, outlook)
        zone = await self._zone(request.timezone, problems)
        moment = Moment(manifest.as_of, zone)
        asked = await aside(reading.large, lambda: _asked(request, problems, lookup, moment))
        warnings = self._warnings(tenant, manifest, asked.report, outlook)
        # Its identity covers every value of the request: of a large one that takes a while, too.
        prepared = await aside(
            reading.large,
            lambda: Prepared(tenant, manifest, asked.report, asked.plan, asked.statements, warnings),
        )
        if not (request.compare and reading.compared):
            return prepared
        previous = self._catalogs.before(manifest, Name(PREVIOUS, "/compare"))
        earlier = await self._readable(tenant, previous, request)
        # The same question, with relative times as of the snapshot before.
        before = Moment(previous.as_of, zone)
        then = await aside(reading.large, lambda: _asked(request, Problems(), lookup, before, earlier))
        return await aside(
            reading.large,
            lambda: replace(
                prepared,
                statements=replace(asked.statements, previous=then.statements),
                warnings=(*warnings, *lacking(asked.report, earlier)),
                previous=previous,
            ),
        )

    async def _readable(self, tenant: str, manifest: Manifest, request: ReportRequest) -> Catalog:
        """The catalog of a snapshot. Raises EntryUnreadable where what it stores of the request's objects cannot be
        read: to go on would answer as if they had no records."""
        catalog = await self._catalogs.catalog(tenant, manifest)
        named = [request.object.text, *([request.records.object.text] if request.records is not None else [])]
        if (lost := catalog.lost(named)) is not None:
            raise EntryUnreadable(lost)
        return catalog

    async def run(self, prepared: Prepared) -> Answer:
        """The answer, from memory where it was given before; asked for twice at once it is computed once. Raises what
        Executor.execute raises, AppError `too_many_groups` (422)."""
        known = self._results.get(prepared.key)
        if known is not None:
            return Answer(known, cached=True)
        return Answer(await self._flights.join(prepared.key, lambda: self._computed(prepared)), cached=False)

    async def file_facts(self, prepared: Prepared) -> FileFacts:
        """What a file of the report says beside its rows. Where the rows are sent while they are made they are counted
        first, in the same snapshot. Raises what `run` raises."""
        known = self._results.get(prepared.key)
        if known is not None or prepared.composed:
            shape = known.shape if known is not None else (await self.run(prepared)).kept.shape
            return _facts(prepared, shape.truncated, shape.links, shape.warnings)
        parts = prepared.statements
        asked = {"count": row_count_statement(parts.rows)} | ({"join": parts.links} if parts.links is not None else {})
        answered = {name: rows.rows[0] for name, rows in (await self._executor.count(asked, prepared.tenant)).items()}
        return _facts(prepared, answered["count"][0] > prepared.report.limit, _links_of(prepared, answered.get("join")))

    async def _computed(self, prepared: Prepared) -> CachedResult:
        started = perf_counter()
        result = await self._execute(prepared)
        self._meters.observe(QUERY_SECONDS, perf_counter() - started)
        few = len(result.rows) <= _FEW_ROWS
        kept = CachedResult.of(result) if few else await asyncio.to_thread(CachedResult.of, result)
        self._results.put(prepared.key, kept)
        return kept

    def _outlook(self, tenant: str, manifest: Manifest) -> Outlook:
        # How schemas stand now says nothing about what an older snapshot lacks.
        if manifest is not self._catalogs.current() or self._catalogs.lost(tenant):
            return NO_OUTLOOK
        return Outlook(self._catalogs.live(tenant))

    async def _zone(self, name: Name | None, problems: Problems) -> Zone:
        """The zone of that name or the default one; a name that is not a zone is added to the problems."""
        zone = await self._zones.find(name.text if name is not None else self._default_zone)
        if zone is None and name is not None:
            known = await self._zones.names()
            with problems.reading():
                problems.add(unknown_zone(name, known))
            zone = await self._zones.find(self._default_zone)
        if zone is None:
            raise ValueError(f"the engine does not know the zone of the schedule, {self._default_zone}")
        return zone

    def _warnings(
        self, tenant: str, manifest: Manifest, report: ResolvedReport, outlook: Outlook
    ) -> tuple[Problem, ...]:
        failed = {name: failure.reason for name, failure in manifest.failures_of(tenant).items()}
        return warnings_of(report, outlook.live, failed)

    async def _execute(self, prepared: Prepared) -> ResultSet:
        report, plan = prepared.report, prepared.plan
        most = max(report.limit, MOST_GROUPS) if report.composed else report.limit
        answered = await self._executor.execute(prepared.statements.parts(), most + 1, prepared.tenant)
        rows = {name: one.rows for name, one in answered.items()}
        links = _links_of(prepared, rows["join"][0] if "join" in rows else None)
        if not report.composed:
            totals = rows["totals"][0] if "totals" in rows else None
            if len(rows["rows"]) <= _FEW_ROWS:
                return result_set(report, rows["rows"], totals, links)
            return await asyncio.to_thread(result_set, report, rows["rows"], totals, links)
        if any(len(one) > (most if plan.rest.sifted else MOST_GROUPS) for one in rows.values()):
            raise AppError(Problem("too_many_groups", values={"limit": MOST_GROUPS}), status=422)
        # Many rows take a while, and other requests must not wait for it.
        return await asyncio.to_thread(lambda: composed_set(report, compose(report, plan, Fetched(rows)), links))


def _links_of(prepared: Prepared, counts: Sequence[Any] | None) -> Links | None:
    relationship = prepared.report.relationship
    if relationship is None or counts is None:
        return None
    kept, dropped = counts
    return Links(relationship.slug, int(kept), int(dropped))


def _facts(prepared: Prepared, truncated: bool, links: Links | None, found: tuple[Problem, ...] = ()) -> FileFacts:
    """`found`: the warnings of the result itself."""
    report, manifest = prepared.report, prepared.manifest
    as_of = rfc3339(manifest.as_of)
    warnings = (*prepared.warnings, *found, *not_in_files(report))
    facts = FileFacts(report.base.object, manifest.snapshot, as_of, report.zone.name, truncated, links, warnings)
    if prepared.previous is not None:
        facts.previous = prepared.previous.snapshot, rfc3339(prepared.previous.as_of)
    return facts
