"""Who may call query_service, and what each call says to bad input: the exact problem body."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import AuthSettings, ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.schema_service import Tokens
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

SCOPES = {
    "GET /v1/tenants/{tenant}/catalog": "reports:read",
    "GET /v1/tenants/{tenant}/catalog/values": "reports:read",
    "POST /v1/tenants/{tenant}/query": "reports:read",
    "POST /v1/tenants/{tenant}/query/drill": "reports:read",
    "GET /v1/tenants/{tenant}/looks": "reports:read",
    "POST /v1/tenants/{tenant}/looks": "reports:write",
    "GET /v1/tenants/{tenant}/looks/{look}": "reports:read",
    "PUT /v1/tenants/{tenant}/looks/{look}": "reports:write",
    "DELETE /v1/tenants/{tenant}/looks/{look}": "reports:write",
    "GET /v1/tenants/{tenant}/looks/{look}/result": "reports:read",
    "GET /v1/tenants/{tenant}/dashboards": "reports:read",
    "POST /v1/tenants/{tenant}/dashboards": "reports:write",
    "GET /v1/tenants/{tenant}/dashboards/{dashboard}": "reports:read",
    "PUT /v1/tenants/{tenant}/dashboards/{dashboard}": "reports:write",
    "DELETE /v1/tenants/{tenant}/dashboards/{dashboard}": "reports:write",
    "GET /v1/tenants/{tenant}/dashboards/{dashboard}/result": "reports:read",
    "GET /v1/tenants/{tenant}/impact": "reports:read",
}
OPEN = {"GET /livez", "GET /readyz", "GET /metrics"}
ALL_SCOPES = "schemas:read schemas:write records:write reports:read reports:write ops"
COUNT: dict[str, Any] = {"object": "ticket", "measures": ["ticket.count"]}
PROBLEMS = "https://crosslook.dev/problems/"


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens.at(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings, tokens: Tokens) -> AsyncIterator[QueryStack]:
    """Two tenants: acme has two tickets, globex one."""
    auth = AuthSettings(jwks_file=tokens.folder.key_set)
    async with query_stack(clickhouse, "query_access", auth=auth) as running:
        rows = [PlainRow("t1", {"status": "open"}), PlainRow("t2")]
        datasets = {
            tenant: [PlainObject(BUILT_IN_CONTACT, []), PlainObject(TICKET, some)]
            for tenant, some in (("acme", rows), ("globex", rows[:1]))
        }
        await publish(running.clickhouse, running.snapshots, datasets)
        yield running


def calls(stack: QueryStack) -> Iterator[tuple[str, str, str]]:
    """(method, path of acme's, name) of every call that the service has."""
    for path, methods in stack.app.openapi()["paths"].items():
        for method in methods:
            name = f"{method.upper()} {path}"
            if name not in OPEN:
                yield method.upper(), path.replace("{tenant}", "acme"), name


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_every_call_has_a_scope_that_is_known_here(stack: QueryStack) -> None:
    assert {name for _, _, name in calls(stack)} == SCOPES.keys()


async def test_without_a_token_nothing_is_answered(stack: QueryStack) -> None:
    for method, path, name in calls(stack):
        for headers in ({}, {"Authorization": "Bearer rubbish"}, {"Authorization": "Basic YTpi"}):
            answer = await stack.client.request(method, path, headers=headers, json=COUNT)
            assert code(answer) == (401, "unauthenticated"), name


async def test_the_wrong_scope_is_refused_by_name(stack: QueryStack, tokens: Tokens) -> None:
    for method, path, name in calls(stack):
        others = " ".join(part for part in ALL_SCOPES.split() if part != SCOPES[name])
        answer = await stack.client.request(method, path, headers=tokens.header("acme", others), json=COUNT)
        assert code(answer) == (403, "forbidden"), name
        assert answer.json()["detail"] == f"The token lacks the scope {SCOPES[name]}."


async def test_a_neighbours_anything_is_not_there(stack: QueryStack, tokens: Tokens) -> None:
    for method, path, name in calls(stack):
        bodies: list[Any] = [COUNT, {"object": "nothing"}, []]
        for body in bodies:
            answer = await stack.client.request(method, path, headers=tokens.header("globex", ALL_SCOPES), json=body)
            assert code(answer) == (404, "not_found"), name
            assert "acme" not in answer.text


async def test_each_tenant_counts_its_own(stack: QueryStack, tokens: Tokens) -> None:
    for tenant, expected in (("acme", 2), ("globex", 1)):
        answer = await stack.ask(COUNT, tenant, headers=tokens.header(tenant))
        assert answer.json()["rows"] == [[expected]]


async def test_an_operator_may_ask_for_any_tenant(stack: QueryStack, tokens: Tokens) -> None:
    answer = await stack.ask(COUNT, "globex", headers=tokens.header("*", "reports:read"))
    assert answer.json()["rows"] == [[1]]


async def _refused(stack: QueryStack, tokens: Tokens, report: Any, **options: Any) -> dict[str, Any]:
    headers = {**tokens.header("acme"), **options.pop("headers", {})}
    answer = await stack.client.post("/v1/tenants/acme/query", json=report, headers=headers, **options)
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body.pop("request_id") == answer.headers["x-request-id"]
    assert body["status"] == answer.status_code
    return body


async def test_a_wrong_request_is_refused_with_all_its_problems(stack: QueryStack, tokens: Tokens) -> None:
    report = {**COUNT, "dimensions": ["ticket.sttus", "asset.name", "order.total"], "limit": 0}
    assert await _refused(stack, tokens, report) == {
        "type": f"{PROBLEMS}invalid_body",
        "title": "Invalid body",
        "status": 422,
        "detail": "The request is not valid; errors lists the problems found.",
        "code": "invalid_body",
        "errors": [
            {
                "pointer": "/limit",
                "code": "bad_value",
                "message": "A whole number from 1 to 50000 is expected here.",
            },
            {
                "pointer": "/dimensions/0",
                "code": "unknown_field",
                "message": "ticket.sttus does not exist in this snapshot; the catalog lists the fields and measures.",
                "suggestion": "ticket.status",
            },
            {
                "pointer": "/dimensions/1",
                "code": "unknown_field",
                "message": "asset.name does not exist in this snapshot; the catalog lists the fields and measures.",
            },
            {
                "pointer": "/dimensions/2",
                "code": "unknown_field",
                "message": "order.total does not exist in this snapshot; the catalog lists the fields and measures.",
            },
        ],
        "errors_omitted": 0,
    }


async def test_a_refusal_speaks_french(stack: QueryStack, tokens: Tokens) -> None:
    body = await _refused(stack, tokens, {"object": "tickt", "measures": ["x"]}, headers={"Accept-Language": "fr"})
    assert body["errors"] == [
        {
            "pointer": "/object",
            "code": "unknown_object",
            "message": "Il n'y a pas d'objet tickt dans cet instantané ; le catalogue liste les objets.",
            "suggestion": "ticket",
        }
    ]


async def test_a_body_that_is_no_json_is_refused(stack: QueryStack, tokens: Tokens) -> None:
    answer = await stack.client.post("/v1/tenants/acme/query", content=b"{", headers=tokens.header("acme"))
    assert code(answer) == (400, "not_json")


async def test_a_format_we_do_not_have_is_refused(stack: QueryStack, tokens: Tokens) -> None:
    assert await _refused(stack, tokens, COUNT, headers={"Accept": "application/vnd.ms-excel"}) == {
        "type": f"{PROBLEMS}not_acceptable",
        "title": "Not acceptable",
        "status": 406,
        "detail": f"This address answers with {', '.join(Format)}; change the Accept header.",
        "code": "not_acceptable",
    }


async def test_an_unknown_snapshot_is_not_found(stack: QueryStack, tokens: Tokens) -> None:
    assert await _refused(stack, tokens, {**COUNT, "snapshot": "s9"}) == {
        "type": f"{PROBLEMS}unknown_snapshot",
        "title": "Unknown snapshot",
        "status": 404,
        "detail": "There is no snapshot s9; use current or previous.",
        "code": "unknown_snapshot",
    }


async def test_an_unreadable_dry_run_is_refused(stack: QueryStack, tokens: Tokens) -> None:
    body = await _refused(stack, tokens, COUNT, params={"dry_run": "perhaps"})
    assert (body["status"], body["errors"][0]["pointer"], body["errors"][0]["code"]) == (
        422,
        "/dry_run",
        "bad_parameter",
    )


async def test_where_tenants_are_closed_an_unknown_one_has_nothing(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, "query_closed", open_tenants=False) as closed:
        for method, path, name in calls(closed):
            answer = await closed.client.request(method, path, json=COUNT)
            assert code(answer) == (404, "unknown_tenant"), name
