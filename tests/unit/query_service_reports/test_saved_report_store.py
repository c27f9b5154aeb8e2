"""The store on a log in memory: what stands on it, whatever happens between two writes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from crosslook.contracts.reports import Dashboard, Look, SavedKind, decode_report
from crosslook.contracts.topics import REPORTS
from crosslook.platform.clock import FixedClock
from crosslook.platform.errors import AppError, PreconditionFailed, QuotaExceeded, StateUnreadable
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.log_store.protocol import LogUnavailable, LogUnreadable, WriterFenced
from crosslook.platform.plan_settings import QuotaSettings
from crosslook.platform.reports_feed import ReportsFeed
from services.query_service.saved.store import CreateRequest, SavedReportStore

CONTENT: dict[str, Any] = {"name": "A", "description": "", "request": {"object": "ticket"}}
CREATION = CreateRequest("k", CONTENT)


class Failing(MemoryLog):
    """A log that takes `good` more writes and then does not answer."""

    good = 1_000

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> Any:
        """As LogStore.put."""
        if self.good == 0:
            raise LogUnavailable("no answer")
        self.good -= 1
        return await super().put(key, value, expected_version=expected_version)


@pytest.fixture
async def log() -> AsyncIterator[Failing]:
    one = Failing(REPORTS.name)
    await one.start()
    yield one
    await one.stop()


def store_on(log: MemoryLog) -> SavedReportStore[Look]:
    return SavedReportStore(SavedKind.LOOK, Look, log, ReportsFeed(log), FixedClock(datetime(2026, 11, 24, tzinfo=UTC)))


async def test_a_request_that_broke_off_after_its_claim_makes_one_look_when_it_is_repeated(log: Failing) -> None:
    store = store_on(log)
    log.good = 1
    with pytest.raises(LogUnavailable):
        await store.add("acme", CREATION, CONTENT)
    log.good = 1_000
    assert store.made_by("acme", CREATION) is None
    first = await store.add("acme", CREATION, CONTENT)
    assert await store.add("acme", CREATION, CONTENT) == first
    assert store.all("acme") == [first]
    assert store.made_by("acme", CREATION) == first


async def test_a_deletion_that_broke_off_can_be_repeated_and_frees_its_key(log: Failing) -> None:
    store = store_on(log)
    made = await store.add("acme", CREATION, CONTENT)
    log.good = 1
    with pytest.raises(LogUnavailable):
        await store.remove(made, None)
    log.good = 1_000
    assert store.all("acme") == [made]
    await store.remove(made, None)
    assert store.all("acme") == []
    assert dict(log.entries()) == {}
    other = CreateRequest("k", {**CONTENT, "name": "B"})
    assert (await store.add("acme", other, {**CONTENT, "name": "B"})).name == "B"


async def test_a_key_with_another_body_is_refused_by_the_claim_alone(log: Failing) -> None:
    store = store_on(log)
    await store.add("acme", CREATION, CONTENT)
    other = CreateRequest("k", {**CONTENT, "name": "B"})
    with pytest.raises(AppError, match="idempotency_conflict"):
        store.made_by("acme", other)
    with pytest.raises(AppError, match="idempotency_conflict"):
        await store.add("acme", other, CONTENT)


async def test_who_changes_or_deletes_an_older_version_is_refused(log: Failing) -> None:
    store = store_on(log)
    first = await store.add("acme", CreateRequest(None, CONTENT), CONTENT)
    await store.replace(first, {**CONTENT, "name": "B"}, '"1"')
    with pytest.raises(PreconditionFailed):
        await store.replace(first, {**CONTENT, "name": "C"}, '"1"')
    with pytest.raises(PreconditionFailed):
        await store.remove(first, None)
    assert [(look.name, look.version) for look in store.all("acme")] == [("B", 2)]


async def test_what_is_too_large_for_a_message_is_refused(log: Failing) -> None:
    large = {**CONTENT, "request": {"object": "x" * QuotaSettings().saved_report_bytes}}
    with pytest.raises(AppError, match="body_too_large") as refused:
        await store_on(log).add("acme", CreateRequest(None, large), large)
    assert refused.value.status == 413
    assert dict(log.entries()) == {}


async def test_a_writer_that_was_replaced_writes_nothing(log: Failing) -> None:
    store = store_on(log)
    later = MemoryLog(log.shared)
    await later.start()
    with pytest.raises(WriterFenced):
        await store.add("acme", CreateRequest(None, CONTENT), CONTENT)
    assert store_on(later).all("acme") == []
    await later.stop()


async def test_a_saved_report_that_cannot_be_read_is_not_taken_for_absent(log: Failing) -> None:
    store = store_on(log)
    made = await store.add("acme", CreateRequest(None, CONTENT), CONTENT)
    damaged = await store.add("acme", CreateRequest(None, CONTENT), CONTENT)
    for key, value in (
        (damaged.key, b"{"),
        ("acme/look/other", made.encode()),
        ("acme/look/list", b"[]"),
        ("acme/look/type", b'{"type": ["crosslook.look.saved.v1"]}'),
        ("acme/dashboard/" + made.id, made.encode()),
    ):
        log.shared.append(key, value)
    for item, kept in ((store, damaged), (store_on(log), damaged)):
        assert item.find("acme", damaged.id) == kept  # as it was read last
        assert item.get("acme", made.id) == made
        with pytest.raises(StateUnreadable):
            item.get("acme", "other")
        with pytest.raises(StateUnreadable):
            item.all("acme")
        assert item.all("globex") == []
        with pytest.raises(
            LogUnreadable, match=r"acme/look/.+ at offset .+ cannot be read: it is not JSON \(and 4 more\)"
        ):
            await item.add("globex", CreateRequest(None, CONTENT), CONTENT)


async def test_a_claim_that_cannot_be_read_makes_nothing_twice(log: Failing) -> None:
    store = store_on(log)
    made = await store.add("acme", CREATION, CONTENT)
    key = f"acme/claim/{CREATION.claim_id(SavedKind.LOOK)}"
    value = log.entries()[key].value
    log.shared.append(key, b"{")
    late = store_on(await later_reader(log))
    with pytest.raises(LogUnreadable):
        await late.add("acme", CREATION, CONTENT)
    log.shared.append(key, value)
    assert late.made_by("acme", CREATION) == store.made_by("acme", CREATION) == made
    assert await late.add("acme", CREATION, CONTENT) == made


async def later_reader(log: MemoryLog) -> MemoryLog:
    log.shared.compact()
    late = MemoryLog(log.shared)
    await late.start()
    return late


def test_members_of_a_request_that_are_null_survive_the_topic() -> None:
    request = {"object": "ticket", "compare": None, "filters": {"field": "a", "op": "in", "values": [None]}}
    at = datetime(2026, 11, 24, tzinfo=UTC)
    look = Look(tenant="acme", id="x", version=1, name="A", created_at=at, updated_at=at, request=request)
    assert decode_report(look.encode()) == look


async def test_looks_and_dashboards_of_a_tenant_count_together_and_others_do_not(log: Failing) -> None:
    feed, clock = ReportsFeed(log), FixedClock(datetime(2026, 11, 24, tzinfo=UTC))
    quotas = QuotaSettings(saved_reports=2)
    looks = SavedReportStore(SavedKind.LOOK, Look, log, feed, clock, lambda _: quotas)
    dashboards = SavedReportStore(SavedKind.DASHBOARD, Dashboard, log, feed, clock, lambda _: quotas)
    first = await looks.add("acme", CREATION, CONTENT)
    await dashboards.add(
        "acme", CreateRequest(None, {}), {"name": "D", "description": "", "tiles": (), "filters": None}
    )
    for store in (looks, dashboards):
        with pytest.raises(QuotaExceeded) as refused:
            await store.add("acme", CreateRequest("other", CONTENT), CONTENT)
        assert (refused.value.status, refused.value.problem.values) == (403, {"limit": 2, "usage": 2})
    await looks.add("globex", CREATION, CONTENT)
    assert looks.made_by("acme", CREATION) == first, "a repeat is answered although the stock is full"
    await looks.remove(first, None)
    await looks.add("acme", CreateRequest("other", CONTENT), CONTENT)
