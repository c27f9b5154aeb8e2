"""What every service answers with: problem documents, request ids, health, limits, in the caller's language."""

import contextlib
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import httpx
import pytest
import structlog
from fastapi import Body, Depends, FastAPI, Path, Query, Request
from starlette.exceptions import HTTPException

from crosslook.contracts.problems import Problem
from crosslook.platform.auth import Principal, authorize
from crosslook.platform.bodies import read_json
from crosslook.platform.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    OperatorsOnly,
    PreconditionFailed,
    PreconditionRequired,
    Unauthenticated,
    Unavailable,
)
from crosslook.platform.http import PageSize, PageToken, create_app, page
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable, VersionMismatch, WriterFenced
from crosslook.platform.metrics import Meters
from crosslook.platform.responses import PROBLEM_TYPE
from crosslook.platform.settings import AuthSettings, ServiceSettings

LIMIT = 1000
REQUIRED = ["type", "title", "status", "detail", "code", "request_id"]
SECRET = "exception text: password=hunter2"


class Service:
    """A small service with one route for everything that can happen."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.degraded: str | None = None
        self.logged: list[structlog.typing.EventDict] = []
        self.meters = Meters()
        settings = ServiceSettings(auth=AuthSettings(mode="off"), http=HttpSettings(max_body_bytes=LIMIT))
        self.app = create_app(
            "Probe",
            "1.2.3",
            settings=settings,
            lifespan=_lifespan,
            readiness=lambda: self.reason,
            meters=self.meters,
            degraded=lambda: self.degraded,
        )
        _add_routes(self.app)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://probe")


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield


ERRORS: dict[str, tuple[Exception, int, str]] = {
    "refused": (AppError(Problem("bad_page_token"), status=400), 400, "bad_page_token"),
    "invalid": (Invalid([Problem("wrong_type", "/a~1b/0", "wrong_type.object", suggestion="x")]), 422, "wrong_type"),
    "invalid in two ways": (
        Invalid([Problem("wrong_type", text="wrong_type.object"), Problem("not_found")]),
        422,
        "invalid_body",
    ),
    "unauthenticated": (Unauthenticated(), 401, "unauthenticated"),
    "forbidden": (Forbidden("ops"), 403, "forbidden"),
    "operators": (OperatorsOnly(), 403, "operators_only"),
    "missing": (NotFound(), 404, "not_found"),
    "conflict": (Conflict(), 409, "conflict"),
    "stale": (PreconditionFailed(3, "2"), 412, "precondition_failed"),
    "unconditional": (PreconditionRequired(), 428, "precondition_required"),
    "unavailable": (Unavailable("kafka", 7), 503, "unavailable"),
    "kafka": (KafkaUnavailable(SECRET), 503, "unavailable"),
    "log": (LogUnavailable(SECRET), 503, "unavailable"),
    "fenced": (WriterFenced(SECRET), 503, "unavailable"),
    "mismatch": (VersionMismatch(SECRET, 1, 2), 409, "conflict"),
    "bug": (RuntimeError(SECRET), 500, "internal_error"),
    "teapot": (HTTPException(418, SECRET), 418, "invalid_body"),
    "upstream": (HTTPException(502, SECRET), 502, "internal_error"),
}


def _add_routes(app: FastAPI) -> None:
    @app.get("/errors/{name}")
    async def errors(name: Annotated[str, Path()]) -> None:
        raise ERRORS[name][0]

    @app.post("/json")
    async def json(request: Request) -> Any:
        return {"got": await read_json(request)}

    @app.post("/declared")
    async def declared(body: Annotated[dict[str, Any], Body()]) -> Any:
        return body

    @app.get("/items")
    async def items(
        page_size: PageSize = 50,
        page_token: PageToken = None,
        deep: bool = False,
        kind: Annotated[Literal["a", "b"], Query()] = "a",
    ) -> Any:
        return page(range(page_size + 1), page_size, str)

    @app.put("/v1/tenants/{tenant}/things")
    async def change(tenant: str) -> None: ...

    @app.get("/v1/tenants/{tenant}/things")
    async def things(tenant: str, caller: Annotated[Principal, Depends(authorize("ops"))]) -> Any:
        return {"tenant": tenant, "caller": caller.subject}

    @app.get("/needed")
    async def needed(number: Annotated[int, Query()]) -> int:
        return number


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    made = Service()
    with structlog.testing.capture_logs() as made.logged:
        async with made.client:
            yield made


@pytest.mark.parametrize("name", ERRORS)
async def test_every_error_is_a_problem_document(service: Service, name: str) -> None:
    _, status, code = ERRORS[name]
    answer = await service.client.get(f"/errors/{name}")
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["code"] == code
    assert body["type"] == PROBLEM_TYPE + code
    assert body["title"]
    assert body["detail"]
    assert answer.headers["x-request-id"] == body["request_id"]
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_bug_is_told_to_operators_in_full_and_a_refusal_not_at_all(service: Service) -> None:
    await service.client.get("/errors/missing")
    assert service.logged == []
    await service.client.get("/errors/bug")
    (line,) = service.logged
    assert (line["event"], line["log_level"], line["path"]) == ("unhandled_error", "error", "/errors/bug")
    assert line["exc_info"] is ERRORS["bug"][0]


async def test_a_problem_lists_every_place_with_its_message_and_suggestion(service: Service) -> None:
    body = (await service.client.get("/errors/invalid")).json()
    assert body["errors"] == [
        {
            "pointer": "/a~1b/0",
            "code": "wrong_type",
            "message": "A JSON object is expected here.",
            "suggestion": "x",
        }
    ]


async def test_errors_carry_the_headers_that_go_with_them(service: Service) -> None:
    assert (await service.client.get("/errors/unauthenticated")).headers["www-authenticate"] == "Bearer"
    assert (await service.client.get("/errors/unavailable")).headers["retry-after"] == "7"
    not_allowed = await service.client.delete("/items")
    assert (not_allowed.status_code, not_allowed.json()["code"]) == (405, "method_not_allowed")
    assert not_allowed.headers["allow"] == "GET"


async def test_an_address_that_is_not_there_is_a_problem_too(service: Service) -> None:
    answer = await service.client.get("/nowhere")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/nowhere", "/errors/bug"])
async def test_every_answer_has_a_request_id_of_its_own(service: Service, path: str) -> None:
    first, second = await service.client.get(path), await service.client.get(path)
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert len(first.headers.get_list("x-request-id")) == 1


async def test_a_refusal_says_which_language_it_is_in(service: Service) -> None:
    answer = await service.client.get("/errors/missing", headers={"Accept-Language": "fr"})
    assert answer.headers["content-language"] == "fr"
    assert answer.json()["detail"] == "Il n'y a rien à cette adresse."


@pytest.mark.parametrize(
    ("query", "pointer", "message"),
    [
        ("page_size=0", "/page_size", "The parameter page_size must be at least 1."),
        ("page_size=501", "/page_size", "The parameter page_size must be at most 500."),
        ("page_size=ten", "/page_size", "The parameter page_size takes a whole number."),
        ("page_size=1.5", "/page_size", "The parameter page_size takes a whole number."),
        ("deep=maybe", "/deep", "The parameter deep takes true or false."),
        ("kind=c", "/kind", "The parameter kind cannot be read; it takes 'a' or 'b'."),
    ],
)
async def test_a_bad_parameter_is_named_with_what_it_takes(
    service: Service, query: str, pointer: str, message: str
) -> None:
    answer = await service.client.get(f"/items?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": pointer, "code": "bad_parameter", "message": message}]


async def test_all_bad_parameters_are_told_at_once(service: Service) -> None:
    errors = (await service.client.get("/items?page_size=0&deep=maybe")).json()["errors"]
    assert [error["pointer"] for error in errors] == ["/page_size", "/deep"]
    missing = (await service.client.get("/needed")).json()["errors"]
    assert [problem["message"] for problem in missing] == ["The parameter number is missing."]


async def test_a_page_says_whether_there_is_another(service: Service) -> None:
    answer = (await service.client.get("/items?page_size=2")).json()
    assert answer == {"items": [0, 1], "next_page_token": "1"}
    assert page([0, 1], 2, str) == {"items": [0, 1], "next_page_token": None}
    assert page([], 2, str) == {"items": [], "next_page_token": None}


@pytest.mark.parametrize("path", ["/json", "/declared"])
async def test_a_body_may_be_as_large_as_the_limit_and_no_larger(service: Service, path: str) -> None:
    def of(size: int) -> bytes:
        return b'{"a":"' + b"x" * (size - 8) + b'"}'

    headers = {"content-type": "application/json"}
    assert (await service.client.post(path, content=of(LIMIT), headers=headers)).status_code == 200
    answer = await service.client.post(path, content=of(LIMIT + 1), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.headers["x-request-id"]


async def test_a_large_body_without_a_declared_length_is_refused_while_it_comes(service: Service) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * LIMIT

    answer = await service.client.post("/json", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_service_lives_before_it_is_ready(service: Service) -> None:
    service.reason = "schemas: replaying"
    assert (await service.client.get("/livez")).status_code == 200
    unready = await service.client.get("/readyz")
    assert (unready.status_code, unready.json()) == (503, {"status": "unready", "reason": "schemas: replaying"})
    service.reason = None
    assert (await service.client.get("/readyz")).json() == {"status": "ok"}


async def test_a_service_of_which_a_part_stands_still_is_ready_and_says_so(service: Service) -> None:
    service.degraded = "ingest stopped: too_many_refusals"
    answer = await service.client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "reason": service.degraded})
    service.reason = "schemas: replaying"
    assert (await service.client.get("/readyz")).status_code == 503


async def test_requests_are_counted_by_route_never_by_address(service: Service) -> None:
    for path in ("/errors/missing", "/errors/bug", "/nowhere/1", "/nowhere/2"):
        await service.client.get(path)
    await service.client.request("PURGE7", "/items")
    told = (await service.client.get("/metrics")).text
    for status in (404, 500):
        assert f'crosslook_http_requests_total{{method="GET",route="/errors/{{name}}",status="{status}"}} 1.0' in told
    assert 'crosslook_http_requests_total{method="GET",route="unmatched",status="404"} 2.0' in told
    assert not {name for name in ("nowhere", "PURGE7") if name in told}


async def test_a_route_with_a_tenant_is_guarded(service: Service) -> None:
    answer = await service.client.get("/v1/tenants/acme/things")
    assert answer.json() == {"tenant": "acme", "caller": "anonymous"}


async def test_the_api_document_shows_problems_and_hides_the_frameworks_own(service: Service) -> None:
    document = (await service.client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert (document["info"]["title"], document["info"]["version"]) == ("Probe", "1.2.3")
    assert "HTTPValidationError" not in document["components"]["schemas"]
    assert document["components"]["schemas"]["ProblemDocument"]["required"] == REQUIRED
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["responses"]["422"] == {"$ref": "#/components/responses/Problem"}
            assert {"400", "500", "503"} < operation["responses"].keys()
    things = document["paths"]["/v1/tenants/{tenant}/things"]
    reads, writes = things["get"]["responses"], things["put"]["responses"]
    assert {"401", "403", "404"} < reads.keys() & writes.keys()
    assert writes.keys() - reads.keys() >= {"409", "412", "428"}
