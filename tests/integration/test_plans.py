"""Plans and quotas on the three services: a change by an operator counts at once, and a smaller plan takes nothing
away."""

import os
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event
from tests.helpers.processes import own_topics
from tests.helpers.three_services import COUNT, NOW, SCHEMA, TICKETS, Dataset, running_dataset, until

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


@pytest.fixture(scope="module")
async def planned(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Planned]:
    folder = tmp_path_factory.mktemp("plans")
    file = folder / "plans.toml"
    file.write_text(PLANS, encoding="utf-8")
    engine = clickhouse.model_copy(update={"database": "plans"})
    async with running_dataset(folder / "keys", own_topics(kafka), engine, PlansSettings(file=file)) as services:
        look = await services.query.post("/v1/tenants/acme/looks", json=LOOK)
        dashboard = await services.query.post("/v1/tenants/acme/dashboards", json=DASHBOARD)
        yield Planned(services, look.json()["id"], dashboard.json()["id"])


def refusal(answer: httpx.Response) -> tuple[int, str, str | None]:
    """Status, code and suggestion."""
    return answer.status_code, answer.json()["code"], answer.json().get("suggestion")


@pytest.mark.parametrize("plan", ["enterprise", "starter"])
@pytest.mark.parametrize("name", CALLS)
async def test_a_plan_refuses_what_it_does_not_include_and_nothing_else(planned: Planned, name: str, plan: str) -> None:
    await planned.put(plan=plan)
    answer, call = await planned.call(CALLS[name]), CALLS[name]
    if plan == "starter" and call.required is not None:
        assert refusal(answer) == (403, "plan_required", call.required)
    else:
        assert (answer.status_code < 400) is not call.refused_body, answer.text


async def test_a_larger_plan_counts_at_once(planned: Planned) -> None:
    await planned.put(plan="starter")
    assert (await planned.call(CALLS["ask"])).status_code == 403
    await planned.put("globex", plan="starter")
    few = await planned.call(Call("query", "POST", "query", body=CONTACTS), "globex")
    assert refusal(few) == (403, "plan_required", "small")
    await planned.put(plan="analyst")
    answer = await planned.call(CALLS["ask for a file"])
    assert (answer.status_code, answer.text) == (200, f"ticket.count\r\n{TICKETS}\r\n")
    assert refusal(await planned.call(CALLS["create an object"])) == (403, "plan_required", "enterprise")


async def test_a_plan_without_files_answers_json_only(planned: Planned) -> None:
    await planned.put("globex", plan="small")
    assert (await planned.call(Call("query", "POST", "query", body=CONTACTS), "globex")).status_code == 200
    ask = Call("query", "POST", "query", body=CONTACTS, headers=CSV)
    dry = Call("query", "POST", "query?dry_run=true", body=CONTACTS, headers=CSV)
    for call in (ask, dry):
        assert refusal(await planned.call(call, "globex")) == (403, "plan_required", "analyst")


CONTACTS = {"object": "contact", "measures": ["contact.count"]}


async def test_what_was_made_on_a_larger_plan_can_be_deleted_on_a_smaller_one(planned: Planned) -> None:
    await planned.put(plan="enterprise")
    made = await planned.call(CALLS["create an object"])
    look, dashboard = [await planned.call(CALLS[name]) for name in ("save a Look", "save a dashboard")]
    await planned.put(plan="starter")
    for kind, saved in (("looks", look), ("dashboards", dashboard)):
        deleted = await planned.services.query.delete(f"/v1/tenants/acme/{kind}/{saved.json()['id']}")
        assert deleted.status_code == 204
    deleted = await planned.call(Call("schemas", "DELETE", f"schemas/{made.json()['object']}"))
    assert deleted.status_code == 202


async def test_a_repeated_request_has_its_first_answer_on_a_smaller_plan_too(planned: Planned) -> None:
    await planned.put(plan="enterprise")
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {**SCHEMA, "object": f"o{uuid.uuid4().hex}"}
    calls = (
        Call("schemas", "POST", "schemas", body=body, headers=key),
        Call("query", "POST", "looks", body=LOOK, headers=key),
    )
    first = [await planned.call(call) for call in calls]
    await planned.put(plan="starter")
    again = [await planned.call(call) for call in calls]
    assert [answer.status_code for answer in first + again] == [201] * 4
    assert [answer.json() for answer in first] == [answer.json() for answer in again]


async def test_an_operator_who_acts_for_a_tenant_has_its_plan(planned: Planned) -> None:
    await planned.put(plan="starter")
    body = {**SCHEMA, "object": "theirs"}
    answer = await planned.services.schemas.ask("POST", "/v1/tenants/acme/schemas", "*", "schemas:write", json=body)
    assert refusal(answer) == (403, "plan_required", "enterprise")


async def test_the_refusal_names_the_plans_in_the_callers_language(planned: Planned) -> None:
    await planned.put(plan="starter")
    english = (await planned.call(CALLS["ask"])).json()
    assert english["type"] == "https://crosslook.dev/problems/plan_required"
    assert english["detail"] == (
        "The plan starter does not include custom reports; the plan analyst does. Saved reports still run."
    )
    call = CALLS["ask"]
    french = (await planned.call(call, **{"Accept-Language": "fr"})).json()
    assert french["detail"] == (
        "Le plan starter ne comprend pas les rapports personnalisés ; le plan analyst les comprend. Les rapports "
        "enregistrés fonctionnent toujours."
    )


async def test_more_records_than_the_plan_includes_stop_questions_and_not_events(planned: Planned) -> None:
    await planned.put(plan="small")
    for name in ("ask", "dry run", "drill", "save a Look", "change a Look", "save a dashboard"):
        answer = await planned.call(CALLS[name])
        assert refusal(answer) == (403, "plan_required", "analyst"), name
    assert answer.json()["detail"].startswith(f"This tenant has {TICKETS} records, and the plan small includes 10;")
    for name in ("send an event", "run a Look", "run a dashboard", "read the catalog", "list values"):
        assert (await planned.call(CALLS[name])).status_code < 400, name
    await planned.put(plan="analyst")
    assert (await planned.call(CALLS["ask"])).status_code == 200


async def test_a_plan_that_the_file_does_not_have_is_refused(planned: Planned) -> None:
    await planned.put(plan="analyst")
    answer = await planned.operate("PUT", "acme", {"plan": "analist"})
    assert refusal(answer)[:2] == (422, "unknown_plan")
    assert answer.json()["errors"] == [
        {
            "pointer": "/plan",
            "code": "unknown_plan",
            "message": "There is no plan analist; the plans are starter, small, analyst, enterprise, default.",
            "suggestion": "analyst",
        }
    ]
    assert (await planned.operate("GET", "acme")).json()["plan"] == "analyst"


async def test_a_tenant_without_a_plan_is_on_the_default_one(planned: Planned) -> None:
    found = await planned.put("initech")
    assert (found["plan"], found["effective"]["plan"]["name"]) == ("default", "enterprise")


async def test_what_applies_is_shown_and_may_be_sent_back(planned: Planned) -> None:
    found = await planned.put("hooli", plan="small", quotas={"objects": 3})
    assert found["quotas"] == {"objects": 3}
    assert found["effective"]["plan"] == {
        "name": "small",
        "own_objects": False,
        "custom_reports": True,
        "integrations": None,
        "exports": False,
        "rows": 10,
        "refresh_on_demand": False,
    }
    assert (found["effective"]["quotas"]["objects"], found["effective"]["quotas"]["reports"]) == (3, 8)
    again = await planned.operate("PUT", "hooli", found)
    assert (again.status_code, again.json()) == (200, found)
    listed = await planned.services.schemas.ask("GET", "/v1/tenants?page_size=500", "*", "ops")
    assert found in listed.json()["items"]


async def test_own_quotas_win_and_count_at_once(planned: Planned) -> None:
    created = Call("schemas", "POST", "schemas", body={**SCHEMA, "object": "{new}"})
    await planned.put("quotas", quotas={"objects": 1})
    assert [(await planned.call(created, "quotas")).status_code for _ in range(2)] == [201, 403]
    await planned.put("quotas", quotas={"objects": 2})
    assert [(await planned.call(created, "quotas")).status_code for _ in range(2)] == [201, 403]
    await planned.put("quotas")
    assert (await planned.call(created, "quotas")).status_code == 201


async def test_a_quota_of_events_a_second_is_the_tenants_own(planned: Planned) -> None:
    await planned.put("slow", quotas={"events_per_second": 1})
    made = await planned.call(Call("schemas", "POST", "schemas", body=SCHEMA), "slow")
    assert made.status_code == 201
    batch = [event("slow", "ticket", str(n), {}, event_id=f"e{n}", time=NOW) for n in range(10)]
    send = Call("schemas", "POST", "events", body=batch)
    assert [(await planned.call(send, "slow")).status_code for _ in range(2)] == [202, 429]
    await planned.put("slow", quotas={"events_per_second": 1000})
    assert (await planned.call(send, "slow")).status_code == 202


async def test_a_quota_of_saved_reports_counts_at_once_in_query_service(planned: Planned) -> None:
    await planned.put(plan="enterprise", quotas={"saved_reports": 0})

    async def status() -> int:
        return (await planned.call(CALLS["save a Look"])).status_code

    await until(lambda: _is(status, 403))
    await planned.put(plan="enterprise")
    await until(lambda: _is(status, 201))


async def _is(status: Any, expected: int) -> bool:
    return bool(await status() == expected)


@pytest.mark.parametrize("service", ["schema_service", "snapshot_service", "query_service"])
def test_a_wrong_file_stops_the_start_with_its_places(service: str, tmp_path: Path) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(PLANS.replace("exports = false", "export = false", 1), encoding="utf-8")
    environment = {**os.environ, "CROSSLOOK_PLANS__FILE": str(file), "CROSSLOOK_HTTP__PORT": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", f"services.{service}"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    said = ended.stdout + ended.stderr
    assert "bad_setting" in said
    assert "CROSSLOOK_PLANS__FILE" in said
    assert "/plan/0/exports: exports is required.; /plan/0/export: There is no property export here" in said
    assert "Did you mean exports?" in said
