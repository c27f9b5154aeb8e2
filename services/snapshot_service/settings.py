"""What snapshot_service is configured with."""

import socket
from typing import Annotated, ClassVar

from pydantic import Field

from crosslook.platform.settings import (
    ClickHouseSettings,
    HttpSettings,
    ServiceSettings,
    SnapshotsSettings,
)
from crosslook.platform.settings_group import SettingsGroup
from services.snapshot_service.domain.limits import RefusalLimits
from services.snapshot_service.failpoints import FaultSettings

_PATIENCE_SECONDS = 5.0
"""Longer than a healthy insert of a chunk takes: to pause costs what was fetched ahead."""


class IngestSettings(SettingsGroup):
    """How record events are staged."""

    group: str = Field("crosslook-ingest", description="Consumer group whose committed offset means staged.")
    chunk_events: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        20_000, description="Most events read, checked and staged in one go; bounds the worker's memory."
    )
    chunk_bytes: Annotated[int, Field(ge=1024 * 1024)] = Field(
        32 * 1024 * 1024, description="A chunk that holds so many bytes of events is staged, however few they are."
    )
    session_seconds: Annotated[float, Field(ge=1)] = Field(
        30.0,
        description="After how long without a sign of life the group gives a worker's partitions to the others, in "
        "seconds; brokers take 6 to 1800 unless told otherwise.",
    )
    max_poll_seconds: Annotated[float, Field(ge=1)] = Field(
        600.0,
        description="After how long without a read the group takes a worker for stuck, in seconds. Waiting for the "
        "store, for schemas or for a person is no such silence, however long it lasts.",
    )
    poll_ms: Annotated[int, Field(ge=1)] = Field(
        250, description="How long one read waits for events, in milliseconds."
    )
    retry_seconds: Annotated[float, Field(gt=0)] = Field(
        1.0, description="First pause before an insert is tried again, in seconds; doubles up to 30."
    )
    linger_seconds: Annotated[float, Field(ge=0, le=60)] = Field(
        1.0,
        description="Least time between two inserts of a worker that does not have a full chunk, in seconds: at low "
        "traffic events are gathered instead of stored in tiny parts. The first event after a pause is stored at once.",
    )
    refused_in_a_row: Annotated[int, Field(ge=1)] = Field(
        5_000,
        description="After so many refused events in a row of one tenant and source, that sender is diverted: all of "
        "its events go to quarantine as `sender_diverted`, until an operator resumes it or the diversion runs out.",
    )
    refused_ratio: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="From this share of refused events in the window on, a sender is diverted."
    )
    refused_window: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        10_000, description="How many of a sender's last events the share of refused ones is taken of."
    )
    divert_seconds: Annotated[float, Field(gt=0)] = Field(
        3600.0, description="How long a sender stays diverted unless an operator resumes it, in seconds."
    )
    diverted_senders: Annotated[int, Field(ge=1)] = Field(
        20,
        description="From so many diverted senders at the same time on, the fault is probably ours: ingest stops until "
        "an operator resumes it, instead of moving everything to quarantine.",
    )
    controls_seconds: Annotated[float, Field(gt=0)] = Field(
        2.0, description="How often a worker reads which senders are diverted or were resumed, in seconds."
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
    """How much the quarantine keeps, and how events that waited for a schema are replayed by themselves."""

    renamed: ClassVar = {"look_seconds": "check_seconds"}

    max_events: Annotated[int, Field(ge=0)] = Field(
        100_000,
        description="Most refused events of one tenant that the quarantine keeps. What is beyond stays on Kafka only, "
        "is counted, and can be fetched by its offset until the topic forgets it.",
    )
    keep_days: Annotated[int, Field(ge=1, le=400)] = Field(
        30, description="After how many days a refused event leaves the quarantine, payload included."
    )

    check_seconds: Annotated[float, Field(gt=0)] = Field(
        60.0,
        description="How often events that wait for a schema are checked, in seconds; also when a schema changes.",
    )
    batch_events: Annotated[int, Field(ge=1, le=10_000)] = Field(
        500, description="Most events that are replayed by themselves in one go."
    )
    replays_per_second: Annotated[float, Field(gt=0)] = Field(
        1000.0, description="Most events a second that are replayed by themselves."
    )


class WorkerSettings(SettingsGroup):
    """Which worker this is, and how workers hear of each other's runs."""

    name: str = Field(
        default_factory=socket.gethostname,
        description="Name of this worker, unique among those that run at the same time; default: the host's name.",
    )
    heartbeat_seconds: Annotated[float, Field(gt=0)] = Field(
        5.0, description="How often a run under way is said to be alive, in seconds."
    )
    silence_seconds: Annotated[float, Field(gt=0)] = Field(
        60.0, description="After how long without a sign of life another worker takes a run over, in seconds."
    )


class SnapshotSettings(ServiceSettings):
    """Settings of snapshot_service."""

    http: HttpSettings = HttpSettings(port=8002)
    clickhouse: ClickHouseSettings = ClickHouseSettings()
    snapshots: SnapshotsSettings = SnapshotsSettings()
    ingest: IngestSettings = IngestSettings()
    quarantine: QuarantineSettings = QuarantineSettings()
    worker: WorkerSettings = WorkerSettings()
    test: FaultSettings = FaultSettings()
    late_days: Annotated[int, Field(ge=1, le=90)] = Field(
        7, description="The exactness horizon in days: within it lateness, repeats and order of arrival do not matter."
    )
