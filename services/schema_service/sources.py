"""What the service reads from and writes to, and the steps in which that starts."""

from dataclasses import dataclass

from crosslook.contracts.topics import HEALTH, RECORDS, REPORTS, SCHEMAS, SNAPSHOTS, WEBHOOK_MESSAGE_MAX, WEBHOOKS
from crosslook.platform.background_reader import BackgroundReader
from crosslook.platform.feeds import SchemaFeed, SnapshotFeed
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.kafka import Publisher, check_topics
from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.kafka import KafkaLogView
from crosslook.platform.log_store.slots import KafkaSlottedLog
from crosslook.platform.settings_feed import SettingsFeed
from crosslook.platform.startup import StartStep, reading_of
from services.schema_service.settings import SchemaSettings

CLIENT = "crosslook-schema-service"


@dataclass(frozen=True, slots=True)
class Sources:
    """The logs with their feeds, and the publishers."""

    store: KafkaElectedStore
    published: KafkaLogView
    reports: KafkaLogView
    saved: BackgroundReader
    health: KafkaSlottedLog
    counted: BackgroundReader
    schemas: SchemaFeed
    tenant_settings: SettingsFeed
    connected: IntegrationsFeed
    snapshots: SnapshotFeed
    publisher: Publisher
    webhook_publisher: Publisher

    @staticmethod
    def of(settings: SchemaSettings) -> "Sources":
        """All of them, not started."""
        kafka = settings.kafka
        store = KafkaElectedStore(SCHEMAS.name, kafka, settings.http.address, client_id=CLIENT)
        published = KafkaLogView(SNAPSHOTS.name, kafka, client_id=CLIENT)
        reports = KafkaLogView(REPORTS.name, kafka, client_id=CLIENT)
        health = KafkaSlottedLog(HEALTH.name, kafka, client_id=CLIENT)
        return Sources(
            store,
            published,
            reports,
            BackgroundReader(reports, lambda: check_topics(kafka, [REPORTS])),
            health,
            BackgroundReader(health, lambda: check_topics(kafka, [HEALTH])),
            SchemaFeed(store, tenants_open=settings.tenants.open),
            SettingsFeed(store),
            IntegrationsFeed(store),
            SnapshotFeed(published),
            Publisher(kafka, client_id=CLIENT, delivery_seconds=settings.intake.publish_seconds),
            Publisher(
                kafka,
                client_id=CLIENT,
                delivery_seconds=settings.webhook_intake.publish_seconds,
                largest_message=WEBHOOK_MESSAGE_MAX,
            ),
        )

    @property
    def degraded(self) -> str | None:
        """Why a part of the work waits; None while none does."""
        return self.saved.reason or self.counted.reason

    def steps(self, settings: SchemaSettings) -> tuple[StartStep, ...]:
        """The start, in order."""
        return (
            StartStep("topics", lambda: check_topics(settings.kafka, [SCHEMAS, RECORDS, WEBHOOKS, SNAPSHOTS])),
            reading_of(self.published),
            # Beside the start: only previews need the first, and only the health of integrations the second.
            StartStep(f"reading {self.reports.topic}", self.saved.start, self.saved.stop),
            StartStep(f"reading {self.health.topic}", self.counted.start, self.counted.stop),
            StartStep("publisher", self.publisher.start, self.publisher.stop),
            StartStep("publisher of webhooks", self.webhook_publisher.start, self.webhook_publisher.stop),
            # From then on this replica may be the writer, and must be able to answer as it.
            reading_of(self.store),
        )
