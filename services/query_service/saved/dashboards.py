"""Dashboards: tiles whose reports run together."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.problems import Problem, Problems, Suggestions, pointer
from crosslook.contracts.reports import Dashboard, Look, Tile
from crosslook.platform.errors import AppError, Invalid, NotFound, StateUnreadable
from services.query_service.answering.allowance import ReportAllowance
from services.query_service.answering.identity import identity, of_problems
from services.query_service.answering.preparation import Prepared
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.domain.dashboards import DashboardSent, TileSent, parse_dashboard
from services.query_service.domain.degrade import LeftOut, conditions, exceeds, merged
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.query import CURRENT, Name
from services.query_service.saved.looks import REQUEST, Question, Questions, SavedReports
from services.query_service.saved.store import SavedReportStore

_SNAPSHOT = f"/{REQUEST}/snapshot"


@dataclass(frozen=True, slots=True)
class PreparedTile:
    """One tile of a dashboard with the Look it shows, if any, and its report; or why it cannot be asked."""

    tile: Tile
    look: Look | None
    report: Prepared | AppError

    def tag(self) -> str:
        """The identity of its answer."""
        saved = (self.look.id, self.look.version) if self.look is not None else ()
        if isinstance(self.report, Prepared):
            return self.report.tag(*saved)
        return identity(saved, of_problems([self.report.problem, *self.report.errors]))


@dataclass(frozen=True, slots=True)
class PreparedDashboard:
    """A dashboard that can be run, on one snapshot."""

    dashboard: Dashboard
    manifest: Manifest
    tiles: tuple[PreparedTile, ...]

    @property
    def key(self) -> str:
        """The identity of the answer: of the dashboard's version, its snapshot, and each of its tiles."""
        tags = [tile.tag() for tile in self.tiles]
        return identity(self.dashboard.id, self.dashboard.version, self.manifest.snapshot, tags)


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

    async def prepare(self, dashboard: Dashboard, *, personal: bool) -> PreparedDashboard:
        """Its tiles on the current snapshot, whichever they name themselves. `personal` as in ReportPreparer.prepare.
        Raises Conflict `no_snapshot`."""
        manifest = self._catalogs.manifest(Name(CURRENT, "/snapshot"))
        tiles = [await self._prepared(dashboard, tile, manifest, personal=personal) for tile in dashboard.tiles]
        return PreparedDashboard(dashboard, manifest, tuple(tiles))

    async def _prepared(self, dashboard: Dashboard, tile: Tile, manifest: Manifest, *, personal: bool) -> PreparedTile:
        try:
            look = self._looks.find(dashboard.tenant, tile.look) if tile.look is not None else None
        except StateUnreadable as error:
            return PreparedTile(tile, None, error)
        shown = look or tile
        if shown.request is None:
            return PreparedTile(tile, None, NotFound(Problem("unknown_look", "/look", values={"id": tile.look or ""})))
        request = {**shown.request, "snapshot": manifest.snapshot}
        try:
            question = Question(request, shown.relationship, dashboard.filters)
            prepared = await self._questions.prepare(dashboard.tenant, question, personal=personal)
        except AppError as error:
            return PreparedTile(tile, look, error)
        if shown.request.get("snapshot") not in (None, CURRENT, manifest.snapshot):
            ignored = Problem("snapshot_not_applied", _SNAPSHOT)
            prepared = replace(prepared, warnings=(*prepared.warnings, ignored))
        return PreparedTile(tile, look, prepared)

    async def content(self, tenant: str, body: Any) -> dict[str, Any]:
        """As SavedReports.content."""
        sent, problems = parse_dashboard(body)
        if sent is None:
            raise Invalid(problems)
        tiles: list[Tile] = []
        with problems.reading():
            tiles += [await self._tile(tenant, index, tile, problems) for index, tile in enumerate(sent.tiles) if tile]
            await self._check_filters(tenant, sent, problems)
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
        relationship = None
        if sent.look is None:
            before = len(problems)
            relationship = await self._questions.check(tenant, sent.request, problems, "tiles", index, REQUEST)
            if len(problems) > before:
                return Tile()
        elif self._looks.find(tenant, sent.look) is None:
            problems.add(Problem("unknown_look", pointer("tiles", index, "look"), values={"id": sent.look}))
        return Tile(
            look=sent.look,
            request=sent.request,
            relationship=relationship,
            chart=sent.chart,
            position=sent.position,
        )

    async def _check_filters(self, tenant: str, sent: DashboardSent, problems: Problems) -> None:
        """Note what is wrong with the names in the filters, each asked of its own object."""
        body = {"filters": sent.filters}
        for condition in conditions(body, "filters"):
            for problem in await self._condition(tenant, body, condition, problems.suggestions):
                problems.add(replace(problem, pointer=_in_condition(condition.pointer, problem.pointer)))

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

    async def _condition(
        self, tenant: str, body: dict[str, Any], condition: LeftOut, suggestions: Suggestions
    ) -> Problems:
        """What is wrong with one condition, asked alone."""
        about = condition.name.partition(".")[0]
        request = {"object": about, "measures": [f"{about}.count"], "filters": _at(body, condition.pointer)}
        found = Problems(suggestions)
        await self._questions.check(tenant, request, found)
        return found


def _shape(request: Any) -> Problems:
    """What is wrong with the shape of a request; its suggestions are not wanted."""
    return parse_request(request, 1, Problems(Suggestions(0)))[1]


def _in_condition(condition: str, where: str) -> str:
    """A place in the request that asks for a condition alone, as a place in the condition."""
    return condition + (where.removeprefix("/filters") if where.startswith("/filters") else "/field")


def _at(body: Any, where: str) -> Any:
    """What stands at a place that is there."""
    for part in where.split("/")[1:]:
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body
