"""A dashboard as it is sent, and what its filters make of a tile's request."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.problems import Problem
from services.query_service.domain.parsing import parse
from services.query_service.domain.saved import DESCRIPTION_MAX, NAME_MAX, READ_ONLY, Members, members

PROPERTIES = ("name", "description", "tiles", "filters")
TILES_MAX = 50
POSITION_MEMBERS_MAX = 8
POSITION_MAX = 10_000
_TILE = ("look", "request", "chart", "position")


@dataclass(frozen=True, slots=True)
class TileSent:
    """A tile: the id of a Look, or a request that is not looked into here."""

    look: str | None
    request: Any
    chart: dict[str, Any] | None
    position: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class DashboardSent:
    """What was sent, its wrong members left out. `tiles` holds None where one could not be read."""

    name: str
    description: str
    tiles: tuple[TileSent | None, ...]
    filters: dict[str, Any] | None


def parse_dashboard(body: Any) -> tuple[DashboardSent | None, list[Problem]]:
    """A dashboard and every problem around its tiles' requests; None when the body is no object."""
    problems: list[Problem] = []
    sent = members(body, (), problems)
    if sent is None:
        return None, problems
    sent.only(PROPERTIES, READ_ONLY)
    name = sent.text("name", NAME_MAX, required=True)
    description = sent.text("description", DESCRIPTION_MAX)
    return DashboardSent(name, description, tuple(_tiles(sent)), _filters(sent)), problems


def _tiles(sent: Members) -> Iterator[TileSent | None]:
    tiles = sent.sent.get("tiles")
    if tiles is None:
        return
    if not isinstance(tiles, list):
        sent.refuse("wrong_type", "tiles", text="wrong_type.array")
    elif len(tiles) > TILES_MAX:
        sent.refuse("too_many_tiles", "tiles", limit=TILES_MAX, count=len(tiles))
    else:
        for index, one in enumerate(tiles):
            read = members(one, ("tiles", index), sent.problems)
            yield _tile(read) if read is not None else None


def _tile(sent: Members) -> TileSent | None:
    sent.only(_TILE)
    shows_look, request = sent.sent.get("look") is not None, sent.sent.get("request")
    look = sent.text("look", NAME_MAX, required=shows_look) or None
    chart, position = sent.chart(), _position(sent)
    if shows_look == (request is not None):
        sent.refuse("bad_value", text="bad_value.tile")
        return None
    return None if shows_look and look is None else TileSent(look, request, chart, position)


def _position(sent: Members) -> dict[str, int] | None:
    found = sent.child("position")
    if found is None:
        return None
    if len(found.sent) > POSITION_MEMBERS_MAX:
        sent.refuse("too_long", "position", text="too_long.list", limit=POSITION_MEMBERS_MAX)
        return None
    for name, value in found.sent.items():
        if type(value) is not int or not 0 <= value <= POSITION_MAX:
            found.refuse("bad_value", name, text="bad_value.position", limit=POSITION_MAX)
    return dict(found.sent)


def _filters(sent: Members) -> dict[str, Any] | None:
    found = sent.child("filters")
    if found is None or not found.sent:
        return None
    # Their shape is that of a request's filters, so a request around them finds what is wrong with it.
    around = {"object": "any", "measures": ["any"], "filters": found.sent}
    sent.problems.extend(parse(around, 1_000)[1])
    return dict(found.sent)


@dataclass(frozen=True, slots=True)
class Merged:
    """A tile's request with the dashboard's filters. `own`: where its own filters stand now; `shared`: where the
    dashboard's do, "" where it has none."""

    body: dict[str, Any]
    own: str = "/filters"
    shared: str = ""


def merged(request: Mapping[str, Any], filters: Mapping[str, Any] | None) -> Merged:
    """The request, asked under the dashboard's filters as well."""
    own = request.get("filters")
    if not filters:
        return Merged(dict(request))
    if not own:
        return Merged({**request, "filters": {"and": [filters]}}, shared="/filters/and/0")
    if isinstance(own, Mapping) and isinstance(own.get("and"), list):
        body = {**request, "filters": {"and": [*own["and"], filters]}}
        return Merged(body, shared=f"/filters/and/{len(own['and'])}")
    return Merged({**request, "filters": {"and": [own, filters]}}, own="/filters/and/0", shared="/filters/and/1")
