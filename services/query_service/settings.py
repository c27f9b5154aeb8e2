"""What query_service is configured with."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.settings import ClickHouseSettings, ServiceSettings
from crosslook.platform.settings_group import SettingsGroup
from services.query_service.page_settings import PageSettings
from services.query_service.sign_in_settings import SignInSettings


class QuerySettings(SettingsGroup):
    """How much one report may take, and how many may run."""

    max_seconds: Annotated[float, Field(gt=0)] = Field(
        30, description="Longest time one statement of a report may run, in seconds."
    )
    max_memory_bytes: Annotated[int, Field(ge=1_000_000)] = Field(
        2_000_000_000, description="Most memory one statement of a report may take on the engine, in bytes."
    )
    max_result_bytes: Annotated[int, Field(ge=1)] = Field(
        268_435_456,
        description="Most bytes of rows that one statement of a report may return; exported reports may be larger.",
    )
    max_rows: Annotated[int, Field(ge=1)] = Field(50_000, description="Most rows of a report as JSON.")
    max_export_rows: Annotated[int, Field(ge=1)] = Field(1_000_000, description="Most rows of an exported report.")
    max_export_seconds: Annotated[float, Field(gt=0)] = Field(
        300,
        description="Longest time that the statement of an exported report may run, in seconds, including "
        "reading its rows.",
    )
    concurrency: Annotated[int, Field(ge=1)] = Field(16, description="Most reports that run at the same time.")
    queue: Annotated[int, Field(ge=0)] = Field(
        256, description="Most reports that wait to run; further ones are refused as `overloaded`."
    )
    exports: Annotated[int, Field(ge=1)] = Field(4, description="Most exported reports that are read at the same time.")
    stalled_seconds: Annotated[float, Field(gt=0)] = Field(
        30, description="After how long without reading anything a client loses the file it is sent, in seconds."
    )
    export_folder: Path | None = Field(
        None,
        description="Where Excel files are written until they are sent, some 300 MB for a million rows; by default the "
        "system's folder for temporary files.",
    )
    cached_bytes: Annotated[int, Field(ge=0)] = Field(
        134_217_728, description="Most bytes of results that are kept for being asked again."
    )
    cached_plan_bytes: Annotated[int, Field(ge=0)] = Field(
        33_554_432, description="Most bytes of report requests whose statements are kept for being asked again."
    )
    cached_catalog_bytes: Annotated[int, Field(ge=0)] = Field(
        134_217_728, description="Most bytes of catalogs (tenant by snapshot) that are kept for being asked again."
    )
    cached_schema_bytes: Annotated[int, Field(ge=0)] = Field(
        33_554_432, description="Most bytes of read schemas that are kept for being asked again."
    )


class QueryServiceSettings(ServiceSettings):
    """Settings of query_service."""

    http: HttpSettings = HttpSettings(port=8003)
    plans: PlansSettings = PlansSettings()
    clickhouse: ClickHouseSettings = ClickHouseSettings()
    query: QuerySettings = QuerySettings()
    page: PageSettings = PageSettings()
    sign_in: SignInSettings = SignInSettings()


def threads(limits: QuerySettings) -> int:
    """How many threads are enough for everything that may run at once: the statements of each report (rows, totals,
    join), of each export its statement and its writer, and what is asked besides."""
    return 3 * limits.concurrency + 2 * limits.exports + 16
