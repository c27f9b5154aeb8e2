"""Fetches one message by its offset, without joining a group."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from crosslook.platform.kafka.client import KafkaUnavailable, client_options, stop_consumer
from crosslook.platform.kafka.offsets import OffsetReader
from crosslook.platform.kafka.source import RawMessage
from crosslook.platform.settings import KafkaSettings

_FETCH_SECONDS = 10.0
_AT_ONCE = 500


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


async def read_between(
    topic: str, since_ms: int, until_ms: int, settings: KafkaSettings
) -> AsyncGenerator[Sequence[RawMessage], None]:
    """The messages that the broker appended in [since, until), milliseconds since the epoch, in batches: those of each
    partition in their order. Only what is on the topic when it begins. Raises KafkaUnavailable."""
    consumer = AIOKafkaConsumer(
        **client_options(settings, "crosslook-read"),
        enable_auto_commit=False,
        auto_offset_reset="none",
        isolation_level="read_committed",
        max_partition_fetch_bytes=1024 * 1024,
    )
    try:
        ends = await _ends(topic, settings)
        await consumer.start()
        left = await _seek(consumer, settings.name_of(topic), ends, since_ms)
        while left:
            async with asyncio.timeout(_FETCH_SECONDS):
                batches = await consumer.getmany(*left, timeout_ms=250, max_records=_AT_ONCE)
            found = [m for batch in batches.values() for m in batch if since_ms <= m.timestamp < until_ms]
            if found:
                yield found
            late = {place for place, batch in batches.items() if batch[-1].timestamp >= until_ms}
            left = {p: end for p, end in left.items() if p not in late and await consumer.position(p) < end}
    except (KafkaError, TimeoutError) as error:
        raise KafkaUnavailable(type(error).__name__) from error
    finally:
        await stop_consumer(consumer)


async def _seek(
    consumer: AIOKafkaConsumer, topic: str, ends: Mapping[int, int], since_ms: int
) -> dict[TopicPartition, int]:
    """Begin at an instant; answers the partitions with something to read, each with its end."""
    places = {TopicPartition(topic, number): end for number, end in ends.items()}
    consumer.assign(list(places))
    found = await consumer.offsets_for_times(dict.fromkeys(places, since_ms))
    starts = {place: start.offset for place, start in found.items() if start is not None}
    for place, end in places.items():
        consumer.seek(place, starts.get(place, end))
    return {place: places[place] for place, start in starts.items() if start < places[place]}


async def _ends(topic: str, settings: KafkaSettings) -> Mapping[int, int]:
    offsets = OffsetReader(topic, "crosslook-read", settings)
    await offsets.start()
    try:
        return await offsets.end_offsets()
    finally:
        await offsets.stop()
