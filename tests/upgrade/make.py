"""Makes the data folder of a release, with the answers that the release gave:

    python -m tests.upgrade.make tests/upgrade/RELEASE CROSSLOOK

CROSSLOOK is the release's own `crosslook` command, of a checkout of it with its own virtual environment. Nothing else
of that checkout is used.
"""

import argparse
import asyncio
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import orjson

from crosslook.contracts.events import STRUCTURED
from crosslook.contracts.ids import record_key
from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import Publisher
from crosslook.platform.settings import KafkaSettings
from tests.helpers.stack import free_base
from tests.upgrade import dataset
from tests.upgrade.answers import Answers, answers, quarantined, refreshed_with_news
from tests.upgrade.release import Release, RunningStack

LEFT_OUT = ("keys", "logs", "stack.lock", "kafka/server.properties", "clickhouse/engine.lock", "clickhouse/spool")
"""Not data: every start makes them. Keys and passwords do not belong into a repository, logs name this machine."""
_HEADERS = (("content-type", STRUCTURED.encode()),)


def main() -> None:
    """Fill a folder, store it, and let the same release continue with the folder."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("crosslook", type=Path)
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        release = Release(given.crosslook.absolute(), Path(scratch) / "data", free_base())
        with release.running(("demo", "--exit", "--events", str(dataset.RECORDS))) as stack:
            recorded = {"before": fill(stack)}
        store(release.data, given.folder / "data.tar.xz")
        with release.running() as stack:
            recorded["after"] = go_on(stack)
    (given.folder / "answers.json").write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")


def fill(stack: RunningStack) -> Answers:
    """Beside the demonstration, the dataset in its steps; answers what the stack answers at the end."""
    for definition in (dataset.SAMPLE, dataset.NOTE):
        stack.define(dataset.TENANT, definition)
    stack.send(dataset.TENANT, dataset.refreshed_first())
    asyncio.run(_put([event for event, _ in dataset.refused()], stack.kafka))
    stack.settle()
    stack.refresh()
    look = stack.queries("POST", f"/v1/tenants/{dataset.TENANT}/looks", dataset.LOOK)
    board = {"name": "Samples", "tiles": [{"look": look["id"]}]}
    stack.queries("POST", f"/v1/tenants/{dataset.TENANT}/dashboards", board)
    stack.send(dataset.TENANT, dataset.refreshed_second())
    stack.settle()
    run = stack.refresh()
    stack.define(dataset.TENANT, dataset.RANKED)
    stack.send(dataset.TENANT, dataset.staged())
    stack.settle()
    found = {**answers(stack), "snapshot": stack.snapshots("GET", f"/v1/snapshots/{run['snapshot']}")}
    found["quarantine"] = quarantined(stack)
    assert sorted(set(found["quarantine"].values())) >= sorted({code for _, code in dataset.refused()})
    return found


def go_on(stack: RunningStack) -> Answers:
    """Refresh with news, and ask again."""
    run = refreshed_with_news(stack)
    return {**answers(stack, later=True), "snapshot": stack.snapshots("GET", f"/v1/snapshots/{run['snapshot']}")}


def store(data: Path, archive: Path) -> None:
    """Pack a folder whose stack is stopped; equal content makes equal names, owners and order."""
    left_out = [f"--exclude=./{name}" for name in LEFT_OUT]
    ordered = ("--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--sparse")
    subprocess.run(["tar", *ordered, *left_out, "-C", data, "-cJf", archive, "."], check=True)


async def _put(events: Sequence[dataset.Event], kafka: str) -> None:
    """Put events straight onto Kafka."""
    publisher = Publisher(KafkaSettings(bootstrap_servers=kafka), client_id="upgrade")
    await publisher.start()
    try:
        messages = [
            (record_key(event["data"]["tenant"], event["data"]["object"], event["data"]["record"]), orjson.dumps(event))
            for event in events
        ]
        await publisher.publish(RECORDS.name, [(key, value, _HEADERS) for key, value in messages])
    finally:
        await publisher.stop()


if __name__ == "__main__":
    main()
