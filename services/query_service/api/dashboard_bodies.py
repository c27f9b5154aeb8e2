"""Dashboards as the API shows and takes them."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from crosslook.contracts.reports import Dashboard, SavedKind
from services.query_service.api.result_bodies import ResultBody, SnapshotBlock, report_schema
from services.query_service.api.saved_bodies import CHART, NAMED, SavedBody, saved_body, takes
from services.query_service.domain.dashboards import POSITION_MAX, POSITION_MEMBERS_MAX, TILES_MAX
from services.query_service.domain.impact import Impact


class TileBody(BaseModel):
    """One tile: a Look by its id or a request of its own."""

    look: str | None
    request: dict[str, Any] | None
    chart: dict[str, Any] | None
    position: dict[str, int] | None


class DashboardBody(SavedBody):
    """Tiles that are answered together, and the filters that they share."""

    model_config = ConfigDict(title="Dashboard")

    tiles: list[TileBody]
    filters: dict[str, Any] | None


class DashboardSummary(SavedBody):
    """A dashboard as a list shows it: how many tiles it has, without them."""

    tile_count: int


class DashboardPage(BaseModel):
    """One page of dashboards, by name, without their tiles."""

    items: list[DashboardSummary]
    next_page_token: str | None


class TileResultBody(BaseModel):
    """A tile's answer: its result, or the problem document that says why there is none. `chart` is the tile's, else
    that of its Look, whose name is `name`."""

    look: str | None
    name: str | None
    chart: dict[str, Any] | None
    position: dict[str, int] | None
    result: ResultBody | None
    problem: dict[str, Any] | None


class BoardBody(BaseModel):
    """The answer to a dashboard; every tile is of this one snapshot."""

    id: str
    version: int
    name: str
    filters: dict[str, Any] | None
    snapshot: SnapshotBlock
    tiles: list[TileResultBody]


class ImpactBody(BaseModel):
    """A saved report that would lose something."""

    kind: SavedKind
    id: str
    name: str
    loses: list[str]


class ImpactPage(BaseModel):
    """One page of what would lose something: dashboards, then Looks, by name."""

    items: list[ImpactBody]
    next_page_token: str | None


def dashboard_body(dashboard: Dashboard) -> dict[str, Any]:
    """One dashboard (`DashboardBody`)."""
    tiles = [{name: getattr(tile, name) for name in TileBody.model_fields} for tile in dashboard.tiles]
    return {**saved_body(dashboard), "tiles": tiles, "filters": dashboard.filters}


def dashboard_summary(dashboard: Dashboard) -> dict[str, Any]:
    """One dashboard in a list (`DashboardSummary`)."""
    return {**saved_body(dashboard), "tile_count": len(dashboard.tiles)}


def impact_body(impact: Impact) -> dict[str, Any]:
    """What one report would lose (`ImpactBody`)."""
    return {"kind": impact.kind, "id": impact.id, "name": impact.name, "loses": list(impact.loses)}


def takes_dashboard() -> dict[str, Any]:
    """Documents the body of a dashboard."""
    position = {
        "type": "object",
        "description": "Whole numbers by name, such as x, y, width, height.",
        "maxProperties": POSITION_MEMBERS_MAX,
        "additionalProperties": {"type": "integer", "minimum": 0, "maximum": POSITION_MAX},
    }
    tile = {
        "type": "object",
        "description": "Either a look or a request.",
        "properties": {"look": {"type": "string"}, "request": report_schema(), "chart": CHART, "position": position},
        "additionalProperties": False,
    }
    tiles = {"type": "array", "maxItems": TILES_MAX, "items": tile}
    return takes(["name"], **NAMED, tiles=tiles, filters=report_schema()["properties"]["filters"])
