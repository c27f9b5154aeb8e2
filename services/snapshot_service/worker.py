"""The Faust worker: the schedule's ticks, the ingest loop as a service, an agent on schema events (ARCHITECTURE 4).

Measured facts behind the settings are in docs/decisions and ARCHITECTURE 4: agents acknowledge what they failed on, so
no record passes through one; the cron only triggers a check; correctness never rests on a graceful stop.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress

import faust
import mode
from faust.tables import TableManager

from crosslook.contracts.documents import UnreadableDocument
from crosslook.contracts.schemas import SchemaEvent
from crosslook.contracts.topics import SCHEMAS, WEBHOOKS
from crosslook.contracts.values import milliseconds
from crosslook.contracts.zones import zone_of
from crosslook.platform.clock import SystemClock
from crosslook.platform.kafka import KafkaUnavailable, OffsetReader, client_options
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import SCHEMA_EVENTS, Meters
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.domain.webhook_mapping import VendorMessage
from services.snapshot_service.ingest.loop import Ingest
from services.snapshot_service.ingest.status import measure_lag
from services.snapshot_service.integrations.message_batches import MessageBatches, work_on
from services.snapshot_service.integrations.refolding import Refolding
from services.snapshot_service.integrations.webhook_lag import WebhookLag
from services.snapshot_service.integrations.webhook_work import WebhookWork
from services.snapshot_service.quarantine.automatic import AutomaticReplay
from services.snapshot_service.refresh.refresher import Refresher
from services.snapshot_service.settings import SnapshotSettings

_LOG = get_logger(__name__)
WORKER_GROUP = "crosslook-worker"
"""The group of the agents; its commits on the webhooks topic mark messages whose effects are durable."""
_STOP_SECONDS = 8
_LAG_SECONDS = 10.0
_OWNER_SECONDS = 1.0
_FETCHED_AHEAD = 200
_BATCHES_AT_ONCE = 2
"""While one waits for ClickHouse or Kafka another one is mapped or folded."""
_DAY = 24 * 60 * 60.0


class Worker:
    """The running parts of the service. `failure` is the reason if they cannot continue; the process must exit then."""

    def __init__(
        self,
        settings: SnapshotSettings,
        ingest: Ingest,
        refresher: Refresher,
        automatic: AutomaticReplay,
        webhooks: WebhookWork,
        webhook_lag: WebhookLag,
        sweep: Callable[[], Awaitable[None]],
        offsets: OffsetReader,
        consistency: Consistency,
        meters: Meters,
    ) -> None:
        self._app = _faust_app(settings)
        self._ingest = ingest
        self._refresher = refresher
        self._webhooks = webhooks
        _add_ingest(self._app, ingest)
        _add_schedule(self._app, settings, refresher)
        _add_lag(self._app, ingest, offsets, meters)
        _add_consistency(self._app, settings, consistency)
        _add_schema_events(self._app, settings, automatic, webhooks.refolding, meters)
        _add_webhooks(self._app, settings, webhooks)
        _add_webhook_lag(self._app, webhooks, webhook_lag)
        self._app.task(sweep)

    @property
    def failure(self) -> str | None:
        """What crashed, in words for operators."""
        if self._ingest.failure is not None:
            return self._ingest.failure
        if self._webhooks.effects.failure is not None:
            return f"webhooks: {self._webhooks.effects.failure}"
        return "faust_worker_crashed" if self._app.crashed else None

    @property
    def webhooks_wait_for(self) -> str | None:
        """Why messages of vendors wait; None while they do not."""
        return self._webhooks.effects.waits_for

    async def start(self) -> None:
        """Start everything on the running loop."""
        self._app.loop = asyncio.get_running_loop()
        self._app.finalize()
        await self._app.maybe_start()

    async def stop(self) -> None:
        """Stop in order within a deadline; whoever supervises the process has the last word."""
        await self._refresher.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await self._app.stop()


class _NoTables(TableManager):  # type: ignore[misc]  # faust is read without types
    """Spares each start the second in which Faust waits for tables to be declared: we declare none."""

    async def sleep(self, n: float, **options: object) -> None:
        """Do not."""
        await super().sleep(0, **options)


def _faust_app(settings: SnapshotSettings) -> faust.App:
    group = settings.kafka.name_of(WORKER_GROUP)
    options = client_options(settings.kafka, group)
    return faust.App(
        group,
        broker=[f"kafka://{server}" for server in settings.kafka.bootstrap_servers.split(",")],
        broker_credentials=_credentials(options),
        datadir=tempfile.gettempdir(),
        web_enabled=False,
        web_in_thread=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        stream_wait_empty=False,
        agent_supervisor=mode.CrashingSupervisor,
        TableManager=_NoTables,
        # Faust starts ingest only once its own group has answered, and that would wait for a member that was killed.
        consumer_group_instance_id=settings.worker.name,
        # A batch waits for ClickHouse or Kafka as long as it takes: to leave the group would help nobody.
        broker_max_poll_interval=_DAY,
        broker_commit_interval=settings.webhooks.commit_seconds,
        # What is fetched ahead counts against the memory of the worker.
        stream_buffer_maxsize=_FETCHED_AHEAD,
        broker_session_timeout=10.0,
        broker_heartbeat_interval=3.0,
        broker_request_timeout=60.0,
    )


def _credentials(options: dict[str, object]) -> faust.SSLCredentials | faust.SASLCredentials | None:
    context = options.get("ssl_context")
    if "sasl_mechanism" in options:
        return faust.SASLCredentials(
            username=options["sasl_plain_username"],
            password=options["sasl_plain_password"],
            mechanism=options["sasl_mechanism"],
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context is not None else None


def _add_ingest(app: faust.App, ingest: Ingest) -> None:
    class IngestService(mode.Service):  # type: ignore[misc]  # mode ships no types
        """Runs the ingest loop as a service of the worker."""

        async def on_stop(self) -> None:
            """Let the chunk under way be committed; a deadline bounds it."""
            ingest.stop()
            with suppress(TimeoutError):
                async with asyncio.timeout(_STOP_SECONDS):
                    await ingest.finished.wait()

        @mode.Service.task  # type: ignore[untyped-decorator]  # mode ships no types
        async def ingest_events(self) -> None:
            await ingest.run()

    app.service(IngestService)


def _add_schedule(app: faust.App, settings: SnapshotSettings, refresher: Refresher) -> None:
    async def tick() -> None:
        await refresher.reconcile()

    app.crontab(settings.refresh.cron, timezone=zone_of(settings.refresh.timezone))(tick)
    # What a tick missed, or a failed run left, is found here; the first look is at start.
    app.timer(settings.refresh.check_seconds, on_leader=False)(tick)
    app.task(tick)


def _add_lag(app: faust.App, ingest: Ingest, offsets: OffsetReader, meters: Meters) -> None:
    @app.timer(_LAG_SECONDS)  # type: ignore[untyped-decorator]  # faust is read without types
    async def lag() -> None:
        with suppress(KafkaUnavailable):  # readiness and the ingest state show it already
            await measure_lag(ingest.state, offsets, SystemClock().now(), meters)


def _add_consistency(app: faust.App, settings: SnapshotSettings, consistency: Consistency) -> None:
    @app.timer(settings.refresh.check_seconds)  # type: ignore[untyped-decorator]  # faust is read without types
    async def look() -> None:
        await consistency.watch()


def _add_schema_events(
    app: faust.App, settings: SnapshotSettings, automatic: AutomaticReplay, refolding: Refolding, meters: Meters
) -> None:
    app.task(automatic.run)
    app.task(refolding.run)
    topic = app.topic(
        settings.kafka.name_of(SCHEMAS.name), value_type=bytes, value_serializer="raw", key_serializer="raw"
    )

    @app.agent(topic)  # type: ignore[untyped-decorator]  # faust is read without types
    async def schema_events(values: faust.Stream) -> None:
        async for value in values:
            automatic.request()
            refolding.request()
            with suppress(UnreadableDocument):  # a tenant, or what the view of the topic reports
                event = SchemaEvent.decode(value or b"")
                meters.add(SCHEMA_EVENTS, type=event.type)
                _LOG.info("schema_event", type=event.type, key=str(event.data.key), version=event.data.version)


def _add_webhooks(app: faust.App, settings: SnapshotSettings, work: WebhookWork) -> None:
    name = settings.kafka.name_of(WEBHOOKS.name)
    topic = app.topic(name, value_type=bytes, value_serializer="raw", key_serializer="raw")

    @app.agent(topic)  # type: ignore[untyped-decorator]  # faust is read without types
    async def webhook_messages(stream: faust.Stream) -> None:
        """Acknowledges a batch once its effects are durable. What `process` raises acknowledges nothing of its batch,
        and ends the worker. Faust commits behind the last message before which all are acknowledged."""
        chosen = settings.webhooks
        batches = MessageBatches[faust.EventT](
            chosen.batch_messages, chosen.batch_bytes, chosen.linger_seconds, lambda event: len(event.value or b"")
        )

        async def process(events: list[faust.EventT]) -> None:
            await work.process([_vendor_message(event.message) for event in events])
            for event in events:
                await stream.ack(event)
            work.failpoint("acknowledged")

        await work_on(batches.of(stream.noack().events()), process, _BATCHES_AT_ONCE)

    @app.timer(_OWNER_SECONDS)  # type: ignore[untyped-decorator]  # faust is read without types
    async def owner() -> None:
        ours = any(tp.topic == name and tp.partition == 0 for tp in app.consumer.assignment())
        if ours and not work.refolding.ours:
            work.refolding.request()
        work.refolding.ours = ours


def _add_webhook_lag(app: faust.App, work: WebhookWork, lag: WebhookLag) -> None:
    @app.timer(_LAG_SECONDS)  # type: ignore[untyped-decorator]  # faust is read without types
    async def webhook_lag() -> None:
        with suppress(KafkaUnavailable):  # the agents meet it, too, and show it
            await lag.measure(work.newest_ms, milliseconds(SystemClock().now()))


def _vendor_message(message: faust.types.Message) -> VendorMessage:
    headers = message.headers.items() if isinstance(message.headers, dict) else message.headers
    return VendorMessage(
        message.partition,
        message.offset,
        round(message.timestamp * 1000),
        message.key,
        message.value,
        tuple(headers or ()),
    )
