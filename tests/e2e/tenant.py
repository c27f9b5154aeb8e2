"""One tenant of a running stack, as integrations and people meet it: schemas, the intake, the catalog, reports."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.helpers.builders import event

NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Tenant:
    """One tenant's way to the services."""

    name: str
    base: int
    token: str

    def ask(self, method: str, service: int, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One call; `service` is the offset of its port."""
        given = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        url = f"http://127.0.0.1:{self.base + service}{path}"
        return httpx.request(method, url, json=body, headers=given, trust_env=False, timeout=60)

    def schemas(self, method: str, path: str = "", body: Any = None, **headers: str) -> httpx.Response:
        """A call about schemas."""
        return self.ask(method, 1, f"/v1/tenants/{self.name}/schemas{path}", body, **headers)

    def define(self, name: str, fields: list[str], relationships: list[dict[str, Any]]) -> None:
        """Create an object with text fields."""
        made = self.schemas("POST", "", definition(name, fields, relationships))
        assert made.status_code == 201, made.text

    def send(self, name: str, record: str, fields: dict[str, Any], **data: Any) -> dict[str, Any]:
        """One event through the intake; answers what the intake said."""
        sent = event(self.name, name, record, fields, event_id=f"{name}-{record}-{fields}", time=NOW, **data)
        answer = self.ask("POST", 1, f"/v1/tenants/{self.name}/events", [sent])
        assert answer.status_code == 202, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def catalog(self) -> dict[str, Any]:
        """What can be asked now."""
        answer = self.ask("GET", 3, f"/v1/tenants/{self.name}/catalog")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def explores(self) -> set[str]:
        """The objects that reports offer."""
        return {explore["object"] for explore in self.catalog()["explores"]}

    def query(self, **body: Any) -> httpx.Response:
        """A report."""
        return self.ask("POST", 3, f"/v1/tenants/{self.name}/query", body)

    def rows(self, **body: Any) -> list[list[Any]]:
        """A report's rows."""
        answer = self.query(**body)
        assert answer.status_code == 200, answer.text
        rows: list[list[Any]] = answer.json()["rows"]
        return rows

    def state(self, name: str) -> str:
        """`in_reports` of an object, "" once there is no trace of it."""
        answer = self.schemas("GET", f"/{name}")
        return answer.json()["in_reports"]["state"] if answer.status_code == 200 else ""


def definition(name: str, fields: list[str], relationships: list[dict[str, Any]]) -> dict[str, Any]:
    """A schema's body."""
    return {
        "object": name,
        "labels": {"singular": name.title(), "plural": f"{name.title()}s"},
        "fields": [{"slug": slug, "label": slug.title(), "type": "text"} for slug in fields],
        "relationships": relationships,
    }
