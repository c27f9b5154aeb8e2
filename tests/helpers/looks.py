"""Looks of a small dataset, asked over HTTP."""

from typing import Any

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from tests.helpers.query_service import QueryStack
from tests.helpers.snapshots import PlainObject, PlainRow
from tests.unit.query_service.dataset import TICKET

LOOKS = "/v1/tenants/acme/looks"
CHART = {"type": "bar", "options": {"stacked": True, "colours": ["#123456", None]}}
BY_STATUS = {
    "object": "ticket",
    "dimensions": ["ticket.status", "contact.country"],
    "measures": ["ticket.count", "ticket.csat.avg"],
    "filters": {"or": [{"field": "ticket.urgent", "op": "is_empty"}, {"field": "ticket.status", "op": "is_empty"}]},
    "having": {"field": "ticket.csat.avg", "op": "gte", "values": [1]},
    "sort": [{"field": "ticket.csat.avg", "direction": "desc"}, {"field": "ticket.status"}],
    "compare": None,
}
LOOK = {"name": "By status", "description": "How it stands", "request": BY_STATUS, "chart": CHART}
ROWS = [["solved", "DE", 1, 5.0], ["open", "FR", 2, 3.0]]
CONTACTS = [PlainRow("ann", {"country": "FR"}), PlainRow("bob", {"country": "DE"})]
TICKETS = [
    PlainRow("t1", {"status": "open", "csat": 2}, {"requester": ["ann"]}),
    PlainRow("t2", {"status": "open", "csat": 4}, {"requester": ["ann"]}),
    PlainRow("t3", {"status": "solved", "csat": 5}, {"requester": ["bob"]}),
]


def dataset(ticket: Definition = TICKET) -> dict[str, list[PlainObject]]:
    """Three tickets of two contacts."""
    return {"acme": [PlainObject(BUILT_IN_CONTACT, CONTACTS), PlainObject(ticket, TICKETS)]}


async def saved(stack: QueryStack, body: Any = LOOK, **options: Any) -> dict[str, Any]:
    """Save a Look that must be taken."""
    response = await stack.client.post(LOOKS, json=body, **options)
    assert response.status_code == 201, response.text
    found: dict[str, Any] = response.json()
    return found


async def reopened(stack: QueryStack, look: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The result of a Look that must be answered."""
    response = await stack.client.get(f"{LOOKS}/{look['id']}/result", **options)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found
