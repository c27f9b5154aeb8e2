"""Replicas that lose answers of the broker while they save the health of integrations: everything counts once."""

import contextlib
import os
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from crosslook.contracts.topics import HEALTH
from crosslook.platform.log_store.slots import KafkaSlottedLog
from services.schema_service.domain.webhook_health import IntakeOutcome
from services.schema_service.integrations.health import IntegrationHealth
from services.schema_service.integrations.health_saver import HealthSaver
from tests.helpers.examples import examples
from tests.helpers.faults import SEED
from tests.helpers.faults_processes import until
from tests.helpers.faults_replicas import Network, running_network
from tests.helpers.health import Installation
from tests.helpers.proxy import Proxy

ROUNDS = examples(15, 100)
TRANSACTIONAL = b"crosslook-health-slot"
"""What each request of a writer holds: to find its coordinator, begin, append and commit."""


@dataclass(slots=True)
class Replica:
    """One replica and its way to the broker."""

    proxy: Proxy
    log: KafkaSlottedLog
    health: IntegrationHealth
    saver: HealthSaver


@pytest.fixture(scope="module")
async def network(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Network]:
    """A broker with a way to it for each replica."""
    async with running_network(tmp_path_factory.mktemp("health")) as running:
        yield running


@contextlib.asynccontextmanager
async def running_replicas(network: Network, installation: Installation) -> AsyncIterator[list[Replica]]:
    """A replica at each way to the broker; they notice quickly when it does not answer."""
    replicas: list[Replica] = []
    async with contextlib.AsyncExitStack() as stack:
        for proxy, port in zip(network.proxies, network.broker.proxies, strict=True):
            kafka = network.kafka.model_copy(update={"bootstrap_servers": f"127.0.0.1:{port}"})
            log = KafkaSlottedLog(HEALTH.name, kafka, sign_of_life_seconds=1, request_timeout_seconds=2)
            await log.start()
            stack.push_async_callback(log.stop)
            health, saver = installation.saving(log, f"http://127.0.0.1:{port}")
            await saver.start()
            stack.push_async_callback(saver.stop)
            replicas.append(Replica(proxy, log, health, saver))
        yield replicas


def disturb(proxy: Proxy, choices: random.Random) -> None:
    """Lose some of the next answers, all connections, or the whole way to the broker."""
    match choices.choice(["none", "answers", "answers", "answers", "connections", "everything"]):
        case "answers":
            proxy.cut_request, proxy.cut_after = TRANSACTIONAL, choices.choice([0, 4, 10])
            proxy.cuts_left = choices.randint(1, 6)
        case "connections":
            proxy.drop()
        case "everything":
            proxy.refuses = True
            proxy.drop()


async def test_whatever_answers_are_lost_every_message_counts_once(network: Network) -> None:
    seed = int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))
    print(f"{SEED}={seed}")  # noqa: T201  # repeats the cuts of a run that failed
    choices, sent = random.Random(seed), 0  # noqa: S311  # repeatable by its seed
    installation = await Installation().start()
    async with running_replicas(network, installation) as replicas:
        for _ in range(ROUNDS):
            replica, times = choices.choice(replicas), choices.randint(1, 9)
            for _ in range(times):
                replica.health.count(installation.state, IntakeOutcome.ACCEPTED)
            sent += times
            disturb(replica.proxy, choices)
            await replica.saver.save()
            replica.proxy.cuts_left, replica.proxy.refuses = 0, False
            installation.later(minutes=choices.choice([0, 1, 4]))  # after four minutes others may take its slot

        async def saved() -> bool:
            for replica in replicas:
                await replica.saver.save()
            return not any(replica.health.is_unsaved for replica in replicas)

        await until(saved, "the end of all saving")
        for replica in replicas:
            await replica.log.catch_up()
        assert [replica.health.report(installation.state).events_24h for replica in replicas] == [sent] * len(replicas)
