"""The settings of a tenant as services exchange them, and what applies where a tenant has set nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

import orjson

from crosslook.contracts.documents import read_document
from crosslook.contracts.problems import Language
from crosslook.contracts.schemas import Contract

SETTINGS_CHANGED: Literal["crosslook.settings.changed.v1"] = "crosslook.settings.changed.v1"
SETTINGS_PREFIX: Final = "~settings/"
"""Settings stand under `~settings/<tenant>` on the schemas topic, apart from the tenant's plan and status: who changes
one need not know the other. Releases before settings skip such keys."""


class WeekStart(StrEnum):
    """The day on which a week begins."""

    MONDAY = "monday"
    SUNDAY = "sunday"
    SATURDAY = "saturday"


class TenantSettings(Contract):
    """The `data` of a settings event: everything that the tenant has set. What is null or missing follows the
    deployment."""

    tenant: str
    timezone: str | None = None
    week_start: WeekStart | None = None
    language: Language | None = None


class SettingsEvent(Contract):
    """A structured CloudEvent about a tenant's settings; the last one of a key is what applies."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: Literal["crosslook.settings.changed.v1"] = SETTINGS_CHANGED
    time: datetime
    datacontenttype: str = "application/json"
    data: TenantSettings

    def encode(self) -> bytes:
        """The value on the topic: without the members that are not set."""
        return orjson.dumps(self.model_dump(mode="json", exclude_none=True))

    @staticmethod
    def decode(value: bytes) -> "SettingsEvent":
        """The event. Raises UnreadableDocument."""
        return read_document(SettingsEvent, value)


@dataclass(frozen=True, slots=True)
class TenantDefaults:
    """What a tenant's reports and messages use where a request names nothing: an IANA zone, the first day of a week, a
    language."""

    timezone: str
    week_start: WeekStart = WeekStart.MONDAY
    language: Language = "en"

    def with_settings(self, settings: TenantSettings) -> "TenantDefaults":
        """These of the deployment, with what the tenant has set in their place."""
        return TenantDefaults(
            settings.timezone or self.timezone,
            settings.week_start or self.week_start,
            settings.language or self.language,
        )
