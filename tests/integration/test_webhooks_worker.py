"""Vendors' messages from the webhooks topic to the snapshot, through the Faust agent as the service runs it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from crosslook.contracts.layouts import table_of
from crosslook.contracts.schemas import SchemaState
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import schema_event
from tests.helpers.integrations import install
from tests.helpers.processes import own_topics
from tests.helpers.quarantine import Dataset, running_dataset
from tests.helpers.schema_service import Tokens
from tests.helpers.webhook_pages import WebhookExample, examples
from tests.helpers.webhooks import NOW, NOW_MS, connect, post, sent, tiny

install()


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    tokens = Tokens.at(tmp_path_factory.mktemp("webhook-keys"))
    engine = clickhouse.model_copy(update={"database": "webhooks_worker"})
    async with running_dataset(own_topics(kafka), engine, tokens) as running:
        yield running


async def rows(dataset: Dataset, tenant: str, name: str = "tiny_ticket") -> dict[str, dict[str, Any]]:
    """The records of an object in the snapshot of a refresh that begins now."""
    run = await dataset.service.refreshed()
    assert run["state"] == "published", run
    mine = "snapshot = {s:String} AND tenant = {t:String} AND object = {o:String}"
    sql = f"SELECT layout, build FROM snapshot_entries WHERE {mine}"  # noqa: S608  # fixed text
    named = {"s": run["snapshot"], "t": tenant, "o": name}
    ((layout, build),) = (await dataset.engine.query(sql, named)).rows
    mine = "build = {b:UInt64} AND tenant = {t:String} AND object = {o:String} AND NOT deleted"
    sql = f"SELECT * FROM {table_of(layout)} WHERE {mine}"  # noqa: S608  # the table's name is a layout's
    found = (await dataset.engine.query(sql, {**named, "b": build})).dicts()
    return {row["record"]: row for row in found}


async def test_messages_become_records_of_the_next_refresh(dataset: Dataset) -> None:
    await connect(dataset.schemas, "acme")
    await post(
        dataset.service.publisher,
        [
            tiny("acme", "e1", "7", "opened", 3000, status="open", by="88"),
            tiny("acme", "e2", "7", "reopened", 2000),
            tiny("acme", "e3", "7", "reopened", 1000, status="solved"),
            tiny("acme", "e2", "7", "reopened", 2000),
        ],
    )
    (row,) = (await rows(dataset, "acme")).values()
    assert (row["record"], row["f_reopens"], row["f_status"]) == ("7", 2, "solved")
    assert row["refs_requester"] == ["external:tiny:88"]


async def test_what_cannot_be_mapped_waits_in_quarantine_with_its_bytes(dataset: Dataset) -> None:
    await connect(dataset.schemas, "wrong")
    await post(
        dataset.service.publisher,
        [
            sent("wrong", "tiny", "1", b"{"),
            sent("wrong", "tiny", "1", {"record": "1"}),
            sent("wrong", "other", "1", {}),
            sent("wrong", "tiny", "1", b" " * (1024 * 1024 + 1)),
        ],
    )
    items = await dataset.wait_listed("wrong", 4)
    codes = {item["code"]: item for item in items}
    assert set(codes) == {"not_json", "mapping_failed", "not_connected", "too_large"}
    found = codes["not_json"]
    assert (found["topic"], found["source"], found["payload"]) == ("crosslook-webhooks", "/integrations/tiny", "{")
    assert found["object"] == "tiny_ticket"


CHANGED_NOW: dict[str, dict[str, Any]] = {
    "shopify": {"updated_at": NOW.isoformat()},
    "stripe": {"created": NOW_MS // 1000},
    "github": {"issue": {"updated_at": NOW.isoformat()}},
}
"""Where each vendor's message says when it happened: now, because too late an event would be left out some day."""


async def test_any_webhook_becomes_a_record_by_options(dataset: Dataset) -> None:
    for name, example in examples().items():
        state = SchemaState(tenant="any", object=example.options["object"], version=1, definition=example.definition)
        await dataset.schemas.put(f"any/{state.object}", schema_event(state, time=NOW).encode())
        await connect(dataset.schemas, "any", "generic", name, **example.options)
        body = example.changed(CHANGED_NOW[name])
        await post(dataset.service.publisher, [vendor_message(example, body)] * 2)
    (order,) = (await rows(dataset, "any", "order")).values()
    assert (order["record"], order["f_payment"], order["f_tags"]) == ("5940139491234", "paid", ["gift", "vip"])
    assert order["refs_customer"] == ["external:shopify:115310627314723954", "email:jane@example.com"]
    (subscription,) = (await rows(dataset, "any", "subscription")).values()
    assert (subscription["f_status"], str(subscription["f_amount"])) == ("active", "19.9900")
    (issue,) = (await rows(dataset, "any", "issue")).values()
    assert (issue["f_labels"], issue["f_source"]) == (["bug", "docs"], "github")
    assert issue["refs_assignees"] == ["external:github:21031067", "external:github:480938"]


async def test_a_header_of_any_bytes_is_in_the_record(dataset: Dataset) -> None:
    example = examples()["github"]
    state = SchemaState(tenant="bytes", object="issue", version=1, definition=example.definition)
    await dataset.schemas.put("bytes/issue", schema_event(state, time=NOW).encode())
    fields = {**example.options["fields"], "source": {"header": "X-Note"}}
    await connect(dataset.schemas, "bytes", "generic", "github", **{**example.options, "fields": fields})
    messages = []
    for number, note in enumerate((b"caf\xe9", "café".encode(), b"\xff")):
        body = example.changed({"issue": {"id": number, "updated_at": NOW.isoformat()}})
        key, value, headers = sent("bytes", "github", str(number), body, **example.headers)
        messages.append((key, value, (*headers, ("x-note", note))))
    await post(dataset.service.publisher, messages)
    found = await rows(dataset, "bytes", "issue")
    assert {record: row["f_source"] for record, row in found.items()} == {"0": "café", "1": "café", "2": "ÿ"}


def vendor_message(example: WebhookExample, body: bytes) -> tuple[bytes, bytes, tuple[tuple[str, bytes], ...]]:
    """A message of an example as schema_service appends it."""
    return sent("any", example.name, example.record, body, **example.headers)


async def test_a_message_is_replayed_to_its_own_topic_once_its_integration_is_connected(dataset: Dataset) -> None:
    messages = [tiny("later", "e1", "1", "reopened", 1000), tiny("later", "e2", "1", "reopened", 500)]
    await post(dataset.service.publisher, messages)
    items = await dataset.wait_listed("later", 2)
    assert {item["code"] for item in items} == {"not_connected"}
    body = {"filter": {"tenant": "later"}}
    assert (await dataset.move("replay", body))["still_refused"] == [{"code": "not_connected", "count": 2}]
    await connect(dataset.schemas, "later")

    async def admissible() -> bool:
        return bool((await dataset.move("replay", body))["would_admit"] == 2)

    await dataset.service.until(admissible)
    assert (await dataset.move("replay", {**body, "dry_run": False}))["replayed"] == 2
    (row,) = (await rows(dataset, "later")).values()
    assert row["f_reopens"] == 2
    assert await dataset.listed("later") == []


async def test_health_shows_what_the_worker_did_with_the_messages_of_a_connection(dataset: Dataset) -> None:
    await connect(dataset.schemas, "healthy")
    sent_now = [
        tiny("healthy", "e1", "1", "opened"),
        tiny("healthy", "e2", "1", "nothing"),
        sent("healthy", "tiny", "1", b"{"),
    ]
    await post(dataset.service.publisher, sent_now)
    await rows(dataset, "healthy")
    path = "/v1/integrations/health?tenant=healthy"
    (item,) = (await dataset.service.ask("GET", path)).json()["items"]
    assert (item["source"], item["staged_last_hour"]) == ("/integrations/tiny", 1)
    told = item["webhooks"]
    assert told["integration"] == "tiny"
    assert {name: told[name] for name in told if name.endswith("_24h")} == {
        "messages_24h": 3,
        "ignored_24h": 1,
        "refused_24h": 1,
        "facts_24h": 1,
        "records_24h": 1,
    }
    assert told["last_message_at"] is not None
    assert told["last_refused_at"] is not None


async def test_messages_are_sent_through_the_worker_again_by_their_time(dataset: Dataset) -> None:
    await connect(dataset.schemas, "again")
    await post(dataset.service.publisher, [tiny("again", f"e{n}", str(n), "reopened") for n in range(3)])
    before = await rows(dataset, "again")
    await dataset.engine.command(
        "ALTER TABLE integration_facts DELETE WHERE tenant = 'again'", {}, {"mutations_sync": 1}
    )
    asked = {
        "tenant": "again",
        "integration": "tiny",
        "since": (NOW - timedelta(hours=1)).isoformat(),
        "until": (NOW + timedelta(hours=1)).isoformat(),
    }
    counted = await dataset.service.ask("POST", "/v1/integrations/replay", json=asked)
    assert counted.json() == {"dry_run": True, "matched": 3, "replayed": 0}
    done = await dataset.service.ask("POST", "/v1/integrations/replay", json={**asked, "dry_run": False})
    assert done.json() == {"dry_run": False, "matched": 3, "replayed": 3}
    after = await rows(dataset, "again")
    assert {record: row["event_id"] for record, row in after.items()} == {
        r: row["event_id"] for r, row in before.items()
    }
    sql = "SELECT uniqExact(record) FROM integration_facts WHERE tenant = 'again'"
    assert (await dataset.engine.query(sql)).scalar() == 3
