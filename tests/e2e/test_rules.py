"""The rules of the product (R1 to R7), each by name, on the three services as they run. R8 is told with saved reports
in tests/integration/test_query_service_looks.py, R9 comes with plans.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from crosslook.platform.auth import SCOPES
from crosslook.platform.clock import Schedule
from tests.e2e.conftest import Crosslook
from tests.helpers.builders import event
from tests.helpers.processes import wait_for

NOW = datetime.now(UTC)
SCHEDULE = Schedule("30 5 * * *", "America/Chicago")
REQUESTER = {"slug": "requester", "label": "Requester", "target": "contact", "many": False}


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


@pytest.fixture(scope="module")
def stack(crosslook: Crosslook) -> Crosslook:
    """The whole stack."""
    up = crosslook.up()
    assert up.status == 0, up.err
    return crosslook


@pytest.fixture
def tenant(stack: Crosslook, request: pytest.FixtureRequest) -> Tenant:
    """A tenant of the test's own."""
    name = request.node.name.split("_")[1]
    token = stack("token", "--tenant", name, "--scope", " ".join(SCOPES)).out.strip()
    return Tenant(name, stack.port_base, token)


@pytest.fixture
def refresh(stack: Crosslook, tenant: Tenant) -> Callable[[], None]:
    """Refreshes now; returns once the schema and query services know the new snapshot, too."""

    def now() -> None:
        ran = stack("refresh", "--wait", "--json")
        assert ran.status == 0, ran.err
        published = ran.json["snapshot"]
        wait_for(lambda: tenant.catalog()["snapshot"]["id"] == published, 15, "the new snapshot")

    return now


def test_r1_reports_say_their_instant_the_zone_and_the_next_refresh_at_half_past_five_central(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    refresh()
    snapshot = tenant.catalog()["snapshot"]
    next_refresh = datetime.fromisoformat(snapshot["next_refresh_at"])
    assert next_refresh == SCHEDULE.next_after(datetime.now(UTC))
    assert snapshot["zone"] == "America/Chicago"
    assert datetime.now(UTC) - datetime.fromisoformat(snapshot["as_of"]) < timedelta(minutes=5)
    assert snapshot["stale"] is False


def test_r2_a_new_object_field_or_record_is_in_reports_after_the_next_refresh_and_pending_before(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    refresh()
    tenant.define("ticket", ["status"], [REQUESTER])
    tenant.send("ticket", "1", {"status": "open"})
    assert "ticket" not in tenant.explores()
    assert tenant.state("ticket") == "pending"
    (pending,) = (one for one in tenant.catalog()["pending"] if one["object"] == "ticket")
    assert datetime.fromisoformat(pending["from"]) == SCHEDULE.next_after(datetime.now(UTC))
    refused = tenant.query(object="ticket", measures=["ticket.count"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "pending_object")
    refresh()
    assert tenant.rows(object="ticket", measures=["ticket.count"]) == [[1]]
    assert tenant.state("ticket") == "available"

    changed = definition("ticket", ["status", "team"], [REQUESTER])
    assert tenant.schemas("PUT", "/ticket", changed, If_Match='"1"').status_code == 200
    tenant.send("ticket", "2", {"status": "open", "team": "blue"})
    assert tenant.state("ticket") == "changing"
    refused = tenant.query(object="ticket", dimensions=["ticket.team"])
    assert refused.json()["errors"][0]["code"] == "pending_field"
    assert tenant.rows(object="ticket", measures=["ticket.count"]) == [[1]]
    refresh()
    assert tenant.rows(object="ticket", dimensions=["ticket.team"], measures=["ticket.count"]) == [
        ["blue", 1],
        [None, 1],
    ]


def test_r3_a_deleted_object_or_field_stays_until_the_next_refresh_and_is_gone_after_it(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    tenant.define("ticket", ["status", "team"], [REQUESTER])
    tenant.define("order", ["status"], [REQUESTER])
    tenant.send("ticket", "1", {"status": "open", "team": "blue"})
    tenant.send("order", "1", {"status": "paid"})
    refresh()
    changed = definition("ticket", ["status"], [REQUESTER])
    assert tenant.schemas("PUT", "/ticket", changed, If_Match='"1"').status_code == 200
    assert tenant.schemas("DELETE", "/order").status_code == 202
    assert tenant.state("order") == "leaving"
    assert tenant.rows(object="ticket", dimensions=["ticket.team"]) == [["blue"]]
    assert tenant.rows(object="order", measures=["order.count"]) == [[1]]
    refresh()
    gone = tenant.query(object="ticket", dimensions=["ticket.team"])
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (422, "removed_field")
    gone = tenant.query(object="order", measures=["order.count"])
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (422, "unknown_object")
    assert tenant.state("order") == ""
    tenant.define("order", ["status"], [REQUESTER])


def test_r4_an_object_must_exist_before_records_of_it_are_taken(tenant: Tenant) -> None:
    told = tenant.send("ticket", "1", {"status": "open"})
    assert (told["accepted"], [one["code"] for one in told["refused"]]) == (0, ["unknown_object"])
    tenant.define("ticket", ["status"], [REQUESTER])
    assert tenant.send("ticket", "1", {"status": "open"})["accepted"] == 1


def test_r5_only_objects_with_a_relationship_to_contact_can_be_reported_on_and_the_catalog_says_why(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    tenant.define("ticket", ["status"], [REQUESTER])
    tenant.define("asset", ["kind"], [])
    refresh()
    catalog = tenant.catalog()
    assert {explore["object"] for explore in catalog["explores"]} == {"contact", "ticket"}
    ((name, reason),) = ((one["object"], one["reason"]) for one in catalog["not_reportable"])
    assert name == "asset"
    assert "contact" in reason
    refused = tenant.query(object="asset", measures=["asset.count"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_reportable")
    assert tenant.state("asset") == "not_reportable"


def test_r6_dimensions_and_measures_are_derived_from_the_schema(tenant: Tenant, refresh: Callable[[], None]) -> None:
    body = definition("ticket", ["subject"], [REQUESTER])
    body["fields"].append({"slug": "score", "label": "Score", "type": "number"})
    body["fields"].append({"slug": "due", "label": "Due", "type": "date"})
    assert tenant.schemas("POST", "", body).status_code == 201
    refresh()
    (ticket,) = (explore for explore in tenant.catalog()["explores"] if explore["object"] == "ticket")
    names = {kind: {one["name"] for one in ticket[kind]} for kind in ("dimensions", "measures")}
    assert names["dimensions"] >= {"ticket.subject", "ticket.score", "ticket.due"}
    assert names["measures"] >= {
        "ticket.count",
        "ticket.subject.count_distinct",
        *(f"ticket.score.{one}" for one in ("sum", "avg", "min", "max", "median")),
        *(f"ticket.due.{one}" for one in ("min", "max")),
    }
    assert "ticket.subject.sum" not in names["measures"]


def test_r7_a_report_joins_the_contact_only_and_only_associated_records_take_part(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    tenant.define("ticket", ["status"], [REQUESTER])
    tenant.define("order", ["status"], [REQUESTER])
    tenant.send("contact", "c1", {"country": "FR"})
    for record, links in (("1", [{"id": "c1"}]), ("2", [{"id": "c1"}]), ("3", [])):
        tenant.send("ticket", record, {"status": "open"}, relationships={"requester": links})
    refresh()
    joined = tenant.query(object="ticket", dimensions=["contact.country"], measures=["ticket.count", "contact.count"])
    assert joined.json()["rows"] == [["FR", 2, 1]]
    assert joined.json()["join"] == {"relationship": "requester", "kept": 2, "dropped": 1}
    assert tenant.rows(object="ticket", measures=["ticket.count"]) == [[3]]
    refused = tenant.query(object="ticket", dimensions=["order.status"], measures=["ticket.count"])
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == ("join_not_allowed", "/dimensions/0")
