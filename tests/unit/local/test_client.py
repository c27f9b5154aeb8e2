"""The command's client: what is sent is what stands in the file, digit by digit."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from uvicorn import Config, Server

from crosslook.local.client import Api, ApiError, patiently, refresh_and_wait
from crosslook.local.commands.query import read_request
from crosslook.local.ports import free_port

WRITTEN = '{"values":[99999999999999.99,0.1,12345678901234567890123]}'


async def test_the_numbers_of_a_request_keep_their_digits(tmp_path: Path) -> None:
    app, file, pieces = FastAPI(), tmp_path / "report.json", list[bytes]()
    seen: list[tuple[str | None, str]] = []

    @app.post("/query")
    async def query(request: Request) -> Response:
        seen.append((request.headers.get("content-type"), (await request.body()).decode()))
        return Response(b"1", media_type="application/json")

    file.write_text(WRITTEN, encoding="utf-8")
    body = read_request(str(file))
    async with Api("http://service", "", transport=httpx.ASGITransport(app)) as api:
        assert await api.send("POST", "/query", body) == 1
        await api.download("/query", body, "text/csv", pieces.append)
    assert seen == [("application/json", WRITTEN)] * 2
    assert pieces == [b"1"]


async def test_a_download_answers_what_its_headers_say() -> None:
    app = FastAPI()

    @app.post("/query")
    async def query() -> Response:
        return Response(b"a,b", headers={"Crosslook-Truncated": "true"}, media_type="text/csv")

    async with Api("http://service", "", transport=httpx.ASGITransport(app)) as api:
        headers = await api.download("/query", {}, "text/csv", lambda _: None)
    assert headers["crosslook-truncated"] == "true"


def away(times: int, code: str = "unavailable") -> FastAPI:
    """A service that refuses so many calls to each route, as one does that was just started, and then answers."""
    app, left = FastAPI(), {"/v1/snapshots": times, "/v1/runs/r1": times}

    async def answer(request: Request) -> Response:
        path = request.url.path
        left[path] -= 1
        if left[path] >= 0:
            return JSONResponse({"code": code, "detail": "later"}, 503, {"Retry-After": "0"})
        state = "running" if path == "/v1/snapshots" else "published"
        return JSONResponse({"run": "r1", "state": state, "covers_request": True})

    app.add_api_route("/v1/snapshots", answer, methods=["POST"])
    app.add_api_route("/v1/runs/r1", answer)
    return app


async def test_a_refresh_that_is_waited_for_asks_again_while_the_service_is_away() -> None:
    async with Api("http://service", "", transport=httpx.ASGITransport(away(2))) as api:
        assert (await refresh_and_wait(api, lambda run: None))["state"] == "published"


@pytest.mark.parametrize(("code", "limit"), [("unavailable", 0.1), ("state_unreadable", 900)])
async def test_it_does_not_ask_beyond_its_limit_nor_where_only_a_person_helps(code: str, limit: float) -> None:
    async with Api("http://service", "", transport=httpx.ASGITransport(away(10**6, code))) as api:
        with pytest.raises(ApiError, match=f"{code}: later"):
            await refresh_and_wait(api, lambda run: None, limit)


async def test_an_import_that_another_call_works_on_is_waited_for() -> None:
    answers = [httpx.Response(409, json={"code": "import_running", "detail": "later"}), httpx.Response(200, json={})]
    transport = httpx.MockTransport(lambda _: answers.pop(0))
    async with Api("http://service", "", transport=transport) as api:
        assert await patiently(lambda: api.send("POST", "/import"), time.monotonic() + 60) == {}
    assert answers == []


async def test_a_service_that_is_started_again_is_waited_for() -> None:
    port = free_port()
    server = Server(Config(away(0), port=port, log_level="error"))
    async with Api(f"http://127.0.0.1:{port}", "token") as api:
        asked = asyncio.create_task(refresh_and_wait(api, lambda run: None))
        with pytest.raises(ApiError):
            await api.get("/v1/runs/r1")
        serving = asyncio.create_task(server.serve())
        assert (await asked)["state"] == "published"
    server.should_exit = True
    await serving
