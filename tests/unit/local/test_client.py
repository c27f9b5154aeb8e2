"""The command's client: what is sent is what stands in the file, digit by digit."""

from pathlib import Path

import httpx
from fastapi import FastAPI, Request, Response

from crosslook.local.client import Api
from crosslook.local.commands.query import read_request

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
