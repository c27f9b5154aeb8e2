"""What schema_service is configured with."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.sealing import SecretSealer, sealer_of
from crosslook.platform.settings import ServiceSettings
from crosslook.platform.settings_group import SettingsGroup
from services.schema_service.domain.definition import Limits


class SchemaLimits(SettingsGroup):
    """How large one object may be."""

    max_fields: Annotated[int, Field(ge=1, le=1000)] = Field(200, description="Most fields of one object.")
    max_relationships: Annotated[int, Field(ge=1, le=100)] = Field(10, description="Most relationships of one object.")
    max_options: Annotated[int, Field(ge=1, le=10_000)] = Field(
        500, description="Most options of one dropdown or multiselect field."
    )

    @property
    def limits(self) -> Limits:
        """As definitions are checked."""
        return Limits(self.max_fields, self.max_relationships, self.max_options)


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


class WebhookIntakeSettings(SettingsGroup):
    """How webhooks of vendors are answered."""

    publish_seconds: Annotated[float, Field(gt=0, le=8)] = Field(
        8,
        description="How long Kafka may take to acknowledge a vendor's message before it is answered 503, in seconds. "
        "Vendors give up after 10 to 15 seconds, and some lose the message then.",
    )
    health_seconds: Annotated[float, Field(gt=0, le=60)] = Field(
        60,
        description="How often each replica stores what it has counted of the messages of integrations, in seconds. "
        "Other replicas show these counts so much later, and a replica that is killed loses so much of them.",
    )


class SecretsSettings(SettingsGroup):
    """The keys that encrypt signing secrets of integrations where they are stored."""

    keys: SecretStr = Field(
        SecretStr(""),
        description="Comma-separated Fernet keys (32 bytes in url-safe base64 each; secret) that encrypt the signing "
        "secrets of integrations: the first encrypts, all decrypt. Without keys no integration can be connected. "
        "See [how to replace a key](../runbook.md#replace-a-key-of-secrets).",
    )
    keys_file: Path | None = Field(None, description="File with these keys, one a line; overrides the keys.")

    @field_validator("keys")
    @classmethod
    def _usable(cls, value: SecretStr) -> SecretStr:
        sealer_of(value.get_secret_value())
        return value

    def sealer(self) -> SecretSealer:
        """What the keys encrypt with. Raises StopService where the file cannot be read or has a wrong key."""
        return sealer_of(self.keys.get_secret_value(), self.keys_file)


class SnapshotServiceSettings(SettingsGroup):
    """How to reach snapshot_service, which knows what is staged."""

    url: Annotated[str, Field(pattern=r"^https?://[^/?#@]+$")] = Field(
        "http://127.0.0.1:8002", description="Address of snapshot_service: scheme, host and port."
    )
    seconds: Annotated[float, Field(gt=0)] = Field(
        30, description="How long snapshot_service may take to answer before a call is answered 503, in seconds."
    )


class SchemaSettings(ServiceSettings):
    """Settings of schema_service."""

    http: HttpSettings = HttpSettings(port=8001)
    plans: PlansSettings = PlansSettings()
    schemas: SchemaLimits = SchemaLimits()
    intake: IntakeSettings = IntakeSettings()
    imports: ImportSettings = ImportSettings()
    webhook_intake: WebhookIntakeSettings = WebhookIntakeSettings()
    secrets: SecretsSettings = SecretsSettings()
    snapshot_service: SnapshotServiceSettings = SnapshotServiceSettings()
