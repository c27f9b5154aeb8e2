"""Compares a topic with its declaration: which properties differ, which of them endanger data, and the remedy. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosslook.contracts.topics import RECORDS, MinInsync, Topic, TopicProperty

OFFSETS_RETENTION = "offsets.retention.minutes"
_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic as the broker describes it. `replicas`: the fewest replicas of any partition; 0 where unknown."""

    partitions: int
    replicas: int
    config: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TopicFault:
    """A property that differs from its declaration. `endangers`: data can be lost or wrong, so services refuse to
    start. `expected` is a value, `minimum` says that greater values also do. `remedy` is a command, "" where none is
    needed."""

    property: str
    found: str
    expected: str
    endangers: bool
    minimum: bool = False
    remedy: str = ""

    def __str__(self) -> str:
        least = "at least " if self.minimum else ""
        text = f"{self.property} is {self.found}, it must be {least}{self.expected}"
        return f"{text}; to change it: {self.remedy}" if self.remedy else text


def faults_of(topic: Topic, found: FoundTopic, insync: MinInsync, replication: int, bootstrap: str) -> list[TopicFault]:
    """Every difference between the topic and its declaration."""
    alter = f"kafka-configs.sh --bootstrap-server {bootstrap} --alter --entity-type topics --entity-name {topic.name}"
    faults = [fault for declared in topic.properties if (fault := _differs(declared, found.config, alter)) is not None]
    if not topic.scales and found.partitions != topic.partitions:
        # Partitions cannot be removed: only a new topic has fewer.
        faults.append(TopicFault("partitions", str(found.partitions), str(topic.partitions), endangers=True))
    if 0 < found.replicas < replication:
        remedy = f"kafka-reassign-partitions.sh --bootstrap-server {bootstrap} --reassignment-json-file FILE --execute"
        few, wanted = str(found.replicas), str(replication)
        faults.append(TopicFault("replication.factor", few, wanted, endangers=True, minimum=True, remedy=remedy))
    return [*faults, *_insync_faults(found, insync, alter)]


def offsets_retention_fault(minutes: Sequence[str]) -> TopicFault | None:
    """Committed offsets should outlive the events: without them a worker that was away restarts from what is staged,
    which reads more than it must. `minutes`: the setting of each broker that shows it."""
    wanted = 2 * (RECORDS.retention_ms or 0) // _MINUTE_MS
    low = [value for value in minutes if value.isdecimal() and int(value) <= (RECORDS.retention_ms or 0) // _MINUTE_MS]
    if not low:
        return None
    remedy = f"server.properties: {OFFSETS_RETENTION}={wanted}"
    return TopicFault(OFFSETS_RETENTION, low[0], str(wanted), endangers=False, minimum=True, remedy=remedy)


def _differs(declared: TopicProperty, config: Mapping[str, str], alter: str) -> TopicFault | None:
    found = config.get(declared.name)
    if found is None or found == declared.value:
        return None
    harmless = declared.minimum and _is_number(found) and (int(found) == -1 or int(found) >= int(declared.value))
    remedy = f"{alter} --add-config {declared}"
    return TopicFault(declared.name, found, declared.value, not harmless, declared.minimum, remedy)


def _insync_faults(found: FoundTopic, insync: MinInsync, alter: str) -> list[TopicFault]:
    name, value = MinInsync.name, found.config.get(MinInsync.name, "")
    if not found.replicas or not value.isdecimal():
        return []
    wanted = insync.of(found.replicas)
    remedy = f"{alter} --add-config {name}={wanted}"
    if int(value) < wanted:
        return [TopicFault(name, value, str(wanted), endangers=True, minimum=True, remedy=remedy)]
    if 1 < found.replicas <= int(value):
        # As many as there are replicas: with one broker away nothing can be written.
        return [TopicFault(name, value, str(wanted), endangers=False, remedy=remedy)]
    return []


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
