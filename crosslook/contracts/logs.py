"""What each compacted topic stores, by the topic's name."""

from typing import Final

from crosslook.contracts.documents import Documents, read_document, require_key
from crosslook.contracts.health import SLOT_PREFIX, SlotClaim, StoredHealth, slot_of
from crosslook.contracts.ids import SLUG, TENANT, ObjectKey
from crosslook.contracts.imports import IMPORT_PREFIX, ImportEvent, names_import
from crosslook.contracts.integrations import INTEGRATION_PREFIX, IntegrationEvent
from crosslook.contracts.manifests import (
    EXPIRED_PREFIX,
    PIN_PREFIX,
    RUN_PREFIX,
    SNAPSHOT_PREFIX,
    Expiry,
    Manifest,
    Run,
    decode_expiry,
    decode_manifest,
    decode_run,
)
from crosslook.contracts.reports import CLAIM, Saved, SavedKind, decode_report
from crosslook.contracts.schemas import TENANT_PREFIX, SchemaEvent, TenantEvent
from crosslook.contracts.sign_in import SIGN_IN_PREFIX, UsedSignInCode
from crosslook.contracts.tenant_settings import SETTINGS_PREFIX, SettingsEvent
from crosslook.contracts.topics import HEALTH, REPORTS, SCHEMAS, SNAPSHOTS

_SAVED_KINDS = frozenset({*(str(kind) for kind in SavedKind), CLAIM})
UNCHECKED: Final = Documents(lambda key: True, lambda key, value: value)
"""A log that may store anything under any key."""


def documents_of(topic: str) -> Documents:
    """What a topic stores; `UNCHECKED` for a topic that is not declared in `topics.py`."""
    return _BY_TOPIC.get(topic, UNCHECKED)


def _owns_schema(key: str) -> bool:
    for prefix in (TENANT_PREFIX, SETTINGS_PREFIX):
        if key.startswith(prefix):
            return TENANT.match(key.removeprefix(prefix)) is not None
    if key.startswith(INTEGRATION_PREFIX):
        tenant, _, name = key.removeprefix(INTEGRATION_PREFIX).partition("/")
        return TENANT.match(tenant) is not None and SLUG.match(name) is not None
    if key.startswith(IMPORT_PREFIX):
        return names_import(key)
    return ObjectKey.parse(key) is not None


def _read_schema(key: str, value: bytes) -> SchemaEvent | TenantEvent | SettingsEvent | IntegrationEvent | ImportEvent:
    if key.startswith(TENANT_PREFIX):
        tenant = read_document(TenantEvent, value)
        require_key(f"{TENANT_PREFIX}{tenant.data.tenant}", key)
        return tenant
    if key.startswith(SETTINGS_PREFIX):
        settings = read_document(SettingsEvent, value)
        require_key(f"{SETTINGS_PREFIX}{settings.data.tenant}", key)
        return settings
    if key.startswith(INTEGRATION_PREFIX):
        integration = read_document(IntegrationEvent, value)
        require_key(integration.data.key, key)
        return integration
    if key.startswith(IMPORT_PREFIX):
        imported = read_document(ImportEvent, value)
        require_key(imported.data.key, key)
        return imported
    event = read_document(SchemaEvent, value)
    require_key(str(event.data.key), key)
    return event


def _owns_snapshot(key: str) -> bool:
    return key.startswith((SNAPSHOT_PREFIX, RUN_PREFIX, PIN_PREFIX, EXPIRED_PREFIX))


def _read_snapshot(key: str, value: bytes) -> Manifest | Run | Expiry | None:
    if key.startswith(PIN_PREFIX):
        return None  # that it is there is all it says
    if key.startswith(EXPIRED_PREFIX):
        return decode_expiry(value)
    document = decode_manifest(value) if key.startswith(SNAPSHOT_PREFIX) else decode_run(value)
    require_key(document.key, key)
    return document


def _owns_report(key: str) -> bool:
    if key.startswith(SIGN_IN_PREFIX):
        return True
    tenant, _, rest = key.partition("/")
    kind, slash, _ = rest.partition("/")
    return bool(slash) and kind in _SAVED_KINDS and TENANT.match(tenant) is not None


def _read_report(key: str, value: bytes) -> object:
    report = UsedSignInCode.decode(value) if key.startswith(SIGN_IN_PREFIX) else decode_report(value)
    require_key(report.key, key)
    return report


def _read_health(key: str, value: bytes) -> StoredHealth | SlotClaim:
    document = SlotClaim.decode(value) if key.startswith(SLOT_PREFIX) else StoredHealth.decode(value)
    require_key(document.key, key)
    return document


def _schema_version(document: object) -> int | None:
    return document.data.version if isinstance(document, SchemaEvent) else None


def _report_version(document: object) -> int | None:
    return document.version if isinstance(document, Saved) else None


_BY_TOPIC: Final = {
    SCHEMAS.name: Documents(_owns_schema, _read_schema, _schema_version),
    SNAPSHOTS.name: Documents(_owns_snapshot, _read_snapshot),
    REPORTS.name: Documents(_owns_report, _read_report, _report_version),
    HEALTH.name: Documents(lambda key: slot_of(key) is not None, _read_health),
}
