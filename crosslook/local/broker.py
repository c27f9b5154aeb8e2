"""The embedded broker: Apache Kafka in KRaft mode, one node on loopback, with a data folder of its own."""

import asyncio
import base64
import uuid
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from crosslook.local.messages import CommandRefused
from crosslook.local.ports import listens
from crosslook.local.prerequisites import java_problem

LIBRARY = Path(__file__).resolve().parents[2] / "deploy" / "kafka"
READY_SECONDS = 180


class BrokerRefused(CommandRefused):
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

    def check(self) -> None:
        """Raises BrokerRefused when this machine or this folder cannot run Kafka."""
        if "," in str(self.folder):
            raise BrokerRefused("folder_comma", folder=str(self.folder))
        if (problem := java_problem()) is not None:
            key, values = problem
            raise BrokerRefused(key, **values)
        if not any((LIBRARY / "target" / "libs").glob("kafka_*.jar")):
            raise BrokerRefused("jars_missing", folder=str(LIBRARY / "target" / "libs"))

    async def prepare(self) -> None:
        """Write the configuration, and format the folder the first time. Raises BrokerRefused."""
        self.check()
        self.folder.mkdir(parents=True, exist_ok=True)
        listeners = f"PLAINTEXT://{self.bootstrap},CONTROLLER://127.0.0.1:{self.controller_port}"
        self._properties.write_text(
            (LIBRARY / "server.properties").read_text(encoding="utf-8")
            + f"listeners={listeners}\nadvertised.listeners={listeners}\n"
            + f"controller.quorum.bootstrap.servers=127.0.0.1:{self.controller_port}\n"
            # A broker that was killed may register again only when its old session is over.
            + "broker.session.timeout.ms=5000\nbroker.heartbeat.interval.ms=500\n"
            + f"log.dirs={_property(str(self.folder / 'data'))}\n",
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
        if not listens(self.port):
            return False
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

    async def why_unready(self) -> str | None:
        """A word for why it is of no use now, None when it answers."""
        return None if await self.answers() else "silent"

    async def _format(self) -> None:
        arguments = ["format", f"--cluster-id={_cluster_id()}", "-c", str(self._properties), "--standalone", "-g"]
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
            reason = said.decode(errors="replace")[-500:]
            raise BrokerRefused("format_failed", folder=str(self.folder), reason=reason)


def _java() -> list[str]:
    # One small node: quick to start and light on the processor matters more than its utmost throughput.
    tuned = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
    return [
        "java",
        *tuned,
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
    ]


def _class_path() -> list[str]:
    return ["-cp", str(LIBRARY / "target" / "libs" / "*")]


def _property(text: str) -> str:
    """A value of a Java properties file, which is Latin-1 and takes a backslash for an escape."""
    units = text.replace("\\", "\\\\").encode("utf-16-be")
    codes = (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))
    return "".join(chr(code) if 0x20 <= code < 0x7F else f"\\u{code:04x}" for code in codes)


def _cluster_id() -> str:
    """A Kafka cluster id: 16 random bytes in URL-safe base 64 without padding."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
