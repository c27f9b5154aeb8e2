"""The ops API (CONTRACTS 4): snapshots, runs, ingest. The quarantine has its own routes."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from crosslook.contracts.manifests import Manifest, Run
from crosslook.contracts.problems import Problem
from crosslook.platform.auth import OpsCaller
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.clock import Clock
from crosslook.platform.errors import NotFound, Unavailable
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.http import PageSize, PageToken, decode_page_token, encode_page_token, page
from crosslook.platform.kafka import OffsetReader
from services.snapshot_service.api.bodies import (
    IngestAnswer,
    RefreshAnswer,
    RunAnswer,
    SnapshotAnswer,
    SnapshotPage,
)
from services.snapshot_service.api.known import known
from services.snapshot_service.ingest.loop import Ingest
from services.snapshot_service.ingest.status import ingest_status
from services.snapshot_service.refresh.claim import RunRequest
from services.snapshot_service.refresh.refresher import Refresher

RefreshIdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1, max_length=256, description="Identifies this request; a repeat is answered with the same run."
    ),
]
OfTenant = Annotated[str, Query(max_length=63, description="Only this tenant's senders.")]
OfSource = Annotated[str, Query(max_length=256, description="Only the sender with this source; requires `tenant`.")]
_Shown = tuple[datetime, str, Manifest | Run]


def router(
    feed: SnapshotFeed,
    refresher: Refresher,
    ingest: Ingest,
    offsets: OffsetReader,
    clock: Clock,
) -> APIRouter:
    """All routes under /v1."""
    api = APIRouter(prefix="/v1")

    @api.get("/snapshots", tags=["snapshots"], summary="List published snapshots and failed runs, newest first")
    async def list_snapshots(caller: OpsCaller, page_size: PageSize = 50, page_token: PageToken = None) -> SnapshotPage:
        before = decode_page_token(page_token, str, str)
        shown = [item for item in _shown(feed, refresher) if before is None or (item[0].isoformat(), item[1]) < before]
        found = page(shown, page_size, lambda item: encode_page_token(item[0].isoformat(), item[1]))
        items = [_answer(thing, feed) for _, _, thing in found["items"]]
        return SnapshotPage(items=items, next_page_token=found["next_page_token"])

    @api.get("/snapshots/{snapshot}", tags=["snapshots"], summary="One retained snapshot")
    async def get_snapshot(caller: OpsCaller, snapshot: str) -> SnapshotAnswer:
        manifest = await known(feed.view, lambda: feed.manifest(snapshot))
        if manifest is None:
            raise NotFound(Problem("unknown_snapshot", values={"snapshot": snapshot[:100]}))
        return _answer(manifest, feed)

    @api.post(
        "/snapshots",
        status_code=202,
        tags=["snapshots"],
        summary="Refresh now; if a run is in progress, the answer is that run",
    )
    async def refresh_now(
        caller: OpsCaller, response: Response, idempotency_key: RefreshIdempotencyKey = None
    ) -> RefreshAnswer:
        requested = await refresher.request(RunRequest("manual", idempotency_key=idempotency_key))
        response.headers["Location"] = f"/v1/runs/{requested.run.run}"
        return RefreshAnswer.to(requested.run, _published(requested.run, feed), covers_request=requested.covers_request)

    @api.post("/snapshots/{snapshot}/restore", tags=["snapshots"], summary="Make a retained snapshot current again")
    async def restore_snapshot(caller: OpsCaller, snapshot: str) -> SnapshotAnswer:
        return _answer(await refresher.restore(snapshot), feed)

    @api.post("/snapshots/{snapshot}/pin", tags=["snapshots"], summary="Keep a retained snapshot regardless of its age")
    async def pin_snapshot(caller: OpsCaller, snapshot: str) -> SnapshotAnswer:
        return _answer(await refresher.pin(snapshot, pinned=True), feed)

    @api.post("/snapshots/{snapshot}/unpin", tags=["snapshots"], summary="Let a pinned snapshot expire like the others")
    async def unpin_snapshot(caller: OpsCaller, snapshot: str) -> SnapshotAnswer:
        return _answer(await refresher.pin(snapshot, pinned=False), feed)

    @api.get("/runs/{run}", tags=["snapshots"], summary="One attempt at a refresh")
    async def get_run(caller: OpsCaller, run: str) -> RunAnswer:
        found = await known(feed.view, lambda: refresher.run(run))
        if found is None:
            raise NotFound(Problem("unknown_run", values={"run": run[:100]}))
        return RunAnswer.of(found, _published(found, feed))

    @api.get("/ingest", tags=["ingest"], summary="Show the state of each partition")
    async def get_ingest(caller: OpsCaller) -> IngestAnswer:
        return IngestAnswer.model_validate(await ingest_status(ingest, offsets, clock.now()), extra="forbid")

    @api.post(
        "/ingest/resume",
        tags=["ingest"],
        summary="Resume diverted senders; without a sender, resume all of them and the workers that stopped",
    )
    async def resume_ingest(caller: OpsCaller, tenant: OfTenant = "", source: OfSource = "") -> IngestAnswer:
        try:
            await ingest.diversions.resume(tenant, source, caller.subject)
        except ClickHouseError as error:
            raise Unavailable("clickhouse") from error
        return IngestAnswer.model_validate(await ingest_status(ingest, offsets, clock.now()), extra="forbid")

    return api


def _shown(feed: SnapshotFeed, refresher: Refresher) -> list[_Shown]:
    """Snapshots and failed runs with the instant and name they are ordered by, the newest first."""
    published: list[_Shown] = [(m.published_at, m.run, m) for m in feed.manifests()]
    failed: list[_Shown] = [(r.finished_at or r.started_at, r.run, r) for r in refresher.failed_runs()]
    return sorted(published + failed, key=lambda item: (item[0], item[1]), reverse=True)


def _published(run: Run, feed: SnapshotFeed) -> Manifest | None:
    return feed.manifest(run.snapshot) if run.snapshot is not None else None


def _answer(thing: Manifest | Run, feed: SnapshotFeed) -> SnapshotAnswer:
    if isinstance(thing, Run):
        return SnapshotAnswer.of_failure(thing)
    current = feed.current()
    is_current = current is not None and current.snapshot == thing.snapshot
    return SnapshotAnswer.of(thing, current=is_current, pinned=thing.snapshot in feed.pins())
