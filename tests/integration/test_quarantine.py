"""Replay and discard on a real broker and engine: what leaves the quarantine, where it goes, and what never happens."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from crosslook.contracts.topics import RECORDS
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.domain.selection import Selection
from services.snapshot_service.quarantine.store import Action, QuarantineStore
from tests.helpers.builders import SCORE, event
from tests.helpers.processes import own_topics
from tests.helpers.quarantine import NOW, TEXT_SCORE, Dataset, running_dataset, wrong
from tests.helpers.schema_service import Tokens


@pytest.fixture(scope="module")
def broker(kafka: KafkaSettings) -> KafkaSettings:
    return own_topics(kafka)


@pytest.fixture(scope="module")
async def dataset(
    broker: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    tokens = Tokens.at(tmp_path_factory.mktemp("quarantine-keys"))
    settings = clickhouse.model_copy(update={"database": "quarantine_service"})
    async with running_dataset(broker, settings, tokens) as running:
        yield running


def by_tenant(tenant: str, **more: Any) -> dict[str, Any]:
    return {"filter": {"tenant": tenant}, **more}


async def test_what_was_refused_is_staged_once_the_schema_is_right_and_gone_from_the_list(dataset: Dataset) -> None:
    await dataset.define("fixed", SCORE)
    earlier = NOW - timedelta(days=2)
    await dataset.send(wrong("fixed", "1", earlier))
    (item,) = await dataset.wait_listed("fixed", 1)
    before = await dataset.move("replay", {"ids": [item["id"]]})
    assert before == {
        "dry_run": True,
        "matched": 1,
        "would_admit": 0,
        "still_refused": [{"code": "wrong_type", "count": 1}],
    }
    await dataset.define("fixed", TEXT_SCORE, version=2)
    assert (await dataset.move("replay", {"ids": [item["id"]]}))["would_admit"] == 1
    assert len(await dataset.listed("fixed")) == 1
    done = await dataset.move("replay", {"ids": [item["id"]], "dry_run": False})
    assert done == {"dry_run": False, "matched": 1, "replayed": 1, "still_refused": []}
    assert await dataset.wait_staged("fixed", 1) == [("fixed-1", earlier)]
    assert await dataset.listed("fixed") == []
    again = await dataset.move("replay", {"ids": [item["id"]], "dry_run": False})
    assert (again["matched"], again["replayed"]) == (0, 0)


async def test_what_would_be_refused_again_is_not_published_and_stays_as_it_is(dataset: Dataset) -> None:
    await dataset.define("again", SCORE)
    await dataset.send(wrong("again", "1"))
    (first,) = await dataset.wait_listed("again", 1)
    done = await dataset.move("replay", {"ids": [first["id"]], "dry_run": False})
    assert (done["replayed"], done["still_refused"]) == (0, [{"code": "wrong_type", "count": 1}])
    assert await dataset.listed("again") == [first]


async def test_what_is_refused_for_another_reason_now_is_listed_with_that_one(dataset: Dataset) -> None:
    await dataset.send(wrong("other", "1"))
    (first,) = await dataset.wait_listed("other", 1)
    await dataset.define("other", SCORE)
    done = await dataset.move("replay", {"ids": [first["id"]], "dry_run": False})
    assert (done["replayed"], done["still_refused"]) == (0, [{"code": "wrong_type", "count": 1}])
    (second,) = await dataset.listed("other")
    assert (second["id"], second["code"], second["pointer"]) == (f"2:{first['id']}", "wrong_type", "/data/fields/score")
    changed = ("id", "code", "pointer", "message")
    assert {n: v for n, v in second.items() if n not in changed} == {n: v for n, v in first.items() if n not in changed}
    sql = "SELECT count() FROM quarantine WHERE tenant = 'other'"
    assert (await dataset.engine.query(sql)).scalar() == 1, "the former row takes room"
    (health,) = (await dataset.service.ask("GET", "/v1/integrations/health?tenant=other")).json()["items"]
    assert health["refused_last_hour"] == 1
    await dataset.define("other", TEXT_SCORE, version=2)
    done = await dataset.move("replay", {"ids": [second["id"]], "dry_run": False})
    assert (done["matched"], done["replayed"], done["still_refused"]) == (1, 1, [])
    assert await dataset.wait_staged("other", 1) == [("other-1", NOW)]


async def test_an_event_without_a_time_keeps_the_moment_of_its_first_arrival(dataset: Dataset) -> None:
    await dataset.define("timeless", SCORE)
    sent = wrong("timeless", "1")
    del sent["time"]
    await dataset.send(sent)
    (item,) = await dataset.wait_listed("timeless", 1)
    await dataset.define("timeless", TEXT_SCORE, version=2)
    await dataset.move("replay", {"ids": [item["id"]], "dry_run": False})
    ((_, time),) = await dataset.wait_staged("timeless", 1)
    assert time == datetime.fromisoformat(item["received_at"])


async def test_the_original_headers_are_shown_and_sent_again(dataset: Dataset) -> None:
    await dataset.define("headers", SCORE)
    headers = (
        ("ce_specversion", b"1.0"),
        ("ce_id", b"h-1"),
        ("ce_source", b"/binary"),
        ("ce_type", b"crosslook.record.upserted.v1"),
        ("ce_time", NOW.isoformat().encode()),
        ("trace", b"\xff\xfe"),
    )
    data = {"tenant": "headers", "object": "ticket", "record": "1", "fields": {"score": "high"}}
    await dataset.service.publisher.publish(RECORDS.name, [(b"headers/ticket/1", orjson.dumps(data), headers)])
    (item,) = await dataset.wait_listed("headers", 1)
    assert item["headers"][1] == {"name": "ce_id", "value": "h-1", "value_base64": None}
    assert item["headers"][-1] == {"name": "trace", "value": "\ufffd\ufffd", "value_base64": "//4="}
    await dataset.define("headers", TEXT_SCORE, version=2)
    await dataset.move("replay", {"ids": [item["id"]], "dry_run": False})
    assert await dataset.wait_staged("headers", 1) == [("h-1", NOW)]


async def test_a_discard_takes_away_what_it_counted_and_says_who_and_why(dataset: Dataset) -> None:
    await dataset.define("discard", SCORE)
    await dataset.send(wrong("discard", "1"), wrong("discard", "2"))
    items = await dataset.wait_listed("discard", 2)
    counted = await dataset.move("discard", by_tenant("discard", reason="a test of the sender"))
    assert counted == {"dry_run": True, "matched": 2, "would_discard": 2}
    one = {"ids": [items[0]["id"]], "reason": "a test of the sender", "dry_run": False}
    assert await dataset.move("discard", one) == {"dry_run": False, "matched": 1, "discarded": 1}
    assert [left["id"] for left in await dataset.listed("discard")] == [items[1]["id"]]
    sql = "SELECT id, action, reason FROM quarantine_resolutions WHERE tenant = 'discard' AND notEmpty(by)"
    assert [tuple(row) for row in (await dataset.engine.query(sql)).rows] == [
        (items[0]["id"], "discarded", "a test of the sender")
    ]
    rest = await dataset.move("discard", by_tenant("discard", reason="x", dry_run=False))
    assert (rest["discarded"], await dataset.listed("discard"), await dataset.staged("discard")) == (1, [], [])
    sql = "SELECT count() FROM quarantine WHERE tenant = 'discard'"
    assert (await dataset.engine.query(sql)).scalar() == 0, "a discarded payload is still in the table"


async def test_a_page_of_large_payloads_ends_early_and_the_next_one_goes_on(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    await dataset.send(*(wrong("pages", str(number)) for number in range(5)))
    listed = await dataset.wait_listed("pages", 5)
    size = max(len(item["payload"]) for item in listed)
    monkeypatch.setattr("services.snapshot_service.quarantine.reading.PAGE_BYTES", 2 * size)
    token: str | None = ""
    pages: list[list[str]] = []
    while token is not None:
        query = {"tenant": "pages", "page_size": "3", **({"page_token": token} if token else {})}
        answer = (await dataset.service.ask("GET", "/v1/quarantine", params=query)).json()
        pages.append([item["id"] for item in answer["items"]])
        token = answer["next_page_token"]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [name for page in pages for name in page] == [item["id"] for item in listed]


async def test_old_rows_leave_the_table_and_what_is_being_replayed_stays(dataset: Dataset) -> None:
    await dataset.send(wrong("old", "1"), wrong("old", "2"))
    first, second = await dataset.wait_listed("old", 2)
    store = QuarantineStore(dataset.engine, keep_days=30)
    held = [found async for batch in store.batches(Selection(ids=(first["id"],))) for found in batch]
    await store.resolve(held, Action.REPLAYING, "", "test", NOW)
    assert await store.sweep(NOW + timedelta(days=29)) == 0
    assert {row["id"] for row in await dataset.listed("old")} == {first["id"], second["id"]}
    assert await store.sweep(datetime.now(UTC) + timedelta(days=30, seconds=1)) >= 2
    assert await dataset.listed("old") == []


async def test_more_than_a_batch_goes_by_filter_in_the_order_of_arrival(dataset: Dataset) -> None:
    await dataset.define("many", SCORE)
    events = [wrong("many", str(number)) for number in range(1200)]
    messages: list[tuple[bytes, bytes, tuple[tuple[str, bytes], ...]]] = [
        (b"many", orjson.dumps(item), ()) for item in events
    ]
    await dataset.service.publisher.publish(RECORDS.name, messages)
    await dataset.service.until(_counts(dataset, "many", 1200))
    too_early = await dataset.move("replay", by_tenant("many", dry_run=False))
    assert (too_early["matched"], too_early["replayed"]) == (1200, 0)
    assert too_early["still_refused"] == [{"code": "wrong_type", "count": 1200}]
    await dataset.define("many", TEXT_SCORE, version=2)
    assert (await dataset.move("replay", by_tenant("many")))["would_admit"] == 1200
    done = await dataset.move("replay", by_tenant("many", dry_run=False))
    assert (done["matched"], done["replayed"], done["still_refused"]) == (1200, 1200, [])
    assert len(await dataset.wait_staged("many", 1200)) == 1200
    assert await dataset.listed("many") == []
    sql = "SELECT event_id FROM record_log WHERE tenant = 'many' ORDER BY partition, offset"
    assert [row[0] for row in (await dataset.engine.query(sql)).rows] == [f"many-{number}" for number in range(1200)]
    progress = (await dataset.service.ask("GET", "/v1/quarantine/replay")).json()
    assert progress == {"running": None, "done": 1200}


def _counts(dataset: Dataset, tenant: str, count: int) -> Callable[[], Awaitable[bool]]:
    async def there() -> bool:
        items = (await dataset.service.ask("GET", f"/v1/quarantine/counts?tenant={tenant}")).json()["items"]
        return bool(sum(item["count"] for item in items) == count)

    return there


async def test_a_filter_by_tenant_moves_no_other_tenants_rows(dataset: Dataset) -> None:
    await dataset.define("mine", SCORE)
    await dataset.define("theirs", SCORE)
    await dataset.send(wrong("mine", "1"), wrong("theirs", "1"))
    (theirs,) = await dataset.wait_listed("theirs", 1)
    await dataset.wait_listed("mine", 1)
    await dataset.move("discard", by_tenant("mine", reason="x", dry_run=False))
    assert await dataset.listed("theirs") == [theirs]
    assert await dataset.listed("mine") == []


async def test_what_waits_is_counted_by_reason_and_source(dataset: Dataset) -> None:
    await dataset.define("counted", SCORE)
    await dataset.send(wrong("counted", "1"), wrong("counted", "2"))
    await dataset.send(event("counted", "nothing", "1", event_id="c-3", time=NOW))
    await dataset.service.until(_counts(dataset, "counted", 3))
    first = (await dataset.service.ask("GET", "/v1/quarantine/counts?tenant=counted&page_size=1")).json()
    (most,) = first["items"]
    assert (most["code"], most["source"], most["count"]) == ("wrong_type", "/test", 2)
    assert most["oldest"] <= most["newest"]
    token = first["next_page_token"]
    second = (await dataset.service.ask("GET", f"/v1/quarantine/counts?tenant=counted&page_token={token}")).json()
    assert [(item["code"], item["count"]) for item in second["items"]] == [("unknown_object", 1)]
    assert second["next_page_token"] is None


async def test_a_source_tells_how_it_does(dataset: Dataset) -> None:
    await dataset.define("healthy", SCORE)
    await dataset.send(wrong("healthy", "1"), *(wrong("healthy", str(n), score=n) for n in range(2, 5)))
    await dataset.wait_listed("healthy", 1)
    await dataset.wait_staged("healthy", 3)
    (item,) = (await dataset.service.ask("GET", "/v1/integrations/health?tenant=healthy")).json()["items"]
    assert {n: item[n] for n in ("tenant", "source", "staged_last_hour", "refused_last_hour", "refused_share")} == {
        "tenant": "healthy",
        "source": "/test",
        "staged_last_hour": 3,
        "refused_last_hour": 1,
        "refused_share": 0.25,
    }
    assert datetime.fromisoformat(item["last_event_at"]) >= NOW
    everyone = (await dataset.service.ask("GET", "/v1/integrations/health?page_size=1")).json()
    following = f"/v1/integrations/health?page_size=500&page_token={everyone['next_page_token']}"
    rest = (await dataset.service.ask("GET", following)).json()
    names = [(item["tenant"], item["source"]) for item in (*everyone["items"], *rest["items"])]
    assert names == sorted(set(names))
    assert ("healthy", "/test") in names


async def test_a_bad_body_is_refused_with_every_problem_in_the_callers_language(dataset: Dataset) -> None:
    body = {"ids": ["a", 1], "filter": {"cod": "x"}, "reason": " ", "dryrun": False}
    french = {"Accept-Language": "fr"}
    answer = await dataset.service.ask("POST", "/v1/quarantine/discard", json=body, headers=french)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_body")
    assert answer.json()["errors"] == [
        {
            "pointer": "/dryrun",
            "code": "unknown_property",
            "message": "La propriété dryrun n'existe pas ici ; retirez-la ou corrigez son nom.",
            "suggestion": "dry_run",
        },
        {
            "pointer": "/filter",
            "code": "selection_twice",
            "message": "Désignez les événements par ids ou par filter, pas par les deux ; retirez l'un.",
        },
        {"pointer": "/ids/1", "code": "wrong_type", "message": "Du texte est attendu ici."},
        {
            "pointer": "/filter/cod",
            "code": "unknown_property",
            "message": "La propriété cod n'existe pas ici ; retirez-la ou corrigez son nom.",
            "suggestion": "code",
        },
        {"pointer": "/reason", "code": "required_missing", "message": "reason est obligatoire."},
    ]
    nothing = await dataset.service.ask("POST", "/v1/quarantine/replay", content=b"{")
    assert (nothing.status_code, nothing.json()["code"]) == (400, "not_json")


@pytest.mark.parametrize(
    ("query", "body", "dry"),
    [
        ("", {}, True),
        ("?dry_run=false", {}, False),
        ("", {"dry_run": False}, False),
        ("?dry_run=true", {"dry_run": False}, True),
        ("?dry_run=false", {"dry_run": True}, True),
    ],
)
async def test_nothing_is_moved_unless_that_is_said_and_not_denied(
    dataset: Dataset, query: str, body: dict[str, Any], dry: bool
) -> None:
    answer = await dataset.service.ask("POST", f"/v1/quarantine/replay{query}", json={"ids": ["none"], **body})
    assert answer.json() == {
        "dry_run": dry,
        "matched": 0,
        "would_admit" if dry else "replayed": 0,
        "still_refused": [],
    }
