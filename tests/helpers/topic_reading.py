"""Reads messages from a topic of a real broker."""

import asyncio
import uuid
from typing import NamedTuple

from crosslook.platform.kafka import RecordSource
from crosslook.platform.settings import KafkaSettings


class ReadTopicMessage(NamedTuple):
    """One message: its key, its value, its headers by name."""

    key: bytes
    value: bytes
    headers: dict[str, bytes]


async def read_messages(broker: KafkaSettings, topic: str, prefix: str, count: int) -> list[ReadTopicMessage]:
    """The messages whose keys begin with the prefix, once there are so many. Raises TimeoutError."""
    source = RecordSource(topic, f"reader-{uuid.uuid4().hex[:8]}", broker)
    await source.start()
    found: list[ReadTopicMessage] = []
    try:
        async with asyncio.timeout(120):
            while len(found) < count:
                for messages in (await source.read(200, 1000)).values():
                    for message in messages:
                        if (message.key or b"").startswith(prefix.encode()):
                            headers = {name: value or b"" for name, value in message.headers}
                            found.append(ReadTopicMessage(message.key or b"", message.value or b"", headers))
    finally:
        await source.stop()
    return found
