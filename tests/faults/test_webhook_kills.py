"""The Faust worker, killed (SIGKILL) after steps of its work on vendors' messages: nothing is lost, nothing counts
twice, and what comes out in the end is what an undisturbed worker makes."""

import os
import random
import signal
from typing import Any

from crosslook.contracts.positions import covers
from crosslook.contracts.topics import SCHEMAS, WEBHOOKS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.kafka import KafkaUnavailable, OffsetReader, Publisher, ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import KafkaSettings
from tests.helpers.examples import NIGHTLY
from tests.helpers.faults import SEED, Site
from tests.helpers.faults_processes import WorkerProcess, until
from tests.helpers.integrations import install
from tests.helpers.processes import own_topics
from tests.helpers.webhooks import SentMessage, connect, post, sent, tiny

install()
STEPS = ("mapped", "facts", "published", "aliased", "refused", "noted", "acknowledged")
DATABASE = "webhook_kills"


def day(tenant: str) -> list[SentMessage]:
    told = [tiny(tenant, f"e{n}", str(n % 7), "reopened", n + 1, status=str(n), by="88") for n in range(60)]
    told.append(tiny(tenant, "u", "u-88", "user", 1, user="88", email="ada@x.example"))
    return [*told, sent(tenant, "tiny", "1", b"{")]


def started(site: Site, kafka: KafkaSettings, failpoint: str = "") -> WorkerProcess:
    engine = site.engine.settings(DATABASE)
    environment = {
        "KAFKA__BOOTSTRAP_SERVERS": kafka.bootstrap_servers,
        "KAFKA__TOPIC_PREFIX": kafka.topic_prefix,
        "CLICKHOUSE__PORT": str(engine.port),
        "CLICKHOUSE__PASSWORD": engine.read_password(),
        "CLICKHOUSE__DATABASE": DATABASE,
        "AUTH__JWKS_FILE": str(site.tokens.folder.key_set),
        "TENANTS__OPEN": "true",
        "INGEST__LINGER_SECONDS": "0",
        "WEBHOOKS__BATCH_MESSAGES": "10",
        "WORKER__NAME": "one",
        "TEST__FAILPOINT": failpoint,
    }
    return WorkerProcess({f"CROSSLOOK_{name}": value for name, value in environment.items()}, site.folder / "hooks.log")


async def finished(kafka: KafkaSettings) -> bool:
    offsets = OffsetReader(WEBHOOKS.name, "crosslook-worker", kafka)
    try:
        await offsets.start()
        return covers(await offsets.committed(), {p: end for p, end in (await offsets.end_offsets()).items() if end})
    except KafkaUnavailable:
        return False
    finally:
        await offsets.stop()


async def made(store: ClickHouse, tenant: str) -> dict[str, Any]:
    where = "WHERE tenant = {tenant:String}"
    winners = "argMax((event_time, sequence, event_id, fields), (event_time, sequence))"
    statements = {
        "facts": f"SELECT record, key, digest FROM integration_facts FINAL {where} ORDER BY ALL",  # noqa: S608  # a fixed text
        "refused": f"SELECT DISTINCT code, payload FROM quarantine {where}",  # noqa: S608  # a fixed text
        "aliases": f"SELECT reference, targets FROM link_aliases FINAL {where}",  # noqa: S608  # a fixed text
        "records": f"SELECT record, {winners}.2, {winners}.4 FROM record_log {where} GROUP BY record ORDER BY record",  # noqa: S608  # a fixed text
    }
    return {name: list((await store.query(sql, {"tenant": tenant})).rows) for name, sql in statements.items()}


async def test_a_killed_worker_leaves_what_an_undisturbed_one_does(site: Site) -> None:
    seed = int(os.environ.get(SEED) or random.SystemRandom().getrandbits(32))
    print(f"{SEED}={seed}")  # noqa: T201  # repeats the steps of a run that failed
    steps = STEPS if NIGHTLY else random.Random(seed).sample(STEPS, 2)  # noqa: S311  # repeatable by its seed
    kafka = own_topics(site.broker.settings)
    await ensure_topics(kafka)
    schemas, publisher = KafkaLogStore(SCHEMAS.name, kafka), Publisher(kafka)
    await schemas.start()
    await publisher.start()
    store = ClickHouse(site.engine.settings(DATABASE))
    for tenant in ("killed", "calm"):
        await connect(schemas, tenant)
    await post(publisher, day("killed"))
    for number, step in enumerate(steps):
        assert await started(site, kafka, f"{step}:1").ended() == -signal.SIGKILL
        await post(publisher, [tiny("killed", f"again{number}", "1", "reopened", 5000)])
    worker = started(site, kafka)
    again = [tiny("calm", f"again{number}", "1", "reopened", 5000) for number in range(len(steps))]
    await post(publisher, [*day("calm"), *again])
    await until(lambda: finished(kafka), "the end of all messages")

    async def staged() -> bool:
        return len((await made(store, "calm"))["records"]) == len((await made(store, "killed"))["records"]) == 7

    await until(staged, "the records of both tenants")
    killed, calm = await made(store, "killed"), await made(store, "calm")
    worker.kill()
    for running in (publisher, schemas):
        await running.stop()
    await store.close()
    assert killed == calm
    assert len(calm["facts"]) == 61 + len(steps)
