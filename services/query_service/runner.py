"""One report from its JSON to its answer. Looks, dashboards and deliveries ask through here too."""

import hashlib
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import orjson

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.problems import Problem
from crosslook.platform.errors import Invalid
from crosslook.platform.metrics import QUERY_SECONDS, Meters
from services.query_service.cache import Memory
from services.query_service.catalog_feed import CatalogFeed
from services.query_service.domain.lookup import NO_OUTLOOK, Lookup, Outlook
from services.query_service.domain.operators import Moment
from services.query_service.domain.parsing import parse
from services.query_service.domain.planner import plan
from services.query_service.domain.query import ReportRequest
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.resolve import resolve, zone_of
from services.query_service.domain.result import Links, ResultSet, result_set
from services.query_service.domain.sql import Statements, render
from services.query_service.domain.tenancy import scope
from services.query_service.domain.warnings import warnings_of
from services.query_service.executor import Executor


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that can be run: against which snapshot, with which statements, and what to be warned of."""

    tenant: str
    manifest: Manifest
    report: ResolvedReport
    statements: Statements
    warnings: tuple[Problem, ...]

    @property
    def key(self) -> str:
        """The identity of its answer: equal keys have equal answers, for good."""
        parts = {name: [one.sql, one.parameters] for name, one in self.statements.parts().items()}
        content = [self.tenant, self.manifest.snapshot, self.report.limit, parts]
        return hashlib.sha256(orjson.dumps(content, default=str)).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, and whether it was computed for this very call."""

    result: ResultSet
    cached: bool


class ReportRunner:
    """Prepares and runs reports of all tenants."""

    def __init__(
        self,
        catalogs: CatalogFeed,
        executor: Executor,
        results: Memory[str, ResultSet],
        meters: Meters,
        default_zone: str,
    ) -> None:
        self._catalogs = catalogs
        self._executor = executor
        self._results = results
        self._meters = meters
        self._default_zone = default_zone

    async def prepare(self, tenant: str, body: Any, max_rows: int) -> Prepared:
        """The report of a body. Raises Invalid with every problem, or what CatalogFeed raises."""
        self._catalogs.require_tenant(tenant)
        request, problems = parse(body, max_rows)
        if request is None:
            raise Invalid(problems)
        manifest = self._catalogs.manifest(request.snapshot)
        catalog = await self._catalogs.catalog(tenant, manifest)
        outlook = self._outlook(tenant, manifest)
        report = self._resolved(request, problems, Lookup(catalog, outlook), manifest)
        statements = render(scope(plan(report), catalog))
        return Prepared(tenant, manifest, report, statements, self._warnings(tenant, manifest, report, outlook))

    async def run(self, prepared: Prepared) -> Answer:
        """The answer, from memory where it was given before. Raises what Executor.execute raises."""
        known = self._results.get(prepared.key)
        if known is not None:
            return Answer(known, cached=True)
        started = perf_counter()
        result = await self._execute(prepared.statements, prepared.report)
        self._meters.observe(QUERY_SECONDS, perf_counter() - started)
        self._results.put(prepared.key, result)
        return Answer(result, cached=False)

    async def run_report(self, tenant: str, body: Any, max_rows: int) -> ResultSet:
        """The result of a report request, for who needs nothing but that."""
        return (await self.run(await self.prepare(tenant, body, max_rows))).result

    def _outlook(self, tenant: str, manifest: Manifest) -> Outlook:
        # How schemas stand now says nothing about what an older snapshot lacks.
        return Outlook(self._catalogs.live(tenant)) if manifest is self._catalogs.current() else NO_OUTLOOK

    def _resolved(
        self, request: ReportRequest, problems: list[Problem], lookup: Lookup, manifest: Manifest
    ) -> ResolvedReport:
        zone = zone_of(request.timezone, self._default_zone)
        if isinstance(zone, Problem):
            problems.append(zone)
            zone = zone_of(None, self._default_zone)
        if isinstance(zone, Problem):
            raise ValueError("the default zone was checked with the settings")
        report, found = resolve(request, lookup, Moment(manifest.as_of, zone))
        problems += found
        if problems or report is None:
            raise Invalid(problems)
        return report

    def _warnings(
        self, tenant: str, manifest: Manifest, report: ResolvedReport, outlook: Outlook
    ) -> tuple[Problem, ...]:
        failed = manifest.failure_of(tenant)
        return warnings_of(report, outlook.live, failed.reason if failed is not None else None)

    async def _execute(self, statements: Statements, report: ResolvedReport) -> ResultSet:
        answered = await self._executor.execute(statements.parts(), report.limit + 1)
        rows = {name: one.rows for name, one in answered.items()}
        links = None
        if report.relationship is not None and "join" in rows:
            ((kept, dropped),) = rows["join"]
            links = Links(report.relationship.slug, int(kept), int(dropped))
        totals = rows["totals"][0] if "totals" in rows else None
        return result_set(report, rows["rows"], totals, links)
