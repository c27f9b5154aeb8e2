"""Filling the records topic."""

from collections.abc import Iterable
from itertools import islice
from time import perf_counter

from bench.tickets import Message
from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import Publisher
from crosslook.platform.settings import KafkaSettings

_BATCH = 5000


async def write(kafka: KafkaSettings, messages: Iterable[Message]) -> float:
    """Seconds to write all messages."""
    publisher = Publisher(kafka)
    await publisher.start()
    started = perf_counter()
    waiting = iter(messages)
    while batch := list(islice(waiting, _BATCH)):
        await publisher.publish(RECORDS.name, batch)
    await publisher.stop()
    return perf_counter() - started
