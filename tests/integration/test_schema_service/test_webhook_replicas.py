"""A webhook at a replica that has not read yet what another one wrote: its connection, its secret."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import httpx
import pytest
from aiokafka import AIOKafkaConsumer

from crosslook.contracts.integrations import integration_key
from crosslook.contracts.topics import WEBHOOKS
from crosslook.platform.clock import FixedClock
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.kafka import RawMessage, ensure_topics
from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.settings import KafkaSettings
from services.schema_service import sources
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.helpers.tiny_vendors import SECRET, TINY_VENDORS, courier_headers, parcel
from tests.helpers.topic_reading import read_messages
from tests.integration.test_schema_service.conftest import NOW
from tests.integration.test_schema_service.test_integrations import connect

AT_ONCE = 8


class HeldStore(KafkaElectedStore):
    """Takes nothing that it reads before it is `released`, which happens when it is asked to read to the end."""

    asked = 0

    @cached_property
    def released(self) -> asyncio.Event:
        """Set at first; cleared, the store holds what it reads."""
        event = asyncio.Event()
        event.set()
        return event

    async def catch_up(self, timeout_seconds: float = 10) -> int:
        self.asked += 1
        self.released.set()
        return await super().catch_up(timeout_seconds)

    async def _messages(self, consumer: AIOKafkaConsumer) -> Sequence[RawMessage]:
        found = await super()._messages(consumer)
        await self.released.wait()
        return found


@dataclass(frozen=True, slots=True)
class Pair:
    """Two replicas: connections are made at the first, whose words reach the second's store late."""

    kafka: KafkaSettings
    first: Service
    second: Service
    store: HeldStore

    def hold(self) -> None:
        """From now on the second replica reads nothing new by itself."""
        self.store.asked = 0
        self.store.released.clear()

    async def post(self, tenant: str, number: int, secret: str = SECRET) -> httpx.Response:
        """A parcel's message at the second replica."""
        body = parcel(number)
        signed = courier_headers(body, NOW, secret)
        return await self.second.http.post(f"/v1/webhooks/{tenant}/courier", content=body, headers=signed)


@pytest.fixture(scope="module")
async def pair(kafka: KafkaSettings, tokens: Tokens) -> AsyncIterator[Pair]:
    """Both, on topics of their own."""
    own, made = own_topics(kafka), list[HeldStore]()
    await ensure_topics(own)

    def held_store(topic: str, settings: KafkaSettings, address: str, *, client_id: str) -> HeldStore:
        made.append(HeldStore(topic, settings, address, client_id=client_id))
        return made[-1]

    clock = FixedClock(NOW)
    async with running_service(own, tokens, clock, catalog=TINY_VENDORS, http=HttpSettings(port=8001)) as first:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sources, "KafkaElectedStore", held_store)
            running = running_service(own, tokens, clock, catalog=TINY_VENDORS, http=HttpSettings(port=8002))
            async with running as second:
                yield Pair(own, first, second, made[0])


async def test_a_connection_made_elsewhere_takes_its_first_messages(pair: Pair) -> None:
    pair.hold()
    await connect(pair.first, "newcomer")
    assert pair.store.get(integration_key("newcomer", "courier")) is None
    answers = await asyncio.gather(*(pair.post("newcomer", number) for number in range(AT_ONCE)))
    assert [answer.status_code for answer in answers] == [202] * AT_ONCE
    assert 1 <= pair.store.asked <= 2  # they share the read, whoever came while it was under way the next one
    found = await read_messages(pair.kafka, WEBHOOKS.name, "newcomer/", AT_ONCE)
    assert {message.value for message in found} == {parcel(number) for number in range(AT_ONCE)}


async def test_a_secret_replaced_elsewhere_is_valid_at_once(pair: Pair) -> None:
    await connect(pair.first, "renewed")
    await pair.store.catch_up()
    assert (await pair.post("renewed", 1)).status_code == 202
    pair.hold()
    await connect(pair.first, "renewed", signing_secret="the new one")
    assert (await pair.post("renewed", 2, "the new one")).status_code == 202
    assert (await pair.post("renewed", 3, "neither")).status_code == 401
