"""Kafka clients: topics, an acknowledged publisher, a consumer with explicit commits, offsets."""

from crosslook.platform.kafka.client import (
    KafkaUnavailable,
    client_options,
    disregard_failures,
    stop_consumer,
    stop_producer,
)
from crosslook.platform.kafka.identity import kafka_identity
from crosslook.platform.kafka.messages import fetch_message, read_between
from crosslook.platform.kafka.offsets import GroupCommit, OffsetReader
from crosslook.platform.kafka.publisher import Publisher
from crosslook.platform.kafka.records import UnreadableMessage
from crosslook.platform.kafka.source import (
    PartitionsLost,
    RawMessage,
    RecordSource,
    StartUnknown,
    next_offset,
    readable_body,
)
from crosslook.platform.kafka.topics import TopicReport, check_topics, ensure_topics

__all__ = [
    "GroupCommit",
    "KafkaUnavailable",
    "OffsetReader",
    "PartitionsLost",
    "Publisher",
    "RawMessage",
    "RecordSource",
    "StartUnknown",
    "TopicReport",
    "UnreadableMessage",
    "check_topics",
    "client_options",
    "disregard_failures",
    "ensure_topics",
    "fetch_message",
    "kafka_identity",
    "next_offset",
    "read_between",
    "readable_body",
    "stop_consumer",
    "stop_producer",
]
