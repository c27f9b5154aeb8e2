"""A dashboard as it is sent."""

from dataclasses import dataclass
from typing import Any

from crosslook.contracts.problems import Problems
from crosslook.contracts.reading import Reader, read_object
from services.query_service.domain.parsing import parse_filters
from services.query_service.domain.saved import DESCRIPTION_MAX, SAVED_NAME_MAX, SAVED_READ_ONLY, chart

DASHBOARD_PROPERTIES = ("name", "description", "tiles", "filters")
TILES_MAX = 50
POSITION_MEMBERS_MAX = 8
POSITION_MAX = 10_000
FILTER_FIELDS_MAX = 100
_TILE = ("look", "request", "chart", "position", "filter_fields")


@dataclass(frozen=True, slots=True)
class TileSent:
    """A tile: the id of a Look, or a request that is not looked into here."""

    look: str | None
    request: Any
    chart: dict[str, Any] | None
    position: dict[str, int] | None
    filter_fields: dict[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class DashboardSent:
    """What was sent, its wrong members left out. `tiles` holds None where one could not be read, `filters` where their
    shape is wrong."""

    name: str
    description: str
    tiles: tuple[TileSent | None, ...]
    filters: dict[str, Any] | None


def parse_dashboard(body: Any) -> tuple[DashboardSent | None, Problems]:
    """A dashboard and every problem around its tiles' requests; None when it cannot be read."""
    return read_object(body, _dashboard)


def _dashboard(reader: Reader) -> DashboardSent:
    reader.close(DASHBOARD_PROPERTIES, SAVED_READ_ONLY)
    name = reader.text("name", SAVED_NAME_MAX, required=True)
    description = reader.text("description", DESCRIPTION_MAX)
    return DashboardSent(name or "", description or "", _tiles(reader), _filters(reader))


def _tiles(reader: Reader) -> tuple[TileSent | None, ...]:
    sent = reader.elements("tiles", TILES_MAX, "too_many_tiles", "") or ()
    tiles = (reader.reader(tile, "tiles", index) for index, tile in enumerate(sent))
    return tuple(_tile(tile) if tile is not None else None for tile in tiles)


def _tile(reader: Reader) -> TileSent | None:
    reader.close(_TILE)
    shows_look, request = reader.value("look") is not None, reader.value("request")
    look = reader.text("look", SAVED_NAME_MAX, required=shows_look)
    shown, position, fields = chart(reader), _position(reader), _filter_fields(reader)
    if shows_look == (request is not None):
        reader.refuse("bad_value", text="bad_value.tile")
        return None
    return None if shows_look and look is None else TileSent(look, request, shown, position, fields)


def _position(reader: Reader) -> dict[str, int] | None:
    found = reader.child("position")
    if found is None:
        return None
    if len(found.sent) > POSITION_MEMBERS_MAX:
        values = {"limit": POSITION_MEMBERS_MAX}
        reader.refuse("too_long", "position", text="too_long.list", values=values)
        return None
    for name, value in found.sent.items():
        if type(value) is not int or not 0 <= value <= POSITION_MAX:
            found.refuse("bad_value", name, text="bad_value.position", values={"limit": POSITION_MAX})
    return dict(found.sent)


def _filter_fields(reader: Reader) -> dict[str, str | None] | None:
    """Those that can be read."""
    found = reader.child("filter_fields")
    if found is None or not found.sent:
        return None
    if len(found.sent) > FILTER_FIELDS_MAX:
        values = {"limit": FILTER_FIELDS_MAX}
        reader.refuse("too_long", "filter_fields", text="too_long.list", values=values)
        return None
    names = {
        name: found.text(name, SAVED_NAME_MAX, required=True) for name in found.sent if found.sent[name] is not None
    }
    return {name: names.get(name) for name, value in found.sent.items() if value is None or names.get(name)}


def _filters(reader: Reader) -> dict[str, Any] | None:
    found = reader.child("filters")
    if found is None or not found.sent:
        return None
    before = len(reader.problems)
    parse_filters(found.sent, reader.problems)
    return dict(found.sent) if len(reader.problems) == before else None
