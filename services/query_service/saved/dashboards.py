"""Dashboards: tiles whose reports run together."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.problems import Problem, Problems, Suggestions, pointer
from crosslook.contracts.report_uses import conditions_in
from crosslook.contracts.reports import Dashboard, Look, Tile
from crosslook.platform.bodies import json_bytes
from crosslook.platform.errors import AppError, Invalid, NotFound, StateUnreadable
from services.query_service.answering.allowance import ReportAllowance
from services.query_service.answering.identity import identity, of_problems
from services.query_service.answering.preparation import Prepared
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.domain.dashboards import DashboardSent, TileSent, parse_dashboard
from services.query_service.domain.degrade import exceeds, merged
from services.query_service.domain.filter_fields import TileFilters, tile_filters
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.query import CURRENT, Name
from services.query_service.saved.dashboard_checks import DashboardChecks, TileReport
from services.query_service.saved.looks import REQUEST, Question, Questions, SavedReports
from services.query_service.saved.store import SavedReportStore

_SNAPSHOT = f"/{REQUEST}/snapshot"


@dataclass(frozen=True, slots=True)
class PreparedTile:
    """One tile of a dashboard with the Look it shows, if any, and its report; or why it cannot be asked."""

    index: int
    tile: Tile
    look: Look | None
    filters: TileFilters
    report: Prepared | AppError

    def filter_fields(self) -> tuple[list[str], list[str]]:
        """The fields of the dashboard's filters that apply to it, and those that do not; none where it cannot be
        asked."""
        return self.filters.fields(self.report.warnings) if isinstance(self.report, Prepared) else ([], [])

    def tag(self) -> str:
        """The identity of its answer."""
        saved = (self.look.id, self.look.version) if self.look is not None else ()
        if isinstance(self.report, Prepared):
            return self.report.tag(*saved)
        return identity(saved, of_problems([self.report.problem, *self.report.errors]))


@dataclass(frozen=True, slots=True)
class DashboardAsked:
    """What is asked of a dashboard. `filters`: in place of those that it was saved with, where it is not None;
    their shape is right. `tiles`: the positions of those to run, None for all. `snapshot`: as in a report request."""

    filters: dict[str, Any] | None = None
    tiles: frozenset[int] | None = None
    snapshot: str = CURRENT


@dataclass(frozen=True, slots=True)
class PreparedDashboard:
    """A dashboard that can be run, on one snapshot, under the filters that it has here."""

    dashboard: Dashboard
    manifest: Manifest
    tiles: tuple[PreparedTile, ...]

    @property
    def key(self) -> str:
        """The identity of the answer: of the dashboard's version, its filters, its snapshot, and each of its tiles."""
        tags = [[tile.index, tile.tag()] for tile in self.tiles]
        filters = repr(json_bytes(self.dashboard.filters))
        return identity(self.dashboard.id, self.dashboard.version, filters, self.manifest.snapshot, tags)


class Dashboards(SavedReports[Dashboard]):
    """Creates, changes, deletes and prepares dashboards."""

    def __init__(
        self,
        store: SavedReportStore[Dashboard],
        looks: SavedReportStore[Look],
        questions: Questions,
        catalogs: CatalogFeed,
        allowance: ReportAllowance,
    ) -> None:
        super().__init__(store, catalogs, allowance)
        self._looks = looks
        self._questions = questions
        self._checks = DashboardChecks(questions)

    async def prepare(
        self, dashboard: Dashboard, asked: DashboardAsked | None = None, *, personal: bool
    ) -> PreparedDashboard:
        """Its tiles on one snapshot, whichever they name themselves. `personal` as in ReportPreparer.prepare.

        Raises Invalid for a tile that is not there, and for what is wrong with conditions that it was not saved with;
        what CatalogFeed.find raises."""
        asked = asked or DashboardAsked()
        indexes = range(len(dashboard.tiles)) if asked.tiles is None else sorted(asked.tiles)
        if any(index >= len(dashboard.tiles) for index in indexes):
            raise Invalid([Problem("bad_parameter", "/tiles", "bad_parameter.tiles")])
        manifest = await self._catalogs.find(Name(asked.snapshot, "/snapshot"))
        if asked.filters is not None:
            await self._require_filters(dashboard, asked.filters)
            dashboard = dashboard.model_copy(update={"filters": asked.filters or None})
        tiles = [await self._prepared(dashboard, index, manifest, personal=personal) for index in indexes]
        return PreparedDashboard(dashboard, manifest, tuple(tiles))

    async def _require_filters(self, dashboard: Dashboard, filters: dict[str, Any]) -> None:
        known = [condition for _, condition in conditions_in(dashboard.filters, "")]
        problems = Problems()
        with problems.reading():
            await self._checks.filters(dashboard.tenant, filters, problems, known)
        if problems:
            raise Invalid(problems)

    async def _prepared(self, dashboard: Dashboard, index: int, manifest: Manifest, *, personal: bool) -> PreparedTile:
        tile = dashboard.tiles[index]
        filters = tile_filters(dashboard.filters, tile.filter_fields)
        try:
            look = self._looks.find(dashboard.tenant, tile.look) if tile.look is not None else None
        except StateUnreadable as error:
            return PreparedTile(index, tile, None, filters, error)
        shown = look or tile
        if shown.request is None:
            missing = NotFound(Problem("unknown_look", "/look", values={"id": tile.look or ""}))
            return PreparedTile(index, tile, None, filters, missing)
        request = {**shown.request, "snapshot": manifest.snapshot}
        question = Question(request, shown.relationship, filters.asked)
        try:
            prepared = await self._questions.prepare(dashboard.tenant, question, personal=personal)
        except Invalid as invalid:
            return PreparedTile(index, tile, look, filters, Invalid(invalid.found.moved(filters.original)))
        except AppError as error:
            return PreparedTile(index, tile, look, filters, error)
        warnings = [filters.original(warning) for warning in prepared.warnings]
        if shown.request.get("snapshot") not in (None, CURRENT, manifest.snapshot):
            warnings.append(Problem("snapshot_not_applied", _SNAPSHOT))
        return PreparedTile(index, tile, look, filters, replace(prepared, warnings=tuple(warnings)))

    async def content(self, tenant: str, body: Any) -> dict[str, Any]:
        """As SavedReports.content."""
        sent, problems = parse_dashboard(body)
        if sent is None:
            raise Invalid(problems)
        tiles: list[Tile] = []
        with problems.reading():
            tiles += [await self._tile(tenant, index, tile, problems) for index, tile in enumerate(sent.tiles) if tile]
            await self._checks.filters(tenant, sent.filters, problems)
            problems.extend(await self._too_much(tenant, sent))
        if problems:
            raise Invalid(problems)
        return {
            "name": sent.name,
            "description": sent.description,
            "tiles": tuple(tiles),
            "filters": sent.filters,
        }

    async def _tile(self, tenant: str, index: int, sent: TileSent, problems: Problems) -> Tile:
        relationship, report = None, None
        look = self._looks.find(tenant, sent.look) if sent.look is not None else None
        if look is not None:
            report = TileReport.of(look.request, look.relationship)
        elif sent.look is not None:
            problems.add(Problem("unknown_look", pointer("tiles", index, "look"), values={"id": sent.look}))
        else:
            before = len(problems)
            relationship = await self._questions.check(tenant, sent.request, problems, "tiles", index, REQUEST)
            if len(problems) > before:
                return Tile()
            report = TileReport.of(sent.request, relationship)
        if report is not None and sent.filter_fields is not None:
            await self._checks.filter_fields(tenant, index, report, sent.filter_fields, problems)
        return Tile(
            look=sent.look,
            request=sent.request,
            relationship=relationship,
            chart=sent.chart,
            position=sent.position,
            filter_fields=sent.filter_fields,
        )

    async def _too_much(self, tenant: str, sent: DashboardSent) -> list[Problem]:
        """The limits that the filters exceed together with those of some tile, which alone exceed none."""
        found: dict[str, Problem] = {}
        for tile in sent.tiles:
            await asyncio.sleep(0)
            look = self._looks.find(tenant, tile.look) if tile is not None and tile.look is not None else None
            request = look.request if look is not None else tile.request if tile is not None else None
            if isinstance(request, dict):
                shape = _shape(merged(request, sent.filters).body)
                together = {problem.text: problem for problem in shape if exceeds(problem)}
                alone = {problem.text for problem in _shape(request)}
                found |= {text: problem for text, problem in together.items() if text not in alone}
        return [replace(problem, pointer="/filters") for problem in found.values()]


def _shape(request: Any) -> Problems:
    """What is wrong with the shape of a request; its suggestions are not wanted."""
    return parse_request(request, 1, Problems(Suggestions(0)))[1]
