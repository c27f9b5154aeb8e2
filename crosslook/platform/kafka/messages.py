"""Fetches one message by its offset, without joining a group."""

import asyncio

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from crosslook.platform.kafka.client import KafkaUnavailable, client_options, stop_consumer
from crosslook.platform.kafka.source import RawMessage
from crosslook.platform.settings import KafkaSettings

_FETCH_SECONDS = 10.0


async def fetch_message(topic: str, partition: int, offset: int, settings: KafkaSettings) -> RawMessage | None:
    """The message at an offset between the partition's beginning and end, an UnreadableMessage where it cannot be read;
    None where there is none, as at the marker of a transaction. Raises KafkaUnavailable."""
    consumer = AIOKafkaConsumer(
        **client_options(settings, "crosslook-fetch"),
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
        max_partition_fetch_bytes=1024 * 1024,
    )
    place = TopicPartition(settings.name_of(topic), partition)
    try:
        await consumer.start()
        consumer.assign([place])
        consumer.seek(place, offset)
        async with asyncio.timeout(_FETCH_SECONDS):
            while await consumer.position(place) <= offset:
                batches = await consumer.getmany(place, timeout_ms=250, max_records=1)
                for message in batches.get(place, ()):
                    return message if message.offset == offset else None
    except (KafkaError, TimeoutError) as error:
        raise KafkaUnavailable(type(error).__name__) from error
    finally:
        await stop_consumer(consumer)
    return None
