"""Messages of vendors through the worker, compared with a Faust agent that only counts them, in one run:
python -m bench.integrations [--messages N]

a  bare     a Faust agent that takes batches as ours does, counts and acknowledges them
b  worker   our worker, the whole process: map, store facts, read them, fold, publish, acknowledge; it ingests meanwhile

Each round puts the messages of a simulated Zendesk account on topics of its own and runs both one after the other.
The first run of the worker in a round has no facts yet; every ticket has several messages, so most are folded often.
Processor seconds depend less than rates on what else the machine does; those of the worker contain the ingest of what
it publishes. The last lines show how long the steps of the worker's batches took.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import faust
import httpx

from bench.stack import BenchStack, prepared
from crosslook.contracts.positions import covers
from crosslook.contracts.topics import SCHEMAS, WEBHOOKS
from crosslook.local.demo.zendesk_account import ZendeskAccount
from crosslook.local.demo.zendesk_actions import happen
from crosslook.local.ports import free_port
from crosslook.platform.kafka import KafkaUnavailable, OffsetReader, Publisher, ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.logging import configure_logging
from crosslook.platform.metrics import WEBHOOK_STEP_SECONDS
from crosslook.platform.settings import KafkaSettings, LogSettings
from services.snapshot_service.worker import WORKER_GROUP
from tests.helpers.processes import stop
from tests.helpers.webhooks import NOW_MS, SentMessage, connect, sent

_LOOK_SECONDS = 0.05
_TENANTS = 20


def main() -> None:
    """Start a broker and an engine of our own, measure, print, stop them."""
    if sys.argv[1:2] == ["count"]:
        asyncio.run(count(*sys.argv[2:4], messages=int(sys.argv[4])))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    configure_logging(LogSettings(level="WARNING", format="console"), "bench")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder), options))


async def _measure(folder: Path, options: argparse.Namespace) -> None:
    load = os.getloadavg()[0]
    async with prepared(folder) as stack:
        messages = account(options.messages)
        tickets = len({key for key, _, _ in messages})
        print(f"{len(messages):,} messages about {tickets:,} records of {_TENANTS} tenants, load before: {load:.1f}")
        rounds = [await _round(stack, number, messages) for number in range(options.rounds)]
    for name, speeds in zip(("a bare", "b worker"), zip(*rounds, strict=True), strict=True):
        rates, processor = [speed.rate for speed in speeds], median(speed.processor for speed in speeds)
        span = f"{min(rates):,.0f} … {max(rates):,.0f}"
        print(f"{name:<10} {median(rates):>9,.0f}/s   {span}, {processor * 1000:.3f} ms of a processor each")
    ratios = [ours.rate / bare.rate for bare, ours in rounds]
    print(f"b / a      {median(ratios):>9.3f}     {min(ratios):.3f} … {max(ratios):.3f}")
    costs = [bare.processor / ours.processor for bare, ours in rounds]
    print(f"processor  {median(costs):>9.3f}     {min(costs):.3f} … {max(costs):.3f}")
    steps = rounds[-1][1].steps
    print("steps      " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in steps.items()))


def account(count: int) -> list[SentMessage]:
    """Messages of Zendesk accounts, in the order in which they happened."""
    made: list[SentMessage] = []
    for number in range(_TENANTS):
        dice = Random(number)  # noqa: S311  # repeatable is what it is for
        simulated, at = ZendeskAccount(dice), (NOW_MS - 86_400_000) * 1_000_000
        requesters = [simulated.sign_up(at) for _ in range(10)]
        tickets = [simulated.open_ticket(dice.choice(requesters), at) for _ in range(max(1, count // _TENANTS // 8))]
        while len(simulated.messages) < count // _TENANTS:
            at += 1_000_000_000
            happen(simulated, dice.choice(tickets), at)
        for document in simulated.messages:
            record = str(document["detail"].get("id", ""))
            made.append(sent(f"bench{number}", "zendesk", record, json.dumps(document).encode()))  # beyond 64 bits
    Random(0).shuffle(made)  # noqa: S311  # repeatable is what it is for
    return made[:count]


class Speed(NamedTuple):
    """Messages a second, and the processor seconds of one. `steps`: seconds by step of the worker's batches."""

    rate: float
    processor: float
    steps: Mapping[str, float] = {}


async def _round(stack: BenchStack, number: int, messages: list[SentMessage]) -> tuple[Speed, Speed]:
    kafka = stack.kafka.model_copy(update={"topic_prefix": f"{uuid.uuid4().hex[:8]}."})
    await ensure_topics(kafka)
    schemas, publisher = KafkaLogStore(SCHEMAS.name, kafka), Publisher(kafka, delivery_seconds=120)
    await schemas.start()
    await publisher.start()
    for tenant in range(_TENANTS):
        await connect(schemas, f"bench{tenant}", "zendesk")
    await publisher.publish(WEBHOOKS.name, messages)
    for running in (schemas, publisher):
        await running.stop()
    bare = await asyncio.to_thread(_counted, kafka, len(messages))
    ours = await _worked(stack, kafka, f"hooks_{number}", len(messages))
    print(f"round {number + 1}: a {bare.rate:,.0f}/s, b {ours.rate:,.0f}/s")
    return bare, ours


def _counted(kafka: KafkaSettings, messages: int) -> Speed:
    topic = kafka.name_of(WEBHOOKS.name)
    command = [sys.executable, "-m", "bench.integrations", "count", kafka.bootstrap_servers, topic, str(messages)]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=600).stdout.split()
    return Speed(float(said[-2]), float(said[-1]))


async def count(servers: str, topic: str, *, messages: int) -> None:
    """Print how many messages an agent counts a second and the processor seconds of one, from the end of its first
    batch on."""
    app = faust.App(
        f"bare-{topic}",
        broker=[f"kafka://{servers}"],
        datadir=tempfile.gettempdir(),
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        stream_wait_empty=False,
    )
    done = asyncio.Event()
    seen, first, since, used = 0, 0, 0.0, 0.0

    @app.agent(app.topic(topic, value_type=bytes, value_serializer="raw", key_serializer="raw"))  # type: ignore[untyped-decorator]  # faust is read without types
    async def counted(stream: faust.Stream) -> None:
        nonlocal seen, first, since, used
        async for events in stream.noack_take(500, within=0.2):
            for event in events:
                await stream.ack(event)
            seen += len(events)
            if not first:
                first, since, used = seen, perf_counter(), process_time()
            if seen >= messages:
                done.set()

    app.loop = asyncio.get_running_loop()
    app.finalize()
    await app.maybe_start()
    await done.wait()
    print((seen - first) / (perf_counter() - since), (process_time() - used) / (seen - first))
    await app.stop()


async def _worked(stack: BenchStack, kafka: KafkaSettings, name: str, messages: int) -> Speed:
    port = free_port()
    environment = {
        **stack.environment(name, name),
        "CROSSLOOK_KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "CROSSLOOK_HTTP__PORT": str(port),
        "CROSSLOOK_WORKER__NAME": name,
    }
    offsets = OffsetReader(WEBHOOKS.name, WORKER_GROUP, kafka)
    await offsets.start()
    end = {partition: offset for partition, offset in (await offsets.end_offsets()).items() if offset}
    process = _started(stack.folder / f"{name}.log", environment)
    try:
        while not (begun := await _committed(offsets)):
            await _later(process)
        started, used, left = perf_counter(), _processor_seconds(process.pid), messages - sum(begun.values())
        while not covers(await _committed(offsets), end):
            await _later(process)
        rate, spent = left / (perf_counter() - started), (_processor_seconds(process.pid) - used) / left
        return Speed(rate, spent, await _steps(port))
    finally:
        await asyncio.to_thread(stop, process)
        await offsets.stop()


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _steps(port: int) -> dict[str, float]:
    async with httpx.AsyncClient(trust_env=False) as http:
        page = (await http.get(f"http://127.0.0.1:{port}/metrics", timeout=30)).text
    found = re.findall(rf'^{WEBHOOK_STEP_SECONDS.name}_sum{{step="(\w+)"}} (\S+)$', page, re.MULTILINE)
    return {step: float(seconds) for step, seconds in found}


async def _later(process: subprocess.Popen[bytes]) -> None:
    """A moment later. Raises RuntimeError where the worker has ended and nothing can change any more."""
    if process.poll() is not None:
        raise RuntimeError(f"the worker ended with status {process.returncode}")
    await asyncio.sleep(_LOOK_SECONDS)


def _started(log_file: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    with log_file.open("wb") as log:
        command = [sys.executable, "-m", "services.snapshot_service"]
        return subprocess.Popen(command, stdout=log, stderr=log, env=environment)


async def _committed(offsets: OffsetReader) -> dict[int, int]:
    try:
        return await offsets.committed()
    except KafkaUnavailable:
        return {}


if __name__ == "__main__":
    main()
