"""Plans and quotas on the three services: a change by an operator counts at once, and a smaller plan takes nothing
away."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event
from tests.helpers.plans import CALLS, CONTACTS, CSV, DASHBOARD, LOOK, PLANS, Call, Planned, refusal
from tests.helpers.processes import own_topics
from tests.helpers.three_services import NOW, SCHEMA, TICKETS, running_dataset, until


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
