"""How much memory one compressed batch takes: 300 messages of 1 MiB of spaces, in a few kilobytes.

`python -m bench.bombs` starts a broker, sends one batch a codec, and reads each in processes of their own: by our
record source, and by the client as it is. It prints how much each grew at its peak, and the ratio of the two.
"""

import asyncio
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from aiokafka import AIOKafkaConsumer, TopicPartition

from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import RecordSource, UnreadableMessage, ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.helpers.processes import running_broker
from tests.helpers.raw_batches import GZIP, LZ4, SNAPPY, ZSTD, RawBatch, RawProducer, RawRecord

MIB = 1024 * 1024
MESSAGES = 300
CODECS = {"gzip": GZIP, "snappy": SNAPPY, "lz4": LZ4, "zstd": ZSTD}


async def main() -> None:
    """Print a line a codec."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_broker(Path(folder)) as kafka:
            await ensure_topics(kafka)
            async with RawProducer(kafka) as producer:
                for partition, (name, codec) in enumerate(CODECS.items()):
                    batch = RawBatch([RawRecord(b" " * MIB)] * MESSAGES, codec)
                    size = len(batch.encode())
                    if size > 2 * MIB:
                        print(f"{name}: {size:,} bytes, more than the broker takes")
                        continue
                    await producer.send(RECORDS.name, partition, batch)
                    ours, plain = (_growth(kafka, how, partition) for how in ("ours", "plain"))
                    print(f"{name}: {size:,} bytes; ours +{ours} MiB, plain +{plain} MiB, ratio {ours / plain:.2f}")


def _growth(kafka: KafkaSettings, how: str, partition: int) -> int:
    command = [sys.executable, "-m", "bench.bombs", how, kafka.bootstrap_servers, str(partition)]
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


async def read_ours(servers: str, partition: int) -> None:
    """Read until the source has named the batch."""
    source = RecordSource(RECORDS.name, f"bombs-{partition}", KafkaSettings(bootstrap_servers=servers))
    await source.start()
    before, found = _peak(), False
    while not found:
        messages = (await source.read(250, 20_000)).get(partition, [])
        found = any(isinstance(message, UnreadableMessage) for message in messages)
    print((_peak() - before) // MIB)
    await source.stop()


async def read_plain(servers: str, partition: int) -> None:
    """Read the batch with an unmodified client."""
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest")
    await consumer.start()
    consumer.assign([TopicPartition(RECORDS.name, partition)])
    before, seen = _peak(), 0
    while seen < MESSAGES:
        seen += sum(map(len, (await consumer.getmany(timeout_ms=250)).values()))
    print((_peak() - before) // MIB)
    await consumer.stop()


def _peak() -> int:
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found is not None
    return 1024 * int(found[1])


if __name__ == "__main__":
    if len(sys.argv) == 1:
        asyncio.run(main())
    else:
        asyncio.run((read_ours if sys.argv[1] == "ours" else read_plain)(sys.argv[2], int(sys.argv[3])))
