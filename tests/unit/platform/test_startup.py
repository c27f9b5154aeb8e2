"""The start of a service: steps in order, each tried until it works, behind a port that answers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from crosslook.platform import startup as module
from crosslook.platform.clickhouse_errors import ClickHouseError
from crosslook.platform.errors import StartBlocked, StopService
from crosslook.platform.http import create_app
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import AuthSettings, ServiceSettings
from crosslook.platform.startup import StartStep, Startup
from crosslook.platform.writer_client import FORWARDED, NOT_THE_WRITER


class Steps:
    """Steps that note what happens to them; the one named in `errors` raises these, one each time."""

    def __init__(self, **errors: list[Exception]) -> None:
        self.done: list[str] = []
        self._errors = errors

    def step(self, name: str) -> StartStep:
        return StartStep(name, self._work(name), self._noting(f"stop {name}"))

    def _work(self, name: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            if self._errors.get(name):
                raise self._errors[name].pop(0)
            self.done.append(name)

        return work

    def _noting(self, name: str) -> Callable[[], Awaitable[None]]:
        async def note() -> None:
            self.done.append(name)

        return note


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0)


async def test_steps_run_in_order_and_stop_in_reverse_order() -> None:
    steps = Steps()
    startup = Startup([steps.step("a"), steps.step("b")], closing=(steps._noting("close"), steps._noting("last")))
    async with startup.lifespan(None):
        await startup.done()
        assert (steps.done, startup.unready()) == (["a", "b"], None)
    assert steps.done[2:] == ["stop b", "stop a", "close", "last"]


@pytest.mark.parametrize(
    "error", [KafkaUnavailable("x"), LogUnavailable("x"), ClickHouseError(210, "NETWORK_ERROR", "")]
)
async def test_a_step_is_stopped_and_tried_again_while_what_it_needs_is_away(error: Exception) -> None:
    steps = Steps(a=[error, error])
    startup = Startup([steps.step("a"), steps.step("b")])
    async with startup.lifespan(None):
        await startup.done()
    assert steps.done[:4] == ["stop a", "stop a", "a", "b"]


@pytest.mark.parametrize(("error", "reason"), [(StopService("no topic"), "no topic"), (ValueError(), "start_failed")])
async def test_what_waiting_cannot_mend_ends_the_start_with_a_reason(error: Exception, reason: str) -> None:
    steps = Steps(a=[error])
    startup = Startup([steps.step("a"), steps.step("b")])
    async with startup.lifespan(None):
        with pytest.raises(StopService, match=reason):
            await startup.done()
        assert (startup.failure, startup.unready()) == (reason, "starting: a")
    assert "b" not in steps.done


async def test_every_step_is_stopped_even_where_the_stop_of_another_one_fails() -> None:
    steps = Steps()

    async def fail() -> None:
        raise OSError

    startup = Startup([steps.step("a"), StartStep("b", steps._noting("b"), fail)])
    with pytest.raises(OSError):  # noqa: PT011  # it has no text
        async with startup.lifespan(None):
            await startup.done()
    assert steps.done == ["a", "b", "stop a"]


async def _waits_for(startup: Startup, step: str) -> None:
    async with asyncio.timeout(60):
        while startup.waiting_for != step:
            await asyncio.sleep(0)


@asynccontextmanager
async def _starting(startup: Startup) -> AsyncIterator[tuple[FastAPI, httpx.AsyncClient]]:
    settings = ServiceSettings(auth=AuthSettings(mode="off"))
    app = create_app(
        "Test",
        "1",
        settings=settings,
        lifespan=startup.lifespan,
        readiness=lambda: None,
        meters=Meters(),
        startup=startup,
    )

    @app.get("/v1/thing")
    async def thing() -> str:
        return "here"

    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        yield app, client


async def test_while_a_service_starts_readyz_names_the_step_and_calls_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_WAIT_SECONDS", 0)
    goes_on = asyncio.Event()
    startup = Startup([StartStep("reading schemas", goes_on.wait)])
    async with _starting(startup) as (_, client):
        await _waits_for(startup, "reading schemas")
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["reason"]) == (503, "starting: reading schemas")
        refused = await client.get("/v1/thing")
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert "starting" in refused.json()["detail"]
        assert NOT_THE_WRITER.decode() not in refused.headers
        forwarded = await client.get("/v1/thing", headers={FORWARDED.decode(): "1"})
        assert (forwarded.status_code, forwarded.headers[NOT_THE_WRITER.decode()]) == (503, "true")
        assert [(await client.get(path)).status_code for path in ("/livez", "/metrics", "/openapi.json")] == [200] * 3
        goes_on.set()
        await startup.done()
        assert (await client.get("/readyz")).status_code == 200
        assert (await client.get("/v1/thing")).json() == "here"


async def test_a_call_during_the_start_is_answered_once_it_is_done() -> None:
    goes_on = asyncio.Event()
    startup = Startup([StartStep("reading schemas", goes_on.wait)])
    async with _starting(startup) as (_, client):
        call = asyncio.create_task(client.get("/v1/thing"))
        await _waits_for(startup, "reading schemas")
        assert not call.done()
        goes_on.set()
        assert (await call).json() == "here"


async def test_a_call_during_a_start_that_waits_for_kafka_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_WAIT_SECONDS", float("inf"))

    async def fail() -> None:
        raise KafkaUnavailable("x")

    startup = Startup([StartStep("topics", fail)])
    async with _starting(startup) as (_, client), asyncio.timeout(60):
        assert (await client.get("/v1/thing")).status_code == 503


async def test_a_start_that_a_person_must_make_possible_shows_why_and_goes_on_by_itself() -> None:
    mended = asyncio.Event()

    async def tables() -> None:
        if not mended.is_set():
            raise StartBlocked("table_mismatch: a")

    startup = Startup([StartStep("tables", tables)])
    async with _starting(startup) as (_, client):
        async with asyncio.timeout(60):
            while (await client.get("/readyz")).json().get("reason") != "starting: tables: table_mismatch: a":
                await asyncio.sleep(0)
        assert startup.failure is None
        mended.set()
        await startup.done()
        assert (await client.get("/readyz")).status_code == 200
