"""Options of all Kafka clients, and the error that they raise when Kafka is unavailable."""

import asyncio
import contextlib
import ssl
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError

from crosslook.platform.kafka import connections, decoding, membership
from crosslook.platform.settings import KafkaSettings

_STOP_SECONDS = 5
_SENDER_SECONDS = 1


class KafkaUnavailable(Exception):
    """Kafka did not answer a request; a retry may work."""


def client_options(settings: KafkaSettings, client_id: str) -> dict[str, Any]:
    """Options of every client. From then on, consumers of this process read safely (`decoding.install`), clients
    leave no connection behind (`connections.close_cancelled`), and members of groups come back to them
    (`membership.survive_cancelled_heartbeats`)."""
    decoding.install(settings.decompressed_max_bytes)
    connections.close_cancelled()
    membership.survive_cancelled_heartbeats()
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers,
        "client_id": client_id,
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl.create_default_context(cafile=settings.ssl_cafile)
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = settings.sasl_password.get_secret_value()
    return options


async def stop_producer(producer: AIOKafkaProducer) -> None:
    """Flush and disconnect; give up queued messages if the broker does not accept them in time.

    An idempotent producer never gives a message up by itself, and aiokafka's stop waits for its queue without a
    deadline: a service whose broker is away would never end. Nor would its sender, which waits for a request of a
    transaction that looks for the broker for ever: cancelled once more, it gives that up, too.
    """
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.stop()
    except TimeoutError:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SENDER_SECONDS):
                await producer._sender.close()
        producer._message_accumulator.fail_all(KafkaConnectionError("the producer is stopped"))
        disregard_failures(producer)
        await producer.client.close()


def disregard_failures(producer: AIOKafkaProducer) -> None:
    """Look at the futures that a producer leaves behind: the event loop would log each error as forgotten."""
    batches = [batch for batches in producer._message_accumulator._batches.values() for batch in batches]
    futures = [producer._txn_manager.wait_for_transaction_end(), *(batch._drain_waiter for batch in batches)]
    for future in futures:
        if future is not None and future.done() and not future.cancelled():
            future.exception()


async def stop_consumer(consumer: AIOKafkaConsumer) -> None:
    """Leave the group and disconnect, also while the broker is away.

    aiokafka cancels its fetches, and one that is just pausing after a failure throws that cancellation at whoever
    stops the consumer, half-way through. What is then left of the stop is done here.
    """
    try:
        await consumer.stop()
    except asyncio.CancelledError:
        caller = asyncio.current_task()
        if caller is not None and caller.cancelling():
            raise
        fetches = list(consumer._fetcher._pending_tasks)
        for fetch in fetches:
            fetch.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)
        await consumer._client.close()
