"""What schema_service is configured with."""

from typing import Annotated

from pydantic import Field

from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.settings import ServiceSettings
from crosslook.platform.settings_group import SettingsGroup


class SchemaLimits(SettingsGroup):
    """How large one object may be."""

    max_fields: Annotated[int, Field(ge=1, le=1000)] = Field(200, description="Most fields of one object.")
    max_relationships: Annotated[int, Field(ge=1, le=100)] = Field(10, description="Most relationships of one object.")
    max_options: Annotated[int, Field(ge=1, le=10_000)] = Field(
        500, description="Most options of one dropdown or multiselect field."
    )


class IntakeSettings(SettingsGroup):
    """How much one call of the event intake takes."""

    max_events: Annotated[int, Field(ge=1, le=10_000)] = Field(1000, description="Most events of one batch.")
    max_bytes: Annotated[int, Field(ge=1024)] = Field(
        5 * 1024 * 1024, description="Largest batch that is accepted, in bytes."
    )
    publish_seconds: Annotated[float, Field(gt=0)] = Field(
        15, description="How long Kafka may take to acknowledge a batch before the call is answered 503, in seconds."
    )


class ImportSettings(SettingsGroup):
    """Imports of files."""

    max_bytes: Annotated[int, Field(ge=1024)] = Field(
        100 * 1024 * 1024, description="Largest file that can be imported, in bytes."
    )
    at_once: Annotated[int, Field(ge=1, le=100)] = Field(
        4, description="Most imports that run at the same time in a process; of one tenant two, and others wait."
    )
    keep: Annotated[int, Field(ge=1, le=10_000)] = Field(
        200, description="How many imports of a tenant are listed and can be undone; older ones are forgotten."
    )


class SchemaSettings(ServiceSettings):
    """Settings of schema_service."""

    http: HttpSettings = HttpSettings(port=8001)
    plans: PlansSettings = PlansSettings()
    schemas: SchemaLimits = SchemaLimits()
    intake: IntakeSettings = IntakeSettings()
    imports: ImportSettings = ImportSettings()
