"""Three services on a file of plans, and every call of a tenant with the smallest plan that allows it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.helpers.builders import event
from tests.helpers.three_services import COUNT, NOW, SCHEMA, Dataset, until

PLANS = """
default = "enterprise"

[[plan]]
name = "starter"
own_objects = false
custom_reports = false
integrations = true
exports = false
refresh_on_demand = false

[[plan]]
name = "small"
own_objects = false
custom_reports = true
integrations = true
exports = false
refresh_on_demand = false
rows = 10

[[plan]]
name = "analyst"
own_objects = false
custom_reports = true
integrations = true
exports = true
refresh_on_demand = false

[[plan]]
name = "enterprise"
own_objects = true
custom_reports = true
integrations = true
exports = true
refresh_on_demand = true
[plan.quotas]
saved_reports = 50
"""
ANY = {"If-Match": "*"}
CSV = {"Accept": "text/csv"}
SENT = event("acme", "ticket", "0", {}, event_id="x", time=NOW)
LOOK = {"name": "All", "request": COUNT}
DASHBOARD = {"name": "All", "tiles": [{"request": COUNT}]}
CELL = {"request": COUNT, "row": [], "column": "ticket.count"}
CONTACTS = {"object": "contact", "measures": ["contact.count"]}
CONTACT = {
    "object": "contact",
    "labels": {"singular": "Contact", "plural": "Contacts"},
    "fields": [],
    "relationships": [],
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of acme, which has more records than the plan small includes, and the smallest plan that allows it; None
    where every plan does. `{look}` and `{dashboard}` in the path are saved ones."""

    service: str
    method: str
    path: str
    required: str | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    refused_body: bool = False
    """Whether the body is refused where the plan allows the call."""


CALLS = {
    "list objects": Call("schemas", "GET", "schemas"),
    "read an object": Call("schemas", "GET", "schemas/ticket"),
    "create an object": Call("schemas", "POST", "schemas", "enterprise", {**SCHEMA, "object": "{new}"}),
    "create an object badly": Call("schemas", "POST", "schemas", "enterprise", {}, refused_body=True),
    "change an object": Call("schemas", "PUT", "schemas/ticket", "enterprise", SCHEMA, ANY),
    "preview a change": Call("schemas", "PUT", "schemas/ticket?validate_only=true", "enterprise", SCHEMA),
    "preview a change of contact": Call("schemas", "PUT", "schemas/contact?validate_only=true", None, CONTACT),
    "read settings": Call("schemas", "GET", "settings"),
    "change settings": Call("schemas", "PUT", "settings", None, {}, ANY),
    "send an event": Call(
        "schemas", "POST", "events", None, [event("acme", "ticket", "0", {}, event_id="x", time=NOW)]
    ),
    "read the catalog": Call("query", "GET", "catalog"),
    "list values": Call("query", "GET", "catalog/values?field=ticket.score"),
    "list values within filters": Call("query", "GET", "catalog/values?field=contact.country&object=ticket"),
    "ask": Call("query", "POST", "query", "analyst", COUNT),
    "ask badly": Call("query", "POST", "query", "analyst", {}, refused_body=True),
    "ask for a file": Call("query", "POST", "query", "analyst", COUNT, CSV),
    "dry run": Call("query", "POST", "query?dry_run=true", "analyst", COUNT),
    "drill": Call("query", "POST", "query/drill", "analyst", CELL),
    "list Looks": Call("query", "GET", "looks"),
    "read a Look": Call("query", "GET", "looks/{look}"),
    "run a Look": Call("query", "GET", "looks/{look}/result"),
    "run a Look as a file": Call("query", "GET", "looks/{look}/result", "analyst", headers=CSV),
    "save a Look": Call("query", "POST", "looks", "analyst", LOOK),
    "change a Look": Call("query", "PUT", "looks/{look}", "analyst", LOOK, ANY),
    "list dashboards": Call("query", "GET", "dashboards"),
    "run a dashboard": Call("query", "GET", "dashboards/{dashboard}/result"),
    "save a dashboard": Call("query", "POST", "dashboards", "analyst", DASHBOARD),
    "change a dashboard": Call("query", "PUT", "dashboards/{dashboard}", "analyst", DASHBOARD, ANY),
    "see an impact": Call("query", "GET", "impact?object=ticket"),
}


@dataclass(frozen=True, slots=True)
class Planned:
    """The services on the file of plans, with what acme saved."""

    services: Dataset
    look: str
    dashboard: str

    async def operate(self, method: str, tenant: str, body: Any = None) -> httpx.Response:
        """An operator's call about a tenant."""
        found: httpx.Response = await self.services.schemas.ask(method, f"/v1/tenants/{tenant}", "*", "ops", json=body)
        return found

    async def put(self, tenant: str = "acme", **body: Any) -> dict[str, Any]:
        """Change a tenant; returns once query_service has read it, which takes milliseconds."""
        answer = await self.operate("PUT", tenant, body)
        assert answer.status_code == 200, answer.text
        wanted: dict[str, Any] = answer.json()["effective"]["plan"]

        async def read() -> bool:
            catalog = await self.services.query.get(f"/v1/tenants/{tenant}/catalog")
            return bool(catalog.json()["plan"] == wanted)

        await until(read)
        return dict(answer.json())

    async def call(self, call: Call, tenant: str = "acme", **headers: str) -> httpx.Response:
        """One of the calls."""
        path = call.path.format(look=self.look, dashboard=self.dashboard)
        body = call.body
        if isinstance(body, dict) and body.get("object") == "{new}":
            body = {**body, "object": f"o{uuid.uuid4().hex}"}
        more = {"json": body, "headers": {**call.headers, **headers}}
        if call.service == "query":
            return await self.services.query.request(call.method, f"/v1/tenants/{tenant}/{path}", **more)
        found: httpx.Response = await self.services.schemas.ask(
            call.method, f"/v1/tenants/{tenant}/{path}", tenant, **more
        )
        return found


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and suggestion."""
    return answer.status_code, answer.json()["code"], answer.json().get("suggestion")
