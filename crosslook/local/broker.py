"""The embedded broker: Apache Kafka in KRaft mode, one node on loopback, with a data folder of its own."""

import asyncio
import base64
import uuid
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from crosslook.local.prerequisites import java_problem

LIBRARY = Path(__file__).resolve().parents[2] / "deploy" / "kafka"
READY_SECONDS = 60


class BrokerRefused(Exception):
    """Why the broker does not start, with the remedy."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where one broker keeps its data and listens."""

    folder: Path
    port: int
    controller_port: int

    @property
    def bootstrap(self) -> str:
        """What clients connect to."""
        return f"127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        """The process that is the broker."""
        return [*_java(), "-Xms256m", "-Xmx512m", *_class_path(), "kafka.Kafka", str(self._properties)]

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    async def prepare(self) -> None:
        """Write the configuration, and format the folder the first time. Raises BrokerRefused."""
        problem = java_problem()
        if problem is not None:
            raise BrokerRefused(problem)
        if not (LIBRARY / "target" / "libs").is_dir():
            raise BrokerRefused("Kafka's jars are missing; fetch them: make setup")
        self.folder.mkdir(parents=True, exist_ok=True)
        listeners = f"PLAINTEXT://{self.bootstrap},CONTROLLER://127.0.0.1:{self.controller_port}"
        self._properties.write_text(
            (LIBRARY / "server.properties").read_text(encoding="utf-8")
            + f"listeners={listeners}\nadvertised.listeners={listeners}\n"
            + f"controller.quorum.bootstrap.servers=127.0.0.1:{self.controller_port}\n"
            + f"log.dirs={self.folder / 'data'}\n",
            encoding="utf-8",
        )
        if not (self.folder / "data" / "meta.properties").exists():
            await self._format()

    async def wait_ready(self, timeout_seconds: float = READY_SECONDS) -> None:
        """Returns once the broker answers metadata; an open port is not enough. Raises TimeoutError."""
        async with asyncio.timeout(timeout_seconds):
            while not await self.answers():
                await asyncio.sleep(0.1)

    async def answers(self) -> bool:
        """Whether the broker answers a metadata request now."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=2000)
        try:
            await admin.start()
            await admin.list_topics()
        except (KafkaError, OSError, TimeoutError):
            return False
        else:
            return True
        finally:
            await admin.close()

    async def _format(self) -> None:
        arguments = ["format", "-t", _cluster_id(), "-c", str(self._properties), "--standalone", "-g"]
        process = await asyncio.create_subprocess_exec(
            *_java(),
            *_class_path(),
            "kafka.tools.StorageTool",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise BrokerRefused(f"{self.folder} could not be formatted for Kafka: {said.decode()[-500:]}")


def _java() -> list[str]:
    return ["java", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"]


def _class_path() -> list[str]:
    return ["-cp", str(LIBRARY / "target" / "libs" / "*")]


def _cluster_id() -> str:
    """A Kafka cluster id: 16 random bytes in URL-safe base 64 without padding."""

    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
