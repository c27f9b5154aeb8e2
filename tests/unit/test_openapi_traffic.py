"""The check of every answer against its service's OpenAPI document: what it finds, and what it lets pass."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI, Response
from pydantic import BaseModel

from crosslook.platform.http import create_app
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import AuthSettings, ServiceSettings
from tests.helpers.openapi_document import Answer, OpenApiDocument, closed_objects
from tests.helpers.openapi_traffic import TITLES, Traffic

PROBLEM = {
    "type": "https://crosslook.dev/problems/not_found",
    "title": "Not found",
    "status": 404,
    "detail": "There is nothing here.",
    "code": "not_found",
    "request_id": "x",
}


class Inner(BaseModel):
    """A part of an answer."""

    count: int


class Thing(BaseModel):
    """An answer."""

    name: str
    inner: Inner | None
    note: str | None = None


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield


def application(title: str) -> FastAPI:
    """An application whose one route answers as it is told, in its path's last part."""
    app = create_app(
        title,
        "1",
        settings=ServiceSettings(auth=AuthSettings(mode="off")),
        lifespan=_lifespan,
        readiness=lambda: None,
        meters=Meters(),
    )

    @app.get("/v1/things/{text}", responses={200: {"model": Thing}, 304: {"description": "The caller has it"}})
    async def things(text: str) -> Response:
        return Response(text, media_type="application/json")

    return app


DOCUMENT = OpenApiDocument(application("Probe").openapi())
GOOD: dict[str, Any] = {"name": "a", "inner": {"count": 1}}


def faults(
    status: int, body: Any, kind: str = "application/json", path: str = "/v1/things/a", method: str = "GET"
) -> list[str]:
    """What the document finds in an answer."""
    return DOCUMENT.faults(Answer(method, path, status, kind, orjson.dumps(body) if body is not None else b""))


@pytest.mark.parametrize(
    ("status", "body", "kind", "path"),
    [
        (200, GOOD, "application/json", "/v1/things/a"),
        (200, GOOD, "application/json; charset=utf-8", "/v1/things/a%2Fb"),
        (200, {**GOOD, "inner": None, "note": "n"}, "application/json", "/v1/things/a"),
        (304, None, "", "/v1/things/a"),
        (404, PROBLEM, "application/problem+json", "/v1/things/a"),
        (503, {**PROBLEM, "errors": [{"pointer": "", "code": "x", "message": "y"}], "errors_omitted": None},
         "application/problem+json", "/v1/things/a"),
        (404, PROBLEM, "application/problem+json", "/v1/unknown"),
        (503, {"status": "unready", "reason": "kafka"}, "application/json", "/readyz"),
    ],
)  # fmt: skip
def test_a_documented_answer_passes(status: int, body: Any, kind: str, path: str) -> None:
    assert faults(status, body, kind, path) == []


@pytest.mark.parametrize(
    ("status", "body", "kind", "expected"),
    [
        (200, {**GOOD, "more": 1}, "application/json", "more"),
        (200, {**GOOD, "inner": {"count": 1, "more": 1}}, "application/json", "/inner"),
        (200, {"inner": None}, "application/json", "name"),
        (200, {**GOOD, "name": 1}, "application/json", "/name"),
        (200, {**GOOD, "inner": {"count": "1"}}, "application/json", "/inner"),
        (200, GOOD, "text/plain", "content type"),
        (200, None, "", "content type"),
        (201, GOOD, "application/json", "status"),
        (302, None, "", "status"),
        (409, PROBLEM, "application/problem+json", "status"),
        (502, PROBLEM, "application/problem+json", "status"),
        (304, GOOD, "application/json", "body"),
        (404, {**PROBLEM, "more": 1}, "application/problem+json", "more"),
        (404, {"detail": "Not Found"}, "application/json", "content type"),
        (500, {"code": "internal_error"}, "application/problem+json", "request_id"),
    ],
)
def test_an_undocumented_answer_is_a_fault(status: int, body: Any, kind: str, expected: str) -> None:
    found = faults(status, body, kind)
    assert found
    assert any(expected in fault for fault in found), found


def test_a_path_that_is_not_documented_may_only_be_refused() -> None:
    assert faults(200, GOOD, path="/v1/unknown") == [
        "GET /v1/unknown: 200 application/json: the status is not documented"
    ]
    assert faults(200, GOOD, method="POST")


def test_an_object_that_takes_any_member_stays_open() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "object"}}, "additionalProperties": True}
    assert closed_objects(schema) == schema
    assert closed_objects({"type": "object"}) == {"type": "object"}


@pytest.mark.parametrize("title", sorted(TITLES))
async def test_an_undocumented_member_of_a_service_is_seen(traffic: Traffic, title: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application(title)), base_url="http://x") as client:
        before = traffic.checked
        await client.get('/v1/things/{"name": "a", "inner": null}')
        assert (traffic.checked, traffic.take_faults()) == (before + 1, [])
        await client.get('/v1/things/{"name": "a", "inner": null, "more": 1}')
        (fault,) = traffic.take_faults()
        assert "more" in fault


async def test_other_applications_are_none_of_its_business(traffic: Traffic) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application("Probe")), base_url="http://x") as client:
        before = traffic.checked
        await client.get('/v1/things/{"more": 1}')
        assert (traffic.checked, traffic.take_faults()) == (before, [])
