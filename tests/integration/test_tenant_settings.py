"""A tenant's settings count at once in all three services: no refresh comes in between."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import orjson
import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.tenant_settings import SettingsEvent, TenantSettings
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event
from tests.helpers.excel import read_sheet
from tests.helpers.processes import own_topics
from tests.helpers.three_services import NOW, Dataset, running_dataset, until

VISIT = {
    "object": "visit",
    "labels": {"singular": "Visit", "plural": "Visits"},
    "fields": [
        {"slug": "at", "type": "datetime", "label": "At"},
        {"slug": "cost", "type": "number", "label": "Cost"},
        {"slug": "paid", "type": "boolean", "label": "Paid"},
    ],
    "relationships": [{"slug": "visitor", "label": "Visitor", "target": "contact", "many": False}],
}
VISITS = ("2026-11-20T23:30:00Z", "2026-11-21T05:30:00Z", "2026-11-22T12:00:00Z")
DAYS = {"object": "visit", "dimensions": [{"field": "visit.at", "granularity": "day"}], "measures": ["visit.count"]}
PAID = {"object": "visit", "dimensions": ["visit.paid"], "measures": ["visit.count", "visit.cost.avg"]}
UTC_DAYS = [["2026-11-20", 1], ["2026-11-21", 1], ["2026-11-22", 1]]
PARIS_DAYS = [["2026-11-21", 2], ["2026-11-22", 1]]
CHICAGO_DAYS = [["2026-11-20", 2], ["2026-11-22", 1]]


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    engine = clickhouse.model_copy(update={"database": "tenant_settings"})
    async with running_dataset(tmp_path_factory.mktemp("settings"), own_topics(kafka), engine) as running:
        staged = await running.staged()
        for tenant in ("acme", "globex"):
            assert (await ask(running, tenant, "POST", "schemas", VISIT)).status_code == 201
            for number, at in enumerate(VISITS):
                fields = {"at": at, "paid": number > 0}
                body = event(tenant, "visit", str(number), fields, event_id=f"v{number}", time=NOW)
                await running.snapshots.send(orjson.dumps(body), key=f"{tenant}/visit/{number}".encode())
        await until(lambda: _staged(running, staged + 2 * len(VISITS)))
        assert (await running.snapshots.refreshed())["state"] == "published"
        await until(lambda: _reported(running, "globex"))
        yield running


async def _staged(dataset: Dataset, wanted: int) -> bool:
    return await dataset.staged() == wanted


async def _reported(dataset: Dataset, tenant: str) -> bool:
    return (await report(dataset, DAYS, tenant)).status_code == 200


async def ask(dataset: Dataset, tenant: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """A call of schema_service; headers have underscores in place of hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await dataset.schemas.ask(method, f"/v1/tenants/{tenant}/{path}", tenant, json=body, headers=named)


async def report(dataset: Dataset, request: Any, tenant: str = "acme", **headers: str) -> httpx.Response:
    """A report, asked of query_service."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await dataset.query.post(f"/v1/tenants/{tenant}/query", json=request, headers=named)


async def settle(dataset: Dataset, tenant: str = "acme", **settings: str) -> None:
    """Replace the tenant's settings; returns once every service has read them, which takes milliseconds."""
    answer = await ask(dataset, tenant, "PUT", "settings", settings, If_Match="*")
    assert answer.status_code == 200, answer.text
    wanted = TenantSettings.model_validate({"tenant": tenant, **settings})

    async def read() -> bool:
        apps = (dataset.schemas.app, dataset.snapshots.app, dataset.query_app)
        return all(app.state.tenant_settings.settings(tenant) == wanted for app in apps)

    await until(read)


async def test_the_default_zone_of_reports_changes_without_a_refresh(dataset: Dataset) -> None:
    await settle(dataset, timezone="UTC")
    before = (await report(dataset, DAYS)).json()
    assert before["rows"] == UTC_DAYS
    await settle(dataset, timezone="Europe/Paris")
    after = (await report(dataset, DAYS)).json()
    assert after["rows"] == PARIS_DAYS
    assert after["snapshot"]["id"] == before["snapshot"]["id"]
    await settle(dataset)
    assert (await report(dataset, DAYS)).json()["rows"] == CHICAGO_DAYS, "the deployment's zone"


async def test_a_zone_in_the_request_goes_before_the_tenants(dataset: Dataset) -> None:
    await settle(dataset, timezone="Europe/Paris")
    named = (await report(dataset, {**DAYS, "timezone": "America/Chicago"})).json()
    assert named["rows"] == CHICAGO_DAYS


async def test_the_first_day_of_weeks_changes_without_a_refresh(dataset: Dataset) -> None:
    def asked(granularity: str) -> Any:
        dimension = {"field": "visit.at", "granularity": granularity}
        return {"object": "visit", "dimensions": [dimension], "measures": ["visit.count"]}

    weeks = {
        "monday": ([["2026-11-16", 3]], [[5, 1], [6, 1], [7, 1]]),
        "sunday": ([["2026-11-15", 2], ["2026-11-22", 1]], [[1, 1], [6, 1], [7, 1]]),
        "saturday": ([["2026-11-14", 1], ["2026-11-21", 2]], [[1, 1], [2, 1], [7, 1]]),
    }
    etags = set()
    for week_start, (of_weeks, of_days) in weeks.items():
        await settle(dataset, timezone="UTC", week_start=week_start)
        answer = await report(dataset, asked("week"))
        etags.add(answer.headers["etag"])
        assert answer.json()["rows"] == of_weeks
        assert (await report(dataset, asked("day_of_week"))).json()["rows"] == of_days
    assert len(etags) == len(weeks)
    named = await report(dataset, {**asked("week"), "week_start": "monday"})
    assert named.json()["rows"] == weeks["monday"][0], "what the request says goes first"


async def test_a_dry_run_writes_out_the_zone_that_applies(dataset: Dataset) -> None:
    await settle(dataset, timezone="Europe/Paris")
    dry = (await dataset.query.post("/v1/tenants/acme/query?dry_run=true", json=DAYS)).json()
    assert dry["request"]["timezone"] == "Europe/Paris"
    await settle(dataset, timezone="UTC")
    again = await report(dataset, {name: value for name, value in dry["request"].items() if value is not None})
    assert again.json()["rows"] == PARIS_DAYS, "sent again it gives the same answer"


async def test_weeks_of_reports_begin_on_the_tenants_day_at_once(dataset: Dataset) -> None:
    weeks = {**DAYS, "dimensions": [{"field": "visit.at", "granularity": "week"}], "timezone": "UTC"}
    await settle(dataset)
    path = "/v1/tenants/acme/looks"
    look = (await dataset.query.post(path, json={"name": "Weeks", "request": weeks})).json()
    before = await dataset.query.get(f"{path}/{look['id']}/result")
    assert before.json()["rows"] == [["2026-11-16", 3]]
    await settle(dataset, week_start="sunday")
    after = await dataset.query.get(f"{path}/{look['id']}/result", headers={"If-None-Match": before.headers["etag"]})
    assert after.json()["rows"] == [["2026-11-15", 2], ["2026-11-22", 1]]
    dry = (await dataset.query.post("/v1/tenants/acme/query?dry_run=true", json=weeks)).json()
    assert dry["request"]["week_start"] == "sunday"
    assert (await report(dataset, {**weeks, "week_start": "monday"})).json()["rows"] == before.json()["rows"]


async def test_the_settings_of_one_tenant_change_nothing_for_another(dataset: Dataset) -> None:
    await settle(dataset, timezone="Europe/Paris", language="fr")
    assert (await report(dataset, DAYS, "globex")).json()["rows"] == CHICAGO_DAYS


async def test_saved_reports_follow_the_settings_and_are_no_longer_confirmed(dataset: Dataset) -> None:
    await settle(dataset, timezone="UTC")
    look = (await dataset.query.post("/v1/tenants/acme/looks", json={"name": "Days", "request": DAYS})).json()
    tiles = [{"look": look["id"]}, {"request": PAID}]
    board = (await dataset.query.post("/v1/tenants/acme/dashboards", json={"name": "B", "tiles": tiles})).json()
    paths = [f"/v1/tenants/acme/looks/{look['id']}/result", f"/v1/tenants/acme/dashboards/{board['id']}/result"]
    before = [await dataset.query.get(path) for path in paths]
    tags = [{"If-None-Match": answer.headers["etag"]} for answer in before]
    for path, tag in zip(paths, tags, strict=True):
        assert (await dataset.query.get(path, headers=tag)).status_code == 304

    await settle(dataset, timezone="Europe/Paris")
    shown = [await dataset.query.get(path, headers=tag) for path, tag in zip(paths, tags, strict=True)]
    assert [answer.status_code for answer in shown] == [200, 200]
    assert shown[0].json()["rows"] == PARIS_DAYS
    assert shown[1].json()["tiles"][0]["result"]["rows"] == PARIS_DAYS

    await settle(dataset, timezone="UTC")
    for path, tag in zip(paths, tags, strict=True):
        assert (await dataset.query.get(path, headers=tag)).status_code == 304, "as it was"


async def test_labels_warnings_and_files_are_in_the_tenants_language_at_once(dataset: Dataset) -> None:
    await settle(dataset)
    english = await report(dataset, PAID)
    await settle(dataset, language="fr")
    french = await report(dataset, PAID)
    labels = [[column["label"] for column in answer.json()["columns"]] for answer in (english, french)]
    asked = [(await report(dataset, PAID, Accept_Language=language)).json()["columns"] for language in ("en", "fr")]
    assert labels == [[column["label"] for column in columns] for columns in asked]
    assert labels[0] != labels[1]
    files = await report(dataset, PAID, Accept=Format.XLSX)
    assert read_sheet(files.content).rows[0] == labels[1]


async def test_a_kept_answer_in_another_language_is_not_confirmed(dataset: Dataset) -> None:
    await settle(dataset, language="fr")
    paths = ("/v1/tenants/acme/catalog", "/v1/tenants/acme/catalog/values?field=visit.paid")
    before = [await dataset.query.get(path) for path in paths]
    await settle(dataset)
    for path, answer in zip(paths, before, strict=True):
        again = await dataset.query.get(path, headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 200, path


async def test_refusals_are_in_the_tenants_language_in_all_services(dataset: Dataset) -> None:
    await settle(dataset, language="fr")
    paths = ("/v1/tenants/acme/schemas/nothing", "/v1/snapshots", "/v1/tenants/acme/looks/nothing")
    answers = [
        await dataset.schemas.ask("GET", paths[0]),
        await dataset.snapshots.ask("GET", paths[1], "acme", "ops"),
        await dataset.query.get(paths[2]),
    ]
    assert [answer.headers["content-language"] for answer in answers] == ["fr"] * 3


async def stored(dataset: Dataset, value: bytes, wanted: Callable[[int, Any], bool], request: Any = DAYS) -> Any:
    """The answer to a report of initech, once it is as wanted after the message was put under its settings."""
    await dataset.write(SCHEMAS.name, "~settings/initech", value)
    answer = await report(dataset, request, "initech")
    async with asyncio.timeout(60):
        while not wanted(answer.status_code, answer.json()):
            await asyncio.sleep(0.02)
            answer = await report(dataset, request, "initech")
    return answer.json()


def settings_of_initech(**settings: str) -> bytes:
    data = TenantSettings.model_validate({"tenant": "initech", **settings})
    return SettingsEvent(id="1", source="/test", time=NOW, data=data).encode()


async def test_a_zone_that_the_engine_lacks_is_refused_and_not_replaced(dataset: Dataset) -> None:
    newer = settings_of_initech(timezone="Antarctica/Neuland")
    contacts = {"object": "contact", "measures": ["contact.count"]}
    refused = await stored(dataset, newer, lambda status, _: status == 422, contacts)
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [("/timezone", "bad_value")]
    assert (await report(dataset, {**contacts, "timezone": "UTC"}, "initech")).status_code == 200


async def test_settings_that_could_never_be_read_refuse_what_depends_on_them(dataset: Dataset) -> None:
    contacts = {"object": "contact", "measures": ["contact.count"]}
    await stored(dataset, settings_of_initech(), lambda status, _: status == 200, contacts)
    await dataset.write(SCHEMAS.name, "~settings/umbrella", b"rubbish")

    async def code_of(request: Any) -> tuple[int, Any]:
        answer = await report(dataset, request, "umbrella")
        return answer.status_code, answer.json().get("code")

    async with asyncio.timeout(60):
        while await code_of(contacts) != (503, "state_unreadable"):
            await asyncio.sleep(0.02)
    assert (await code_of({**contacts, "timezone": "UTC"}))[0] == 503, "the week is not known either"
    assert await code_of({**contacts, "timezone": "UTC", "week_start": "monday"}) == (200, None)
    refused = await ask(dataset, "acme", "PUT", "settings", {}, If_Match="*")
    assert (refused.status_code, refused.json()["code"]) == (503, "state_unreadable")
    await dataset.write(SCHEMAS.name, "~settings/umbrella", None)
    async with asyncio.timeout(60):
        while await code_of(contacts) != (200, None):
            await asyncio.sleep(0.02)
