"""Connections of Kafka clients: one that a client gives up while it connects is closed, too."""

import asyncio
from typing import Any

from aiokafka import client
from aiokafka.conn import AIOKafkaConnection


class _FirstConnection(AIOKafkaConnection):  # type: ignore[misc]  # aiokafka ships no types
    """The connection on which a client asks for its first metadata. aiokafka closes it after the answer and after an
    error; nobody would after a cancellation."""

    async def send(self, request: Any, expect_response: bool = True) -> Any:
        """As the client's own."""
        try:
            return await super().send(request, expect_response)
        except asyncio.CancelledError:
            self.close()
            raise


async def _connect(host: str, port: int, **options: Any) -> AIOKafkaConnection:
    """As `create_conn` of aiokafka, which gives only the first connection no callback for its end."""
    kind = AIOKafkaConnection if options.get("on_close") else _FirstConnection
    connection = kind(host, port, **options)
    await connection.connect()
    return connection


def close_cancelled() -> None:
    """Make every client of this process close a first connection that is cancelled."""
    if not hasattr(client, "create_conn"):
        raise RuntimeError("aiokafka.client has no create_conn: its way to connect cannot be replaced")
    client.create_conn = _connect
