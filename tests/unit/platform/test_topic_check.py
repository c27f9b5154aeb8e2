"""What of a topic's configuration endangers data."""

import pytest

from crosslook.contracts.topics import RECORDS, SCHEMAS, MinInsync
from crosslook.platform.kafka.topic_check import FoundTopic, TopicFault, faults_of, offsets_retention_fault

BROKER = "kafka:9092"


def found(replicas: int = 1, partitions: int = 1, **config: str) -> FoundTopic:
    named = {name.replace("_", "."): value for name, value in config.items()}
    return FoundTopic(partitions, replicas, {**SCHEMAS.config, "min.insync.replicas": "1", **named})


def faults(topic: FoundTopic, replication: int = 1, insync: int | None = None) -> list[TopicFault]:
    return faults_of(SCHEMAS, topic, MinInsync(insync), replication, BROKER)


def test_a_topic_as_declared_has_no_fault() -> None:
    assert faults(found()) == []
    assert faults(found(3, min_insync_replicas="2"), replication=3) == []


def test_three_replicas_of_which_one_acknowledges_endanger_data() -> None:
    (fault,) = faults(found(3))
    assert (fault.property, fault.found, fault.expected, fault.endangers) == ("min.insync.replicas", "1", "2", True)
    assert fault.remedy.endswith("--entity-name crosslook-schemas --add-config min.insync.replicas=2")


def test_as_many_acknowledgements_as_replicas_are_reported_only() -> None:
    (fault,) = faults(found(3, min_insync_replicas="3"))
    assert (fault.property, fault.endangers) == ("min.insync.replicas", False)


def test_the_setting_decides_how_many_replicas_acknowledge() -> None:
    assert faults(found(3, min_insync_replicas="1"), insync=1) == []
    assert [fault.expected for fault in faults(found(5, min_insync_replicas="2"), insync=3)] == ["3"]


def test_more_than_the_minimum_is_harmless_and_less_is_not() -> None:
    (more,), (less,) = faults(found(max_message_bytes="9000000")), faults(found(max_message_bytes="1000"))
    assert (more.endangers, less.endangers) == (False, True)
    assert str(less).startswith(
        "max.message.bytes is 1000, it must be at least 8388608; to change it: kafka-configs.sh"
    )


def test_a_property_that_is_not_shown_is_not_judged() -> None:
    config = {name: value for name, value in SCHEMAS.config.items() if name != "delete.retention.ms"}
    assert faults(FoundTopic(1, 0, config)) == []


def test_the_records_topic_may_have_any_number_of_partitions() -> None:
    topic = FoundTopic(40, 1, {**RECORDS.config, "min.insync.replicas": "1"})
    assert faults_of(RECORDS, topic, MinInsync(), 1, BROKER) == []


@pytest.mark.parametrize(("minutes", "told"), [(["20160"], False), ([], False), (["20160", "10080"], True)])
def test_committed_offsets_should_outlive_the_events(minutes: list[str], told: bool) -> None:
    fault = offsets_retention_fault(minutes)
    assert (fault is not None) == told
    assert fault is None or not fault.endangers
