"""Metrics, declared as data; `docs/reference/metrics.md` is printed from this list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, assert_never

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One number: its Prometheus name, kind, labels and meaning with its unit."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = Histogram.DEFAULT_BUCKETS
    """Upper bounds of a histogram's buckets; by default they suit seconds."""


HTTP_REQUESTS = Metric("crosslook_http_requests", "counter", "Requests answered.", ("method", "route", "status"))
HTTP_SECONDS = Metric("crosslook_http_request_seconds", "histogram", "Seconds from request to answer.", ("route",))
LOG_WRITER = Metric(
    "crosslook_log_writer",
    "gauge",
    "1 while this replica is the elected writer of a log topic, 0 otherwise.",
    ("topic",),
)
FORWARDED_REQUESTS = Metric(
    "crosslook_forwarded_requests",
    "counter",
    "Requests forwarded to the writer, by outcome: answered, no_writer, unconfirmed.",
    ("outcome",),
)
EVENTS_ACCEPTED = Metric("crosslook_events_accepted", "counter", "Events that the broker acknowledged for the intake.")
EVENTS_REFUSED = Metric("crosslook_events_refused", "counter", "Events refused at the intake.", ("code",))
WEBHOOKS_RECEIVED = Metric(
    "crosslook_webhooks",
    "counter",
    "Messages posted to webhooks, by the kind of the integration (empty where none is connected) and outcome: "
    "accepted; stale: accepted, signed longer ago than the vendor recommends; unmappable: also counted as accepted, "
    "and will be quarantined; bad_signature, expired: answered 401; rate_limited: 429; unavailable: 503.",
    ("integration", "outcome"),
)
INGEST_STAGED = Metric("crosslook_ingest_staged", "counter", "Events staged in record_log.")
INGEST_QUARANTINED = Metric("crosslook_ingest_quarantined", "counter", "Events quarantined by ingest.", ("code",))
QUARANTINE_RESOLVED = Metric(
    "crosslook_quarantine_resolved",
    "counter",
    "Events that left the quarantine (replayed, discarded) or changed their reason (recoded).",
    ("action",),
)
INGEST_LAG = Metric("crosslook_ingest_lag", "gauge", "Messages between the staged and the end offset.", ("partition",))
INGEST_SECONDS_BEHIND = Metric(
    "crosslook_ingest_seconds_behind",
    "gauge",
    "Age of the newest staged message while others wait; NaN if this worker has staged none.",
    ("partition",),
)
INGEST_STATE = Metric(
    "crosslook_ingest_state",
    "gauge",
    "1 for the current state of ingest (running, paused, stopped), 0 for the others.",
    ("state",),
)
INGEST_DIVERTED_SENDERS = Metric(
    "crosslook_ingest_diverted_senders",
    "gauge",
    "Diverted senders known to this worker, whose events all go to quarantine.",
)
INGEST_LEFT = Metric(
    "crosslook_ingest_left_on_kafka",
    "counter",
    "Refused events whose payload is on Kafka only, because their tenant's quarantine is full, by code.",
    ("code",),
)
INGEST_CHUNK_EVENTS = Metric(
    "crosslook_ingest_chunk_events", "histogram", "Messages of one chunk.", buckets=(1, 10, 100, 1_000, 10_000, 100_000)
)
INGEST_SECONDS = Metric("crosslook_ingest_chunk_seconds", "histogram", "Seconds from reading to committing one chunk.")
INGEST_RETRIES = Metric(
    "crosslook_ingest_retries",
    "counter",
    "Inserts that failed and were retried, whole (retry) or in halves (row_fault), by class of error.",
    ("error_class",),
)
WEBHOOK_MESSAGES = Metric(
    "crosslook_webhook_messages",
    "counter",
    "Messages of vendors that the worker has finished, by integration and outcome: facts, ignored, refused.",
    ("kind", "outcome"),
)
WEBHOOK_FACTS = Metric("crosslook_webhook_facts", "counter", "Facts that messages of vendors stated.", ("kind",))
WEBHOOK_RECORDS = Metric(
    "crosslook_webhook_records", "counter", "Record events that the worker published from facts.", ("kind",)
)
WEBHOOK_BATCH_SECONDS = Metric(
    "crosslook_webhook_batch_seconds", "histogram", "Seconds until the effects of a batch of messages were durable."
)
WEBHOOK_STEP_SECONDS = Metric(
    "crosslook_webhook_step_seconds",
    "histogram",
    "Seconds of one step of such a batch, with the pauses before what was tried again. Some steps run side by side.",
    ("step",),
)
WEBHOOK_RETRIES = Metric(
    "crosslook_webhook_retries",
    "counter",
    "Effects of messages that were tried again because ClickHouse or Kafka was unavailable.",
)
WEBHOOK_LAG = Metric(
    "crosslook_webhook_lag",
    "gauge",
    "Messages between the committed and the end offset of the webhooks topic.",
    ("partition",),
)
WEBHOOK_SECONDS_BEHIND = Metric(
    "crosslook_webhook_seconds_behind",
    "gauge",
    "Age of the newest finished message while others wait; NaN if this worker has finished none.",
    ("partition",),
)
WEBHOOK_STUCK_SECONDS = Metric(
    "crosslook_webhook_stuck_seconds",
    "gauge",
    "For how long the committed offset has not moved while messages wait; 0 while it moves or none waits.",
    ("partition",),
)
REFRESH_WITHOUT_WEBHOOKS = Metric(
    "crosslook_refresh_without_webhooks",
    "counter",
    "Refreshes that did not wait any longer for messages of vendors; the next refresh has what they state.",
)
REFRESH_RUNS = Metric("crosslook_refresh_runs", "counter", "Refresh runs that ended.", ("outcome", "trigger"))
REFRESH_STEP_SECONDS = Metric("crosslook_refresh_step_seconds", "histogram", "Seconds of one step of a run.", ("step",))
REFRESH_FAILED_OBJECTS = Metric(
    "crosslook_refresh_failed_objects",
    "gauge",
    "Objects that could not be refreshed: the current snapshot shows their previous data, or does not show them.",
)
SNAPSHOT_AS_OF = Metric(
    "crosslook_snapshot_as_of_seconds", "gauge", "As-of of the current snapshot, seconds since 1970."
)
REFRESH_OVERDUE = Metric(
    "crosslook_refresh_overdue_seconds",
    "gauge",
    "For how long a due refresh has not been published; 0 if none is due.",
)
REFRESH_WAITED = Metric(
    "crosslook_refresh_waited_seconds", "gauge", "For how long the current run has waited for staging; 0 if none waits."
)
REFRESH_OBJECTS_FAILED = Metric(
    "crosslook_refresh_objects_failed",
    "counter",
    "Objects that a run could not publish, by the first word of the reason (build, verify, contact, layout_mismatch, "
    "entry_unreadable).",
    ("step",),
)
STORE_FAULTS = Metric(
    "crosslook_store_faults",
    "counter",
    "Statements that ClickHouse refused for a reason that is not temporary: a fault of this software or its "
    "deployment. The log line `store_fault` has the reason.",
)
MANIFEST_MISMATCH = Metric(
    "crosslook_manifest_mismatch",
    "gauge",
    "1 while stored state does not belong together, so that ingest and refreshes stop, by the reasons of the runbook.",
    ("reason",),
)
TABLE_MISMATCH = Metric(
    "crosslook_table_mismatch",
    "gauge",
    "Tables of snapshot_service whose columns differ from those that this release expects. Above 0, the service does "
    "not start.",
)
SCHEMA_EVENTS = Metric("crosslook_schema_events", "counter", "Schema events seen by the refresh worker.", ("type",))
QUERIES = Metric("crosslook_queries", "counter", "Report requests, by outcome (a problem code, or ok).", ("outcome",))
QUERY_SECONDS = Metric("crosslook_query_seconds", "histogram", "Seconds of one report on the engine.")
LOG_UNREADABLE = Metric(
    "crosslook_log_unreadable",
    "gauge",
    "Keys of a log topic whose latest value this release cannot read; above 0, the work that depends on it stops.",
    ("topic",),
)
LOG_FOREIGN = Metric(
    "crosslook_log_foreign",
    "gauge",
    "Messages of a log topic that were skipped since the start because their keys are not valid.",
    ("topic",),
)
TIMEZONE_MISMATCH = Metric(
    "crosslook_timezone_mismatch",
    "gauge",
    "1 if the engine and the refresh schedule use different releases of the tz database, else 0.",
)

METRICS: tuple[Metric, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Metric))


class Meters:
    """The running counters of one process, one per declared metric it touches. Thread-safe as prometheus_client is."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._meters: dict[str, Counter | Gauge | Histogram] = {}

    def add(self, metric: Metric, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        self._counter(metric, labels).inc(amount)

    def set(self, metric: Metric, value: float, **labels: str) -> None:
        """Set a gauge."""
        meter = self._meter(metric)
        if not isinstance(meter, Gauge):
            raise TypeError(f"{metric.name} is not a gauge")
        (meter.labels(**labels) if metric.labels else meter).set(value)

    def track(self, metric: Metric, read: Callable[[], float], **labels: str) -> None:
        """Make a gauge read its value at every scrape."""
        meter = self._meter(metric)
        if not isinstance(meter, Gauge):
            raise TypeError(f"{metric.name} is not a gauge")
        (meter.labels(**labels) if metric.labels else meter).set_function(read)

    def observe(self, metric: Metric, value: float, **labels: str) -> None:
        """Take one sample of a histogram."""
        meter = self._meter(metric)
        if not isinstance(meter, Histogram):
            raise TypeError(f"{metric.name} is not a histogram")
        (meter.labels(**labels) if metric.labels else meter).observe(value)

    def render(self) -> bytes:
        """All of it in the Prometheus text format."""
        return generate_latest(self.registry)

    def _counter(self, metric: Metric, labels: dict[str, str]) -> Counter:
        meter = self._meter(metric)
        if not isinstance(meter, Counter):
            raise TypeError(f"{metric.name} is not a counter")
        return meter.labels(**labels) if metric.labels else meter

    def _meter(self, metric: Metric) -> Counter | Gauge | Histogram:
        meter = self._meters.get(metric.name)
        if meter is None:
            meter = self._meters[metric.name] = self._made(metric)
        return meter

    def _made(self, metric: Metric) -> Counter | Gauge | Histogram:
        name, text, labels = metric.name, metric.help, metric.labels
        match metric.kind:
            case "counter":
                return Counter(name, text, labels, registry=self.registry)
            case "gauge":
                return Gauge(name, text, labels, registry=self.registry)
            case "histogram":
                return Histogram(name, text, labels, registry=self.registry, buckets=metric.buckets)
            case unknown:
                assert_never(unknown)
