"""A stored document that cannot be read stops the work that needs it, and is never taken for an absent one: all three
services on one broker and one engine, with documents as a newer release, damage or a rollback leave them."""

import asyncio
import struct
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest

from crosslook.contracts.manifests import SNAPSHOT_PREFIX
from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.processes import own_topics
from tests.helpers.query_service import query_stack
from tests.helpers.three_services import (
    COUNT,
    SCHEMA,
    TICKETS,
    Dataset,
    counts,
    running_dataset,
    unready,
    until,
    until_ready,
    viewing,
)


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    engine = clickhouse.model_copy(update={"database": "unreadable"})
    async with running_dataset(tmp_path_factory.mktemp("unreadable"), own_topics(kafka), engine) as running:
        yield running


async def test_a_schema_of_a_later_release_stops_the_refresh_and_drops_no_object(dataset: Dataset) -> None:
    good = await dataset.stored(SCHEMAS.name, "acme/ticket")
    later = orjson.loads(good)
    later["data"]["version"] = 2
    later["data"]["definition"]["fields"].append({"slug": "site", "type": "url", "label": "Site"})
    await dataset.write(SCHEMAS.name, "acme/ticket", orjson.dumps(later), version="2")
    told = (SCHEMAS.name, "acme/ticket at offset ", "fields.1.type", "release 0.1.0 does not know")
    for client in (dataset.schemas.http, dataset.snapshots.http):
        await unready(client, *told)
    await until_ready(dataset.query, lambda status, _: status == 200)
    metrics = (await dataset.schemas.http.get("/metrics")).text
    assert f'crosslook_log_unreadable{{topic="{SCHEMAS.name}"}} 1.0' in metrics

    refused = await dataset.snapshots.refreshed()
    assert refused["state"] == "failed"
    assert refused["reason"].startswith(f"log_unreadable: {SCHEMAS.name}: acme/ticket at offset ")
    assert await dataset.count() == TICKETS
    write = await dataset.schemas.ask("POST", "/v1/tenants/acme/schemas", json={**SCHEMA, "object": "lead"})
    assert (write.status_code, write.json()["code"]) == (503, "state_unreadable")
    assert (await dataset.schemas.ask("GET", "/v1/tenants/acme/schemas/ticket")).json()["version"] == 1

    before = await dataset.staged()
    await dataset.send(TICKETS, TICKETS + 1, site="https://example.com")  # good or bad: nobody can tell
    await unready(dataset.snapshots.http)
    await until(lambda: _ingest_waits(dataset))
    assert await dataset.staged() == before

    await dataset.write(SCHEMAS.name, "acme/ticket", good, version="1")
    await dataset.ready()
    await dataset.send(TICKETS + 1, TICKETS + 2)
    assert (await dataset.snapshots.refreshed())["state"] == "published"
    await until(lambda: counts(dataset, TICKETS + 1))  # the one with `site` is in quarantine now


async def _ingest_waits(dataset: Dataset) -> bool:
    body = (await dataset.snapshots.ask("GET", "/v1/ingest")).json()
    return (body["state"], body["reason"]) == ("paused", "schemas_unreadable")


async def test_a_manifest_of_a_later_release_is_no_lost_snapshot_and_drops_no_rows(dataset: Dataset) -> None:
    count = await dataset.count()
    async with viewing(SNAPSHOTS.name, dataset.kafka) as view:
        manifests = {key: entry.value for key, entry in view.entries().items() if key.startswith(SNAPSHOT_PREFIX)}
    rows = await _stored_rows(dataset)
    for key, value in manifests.items():
        await dataset.write(SNAPSHOTS.name, key, value.replace(b"published.v1", b"published.v2"))
    told = (SNAPSHOTS.name, next(iter(manifests)), "its type is 'crosslook.snapshot.published.v2'")
    for client in (dataset.schemas.http, dataset.snapshots.http):
        await unready(client, *told)
    await until_ready(dataset.query, lambda status, _: status == 200)
    assert await dataset.count() == count
    for path in ("/v1/snapshots", f"/v1/snapshots/{next(iter(manifests)).removeprefix(SNAPSHOT_PREFIX)}/restore"):
        refused = await dataset.snapshots.ask("POST", path)
        assert (refused.status_code, refused.json()["code"]) == (503, "state_unreadable")
    async with dataset.another_query_service() as started:
        await unready(started, *told)
        assert (await started.post("/v1/tenants/acme/query", json=COUNT)).json()["rows"] == [[count]]
        for key, value in manifests.items():
            await dataset.write(SNAPSHOTS.name, key, value)
        await until_ready(started, lambda status, _: status == 200)
    await dataset.ready()
    assert await _stored_rows(dataset) == rows
    assert (await dataset.snapshots.refreshed())["state"] == "published"
    await until(lambda: counts(dataset, count))


async def _stored_rows(dataset: Dataset) -> int:
    sql = (
        "SELECT sum(rows) FROM system.parts WHERE active AND database = currentDatabase() "
        "AND startsWith(table, 'records_')"
    )
    return int((await dataset.clickhouse.query(sql)).scalar())


async def test_a_look_that_cannot_be_read_is_not_a_look_that_was_deleted(dataset: Dataset) -> None:
    looks = "/v1/tenants/acme/looks"
    made = [(await dataset.query.post(looks, json={"name": name, "request": COUNT})).json() for name in ("A", "B")]
    damaged = f"{looks}/{made[0]['id']}"
    key = f"acme/look/{made[0]['id']}"
    value = await dataset.stored(REPORTS.name, key)
    await dataset.write(REPORTS.name, key, value[:-1])
    await unready(dataset.query, REPORTS.name, key, "it is not JSON")
    assert (await dataset.query.get(damaged)).json() == made[0]  # as it was read last
    assert await dataset.count() > 0
    refused = await dataset.query.post(looks, json={"name": "C", "request": COUNT})
    assert (refused.status_code, refused.json()["code"]) == (503, "state_unreadable")
    async with dataset.another_query_service() as started:
        await unready(started, REPORTS.name, key)
        await dataset.write(REPORTS.name, key, value, version="1")
        await until_ready(started, lambda status, _: status == 200)
        assert (await started.get(damaged)).json() == made[0]


async def test_a_tenant_in_a_newer_format_is_not_an_unknown_one(dataset: Dataset) -> None:
    key = "~tenant/acme"
    put = await dataset.schemas.ask("PUT", "/v1/tenants/acme", "*", "ops", json={"status": "active"})
    assert put.status_code == 200, put.text
    value = await dataset.stored(SCHEMAS.name, key)
    await dataset.write(SCHEMAS.name, key, value, version="2", format="2", written_by="0.2.0")
    told = (SCHEMAS.name, f"{key} at offset ", "it has format 2", "release 0.2.0 can read it")
    for client in (dataset.schemas.http, dataset.snapshots.http):
        await unready(client, *told)
    async with dataset.another_query_service() as started:
        await unready(started, *told)
    assert await dataset.count() > 0
    await dataset.write(SCHEMAS.name, key, value, version="1")
    await dataset.ready()


async def test_where_no_earlier_state_is_known_nothing_is_said_to_be_absent(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, "unreadable_from_the_start") as stack:
        for log, key in (
            (stack.snapshots, "snapshot/s1"),
            (stack.reports, "acme/look/x"),
            (stack.schemas, "~tenant/globex"),
        ):
            log.shared.append(key, b"{", {"format": "2", "written_by": "0.2.0"})
        calls = [
            stack.ask(COUNT),
            stack.ask({**COUNT, "snapshot": "s1"}),
            *(stack.client.get(f"/v1/tenants/acme/{path}") for path in ("catalog", "looks", "looks/x")),
            stack.client.get("/v1/tenants/globex/looks"),
        ]
        for call in calls:
            answer = await call
            assert (answer.status_code, answer.json()["code"]) == (503, "state_unreadable"), answer.url
        assert (await stack.client.get("/v1/tenants/acme/looks/y")).status_code == 404
        assert (await stack.client.get("/v1/tenants/acme/dashboards")).status_code == 200
        await unready(stack.client, "release 0.2.0 can read it")


def damage(log: Path, offset: int) -> str:
    """Flip a byte of the batch that holds an offset, as a failing disk does; answers first and last offset of it."""
    data, at = log.read_bytes(), 0
    while True:
        first, length = struct.unpack_from(">qi", data, at)
        last = first + struct.unpack_from(">i", data, at + 23)[0]
        if first <= offset <= last:
            break
        at += 12 + length
    with log.open("r+b") as file:
        file.seek(at + 11 + length)
        file.write(bytes([data[at + 11 + length] ^ 0xFF]))
    return f"{first}-{last}"


async def crosslook(kafka: KafkaSettings, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, as an operator runs it where the services run."""
    environment = {
        "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "CROSSLOOK_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
    }
    command = [sys.executable, "-c", "from crosslook.cli import main; main()", *arguments]
    return await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True)


async def test_an_operator_skips_a_damaged_batch_after_writing_again_what_it_held(
    dataset: Dataset, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = await dataset.schemas.ask("POST", "/v1/tenants/acme/schemas", json={**SCHEMA, "object": "lead"})
    assert made.status_code == 201, made.text
    async with viewing(SCHEMAS.name, dataset.kafka) as view:
        entry = view.get("acme/lead")
        assert entry is not None
    folder = f"{dataset.kafka.name_of(SCHEMAS.name)}-0"
    (log,) = tmp_path_factory.getbasetemp().rglob(f"{folder}/00000000000000000000.log")
    offsets = damage(log, entry.offset)

    async with dataset.another_query_service() as started:
        await unready(started, SCHEMAS.name, f"~skip/{offsets} at offset", "a batch was damaged")
        await dataset.write(SCHEMAS.name, "acme/lead", entry.value, version="1")
        wrong = await crosslook(dataset.kafka, "skip", SCHEMAS.name, "7-9")
        assert wrong.returncode == 1
        assert f"damaged: {offsets}" in wrong.stderr
        listed = await crosslook(dataset.kafka, "skip", SCHEMAS.name, "--json")
        assert orjson.loads(listed.stdout)["damaged"] == [{"offsets": offsets, "skipped": False}]
        await unready(started, f"~skip/{offsets} at offset")
        skipped = await crosslook(dataset.kafka, "skip", SCHEMAS.name, offsets)
        assert skipped.returncode == 0, skipped.stderr
        await until_ready(started, lambda status, _: status == 200)
    async with dataset.another_query_service() as started:
        await until_ready(started, lambda status, _: status == 200)
    assert await dataset.stored(SCHEMAS.name, "acme/lead") == entry.value
    assert "no damaged batch" in (await crosslook(dataset.kafka, "skip", SCHEMAS.name)).stdout
    await dataset.ready()
