"""What snapshot_service is configured with."""

import socket
from typing import Annotated, ClassVar

from pydantic import Field

from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.settings import ClickHouseSettings, ServiceSettings, SnapshotsSettings
from crosslook.platform.settings_group import SettingsGroup
from services.snapshot_service.domain.limits import RefusalLimits
from services.snapshot_service.failpoints import FaultSettings

_PATIENCE_SECONDS = 5.0
"""Longer than a healthy insert of a chunk takes: to pause costs what was fetched ahead."""


class IngestSettings(SettingsGroup):
    """How record events are staged."""

    group: str = Field(
        "crosslook-ingest", description="Consumer group of ingest; its committed offsets mark staged events."
    )
    chunk_events: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        20_000,
        description="Most events of one chunk, which is read, checked and staged together; bounds the memory "
        "of the worker.",
    )
    chunk_bytes: Annotated[int, Field(ge=1024 * 1024)] = Field(
        32 * 1024 * 1024,
        description="A chunk with this many bytes of events is staged, however few events it contains.",
    )
    session_seconds: Annotated[float, Field(ge=1)] = Field(
        30.0,
        description="After how long without a heartbeat the group reassigns a worker's partitions, in seconds; "
        "brokers accept 6 to 1800 by default.",
    )
    max_poll_seconds: Annotated[float, Field(ge=1)] = Field(
        600.0,
        description="After how long without a poll the group considers a worker stuck, in seconds. A worker that "
        "waits for ClickHouse, for schemas or for an operator keeps polling.",
    )
    poll_ms: Annotated[int, Field(ge=1)] = Field(
        250, description="How long one poll waits for events, in milliseconds."
    )
    retry_seconds: Annotated[float, Field(gt=0)] = Field(
        1.0, description="First pause before an insert is retried, in seconds; doubles up to 30."
    )
    linger_seconds: Annotated[float, Field(ge=0, le=60)] = Field(
        1.0,
        description="Minimum time between two inserts of a worker without a full chunk, in seconds: at low traffic, "
        "events are collected instead of stored in tiny parts. The first event after a pause is stored at once.",
    )
    refused_in_a_row: Annotated[int, Field(ge=1)] = Field(
        5_000,
        description="After this many refused events in a row from one tenant and source, that sender is diverted: "
        "all its events go to quarantine as `sender_diverted`, until an operator resumes it or the diversion ends.",
    )
    refused_ratio: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="A sender is diverted when its share of refused events in the window reaches this value."
    )
    refused_window: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        10_000, description="Number of a sender's last events over which the share of refused events is computed."
    )
    divert_seconds: Annotated[float, Field(gt=0)] = Field(
        3600.0, description="How long a sender stays diverted unless an operator resumes it, in seconds."
    )
    diverted_senders: Annotated[int, Field(ge=1)] = Field(
        20,
        description="With this many diverted senders at the same time, the cause is probably a schema or a release: "
        "ingest stops until an operator resumes it, instead of moving everything to quarantine.",
    )
    controls_seconds: Annotated[float, Field(gt=0)] = Field(
        2.0, description="How often a worker reads the list of diverted senders, in seconds."
    )

    @property
    def patience_seconds(self) -> float:
        """How long the loop waits for something before it pauses its partitions."""
        return min(_PATIENCE_SECONDS, self.max_poll_seconds / 4)

    @property
    def limits(self) -> RefusalLimits:
        """The limits on refusals."""
        return RefusalLimits(self.refused_in_a_row, self.refused_ratio, self.refused_window, self.diverted_senders)


class QuarantineSettings(SettingsGroup):
    """How much the quarantine keeps, and how events that waited for a schema are replayed automatically."""

    renamed: ClassVar = {"look_seconds": "check_seconds"}

    max_events: Annotated[int, Field(ge=0)] = Field(
        100_000,
        description="Most refused events of one tenant that the quarantine keeps. Further ones stay on Kafka only, "
        "are counted, and can be fetched by their offset until the topic deletes them.",
    )
    keep_days: Annotated[int, Field(ge=1, le=400)] = Field(
        30, description="After how many days a refused event is deleted from the quarantine, payload included."
    )

    check_seconds: Annotated[float, Field(gt=0)] = Field(
        60.0,
        description="How often events that wait for a schema are checked again, in seconds; a changed schema "
        "triggers a check at once.",
    )
    batch_events: Annotated[int, Field(ge=1, le=10_000)] = Field(
        500, description="Most events of one automatic replay."
    )
    replays_per_second: Annotated[float, Field(gt=0)] = Field(
        1000.0, description="Most events a second that are replayed automatically."
    )


class WebhookSettings(SettingsGroup):
    """How messages of connected integrations become record events."""

    batch_messages: Annotated[int, Field(ge=1, le=10_000)] = Field(
        2_000, description="Most messages of one batch, whose facts are stored, read and folded together."
    )
    batch_bytes: Annotated[int, Field(ge=1, le=1024**3)] = Field(
        16 * 1024 * 1024,
        description="A batch ends with the message that makes it so large, in bytes. The worker holds three: two that "
        "it works on, and the next one.",
    )
    linger_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        0.2, description="How long a batch that is not full waits for more messages, in seconds."
    )
    commit_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        0.5,
        description="How often the worker commits what it has finished, in seconds. A refresh waits for these commits.",
    )
    retry_seconds: Annotated[float, Field(gt=0)] = Field(
        1.0, description="First pause before a failed effect is tried again, in seconds; doubles up to 30."
    )
    wait_seconds: Annotated[float, Field(ge=0)] = Field(
        30.0,
        description="How long a refresh waits until the messages that arrived before it are finished, in seconds. "
        "After that it continues without the rest and logs a warning.",
    )


class WorkerSettings(SettingsGroup):
    """The name of this worker, and the heartbeats of its runs."""

    name: str = Field(
        default_factory=socket.gethostname,
        description="Name of this worker, unique among the workers that run at the same time; by default the name of "
        "the host.",
    )
    heartbeat_seconds: Annotated[float, Field(gt=0)] = Field(
        5.0, description="How often a worker sends a heartbeat of its run, in seconds."
    )
    silence_seconds: Annotated[float, Field(gt=0)] = Field(
        60.0, description="After how long without a heartbeat another worker takes over a run, in seconds."
    )


class SnapshotSettings(ServiceSettings):
    """Settings of snapshot_service."""

    http: HttpSettings = HttpSettings(port=8002)
    plans: PlansSettings = PlansSettings()
    clickhouse: ClickHouseSettings = ClickHouseSettings()
    snapshots: SnapshotsSettings = SnapshotsSettings()
    ingest: IngestSettings = IngestSettings()
    quarantine: QuarantineSettings = QuarantineSettings()
    webhooks: WebhookSettings = WebhookSettings()
    worker: WorkerSettings = WorkerSettings()
    test: FaultSettings = FaultSettings()
    late_days: Annotated[int, Field(ge=1, le=90)] = Field(
        7,
        description="The horizon in days: within it, late arrival, repeats and order of arrival do not change the "
        "result.",
    )
