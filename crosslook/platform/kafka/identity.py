"""The identity of a Kafka: the cluster's id and the ids of topics, which a broker generates when it creates a topic."""

import uuid
from collections.abc import Sequence
from io import BytesIO
from typing import ClassVar

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    AbstractType,
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from crosslook.contracts.identity import KafkaIdentity
from crosslook.platform.kafka.client import KafkaUnavailable, client_options
from crosslook.platform.settings import KafkaSettings

_METADATA = 3


async def identity_of(admin: AIOKafkaAdminClient, topics: Sequence[str], settings: KafkaSettings) -> KafkaIdentity:
    """Which cluster an open client talks to, and which topics these are; by our names for them.

    Raises KafkaUnavailable, also for a topic that does not exist and for a broker older than 2.8, which gives no ids.
    """
    ours = {settings.name_of(name): name for name in topics}
    try:
        answer = await admin._client.send(admin._client.get_random_node(), _MetadataRequest(list(ours)))
    except (KafkaError, NotImplementedError, OSError) as error:
        raise KafkaUnavailable(f"no topic ids: {type(error).__name__}") from error
    found = {ours[name]: str(topic_id) for error, name, topic_id, *_ in answer.topics if not error}
    if missing := sorted(set(topics) - found.keys()):
        raise KafkaUnavailable(f"the broker does not know {', '.join(missing)}")
    return KafkaIdentity(cluster=answer.cluster_id or "", topics=found)


async def kafka_identity(settings: KafkaSettings, topics: Sequence[str]) -> KafkaIdentity:
    """The same over a connection of its own. Raises KafkaUnavailable."""
    admin = AIOKafkaAdminClient(**client_options(settings, "crosslook-identity"))
    try:
        await admin.start()
        return await identity_of(admin, topics, settings)
    except (KafkaError, OSError) as error:
        raise KafkaUnavailable(f"{settings.bootstrap_servers}: {type(error).__name__}") from error
    finally:
        await admin.close()


class _Uuid(AbstractType[uuid.UUID]):  # type: ignore[misc]  # aiokafka ships no types
    @classmethod
    def encode(cls, value: uuid.UUID) -> bytes:
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> uuid.UUID:
        return uuid.UUID(bytes=data.read(16))


_TEXT = CompactString("utf-8")


class _MetadataResponseV10(Response):  # type: ignore[misc]  # aiokafka ships no types
    """Metadata v10, the first version with topic ids; the client itself speaks up to version 5."""

    API_KEY = _METADATA
    API_VERSION = 10
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            CompactArray(("node_id", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT), ("tags", TaggedFields)),
        ),
        ("cluster_id", _TEXT),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                ("error_code", Int16),
                ("name", _TEXT),
                ("topic_id", _Uuid),
                ("is_internal", Boolean),
                (
                    "partitions",
                    CompactArray(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", CompactArray(Int32)),
                        ("isr", CompactArray(Int32)),
                        ("offline_replicas", CompactArray(Int32)),
                        ("tags", TaggedFields),
                    ),
                ),
                ("authorized_operations", Int32),
                ("tags", TaggedFields),
            ),
        ),
        ("cluster_authorized_operations", Int32),
        ("tags", TaggedFields),
    )


class _MetadataRequestV10(RequestStruct):  # type: ignore[misc]  # aiokafka ships no types
    FLEXIBLE_VERSION = True
    API_KEY = _METADATA
    API_VERSION = 10
    RESPONSE_TYPE = _MetadataResponseV10
    SCHEMA = Schema(
        ("topics", CompactArray(("topic_id", _Uuid), ("name", _TEXT), ("tags", TaggedFields))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
        ("tags", TaggedFields),
    )


class _MetadataRequest(Request[_MetadataRequestV10]):  # type: ignore[misc]  # aiokafka ships no types
    API_KEY: ClassVar[int] = _METADATA

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_MetadataRequestV10]) -> _MetadataRequestV10:
        wanted: list[tuple[uuid.UUID, str, dict[int, bytes]]] = [(uuid.UUID(int=0), name, {}) for name in self._topics]
        return request_struct_class(wanted, False, False, False, {})
