"""The resources that a load of writes creates and changes, and their form on the service's topic."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import orjson

from crosslook.contracts.reports import SavedKind
from crosslook.contracts.topics import REPORTS, SCHEMAS
from tests.unit.schema_service.samples import TICKET

TENANT = "load"
COUNT = {"object": "ticket", "measures": ["ticket.count"]}
Call = tuple[str, str, Any]
"""A method, a path and a body."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of a resource on the topic. `slug`: its name, unique in the load. `marker`: its content."""

    slug: str
    version: int
    marker: str


class Resource(ABC):
    """A kind of resource. `path`: where it is made and listed. `reads`: what must be answered all the while."""

    path: str
    topic: str
    reads: tuple[Call, ...]

    @abstractmethod
    def body(self, slug: str, marker: str) -> dict[str, Any]:
        """What is sent for one."""

    @abstractmethod
    def address(self, shown: dict[str, Any]) -> str:
        """The last part of its path."""

    @abstractmethod
    def slug(self, shown: dict[str, Any]) -> str:
        """Its name in an answer."""

    @abstractmethod
    def stored(self, key: str, value: bytes) -> Stored | None:
        """What a message of the topic stores; None for one of another kind or tenant."""


class Schemas(Resource):
    """Objects at schema_service."""

    path = f"/v1/tenants/{TENANT}/schemas"
    topic = SCHEMAS.name
    reads = (("GET", f"{path}?page_size=1", None),)

    def body(self, slug: str, marker: str) -> dict[str, Any]:
        return {**TICKET, "object": slug, "description": marker}

    def address(self, shown: dict[str, Any]) -> str:
        return str(shown["object"])

    def slug(self, shown: dict[str, Any]) -> str:
        return str(shown["object"])

    def stored(self, key: str, value: bytes) -> Stored | None:
        if not key.startswith(f"{TENANT}/"):
            return None
        state = orjson.loads(value)["data"]
        return Stored(state["object"], state["version"], state["definition"]["description"])


class Looks(Resource):
    """Looks at query_service, which also answers reports."""

    path = f"/v1/tenants/{TENANT}/looks"
    topic = REPORTS.name
    reads = (("GET", f"{path}?page_size=1", None), ("POST", f"/v1/tenants/{TENANT}/query", COUNT))

    def body(self, slug: str, marker: str) -> dict[str, Any]:
        return {"name": slug, "description": marker, "request": COUNT}

    def address(self, shown: dict[str, Any]) -> str:
        return str(shown["id"])

    def slug(self, shown: dict[str, Any]) -> str:
        return str(shown["name"])

    def stored(self, key: str, value: bytes) -> Stored | None:
        if not key.startswith(f"{TENANT}/{SavedKind.LOOK}/"):
            return None
        look = orjson.loads(value)
        return Stored(look["name"], look["version"], look["description"])
