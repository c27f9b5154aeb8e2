"""Dashboards of a small dataset, asked over HTTP."""

from typing import Any

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from tests.helpers.query_service import QueryStack
from tests.helpers.snapshots import PlainObject, PlainRow
from tests.unit.query_service.dataset import BOOKING, TICKET

DASHBOARDS, LOOKS, IMPACT = (f"/v1/tenants/acme/{name}" for name in ("dashboards", "looks", "impact"))
PLACE = {"x": 0, "y": 4, "width": 6, "height": 4}
TICKETS = {"object": "ticket", "dimensions": ["ticket.status"], "measures": ["ticket.count"]}
BOOKINGS = {"object": "booking", "measures": ["booking.count"], "relationship": "invitee"}
CONTACTS = {"object": "contact", "dimensions": ["contact.country"], "measures": ["contact.count"]}
FRANCE = {"field": "contact.country", "op": "eq", "values": ["FR"]}
PEOPLE = [PlainRow("ann", {"country": "FR"}), PlainRow("bob", {"country": "DE"})]


def dataset(ticket: Definition = TICKET, tickets: int = 3) -> dict[str, list[PlainObject]]:
    """Open tickets of ann, the last one solved and bob's; a booking of each."""
    rows = [PlainRow(f"t{n}", {"status": "open", "csat": n}, {"requester": ["ann"]}) for n in range(tickets - 1)]
    rows.append(PlainRow("last", {"status": "solved", "csat": 5}, {"requester": ["bob"]}))
    booked = [PlainRow(who, {"minutes": 30}, {"invitee": [who], "guests": []}) for who in ("ann", "bob")]
    objects = [
        PlainObject(BUILT_IN_CONTACT, PEOPLE),
        PlainObject(ticket, rows),
        PlainObject(BOOKING, booked),
    ]
    return {"acme": objects}


async def look(stack: QueryStack, request: Any, name: str = "A Look", **more: Any) -> dict[str, Any]:
    """Save a Look that must be taken."""
    response = await stack.client.post(LOOKS, json={"name": name, "request": request, **more})
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def saved(stack: QueryStack, *tiles: Any, **more: Any) -> dict[str, Any]:
    """Save a dashboard that must be taken."""
    response = await stack.client.post(DASHBOARDS, json={"name": "Support", "tiles": tiles, **more})
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def opened(stack: QueryStack, dashboard: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The answer of a dashboard that must be answered."""
    response = await stack.client.get(f"{DASHBOARDS}/{dashboard['id']}/result", **options)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def rows(board: dict[str, Any]) -> list[Any]:
    """The rows of each tile, or the code of its problem."""
    return [tile["result"]["rows"] if tile["result"] else tile["problem"]["code"] for tile in board["tiles"]]


def warned(tile: dict[str, Any]) -> list[tuple[str, str]]:
    """(code, pointer) of each warning of a tile."""
    return [(warning["code"], warning["pointer"]) for warning in tile["result"]["warnings"]]
