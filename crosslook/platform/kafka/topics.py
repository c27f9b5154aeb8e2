"""Topics from data: created where they are missing, checked where they are not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from crosslook.contracts.topics import RECORDS, TOPICS, Topic
from crosslook.platform.errors import StopService
from crosslook.platform.kafka.client import KafkaUnavailable, client_options
from crosslook.platform.settings import KafkaSettings

_LOOKS, _LOOK_SECONDS = 50, 0.1


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What `ensure_topics` found: `created` now or before; `problem` says what is wrong with it, "" if nothing."""

    name: str
    created: bool
    partitions: int
    problem: str = ""


async def ensure_topics(settings: KafkaSettings, topics: Sequence[Topic] = TOPICS) -> list[TopicReport]:
    """Create what is missing and check what is there. Never alters an existing topic. Raises KafkaUnavailable."""
    return await _with_admin(settings, lambda admin: _ensure(admin, settings, topics))


async def check_topics(settings: KafkaSettings, topics: Sequence[Topic]) -> None:
    """Raises StopService when a topic is missing or kept the wrong way, KafkaUnavailable when Kafka does not answer."""
    reports = await _with_admin(settings, lambda admin: _inspect(admin, topics))
    wrong = [f"{report.name}: {report.problem}" for report in reports if report.problem]
    if wrong:
        raise StopService("; ".join(wrong))


async def _with_admin(
    settings: KafkaSettings, work: Callable[[AIOKafkaAdminClient], Awaitable[list[TopicReport]]]
) -> list[TopicReport]:
    admin = AIOKafkaAdminClient(**client_options(settings, "crosslook-topics"))
    try:
        await admin.start()
        return await work(admin)
    except (KafkaError, OSError) as error:
        raise KafkaUnavailable(f"{settings.bootstrap_servers}: {type(error).__name__}") from error
    finally:
        await admin.close()


async def _ensure(admin: AIOKafkaAdminClient, settings: KafkaSettings, topics: Sequence[Topic]) -> list[TopicReport]:
    existing = set(await admin.list_topics())
    created = await _create(admin, settings, [topic for topic in topics if topic.name not in existing])
    reports = await _inspect(admin, topics)
    for _ in range(_LOOKS):
        if all(report.partitions for report in reports):
            break
        # A broker may tell of a topic a moment after it has made it.
        await asyncio.sleep(_LOOK_SECONDS)
        reports = await _inspect(admin, topics)
    return [TopicReport(r.name, r.name in created, r.partitions, r.problem) for r in reports]


async def _create(admin: AIOKafkaAdminClient, settings: KafkaSettings, missing: Sequence[Topic]) -> set[str]:
    """Answers the names that this call made; another one may have been quicker."""
    if not missing:
        return set()
    new = [
        NewTopic(
            topic.name,
            settings.records_partitions if topic is RECORDS else topic.partitions,
            settings.replication_factor,
            topic_configs=topic.config,
        )
        for topic in missing
    ]
    response = await admin.create_topics(new)
    for name, code, *detail in response.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise KafkaUnavailable(f"{name} was not created: {for_code(code).__name__} {detail}")
    return {name for name, code, *_ in response.topic_errors if not code}


async def _inspect(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> list[TopicReport]:
    described = {one["topic"]: one for one in await admin.describe_topics([topic.name for topic in topics])}
    kept = await _cleanup_policies(admin, [t.name for t in topics if described.get(t.name, {}).get("partitions")])
    return [_report(topic, described.get(topic.name, {}).get("partitions") or [], kept) for topic in topics]


def _report(topic: Topic, partitions: Sequence[Any], kept: Mapping[str, str]) -> TopicReport:
    count = len(partitions) if topic.name in kept else 0
    if not count:
        return TopicReport(topic.name, False, 0, "does not exist; create it with `crosslook topics`")
    policy = kept[topic.name]
    if policy != topic.cleanup:
        return TopicReport(topic.name, False, count, f"cleanup.policy is {policy!r}, it must be {topic.cleanup!r}")
    if topic is not RECORDS and count != topic.partitions:
        return TopicReport(topic.name, False, count, f"has {count} partitions, it must have {topic.partitions}")
    return TopicReport(topic.name, False, count)


async def _cleanup_policies(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, str]:
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    policies: dict[str, str] = {}
    for response in await admin.describe_configs(resources):
        for _, _, _, name, entries in response.resources:
            policies |= [(name, entry[1]) for entry in entries if entry[0] == "cleanup.policy"]
    return policies
