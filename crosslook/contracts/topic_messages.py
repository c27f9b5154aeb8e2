"""What every topic carries, as data: the messages by their type, with key, meaning and JSON Schema.

The AsyncAPI document and the page of events are made from this table. The schemas are those of the models that read
and write the messages, and for record events the bounds that admission checks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel

from crosslook.contracts.event_schemas import record_event_schema
from crosslook.contracts.events import DELETED, PATCHED, UPSERTED
from crosslook.contracts.health import SlotClaim, StoredHealth
from crosslook.contracts.imports import IMPORT_CHANGED, ImportEvent
from crosslook.contracts.integrations import INTEGRATION_CHANGED, IntegrationEvent
from crosslook.contracts.manifests import Expiry, Manifest, Run
from crosslook.contracts.reports import Claim, Dashboard, Look
from crosslook.contracts.schemas import (
    SCHEMA_CHANGED,
    SCHEMA_CREATED,
    SCHEMA_DELETED,
    TENANT_CHANGED,
    SchemaEvent,
    TenantEvent,
)
from crosslook.contracts.sign_in import SIGN_IN_PREFIX, UsedSignInCode
from crosslook.contracts.tenant_settings import SETTINGS_CHANGED, SettingsEvent
from crosslook.contracts.topics import HEALTH, RECORDS, REPORTS, SCHEMAS, SNAPSHOTS, WEBHOOKS, Topic
from crosslook.contracts.value_schemas import JsonSchema

_RECORD_KEY: Final = "<tenant>/<object>/<record>"
_OBJECT_KEY: Final = "<tenant>/<object>"


@dataclass(frozen=True, slots=True)
class TopicMessage:
    """One kind of message. `name`: the value of its member `type`; where it has none, what this table calls it.
    `cloudevent`: whether it is a CloudEvent in structured mode. `model`: the stored document; None for record events
    and where there is no document, whose payload `schema` describes."""

    topic: Topic
    name: str
    key: str
    summary: str
    cloudevent: bool = False
    model: type[BaseModel] | None = None
    schema: Callable[[], JsonSchema] | None = None


def _type_of(model: type[BaseModel]) -> str:
    return str(model.model_fields["type"].default)


def _record(kind: str, summary: str) -> TopicMessage:
    return TopicMessage(
        RECORDS,
        kind,
        _RECORD_KEY,
        f"{summary} On `{RECORDS.name}`, or over HTTP.",
        cloudevent=True,
        schema=lambda: record_event_schema(kind),
    )


def _schema(name: str, summary: str) -> TopicMessage:
    return TopicMessage(SCHEMAS, name, _OBJECT_KEY, summary, cloudevent=True, model=SchemaEvent)


WEBHOOK_MESSAGE: Final = "crosslook.webhook.received"
"""The table's name for a vendor's message; its value is what the vendor sent, so it has no member of ours."""
PINNED: Final = "crosslook.snapshot.pinned"
"""The table's name for the message under `pin/<id>`; it has no member `type`."""

TOPIC_MESSAGES: Final[tuple[TopicMessage, ...]] = (
    _record(UPSERTED, "A whole record: a field that is not named is cleared."),
    _record(PATCHED, "Some fields or relationships of a record; null clears one."),
    _record(DELETED, "A record is gone; the event has no fields."),
    _schema(SCHEMA_CREATED, f"An object was made. On `{SCHEMAS.name}`; the last value of a key is the object's state."),
    _schema(SCHEMA_CHANGED, f"An object's definition was replaced. On `{SCHEMAS.name}`."),
    _schema(SCHEMA_DELETED, f"An object was deleted. On `{SCHEMAS.name}`; it stays in reports until the next refresh."),
    TopicMessage(
        SCHEMAS,
        TENANT_CHANGED,
        "~tenant/<tenant>",
        f"An operator made or changed a tenant. On `{SCHEMAS.name}` under `~tenant/<tenant>`.",
        cloudevent=True,
        model=TenantEvent,
    ),
    TopicMessage(
        SCHEMAS,
        SETTINGS_CHANGED,
        "~settings/<tenant>",
        "A tenant's settings were replaced; a member that is missing follows the deployment. On "
        f"`{SCHEMAS.name}` under `~settings/<tenant>`.",
        cloudevent=True,
        model=SettingsEvent,
    ),
    TopicMessage(
        SCHEMAS,
        INTEGRATION_CHANGED,
        "~integration/<tenant>/<name>",
        f"A tenant connected an integration or changed it; its secrets are encrypted. On `{SCHEMAS.name}` under "
        "`~integration/<tenant>/<name>`; null disconnects it.",
        cloudevent=True,
        model=IntegrationEvent,
    ),
    TopicMessage(
        WEBHOOKS,
        WEBHOOK_MESSAGE,
        "<tenant>/<integration>/<record>",
        f"What a vendor posted, as received, or one item of its export. On `{WEBHOOKS.name}`; the header "
        "`crosslook-origin` says which, and `crosslook-life` which object the connection was made for.",
        schema=lambda: {"description": "The vendor's own format, signed by the vendor."},
    ),
    TopicMessage(
        SCHEMAS,
        IMPORT_CHANGED,
        "~import/<tenant>/<id>",
        f"An import of a file began, ended or was undone. On `{SCHEMAS.name}` under `~import/<tenant>/<id>`; old ones "
        "are removed.",
        cloudevent=True,
        model=ImportEvent,
    ),
    TopicMessage(
        SNAPSHOTS,
        _type_of(Manifest),
        "snapshot/<id>",
        f"The manifest of a snapshot: its publication. On `{SNAPSHOTS.name}`.",
        model=Manifest,
    ),
    TopicMessage(
        SNAPSHOTS,
        _type_of(Run),
        "run/<id>",
        f"Where one attempt at a refresh stands. On `{SNAPSHOTS.name}`.",
        model=Run,
    ),
    TopicMessage(
        SNAPSHOTS,
        _type_of(Expiry),
        "expired/<id>",
        f"When a snapshot stopped being retained. On `{SNAPSHOTS.name}` under `expired/<id>`, until the rows that only "
        "this snapshot names are dropped.",
        model=Expiry,
    ),
    TopicMessage(
        SNAPSHOTS,
        PINNED,
        "pin/<id>",
        f"A snapshot is kept regardless of its age. On `{SNAPSHOTS.name}` under `pin/<id>`, until it is unpinned.",
        schema=lambda: {"type": "object", "description": "Empty: the key says everything."},
    ),
    TopicMessage(
        REPORTS,
        _type_of(Look),
        "<tenant>/look/<id>",
        f"A saved report. On `{REPORTS.name}` under `<tenant>/look/<id>`.",
        model=Look,
    ),
    TopicMessage(
        REPORTS,
        _type_of(Dashboard),
        "<tenant>/dashboard/<id>",
        f"A dashboard. On `{REPORTS.name}` under `<tenant>/dashboard/<id>`.",
        model=Dashboard,
    ),
    TopicMessage(
        REPORTS,
        _type_of(Claim),
        "<tenant>/claim/<id>",
        f"Which id an `Idempotency-Key` stands for. On `{REPORTS.name}`.",
        model=Claim,
    ),
    TopicMessage(
        REPORTS,
        _type_of(UsedSignInCode),
        f"{SIGN_IN_PREFIX}<id>",
        f"A sign-in code of the page that was used. On `{REPORTS.name}`, until some minutes after the code's expiry.",
        model=UsedSignInCode,
    ),
    TopicMessage(
        HEALTH,
        _type_of(StoredHealth),
        "<tenant>/<name>/<slot>",
        f"What one replica has counted of a vendor's messages. On `{HEALTH.name}`; the health of a connection is the "
        "sum over all slots.",
        model=StoredHealth,
    ),
    TopicMessage(
        HEALTH,
        _type_of(SlotClaim),
        "~slot/<slot>",
        f"Which replica writes a slot of `{HEALTH.name}`.",
        model=SlotClaim,
    ),
)
