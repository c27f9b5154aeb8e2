"""What every route of the three services demands of its caller (CONTRACTS 1, decision 13)."""

import asyncio
import re
from functools import cache
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from crosslook.platform.auth import Authorization, OpsCaller, authorize
from crosslook.platform.forwarding import Forwarding
from crosslook.platform.routes import RouteAccess, route_accesses
from docs.pages.openapi import application
from docs.pages.settings import SERVICES

OPEN = {"/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/v1/asyncapi"}
"""Open to everyone; a proxy keeps all but the last inside (docs/how-to/run-in-containers.md)."""

OPERATIONS = OPEN - {"/openapi.json", "/docs", "/v1/asyncapi"}
"""What probes and collectors ask for."""

SAME_FOR_ALL = {"/v1/integrations": Authorization("schemas:read")}
"""About no tenant: what they answer is the same for all, and each caller with the scope may read it."""

SIGNED = {"/v1/webhooks/{tenant}/{name}"}
"""Vendors call them without a token, and with whatever parameters: the signature of the body is checked."""

ABOUT_ALL_TENANTS = Authorization("ops", operators_only=True)


@cache
def accesses_of(service: str) -> list[RouteAccess]:
    """Every route of a service, which must be put together for it."""
    return list(route_accesses(application(service)))


def wrong(accesses: list[RouteAccess]) -> list[RouteAccess]:
    """Routes that demand too little: about all tenants without operators, or about one without a scope."""
    about_all = [a for a in accesses if "{tenant}" not in a.path or a.path == "/v1/tenants/{tenant}"]
    about_one = [a for a in accesses if a not in about_all]
    return [
        *(
            a
            for a in about_all
            if a.path not in OPEN and a.authorization != SAME_FOR_ALL.get(a.path, ABOUT_ALL_TENANTS)
        ),
        *(a for a in about_one if a.authorization is None and a.path not in SIGNED),
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_a_route_about_all_tenants_is_for_operators_and_every_other_demands_a_scope(service: str) -> None:
    assert wrong(accesses_of(service)) == []


@pytest.mark.parametrize("service", SERVICES)
def test_the_walk_sees_documented_and_undocumented_routes(service: str) -> None:
    paths = {access.path for access in accesses_of(service)}
    assert paths >= {"/livez", "/docs", *application(service).openapi()["paths"]}
    assert len(paths) > len(OPEN)


@pytest.mark.parametrize("service", SERVICES)
def test_the_api_document_names_the_scope_of_every_call(service: str) -> None:
    paths = application(service).openapi()["paths"]
    for access in accesses_of(service):
        if access.authorization is not None:
            operation = paths[access.path][access.method.lower()]
            assert operation["security"] == [{"bearer": [scope]} for scope in access.authorization.scopes]
            assert ("must be `*`" in operation["description"]) == access.authorization.operators_only


def test_the_walk_finds_a_route_that_demands_too_little() -> None:
    app, router = FastAPI(docs_url=None, redoc_url=None, openapi_url=None), APIRouter(prefix="/v1")

    @router.get("/things", dependencies=[Depends(authorize("ops"))])
    @router.get("/tenants/{tenant}/things")
    async def things() -> None: ...

    @router.get("/all")
    async def everything(caller: OpsCaller) -> None: ...

    app.include_router(router)
    assert sorted(access.path for access in wrong(list(route_accesses(app)))) == [
        "/v1/tenants/{tenant}/things",
        "/v1/things",
    ]


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_refuses_a_query_parameter_that_it_does_not_declare(service: str) -> None:
    answers = asyncio.run(_answers(application(service), "?dryrun=true"))
    assert {path for _, path in answers} & OPEN - {"/v1/asyncapi"} == OPERATIONS
    for call, (status, body) in answers.items():
        if call[1] in OPERATIONS | SIGNED:
            continue
        (problem,) = [error for error in body["errors"] if error["pointer"] == "/dryrun"]
        assert (status, problem["code"]) == (422, "unknown_parameter"), call
        assert "This address has no query parameter dryrun; it takes " in problem["message"], call


@pytest.mark.parametrize("service", SERVICES)
def test_probes_are_answered_whatever_parameters_they_add(service: str) -> None:
    plain, added = (asyncio.run(_answers(application(service), query)) for query in ("", "?x=1&x=2&y"))
    assert {path: added["get", path][0] for path in OPERATIONS} == {path: plain["get", path][0] for path in OPERATIONS}
    assert added["get", "/livez"] == (200, {"status": "ok"})


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_refuses_a_query_parameter_that_is_sent_twice(service: str) -> None:
    app = application(service)
    declared = {
        (method, path, parameter["name"])
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and parameter["schema"].get("type") != "array"
    }
    assert declared
    for name in {name for _, _, name in declared}:
        answers = asyncio.run(_answers(app, f"?{name}=1&{name}=1"))
        for method, path, _ in (parameter for parameter in declared if parameter[2] == name):
            status, body = answers[method, path]
            found = [error["message"] for error in body["errors"] if error["pointer"] == f"/{name}"]
            assert status == 422, path
            assert f"The parameter {name} occurs more than once in the URL; send it once." in found, path


async def _answers(app: FastAPI, query: str) -> dict[tuple[str, str], tuple[int, Any]]:
    """What each documented route answers to a query; the application has not been started."""
    routes = [(method, path) for path, methods in app.openapi()["paths"].items() for method in methods]
    assert len(routes) > len(OPEN)
    # A replica without its log answers no refusal of a change: that layer is another test's.
    layers: list[Any] = app.user_middleware
    app.user_middleware = [layer for layer in layers if layer.cls is not Forwarding]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://service") as client:
        asked = {call: re.sub(r"[{]\w+[}]", "1", call[1]) for call in routes}
        answers = {call: await client.request(call[0], path + query) for call, path in asked.items()}
        return {call: (answer.status_code, _body(answer)) for call, answer in answers.items()}


def _body(answer: httpx.Response) -> Any:
    return answer.text if answer.headers["content-type"].startswith("text/plain") else answer.json()
