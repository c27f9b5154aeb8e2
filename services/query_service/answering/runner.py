"""Prepared reports run on the engine. Results belong to one snapshot and so never go stale in their cache."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from time import perf_counter
from typing import Any

import orjson
from cachetools import LRUCache

from crosslook.contracts.problems import Problem
from crosslook.platform.caching import SingleFlight, keep
from crosslook.platform.errors import AppError
from crosslook.platform.metrics import QUERY_SECONDS, Meters
from services.query_service.answering.executor import Executor
from services.query_service.answering.file_facts import FileFacts
from services.query_service.answering.preparation import Prepared
from services.query_service.catalog.freshness import rfc3339
from services.query_service.domain.composition import Fetched, compose
from services.query_service.domain.exporting import row_count_statement
from services.query_service.domain.list_plan import ListPlan
from services.query_service.domain.plan import MOST_GROUPS
from services.query_service.domain.result import Links, ResultSet, composed_set, list_set, result_set
from services.query_service.domain.warnings import not_in_files

_FEW_ROWS = 2000
"""So many are made into an answer at once: beyond, other requests must not wait for it."""
_COLUMN, _CELL = 600, 80
"""Bytes of what stands beside the rows, as it was measured."""


@dataclass(frozen=True, slots=True)
class CachedResult:
    """A result as it is kept: `rows` as JSON, which is a fraction of what they are as values and is what most callers
    want; `shape` is the rest of it."""

    shape: ResultSet
    rows: bytes

    @staticmethod
    def of(result: ResultSet) -> "CachedResult":
        """To keep a result."""
        return CachedResult(replace(result, rows=()), orjson.dumps(result.rows))

    def whole(self) -> ResultSet:
        """The result again."""
        return replace(self.shape, rows=tuple(map(tuple, orjson.loads(self.rows))))

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        beside = sum(len(level) for level in self.shape.subtotals or ()) + 1
        return len(self.rows) + _COLUMN * len(self.shape.columns) + _CELL * beside * len(self.shape.columns)


@dataclass(frozen=True, slots=True)
class Answer:
    """A result, and whether it came from the cache."""

    kept: CachedResult
    cached: bool


class ReportRunner:
    """Runs reports of all tenants."""

    def __init__(self, executor: Executor, meters: Meters, kept_bytes: int) -> None:
        self._executor = executor
        self._results: LRUCache[str, CachedResult] = LRUCache(kept_bytes, attrgetter("weight"))
        self._running: SingleFlight[str, CachedResult] = SingleFlight()
        self._meters = meters

    async def run(self, prepared: Prepared) -> Answer:
        """The answer, from memory where it was given before; asked for twice at once it is computed once. Raises what
        Executor.execute raises, AppError `too_many_groups` (422)."""
        known = self._results.get(prepared.key)
        if known is not None:
            return Answer(known, cached=True)
        return Answer(await self._running.join(prepared.key, lambda: self._computed(prepared)), cached=False)

    async def file_facts(self, prepared: Prepared) -> FileFacts:
        """What a file of the report says beside its rows. Where the rows are sent while they are made they are counted
        first, in the same snapshot. Raises what `run` raises."""
        known = self._results.get(prepared.key)
        if known is not None or prepared.composed:
            shape = known.shape if known is not None else (await self.run(prepared)).kept.shape
            return _facts(prepared, shape.truncated, shape.links, shape.warnings)
        parts, listing = prepared.statements, prepared.report.listing
        whole = parts.matching if listing is not None and listing.after is None else None
        statements = {"count": whole or row_count_statement(parts.rows)}
        if parts.links is not None:
            statements["join"] = parts.links
        found = await self._executor.count(statements, prepared.tenant)
        counts = {name: result.rows[0] for name, result in found.items()}
        return _facts(prepared, counts["count"][0] > prepared.report.limit, _links_of(prepared, counts.get("join")))

    async def _computed(self, prepared: Prepared) -> CachedResult:
        started = perf_counter()
        result = await self._execute(prepared)
        self._meters.observe(QUERY_SECONDS, perf_counter() - started)
        few = len(result.rows) <= _FEW_ROWS
        kept = CachedResult.of(result) if few else await asyncio.to_thread(CachedResult.of, result)
        keep(self._results, prepared.key, kept)
        return kept

    async def _execute(self, prepared: Prepared) -> ResultSet:
        report, plan = prepared.report, prepared.plan
        most = max(report.limit, MOST_GROUPS) if report.composed else report.limit
        answered = await self._executor.execute(prepared.statements.parts(), most + 1, prepared.tenant)
        rows = {name: result.rows for name, result in answered.items()}
        links = _links_of(prepared, rows["join"][0] if "join" in rows else None)
        if isinstance(plan, ListPlan):
            matching = int(rows["matching"][0][0])
            if len(rows["rows"]) <= _FEW_ROWS:
                return list_set(report, rows["rows"], matching, links)
            return await asyncio.to_thread(list_set, report, rows["rows"], matching, links)
        if not report.composed:
            totals = rows["totals"][0] if "totals" in rows else None
            if len(rows["rows"]) <= _FEW_ROWS:
                return result_set(report, rows["rows"], totals, links)
            return await asyncio.to_thread(result_set, report, rows["rows"], totals, links)
        if any(len(found) > (most if plan.rest.sifted else MOST_GROUPS) for found in rows.values()):
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
