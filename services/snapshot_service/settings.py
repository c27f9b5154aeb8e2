"""What snapshot_service is configured with."""

from typing import Annotated

from pydantic import Field

from crosslook.platform.settings import ClickHouseSettings, HttpSettings, Part, ServiceSettings, SnapshotsSettings


class IngestSettings(Part):
    """How record events are staged."""

    group: str = Field("crosslook-ingest", description="Consumer group whose committed offset means staged.")
    chunk_events: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        20_000, description="Most events read, checked and staged in one go; bounds the worker's memory."
    )
    poll_ms: Annotated[int, Field(ge=1)] = Field(
        250, description="How long one read waits for events, in milliseconds."
    )
    retry_seconds: Annotated[float, Field(gt=0)] = Field(
        1.0, description="First pause before an insert is tried again, in seconds; doubles up to 30."
    )


class SnapshotSettings(ServiceSettings):
    """Settings of snapshot_service."""

    http: HttpSettings = HttpSettings(port=8002)
    clickhouse: ClickHouseSettings = ClickHouseSettings()
    snapshots: SnapshotsSettings = SnapshotsSettings()
    ingest: IngestSettings = IngestSettings()
    late_days: Annotated[int, Field(ge=1, le=90)] = Field(
        7, description="The exactness horizon in days: within it lateness, repeats and order of arrival do not matter."
    )
