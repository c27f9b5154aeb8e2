"""Who may call schema_service: every call that it has, tried by everyone who may not."""

from collections.abc import Iterator

import httpx

from tests.helpers.schema_service import Service

SCOPES = {
    "GET /v1/tenants/{tenant}/schemas": "schemas:read",
    "POST /v1/tenants/{tenant}/schemas": "schemas:write",
    "GET /v1/tenants/{tenant}/schemas/{object}": "schemas:read",
    "PUT /v1/tenants/{tenant}/schemas/{object}": "schemas:write",
    "DELETE /v1/tenants/{tenant}/schemas/{object}": "schemas:write",
    "GET /v1/tenants/{tenant}/schemas/{object}/json-schema": "schemas:read",
    "GET /v1/tenants": "ops",
    "GET /v1/tenants/{tenant}": "ops",
    "PUT /v1/tenants/{tenant}": "ops",
    "GET /v1/tenants/{tenant}/settings": "schemas:read",
    "PUT /v1/tenants/{tenant}/settings": "schemas:write",
    "GET /v1/integrations": "schemas:read",
    "GET /v1/tenants/{tenant}/integrations": "schemas:read",
    "GET /v1/tenants/{tenant}/integrations/{name}": "schemas:read",
    "PUT /v1/tenants/{tenant}/integrations/{name}": "schemas:write",
    "DELETE /v1/tenants/{tenant}/integrations/{name}": "schemas:write",
    "POST /v1/tenants/{tenant}/integrations/{name}/backfill": "schemas:write",
    "POST /v1/recovery/schemas": "ops",
    "POST /v1/recovery/secrets": "ops",
    "GET /v1/recovery/documents": "ops",
    "POST /v1/recovery/documents": "ops",
    "POST /v1/tenants/{tenant}/events": "records:write",
    "POST /v1/tenants/{tenant}/objects/{object}/import": "records:write",
    "GET /v1/tenants/{tenant}/imports": "records:write",
    "GET /v1/tenants/{tenant}/imports/{import_id}": "records:write",
    "DELETE /v1/tenants/{tenant}/imports/{import_id}": "records:write",
}
SIGNED = "POST /v1/webhooks/{tenant}/{name}"
"""Vendors call it: the signature of the body is checked (test_webhooks.py)."""
OPEN = {"GET /livez", "GET /readyz", "GET /metrics", "GET /v1/asyncapi", SIGNED}
ALL_SCOPES = "schemas:read schemas:write records:write reports:read reports:write ops"


def calls(service: Service) -> Iterator[tuple[str, str, str]]:
    """(method, path of acme's, name) of every call that the service has."""
    for path, methods in service.app.openapi()["paths"].items():
        for method in methods:
            name = f"{method.upper()} {path}"
            if name not in OPEN:
                yield method.upper(), _of_acme(path), name


def _of_acme(path: str) -> str:
    return path.replace("{tenant}", "acme").replace("{object}", "ticket").replace("{name}", "courier")


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_every_call_has_a_scope_that_is_known_here(service: Service) -> None:
    assert {name for _, _, name in calls(service)} == SCOPES.keys()


async def test_without_a_token_nothing_is_answered(service: Service) -> None:
    for method, path, name in calls(service):
        for headers in ({}, {"Authorization": "Bearer rubbish"}, {"Authorization": "Basic YTpi"}):
            answer = await service.http.request(method, path, headers=headers)
            assert code(answer) == (401, "unauthenticated"), name
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_the_wrong_scope_is_refused_by_name(service: Service) -> None:
    for method, path, name in calls(service):
        others = " ".join(part for part in ALL_SCOPES.split() if part != SCOPES[name])
        answer = await service.ask(method, path, "acme", others)
        assert code(answer) == (403, "forbidden"), name
        assert answer.json()["detail"] == f"The token lacks the scope {SCOPES[name]}."


async def test_a_neighbours_anything_is_not_there(service: Service) -> None:
    for method, path, name in calls(service):
        if "{tenant}" in name:
            answer = await service.ask(method, path, "globex", ALL_SCOPES, json={"x": 1})
            assert code(answer) == (404, "not_found"), name
            assert "acme" not in answer.text


async def test_a_neighbour_changed_nothing(service: Service) -> None:
    answer = await service.ask("GET", "/v1/tenants/acme/schemas/ticket")
    assert (answer.json()["version"], answer.json()["status"]) == (1, "active")


async def test_a_tenants_own_ops_token_changes_nothing_about_the_tenant(service: Service) -> None:
    await service.ask("PUT", "/v1/tenants/umbrella", "*", "ops", json={"plan": "basic", "status": "suspended"})
    for method, path in (("GET", "/v1/tenants"), ("GET", "/v1/tenants/umbrella"), ("PUT", "/v1/tenants/umbrella")):
        body = {"plan": "enterprise", "status": "active"} if method == "PUT" else None
        answer = await service.ask(method, path, "umbrella", "ops", json=body)
        assert code(answer) == (403, "operators_only"), path
    kept = (await service.ask("GET", "/v1/tenants/umbrella", "*", "ops")).json()
    assert (kept["plan"], kept["status"]) == ("basic", "suspended")
