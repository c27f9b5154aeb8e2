"""A broker that tests of log stores freeze and stop, and logs on it that notice it quickly."""

import signal
import subprocess
import uuid
from pathlib import Path

from crosslook.contracts.topics import Topic
from crosslook.local.broker import Broker
from crosslook.local.ports import free_port
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.settings import KafkaSettings
from tests.helpers.processes import stop


class Kafka:
    """A broker of our own that can be frozen, stopped and started again on the same data.

    `properties`: lines of server.properties that win over its own.
    """

    def __init__(self, folder: Path, properties: str = "") -> None:
        self._broker = Broker(folder / "kafka", free_port(), free_port())
        self._properties = properties
        self._log = folder / "kafka.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.settings = KafkaSettings(bootstrap_servers=self._broker.bootstrap)

    async def start(self) -> None:
        """Start it, or start it again; returns once it answers."""
        await self._broker.prepare()
        with (self._broker.folder / "server.properties").open("a") as properties:
            properties.write(self._properties)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._broker.command, stdout=log, stderr=log)
        await self._broker.wait_ready()

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, such as SIGSTOP."""
        assert self._process is not None
        self._process.send_signal(number)

    def stop(self) -> None:
        """Stop it, also a frozen one."""
        if self._process is not None:
            self.signal(signal.SIGCONT)
            stop(self._process)

    async def new_topic(self) -> str:
        """The name of a compacted topic that nobody has used."""
        name = f"test-log-{uuid.uuid4().hex[:8]}"
        await ensure_topics(self.settings, [Topic(name, "key", "compact", 1, (), ())])
        return name


class Pair:
    """A store and a view of one log that notice quickly when the broker is silent."""

    def __init__(self, topic: str, settings: KafkaSettings) -> None:
        self.store = KafkaLogStore(topic, settings, sign_of_life_seconds=1, request_timeout_seconds=3)
        self.view = KafkaLogView(topic, settings, sign_of_life_seconds=1)
