"""Topics on a real broker: made as declared, refused when kept the wrong way."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from crosslook.contracts.topics import RECORDS, SCHEMAS, Topic
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import check_topics, ensure_topics
from crosslook.platform.settings import KafkaSettings


def fresh(cleanup: str = "delete", partitions: int = 2) -> Topic:
    name = f"test-{uuid.uuid4().hex[:8]}"
    return Topic(name, "key", "compact" if cleanup == "compact" else "delete", partitions, (), ())


@pytest.fixture
async def admin(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await client.start()
    yield client
    await client.close()


async def test_topics_are_made_once_and_as_declared(kafka: KafkaSettings) -> None:
    wanted = [fresh("compact", 1), fresh("delete", 3)]
    first, second = await ensure_topics(kafka, wanted), await ensure_topics(kafka, wanted)
    assert [(item.created, item.partitions, item.problem) for item in first] == [(True, 1, ""), (True, 3, "")]
    assert [(item.created, item.partitions, item.problem) for item in second] == [(False, 1, ""), (False, 3, "")]
    await check_topics(kafka, wanted)


async def test_the_records_topic_takes_its_partitions_from_the_settings(kafka: KafkaSettings) -> None:
    reports = await ensure_topics(kafka, [RECORDS, SCHEMAS])
    assert [(report.name, report.partitions) for report in reports] == [
        (RECORDS.name, kafka.records_partitions),
        (SCHEMAS.name, 1),
    ]


@pytest.mark.parametrize(
    ("partitions", "policy", "expected"),
    [
        (1, "delete", "cleanup.policy is delete, it must be compact"),
        (2, "compact", "partitions is 2, it must be 1"),
    ],
)
async def test_a_topic_that_is_kept_the_wrong_way_stops_a_service(
    kafka: KafkaSettings, admin: AIOKafkaAdminClient, partitions: int, policy: str, expected: str
) -> None:
    wanted = fresh("compact", 1)
    config = {**wanted.config, "cleanup.policy": policy}
    await admin.create_topics([NewTopic(wanted.name, partitions, 1, topic_configs=config)])
    (report,) = await ensure_topics(kafka, [wanted])
    assert not report.created
    assert report.problem.startswith(expected)
    with pytest.raises(StopService, match=f"{wanted.name}: {expected}"):
        await check_topics(kafka, [wanted])


async def test_every_property_that_endangers_data_stops_a_service_and_names_the_remedy(
    kafka: KafkaSettings, admin: AIOKafkaAdminClient
) -> None:
    wanted = replace(fresh(), retention_ms=RECORDS.retention_ms)
    altered = {
        "message.timestamp.type": "CreateTime",
        "retention.ms": "3600000",
        "retention.bytes": "1000000",
        "max.message.bytes": "100000",
        "unclean.leader.election.enable": "true",
    }
    await admin.create_topics([NewTopic(wanted.name, 2, 1, topic_configs={**wanted.config, **altered})])
    (report,) = await ensure_topics(kafka, [wanted])
    assert {fault.property: fault.found for fault in report.faults if fault.endangers} == altered
    with pytest.raises(StopService) as stopped:
        await check_topics(kafka, [wanted])
    for name in altered:
        assert f"{name} is {altered[name]}, it must be" in str(stopped.value)
        assert f"--entity-name {wanted.name} --add-config {name}={wanted.config[name]}" in str(stopped.value)


async def test_a_topic_that_keeps_more_than_declared_is_reported_and_stops_nothing(
    kafka: KafkaSettings, admin: AIOKafkaAdminClient
) -> None:
    wanted = replace(fresh(), retention_ms=RECORDS.retention_ms)
    more = {**wanted.config, "retention.ms": "-1", "max.message.bytes": "9000000"}
    await admin.create_topics([NewTopic(wanted.name, 2, 1, topic_configs=more)])
    (report,) = await ensure_topics(kafka, [wanted])
    assert sorted(fault.property for fault in report.warnings) == ["max.message.bytes", "retention.ms"]
    await check_topics(kafka, [wanted])


async def test_fewer_replicas_than_the_setting_stop_a_service(kafka: KafkaSettings) -> None:
    wanted = fresh()
    await ensure_topics(kafka, [wanted])
    with pytest.raises(StopService, match=r"replication\.factor is 1, it must be at least 3"):
        await check_topics(kafka.model_copy(update={"replication_factor": 3}), [wanted])


async def test_a_missing_topic_stops_a_service_with_the_remedy(kafka: KafkaSettings) -> None:
    with pytest.raises(StopService, match="does not exist; create it with `crosslook topics`"):
        await check_topics(kafka, [fresh()])
