"""snapshot_service as it is run (Faust worker, ingest, ops API) on a real broker and engine, asked over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import SCORE, definition, event
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import Tokens
from tests.helpers.snapshot_service import Service, only_schema, running_service

TOO_SMALL = {"pointer": "/page_size", "code": "bad_parameter", "message": "The parameter page_size must be at least 1."}
NOW = datetime.now(UTC).replace(microsecond=0)
TICKET = definition(SCORE)
PATHS = (
    ("GET", "/v1/snapshots"),
    ("POST", "/v1/snapshots"),
    ("GET", "/v1/snapshots/none"),
    *(("POST", f"/v1/snapshots/none/{verb}") for verb in ("restore", "pin", "unpin")),
    ("GET", "/v1/snapshots/none/shared-references?tenant=acme"),
    ("GET", "/v1/runs/none"),
    ("GET", "/v1/ingest"),
    ("POST", "/v1/ingest/resume"),
    ("GET", "/v1/quarantine"),
    ("GET", "/v1/ingest/messages/0/0"),
    *(("GET", f"/v1/quarantine/{shown}") for shown in ("counts", "left", "replay")),
    *(("POST", f"/v1/quarantine/{verb}") for verb in ("replay", "discard")),
    ("GET", "/v1/integrations/health"),
    ("POST", "/v1/integrations/replay"),
    ("GET", "/v1/recovery"),
    ("POST", "/v1/recovery?plan=none"),
    ("GET", "/v1/recovery/schemas"),
    *((method, "/v1/recovery/documents") for method in ("GET", "POST")),
)


@pytest.fixture(scope="module")
async def broker(kafka: KafkaSettings) -> KafkaSettings:
    settings = own_topics(kafka)
    await ensure_topics(settings)
    return settings


@pytest.fixture(scope="module")
async def service(
    broker: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Service]:
    tokens = Tokens.at(tmp_path_factory.mktemp("snapshot-keys"))
    engine = clickhouse.model_copy(update={"database": "snapshot_service"})
    async with only_schema(broker, TICKET), running_service(broker, engine, tokens) as running:
        yield running


async def test_a_run_asked_for_is_accepted_told_and_becomes_a_snapshot(service: Service) -> None:
    asked = await service.ask("POST", "/v1/snapshots")
    run = asked.json()
    assert (asked.status_code, asked.headers["location"]) == (202, f"/v1/runs/{run['run']}")
    told = ("run", "state", "progress", "snapshot", "reason", "started_at", "finished_at", "steps", "trigger")
    assert run.keys() >= set(told)
    assert run["trigger"] == "manual"
    ended = await service.refreshed()
    assert (ended["state"], ended["progress"], ended["reason"]) == ("published", 1.0, None)
    shown = (await service.ask("GET", f"/v1/snapshots/{ended['snapshot']}")).json()
    assert (shown["id"], shown["run"], shown["outcome"]) == (ended["snapshot"], ended["run"], "published")
    listed = (await service.ask("GET", "/v1/snapshots")).json()["items"]
    assert listed[0] == shown
    assert shown["current"] is True
    assert [step["name"] for step in shown["steps"]][-1] == "publish"


async def test_a_repeated_idempotency_key_is_answered_with_the_first_run(service: Service) -> None:
    headers = {"Idempotency-Key": "abc"}
    first = (await service.ask("POST", "/v1/snapshots", headers=headers)).json()
    await service.until(lambda: _over(service, first["run"]))
    again = (await service.ask("POST", "/v1/snapshots", headers=headers)).json()
    assert again["run"] == first["run"]


async def _over(service: Service, run: str) -> bool:
    state: str = (await service.ask("GET", f"/v1/runs/{run}")).json()["state"]
    return state in ("published", "failed")


async def test_snapshots_are_paged_from_the_newest(service: Service) -> None:
    for _ in range(3):
        await service.refreshed()
    everything = (await service.ask("GET", "/v1/snapshots?page_size=500")).json()["items"]
    seen: list[str] = []
    token = ""
    while token is not None:
        page = (await service.ask("GET", f"/v1/snapshots?page_size=2{token and '&page_token=' + token}")).json()
        seen += [item["id"] for item in page["items"]]
        token = page["next_page_token"]
    assert seen == [item["id"] for item in everything]
    assert [item["as_of"] for item in everything] == sorted((i["as_of"] for i in everything), reverse=True)


async def test_ingest_says_where_each_partition_stands(service: Service) -> None:
    good = event("acme", "ticket", "1", {"score": 1}, event_id="lag", time=NOW)
    await service.send(orjson.dumps(good))
    await service.until(lambda: _lag_is(service, 0))
    body = (await service.ask("GET", "/v1/ingest")).json()
    assert (body["state"], body["reason"], body["last_error"]) == ("running", None, None)
    assert len(body["partitions"]) == 4
    assert sum(partition["staged_offset"] for partition in body["partitions"]) >= 1
    assert all(partition["seconds_behind"] == 0 for partition in body["partitions"])


async def test_resuming_an_ingest_that_runs_changes_nothing(service: Service) -> None:
    resumed = await service.ask("POST", "/v1/ingest/resume")
    assert (resumed.status_code, resumed.json()["state"]) == (200, "running")


async def _lag_is(service: Service, lag: int) -> bool:
    body = (await service.ask("GET", "/v1/ingest")).json()
    return bool(sum(partition["lag"] for partition in body["partitions"]) == lag)


async def test_contacts_that_share_an_address_are_counted_and_listed(service: Service) -> None:
    twins = [
        event("twins", "contact", name, {"email": email}, event_id=name, time=NOW, external_ids=["z:1", f"z:{name}"])
        for name, email in (("a", "Ada@x.example"), ("b", "ada@X.example "), ("c", "c@x.example"))
    ]
    await service.send(*[orjson.dumps(twin) for twin in twins])
    snapshot = (await service.refreshed())["snapshot"]
    assert (await service.ask("GET", f"/v1/snapshots/{snapshot}")).json()["shared_references"] == 2
    path = f"/v1/snapshots/{snapshot}/shared-references?tenant=twins&page_size=1"
    first = (await service.ask("GET", path)).json()
    assert first["items"] == [{"reference": "email:ada@x.example", "contacts": ["a", "b"]}]
    rest = (await service.ask("GET", f"{path}&page_token={first['next_page_token']}")).json()
    assert rest == {"items": [{"reference": "external:z:1", "contacts": ["a", "b", "c"]}], "next_page_token": None}


async def test_a_refused_event_is_found_in_quarantine_with_its_reason_and_its_bytes(service: Service) -> None:
    wrong = orjson.dumps(event("acme", "ticket", "1", {"score": "high"}, event_id="wrong", time=NOW))
    await service.send(wrong, b"\xff\xfe", b"{")
    await service.until(lambda: _quarantined(service, 3))
    (item,) = (await service.ask("GET", "/v1/quarantine?code=wrong_type")).json()["items"]
    expected = {"tenant": "acme", "object": "ticket", "record": "1", "source": "/test", "event_id": "wrong"}
    assert {name: item[name] for name in expected} == expected
    assert (item["pointer"], item["payload"]) == ("/data/fields/score", wrong.decode())
    assert item["message"].startswith("A number is expected here")
    unreadable = (await service.ask("GET", "/v1/quarantine?code=not_json")).json()["items"]
    assert sorted(
        (element["payload_base64"], element["payload"]) for element in unreadable if element["payload_base64"]
    ) == [("//4=", "\ufffd\ufffd")]
    french = await service.ask("GET", "/v1/quarantine?code=wrong_type", headers={"Accept-Language": "fr"})
    assert french.json()["items"][0]["message"].startswith("Un nombre est attendu ici")


async def _quarantined(service: Service, count: int) -> bool:
    return len((await service.ask("GET", "/v1/quarantine")).json()["items"]) >= count


async def test_the_quarantine_is_paged_and_filtered(service: Service) -> None:
    seen: list[str] = []
    token = ""
    while token is not None:
        page = (await service.ask("GET", f"/v1/quarantine?page_size=1{token and '&page_token=' + token}")).json()
        seen += [item["id"] for item in page["items"]]
        token = page["next_page_token"]
    assert len(seen) == len(set(seen)) >= 3
    assert (await service.ask("GET", "/v1/quarantine?source=/elsewhere")).json()["items"] == []


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_a_tenants_own_ops_token_may_call_nothing_that_concerns_all_tenants(
    service: Service, method: str, path: str
) -> None:
    refused = await service.ask(method, path, tenant="acme", json={"filter": {}})
    assert (refused.status_code, refused.json()["code"]) == (403, "operators_only")


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_no_call_is_answered_without_a_token_or_without_the_scope(
    service: Service, method: str, path: str
) -> None:
    assert (await service.http.request(method, path)).status_code == 401
    assert (refused := await service.ask(method, path, scope="reports:read schemas:write")).status_code == 403
    assert refused.json()["detail"] == "The token lacks the scope ops."


def test_the_paths_above_are_all_that_concern_all_tenants(service: Service) -> None:
    operations = {path: of for path, of in service.app.openapi()["paths"].items() if "{tenant}" not in path}
    templates = {
        "/snapshots/none": "/snapshots/{snapshot}",
        "/runs/none": "/runs/{run}",
        "/messages/0/0": "/messages/{partition}/{offset}",
    }
    named = set[tuple[str, str]]()
    for method, path in PATHS:
        path = path.partition("?")[0]
        for given, template in templates.items():
            path = path.replace(given, template)
        named.add((method.lower(), path))
    assert {(m, p) for p, methods in operations.items() if p.startswith("/v1") for m in methods} == named


@pytest.mark.parametrize(
    ("path", "status", "code", "errors"),
    [
        ("/v1/snapshots/none", 404, "unknown_snapshot", []),
        ("/v1/runs/none", 404, "unknown_run", []),
        ("/v1/nothing", 404, "not_found", []),
        ("/v1/snapshots?page_token=%25", 422, "bad_page_token", [("/page_token", "bad_page_token")]),
        ("/v1/quarantine?page_token=abc", 422, "bad_page_token", [("/page_token", "bad_page_token")]),
        ("/v1/quarantine?page_size=501", 422, "bad_parameter", [("/page_size", "bad_parameter")]),
        (f"/v1/quarantine?source={'x' * 257}", 422, "bad_parameter", [("/source", "bad_parameter")]),
    ],
)
async def test_a_bad_request_is_told_what_is_wrong(
    service: Service, path: str, status: int, code: str, errors: list[tuple[str, str]]
) -> None:
    answer = await service.ask("GET", path)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(error["pointer"], error["code"]) for error in body.get("errors", [])] == errors


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        (
            "/v1/snapshots/none",
            "en",
            {
                "type": "https://crosslook.dev/problems/unknown_snapshot",
                "title": "Unknown snapshot",
                "status": 404,
                "detail": "There is no snapshot none; GET /v1/snapshots lists the retained snapshots.",
                "code": "unknown_snapshot",
            },
        ),
        (
            "/v1/runs/none",
            "fr",
            {
                "type": "https://crosslook.dev/problems/unknown_run",
                "title": "Unknown run",
                "status": 404,
                "detail": "L'exécution none n'existe pas.",
                "code": "unknown_run",
            },
        ),
        (
            "/v1/snapshots?page_size=0",
            "en",
            {
                "type": "https://crosslook.dev/problems/bad_parameter",
                "title": "Bad parameter",
                "status": 422,
                "detail": "The request is not valid; errors lists the problems found.",
                "code": "bad_parameter",
                "errors": [TOO_SMALL],
                "errors_omitted": 0,
            },
        ),
    ],
)
async def test_a_refusal_says_exactly_this(
    service: Service, path: str, language: str, expected: dict[str, Any]
) -> None:
    answer = await service.ask("GET", path, headers={"Accept-Language": language})
    assert answer.json() == {**expected, "request_id": answer.headers["x-request-id"]}


async def test_metrics_count_what_was_staged_quarantined_and_published(service: Service) -> None:
    await service.refreshed()
    text = (await service.http.get("/metrics")).text
    for name in (
        "crosslook_ingest_staged_total",
        'crosslook_ingest_quarantined_total{code="not_json"} 2.0',
        'crosslook_refresh_runs_total{outcome="published",trigger="manual"}',
        "crosslook_snapshot_as_of_seconds",
        'crosslook_schema_events_total{type="crosslook.schema.created.v1"} 1.0',
    ):
        assert name in text
