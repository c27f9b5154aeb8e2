"""Requests for a refresh that meet a run under way, over HTTP, on a real engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import httpx
import pytest

from crosslook.local import client
from crosslook.platform.http import create_app
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.settings import AuthSettings, ClickHouseSettings
from services.snapshot_service.api.snapshots import router
from services.snapshot_service.refresh.claim import RunRequest, claim
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline
from tests.helpers.refresher import NOW, filled


@pytest.fixture
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    engine = clickhouse.model_copy(update={"database": "refresh_requests"})
    async with memory_pipeline(engine, NOW, auth=AuthSettings(mode="off"), worker={"name": "us"}) as running:
        yield running
        await running.context.clickhouse.command("DROP DATABASE refresh_requests")


@pytest.fixture
async def api(pipeline: MemoryPipeline) -> AsyncIterator[client.Api]:
    meters, settings = pipeline.context.meters, pipeline.settings
    app = create_app(
        "test", "1", settings=settings, lifespan=lambda _: nullcontext(), readiness=lambda: None, meters=meters
    )
    no_ingest: Any = None
    app.include_router(router(pipeline.feed, pipeline.refresher, no_ingest, no_ingest, pipeline.clock))
    async with client.Api("http://snapshots", "", transport=httpx.ASGITransport(app)) as asking:
        yield asking


async def _frozen(api: client.Api, run: dict[str, Any]) -> dict[str, Any]:
    async with asyncio.timeout(120):
        while run["frozen_at"] is None:
            await asyncio.sleep(0.02)
            run = await api.get(f"/v1/runs/{run['run']}")
    return run


async def test_a_request_says_whether_the_run_that_answers_it_reads_all_that_came_before(
    pipeline: MemoryPipeline, api: client.Api
) -> None:
    await filled(pipeline, "acme")
    pipeline.offsets.held = True
    first = await api.send("POST", "/v1/snapshots")
    assert (first["state"], first["covers_request"]) == ("claimed", True)
    await _frozen(api, first)
    await filled(pipeline, "acme", "2", "b")
    key = {"Idempotency-Key": "late"}
    second = await api.send("POST", "/v1/snapshots", headers=key)
    assert (second["run"], second["covers_request"]) == (first["run"], False)
    again = await api.send("POST", "/v1/snapshots", headers=key)
    assert again["covers_request"] is False, "a repeat is answered like the first"
    waiting = asyncio.create_task(client.refresh_and_wait(api, lambda run: None))
    await asyncio.sleep(0)
    pipeline.offsets.held = False
    covering = await waiting
    assert (covering["state"], covering["run"] != first["run"]) == ("published", True)
    assert sorted(await pipeline.rows("acme", "ticket")) == ["1", "2"]


async def test_a_run_of_another_worker_covers_a_request_until_it_says_that_it_froze(
    pipeline: MemoryPipeline, api: client.Api
) -> None:
    other = await claim(lambda: MemoryLog(pipeline.snapshots.shared), RunRequest("manual"), "other", NOW)
    assert (await api.send("POST", "/v1/snapshots"))["covers_request"] is True
    await other.update(other.run.model_copy(update={"state": "waiting", "frozen_at": NOW}))
    assert (await api.send("POST", "/v1/snapshots"))["covers_request"] is False


async def test_an_interrupted_run_is_shown_as_abandoned(pipeline: MemoryPipeline, api: client.Api) -> None:
    for worker in ("us", "other"):
        run = (await claim(lambda: MemoryLog(pipeline.snapshots.shared), RunRequest("manual"), worker, NOW)).run
        found = await api.get(f"/v1/runs/{run.run}")
        if worker == "other":
            assert found["state"] == "claimed"
            pipeline.clock.at += timedelta(seconds=pipeline.settings.worker.silence_seconds + 1)
            found = await api.get(f"/v1/runs/{run.run}")
        assert (found["state"], found["reason"]) == ("failed", "abandoned")
        listed = (await api.get("/v1/snapshots"))["items"][0]
        assert (listed["run"], listed["outcome"], listed["reason"]) == (run.run, "failed", "abandoned")
