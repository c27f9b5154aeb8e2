"""Two tenants of which one has saved something, and a way to ask as either."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import AuthSettings, ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.schema_service import EVERYTHING, Tokens
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

COUNT = {"object": "ticket", "measures": ["ticket.count"]}
LOOK: dict[str, Any] = {"name": "Secret", "request": COUNT}


@dataclass(frozen=True, slots=True)
class Dataset:
    """A service with a Look and a dashboard of acme's; globex has the same objects."""

    stack: QueryStack
    tokens: Tokens
    look: str
    dashboard: str

    async def ask(self, method: str, path: str, tenant: str, **more: Any) -> httpx.Response:
        """One call with a token of the tenant's that may do everything."""
        headers = {**self.tokens.header(tenant, EVERYTHING), **more.pop("headers", {})}
        return await self.stack.client.request(method, f"/v1/tenants{path}", headers=headers, **more)

    def calls(self, tenant: str) -> Iterator[tuple[str, str, str]]:
        """(method, path, template) of every call that names something saved, with acme's ids under the tenant."""
        for template, methods in self.stack.app.openapi()["paths"].items():
            if "{look}" in template or "{dashboard}" in template:
                path = template.removeprefix("/v1/tenants").replace("{tenant}", tenant)
                path = path.replace("{look}", self.look).replace("{dashboard}", self.dashboard)
                yield from ((method.upper(), path, template) for method in methods)


@asynccontextmanager
async def saved_dataset(clickhouse: ClickHouseSettings, database: str, tokens: Tokens) -> AsyncIterator[Dataset]:
    """The dataset on a database of its own."""
    auth = AuthSettings(jwks_file=tokens.folder.key_set)
    async with query_stack(clickhouse, database, auth=auth) as running:
        objects = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(TICKET, [PlainRow("t1")])]
        await publish(running.clickhouse, running.snapshots, {"acme": objects, "globex": objects})
        header = tokens.header("acme", EVERYTHING)
        look = await running.client.post("/v1/tenants/acme/looks", json=LOOK, headers=header)
        body = {"name": "Secret", "tiles": [{"look": look.json()["id"]}]}
        board = await running.client.post("/v1/tenants/acme/dashboards", json=body, headers=header)
        yield Dataset(running, tokens, look.json()["id"], board.json()["id"])
