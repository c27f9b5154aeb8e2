"""Volumes are lost; the runbook's own commands bring the right numbers back.

All of it happens to one installation, one after the other: each test begins with what reports count then.
"""

import base64
from collections.abc import AsyncIterator

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from crosslook.contracts.topics import RECORDS, REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.kafka import OffsetReader, ensure_topics
from tests.helpers.recovery import Installation, commands, running_volumes
from tests.helpers.three_services import COUNT, SCHEMA

WORKER = "snapshot_service"
LABELLED = {**SCHEMA, "labels": {"singular": "Case", "plural": "Cases"}}


@pytest.fixture(scope="module")
async def installation(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Installation]:
    """3,000 tickets published."""
    folder = tmp_path_factory.mktemp("recovery")
    async with running_volumes(folder) as (broker, engine):
        await ensure_topics(broker.settings)
        made = Installation(broker, engine, folder)
        try:
            await made.start()
            await made.ready()
            await made.done("POST", "schema_service", "/v1/tenants/acme/schemas", SCHEMA)
            await made.send(3000)
            await made.counts(3000)
            yield made
        finally:
            made.kill()


async def test_damaged_documents_of_every_topic_are_restored_by_the_runbooks_commands(
    installation: Installation,
) -> None:
    before = await installation.tickets()
    await installation.done("PUT", "schema_service", "/v1/tenants/acme", {"plan": "large"})
    look = {"name": "Tickets", "request": COUNT}
    saved = (await installation.done("POST", "query_service", "/v1/tenants/acme/looks", look))["id"]
    snapshot = (await installation.asked("GET", "snapshot_service", "/v1/snapshots")).json()["items"][0]
    named = [f"snapshot/{snapshot['id']}", f"run/{snapshot['run']}"]
    await _damaged_and_restored(installation, "schema_service", SCHEMAS.name, ["acme/ticket", "~tenant/acme"])
    await _damaged_and_restored(installation, "snapshot_service", SNAPSHOTS.name, named)
    await _damaged_and_restored(installation, "query_service", REPORTS.name, [f"acme/look/{saved}"])
    await installation.ready()
    await installation.send(10)
    await installation.counts(before + 10)
    # Both can be changed: they stand at the versions that they had.
    await installation.done("PUT", "schema_service", "/v1/tenants/acme/schemas/ticket", LABELLED, '"1"')
    await installation.done("PUT", "query_service", f"/v1/tenants/acme/looks/{saved}", {**look, "name": "All"}, '"1"')


async def test_an_older_clickhouse_is_restored_and_the_rest_is_read_again(installation: Installation) -> None:
    before = await installation.tickets()
    installation.kill(WORKER)
    backup = installation.back_up_clickhouse()
    await installation.start(WORKER)
    await installation.ready()
    await installation.send(2000)
    await installation.counts(before + 2000)
    await installation.send(500)
    await installation.staged()
    installation.kill(WORKER)
    installation.lose_clickhouse(backup)
    await installation.start(WORKER)
    await installation.stopped("entries_missing")
    shown, _, over = await installation.run_book("ClickHouse is restored from a backup")
    assert (shown["rows"], shown["lost_offsets"]) == (before, 0)
    assert (over["mismatch"], over["plan"]) == (None, None)
    await installation.counts(before + 2500)


async def test_clickhouse_is_lost_and_all_that_kafka_has_is_published_again(installation: Installation) -> None:
    before = await installation.tickets()
    installation.kill(WORKER)
    installation.lose_clickhouse()
    await installation.start(WORKER)
    await installation.stopped("clickhouse_identity_changed")
    shown, done, over = await installation.run_book("ClickHouse's volume is lost")
    assert (shown["snapshot"], shown["lost_offsets"]) == (None, 0)
    assert done["done"] == shown["steps"] == ["accept_losses", "forget_snapshots"]
    assert (over["mismatch"], over["plan"]) == (None, None)
    await installation.counts(before)


async def test_events_that_kafka_deleted_unread_stop_everything_until_they_are_given_up(
    installation: Installation,
) -> None:
    before = await installation.tickets()
    installation.kill(WORKER)
    await installation.send(2000)
    lost = await _expire(installation)
    await installation.start(WORKER)
    await installation.stopped("events_expired")
    shown, _, over = await installation.run_book("Kafka deleted events before they were staged")
    assert (shown["lost_offsets"], shown["steps"]) == (lost, ["accept_losses"])
    assert (over["mismatch"], over["plan"]) == (None, None)
    await installation.send(100)
    await installation.counts(before + 100)


async def test_kafka_is_lost_and_what_clickhouse_has_goes_on_with_the_new_one(installation: Installation) -> None:
    before = await installation.tickets()
    await installation.send(20)
    await installation.staged()
    installation.kill()
    await installation.lose_kafka()
    await installation.start()
    await installation.stopped("kafka_identity_changed")
    answers = await installation.run_book("Kafka's volume is lost")
    assert (answers[0]["missing_schemas"], answers[0]["rows"]) == (1, before)
    assert (answers[-1]["mismatch"], answers[-1]["plan"]) == (None, None)
    assert [table["table"].split("_", 3)[3] for table in answers[-1]["set_aside"]][-1] == "record_log"
    await installation.reports(before + 20)
    await installation.send(50)
    await installation.counts(before + 70)


async def _damaged_and_restored(installation: Installation, service: str, topic: str, keys: list[str]) -> None:
    list_them, restore_one = commands("A stored document cannot be read")
    address = installation.services[service].url
    for key in keys:
        await installation.write(topic, key, b'{"type": "damaged')
    await installation.services[service].unready(f"{topic}: {keys[0]} at offset ")
    found = await installation.shell(list_them, SERVICE=address)
    assert [(item["key"], item["restorable"]) for item in found["items"]] == [(key, True) for key in keys]
    while found["items"]:
        first = found["items"][0]
        found = await installation.shell(restore_one, SERVICE=address, KEY=first["key"], OFFSET=str(first["offset"]))
        assert base64.b64decode(found["payload_base64"]) == b'{"type": "damaged'


async def _expire(installation: Installation) -> int:
    """Delete everything on the records topic, and forget the group's offsets, which expire at the same age; answers how
    many offsets were not staged."""
    servers = installation.broker.settings.bootstrap_servers
    reader = OffsetReader(RECORDS.name, installation.group, installation.broker.settings)
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await reader.start()
    await admin.start()
    try:
        end, staged = await reader.end_offsets(), await reader.committed()
        await admin.delete_records({TopicPartition(RECORDS.name, p): RecordsToDelete(to) for p, to in end.items()})
    finally:
        await admin.close()
        await reader.stop()
    installation.group = "crosslook-ingest-without-offsets"
    lost = sum(end[partition] - staged[partition] for partition in end)
    assert lost == 2000
    return lost
