"""A publisher that returns once the broker has acknowledged."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from crosslook.contracts.topics import RECORD_MESSAGE_MAX
from crosslook.platform.kafka.client import KafkaUnavailable, client_options, stop_producer
from crosslook.platform.settings import KafkaSettings

_START_SECONDS = 60


class Publisher:
    """Appends messages and answers when the broker has acknowledged them (idempotent, acks=all).

    `delivery_seconds`: how long the broker may take for one call. `largest_message`: in bytes, with key and headers.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        *,
        client_id: str = "crosslook",
        delivery_seconds: float = 15,
        largest_message: int = RECORD_MESSAGE_MAX,
    ) -> None:
        self._settings = settings
        self._client_id = client_id
        self._delivery_seconds = delivery_seconds
        self._largest_message = largest_message
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises KafkaUnavailable."""
        producer = AIOKafkaProducer(
            **client_options(self._settings, self._client_id),
            enable_idempotence=True,
            acks="all",
            compression_type="lz4",
            linger_ms=2,
            max_request_size=self._largest_message,
            request_timeout_ms=15_000,
        )
        try:
            async with asyncio.timeout(_START_SECONDS):  # the client asks for its id without end
                await producer.start()
        except BaseException as error:
            await stop_producer(producer)
            if isinstance(error, KafkaError | TimeoutError):
                raise KafkaUnavailable(type(error).__name__) from error
            raise
        self._producer = producer

    async def stop(self) -> None:
        """Flush and disconnect. Safe to call twice, and before the start."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_producer(producer)

    async def publish(
        self, topic: str, messages: Sequence[tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]]
    ) -> list[tuple[int, int]]:
        """Append (key, value, headers) messages; answers their (partition, offset) once all are acknowledged.

        Raises KafkaUnavailable when any of them is not in time: some may be in the log all the same, or come to be, so
        the caller's retry must be harmless.
        """
        producer = self._producer
        if producer is None:
            raise KafkaUnavailable("the publisher is stopped")
        pending: list[asyncio.Future[Any]] = []
        try:
            async with asyncio.timeout(self._delivery_seconds):
                for key, value, headers in messages:
                    pending.append(
                        await producer.send(self._settings.name_of(topic), value=value, key=key, headers=list(headers))
                    )
                if pending:
                    await asyncio.wait(pending)
            return [(written.partition, written.offset) for written in [future.result() for future in pending]]
        except (KafkaError, TimeoutError) as error:
            for future in pending:
                future.add_done_callback(_look_at)
            raise KafkaUnavailable(type(error).__name__) from error


def _look_at(future: asyncio.Future[Any]) -> None:
    """Nobody waits for this message any more: without a look at its error the loop would log it as forgotten."""
    if not future.cancelled():
        future.exception()
