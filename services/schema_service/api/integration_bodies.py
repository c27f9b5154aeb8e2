"""The bodies of the API of integrations: models that document them, and functions that build them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from crosslook.contracts.problems import Language
from crosslook.integrations.catalog import localized
from crosslook.integrations.interface import IntegrationManifest
from crosslook.platform.responses import ProblemItem
from services.schema_service.api.webhooks import PREFIX
from services.schema_service.domain.connecting import GRACE_HOURS_MOST, SECRET_MAX
from services.schema_service.domain.webhook_health import HealthReport
from services.schema_service.integrations.history import HistoryPage
from services.schema_service.integrations.views import ConnectionState, ConnectionView


class VendorWebhookBody(BaseModel):
    """How the vendor signs what it posts, and what it does with our answers, in words."""

    signed_by: str
    answers: str


class AvailableIntegrationBody(BaseModel):
    """An integration that can be connected. `object`: the slug of the object that it brings; null where its option
    `object` names one of the tenant's. `options`: a JSON Schema (2020-12), described in
    the caller's language."""

    integration: str
    label: str
    object: str | None
    options: dict[str, Any]
    webhook: VendorWebhookBody


class AvailableIntegrationPage(BaseModel):
    """One page of the integrations that can be connected, by kind."""

    items: list[AvailableIntegrationBody]
    next_page_token: str | None


class WarningBody(BaseModel):
    """What is about to go wrong with a connection."""

    code: Literal["integration_near_limit", "integration_silent"]
    message: str


class HealthBody(BaseModel):
    """How well the vendor's messages arrive at all replicas together, since the integration was connected. What another
    replica has counted is included a minute later at most; a replica that is killed loses at most its last minute.

    `refused_24h`: messages that cannot be mapped, and those that were answered 429 or 503. `stale_signatures_24h`:
    right signatures older than the vendor recommends; they are accepted for up to 25 hours."""

    last_event_at: datetime | None
    last_refused_at: datetime | None
    events_24h: int
    refused_24h: int
    bad_signatures_24h: int
    stale_signatures_24h: int
    warning: WarningBody | None


class ConnectionBody(BaseModel):
    """A connected integration; never its secret. `webhook_path`: the address that the vendor posts to, after the host.
    `replaced_until`: until when the secret that was replaced last is still valid; null where none is."""

    model_config = ConfigDict(title="Integration")

    name: str
    kind: str
    label: str
    state: ConnectionState = Field(
        description="`connected`; or why messages wait: `object_missing`, the object was deleted; `secret_unreadable`, "
        "no key of this installation opens the secret; `unknown_kind`, this release has no such integration."
    )
    object: str
    webhook_path: str
    options: dict[str, Any]
    connected_at: datetime
    replaced_until: datetime | None
    health: HealthBody


class ConnectionPage(BaseModel):
    """One page of a tenant's integrations, by name."""

    items: list[ConnectionBody]
    next_page_token: str | None


class ConnectionRequestBody(BaseModel):
    """What connects an integration or changes it. What is left out stays as it is."""

    model_config = ConfigDict(title="IntegrationRequest")

    kind: str | None = Field(None, description="The integration; by default the one that is called like the name.")
    signing_secret: str | None = Field(
        None, max_length=SECRET_MAX, description="The vendor's signing secret, as it shows it; needed to connect."
    )
    options: dict[str, Any] | None = Field(None, description="All options; `GET /v1/integrations` describes them.")
    grace_hours: int | None = Field(
        None,
        ge=0,
        le=GRACE_HOURS_MOST,
        description="How long a replaced secret stays valid, from now on; 24 by default. 0 ends all replaced ones.",
    )


class RefusedItemBody(ProblemItem):
    """One refused item; `index` is its position among the items of the page, `pointer` leads into the page or the
    item."""

    index: int


class HistoryPageBody(BaseModel):
    """What became of the items of a page. `errors`: the first 100 refusals."""

    accepted: int
    refused: int
    errors: list[RefusedItemBody]


def history_body(page: HistoryPage, language: Language) -> HistoryPageBody:
    """What became of a page."""
    errors = [RefusedItemBody(index=item.index, **item.problem.as_json(language)) for item in page.shown]
    return HistoryPageBody(accepted=len(page.messages), refused=page.refused, errors=errors)


def available_body(manifest: IntegrationManifest, language: Language) -> AvailableIntegrationBody:
    """An integration that can be connected."""
    return AvailableIntegrationBody(
        integration=manifest.kind,
        label=manifest.labels[language],
        object=manifest.object,
        options=localized(manifest.options, language),
        webhook=VendorWebhookBody(signed_by=manifest.signed_by[language], answers=manifest.answers[language]),
    )


def connection_body(view: ConnectionView, language: Language) -> ConnectionBody:
    """A connected integration."""
    state = view.state
    return ConnectionBody(
        name=state.name,
        kind=state.kind,
        label=view.manifest.labels[language] if view.manifest is not None else state.kind,
        state=view.condition,
        object=state.object,
        webhook_path=f"{PREFIX}{state.tenant}/{state.name}",
        options=state.options,
        connected_at=state.connected_at,
        replaced_until=view.replaced_until,
        health=_health_body(view.health, language),
    )


def _health_body(report: HealthReport, language: Language) -> HealthBody:
    warning = report.warning
    shown = {"code": warning.code, "message": warning.message(language)} if warning is not None else None
    return HealthBody.model_validate({**report._asdict(), "warning": shown})
