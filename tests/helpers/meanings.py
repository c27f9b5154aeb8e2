"""A small dataset that shows every exact meaning, and a client for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from tests.helpers.builders import REPORTED_FIELDS, REQUESTER, WATCHERS, definition
from tests.helpers.oracle import Oracle
from tests.helpers.oracle_truth import same, same_cell
from tests.helpers.query_service import QueryStack
from tests.helpers.snapshots import PlainObject, PlainRow

AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
TICKET = definition(*REPORTED_FIELDS, relationships=(REQUESTER, WATCHERS))
CONTACTS = [
    PlainRow("ann", {"country": "FR", "email": "ann@example.com"}),
    PlainRow("bob", {"country": "FR"}),
    PlainRow("cid", {"country": "US"}),
    PlainRow("dee", {}),
    PlainRow("old", {"country": "DE"}, deleted=True),
]
TICKETS = [
    PlainRow(
        "t1",
        {
            "status": "open",
            "subject": "Refund for STRASSE",
            "csat": 4,
            "amount": "10.0000",
            "due_on": "2026-11-02",
            "opened_at": "2026-11-01T06:30:00Z",
            "tags": ["vip", "bug"],
            "urgent": True,
        },
        {"requester": ["ann"], "watchers": ["ann", "bob", "cid"]},
    ),
    PlainRow(
        "t2",
        {"status": "open", "csat": 1, "amount": "0.0001", "opened_at": "2026-11-01T07:30:00Z", "tags": ["vip"]},
        {"requester": ["ann"], "watchers": ["bob"]},
    ),
    PlainRow(
        "t3",
        {"status": "solved", "subject": "straße", "csat": 2, "due_on": "2026-12-31", "urgent": False},
        {"requester": ["cid"], "watchers": ["cid", "dee"]},
    ),
    PlainRow(
        "t4", {"status": "", "subject": "", "amount": "-3.5", "opened_at": "2026-11-23T05:59:59.999Z", "tags": []}
    ),
    PlainRow("t5", {"status": "open", "csat": 5}, {"requester": ["ann"], "watchers": ["ann"]}, deleted=True),
]
WORLD = [PlainObject(BUILT_IN_CONTACT, CONTACTS), PlainObject(TICKET, TICKETS)]
BEFORE = AS_OF - timedelta(days=1)
EARLIER = [
    PlainObject(BUILT_IN_CONTACT, CONTACTS[:2]),
    PlainObject(
        Definition.model_validate(
            {
                **TICKET.model_dump(exclude_unset=True),
                "fields": [
                    field for field in TICKET.model_dump(exclude_unset=True)["fields"] if field["slug"] != "urgent"
                ],
            }
        ),
        [
            PlainRow("t1", {"status": "open", "csat": 3, "amount": "4.0000"}, {"requester": ["ann"]}),
            PlainRow("t0", {"status": "closed", "amount": "1.0000", "tags": ["bug"]}, {"requester": ["bob"]}),
        ],
    ),
]
"""The day before: fewer tickets and contacts, and no field `urgent` yet."""


class Asked:
    """Asks the service about tickets and contacts, and holds its answer to the model's."""

    def __init__(self, stack: QueryStack) -> None:
        self.stack = stack

    async def answer(self, **request: Any) -> dict[str, Any]:
        """The answer to a report on tickets, unless another object is named."""
        request = {"object": "ticket", **request}
        response = await self.stack.ask(request)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        truth = Oracle(WORLD, AS_OF, "America/Chicago", (EARLIER, BEFORE)).answer(request)
        assert [column["name"] for column in answer["columns"]] == truth.columns
        assert same(truth.rows, answer["rows"]), f"the model says {truth.rows}, the service {answer['rows']}"
        assert all(map(same_cell, truth.totals or [], answer["totals"] or []))
        assert (truth.join, truth.truncated) == (answer["join"], answer["truncated"])
        return answer

    async def rows(self, **request: Any) -> list[list[Any]]:
        """Only the rows."""
        rows: list[list[Any]] = (await self.answer(**request))["rows"]
        return rows

    async def kept(self, field: str, op: str, *values: Any) -> list[str]:
        """Which tickets a condition keeps, told by their number of points."""
        found = await self.rows(
            dimensions=["ticket.csat"],
            filters={"field": field, "op": op, "values": list(values)},
            sort=[{"field": "ticket.csat"}],
        )
        return [{4.0: "t1", 1.0: "t2", 2.0: "t3", None: "t4"}[row[0]] for row in found]
