"""Topics on a real broker: made as declared, refused when kept the wrong way."""

import uuid
from collections.abc import AsyncIterator

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
    assert [(one.created, one.partitions, one.problem) for one in first] == [(True, 1, ""), (True, 3, "")]
    assert [(one.created, one.partitions, one.problem) for one in second] == [(False, 1, ""), (False, 3, "")]
    await check_topics(kafka, wanted)


async def test_the_records_topic_takes_its_partitions_from_the_settings(kafka: KafkaSettings) -> None:
    reports = await ensure_topics(kafka, [RECORDS, SCHEMAS])
    assert [(one.name, one.partitions) for one in reports] == [
        (RECORDS.name, kafka.records_partitions),
        (SCHEMAS.name, 1),
    ]


@pytest.mark.parametrize(
    ("partitions", "policy", "told"),
    [
        (1, "delete", "cleanup.policy is 'delete', it must be 'compact'"),
        (2, "compact", "has 2 partitions, it must have 1"),
    ],
)
async def test_a_topic_that_is_kept_the_wrong_way_stops_a_service(
    kafka: KafkaSettings, admin: AIOKafkaAdminClient, partitions: int, policy: str, told: str
) -> None:
    wanted = fresh("compact", 1)
    await admin.create_topics([NewTopic(wanted.name, partitions, 1, topic_configs={"cleanup.policy": policy})])
    (report,) = await ensure_topics(kafka, [wanted])
    assert (report.created, report.problem) == (False, told)
    with pytest.raises(StopService, match=f"{wanted.name}: {told}"):
        await check_topics(kafka, [wanted])


async def test_a_missing_topic_stops_a_service_with_the_remedy(kafka: KafkaSettings) -> None:
    with pytest.raises(StopService, match="does not exist; create it with `crosslook topics`"):
        await check_topics(kafka, [fresh()])
