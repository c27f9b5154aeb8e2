"""An installation whose volumes a test loses: broker, engine and three services as processes, and the runbook's own
commands to bring it back."""

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson

from crosslook.contracts.ids import record_key
from crosslook.contracts.positions import covers
from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import OffsetReader, Publisher, ensure_topics
from tests.helpers.builders import event
from tests.helpers.faults_processes import SERVICES, BrokerProcess, EngineProcess, WorkerProcess, until, warm_up
from tests.helpers.three_services import COUNT

_RUNBOOK = Path(__file__).parents[2] / "docs" / "runbook.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(heading: str) -> list[str]:
    """The runbook's shell blocks under a heading."""
    text = _RUNBOOK.read_text(encoding="utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found is not None, f"the runbook has no entry {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return _BLOCK.findall(rest[: end.start()] if end is not None else rest)


@dataclass(slots=True)
class Installation:
    """An installation with one object. `sent`: how many tickets so far, each a record of its own."""

    broker: BrokerProcess
    engine: EngineProcess
    folder: Path
    group: str = "crosslook-ingest"
    sent: int = 0
    services: dict[str, WorkerProcess] = field(default_factory=dict)

    async def start(self, *services: str) -> None:
        """Start services, all where none is named; they need not become ready."""
        started = {service: self._start(service) for service in services or SERVICES}
        self.services |= started
        for service in started:
            await self.asked("GET", service, "/livez")

    async def ready(self) -> None:
        """Wait until all services are."""
        for process in self.services.values():
            await process.ready()

    def kill(self, *services: str) -> None:
        """SIGKILL services, all where none is named."""
        for service in services or tuple(self.services):
            self.services.pop(service).kill()

    async def asked(self, method: str, service: str, path: str, **more: Any) -> httpx.Response:
        """The answer of a service, once it listens. `more`: what httpx takes."""
        answers: list[httpx.Response] = []

        async def answered() -> bool:
            async with httpx.AsyncClient(base_url=self.services[service].url, trust_env=False, timeout=60) as http:
                with contextlib.suppress(httpx.TransportError):
                    answers.append(await http.request(method, path, **more))
            return bool(answers)

        await until(answered, f"an answer of {service}")
        return answers[0]

    async def done(
        self, method: str, service: str, path: str, body: dict[str, Any], if_match: str | None = None
    ) -> dict[str, Any]:
        """The answer to a change, which is made."""
        headers = {"If-Match": if_match} if if_match is not None else {}
        answer = await self.asked(method, service, path, json=body, headers=headers)
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def send(self, tickets: int) -> None:
        """Events about so many further tickets."""
        first, self.sent = self.sent, self.sent + tickets
        now = datetime.now(UTC)
        publisher = Publisher(self.broker.settings)
        await publisher.start()
        try:
            messages = []
            for number in range(first, self.sent):
                sent = event("acme", "ticket", str(number), {"score": number}, event_id=f"e{number}", time=now)
                header = (("content-type", b"application/cloudevents+json"),)
                messages.append((record_key("acme", "ticket", str(number)), orjson.dumps(sent), header))
            await publisher.publish(RECORDS.name, messages)
        finally:
            await publisher.stop()

    async def refresh(self) -> dict[str, Any]:
        """Refresh and wait for the end."""
        run: dict[str, Any] = (await self.asked("POST", "snapshot_service", "/v1/snapshots")).json()

        async def over() -> bool:
            run.update((await self.asked("GET", "snapshot_service", f"/v1/runs/{run['run']}")).json())
            return run["state"] in ("published", "failed")

        await until(over, "the end of a run")
        return run

    async def counts(self, tickets: int) -> None:
        """Wait until a refresh publishes, and reports count so many tickets."""

        async def published() -> bool:
            return bool((await self.refresh())["state"] == "published")

        await until(published, "a published snapshot")
        await self.reports(tickets)

    async def tickets(self) -> int:
        """How many tickets reports count."""
        answer = await self.done("POST", "query_service", "/v1/tenants/acme/query", COUNT)
        return int(answer["rows"][0][0])

    async def reports(self, tickets: int) -> None:
        """Wait until reports count so many tickets."""
        seen: list[Any] = []

        async def counted() -> bool:
            answer = await self.asked("POST", "query_service", "/v1/tenants/acme/query", json=COUNT)
            seen[:] = [answer.json().get("rows") or answer.text]
            return bool(seen == [[[tickets]]])

        try:
            await until(counted, f"a count of {tickets}")
        except AssertionError:
            raise AssertionError(f"reports count {seen}, not {tickets}") from None

    async def stopped(self, reason: str) -> None:
        """Ingest, refreshes and readiness give this reason."""
        await self.services["snapshot_service"].unready(reason)
        run = await self.refresh()
        assert (run["state"], run["reason"]) == ("failed", reason)

    async def run_book(self, heading: str) -> list[dict[str, Any]]:
        """Run the commands of a runbook entry one after the other, as an operator does who copies the plan's name from
        the answer before; answers what each printed last."""
        answers: list[dict[str, Any]] = []
        told: dict[str, str] = {}
        for block in commands(heading):
            answers.append(await self.shell(block, **told))
            if answers[-1].get("plan"):
                told["PLAN"] = answers[-1]["plan"]
        return answers

    async def shell(self, block: str, **told: str) -> dict[str, Any]:
        """What the last command of a shell block prints. `told`: its variables, beside the services' addresses."""
        names = {"SCHEMA": "schema_service", "SNAPSHOT": "snapshot_service", "QUERY": "query_service"}
        addresses = {name: self.services[service].url for name, service in names.items()}
        process = await asyncio.create_subprocess_exec(
            *("bash", "-euo", "pipefail", "-c", block),
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "TOKEN": "any", **addresses, **told},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, f"{block}\n{out.decode()}\n{err.decode()}"
        answer: dict[str, Any] = orjson.loads(out.strip().split(b"\n")[-1])
        return answer

    async def write(self, topic: str, key: str, value: bytes) -> None:
        """Append a message to a log, as an accident may."""
        publisher = Publisher(self.broker.settings)
        await publisher.start()
        try:
            await publisher.publish(topic, [(key.encode(), value, ())])
        finally:
            await publisher.stop()

    async def staged(self) -> None:
        """Wait until everything is staged, by the group's commits."""
        reader = OffsetReader(RECORDS.name, self.group, self.broker.settings)
        await reader.start()

        async def committed() -> bool:
            return covers(await reader.committed(), await reader.end_offsets())

        try:
            await until(committed, "the commit of everything")
        finally:
            await reader.stop()

    def lose_clickhouse(self, backup: Path | None = None) -> None:
        """Kill the engine and start it on an empty folder, or on a copy."""
        self.engine.kill()
        data = self.folder / "engine"
        shutil.rmtree(data)
        if backup is not None:
            shutil.copytree(backup, data, symlinks=True)
        self.engine.start()

    def back_up_clickhouse(self) -> Path:
        """A copy of the engine's folder, taken while it is down."""
        self.engine.stop()
        backup = self.folder / "backup"
        shutil.rmtree(backup, ignore_errors=True)
        shutil.copytree(self.folder / "engine", backup, symlinks=True)
        self.engine.start()
        return backup

    async def lose_kafka(self) -> None:
        """Kill the broker and start it on an empty folder, with new topics."""
        self.broker.kill()
        shutil.rmtree(self.folder / "kafka")
        await self.broker.start()
        await ensure_topics(self.broker.settings)

    def _start(self, service: str) -> WorkerProcess:
        engine = self.engine.settings("crosslook")
        environment = {
            "KAFKA__BOOTSTRAP_SERVERS": self.broker.settings.bootstrap_servers,
            "CLICKHOUSE__PORT": str(engine.port),
            "CLICKHOUSE__PASSWORD": engine.read_password(),
            "CLICKHOUSE__DATABASE": engine.database,
            "AUTH__MODE": "off",
            "TENANTS__OPEN": "true",
            "LOG__LEVEL": "INFO",
        }
        if service == "snapshot_service":
            environment |= {
                "INGEST__GROUP": self.group,
                "INGEST__POLL_MS": "20",
                "INGEST__LINGER_SECONDS": "0",
                "INGEST__CONTROLS_SECONDS": "0.1",
                "REFRESH__CRON": "0 0 1 1 *",
                "REFRESH__CHECK_SECONDS": "0.5",
            }
        log = self.folder / f"{service}.log"
        return WorkerProcess({f"CROSSLOOK_{key}": value for key, value in environment.items()}, log, service)


@contextlib.asynccontextmanager
async def running_volumes(folder: Path) -> AsyncIterator[tuple[BrokerProcess, EngineProcess]]:
    """A broker and an engine on folders that a test may lose."""
    broker, engine = BrokerProcess(folder), EngineProcess(folder / "engine")
    warm_up()
    try:
        await asyncio.gather(asyncio.to_thread(engine.start), broker.start())
        yield broker, engine
    finally:
        broker.stop()
        engine.stop()
