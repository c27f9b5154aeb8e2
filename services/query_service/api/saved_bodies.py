"""Looks and dashboards as the API answers them, and what would lose something."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel, ConfigDict

from crosslook.contracts.reports import Dashboard, Look, Tile
from crosslook.platform.http import decode_page_token, encode_page_token, page
from crosslook.platform.impacts import ImpactBody
from crosslook.platform.preconditions import etag
from crosslook.platform.responses import json_response
from services.query_service.saved.store import S, place_of

Summary = TypeVar("Summary", bound=BaseModel)


class SavedBody(BaseModel):
    """What a Look and a dashboard have in common."""

    id: str
    version: int
    name: str
    description: str
    created_at: datetime
    updated_at: datetime


class LookBody(SavedBody):
    """A saved report; `request` as it was sent."""

    model_config = ConfigDict(title="Look")

    request: dict[str, Any]
    chart: dict[str, Any] | None


class LookSummary(SavedBody):
    """A Look in a list: the object of its request and its chart, without the request."""

    object: str
    chart_type: str | None


class LookPage(BaseModel):
    """One page of Looks, by name, without their requests."""

    items: list[LookSummary]
    next_page_token: str | None


class TileBody(BaseModel):
    """One tile: a Look by its id or a request of its own; `filter_fields` where it maps the dashboard's filters."""

    look: str | None
    request: dict[str, Any] | None
    chart: dict[str, Any] | None
    position: dict[str, int] | None
    filter_fields: dict[str, str | None] | None = None


class DashboardBody(SavedBody):
    """Tiles whose reports run together, and the filters that they share."""

    model_config = ConfigDict(title="Dashboard")

    tiles: list[TileBody]
    filters: dict[str, Any] | None


class DashboardSummary(SavedBody):
    """A dashboard in a list: its number of tiles instead of the tiles."""

    tile_count: int


class DashboardPage(BaseModel):
    """One page of dashboards, by name, without their tiles."""

    items: list[DashboardSummary]
    next_page_token: str | None


class ImpactPage(BaseModel):
    """One page of saved reports that a removal would affect: dashboards, then Looks, by name."""

    items: list[ImpactBody]
    next_page_token: str | None


def look_body(look: Look) -> LookBody:
    """One Look."""
    return LookBody(**_common(look), request=look.request, chart=look.chart)


def look_summary(look: Look) -> LookSummary:
    """One Look in a list."""
    chart = look.chart.get("type") if look.chart is not None else None
    return LookSummary(**_common(look), object=str(look.request.get("object", "")), chart_type=chart)


def dashboard_body(dashboard: Dashboard) -> DashboardBody:
    """One dashboard."""
    tiles = [_tile_body(tile) for tile in dashboard.tiles]
    return DashboardBody(**_common(dashboard), tiles=tiles, filters=dashboard.filters)


def dashboard_summary(dashboard: Dashboard) -> DashboardSummary:
    """One dashboard in a list."""
    return DashboardSummary(**_common(dashboard), tile_count=len(dashboard.tiles))


def saved_answer(report: Look | Dashboard, status: int = 200, **headers: str) -> Response:
    """One saved report, with its version as entity tag."""
    body = look_body(report) if isinstance(report, Look) else dashboard_body(report)
    return json_response(body, status, {"ETag": etag(report.version), **headers})


def saved_page(
    reports: list[S], size: int, token: str | None, summary: Callable[[S], Summary]
) -> tuple[list[Summary], str | None]:
    """One page of reports that are in the order of `place_of`, and the token of the next. Raises AppError
    `bad_page_token`."""
    after = decode_page_token(token, str, str) or ("", "")
    left = [report for report in reports if place_of(report) > after]
    found = page(left, size, lambda report: encode_page_token(*place_of(report)))
    return [summary(report) for report in found["items"]], found["next_page_token"]


def _tile_body(tile: Tile) -> TileBody:
    body = TileBody(look=tile.look, request=tile.request, chart=tile.chart, position=tile.position)
    if tile.filter_fields is not None:
        body.filter_fields = tile.filter_fields
    return body


def _common(report: Look | Dashboard) -> dict[str, Any]:
    return {name: getattr(report, name) for name in SavedBody.model_fields}
