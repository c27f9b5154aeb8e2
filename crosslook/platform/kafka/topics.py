"""Topics from data: created where they are missing, checked where they are not."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from crosslook.contracts.topics import RECORDS, TOPICS, MinInsync, Topic
from crosslook.platform.errors import StopService
from crosslook.platform.kafka.client import KafkaUnavailable, client_options
from crosslook.platform.kafka.topic_check import (
    OFFSETS_RETENTION,
    FoundTopic,
    TopicFault,
    faults_of,
    offsets_retention_fault,
)
from crosslook.platform.logging import get_logger
from crosslook.platform.settings import KafkaSettings

_LOG = get_logger(__name__)
_LOOKS, _LOOK_SECONDS = 50, 0.1


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What `ensure_topics` found: `created` now or before, and every property that differs from its declaration.
    `partitions` is 0 for a topic that does not exist."""

    name: str
    created: bool
    partitions: int
    faults: tuple[TopicFault, ...] = ()

    @property
    def problem(self) -> str:
        """Why no service may start on this topic, with the remedy; "" if it may."""
        if not self.partitions:
            return "does not exist; create it with `crosslook topics`"
        return "; ".join(str(fault) for fault in self.faults if fault.endangers)

    @property
    def warnings(self) -> tuple[TopicFault, ...]:
        """What differs without endangering data."""
        return tuple(fault for fault in self.faults if not fault.endangers)


async def ensure_topics(settings: KafkaSettings, topics: Sequence[Topic] = TOPICS) -> list[TopicReport]:
    """Create what is missing and check what is there. Never alters an existing topic. Raises KafkaUnavailable."""
    return await _with_admin(settings, lambda admin: _ensure(admin, settings, _named(topics, settings)))


async def check_topics(settings: KafkaSettings, topics: Sequence[Topic]) -> None:
    """Logs what differs from the declaration without endangering data.

    Raises StopService when a topic is missing or differs so that data can be lost or wrong, KafkaUnavailable when Kafka
    does not answer.
    """
    reports = await _with_admin(settings, lambda admin: _inspect(admin, settings, _named(topics, settings)))
    for report in reports:
        for fault in report.warnings:
            _LOG.warning("topic_differs", topic=report.name, difference=str(fault))
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


def _named(topics: Sequence[Topic], settings: KafkaSettings) -> list[Topic]:
    """The topics under the names that they have on this Kafka, with the partitions that they get there."""
    return [
        replace(topic, name=settings.name_of(topic.name), partitions=settings.partitions_of(topic)) for topic in topics
    ]


async def _ensure(admin: AIOKafkaAdminClient, settings: KafkaSettings, topics: Sequence[Topic]) -> list[TopicReport]:
    existing = set(await admin.list_topics())
    created = await _create(admin, settings, [topic for topic in topics if topic.name not in existing])
    reports = await _inspect(admin, settings, topics)
    for _ in range(_LOOKS):
        if all(report.partitions for report in reports):
            break
        # A broker may tell of a topic a moment after it has made it.
        await asyncio.sleep(_LOOK_SECONDS)
        reports = await _inspect(admin, settings, topics)
    return [replace(report, created=report.name in created) for report in reports]


async def _create(admin: AIOKafkaAdminClient, settings: KafkaSettings, missing: Sequence[Topic]) -> set[str]:
    """Answers the names that this call made; another one may have been quicker."""
    if not missing:
        return set()
    insync = MinInsync(settings.min_insync_replicas)
    new = [
        NewTopic(
            topic.name,
            topic.partitions,
            settings.replication_factor,
            topic_configs={**topic.config, MinInsync.name: str(insync.of(settings.replication_factor))},
        )
        for topic in missing
    ]
    response = await admin.create_topics(new)
    for name, code, *detail in response.topic_errors:
        if code and for_code(code) is not TopicAlreadyExistsError:
            raise KafkaUnavailable(f"{name} was not created: {for_code(code).__name__} {detail}")
    return {name for name, code, *_ in response.topic_errors if not code}


async def _inspect(admin: AIOKafkaAdminClient, settings: KafkaSettings, topics: Sequence[Topic]) -> list[TopicReport]:
    described = {found["topic"]: found["partitions"] for found in await admin.describe_topics([t.name for t in topics])}
    config = await _topic_configs(admin, [topic.name for topic in topics if described.get(topic.name)])
    reports = [
        _report(topic, _found(described.get(topic.name) or [], config.get(topic.name, {})), settings)
        for topic in topics
    ]
    records = settings.name_of(RECORDS.name)
    if not any(report.name == records for report in reports):
        return reports
    short = offsets_retention_fault(await _broker_values(admin, OFFSETS_RETENTION))
    return [
        replace(report, faults=(*report.faults, short)) if short and report.name == records else report
        for report in reports
    ]


def _found(partitions: Sequence[Mapping[str, Any]], config: Mapping[str, str]) -> FoundTopic:
    replicas = min((len(partition["replicas"]) for partition in partitions), default=0)
    return FoundTopic(len(partitions) if config else 0, replicas, config)


def _report(topic: Topic, found: FoundTopic, settings: KafkaSettings) -> TopicReport:
    if not found.partitions:
        return TopicReport(topic.name, False, 0)
    insync = MinInsync(settings.min_insync_replicas)
    faults = faults_of(topic, found, insync, settings.replication_factor, settings.bootstrap_servers)
    return TopicReport(topic.name, False, found.partitions, tuple(faults))


async def _topic_configs(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """The properties in force, by topic."""
    return await _configs(admin, [ConfigResource(ConfigResourceType.TOPIC, name) for name in names])


async def _broker_values(admin: AIOKafkaAdminClient, name: str) -> list[str]:
    """A setting of each broker; none of those that do not show their settings to us."""
    nodes = [str(broker["node_id"]) for broker in (await admin.describe_cluster())["brokers"]]
    try:
        found = await _configs(admin, [ConfigResource(ConfigResourceType.BROKER, node) for node in nodes])
    except KafkaError as error:
        _LOG.info("broker_settings_unseen", error=type(error).__name__)
        return []
    return [config[name] for config in found.values() if config.get(name)]


async def _configs(admin: AIOKafkaAdminClient, resources: Sequence[ConfigResource]) -> dict[str, dict[str, str]]:
    if not resources:
        return {}
    found: dict[str, dict[str, str]] = {}
    for response in await admin.describe_configs(list(resources)):
        for _, _, _, name, entries in response.resources:
            found[name] = {entry[0]: entry[1] or "" for entry in entries}
    return found
